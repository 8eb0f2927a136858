"""Actions on allocations of offers to need lines, and on criteria. The only writer of allocations.

They change the counters of the offer and the line under locks; the offer is always locked first.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F, OuterRef, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from accounts.models import ActingUser
from partners.powers import Power
from procurement.allocations import rules
from procurement.allocations.models import Allocation, AllocationCriteria
from procurement.allocations.rules import (
    Criterion,
    above_free_quantity_refusal,
    invalid_criteria_refusal,
    late_criteria_refusal,
    other_line_in_need,
    unexplained_shortage_refusal,
    unfit_quantity_refusal,
)
from procurement.leads.actions.counters import change_allocated_quantity, recalculate_offered_totals
from procurement.leads.actions.decisions import mark_withdrawn
from procurement.leads.actions.leads import LeadEdit, change_lead
from procurement.leads.models.leads import SupplierLead
from procurement.leads.rules.leads import WITHDRAW
from procurement.requests.actions.counters import add_to_line_counters
from procurement.requests.alternatives.models import GoodsMatchLevel
from procurement.requests.alternatives.queries import accepted_goods
from procurement.requests.alternatives.rules import unsuitable_goods_refusal
from procurement.requests.models import MAX_QUANTITY, RequestLine, goods_code
from workflow.actors import SYSTEM, Actor
from workflow.due_rows import process_due
from workflow.errors import NOT_ALLOWED, Refused, raise_refusal
from workflow.i18n import LocalizedCount
from workflow.journal import entries
from workflow.moves import register_action, select_locked


@register_action(rules.PROPOSE)
def propose_allocation(
    lead: SupplierLead,
    line: RequestLine,
    quantity: int,
    *,
    evidence: str = "",
    reason: str = "",
    author: ActingUser,
    by: Actor,
    at: datetime,
) -> Allocation:
    """Propose an allocation. It does not count against the offer or the line yet.

    Refuses an unverified offer, goods that the line does not accept, a need that is not open, and a quantity above the
    free quantity of the offer or the uncovered quantity of the line. Goods that are not known to meet the standards
    of the line need `evidence`: what shows that they will do. Goods offered for another need that is left short need a
    `reason`.
    """
    return _propose(lead, line, quantity, evidence, reason, author, by, at, compares=True)


def _propose(
    lead: SupplierLead,
    line: RequestLine,
    quantity: int,
    evidence: str,
    reason: str,
    author: ActingUser,
    by: Actor,
    at: datetime,
    *,
    compares: bool,
) -> Allocation:
    """Propose as `propose_allocation`. Unless `compares`, goods and needs are compared when it is confirmed only."""
    if not 1 <= quantity <= MAX_QUANTITY:
        words = _("Enter a quantity from 1 to %(most)s.") % {"most": LocalizedCount(MAX_QUANTITY)}
        raise Refused("bad_quantity", words, field="quantity")
    with transaction.atomic():
        lead_row, line_row = select_locked(lead), select_locked(line)
        allocation = Allocation(city=line.city, lead=lead, line=line, quantity=quantity, author=author)
        allocation.evidence, allocation.override_reason = evidence.strip(), reason.strip()
        refused = None
        if compares:
            refused = _compare_goods(allocation, lead_row, line_row, at)
            refused = refused or unexplained_shortage_refusal(quantity, lead_row, line_row, reason)
        created = rules.PROPOSE.create(allocation, by=by, at=at, reason=allocation.override_reason)
        raise_refusal(refused or unfit_quantity_refusal(quantity, lead_row, line_row))
    return created


@register_action(rules.CONFIRM)
def confirm_allocation(
    allocation: Allocation, *, evidence: str = "", reason: str = "", by: Actor, at: datetime
) -> Allocation:
    """Confirm the allocation, so that it counts against the offer and the line.

    Refuses a quantity above the free quantity of the offer or the uncovered quantity of the line, with the figures, and
    goods that the line no longer accepts. `evidence` replaces that of the proposal: the goods may need it only now, or be
    other goods since. `reason` replaces the reason of the proposal in the same way, where another need is left short.
    """
    reason = reason.strip() or allocation.override_reason
    with transaction.atomic():
        facts = _other_need_facts(allocation)
        with rules.CONFIRM.apply_to(allocation, by=by, at=at, reason=reason, **facts) as row:
            lead, line = _allocate(row, row.quantity)
            row.confirmed_at, row.override_reason = at, reason
            if evidence.strip() or row.compared_goods not in ("", goods_code(lead.product, lead.standard)):
                row.evidence = evidence.strip()  # that of the proposal is not about other goods
            refused = _compare_goods(row, lead, line, at)
            raise_refusal(refused or unexplained_shortage_refusal(row.quantity, lead, line, reason))
            row.substitution_accepted_by_id = by.user_id if row.is_substitution else None
        recalculate_offered_totals(allocation.lead)
    return allocation


def allocate(
    lead: SupplierLead,
    line: RequestLine,
    quantity: int,
    *,
    evidence: str = "",
    reason: str = "",
    author: ActingUser,
    by: Actor,
    at: datetime,
) -> Allocation:
    """Propose and confirm an allocation in one step, for the officer's Allocate button."""
    with transaction.atomic():
        proposed = _propose(lead, line, quantity, evidence, reason, author, by, at, compares=False)
        return confirm_allocation(proposed, by=by, at=at)


