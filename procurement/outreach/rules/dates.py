"""Due dates of answers, times of reminders, and how long an answer is awaited."""

from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _

from procurement.outreach.models.inquiries import Inquiry
from workflow.errors import Refused

MAX_REMINDERS = 3
DAYS_TO_ANSWER = 4
EXPIRES_AFTER_DUE = timedelta(days=10)  # after the due date
# An inquiry is not closed this soon after a notice about it. Five days include a working day to phone, even at Easter.
GRACE_AFTER_LAST_REMINDER = timedelta(days=5)
# The shortest time to answer, and the wait after a late reminder. Cities and contacts may be half a day apart: from
# any hour on, 24 hours include one working day of the person asked, in any time zone.
ONE_WORKING_DAY = timedelta(hours=24)
ALTERNATES_ALLOWED_AFTER = (
    ONE_WORKING_DAY  # after the due date, so that an answer on that day is not too late
)
MAX_ANSWER_WAIT = timedelta(days=90)  # an answer later than this is of no use for goods needed now


def alternates_allowed_at(due_at: datetime) -> datetime:
    """Return the UTC time from which another person may be asked: 24 hours after the answer was due."""
    return due_at + ALTERNATES_ALLOWED_AFTER


def invalid_due_time_refusal(due_at: datetime, at: datetime) -> Refused | None:
    """Return a refusal for a due date less than 24 hours or more than 90 days after `at`, else None."""
    if due_at < at + ONE_WORKING_DAY:
        words = _("Allow at least 24 hours for a reply.")
        return Refused("due_too_soon", words, field="due_at")
    if due_at > at + MAX_ANSWER_WAIT:
        return Refused("due_too_late", _("Choose a due date within the next 90 days."), field="due_at")
    return None


def invalid_call_time_refusal(sent_at: datetime | None, stated_at: datetime, at: datetime) -> Refused | None:
    """Return a refusal for a call in the future, or from before the inquiry was sent, else None."""
    if stated_at > at:
        return Refused(
            "call_to_come", _("You can record a call only after it has been made."), field="stated_at"
        )
    if sent_at is not None and stated_at < sent_at:
        words = _("The call was made before the inquiry was sent. Check the time.")
        return Refused("call_before_question", words, field="stated_at")
    return None


def next_reminder_at(
    asked_at: datetime, due_at: datetime, reminder_count: int, at: datetime
) -> datetime | None:
    """Return the UTC time of the next reminder, or None after three: a person should then phone.

    Reminders are due halfway to the due date, on it, and two days later. If the periodic job was late, or the
    clock of a practice site was moved ahead, the next one waits 24 hours, so that not all three are sent at
    once.
    """
    if reminder_count >= MAX_REMINDERS:
        return None
    half = (due_at - asked_at) / 2
    planned = (asked_at + half, due_at, due_at + timedelta(days=2))[reminder_count]
    return planned if planned - at > min(half, ONE_WORKING_DAY) / 2 else at + ONE_WORKING_DAY


def needs_phone_call(inquiry: Inquiry) -> bool:
    """Return True if all reminders were sent without an answer and the contact accepts calls.

    A person should then phone.
    """
    waits = inquiry.status == Inquiry.Status.SENT and inquiry.paused_at is None
    return waits and inquiry.reminder_count >= MAX_REMINDERS and not inquiry.contact.declines_contact
