"""What the tick does with questions: reminds, lets somebody else be asked, lets go, and follows the needs."""

from datetime import datetime

from django.db.models import QuerySet
from django.utils.translation import gettext_noop

from partners.candidates import ended_ties
from partners.rules.hours import back_at_work
from procurement.outreach.actions.waiting import (
    cancel,
    give_up,
    give_way,
    go_on,
    lapse,
    pause,
    remind,
    restate,
)
from procurement.outreach.models import Inquiry
from procurement.outreach.rules import days
from workflow.actors import CLOCK
from workflow.due import work_off


def close_moot(at: datetime) -> int:
    """Cancel questions about needs that have ended, through agreements that have ended, or to contacts the city has stopped asking.
    Pause those of stopped needs, resume those that go on, and announce changes. Return how many were dealt with.
    """
    former, asked = ended_ties(at), Inquiry.objects
    moot = (
        (asked.moot(), gettext_noop("The need has ended.")),
        (asked.through_ended(former), gettext_noop("The agreement between the cities has ended.")),
        (
            asked.stopped_by_city(),
            gettext_noop("The city that asked has stopped its questions to this contact."),
        ),
        (asked.consents_about_left_alone(), gettext_noop("The contact asked not to be written to any more.")),
    )
    done = sum(_call_off(questions, reason, at) for questions, reason in moot)
    done += work_off(
        asked.to_restate(former).order_by("pk"), lambda inquiry: restate(inquiry, by=CLOCK, at=at)
    )
    done += work_off(asked.to_pause().order_by("pk"), lambda inquiry: pause(inquiry, by=CLOCK, at=at))
    return done + work_off(asked.to_take_up().order_by("pk"), lambda inquiry: go_on(inquiry, by=CLOCK, at=at))


def _call_off(moot: QuerySet[Inquiry], reason: str, at: datetime) -> int:
    return work_off(moot.order_by("pk"), lambda inquiry: cancel(inquiry, reason=reason, by=CLOCK, at=at))


def chase(at: datetime) -> int:
    """Send the reminders that are due, oldest first, each in its reader's hours. Returns how many were dealt with."""
    asked = Inquiry.objects
    return sum(
        work_off(due.order_by("chase_at", "pk"), lambda inquiry: _remind_or_wait(inquiry, at))
        for due in (asked.due_for_chasing(at), asked.consents_to_chase(at))
    )


def give_way_old(at: datetime) -> int:
    """Say of each question that was silent long enough that somebody else may be asked. Returns how many."""
    asked, long_ago = Inquiry.objects, at - days.NEXT_AFTER
    return sum(
        work_off(silent.order_by("pk"), lambda inquiry: give_way(inquiry, by=CLOCK, at=at))
        for silent in (
            asked.to_give_way(due_before=long_ago),
            asked.consents_to_give_way(due_before=long_ago),
        )
    )


def lapse_old(at: datetime) -> int:
    """Let go of questions without an answer long after their day, once every reminder went out and there was time to phone; those
    to a partner city as well. Returns how many.
    """
    asked, long_ago, silent_since = Inquiry.objects, at - days.LAPSE_AFTER, at - days.LAST_WORD
    old = asked.given_up(long_ago, silent_since).order_by("pk")
    kept_back = asked.consents_given_up(long_ago, silent_since).order_by("pk")
    done = work_off(old, lambda inquiry: lapse(inquiry, by=CLOCK, at=at))
    return done + work_off(kept_back, lambda inquiry: give_up(inquiry, by=CLOCK, at=at))


def _remind_or_wait(row: Inquiry, at: datetime) -> None:
    """Remind now, or as soon as they are at work again: the tick may be late, and hours and absences change."""
    person = row.waits_for
    there = at if person is None else back_at_work(person, at)
    if there > at:
        Inquiry.objects.filter(pk=row.pk).update(chase_at=there)
    else:
        remind(row, by=CLOCK, at=at)
