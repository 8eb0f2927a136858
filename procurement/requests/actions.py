"""Actions on needs and their lines: draft, edit, post, reconfirm, share, stop, fulfil and withdraw."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, TypedDict, Unpack

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import ActingUser
from partners.cities.models import City
from procurement.catalogue.models.products import Product
from procurement.catalogue.models.standards import Standard
from procurement.requests import rules
from procurement.requests.models import MAX_QUANTITY, RequestLine, SupplyRequest
from procurement.requests.rules import (
    EXPLAINED_FIELDS,
    EXPLAINED_LINE_FACTS,
    change_explained,
    has_same_value,
    refuse_incomplete_need,
    refuse_invalid_needed_by,
    refuse_invalid_reconfirmation_day,
    refuse_less_than_allocated,
    refuse_unchanged_day,
)
from workflow.actors import CLOCK, Actor
from workflow.due_rows import process_due
from workflow.edits import UNSET, Edit, Unset
from workflow.errors import Refused
from workflow.input_limits import MAX_DAYS_LEFT
from workflow.moves import makes, select_locked


def check_still_complete(need: SupplyRequest) -> None:
    """Refuse a change after which an open need no longer has all that partners must know.

    See `rules.complete`: what, how many, where to, until when, for whom, and how goods may come.
    """
    raise_refusal(refuse_incomplete_need(need) if need.status == SupplyRequest.Status.OPEN else None)


def raise_refusal(refused: Refused | None) -> None:
    """Raise the refusal if a rule returned one."""
    if refused is not None:
        raise refused


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
    alternatives_allowed: bool = False


class RequestFacts(TypedDict, total=False):
    """Facts of a new need, besides its city, title and lines."""

    declared_use: str
    facility_kinds: list[str]
    deliver_to: str
    deliver_locode: str
    importer_of_record: str
    needed_by: date | None
    reconfirm_by: date | None
    accepts: list[str]
    visibility: str
    notes: str
    notes_language: str


@dataclass(frozen=True, kw_only=True)
class RequestEdit(Edit):
    """Facts of a need to change."""

    title: str | Unset = UNSET
    declared_use: str | Unset = UNSET
    facility_kinds: list[str] | Unset = UNSET
    deliver_to: str | Unset = UNSET
    deliver_locode: str | Unset = UNSET
    importer_of_record: str | Unset = UNSET
    needed_by: date | Unset | None = UNSET
    reconfirm_by: date | Unset | None = UNSET
    accepts: list[str] | Unset = UNSET
    visibility: str | Unset = UNSET
    notes: str | Unset = UNSET
    notes_language: str | Unset = UNSET


@makes(rules.DRAFT)
def draft_request(
    city: City,
    *,
    title: str,
    author: ActingUser,
    by: Actor,
    at: datetime,
    lines: Sequence[LineFacts] = (),
    **facts: Unpack[RequestFacts],
) -> SupplyRequest:
    """Start a need, with or without its lines. Until it is posted, only its own city sees it.

    Refuses an actor who may not post needs for the city, and dates that have passed in the city.
    """
    supply_request = SupplyRequest(city=city, title=title, author=author, **facts)
    with transaction.atomic():
        values: dict[str, Any] = (
            {"lines": [line_entry(*each) for each in enumerate(lines, start=1)]} if lines else {}
        )
        rules.DRAFT.start(supply_request, by=by, at=at, **values)
        _check_days(city.day_at(at), facts.get("needed_by"), facts.get("reconfirm_by"))
        for number, line in enumerate(lines):
            fresh = new_line(supply_request, number + 1)
            write_line(supply_request, fresh, line, at, within=f"lines.{number}.")
    return supply_request


@makes(rules.EDIT)
def edit_request(
    supply_request: SupplyRequest, edit: RequestEdit, *, by: Actor, at: datetime, reason: str = ""
) -> SupplyRequest:
    """Change a need's own facts (title, dates, place, use and others) while it is a draft or open.

    Refuses to remove what a posted need must have, to change a date to one that has passed in the city, and,
    once others were asked, to change use, place or date without a reason.
    """
    with rules.EDIT.on(supply_request, by=by, at=at, reason=reason) as need:
        edit.check_version(need)
        given = edit.changes().items()
        other = {name: value for name, value in given if not has_same_value(need, name, value)}
        _check_days(need.city.day_at(at), other.get("needed_by"), other.get("reconfirm_by"))
        if other.keys() & EXPLAINED_FIELDS:
            raise_refusal(change_explained(need, reason))
        other_use = bool(other.keys() & {"declared_use", "facility_kinds"})
        for name, value in other.items():
            setattr(need, name, value)
        if "reconfirm_by" in other:
            _ask_by(need, need.reconfirm_by)
        check_still_complete(need)
        if other_use:
            need.lines.update(changed_at=at)
    return supply_request


@makes(rules.POST)
def post_request(supply_request: SupplyRequest, *, by: Actor, at: datetime) -> SupplyRequest:
    """Post the need, so that partners may be asked.

    Refuses a need without lines, a date, a place, its users or how goods may come, and a need with a
    date that has passed.
    """
    with rules.POST.on(supply_request, by=by, at=at) as need:
        need.posted_at = at
        need.reconfirm_by = need.reconfirm_by or need.city.day_at(at) + rules.RECONFIRM_AFTER
    return supply_request


@makes(rules.RECONFIRM)
def reconfirm_request(
    supply_request: SupplyRequest, *, until: date, by: Actor, at: datetime
) -> SupplyRequest:
    """Confirm that the goods are still needed, and set the date on which to ask again.

    Refuses a date that has passed, and the date about which the city was just asked.
    """
    with rules.RECONFIRM.on(supply_request, by=by, at=at) as need:
        raise_refusal(refuse_invalid_reconfirmation_day(until, need.city.day_at(at), "until"))
        raise_refusal(refuse_unchanged_day(need, until))
        _ask_by(need, until)
    return supply_request


def ask_to_reconfirm(supply_request: SupplyRequest, *, by: Actor, at: datetime) -> SupplyRequest:
    """Ask the city whether the goods are still needed, two days before its date of reconfirmation."""
    with rules.ASK_TO_RECONFIRM.on(supply_request, by=by, at=at) as need:
        need.reconfirm_asked_for = need.reconfirm_by
    return supply_request


def ask_due_reconfirmations(at: datetime) -> int:
    """Ask the cities whose needs must be reconfirmed within two days. Return the number of such needs.

    Run by the periodic job.
    """
    due = SupplyRequest.objects.due_for_reconfirmation(at + rules.ASK_AHEAD).order_by("pk")
    return process_due(due, lambda need: ask_to_reconfirm(need, by=CLOCK, at=at))


@makes(rules.CLARIFY)
def clarify_request(
    supply_request: SupplyRequest, *, question: str, answer: str, by: Actor, at: datetime
) -> SupplyRequest:
    """Publish a question and its answer to everyone who was or will be asked. It does not say who asked.

    The periodic job sends it to those who were asked. Refuses an empty question or answer.
    """
    facts = {"question": question.strip(), "answer": answer.strip()}
    with rules.CLARIFY.on(supply_request, by=by, at=at, **facts):
        for name, words in (("question", _("Enter the question.")), ("answer", _("Enter the answer."))):
            if not facts[name]:
                raise Refused(f"{name}_missing", words, field=name)
    return supply_request


def announce_change(supply_request: SupplyRequest, *, by: Actor, at: datetime) -> SupplyRequest:
    """Notify contacts who made an offer or carry out a check, and have no inquiry of their own, of a changed need."""
    since = supply_request.announced_at or supply_request.posted_at
    with rules.ANNOUNCE.on(supply_request, by=by, at=at, since=since.isoformat() if since else "") as need:
        need.announced_at = at
    return supply_request


def announce_changes(at: datetime) -> int:
    """Announce the changes of needs with offers an hour after the first of them. Return the number of such needs.

    Run by the periodic job.
    """
    due = SupplyRequest.objects.to_announce(at - rules.CHANGES_TOGETHER).order_by("pk")
    return process_due(due, lambda need: announce_change(need, by=CLOCK, at=at))


@makes(rules.SHARE)
def share_request(supply_request: SupplyRequest, *, city: City, by: Actor, at: datetime) -> SupplyRequest:
    """Let another city see this need, for any visibility. Refuses the need's own city."""
    with rules.SHARE.on(supply_request, by=by, at=at, shared_with=city.slug) as need:
        if city.pk == need.city_id:
            raise Refused("own_city", _("The need already belongs to this city."), field="city")
        need.shared_with.add(city)
    return supply_request


