"""When a part of a lead may be promised to a line, and when it is given back; and by what offers may be judged."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from partners.roles import Power
from procurement.allocations.models import Allocation
from procurement.leads.models.offer import SupplierLead
from procurement.leads.rules.leads import still_offered
from procurement.requests.models import RequestLine, SupplyRequest
from procurement.suppliers.rules.judgements import uninvolved
from workflow.actors import Actor
from workflow.errors import Refused
from workflow.moves import Move, Moves, first_refusal, not_ready, one_of
from workflow.tongues import Figure

MOST_POINTS, LONGEST_POINT = 12, 200


class Point(NamedTuple):
    """One thing offers are judged by: what, and how much it weighs in a hundred; without a weight it must hold."""

    words: str
    weight: int | None = None


def sound(points: Sequence[Point]) -> Refused | None:
    """Whether these can be judged by: each said once, and the weights, where there are any, make a hundred."""
    said = [point.words.strip().casefold() for point in points]
    weights = [point.weight for point in points if point.weight is not None]
    if not 1 <= len(points) <= MOST_POINTS or not all(said) or max(map(len, said)) > LONGEST_POINT:
        return Refused(
            "bad_criteria",
            _("Give one to twelve criteria, each in at most 200 characters."),
            field="points",
        )
    if len(set(said)) != len(said):
        return Refused("bad_criteria", _("Give each criterion once."), field="points")
    if any(weight < 1 for weight in weights) or (weights and sum(weights) != 100):
        words = _("The weights add up to %(total)s, not to 100.") % {"total": sum(weights)}
        return Refused("bad_criteria", words, total=sum(weights), field="points")
    return None


def in_time(reason: str, *, offers_in: int, promised: int, before: bool) -> Refused | None:
    """Before a second offer has come in nobody can have compared any; after that, and for other criteria, a reason is written."""
    if reason.strip() or not (before or offers_in > 1 or promised):
        return None
    words = (
        _("Other criteria need a written reason: it stands beside them for ever.")
        if before
        else _(
            "Offers have come in already. Say why the criteria are fixed only now: it stands beside them for ever."
        )
    )
    return Refused("reason_missing", words, field="reason")


def may_allocate(by: Actor, allocation: Allocation) -> bool:
    """Officers of the city."""
    return by.may(Power.ALLOCATE, allocation)


def may_promise(by: Actor, allocation: Allocation) -> bool | Refused:
    """Officers of the city, but nobody whom the company or its maker concerns."""
    lead = allocation.lead
    return may_allocate(by, allocation) and (uninvolved(by, lead.supplier_id, lead.maker_id) or True)


def may_order(by: Actor, allocation: Allocation) -> bool:
    """Officers of the city, when they order."""
    return by.may(Power.ORDER, allocation)


def may_see_in(by: Actor, allocation: Allocation) -> bool:
    """Whoever ships and receives for the city, when goods come in or do not."""
    return by.may(Power.RECEIVE, allocation) or by.may(Power.SHIP, allocation)


def may_give_back(by: Actor, allocation: Allocation) -> bool:
    """Officers; and whoever finds at the door that goods are missing, rejected or refused."""
    return (
        may_allocate(by, allocation) or by.may(Power.APPROVE, allocation) or by.may(Power.INSPECT, allocation)
    )


def allocatable(allocation: Allocation) -> Refused | None:
    """Only verified offers of what the line takes are promised: its product, or another where it takes alternatives; and only to a need
    that is open.
    """
    lead, line = allocation.lead, allocation.line
    need = line.supply_request
    return first_refusal(
        (
            _is_verified(lead),
            None
            if need.status == SupplyRequest.Status.OPEN
            else not_ready(_("%(need)s is not open.") % {"need": need.reference}),
            None
            if lead.city_id == line.city_id
            else not_ready(_("The offer was made to another city."), field="lead"),
            _fits(lead, line),
        )
    )


def not_past(allocation: Allocation, at: datetime) -> Refused | None:
    """Nothing more is promised of an offer whose last day has passed."""
    return still_offered(allocation.lead, at)


def _is_verified(lead: SupplierLead) -> Refused | None:
    if lead.status == SupplierLead.Status.VERIFIED:
        return None
    words = _("%(lead)s is not verified yet: it is at “%(status)s”.")
    return not_ready(words % {"lead": lead.reference, "status": lead.get_status_display()}, field="lead")


def _fits(lead: SupplierLead, line: RequestLine) -> Refused | None:
    if lead.product_id == line.product_id or line.alternatives_allowed:
        return None
    words = _("The line asks for %(asked)s, the offer is of %(offered)s, and alternatives are not welcome.")
    return not_ready(words % {"asked": line.product, "offered": lead.product}, field="lead")


def room(quantity: int, lead: SupplierLead, line: RequestLine) -> Refused | None:
    """Nothing is promised twice: no more than the lead has free, no more than the line still needs. Both rows locked."""
    if quantity > lead.free:
        words = _("%(lead)s has %(free)s free; asked for: %(asked)s.")
        figures = {"lead": lead.reference, "free": Figure(lead.free), "asked": Figure(quantity)}
        return Refused("not_enough_supply", words % figures, free=lead.free, asked=quantity, field="quantity")
    if quantity > line.uncovered:
        words = _("The line still needs %(uncovered)s; asked for: %(asked)s.")
        figures = {"uncovered": Figure(line.uncovered), "asked": Figure(quantity)}
        return Refused("more_than_needed", words % figures, **figures, field="quantity")
    return None


def enough(quantity: int, lead: SupplierLead, line: RequestLine) -> Refused | None:
    """There is room, and it is no less than the smallest order. Both rows locked."""
    refused = room(quantity, lead, line)
    if refused is not None:
        return refused
    if lead.min_order_quantity and quantity < lead.min_order_quantity:
        words = _("The smallest order is %(least)s.")
        figures = {"least": Figure(lead.min_order_quantity)}
        return Refused("below_minimum", words % figures, **figures, field="quantity")
    return None


PROPOSE = Move[Allocation](
    verb="propose",
    label=_("Propose"),
    past=_("proposed the allocation"),
    target=Allocation.Status.PROPOSED,
    allowed=may_promise,
    ready=allocatable,
    timely=not_past,
)
CONFIRM = Move[Allocation](
    verb="confirm",
    label=_("Confirm"),
    past=_("confirmed the allocation"),
    source=one_of(Allocation.Status.PROPOSED),
    target=Allocation.Status.CONFIRMED,
    allowed=may_promise,
    ready=allocatable,
    timely=not_past,
)
DROP = Move[Allocation](
    verb="drop",
    label=_("Drop"),
    past=_("dropped the proposal"),
    source=one_of(Allocation.Status.PROPOSED),
    target=Allocation.Status.DROPPED,
    allowed=may_allocate,
)
ORDER = Move[Allocation](
    verb="order",
    label=pgettext_lazy("a move", "Order"),
    past=_("put it into an order"),
    source=one_of(Allocation.Status.CONFIRMED),
    target=Allocation.Status.ORDERED,
    allowed=may_order,
)
LOWER = Move[Allocation](
    verb="lower",
    label=_("Give a part back"),
    past=_("gave a part back"),
    source=one_of(Allocation.Status.CONFIRMED),
    allowed=may_allocate,
    clock=True,
    reason=True,
)
RELEASE = Move[Allocation](
    verb="release",
    label=_("Give back"),
    past=_("gave it back"),
    source=one_of(Allocation.Status.CONFIRMED),
    target=Allocation.Status.RELEASED,
    allowed=may_allocate,
    clock=True,
    reason=True,
)
# What is ordered is given back through its order or shipment only, so that their figures follow; what was fulfilled, by a recall.
RETURN_PART = Move[Allocation](
    verb="return_part",
    label=_("Give a part of what was ordered back"),
    past=_("gave a part of what was ordered back"),
    source=one_of(Allocation.Status.ORDERED, Allocation.Status.FULFILLED),
    allowed=may_give_back,
    clock=True,
    reason=True,
)
RETURN_ALL = Move[Allocation](
    verb="return_all",
    label=_("Give back what was ordered"),
    past=_("gave back what was ordered"),
    source=one_of(Allocation.Status.ORDERED, Allocation.Status.FULFILLED),
    target=Allocation.Status.RELEASED,
    allowed=may_give_back,
    clock=True,
    reason=True,
)
PROMISE_AGAIN = Move[Allocation](
    verb="promise_again",
    label=_("Promise again"),
    past=_("promised again what was given back"),
    source=one_of(Allocation.Status.ORDERED, Allocation.Status.RELEASED),
    target=Allocation.Status.ORDERED,
    allowed=may_see_in,
    reason=True,
)
FULFIL = Move[Allocation](
    verb="fulfil",
    label=_("Fulfilled"),
    past=_("saw it fulfilled"),
    source=one_of(Allocation.Status.ORDERED),
    target=Allocation.Status.FULFILLED,
    allowed=may_see_in,
)

MOVES = Moves(
    Allocation,
    PROPOSE,
    CONFIRM,
    DROP,
    ORDER,
    LOWER,
    RELEASE,
    RETURN_PART,
    RETURN_ALL,
    PROMISE_AGAIN,
    FULFIL,
    ends={
        Allocation.Status.DROPPED: "never counted",
        Allocation.Status.RELEASED: "given back to the lead and the line",
        Allocation.Status.FULFILLED: "the goods are there; given back only where they are recalled",
    },
)
