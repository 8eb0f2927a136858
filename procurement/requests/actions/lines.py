"""Actions on the lines of a need: set, add, change and remove them."""

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import count
from typing import Any

from django.db import transaction
from django.db.models import prefetch_related_objects
from django.utils.translation import gettext_lazy as _

from procurement.catalogue.models.products import Product
from procurement.catalogue.models.standards import Standard
from procurement.requests import rules
from procurement.requests.actions.proposals import (
    ApprovalNeeded,
    LinesBefore,
    clear_proposal,
    propose_lines,
    require_approved,
)
from procurement.requests.actions.reconfirmation import treat_change_as_confirmation
from procurement.requests.alternatives.models import LineAlternative
from procurement.requests.alternatives.queries import ACCEPTED_GOODS, possible_alternatives
from procurement.requests.alternatives.rules import (
    Alternative,
    invalid_alternatives_refusal,
    unlisted_standard_refusal,
)
from procurement.requests.approval.rules import waiting_change_refusal
from procurement.requests.models import MAX_QUANTITY, RequestLine, SupplyRequest, goods_code
from procurement.requests.rules import (
    LINE_FACTS_NEEDING_REASON,
    incomplete_need_refusal,
    invalid_needed_by_refusal,
    less_than_allocated_refusal,
    unexplained_change_refusal,
)
from workflow.actors import Actor
from workflow.errors import Refused, raise_refusal
from workflow.input_limits import MAX_SUPPLY_DAYS
from workflow.journal.models import Entry


def require_complete_need(need: SupplyRequest) -> None:
    """Refuse a change after which an open need no longer has all that partners must know.

    See `rules.incomplete_need_refusal`: what, how many, where to, until when, for whom, and how goods may come.
    """
    raise_refusal(incomplete_need_refusal(need) if need.status == SupplyRequest.Status.OPEN else None)


@dataclass(frozen=True, kw_only=True)
class LineFacts:
    """Input for one need line. `quantity`, `use_per_day` and `stock` are in the product's unit.

    The city's own supply is stated in one of three ways: as the day on which it runs out, as the days
    that it lasts from today, or as the stock of today with its use per day.
    """

    product: Product
    quantity: int
    standards: Sequence[Standard] = field(default_factory=tuple)
    needed_by: date | None = None
    max_unit_price: Decimal | None = None
    currency: str = ""
    days_left: int | None = None
    use_per_day: int | None = None
    stock: int | None = None
    runs_out_on: date | None = None
    priority: int = RequestLine.Priority.NORMAL
    alternatives: Sequence[Alternative] = field(default_factory=tuple)


def set_lines(
    supply_request: SupplyRequest, lines: Sequence[LineFacts], *, by: Actor, at: datetime, reason: str = ""
) -> SupplyRequest:
    """Replace the lines of a need, in the given order.

    If the requirements of a line change, the periodic job screens its offers again. On a posted need, a change that
    needs approval is proposed, and the lines stay as they are. Refuses a quantity below what is already allocated,
    another product on a line with offers, the removal of such a line, a new date in the past, and, once others were
    asked, another product, quantity, standard, alternative or date without a reason.
    """
    change = LineChange()
    with (
        change.proposed_if_needed(supply_request, by=by, at=at, reason=reason),
        rules.EDIT.apply_to(supply_request, by=by, at=at, reason=reason, **change.facts) as need,
    ):
        here = change.begin(need)
        change.before(*here)
        unused = count(first_unused_number(need, here) if len(lines) > len(here) else 0)
        for number, facts in enumerate(lines):
            line = here[number] if number < len(here) else unsaved_line(need, next(unused))
            change.after(save_line_facts(need, line, facts, at, within=f"lines.{number}."))
        for line in here[len(lines) :]:
            delete_line(line)
        require_complete_need(need)
        change.finish(need, at, reason)
    return supply_request