@register_action(rules.DISCARD)
def discard_allocation(allocation: Allocation, *, by: Actor, at: datetime) -> Allocation:
    """Discard a proposed allocation."""
    with rules.DISCARD.apply_to(allocation, by=by, at=at):
        pass
    return allocation


@register_action(rules.UNDO)
def undo_allocation(allocation: Allocation, *, reason: str, by: Actor, at: datetime) -> Allocation:
    """Undo the whole allocation, with a reason.

    Returns the quantity to the offer and the line. An ordered allocation is refused: its order releases it.
    """
    with transaction.atomic():
        with rules.UNDO.apply_to(allocation, by=by, at=at, reason=reason) as row:
            _return_quantity(row, row.quantity)
        recalculate_offered_totals(allocation.lead)
    return allocation


@register_action(rules.REDUCE)
def reduce_allocation(
    allocation: Allocation, by_pieces: int, *, reason: str, by: Actor, at: datetime
) -> Allocation:
    """Reduce the allocation by some pieces. If no piece is left, undo it.

    Refuses less than one piece and more pieces than allocated.
    """
    if by_pieces == allocation.quantity:
        return undo_allocation(allocation, reason=reason, by=by, at=at)
    with transaction.atomic():
        with rules.REDUCE.apply_to(allocation, by=by, at=at, reason=reason, pieces=by_pieces) as row:
            if not 1 <= by_pieces < row.quantity:
                words = _("Enter a quantity of at least 1 and less than %(quantity)s.") % {
                    "quantity": LocalizedCount(row.quantity)
                }
                raise Refused("bad_quantity", words, field="by_pieces")
            _return_quantity(row, by_pieces)
            row.quantity -= by_pieces
        recalculate_offered_totals(allocation.lead)
    return allocation


def mark_ordered(
    allocation: Allocation, goods_match: GoodsMatchLevel, *, by: Actor, at: datetime
) -> Allocation:
    """Record that the allocation is part of an order. Called by the orders package.

    `goods_match` is how the goods match the line now: what the line asks for is no substitution any more.
    """
    with rules.MARK_ORDERED.apply_to(allocation, by=by, at=at) as row:
        row.goods_match = goods_match
        if not row.is_substitution:
            row.substitution_accepted_by_id = None
    return allocation


def undo_ordered_quantity(
    allocation: Allocation, pieces: int, *, reason: str, by: Actor, at: datetime
) -> Allocation:
    """Reduce an ordered allocation by some pieces, or undo it.

    Called by the orders and shipments packages, which update their own counters.
    """
    with transaction.atomic():
        whole = select_locked(allocation).quantity == pieces
        move = rules.UNDO_ORDERED if whole else rules.REDUCE_ORDERED
        with move.apply_to(allocation, by=by, at=at, reason=reason, pieces=pieces) as row:
            _return_quantity(row, pieces)
            if not whole:
                row.quantity -= pieces
        recalculate_offered_totals(allocation.lead)
    return allocation


