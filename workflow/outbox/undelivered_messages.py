"""Action that records in the history of an object that a message about it did not arrive."""

from datetime import datetime
from typing import Any

from django.db.models import Model

from workflow.actors import SYSTEM
from workflow.journal import entries
from workflow.outbox.models import Message

UNDELIVERED_VERB = "undelivered"


def report_undelivered(message: Message, thing: Model, *, at: datetime) -> None:
    """Record in the history of an object that a message about it did not arrive.

    The entry notifies the people who must reach its recipient in another way.
    """
    facts: dict[str, Any] = {"message": str(message.pk), "state": message.state, "to": str(message.recipient)}
    entries.record(thing, UNDELIVERED_VERB, by=SYSTEM, at=at, reason=message.result, **facts)
