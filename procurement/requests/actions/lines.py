"""The lines of a need: what is asked for, line by line, and what the entry tells of it. The only writer of what a line says."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from procurement.catalogue.models.products import Product
from procurement.catalogue.models.standards import Standard
from procurement.requests import rules
from procurement.requests.actions.bounds import hold, still_complete
from procurement.requests.models import MOST, RequestLine, SupplyRequest
from procurement.requests.rules import needed_day, quantity_holds
from workflow.actors import Actor
from workflow.errors import Refused


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


def set_lines(
    supply_request: SupplyRequest, lines: Sequence[LineFacts], *, by: Actor, at: datetime, reason: str = ""
) -> SupplyRequest:
    """Write the lines of a need, in their order. Offers made for a line whose standards change are judged anew by the tick.

    Refuses a quantity under what is already allocated, other goods on a line with offers, losing such a line, and a new day that
    has passed.
    """
    told = _Told()
    with rules.EDIT.on(supply_request, by=by, at=at, reason=reason, **told.facts) as need:
        here = _lines(need)
        told.before(*here)
        for number, facts in enumerate(lines):
            after_all = _last(here) + number - len(here) + 1
            line = here[number] if number < len(here) else fresh_line(need, after_all)
            told.after(write_line(need, line, facts, at, within=f"lines.{number}."))
        for line in here[len(lines) :]:
            _drop_line(line)
        still_complete(need)
    return supply_request


def add_line(supply_request: SupplyRequest, facts: LineFacts, *, by: Actor, at: datetime) -> RequestLine:
    """Ask for something else too. Refuses a quantity that is none."""
    told = _Told()
    with rules.EDIT.on(supply_request, by=by, at=at, **told.facts) as need:
        return told.after(write_line(need, fresh_line(need, _last(_lines(need)) + 1), facts, at))


def change_line(line: RequestLine, facts: LineFacts, *, by: Actor, at: datetime) -> RequestLine:
    """Write one line anew. Refuses as `set_lines` does."""
    told = _Told()
    with rules.EDIT.on(line.supply_request, by=by, at=at, **told.facts) as need:
        found = _found(need, line)
        told.before(found)
        return told.after(write_line(need, found, facts, at))


def remove_line(line: RequestLine, *, by: Actor, at: datetime) -> SupplyRequest:
    """Ask for it no more; the other lines keep their numbers. Refuses the last line of a posted need, and one with offers."""
    told = _Told()
    with rules.EDIT.on(line.supply_request, by=by, at=at, **told.facts) as need:
        found = _found(need, line)
        told.before(found)
        _drop_line(found)
        still_complete(need)
    return line.supply_request


def write_line(
    need: SupplyRequest, line: RequestLine, facts: LineFacts, at: datetime, within: str = ""
) -> RequestLine:
    """Write the facts of a line. `within` is where it stands in a body of many, so that a refusal points at it."""
    if not 1 <= facts.quantity <= MOST:
        words = _("Give a quantity between 1 and 1,000,000,000.")
        raise Refused("bad_quantity", words, field=f"{within}quantity")
    hold(quantity_holds(line, facts.quantity))
    if facts.needed_by != line.needed_by:
        hold(needed_day(facts.needed_by, need.city.day_at(at), line.position, within))
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


def fresh_line(need: SupplyRequest, position: int) -> RequestLine:
    """A line to be written, at this place among the lines of its need."""
    return RequestLine(supply_request=need, city=need.city, position=position)


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
    facts = LineFacts(
        product=line.product,
        quantity=line.quantity,
        standards=list(line.standards.all()),
        needed_by=line.needed_by,
        priority=line.priority,
        alternatives_allowed=line.alternatives_allowed,
    )
    return told_of(line.position, facts)


def told_of(position: int, facts: LineFacts) -> dict[str, Any]:
    """What an entry tells of one line; its own day, how urgent it is, and that alternatives are welcome, where that is so."""
    told: dict[str, Any] = {
        "line": position,
        "product": facts.product.code,
        "quantity": facts.quantity,
        "standards": [standard.code for standard in facts.standards],
    }
    if facts.needed_by is not None:
        told["needed_by"] = facts.needed_by.isoformat()
    if facts.priority != RequestLine.Priority.NORMAL:
        told["priority"] = int(facts.priority)
    if facts.alternatives_allowed:
        told["alternatives"] = True
    return told