def restore_ordered_quantity(
    allocation: Allocation, pieces: int, *, reason: str, by: Actor, at: datetime
) -> Allocation:
    """Give pieces back to an ordered allocation, after `undo_ordered_quantity` was called by mistake on receipt.

    Refuses if the pieces have been allocated elsewhere since.
    """
    with transaction.atomic():
        with rules.RESTORE_ORDERED.apply_to(allocation, by=by, at=at, reason=reason, pieces=pieces) as row:
            _allocate(row, pieces, above_free_quantity_refusal)
            row.quantity = pieces if row.status == Allocation.Status.UNDONE else row.quantity + pieces
        recalculate_offered_totals(allocation.lead)
    return allocation


def fulfil_allocation(allocation: Allocation, *, by: Actor, at: datetime) -> Allocation:
    """Record that the goods have arrived and passed inspection.

    Called by the shipments package when it closes a shipment.
    """
    with rules.FULFIL.apply_to(allocation, by=by, at=at):
        pass
    return allocation


def reduce_lead(
    lead: SupplierLead,
    cuts: Sequence[tuple[Allocation, int]],
    edit: LeadEdit,
    *,
    reason: str,
    by: Actor,
    at: datetime,
) -> SupplierLead:
    """Change facts of an offer so that it supplies less than is allocated.

    First releases pieces from the allocations that a person chose (`cuts`), then changes the facts. Refuses, and
    changes nothing, if too little is released.
    """
    with transaction.atomic():
        for allocation, pieces in sorted(cuts, key=lambda pair: pair[0].pk):
            reduce_allocation(allocation, pieces, reason=reason, by=by, at=at)
        fresh = SupplierLead.objects.get(pk=lead.pk)
        return change_lead(fresh, edit, by=by, at=at, reason=reason)


@register_action(WITHDRAW)
def withdraw_lead(lead: SupplierLead, *, reason: str, by: Actor, at: datetime) -> SupplierLead:
    """Withdraw the offer, with a reason, and undo its allocations.

    Refuses while some pieces are ordered, and if pieces were allocated at the same moment.
    """
    with transaction.atomic():
        raise_refusal(WITHDRAW.refusal(by, SupplierLead.objects.get(pk=lead.pk), at))
        released = gettext_noop("The offer was withdrawn.")
        confirmed = Allocation.objects.filter(lead=lead, status=Allocation.Status.CONFIRMED)
        for allocation in confirmed.order_by("pk"):  # before the offer is locked (docs/adr/0040)
            undo_allocation(allocation, reason=released, by=SYSTEM, at=at)
        withdrawn = mark_withdrawn(lead, reason=reason, by=by, at=at)
        if confirmed.exists():
            raise Refused("just_allocated", _("Part of this offer was allocated a moment ago. Try again."))
        return withdrawn


def set_criteria(
    line: RequestLine,
    points: Sequence[Criterion],
    *,
    author: ActingUser,
    by: Actor,
    at: datetime,
    reason: str = "",
) -> AllocationCriteria:
    """Set the criteria for judging the offers for a line. Earlier criteria stay on record as replaced.

    Refuses an actor who does not allocate for the city, and invalid criteria. Requires a reason if two offers
    have come in, pieces were allocated, or criteria were fixed before.
    """
    if not by.may(Power.ALLOCATE, line):
        raise Refused(NOT_ALLOWED, _("Only procurement officers of your city can set the criteria."))
    with transaction.atomic():
        row = select_locked(line)
        came = SupplierLead.objects.filter(line=row, city=row.city_id).exclude(
            status=SupplierLead.Status.DRAFT
        )
        before = AllocationCriteria.objects.in_effect().filter(line=row).first()
        counted = {"offers_in": came.count(), "promised": row.allocated}
        refused = invalid_criteria_refusal(points) or late_criteria_refusal(
            reason, before=before is not None, **counted
        )
        if refused is not None:
            raise refused
        if before is not None:
            before.replaced = True
            before.save(update_fields=["replaced"])
            entries.record(before, "replace", by=by, at=at, reason=reason, after={"replaced": True})
        given = [{"words": point.text.strip(), "weight": point.weight} for point in points]
        values = {"author": author, "fixed_at": at, "points": given, "reason": reason.strip()}
        fixed = AllocationCriteria.objects.create(city_id=row.city_id, line=row, **values, **counted)
        entries.record(fixed, "fix", by=by, at=at, reason=reason, after=entries.snapshot(fixed))
    return fixed