@makes(rules.STOP)
def stop_request(supply_request: SupplyRequest, *, reason: str, by: Actor, at: datetime) -> SupplyRequest:
    """Pause new offers for a need.

    Everyone with an open offer is notified that the offer stays. The periodic job pauses the open
    inquiries.
    """
    with rules.STOP.on(supply_request, by=by, at=at, reason=reason) as need:
        need.stopped = True
    return supply_request


@makes(rules.RESUME)
def resume_request(supply_request: SupplyRequest, *, by: Actor, at: datetime) -> SupplyRequest:
    """Take offers again. The periodic job resumes the paused inquiries."""
    with rules.RESUME.on(supply_request, by=by, at=at) as need:
        need.stopped = False
    return supply_request


@makes(rules.FULFIL)
def fulfil_request(supply_request: SupplyRequest, *, by: Actor, at: datetime) -> SupplyRequest:
    """Close the need as fulfilled. Refuses while a line is not released in full."""
    with rules.FULFIL.on(supply_request, by=by, at=at):
        pass
    return supply_request


@makes(rules.REOPEN)
def reopen_request(supply_request: SupplyRequest, *, reason: str, by: Actor, at: datetime) -> SupplyRequest:
    """Open a fulfilled need again because goods were recalled.

    Refuses while every line is released in full.
    """
    with rules.REOPEN.on(supply_request, by=by, at=at, reason=reason) as need:
        _ask_by(need, need.city.day_at(at) + rules.RECONFIRM_AFTER)
    return supply_request


