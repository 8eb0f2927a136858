"""What a city does with its needs: write, post, change, share, stop, close. The only writer of needs and their lines."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from partners.models import City
from procurement.catalogue.models import Product, Standard
from procurement.requests import rules
from procurement.requests.models import MOST, RequestLine, SupplyRequest
from workflow.actors import Actor
from workflow.errors import Refused
from workflow.moves import locked


@dataclass(frozen=True, kw_only=True)
class LineFacts:
    """One line as somebody typed it; `quantity` in pieces."""

    product: Product
    quantity: int
    standards: Sequence[Standard] = field(default_factory=tuple)
    needed_by: date | None = None
    max_unit_price: Decimal | None = None
    currency: str = ""
    days_left: int | None = None
    priority: int = RequestLine.Priority.NORMAL
    alternatives_allowed: bool = False


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
            {"lines": [_told(*each) for each in enumerate(lines, start=1)]} if lines else {}
        )
        rules.DRAFT.start(supply_request, by=by, at=at, **told)
        _check_days(facts, _today(city, at))
        for number, line in enumerate(lines):
            fresh = _fresh(supply_request, number + 1)
            _write_line(supply_request, fresh, line, at, within=f"lines.{number}.")
    return supply_request


def edit(
    supply_request: SupplyRequest, *, by: Actor, at: datetime, reason: str = "", **facts: Any
) -> SupplyRequest:
    """Change a need's own facts (title, dates, place, use ...), in draft or open.

    Refuses to take away what a posted need must say, and to change a date to one that has passed where the city is.
    """
    with rules.EDIT.on(supply_request, by=by, at=at, reason=reason) as need:
        other = {name: value for name, value in facts.items() if getattr(need, name) != value}
        _check_days(other, _today(need.city, at))
        other_use = facts.get("declared_use", need.declared_use) != need.declared_use
        _set(need, facts)
        _still_complete(need)
        if other_use:
            need.lines.update(changed_at=at)
    return supply_request


def set_lines(
    supply_request: SupplyRequest, lines: Sequence[LineFacts], *, by: Actor, at: datetime
) -> SupplyRequest:
    """Write the lines of a need, in their order. Offers made for a line whose standards change are judged anew by the tick.

    Refuses a quantity under what is already allocated, other goods on a line with offers, losing such a line, and a new day that
    has passed.
    """
    told = _Told()
    with rules.EDIT.on(supply_request, by=by, at=at, **told.facts) as need:
        here = _lines(need)
        told.before(*here)
        for number, facts in enumerate(lines):
            after_all = _last(here) + number - len(here) + 1
            line = here[number] if number < len(here) else _fresh(need, after_all)
            told.after(_write_line(need, line, facts, at, within=f"lines.{number}."))
        for line in here[len(lines) :]:
            _drop_line(line)
        _still_complete(need)
    return supply_request


def add_line(supply_request: SupplyRequest, facts: LineFacts, *, by: Actor, at: datetime) -> RequestLine:
    """Ask for something else too. Refuses a quantity that is none."""
    told = _Told()
    with rules.EDIT.on(supply_request, by=by, at=at, **told.facts) as need:
        return told.after(_write_line(need, _fresh(need, _last(_lines(need)) + 1), facts, at))


def change_line(line: RequestLine, facts: LineFacts, *, by: Actor, at: datetime) -> RequestLine:
    """Write one line anew. Refuses as `set_lines` does."""
    told = _Told()
    with rules.EDIT.on(line.supply_request, by=by, at=at, **told.facts) as need:
        found = _found(need, line)
        told.before(found)
        return told.after(_write_line(need, found, facts, at))


def remove_line(line: RequestLine, *, by: Actor, at: datetime) -> SupplyRequest:
    """Ask for it no more; the other lines keep their numbers. Refuses the last line of a posted need, and one with offers."""
    told = _Told()
    with rules.EDIT.on(line.supply_request, by=by, at=at, **told.facts) as need:
        found = _found(need, line)
        told.before(found)
        _drop_line(found)
        _still_complete(need)
    return line.supply_request


def post(supply_request: SupplyRequest, *, by: Actor, at: datetime) -> SupplyRequest:
    """Post the need: partners may now be asked.

    Refuses one that lacks lines, a date, a place, or how goods may come, and one needed by a day that has passed.
    """
    with rules.POST.on(supply_request, by=by, at=at) as need:
        _hold(rules.all_days_ahead(need, _today(need.city, at)))
        need.posted_at = at
        need.reconfirm_by = need.reconfirm_by or at.date() + rules.RECONFIRM_AFTER
    return supply_request


def reconfirm(supply_request: SupplyRequest, *, until: date, by: Actor, at: datetime) -> SupplyRequest:
    """Say that the goods are still needed, and by when to ask again. Refuses a day that has passed."""
    with rules.RECONFIRM.on(supply_request, by=by, at=at) as need:
        _hold(rules.asked_again_on(until, _today(need.city, at), "until"))
        need.reconfirm_by = until
    return supply_request


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
        need.reconfirm_by = at.date() + rules.RECONFIRM_AFTER
    return supply_request


def withdraw(supply_request: SupplyRequest, *, reason: str, by: Actor, at: datetime) -> SupplyRequest:
    """Need it no more. Open questions, checks and allocations are closed by the tick. Refuses while goods are on the way."""
    with rules.WITHDRAW.on(supply_request, by=by, at=at, reason=reason):
        pass
    return supply_request


def progress(line: RequestLine, **deltas: int) -> RequestLine:
    """Move a line's counters (allocated, shipped, arrived, released) under its lock, for the stage that knows.

    Called by later stages inside their own transaction and entry; it records nothing itself.
    """
    row = locked(line)
    for name, delta in deltas.items():
        setattr(row, name, getattr(row, name) + delta)
    row.save(update_fields=list(deltas))
    return row


def set_offers(line: RequestLine, *, offered: int, offered_short: int, verified_free: int) -> None:
    """Store what the leads of a line add up to. Called by the leads stage with the line locked."""
    RequestLine.objects.filter(pk=line.pk).update(
        offered=offered, offered_short=offered_short, verified_free=verified_free
    )


def _still_complete(need: SupplyRequest) -> None:
    """What partners were told goes on being said: what, how many, where to, until when, and how goods may come."""
    _hold(rules.complete(need) if need.status == SupplyRequest.Status.OPEN else None)


def _check_days(facts: dict[str, Any], today: date) -> None:
    """The days among the facts that are written lie ahead."""
    _hold(rules.needed_day(facts.get("needed_by"), today))
    _hold(rules.asked_again_on(facts.get("reconfirm_by"), today, "reconfirm_by"))


def _today(city: City, at: datetime) -> date:
    """The day it is where the city is: its own evening is not tomorrow."""
    return at.astimezone(ZoneInfo(city.timezone or "UTC")).date()


def _hold(refused: Refused | None) -> None:
    if refused is not None:
        raise refused


def _set(need: SupplyRequest, facts: dict[str, Any]) -> None:
    for name, value in facts.items():
        setattr(need, name, value)


def judged(line: RequestLine) -> None:
    """Its offers have been judged by what it asked for when it was read; what changed meanwhile is judged next time."""
    RequestLine.objects.filter(pk=line.pk, changed_at=line.changed_at).update(changed_at=None)


def _lines(need: SupplyRequest) -> list[RequestLine]:
    """The lines of a need, locked, in their order."""
    return sorted(need.lines.select_for_update().order_by("pk"), key=lambda line: line.position)


def _found(need: SupplyRequest, line: RequestLine) -> RequestLine:
    found = next((one for one in _lines(need) if one.pk == line.pk), None)
    if found is None:
        raise Refused("line_gone", _("Somebody else has taken that line away meanwhile."))
    return found


def _last(lines: Sequence[RequestLine]) -> int:
    """The number of the last line; 0 where there is none."""
    return lines[-1].position if lines else 0


def _fresh(need: SupplyRequest, position: int) -> RequestLine:
    return RequestLine(supply_request=need, city=need.city, position=position)


def _write_line(
    need: SupplyRequest, line: RequestLine, facts: LineFacts, at: datetime, within: str = ""
) -> RequestLine:
    """`within` is where the line stands in a body of many, so that a refusal points at it."""
    if not 1 <= facts.quantity <= MOST:
        words = _("Give a quantity between 1 and 1,000,000,000.")
        raise Refused("bad_quantity", words, field=f"{within}quantity")
    _hold(rules.quantity_holds(line, facts.quantity))
    if facts.needed_by != line.needed_by:
        _hold(rules.needed_day(facts.needed_by, _today(need.city, at), line.position, within))
    if line.pk and line.product_id != facts.product.pk and line.leads.exists():
        words = _("Line %(line)s has offers of %(product)s already. Add a line for other goods.")
        raise Refused(
            "line_in_use", words % {"line": line.position, "product": line.product}, field="product"
        )
    if line.pk and _asks_for_something_else(line, facts):
        line.changed_at = at  # leads.settle judges its offers anew
    line.product = facts.product
    line.quantity = facts.quantity
    line.needed_by = facts.needed_by
    line.max_unit_price = facts.max_unit_price
    line.currency = facts.currency or need.city.currency
    line.days_left = facts.days_left
    line.priority = facts.priority
    line.alternatives_allowed = facts.alternatives_allowed
    line.save()
    line.standards.set(facts.standards)
    return line


def _asks_for_something_else(line: RequestLine, facts: LineFacts) -> bool:
    """Whether offers made for the line stand to it in another way than before."""
    before = (line.product_id, {standard.pk for standard in line.standards.all()}, line.max_unit_price)
    return before != (facts.product.pk, {standard.pk for standard in facts.standards}, facts.max_unit_price)


def _drop_line(line: RequestLine) -> None:
    """A line nobody has offered for or promised anything to may go; it never was part of the story."""
    if line.leads.exists() or line.allocated:
        raise Refused(
            "line_in_use",
            _("Line %(line)s has offers already and cannot be removed.") % {"line": line.position},
        )
    with transaction.atomic():
        line.standards.clear()
        line.delete()


class _Told:
    """What an entry tells of lines: those that were touched, before and after. Filled while the move is made, under its lock."""

    def __init__(self) -> None:
        self.facts: dict[str, Any] = {"lines_before": [], "lines": []}

    def before(self, *lines: RequestLine) -> None:
        self.facts["lines_before"] += [_as_told(line) for line in lines]

    def after(self, line: RequestLine) -> RequestLine:
        self.facts["lines"].append(_as_told(line))
        return line


def _as_told(line: RequestLine) -> dict[str, Any]:
    facts = LineFacts(product=line.product, quantity=line.quantity, standards=list(line.standards.all()))
    return _told(line.position, facts)


def _told(position: int, facts: LineFacts) -> dict[str, Any]:
    return {
        "line": position,
        "product": facts.product.code,
        "quantity": facts.quantity,
        "standards": [standard.code for standard in facts.standards],
    }