def add_line(
    supply_request: SupplyRequest, facts: LineFacts, *, by: Actor, at: datetime, reason: str = ""
) -> RequestLine | None:
    """Add a line to a need, and return it, or None if the line is proposed because it needs approval.

    Refuses a quantity outside 1 to 1,000,000,000, and an empty reason once others were asked.
    """
    change = LineChange()
    with (
        change.proposed_if_needed(supply_request, by=by, at=at, reason=reason),
        rules.EDIT.apply_to(supply_request, by=by, at=at, reason=reason, **change.facts) as need,
    ):
        number = first_unused_number(need, change.begin(need))
        line = change.after(save_line_facts(need, unsaved_line(need, number), facts, at))
        change.finish(need, at, reason)
    return None if change.is_proposed else line


def change_line(
    line: RequestLine, facts: LineFacts, *, by: Actor, at: datetime, reason: str = ""
) -> RequestLine:
    """Replace the facts of one line, or propose this if it needs approval. Refuses the same as `set_lines`."""
    need = line.supply_request
    change = LineChange()
    with (
        change.proposed_if_needed(need, by=by, at=at, reason=reason),
        rules.EDIT.apply_to(need, by=by, at=at, reason=reason, **change.facts) as row,
    ):
        found = _find_line(change.begin(row), line)
        change.before(found)
        changed = change.after(save_line_facts(row, found, facts, at))
        change.finish(row, at, reason)
    return line if change.is_proposed else changed


def remove_line(line: RequestLine, *, by: Actor, at: datetime, reason: str = "") -> SupplyRequest:
    """Remove a line; the other lines keep their numbers.

    Refuses the last line of a posted need, a line with offers or allocations, and no reason once others were
    asked.
    """
    change = LineChange()
    with rules.EDIT.apply_to(line.supply_request, by=by, at=at, reason=reason, **change.facts) as need:
        found = _find_line(change.begin(need), line)
        change.before(found)
        delete_line(found)
        require_complete_need(need)
        change.finish(need, at, reason)
    return line.supply_request


def save_line_facts(
    need: SupplyRequest, line: RequestLine, facts: LineFacts, at: datetime, within: str = ""
) -> RequestLine:
    """Write the facts of a line.

    `within` is the line's path in a request body with several lines. A refusal uses it to name the
    field.
    """
    before = current_alternatives(line)
    other_alternatives = before != tuple(facts.alternatives)
    _require_valid_facts(line, facts, before, need.city.day_at(at), within)
    if line.pk and (other_alternatives or _changes_requirements(line, facts)):
        line.changed_at = at  # `rescreen_changed_offers` then screens its offers again
    if line.pk and other_alternatives:
        LineAlternative.objects.filter(line=line).delete()
        line.refresh_from_db(fields=["alternatives"])  # forgets the deleted rows, without a query
    line.product = facts.product
    line.quantity = facts.quantity
    line.needed_by = facts.needed_by
    line.max_unit_price = facts.max_unit_price
    line.currency = facts.currency or need.city.currency
    line.use_per_day = facts.use_per_day
    line.runs_out_on = _runs_out_on(facts, need.city.day_at(at), within)
    line.priority = facts.priority
    line.save()
    line.standards.set(facts.standards)
    if other_alternatives:
        LineAlternative.objects.bulk_create(
            LineAlternative(line=line, position=position, product=one.product, standard=one.standard)
            for position, one in enumerate(facts.alternatives, start=1)
        )
    return line


def _require_valid_facts(
    line: RequestLine, facts: LineFacts, before: Collection[Alternative], today: date, within: str
) -> None:
    """Refuse facts that are wrong, or that the line's offers and allocations exclude.

    `before` are the alternatives of the line as stored; only others are looked up in the catalogue.
    """
    if not 1 <= facts.quantity <= MAX_QUANTITY:
        words = _("Enter a quantity from 1 to 1,000,000,000.")
        raise Refused("bad_quantity", words, field=f"{within}quantity")
    raise_refusal(less_than_allocated_refusal(line, facts.quantity))
    if facts.needed_by != line.needed_by:
        raise_refusal(invalid_needed_by_refusal(facts.needed_by, today, line.position, within))
    if line.pk and line.product_id != facts.product.pk and line.leads.exists():
        words = _("Line %(line)s already has offers of %(product)s. Add a line for other goods.")
        raise Refused(
            "line_in_use", words % {"line": line.position, "product": line.product}, field="product"
        )
    raise_refusal(invalid_alternatives_refusal(facts.product, facts.alternatives, within))
    added = [one for one in facts.alternatives if one not in before]
    if any(one.standard is not None for one in added):
        raise_refusal(unlisted_standard_refusal(added, possible_alternatives(facts.product, today), within))