@makes(rules.WITHDRAW)
def withdraw_request(supply_request: SupplyRequest, *, reason: str, by: Actor, at: datetime) -> SupplyRequest:
    """Withdraw a need for goods that are no longer needed. Refuses while goods are on the way.

    The periodic job closes its open inquiries, checks and allocations.
    """
    with rules.WITHDRAW.on(supply_request, by=by, at=at, reason=reason):
        pass
    return supply_request


def _check_days(today: date, needed_by: date | None, reconfirm_by: date | None) -> None:
    """Refuse dates that have passed or are too far ahead."""
    raise_refusal(refuse_invalid_needed_by(needed_by, today))
    raise_refusal(refuse_invalid_reconfirmation_day(reconfirm_by, today, "reconfirm_by"))


def _ask_by(need: SupplyRequest, day: date | None) -> None:
    """Set the date of reconfirmation. The city has not been asked about it yet."""
    need.reconfirm_by = day
    need.reconfirm_asked_for = None


def set_lines(
    supply_request: SupplyRequest, lines: Sequence[LineFacts], *, by: Actor, at: datetime, reason: str = ""
) -> SupplyRequest:
    """Replace the lines of a need, in the given order.

    If a line's requirements change, the periodic job screens its offers again. Refuses a quantity below
    what is already allocated, another product on a line with offers, the removal of such a line, a new date in
    the past, and, once others were asked, another product, quantity, standard or date without a reason.
    """
    change = _LineChange()
    with rules.EDIT.on(supply_request, by=by, at=at, reason=reason, **change.facts) as need:
        here = _lines(need)
        change.before(*here)
        for number, facts in enumerate(lines):
            after_all = _last(here) + number - len(here) + 1
            line = here[number] if number < len(here) else new_line(need, after_all)
            change.after(write_line(need, line, facts, at, within=f"lines.{number}."))
        for line in here[len(lines) :]:
            _drop_line(line)
        check_still_complete(need)
        change.check_explained(need, reason)
    return supply_request


def add_line(
    supply_request: SupplyRequest, facts: LineFacts, *, by: Actor, at: datetime, reason: str = ""
) -> RequestLine:
    """Add a line to a need. Refuses a quantity outside 1 to 1,000,000,000, and no reason once others were asked."""
    change = _LineChange()
    with rules.EDIT.on(supply_request, by=by, at=at, reason=reason, **change.facts) as need:
        line = change.after(write_line(need, new_line(need, _last(_lines(need)) + 1), facts, at))
        change.check_explained(need, reason)
    return line