def undo_withdrawn_need_allocations(at: datetime) -> int:
    """Undo the allocations to withdrawn needs that are not ordered yet. Return their number."""
    reason = gettext_noop("The need was withdrawn.")
    moot = Allocation.objects.for_withdrawn_needs().order_by("pk")
    return process_due(moot, lambda allocation: undo_allocation(allocation, reason=reason, by=SYSTEM, at=at))


def allocation_counter_mismatches() -> list[tuple[str, int, int]]:
    """Return offers and need lines whose counter differs from the sum of their allocations.

    Each as (name, counter, sum). Empty unless there is a defect.
    """
    leads_of = SupplierLead.objects.annotate(promised=_allocated_quantity("lead")).exclude(
        allocated=F("promised")
    )
    lines_of = RequestLine.objects.annotate(promised=_allocated_quantity("line")).exclude(
        allocated=F("promised")
    )
    wrong: list[Any] = [*leads_of.order_by("pk"), *lines_of.select_related("supply_request").order_by("pk")]
    return [(str(row), row.allocated, row.promised) for row in wrong]


def _allocated_quantity(parent: str) -> Coalesce:
    """Return a subquery for the quantity allocated from an offer or to a line."""
    mine = (
        Allocation.objects.counted_against_offer()
        .filter(**{parent: OuterRef("pk")})
        .order_by()
        .values(parent)
    )
    return Coalesce(Subquery(mine.annotate(total=Sum("quantity")).values("total")), 0)


def _allocate(
    row: Allocation,
    quantity: int,
    refuse: Callable[[int, SupplierLead, RequestLine], Refused | None] = unfit_quantity_refusal,
) -> tuple[SupplierLead, RequestLine]:
    """Count pieces of the allocation against its offer and its line, and return both, locked."""
    lead, line = select_locked(row.lead), select_locked(row.line)
    refused = refuse(quantity, lead, line)
    if refused is not None:
        raise refused
    change_allocated_quantity(lead, quantity)
    add_to_line_counters(line, allocated=quantity)
    return lead, line


def _other_need_facts(allocation: Allocation) -> dict[str, str]:
    """Return the need for which the goods were offered and which still needs goods, as facts of a journal entry.

    Reads the offer again: an allocation a moment ago may have covered that need.
    """
    lead = SupplierLead.objects.select_related("line__supply_request").get(pk=allocation.lead_id)
    other = other_line_in_need(lead, allocation.line)
    return {} if other is None else {"offered_for": other.supply_request.reference}


def _compare_goods(row: Allocation, lead: SupplierLead, line: RequestLine, at: datetime) -> Refused | None:
    """Record on the allocation how the goods match the line, or return why they may not be allocated to it.

    Offer and line were locked and read again.
    """
    match = accepted_goods(line, at).match(lead.product, lead.standard)
    row.goods_match = match.level
    row.compared_goods = goods_code(lead.product, lead.standard)
    return unsuitable_goods_refusal(match, line, row.evidence)


def _return_quantity(row: Allocation, quantity: int) -> None:
    lead = select_locked(row.lead)
    change_allocated_quantity(lead, -quantity)
    add_to_line_counters(row.line, allocated=-quantity)
