"""Delivery events from the mail provider: a mail was delivered, or it bounced.

Each report is recorded once.
"""

import uuid
from collections.abc import Mapping
from datetime import datetime

from workflow.outbox.models import Message

METADATA_KEY = "message"  # the metadata key under which a mail carries its id through the provider
MAX_REASON_LENGTH = 300  # characters of a server's answer


def event_message_id(metadata: Mapping[str, object], message_id: str) -> uuid.UUID | None:
    """Return the primary key of the message that a provider's event is about, or None.

    It is the key that we gave to the provider with the mail or, without one, the beginning of the Message-ID.
    """
    values = str(metadata.get(METADATA_KEY) or message_id.strip("<> ").partition("@")[0])
    try:
        return uuid.UUID(values)
    except ValueError:
        return None


def mark_delivered(number: uuid.UUID, at: datetime) -> bool:
    """Record that the reader's server took the mail; return True if this was recorded now.

    False if it is already known, if the mail came back, or if we sent no such mail.
    """
    sent = Message.objects.filter(pk=number, state=Message.State.SENT, delivered_at=None, bounced_at=None)
    return sent.update(delivered_at=at) == 1


def mark_bounced(number: uuid.UUID, why: str, at: datetime) -> Message | None:
    """Record that a mail bounced, with the reason, and return its message.

    Returns None if this is already known, or if we sent no such mail. A mail may come back after `mark_delivered`.
    """
    sent = Message.objects.filter(pk=number, state=Message.State.SENT, bounced_at=None)
    if sent.update(bounced_at=at, result=why[:MAX_REASON_LENGTH]) != 1:
        return None
    return Message.objects.select_related("recipient", "entry").get(pk=number)
