"""The life of an order: bought, or given. Who may write, approve, accept, place, complete and end it."""

from itertools import takewhile
from typing import cast

from django.utils.translation import gettext_lazy as _

from partners.roles import Power
from partners.rules.held import StandIn
from partners.rules.powers import Powers
from procurement.catalogue.models.facts import Dealing
from procurement.orders.models.order import Order
from procurement.orders.rules import gates
from procurement.orders.rules.gates import (
    above_limit,
    companies_of,
    in_time,
    nothing_on_the_way,
    passes_gates,
    something_to_override,
    uninvolved_in,
    verifiers_of,
)
from procurement.suppliers.models.judgement import Interest
from workflow.actors import Actor
from workflow.errors import NOT_ALLOWED, Refused
from workflow.journal.entries import history_of
from workflow.moves import Move, Moves, one_of

WRITTEN = (
    "draft",
    "offer",
    "edit",
    "share",
    "use_account",
)  # the verbs by which an order comes to say what it says
_AUTHORS = "_authors"  # under which name an order keeps them


def may_order(by: Actor, order: Order) -> bool:
    """Officers of the city that orders."""
    return by.may(Power.ORDER, order)


def may_buy(by: Actor, order: Order) -> bool:
    """Officers, about a purchase."""
    return order.kind == Dealing.PURCHASE and may_order(by, order)


def may_write(by: Actor, order: Order) -> bool | Refused:
    """Officers, about a purchase of a company that does not concern them."""
    return may_buy(by, order) and _uninvolved(by, order)


def may_commit(by: Actor, order: Order) -> bool | Refused:
    """Officers, where the company does not concern them."""
    return may_order(by, order) and _uninvolved(by, order)


def _uninvolved(by: Actor, order: Order) -> bool | Refused:
    return uninvolved_in(by, order) or True


def may_take(by: Actor, order: Order) -> bool:
    """Officers, about a gift."""
    return order.kind == Dealing.DONATION and may_order(by, order)


def may_see_in(by: Actor, order: Order) -> bool:
    """Officers; and whoever ships or receives the goods, when the last of them are in."""
    return may_order(by, order) or by.may(Power.SHIP, order) or by.may(Power.RECEIVE, order)


def second_person(by: Actor, order: Order) -> bool | Refused:
    """An approver who neither wrote nor changed the order, nor verified an offer it rests on or accepted a report on one, and whom the
    company does not concern.
    """
    if not by.may(Power.APPROVE, order):
        return False
    if by.user_id in authors_of(order):
        words = _("You wrote this order or changed it, so somebody else decides on it.")
        return Refused(NOT_ALLOWED, words, show=True)
    if by.user_id in verifiers_of(order):
        words = _(
            "You verified an offer in this order, or accepted a report on one, so somebody else decides on it."
        )
        return Refused(NOT_ALLOWED, words, show=True)
    if covering(by, order) and stand_in(by, order) is None:
        words = _(
            "You stand in for somebody who had a hand in this order, or whom the company concerns, so somebody else decides on it."
        )
        return Refused(NOT_ALLOWED, words, show=True)
    return _uninvolved(by, order)


def authors_of(order: Order) -> frozenset[int]:
    """Who wrote an order, and whoever changed its sums, terms, shares or account before it was decided on, by user id. Of a gift that
    was accepted a change is a decision of its own (`may_revalue`).

    Read once for an order as it was read: its moves all ask. A move reads its own order under the lock.
    """
    known = vars(order)
    if _AUTHORS not in known:
        told = history_of(order).filter(verb__in=(*WRITTEN, "accept")).order_by("pk")
        written = takewhile(lambda entry: entry[0] != "accept", told.values_list("verb", "by"))
        known[_AUTHORS] = frozenset({order.author_id, *(by for _verb, by in written if by is not None)})
    return cast("frozenset[int]", known[_AUTHORS])


def covering(by: Actor, order: Order) -> list[StandIn]:
    """For whom this person approves today in the city that orders; nobody, where they are its approver themselves."""
    stands = by.stands_in if isinstance(by, Powers) else ()
    return [one for one in stands if one.city_id == order.city_id]


