"""When an answer is due, when somebody is reminded, and how long one person is waited for. Pure."""

from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _

from procurement.outreach.models import Inquiry
from workflow.errors import Refused

MOST_CHASES = 3
ANSWER_DAYS = 4
LAPSE_AFTER = timedelta(days=10)  # after the day an answer was hoped for
# So long after anybody was told of it no question is given up. Five days hold a working day for the phone call, at Easter as well.
LAST_WORD = timedelta(days=5)
# No answer is asked for sooner, and so long waits the next reminder after a late one. Cities and contacts lie half a day apart: at
# whatever hour something is asked, 24 hours hold one working day of the person asked, wherever they are.
A_WORKING_DAY = timedelta(hours=24)
NEXT_AFTER = A_WORKING_DAY  # after the day an answer was hoped for: whoever meant to answer that day is not passed over
LONGEST_WAIT = timedelta(days=90)  # later than that nobody waits for an answer about goods needed now


def gives_way_at(due_at: datetime) -> datetime:
    """From when on an unanswered question may be put to somebody else: a working day after an answer was hoped for, in UTC."""
    return due_at + NEXT_AFTER


def due_holds(due_at: datetime, at: datetime) -> Refused | None:
    """Whoever is asked at `at` has a working day to answer at least, and is waited for 90 days at most."""
    if due_at < at + A_WORKING_DAY:
        words = _("Whoever is asked needs a working day: let the answer be due 24 hours from now or later.")
        return Refused("due_too_soon", words, field="due_at")
    if due_at > at + LONGEST_WAIT:
        return Refused("due_too_late", _("Let the answer be due within the next 90 days."), field="due_at")
    return None


def call_holds(sent_at: datetime | None, said_at: datetime, at: datetime) -> Refused | None:
    """A call is noted after it was made, and answers a question that had been put."""
    if said_at > at:
        return Refused("call_to_come", _("A call is noted once it was made."), field="said_at")
    if sent_at is not None and said_at < sent_at:
        words = _("The call was before the question was sent.")
        return Refused("call_before_question", words, field="said_at")
    return None


def next_chase(asked_at: datetime, due_at: datetime, chases: int, at: datetime) -> datetime | None:
    """When to remind next, in UTC: at half time, when due, and two days after; None after three, when somebody should phone.

    After a late tick, or a leap of a practice clock, the next one waits a working day: one reminder goes, and not three.
    """
    if chases >= MOST_CHASES:
        return None
    half = (due_at - asked_at) / 2
    planned = (asked_at + half, due_at, due_at + timedelta(days=2))[chases]
    return planned if planned - at > min(half, A_WORKING_DAY) / 2 else at + A_WORKING_DAY


def phone_due(inquiry: Inquiry) -> bool:
    """Whether every reminder went out without an answer: then a person should phone, unless they want to be left alone."""
    waits = inquiry.status == Inquiry.Status.SENT and inquiry.paused_at is None
    return waits and inquiry.chases >= MOST_CHASES and not inquiry.contact.left_alone