def change_line(
    line: RequestLine, facts: LineFacts, *, by: Actor, at: datetime, reason: str = ""
) -> RequestLine:
    """Replace the facts of one line. Refuses the same as `set_lines`."""
    change = _LineChange()
    with rules.EDIT.on(line.supply_request, by=by, at=at, reason=reason, **change.facts) as need:
        found = _found(need, line)
        change.before(found)
        changed = change.after(write_line(need, found, facts, at))
        change.check_explained(need, reason)
    return changed


def remove_line(line: RequestLine, *, by: Actor, at: datetime, reason: str = "") -> SupplyRequest:
    """Remove a line; the other lines keep their numbers.

    Refuses the last line of a posted need, a line with offers or allocations, and no reason once others were
    asked.
    """
    change = _LineChange()
    with rules.EDIT.on(line.supply_request, by=by, at=at, reason=reason, **change.facts) as need:
        found = _found(need, line)
        change.before(found)
        _drop_line(found)
        check_still_complete(need)
        change.check_explained(need, reason)
    return line.supply_request


def write_line(
    need: SupplyRequest, line: RequestLine, facts: LineFacts, at: datetime, within: str = ""
) -> RequestLine:
    """Write the facts of a line.

    `within` is the line's path in a request body with several lines. A refusal uses it to name the
    field.
    """
    if not 1 <= facts.quantity <= MAX_QUANTITY:
        words = _("Enter a quantity from 1 to 1,000,000,000.")
        raise Refused("bad_quantity", words, field=f"{within}quantity")
    raise_refusal(refuse_less_than_allocated(line, facts.quantity))
    if facts.needed_by != line.needed_by:
        raise_refusal(refuse_invalid_needed_by(facts.needed_by, need.city.day_at(at), line.position, within))
    if line.pk and line.product_id != facts.product.pk and line.leads.exists():
        words = _("Line %(line)s already has offers of %(product)s. Add a line for other goods.")
        raise Refused(
            "line_in_use", words % {"line": line.position, "product": line.product}, field="product"
        )
    if line.pk and _asks_for_something_else(line, facts):
        line.changed_at = at  # `rescreen_changed` then screens its offers again
    line.product = facts.product
    line.quantity = facts.quantity
    line.needed_by = facts.needed_by
    line.max_unit_price = facts.max_unit_price
    line.currency = facts.currency or need.city.currency
    line.use_per_day = facts.use_per_day
    line.runs_out_on = _runs_out_on(facts, need.city.day_at(at), within)
    line.priority = facts.priority
    line.alternatives_allowed = facts.alternatives_allowed
    line.save()
    line.standards.set(facts.standards)
    return line