def stand_in(by: Actor, order: Order) -> StandIn | None:
    """In whose place they decide: of those who are away, the first who neither wrote or changed the order nor verified an offer in it,
    and whom the company does not concern.

    A deputy is no second person where whoever they stand in for would be none.
    """
    touched = {*authors_of(order), *verifiers_of(order)} if covering(by, order) else set()
    free = [one for one in covering(by, order) if one.giver_id not in touched]
    companies = [company.pk for company in companies_of(order)] if free else []
    return next((one for one in free if not Interest.objects.between(one.giver_id, *companies)), None)


def may_approve(by: Actor, order: Order) -> bool | Refused:
    """Its author, while it is a draft (below the limit: see `gates.approvable`); an approver, once it was handed in."""
    if order.status == Order.Status.DRAFT:
        return by.user_id == order.author_id and may_commit(by, order)
    return second_person(by, order)


def may_return(by: Actor, order: Order) -> bool:
    """An approver sends it back; its author takes it back."""
    return by.may(Power.APPROVE, order) or (by.user_id == order.author_id and may_order(by, order))


def may_edit(by: Actor, order: Order) -> bool | Refused:
    """Officers; and of a gift that was accepted, an approver who had no hand in it: above the limit its value is theirs to enter."""
    return may_order(by, order) or (order.status == Order.Status.ACCEPTED and second_person(by, order))


def may_revalue(by: Actor, order: Order) -> Refused | None:
    """Who may raise the value of an accepted gift: below the city's limit an officer; above it, who might accept it there."""
    if not above_limit(order) or second_person(by, order) is True:
        return None
    words = _("With this the gift is above your city's limit. An approver who had no hand in it enters it.")
    return Refused("above_limit", words, field="unit_values")


def may_accept(by: Actor, order: Order) -> bool | Refused:
    """Officers, below the city's limit; above it, or where the value is not known, an approver who had no hand in it."""
    if not may_order(by, order):
        return second_person(by, order)
    if above_limit(order):
        return Refused(
            NOT_ALLOWED, _("This gift is above your city's limit. An approver accepts it."), show=True
        )
    return _uninvolved(by, order)


