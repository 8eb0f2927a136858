"""What a mail provider tells of a mail after it took it: it arrived, or it came back. Each is written down once."""

import uuid
from collections.abc import Mapping
from datetime import datetime

from workflow.models.post import Message

KEY = "message"  # under which a mail carries its own number through the provider
LONGEST = 300  # characters of what a server said


def number_in(metadata: Mapping[str, object], message_id: str) -> uuid.UUID | None:
    """Whose mail an event is about: by the number we gave it on its way, or by its Message-ID, which begins with it; else None."""
    told = str(metadata.get(KEY) or message_id.strip("<> ").partition("@")[0])
    try:
        return uuid.UUID(told)
    except ValueError:
        return None


def arrived(number: uuid.UUID, at: datetime) -> bool:
    """Note that the reader's server took it; False where that is known, where it came back, and where we sent no such mail."""
    sent = Message.objects.filter(pk=number, state=Message.State.SENT, delivered_at=None, bounced_at=None)
    return sent.update(delivered_at=at) == 1


def came_back(number: uuid.UUID, why: str, at: datetime) -> Message | None:
    """Note that it came back, and why; None where that is known, and where we sent no such mail. It may come after `arrived`."""
    sent = Message.objects.filter(pk=number, state=Message.State.SENT, bounced_at=None)
    if sent.update(bounced_at=at, result=why[:LONGEST]) != 1:
        return None
    return Message.objects.select_related("recipient", "entry").get(pk=number)
