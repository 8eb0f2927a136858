"""State of an inquiry that waits for a reply: when its next reminder is due, and the end of waiting."""

from datetime import datetime

from partners.contacts.actions import end_question
from partners.contacts.working_hours import next_working_time
from procurement.outreach.models import Inquiry
from procurement.outreach.rules.dates import next_reminder_at
from workflow.outbox import queue


def end_waiting(row: Inquiry, at: datetime, *, answered: bool = True) -> None:
    """Stop the reminders, cancel planned mail, and reduce the contact's number of open inquiries."""
    row.chase_at = None
    row.paused_at = None
    queue.cancel(row)
    if row.status == Inquiry.Status.SENT:
        waited = (at - row.sent_at).total_seconds() / 3600 if answered and row.sent_at else None
        end_question(row.contact, waited, at=at)


def next_reminder_time(row: Inquiry, at: datetime, since: datetime | None = None) -> datetime | None:
    """Return the time of the next reminder, within the working hours of its reader; None after the last.

    It depends on the time of sending (or `since`) and on the due date.
    """
    asked_at = row.sent_at or row.partner_asked_at
    assert asked_at is not None and row.due_at is not None  # set when a contact or the partner city is asked
    planned, person = next_reminder_at(since or asked_at, row.due_at, row.chases, at), row.waits_for
    return planned if planned is None or person is None else next_working_time(person, planned)