DRAFT = Move[Order](
    verb="draft",
    label=_("Write an order"),
    past=_("wrote the order"),
    target=Order.Status.DRAFT,
    allowed=may_write,
)
OFFER = Move[Order](
    verb="offer",
    label=_("Enter a gift"),
    past=_("entered the gift"),
    target=Order.Status.OFFERED,
    allowed=may_take,
)
EDIT = Move[Order](
    verb="edit",
    label=_("Change"),
    past=_("changed the order"),
    source=one_of(Order.Status.DRAFT, Order.Status.OFFERED, Order.Status.ACCEPTED),
    allowed=may_edit,
)
SHARE = Move[Order](
    verb="share",
    label=_("Divide the payments"),
    past=_("divided the payments otherwise"),
    source=one_of(Order.Status.DRAFT),
    allowed=may_write,
)
USE_ACCOUNT = Move[Order](
    verb="use_account",
    label=_("Choose the account to pay into"),
    past=_("chose the account to pay into"),
    source=one_of(
        Order.Status.DRAFT,
        Order.Status.AWAITING_APPROVAL,
        Order.Status.APPROVED,
        Order.Status.PLACED,
        Order.Status.CONFIRMED,
        Order.Status.READY,
    ),
    allowed=may_write,
    reason=True,
)
SUBMIT = Move[Order](
    verb="submit",
    label=_("Send to an approver"),
    past=_("sent the order to an approver"),
    source=one_of(Order.Status.DRAFT),
    target=Order.Status.AWAITING_APPROVAL,
    allowed=may_commit,
    ready=gates.complete,
)
RETURN = Move[Order](
    verb="return",
    label=_("Send back"),
    past=_("sent the order back"),
    source=one_of(Order.Status.AWAITING_APPROVAL),
    target=Order.Status.DRAFT,
    allowed=may_return,
    reason=True,
)
OVERRIDE = Move[Order](
    verb="override",
    label=_("Order in spite of it"),
    past=_("decided to order in spite of what stood in the way"),
    source=one_of(
        Order.Status.DRAFT, Order.Status.AWAITING_APPROVAL, Order.Status.APPROVED, Order.Status.OFFERED
    ),
    allowed=second_person,
    ready=something_to_override,
    reason=True,
)
APPROVE = Move[Order](
    verb="approve",
    label=_("Approve"),
    past=_("approved the order"),
    source=one_of(Order.Status.DRAFT, Order.Status.AWAITING_APPROVAL),
    target=Order.Status.APPROVED,
    allowed=may_approve,
    ready=gates.approvable,
    timely=in_time,
)
PLACE = Move[Order](
    verb="place",
    label=_("Place the order"),
    past=_("placed the order"),
    source=one_of(Order.Status.APPROVED),
    target=Order.Status.PLACED,
    allowed=may_commit,
    ready=passes_gates,
    timely=in_time,
)
CONFIRM = Move[Order](
    verb="confirm",
    label=_("Confirmed by the supplier"),
    past=_("noted the supplier's confirmation"),
    source=one_of(Order.Status.PLACED),
    target=Order.Status.CONFIRMED,
    allowed=may_order,
)
ACCEPT = Move[Order](
    verb="accept",
    label=_("Accept the gift"),
    past=_("accepted the gift"),
    source=one_of(Order.Status.OFFERED),
    target=Order.Status.ACCEPTED,
    allowed=may_accept,
    ready=passes_gates,
    timely=in_time,
)
DECLINE = Move[Order](
    verb="decline",
    label=_("Decline with thanks"),
    past=_("declined the gift with thanks"),
    source=one_of(Order.Status.OFFERED),
    target=Order.Status.DECLINED,
    allowed=may_order,
    clock=True,
    reason=True,
)
SHORTEN = Move[Order](
    verb="shorten",
    label=_("Order fewer"),
    past=_("ordered fewer"),
    source=one_of(Order.Status.PLACED, Order.Status.CONFIRMED, Order.Status.ACCEPTED, Order.Status.READY),
    allowed=may_order,
    reason=True,
)
READY = Move[Order](
    verb="ready",
    label=_("The goods are ready"),
    past=_("noted that the goods are ready"),
    source=one_of(Order.Status.CONFIRMED, Order.Status.ACCEPTED),
    target=Order.Status.READY,
    allowed=may_order,
    ready=gates.valued,
)
COMPLETE = Move[Order](
    verb="complete",
    label=_("Complete"),
    past=_("completed the order"),
    source=one_of(Order.Status.READY),
    target=Order.Status.COMPLETED,
    allowed=may_see_in,
    ready=gates.settled,
)
THANK = Move[Order](
    verb="thank",
    label=_("Thank them"),
    past=_("thanked for the gift"),
    source=one_of(Order.Status.COMPLETED),
    target=Order.Status.THANKED,
    allowed=may_take,
)
CANCEL = Move[Order](
    verb="cancel",
    label=_("Cancel"),
    past=_("cancelled the order"),
    source=one_of(
        Order.Status.DRAFT,
        Order.Status.AWAITING_APPROVAL,
        Order.Status.APPROVED,
        Order.Status.PLACED,
        Order.Status.CONFIRMED,
        Order.Status.ACCEPTED,
    ),
    target=Order.Status.CANCELLED,
    allowed=may_order,
    clock=True,
    reason=True,
)
LOSE = Move[Order](
    verb="lose",
    label=_("Give up as lost"),
    past=_("gave the order up as lost"),
    source=one_of(Order.Status.PLACED, Order.Status.CONFIRMED, Order.Status.ACCEPTED, Order.Status.READY),
    target=Order.Status.LOST,
    allowed=may_see_in,
    ready=nothing_on_the_way,
    reason=True,
)

ORDER_MOVES = Moves(
    Order,
    DRAFT,
    OFFER,
    EDIT,
    SHARE,
    USE_ACCOUNT,
    SUBMIT,
    RETURN,
    OVERRIDE,
    APPROVE,
    PLACE,
    CONFIRM,
    ACCEPT,
    DECLINE,
    SHORTEN,
    READY,
    COMPLETE,
    THANK,
    CANCEL,
    LOSE,
    ends={
        Order.Status.COMPLETED: "everything is released here; a gift is still thanked for",
        Order.Status.THANKED: "the giver has our thanks",
        Order.Status.DECLINED: "a no with thanks is an answer",
        Order.Status.CANCELLED: "its promises were given back",
        Order.Status.LOST: "never came; its promises were given back",
    },
)
