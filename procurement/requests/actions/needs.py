"""What a city does with a need: write, post, change, share, stop, close. The only writer of a need's own facts."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from partners.models.cities import City
from procurement.requests import rules
from procurement.requests.actions.bounds import hold, still_complete
from procurement.requests.actions.lines import LineFacts, fresh_line, told_of, write_line
from procurement.requests.models import SupplyRequest
from procurement.requests.rules import another_day, asked_again_on, needed_day, says_the_same
from workflow.actors import CLOCK, Actor
from workflow.due import work_off
from workflow.errors import Refused


def draft(
    city: City,
    *,
    title: str,
    author: User,
    by: Actor,
    at: datetime,
    lines: Sequence[LineFacts] = (),
    **facts: Any,
) -> SupplyRequest:
    """Begin a need, with its lines or before them. It stays with its city until it is posted.

    Refuses who may not speak for the city's procurement, and days that have passed where the city is.
    """
    supply_request = SupplyRequest(city=city, title=title, author=author, **facts)
    with transaction.atomic():
        told: dict[str, Any] = (
            {"lines": [told_of(*each) for each in enumerate(lines, start=1)]} if lines else {}
        )
        rules.DRAFT.start(supply_request, by=by, at=at, **told)
        _check_days(facts, city.day_at(at))
        for number, line in enumerate(lines):
            fresh = fresh_line(supply_request, number + 1)
            write_line(supply_request, fresh, line, at, within=f"lines.{number}.")
    return supply_request


def edit(
    supply_request: SupplyRequest, *, by: Actor, at: datetime, reason: str = "", **facts: Any
) -> SupplyRequest:
    """Change a need's own facts (title, dates, place, use ...), in draft or open.

    Refuses to take away what a posted need must say, and to change a date to one that has passed where the city is.
    """
    with rules.EDIT.on(supply_request, by=by, at=at, reason=reason) as need:
        other = {name: value for name, value in facts.items() if not says_the_same(need, name, value)}
        _check_days(other, need.city.day_at(at))
        other_use = bool(other.keys() & {"declared_use", "facility_kinds"})
        _set(need, other)
        if "reconfirm_by" in other:
            _ask_by(need, need.reconfirm_by)
        still_complete(need)
        if other_use:
            need.lines.update(changed_at=at)
    return supply_request


def post(supply_request: SupplyRequest, *, by: Actor, at: datetime) -> SupplyRequest:
    """Post the need: partners may now be asked.

    Refuses one that lacks lines, a date, a place, or how goods may come, and one needed by a day that has passed.
    """
    with rules.POST.on(supply_request, by=by, at=at) as need:
        need.posted_at = at
        need.reconfirm_by = need.reconfirm_by or need.city.day_at(at) + rules.RECONFIRM_AFTER
    return supply_request


def reconfirm(supply_request: SupplyRequest, *, until: date, by: Actor, at: datetime) -> SupplyRequest:
    """Say that the goods are still needed, and by when to ask again. Refuses a day that has passed, or that was asked about."""
    with rules.RECONFIRM.on(supply_request, by=by, at=at) as need:
        hold(asked_again_on(until, need.city.day_at(at), "until"))
        hold(another_day(need, until))
        _ask_by(need, until)
    return supply_request


def ask_again(supply_request: SupplyRequest, *, by: Actor, at: datetime) -> SupplyRequest:
    """Ask the city whether the goods are still needed, two days before the day by which it wants to reconfirm them."""
    with rules.ASK_AGAIN.on(supply_request, by=by, at=at) as need:
        need.reconfirm_asked_for = need.reconfirm_by
    return supply_request


def ask_again_due(at: datetime) -> int:
    """Ask the cities whose needs are to be reconfirmed within two days. Returns how many needs were asked about."""
    due = SupplyRequest.objects.to_ask_again(at + rules.ASK_AHEAD).order_by("pk")
    return work_off(due, lambda need: ask_again(need, by=CLOCK, at=at))


def share(supply_request: SupplyRequest, *, city: City, by: Actor, at: datetime) -> SupplyRequest:
    """Let another city see this need, whatever its visibility. Refuses the need's own city."""
    with rules.SHARE.on(supply_request, by=by, at=at, shared_with=city.slug) as need:
        if city.pk == need.city_id:
            raise Refused("own_city", _("The need is that city's own."), field="city")
        need.shared_with.add(city)
    return supply_request


def stop(supply_request: SupplyRequest, *, reason: str, by: Actor, at: datetime) -> SupplyRequest:
    """Take no new offers for a while. Everyone with an open lead is told that it stays; the tick pauses the open questions."""
    with rules.STOP.on(supply_request, by=by, at=at, reason=reason) as need:
        need.stopped = True
    return supply_request


def resume(supply_request: SupplyRequest, *, by: Actor, at: datetime) -> SupplyRequest:
    """Take offers again. The tick takes up the paused questions."""
    with rules.RESUME.on(supply_request, by=by, at=at) as need:
        need.stopped = False
    return supply_request


def fulfil(supply_request: SupplyRequest, *, by: Actor, at: datetime) -> SupplyRequest:
    """Close the need: everything is on the wards. Refuses while a line is not released in full."""
    with rules.FULFIL.on(supply_request, by=by, at=at):
        pass
    return supply_request


def reopen(supply_request: SupplyRequest, *, reason: str, by: Actor, at: datetime) -> SupplyRequest:
    """Open a fulfilled need again, because goods were called back. Refuses while everything is still on the wards."""
    with rules.REOPEN.on(supply_request, by=by, at=at, reason=reason) as need:
        _ask_by(need, need.city.day_at(at) + rules.RECONFIRM_AFTER)
    return supply_request


def withdraw(supply_request: SupplyRequest, *, reason: str, by: Actor, at: datetime) -> SupplyRequest:
    """Need it no more. Open questions, checks and allocations are closed by the tick. Refuses while goods are on the way."""
    with rules.WITHDRAW.on(supply_request, by=by, at=at, reason=reason):
        pass
    return supply_request


def _check_days(facts: dict[str, Any], today: date) -> None:
    """The days among the facts that are written lie ahead."""
    hold(needed_day(facts.get("needed_by"), today))
    hold(asked_again_on(facts.get("reconfirm_by"), today, "reconfirm_by"))


def _ask_by(need: SupplyRequest, day: date | None) -> None:
    """Another day to ask by, which was not asked about yet."""
    need.reconfirm_by = day
    need.reconfirm_asked_for = None


def _set(need: SupplyRequest, facts: dict[str, Any]) -> None:
    for name, value in facts.items():
        setattr(need, name, value)
