"""Conditions of notifications about any item: earlier messages, opt-outs, bouncing mail. Reads only.

Each condition gets the item of a message and the journal entry that causes the message.
"""

from collections.abc import Callable
from typing import Any

from partners.contacts.models import Contact
from workflow.journal.models import Entry
from workflow.outbox.models import Message

type Condition = Callable[[Any, Entry], bool]
MORE_NEEDED_ANNOTATION = "wants_more"  # annotation of inquiries and checks whose need is not covered


def always_true(_thing: Any, _entry: Entry) -> bool:
    """Return True. The default condition."""
    return True


def may_be_phoned(thing: Any, _entry: Entry) -> bool:
    """Return True unless the contact has asked to be left alone."""
    return not thing.contact.declines_contact


def was_contact_notified(thing: Any, _entry: Entry) -> bool:
    """Return True if the contact was sent an earlier message about the item.

    Other contacts need not learn of a change to something they never received.
    """
    contact = thing.contact
    return contact is not None and was_message_sent_to(contact.user_id, thing._meta.label_lower, thing.pk)


def was_message_sent_to(user_id: int, label: str, pk: int) -> bool:
    """Return True if the user was sent a message about the item with this label and primary key."""
    sent = Message.objects.filter(thing_label=label, thing_id=pk, recipient=user_id)
    return sent.filter(state=Message.State.SENT).exists()


def annotated_or_computed(thing: Any, name: str, ask: Callable[[], bool]) -> bool:
    """Return the annotation `name` if it was read for many items at once, else call `ask`."""
    values: bool | None = getattr(thing, name, None)
    return ask() if values is None else values


def is_mail_bouncing(thing: Any, _entry: Entry) -> bool:
    """Return True if e-mail to the person still bounces."""
    person = thing.user if isinstance(thing, Contact) else thing
    return person.bounced_at is not None


def was_done_by_person(_thing: Any, entry: Entry) -> bool:
    """Return True if a person acted. Actions of the server's console during setup are not announced."""
    return entry.by_id is not None