def current_alternatives(line: RequestLine) -> tuple[Alternative, ...]:
    """Return the goods that a line accepts besides its own, in order of preference.

    No query for a line that was read with `ACCEPTED_GOODS`.
    """
    if not line.pk:
        return ()
    prefetch_related_objects([line], *ACCEPTED_GOODS)
    return tuple(Alternative(one.product, one.standard) for one in line.alternatives.all())


def _runs_out_on(facts: LineFacts, today: date, within: str) -> date | None:
    """Return the day on which the city's own supply runs out, as stated; None if it was not stated."""
    if facts.stock is not None and not facts.use_per_day:
        words = _(
            "Enter how many units are used per day, so that the stock can be converted to days of supply."
        )
        raise Refused("use_missing", words, field=f"{within}use_per_day")
    if facts.stock is not None and facts.days_left is not None:
        words = _("Enter the stock or the days of supply, not both.")
        raise Refused("supply_twice", words, field=f"{within}days_left")
    if facts.runs_out_on is not None and facts.runs_out_on > today + rules.MAX_DAYS_AHEAD:
        words = _("This date is more than ten years away. Check the year.")
        raise Refused("day_too_far", words, field=f"{within}runs_out_on")
    days = facts.days_left
    if facts.stock is not None and facts.use_per_day:
        days = min(facts.stock // facts.use_per_day, MAX_SUPPLY_DAYS)
    return facts.runs_out_on if days is None else today + timedelta(days=days)


def _changes_requirements(line: RequestLine, facts: LineFacts) -> bool:
    """Return True if the product, the standards or the maximum price change.

    The line's offers must then be screened again.
    """
    before = (line.product_id, {standard.pk for standard in line.standards.all()}, line.max_unit_price)
    return before != (facts.product.pk, {standard.pk for standard in facts.standards}, facts.max_unit_price)


def delete_line(line: RequestLine) -> None:
    """Delete a line. Refuses a line with offers or allocations."""
    if line.leads.exists() or line.allocated:
        raise Refused(
            "line_in_use",
            _("Line %(line)s already has offers and cannot be removed.") % {"line": line.position},
        )
    with transaction.atomic():
        line.standards.clear()
        line.delete()


def locked_lines(need: SupplyRequest) -> list[RequestLine]:
    """Return the lines of a need in their order, locked, with what they accept."""
    rows = need.lines.select_for_update().order_by("pk").prefetch_related(*ACCEPTED_GOODS)
    return sorted(rows, key=lambda line: line.position)


def _find_line(lines: Sequence[RequestLine], line: RequestLine) -> RequestLine:
    found = next((one for one in lines if one.pk == line.pk), None)
    if found is None:
        raise Refused("line_gone", _("Someone else has removed this line."))
    return found


def first_unused_number(need: SupplyRequest, lines: Sequence[RequestLine]) -> int:
    """Return the number of the next new line of a need with these lines.

    A posted need does not use the number of a removed line again, because inquiries name lines by their numbers. At
    most one query.
    """
    used = [line.position for line in lines]
    if need.posted_at is not None:
        edits = Entry.objects.filter(
            thing_label=SupplyRequest._meta.label_lower,
            thing_id=need.pk,
            verb__in=SupplyRequest.CHANGING_VERBS,
            at__gte=need.posted_at,
            facts__has_key="lines_before",
        )
        for lines_before in edits.values_list("facts__lines_before", flat=True):
            used += [line["line"] for line in lines_before if "line" in line]
    return max(used, default=0) + 1


def unsaved_line(need: SupplyRequest, position: int) -> RequestLine:
    """Return a new, unsaved line at this position of a need."""
    return RequestLine(supply_request=need, city=need.city, position=position)


class LineChange:
    """Change of lines, with the facts of its journal entry: the touched lines before and after.

    The facts are filled while the move is made, under its lock. `is_proposed` is True if the change waits for approval.
    """

    def __init__(self) -> None:
        self.facts: dict[str, Any] = {"lines_before": [], "lines": []}
        self.is_proposed = False
        self._lines_before: LinesBefore | None = None
        self._changed: list[RequestLine] = []

    @contextmanager
    def proposed_if_needed(
        self, supply_request: SupplyRequest, *, by: Actor, at: datetime, reason: str
    ) -> Iterator[None]:
        """Propose the change that is made in the body, which is undone, if it needs approval."""
        try:
            yield
        except ApprovalNeeded as needed:
            self.is_proposed = True
            propose_lines(supply_request, needed, by=by, at=at, reason=reason, facts=self.facts)

    def begin(self, need: SupplyRequest) -> list[RequestLine]:
        """Lock the lines of the need and return them. Refuses while another change of them waits for approval."""
        raise_refusal(waiting_change_refusal(need))
        here = locked_lines(need)
        self._lines_before = LinesBefore(need, here)
        return here

    def finish(self, need: SupplyRequest, at: datetime, reason: str) -> None:
        """Check the changed need, and clear a change that was sent back, which this one replaces.

        Raises `ApprovalNeeded` for a change that must be approved first.
        """
        self.check_explained(need, reason)
        if self._lines_before is not None:
            require_approved(need, self._lines_before, self._changed)
        if need.proposal is not None:
            clear_proposal(need)
        treat_change_as_confirmation(need, at)

    def before(self, *lines: RequestLine) -> None:
        self.facts["lines_before"] += [_journal_facts_of_line(line) for line in lines]

    def after(self, line: RequestLine) -> RequestLine:
        self.facts["lines"].append(_journal_facts_of_line(line))
        self._changed.append(line)
        return line

    def check_explained(self, need: SupplyRequest, reason: str) -> None:
        """Refuse other goods, another quantity, standard, alternative or date without a reason once others were asked."""
        if _requirements(self.facts["lines_before"]) != _requirements(self.facts["lines"]):
            raise_refusal(unexplained_change_refusal(need, reason))


def _requirements(lines: list[dict[str, Any]]) -> list[list[Any]]:
    """Return what the lines of a journal entry ask for, in an order that can be compared."""
    return [
        [
            sorted(value) if isinstance(value := line.get(name), list) else value
            for name in LINE_FACTS_NEEDING_REASON
        ]
        for line in lines
    ]


def _journal_facts_of_line(line: RequestLine) -> dict[str, Any]:
    alternatives = current_alternatives(line)  # reads the standards, too
    facts = LineFacts(
        product=line.product,
        quantity=line.quantity,
        standards=list(line.standards.all()),
        needed_by=line.needed_by,
        priority=line.priority,
        alternatives=alternatives,
    )
    return journal_facts_of_line(line.position, facts)


def journal_facts_of_line(position: int, facts: LineFacts) -> dict[str, Any]:
    """Return the facts of one line for a journal entry.

    The line's own date, its priority and its accepted alternatives are included only if they are set.
    """
    values: dict[str, Any] = {
        "line": position,
        "product": facts.product.code,
        "quantity": facts.quantity,
        "standards": [standard.code for standard in facts.standards],
    }
    if facts.needed_by is not None:
        values["needed_by"] = facts.needed_by.isoformat()
    if facts.priority != RequestLine.Priority.NORMAL:
        values["priority"] = int(facts.priority)
    if facts.alternatives:
        values["accepts"] = [goods_code(one.product, one.standard) for one in facts.alternatives]
    return values
