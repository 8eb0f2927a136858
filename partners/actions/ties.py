"""What becomes of an agreement: suspended, taken up again, ended, renewed, its end taken back, and reminded of before its last day."""

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from partners.actions.register import growing, set_facts
from partners.dates import UNKNOWN, Known
from partners.models.ties import Twinning
from partners.rules import expiry
from partners.rules.expiry import due_by
from partners.rules.ties import (
    ASK_TO_CONFIRM,
    CONFIRM,
    END,
    REMIND,
    RENEW,
    RESUME,
    SUSPEND,
    TAKE_BACK,
    confirm_sides,
)
from workflow.actors import CLOCK, Actor
from workflow.days import utc_day
from workflow.due import work_off
from workflow.errors import Refused
from workflow.journal.entries import history_of
from workflow.moves import not_ready
from workflow.outbox import ledger


def suspend(twinning: Twinning, *, by: Actor, at: datetime, reason: str, on: Known = UNKNOWN) -> Twinning:
    """Put an agreement aside for now. Nobody is asked through it until it is taken up again. Refuses without a reason."""
    with SUSPEND.on(twinning, by=by, at=at, reason=reason) as row:
        set_facts(row, {"ended": on})
        ledger.cancel(row)
    return twinning


def resume_twinning(
    twinning: Twinning, *, by: Actor, at: datetime, reason: str, expires: Known | None = None
) -> Twinning:
    """Take a suspended agreement up again, until the day it said or until another. Refuses without a reason, and a day that is over."""
    with growing(RESUME, twinning, by=by, at=at, reason=reason) as row:
        _hold_until(row, row.expires if expires is None else expires, at)
        _stand_again(row)
    return twinning


def end_twinning(
    twinning: Twinning, *, why: str, by: Actor, at: datetime, reason: str, on: Known = UNKNOWN
) -> Twinning:
    """End an agreement: it expired, or somebody terminated it. It stays in the register and is never used for routing again.

    Refuses without a reason, and one that has ended already. What rests on it is closed by the tick.
    """
    with END.on(twinning, by=by, at=at, reason=reason) as row:
        set_facts(row, {"ended_why": why, "ended": on})
        ledger.cancel(row)
    return twinning


def take_back_end(twinning: Twinning, *, by: Actor, at: datetime, reason: str) -> Twinning:
    """Undo an end that was entered by mistake: the agreement stands as before, suspended where it was. Refuses without a reason."""
    with transaction.atomic():
        with growing(TAKE_BACK, twinning, by=by, at=at, reason=reason) as row:
            ended, before = row.ended, _before_the_end(row)
            _stand_again(row)
        if before.get("status") == Twinning.Status.SUSPENDED:
            day = before["ended_on"] if "ended_on" in before else ended.on and ended.on.isoformat()
            precision = before.get("ended_precision", ended.precision)
            since = Known(date.fromisoformat(day), precision) if day else UNKNOWN
            suspend(twinning, by=by, at=at, reason=reason, on=since)
    return twinning


def _before_the_end(row: Twinning) -> dict[str, Any]:
    """What of the agreement was different before it was ended last, as its history keeps it."""
    entries = history_of(row).filter(verb=END.verb)
    return entries.values_list("before", flat=True).first() or {}


def renew(
    twinning: Twinning, *, by: Actor, at: datetime, reason: str, expires: Known = UNKNOWN, **facts: Any
) -> Twinning:
    """Record that an agreement holds again or longer: until a day, or without one. Whoever keeps it is reminded of the new day.

    Refuses without a reason, a day that is over, and a suspended one: that is taken up again.
    """
    with growing(RENEW, twinning, by=by, at=at, reason=reason) as row:
        _hold_until(row, expires, at)
        _stand_again(row)
        set_facts(row, {"certain": True, **facts})
    return twinning


def _stand_again(row: Twinning) -> None:
    """Nothing says any more that it is over; what was taken back when it was is told anew, where it is due."""
    if row.status != Twinning.Status.RECORDED:
        row.reminded = 0
    set_facts(row, {"ended_why": "", "ended": UNKNOWN})


def _hold_until(row: Twinning, expires: Known, at: datetime) -> None:
    """Let it hold until a day. A file may say again what stands there, also where that is over."""
    if expires != row.expires and expires.last is not None and expires.last < utc_day(at):
        words = _("This day is over. Give one that is still to come, or leave it empty.")
        raise Refused("already_over", words, field="expires")
    set_facts(row, {"expires": expires})


def confirm_tie(twinning: Twinning, *, by: Actor, at: datetime) -> Twinning:
    """Confirm an agreement as it is, for each side whose register one keeps. With both sides it gives rights over contacts."""
    with CONFIRM.on(twinning, by=by, at=at) as row:
        confirm_sides(row, by)
    return twinning


def ask_to_confirm(twinning: Twinning, *, by: Actor, at: datetime) -> Twinning:
    """Ask the city that has not confirmed an agreement to do so."""
    with ASK_TO_CONFIRM.on(twinning, by=by, at=at):
        pass
    return twinning


def remind_of_end(twinning: Twinning, *, by: Actor, at: datetime) -> Twinning:
    """Remind whoever keeps an agreement that it runs out: once six months and once one month before its last day.

    Of two that are due at once, one goes. Refuses where none is due.
    """
    with REMIND.on(twinning, by=by, at=at) as row:
        due = due_by(row.expires, at)
        if due <= row.reminded:
            raise not_ready(_("No reminder of its end is due."))
        row.reminded = due
    return twinning


def remind_of_ends(at: datetime) -> int:
    """Send the reminders that are due. Returns how many.

    Which are due follows from the agreements as they stand now, however they came here: nothing is planned that could be out of date.
    """
    near = Twinning.objects.near_their_end(utc_day(at) - expiry.COARSEST, utc_day(at) + expiry.LONGEST)
    stages: dict[int, list[int]] = {}
    for tie in near.only("expires_on", "expires_precision", "reminded"):
        due = due_by(tie.expires, at)
        if due > tie.reminded:
            stages.setdefault(due, []).append(tie.pk)
    return sum(
        work_off(
            Twinning.objects.standing().filter(pk__in=ids, reminded__lt=due).order_by("pk"),
            lambda tie: remind_of_end(tie, by=CLOCK, at=at),
        )
        for due, ids in sorted(stages.items())
    )
