"""Moves of an allocation with their permissions and conditions, and rules for criteria."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from partners.powers import Power
from procurement.allocations.models import Allocation
from procurement.leads.models.leads import SupplierLead
from procurement.leads.rules.leads import expired_offer_refusal
from procurement.requests.alternatives.rules import GoodsMatch
from procurement.requests.models import RequestLine, SupplyRequest
from procurement.suppliers.rules.statuses import person_with_interest_refusal
from workflow.actors import Actor
from workflow.errors import Refused
from workflow.i18n import LocalizedCount
from workflow.moves import Move, Moves, first_refusal, not_ready_refusal, one_of

MAX_POINTS, MAX_POINT_LENGTH = 12, 200


class Criterion(NamedTuple):
    """One criterion for judging offers, as a text (`text`).

    `weight` is in per cent; a criterion without a weight must be met.
    """

    text: str
    weight: int | None = None


def invalid_criteria_refusal(points: Sequence[Criterion]) -> Refused | None:
    """Refuse invalid criteria: too many, too long or repeated ones, or weights whose sum is not 100."""
    texts = [point.text.strip().casefold() for point in points]
    weights = [point.weight for point in points if point.weight is not None]
    if not 1 <= len(points) <= MAX_POINTS or not all(texts) or max(map(len, texts)) > MAX_POINT_LENGTH:
        return Refused(
            "bad_criteria",
            _("Enter one to twelve criteria of up to 200 characters each."),
            field="points",
        )
    if len(set(texts)) != len(texts):
        return Refused("bad_criteria", _("Enter each criterion only once."), field="points")
    if any(weight < 1 for weight in weights) or (weights and sum(weights) != 100):
        words = _("The weights add up to %(total)s instead of 100.") % {"total": sum(weights)}
        return Refused("bad_criteria", words, total=sum(weights), field="points")
    return None


def late_criteria_refusal(reason: str, *, offers_in: int, promised: int, before: bool) -> Refused | None:
    """Refuse criteria without a reason if they are set late or replace earlier ones.

    Before a second offer has come in, offers cannot be compared, so no reason is needed.
    """
    if reason.strip() or not (before or offers_in > 1 or promised):
        return None
    words = (
        _("To change the criteria, enter a reason. The reason stays on record.")
        if before
        else _(
            "Offers have already come in. Enter the reason for setting the criteria now. The reason stays "
            "on record."
        )
    )
    return Refused("reason_missing", words, field="reason")


def may_allocate(by: Actor, allocation: Allocation) -> bool:
    """Return True for officers of the city."""
    return by.may(Power.ALLOCATE, allocation)


def may_allocate_lead(by: Actor, allocation: Allocation) -> bool | Refused:
    """Return True for officers of the city, else False or a refusal.

    Refuses an actor with a declared interest in the supplier or the manufacturer.
    """
    lead = allocation.lead
    return may_allocate(by, allocation) and (
        person_with_interest_refusal(by, lead.supplier_id, lead.maker_id) or True
    )


def may_order(by: Actor, allocation: Allocation) -> bool:
    """Return True for officers of the city who may order."""
    return by.may(Power.ORDER, allocation)


def may_record_arrival(by: Actor, allocation: Allocation) -> bool:
    """Return True for users who ship or receive goods for the city."""
    return by.may(Power.RECEIVE, allocation) or by.may(Power.SHIP, allocation)


def may_undo_allocation(by: Actor, allocation: Allocation) -> bool:
    """Return True for officers who allocate or approve, and for users who inspect received goods.

    Inspectors find goods that are missing or rejected.
    """
    return (
        may_allocate(by, allocation) or by.may(Power.APPROVE, allocation) or by.may(Power.INSPECT, allocation)
    )


def unsuitable_offer_refusal(allocation: Allocation) -> Refused | None:
    """Refuse an offer that cannot be allocated to the line.

    The offer must be verified and made to the line's city, and the need must be open.
    """
    lead, line = allocation.lead, allocation.line
    need = line.supply_request
    return first_refusal(
        (
            _refuse_unverified(lead),
            None
            if need.status == SupplyRequest.Status.OPEN
            else not_ready_refusal(_("%(need)s is not open.") % {"need": need.reference}),
            None
            if lead.city_id == line.city_id
            else not_ready_refusal(_("The offer was made to another city."), field="lead"),
        )
    )


def expired_lead_refusal(allocation: Allocation, at: datetime) -> Refused | None:
    """Refuse an offer whose last day has passed."""
    return expired_offer_refusal(allocation.lead, at)


def _refuse_unverified(lead: SupplierLead) -> Refused | None:
    if lead.status == SupplierLead.Status.VERIFIED:
        return None
    words = _("%(lead)s is not verified yet. Its status is “%(status)s”.")
    return not_ready_refusal(
        words % {"lead": lead.reference, "status": lead.get_status_display()}, field="lead"
    )


def above_free_quantity_refusal(quantity: int, lead: SupplierLead, line: RequestLine) -> Refused | None:
    """Refuse more pieces than the offer has free or the line still needs. Both rows are locked."""
    if quantity > lead.free_quantity:
        words = _("%(lead)s has %(free)s available, but you entered %(asked)s.")
        figures = {
            "lead": lead.reference,
            "free": LocalizedCount(lead.free_quantity),
            "asked": LocalizedCount(quantity),
        }
        return Refused(
            "not_enough_supply", words % figures, free=lead.free_quantity, asked=quantity, field="quantity"
        )
    if quantity > line.unallocated_quantity:
        words = _("The line still needs %(uncovered)s, but you entered %(asked)s.")
        figures = {"uncovered": LocalizedCount(line.unallocated_quantity), "asked": LocalizedCount(quantity)}
        return Refused("more_than_needed", words % figures, **figures, field="quantity")
    return None


def unfit_quantity_refusal(quantity: int, lead: SupplierLead, line: RequestLine) -> Refused | None:
    """Refuse a quantity above what is free (`above_free_quantity_refusal`) or below the minimum order.

    The caller holds the locks of both rows.
    """
    refused = above_free_quantity_refusal(quantity, lead, line)
    if refused is not None:
        return refused
    if lead.min_order_quantity and quantity < lead.min_order_quantity:
        words = _("The minimum order is %(least)s.")
        figures = {"least": LocalizedCount(lead.min_order_quantity)}
        return Refused("below_minimum", words % figures, **figures, field="quantity")
    return None


def other_line_in_need(lead: SupplierLead, line: RequestLine) -> RequestLine | None:
    """Return the line of another open need for which the offer was made, if it still needs goods, else None."""
    if lead.line_id == line.pk or lead.line is None:
        return None
    if lead.line.supply_request_id == line.supply_request_id:
        return None
    is_open = lead.line.supply_request.status == SupplyRequest.Status.OPEN
    return lead.line if is_open and lead.line.unallocated_quantity else None


def spare_quantity(line: RequestLine) -> int:
    """Return how many pieces of the offers verified for a line it does not need any more.

    More than these cannot go to another need without leaving this one short.
    """
    return max(0, line.verified_free - line.unallocated_quantity)


def unexplained_shortage_refusal(
    quantity: int, lead: SupplierLead, line: RequestLine, reason: str
) -> Refused | None:
    """Refuse to leave another need short without a reason, else return None."""
    other = other_line_in_need(lead, line)
    if other is None or reason.strip() or quantity <= spare_quantity(other):
        return None
    words = _(
        "%(lead)s was offered for %(need)s, which still needs %(open)s. Enter the reason for allocating these goods to "
        "another need. Your name and the reason are recorded."
    )
    figures = {
        "lead": lead.reference,
        "need": other.supply_request.reference,
        "open": LocalizedCount(other.unallocated_quantity),
    }
    return Refused("reason_missing", words % figures, field="reason")


class OfferForLine(NamedTuple):
    """A need line, an offer that could serve it, and how well its goods match the line."""

    line: RequestLine
    lead: SupplierLead
    match: GoodsMatch

    @property
    def key(self) -> tuple[int, int]:
        """Ids of the line and the offer."""
        return self.line.pk, self.lead.pk

    @property
    def other_line(self) -> RequestLine | None:
        """The line of another open need for which the offer was made, if it still needs goods."""
        return other_line_in_need(self.lead, self.line)


def suggested_quantities(pairs: Sequence[OfferForLine]) -> dict[tuple[int, int], int]:
    """Return the quantity to propose for each pair, by the ids of its line and offer.

    Pairs without a proposal are left out. The quantity is the smaller of what is left of the offer and of what the
    line still needs. The goods that the line prefers come first, then offers made for the line, then the lowest landed
    cost. Goods that do not count in full are not proposed, nor are a quantity below the minimum order and pieces that
    would leave another need short.
    """
    proposed: dict[tuple[int, int], int] = {}
    needed = {pair.line.pk: pair.line.unallocated_quantity for pair in pairs}
    free = {pair.lead.pk: pair.lead.free_quantity for pair in pairs}
    spare = {other.pk: spare_quantity(other) for pair in pairs if (other := pair.other_line) is not None}
    for pair in sorted(pairs, key=preference_key):
        other = pair.other_line
        quantity = min(free[pair.lead.pk], needed[pair.line.pk])
        if other is not None:
            quantity = min(quantity, spare[other.pk])
        if pair.match.counts_in_full and quantity >= max(pair.lead.min_order_quantity, 1):
            proposed[pair.key] = quantity
            free[pair.lead.pk] -= quantity
            needed[pair.line.pk] -= quantity
            if other is not None:
                spare[other.pk] -= quantity
    return proposed


def preference_key(pair: OfferForLine) -> tuple[int, bool, Decimal, int]:
    """Return the key by which pairs are sorted, the preferred one first: see `suggested_quantities`."""
    lead = pair.lead
    cost = lead.landed.get("arrived") or lead.price_in_city_currency
    if lead.kind == SupplierLead.Kind.DONATION:
        cost = 0
    cost_key = Decimal("Infinity") if cost is None else Decimal(cost)
    return pair.match.preference, lead.line_id != pair.line.pk, cost_key, lead.pk


PROPOSE = Move[Allocation](
    verb="propose",
    label=_("Propose allocation"),
    past_tense=_("proposed the allocation"),
    target=Allocation.Status.PROPOSED,
    allowed=may_allocate_lead,
    ready=unsuitable_offer_refusal,
    date_condition=expired_lead_refusal,
)
CONFIRM = Move[Allocation](
    verb="confirm",
    label=_("Confirm allocation"),
    past_tense=_("confirmed the allocation"),
    source=one_of(Allocation.Status.PROPOSED),
    target=Allocation.Status.CONFIRMED,
    allowed=may_allocate_lead,
    ready=unsuitable_offer_refusal,
    date_condition=expired_lead_refusal,
    undo_verb="undo",
)
DISCARD = Move[Allocation](
    verb="discard",
    label=_("Discard proposal"),
    past_tense=_("discarded the proposal"),
    source=one_of(Allocation.Status.PROPOSED),
    target=Allocation.Status.DISCARDED,
    allowed=may_allocate,
)
MARK_ORDERED = Move[Allocation](
    verb="order",
    label=pgettext_lazy("a move", "Order allocated goods"),
    past_tense=_("added the allocation to an order"),
    source=one_of(Allocation.Status.CONFIRMED),
    target=Allocation.Status.ORDERED,
    allowed=may_order,
)
REDUCE = Move[Allocation](
    verb="reduce",
    label=_("Reduce allocation"),
    past_tense=_("reduced the allocation"),
    source=one_of(Allocation.Status.CONFIRMED),
    allowed=may_allocate,
    allowed_for_system=True,
    requires_reason=True,
)
UNDO = Move[Allocation](
    verb="undo",
    label=_("Undo allocation"),
    past_tense=_("undid the allocation"),
    source=one_of(Allocation.Status.CONFIRMED),
    target=Allocation.Status.UNDONE,
    allowed=may_allocate,
    allowed_for_system=True,
    requires_reason=True,
)
# Ordered pieces are released only by the order or shipment, whose figures must follow; fulfilled ones by a recall.
REDUCE_ORDERED = Move[Allocation](
    verb="return_part",
    label=_("Reduce ordered allocation"),
    past_tense=_("reduced the ordered allocation"),
    source=one_of(Allocation.Status.ORDERED, Allocation.Status.FULFILLED),
    allowed=may_undo_allocation,
    allowed_for_system=True,
    requires_reason=True,
)
UNDO_ORDERED = Move[Allocation](
    verb="return_all",
    label=_("Undo ordered allocation"),
    past_tense=_("undid the ordered allocation"),
    source=one_of(Allocation.Status.ORDERED, Allocation.Status.FULFILLED),
    target=Allocation.Status.UNDONE,
    allowed=may_undo_allocation,
    allowed_for_system=True,
    requires_reason=True,
)
RESTORE_ORDERED = Move[Allocation](
    verb="reallocate",
    label=_("Restore allocation"),
    past_tense=_("restored the allocation"),
    source=one_of(Allocation.Status.ORDERED, Allocation.Status.UNDONE),
    target=Allocation.Status.ORDERED,
    allowed=may_record_arrival,
    requires_reason=True,
)
FULFIL = Move[Allocation](
    verb="fulfil",
    label=_("Mark as fulfilled"),
    past_tense=_("marked the allocation as fulfilled"),
    source=one_of(Allocation.Status.ORDERED),
    target=Allocation.Status.FULFILLED,
    allowed=may_record_arrival,
)

ALLOCATION_MOVES = Moves(
    Allocation,
    PROPOSE,
    CONFIRM,
    DISCARD,
    MARK_ORDERED,
    REDUCE,
    UNDO,
    REDUCE_ORDERED,
    UNDO_ORDERED,
    RESTORE_ORDERED,
    FULFIL,
    ends={
        Allocation.Status.DISCARDED: "never counted",
        Allocation.Status.UNDONE: "returned to the offer and the need line",
        Allocation.Status.FULFILLED: "the goods arrived; undone only by a recall",
    },
)