def _runs_out_on(facts: LineFacts, today: date, within: str) -> date | None:
    """Return the day on which the city's own supply runs out, as stated; None if it was not stated."""
    if facts.stock is not None and not facts.use_per_day:
        words = _("Enter how many are used per day, so that the stock can be counted in days.")
        raise Refused("use_missing", words, field=f"{within}use_per_day")
    if facts.stock is not None and facts.days_left is not None:
        words = _("Enter the stock or the days of supply, not both.")
        raise Refused("supply_twice", words, field=f"{within}days_left")
    if facts.runs_out_on is not None and facts.runs_out_on > today + rules.MAX_DAYS_AHEAD:
        words = _("This date is more than ten years away. Check the year.")
        raise Refused("day_too_far", words, field=f"{within}runs_out_on")
    days = facts.days_left
    if facts.stock is not None and facts.use_per_day:
        days = min(facts.stock // facts.use_per_day, MAX_DAYS_LEFT)
    return facts.runs_out_on if days is None else today + timedelta(days=days)


def _asks_for_something_else(line: RequestLine, facts: LineFacts) -> bool:
    """Return True if the product, the standards or the maximum price change.

    The line's offers must then be screened again.
    """
    before = (line.product_id, {standard.pk for standard in line.standards.all()}, line.max_unit_price)
    return before != (facts.product.pk, {standard.pk for standard in facts.standards}, facts.max_unit_price)


def _drop_line(line: RequestLine) -> None:
    """Delete a line. Refuses a line with offers or allocations."""
    if line.leads.exists() or line.allocated:
        raise Refused(
            "line_in_use",
            _("Line %(line)s already has offers and cannot be removed.") % {"line": line.position},
        )
    with transaction.atomic():
        line.standards.clear()
        line.delete()


def _lines(need: SupplyRequest) -> list[RequestLine]:
    """Return the lines of a need in their order, locked."""
    return sorted(need.lines.select_for_update().order_by("pk"), key=lambda line: line.position)


def _found(need: SupplyRequest, line: RequestLine) -> RequestLine:
    found = next((one for one in _lines(need) if one.pk == line.pk), None)
    if found is None:
        raise Refused("line_gone", _("Someone else has removed this line."))
    return found


def _last(lines: Sequence[RequestLine]) -> int:
    """Return the position of the last line, or 0 without lines."""
    return lines[-1].position if lines else 0


def new_line(need: SupplyRequest, position: int) -> RequestLine:
    """Return a new, unsaved line at this position of a need."""
    return RequestLine(supply_request=need, city=need.city, position=position)


class _LineChange:
    """Facts of a journal entry about lines: the touched lines before and after the change.

    The facts are filled while the move is made, under its lock.
    """

    def __init__(self) -> None:
        self.facts: dict[str, Any] = {"lines_before": [], "lines": []}

    def before(self, *lines: RequestLine) -> None:
        self.facts["lines_before"] += [_as_line_change(line) for line in lines]

    def after(self, line: RequestLine) -> RequestLine:
        self.facts["lines"].append(_as_line_change(line))
        return line

    def check_explained(self, need: SupplyRequest, reason: str) -> None:
        """Refuse other goods, another quantity, standard or date without a reason once others were asked."""
        if _goods(self.facts["lines_before"]) != _goods(self.facts["lines"]):
            raise_refusal(change_explained(need, reason))


def _goods(lines: list[dict[str, Any]]) -> list[list[Any]]:
    """Return what the lines of a journal entry ask for, in an order that can be compared."""
    return [
        [
            sorted(value) if isinstance(value := line.get(name), list) else value
            for name in EXPLAINED_LINE_FACTS
        ]
        for line in lines
    ]


def _as_line_change(line: RequestLine) -> dict[str, Any]:
    facts = LineFacts(
        product=line.product,
        quantity=line.quantity,
        standards=list(line.standards.all()),
        needed_by=line.needed_by,
        priority=line.priority,
        alternatives_allowed=line.alternatives_allowed,
    )
    return line_entry(line.position, facts)


def line_entry(position: int, facts: LineFacts) -> dict[str, Any]:
    """Return the facts of one line for a journal entry.

    The line's own date, its priority and "alternatives allowed" are included only if they are set.
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
    if facts.alternatives_allowed:
        values["alternatives"] = True
    return values


def add_progress(line: RequestLine, **deltas: int) -> RequestLine:
    """Add to a line's counters (allocated, shipped, arrived, released) under its lock.

    Called by later stages inside their own transaction and journal entry; it records nothing itself.
    """
    row = select_locked(line)
    for name, delta in deltas.items():
        setattr(row, name, getattr(row, name) + delta)
    row.save(update_fields=list(deltas))
    return row


def set_offer_totals(line: RequestLine, *, offered: int, offered_short: int, verified_free: int) -> None:
    """Store the totals of a line's offers, if they changed.

    Called by the leads stage with the line locked.
    """
    if (line.offered, line.offered_short, line.verified_free) != (offered, offered_short, verified_free):
        RequestLine.objects.filter(pk=line.pk).update(
            offered=offered, offered_short=offered_short, verified_free=verified_free
        )


def mark_screened(line: RequestLine) -> None:
    """Clear `changed_at`, unless the line changed again since it was read.

    Called when the line's offers have been screened with the line's facts as read.
    """
    RequestLine.objects.filter(pk=line.pk, changed_at=line.changed_at).update(changed_at=None)
