"""Reminding whoever was asked for papers: at half time, on the day, two days later; then a person should phone."""

from datetime import datetime, timedelta

from partners.rules.hours import decent_hour
from procurement.outreach.rules import days
from procurement.outreach.rules.days import next_chase
from procurement.shipments.models.handing import PaperCall
from procurement.shipments.rules import handing
from workflow.actors import CLOCK, Actor
from workflow.due import work_off


def remind_call(call: PaperCall, *, by: Actor, at: datetime) -> PaperCall:
    """Send a reminder with a fresh link, and plan the next. Refuses a fourth: then somebody should phone."""
    with handing.REMIND.on(call, by=by, at=at, chase=call.chases + 1) as row:
        row.chases += 1
        row.chase_at = next_reminder(row, at)
    return call


def chase_calls(at: datetime) -> int:
    """Send the reminders that are due, oldest first, each in its reader's hours; none for goods whose way has ended. Returns how many
    were dealt with.
    """
    due = (
        PaperCall.objects.due_for_chasing(at)
        .exclude(shipment__status__in=handing.OVER)
        .order_by("chase_at", "pk")
    )
    return work_off(due, lambda call: _remind_or_wait(call, at))


def next_reminder(call: PaperCall, at: datetime, *, anew: bool = False) -> datetime | None:
    """When to remind next, in UTC, at an hour when they work; None after three.

    By the day hoped for. Where none was said, and where a paper is needed again (`anew`), by as many days as any answer has.
    """
    asked_at = at if anew else call.created_at or at
    due_at = None if anew else call.due_at
    planned = next_chase(asked_at, due_at or asked_at + timedelta(days=days.ANSWER_DAYS), call.chases, at)
    return None if planned is None else decent_hour(call.person, planned)


def _remind_or_wait(call: PaperCall, at: datetime) -> None:
    """Remind now, or as soon as they are at work again. Where all they can bring waits for the city, nobody is reminded meanwhile."""
    there = decent_hour(call.person, at)
    if not call.waited_for.exists():
        there = at + days.A_WORKING_DAY
    if there > at:
        PaperCall.objects.filter(pk=call.pk).update(chase_at=there)
    else:
        remind_call(call, by=CLOCK, at=at)
