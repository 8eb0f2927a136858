"""Moves of an order, for purchases and donations: who may write, approve, accept, place and end one."""

from itertools import takewhile
from typing import cast

from django.utils.translation import gettext_lazy as _

from partners.permissions.permissions import ActiveDelegation, Permissions
from partners.powers import Power
from procurement.catalogue.models.reference_rows import AcquisitionType
from procurement.orders.models import Order
from procurement.orders.rules import blockers
from procurement.orders.rules.blockers import (
    companies_of,
    donation_without_value_refusal,
    goods_in_transit_refusal,
    interest_in_order_refusal,
    is_above_approval_limit,
    missing_reason_refusal,
    needless_override_refusal,
    open_blocker_refusal,
    ready_goods_in_shipment_refusal,
    unavailable_goods_refusal,
    unsettled_pieces_refusal,
    verifiers_of,
)
from procurement.orders.rules.holds import (
    may_decide_on_hold,
    may_hold,
    nothing_to_hold_refusal,
    order_not_on_hold_refusal,
)
from procurement.suppliers.models.statuses import InterestDeclaration
from workflow.actors import Actor
from workflow.errors import NOT_ALLOWED, Refused
from workflow.journal.entries import history_of
from workflow.moves import Move, Moves, one_of, system_only

AUTHORING_VERBS = (
    "draft",
    "offer",
    "edit",
    "share",
    "use_account",
)  # moves that write the content of an order
_AUTHORS_CACHE = "_authors"  # attribute that caches the authors on the order


def may_order(by: Actor, order: Order) -> bool:
    """Return True for officers of the ordering city."""
    return by.may(Power.ORDER, order)


def may_record_confirmation(by: Actor, order: Order) -> bool:
    """Return True for officers of the ordering city, and for the supplier that answers by the order's link."""
    return may_order(by, order) or by.may(Power.CONFIRM_ORDER, order)


def may_handle_purchase(by: Actor, order: Order) -> bool:
    """Return True for officers, if the order is a purchase."""
    return order.kind == AcquisitionType.PURCHASE and may_order(by, order)


def may_write_purchase(by: Actor, order: Order) -> bool | Refused:
    """Return True for officers without an interest in the company, if the order is a purchase."""
    return may_handle_purchase(by, order) and _may_without_interest(by, order)


def may_handle_without_interest(by: Actor, order: Order) -> bool | Refused:
    """Return True for officers without an interest in the company."""
    return may_order(by, order) and _may_without_interest(by, order)


def _may_without_interest(by: Actor, order: Order) -> bool | Refused:
    return interest_in_order_refusal(by, order) or True


def may_handle_donation(by: Actor, order: Order) -> bool:
    """Return True for officers, if the order is a donation."""
    return order.kind == AcquisitionType.DONATION and may_order(by, order)


def may_enter_donation(by: Actor, order: Order) -> bool | Refused:
    """Return True for officers without an interest in the company, if the order is a donation."""
    return may_handle_donation(by, order) and _may_without_interest(by, order)


def may_record_arrival(by: Actor, order: Order) -> bool:
    """Return True for officers and for people who ship or receive the goods."""
    return may_order(by, order) or by.may(Power.SHIP, order) or by.may(Power.RECEIVE, order)


def may_decide_as_second_person(by: Actor, order: Order) -> bool | Refused:
    """Return True for an approver who is a second pair of eyes, else False or a refusal.

    Refuses people who wrote or changed the order, verified one of its offers or accepted a report on one,
    and people with an interest in the company. A delegate is refused too if the absent approver would be.
    """
    if not by.may(Power.APPROVE, order):
        return False
    if by.user_id in authors_of(order):
        words = _("You created or changed this order, so someone else must decide on it.")
        return Refused(NOT_ALLOWED, words, show=True)
    if by.user_id in verifiers_of(order):
        words = _(
            "You verified an offer in this order or accepted a report on one, so someone else "
            "must decide on it."
        )
        return Refused(NOT_ALLOWED, words, show=True)
    if delegations_for_order(by, order) and delegation_for_decision(by, order) is None:
        words = _(
            "The person you act for took part in this order or has an interest in the company. "
            "Someone else must decide on it."
        )
        return Refused(NOT_ALLOWED, words, show=True)
    return _may_without_interest(by, order)


def authors_of(order: Order) -> frozenset[int]:
    """Return the ids of users who wrote the order or changed it before the decision.

    A change of sums, terms, shares or account counts. A change to an accepted donation is a decision of its
    own (`revaluation_refusal`). Read once per order object, since all its moves need it. A move reads its own order
    under the lock.
    """
    known = vars(order)
    if _AUTHORS_CACHE not in known:
        entries = history_of(order).filter(verb__in=(*AUTHORING_VERBS, "accept")).order_by("pk")
        written = takewhile(lambda entry: entry[0] != "accept", entries.values_list("verb", "by"))
        known[_AUTHORS_CACHE] = frozenset({order.author_id, *(by for _verb, by in written if by is not None)})
    return cast("frozenset[int]", known[_AUTHORS_CACHE])


def delegations_for_order(by: Actor, order: Order) -> list[ActiveDelegation]:
    """Return the delegations under which the actor approves for the ordering city today.

    Empty for an approver of the city.
    """
    delegations = by.delegations if isinstance(by, Permissions) else ()
    return [one for one in delegations if one.city_id == order.city_id]


def delegation_for_decision(by: Actor, order: Order) -> ActiveDelegation | None:
    """Return the delegation under which the actor may decide, or None.

    It is the first one whose absent approver neither wrote or changed the order nor verified one of its
    offers, and has no declared interest in the company. A delegate may not decide where that approver may not.
    """
    touched = {*authors_of(order), *verifiers_of(order)} if delegations_for_order(by, order) else set()
    free = [one for one in delegations_for_order(by, order) if one.delegator_id not in touched]
    companies = [company.pk for company in companies_of(order)] if free else []
    return next(
        (
            one
            for one in free
            if not InterestDeclaration.objects.has_interest_in(one.delegator_id, *companies)
        ),
        None,
    )


def may_approve(by: Actor, order: Order) -> bool | Refused:
    """Return True for the author of a draft, and for a second person once the order is submitted.

    `blockers.approval_refusal` limits the author to orders below the approval limit.
    """
    if order.status == Order.Status.DRAFT:
        return by.user_id == order.author_id and may_handle_without_interest(by, order)
    return may_decide_as_second_person(by, order)


def may_return(by: Actor, order: Order) -> bool:
    """Return True for an approver, and for the author, who may take the order back."""
    return by.may(Power.APPROVE, order) or (by.user_id == order.author_id and may_order(by, order))


def may_resume(by: Actor, order: Order) -> bool | Refused:
    """Return True for officers and approvers without an interest in the company."""
    return may_decide_on_hold(by, order) and _may_without_interest(by, order)


def may_edit(by: Actor, order: Order) -> bool | Refused:
    """Return True if the actor may change the terms of the order.

    Officers may, and the terms of an accepted donation may also be changed by a second person (an approver
    who had no part in it). People with an interest in the company may not. `revaluation_refusal` adds that
    only the second person may raise the value of an accepted donation above the approval limit.
    """
    return may_handle_without_interest(by, order) or (
        order.status == Order.Status.ACCEPTED and may_decide_as_second_person(by, order)
    )


def revaluation_refusal(by: Actor, order: Order) -> Refused | None:
    """Return a refusal if the actor may not raise an accepted donation to its new value, else None.

    Below the approval limit an officer may; above it, only an approver who had no part in the donation.
    """
    if not is_above_approval_limit(order) or may_decide_as_second_person(by, order) is True:
        return None
    words = _(
        "With this change, the donation is above your city’s approval limit, so an approver who took no part "
        "in it must enter it."
    )
    return Refused("above_limit", words, field="unit_values")


def may_accept(by: Actor, order: Order) -> bool | Refused:
    """Return True for officers below the approval limit, else only for a second person.

    An unknown value counts as above the limit.
    """
    if not may_order(by, order):
        return may_decide_as_second_person(by, order)
    if is_above_approval_limit(order):
        return Refused(
            NOT_ALLOWED,
            _("This donation is above your city’s approval limit. An approver must accept it."),
            show=True,
        )
    return _may_without_interest(by, order)


CREATE_ORDER = Move[Order](
    verb="draft",
    label=_("Create order"),
    past_tense=_("created the order"),
    target=Order.Status.DRAFT,
    allowed=may_write_purchase,
)
ENTER_DONATION = Move[Order](
    verb="offer",
    label=_("Enter donation"),
    past_tense=_("entered the donation"),
    target=Order.Status.OFFERED,
    allowed=may_enter_donation,
)
EDIT_ORDER = Move[Order](
    verb="edit",
    label=_("Edit details"),
    past_tense=_("changed the order"),
    source=one_of(Order.Status.DRAFT, Order.Status.OFFERED, Order.Status.ACCEPTED),
    allowed=may_edit,
)
SET_PAYMENT_SHARES = Move[Order](
    verb="share",
    label=_("Edit payment schedule"),
    past_tense=_("changed the payment schedule"),
    source=one_of(Order.Status.DRAFT),
    allowed=may_write_purchase,
)
CHOOSE_ACCOUNT = Move[Order](
    verb="use_account",
    label=_("Choose the supplier’s bank account"),
    past_tense=_("chose the supplier’s bank account"),
    source=one_of(
        Order.Status.DRAFT,
        Order.Status.AWAITING_APPROVAL,
        Order.Status.APPROVED,
        Order.Status.PLACED,
        Order.Status.CONFIRMED,
        Order.Status.READY_TO_SHIP,
    ),
    allowed=may_write_purchase,
    requires_reason=True,
)
SUBMIT_ORDER = Move[Order](
    verb="submit",
    label=_("Send for approval"),
    past_tense=_("sent the order for approval"),
    source=one_of(Order.Status.DRAFT),
    target=Order.Status.AWAITING_APPROVAL,
    allowed=may_handle_without_interest,
    ready=missing_reason_refusal,
)
RETURN_TO_AUTHOR = Move[Order](
    verb="return",
    label=_("Return order"),
    past_tense=_("returned the order"),
    source=one_of(Order.Status.AWAITING_APPROVAL),
    target=Order.Status.DRAFT,
    allowed=may_return,
    requires_reason=True,
)
OVERRIDE_BLOCKERS = Move[Order](
    verb="override",
    label=_("Override and order"),
    past_tense=_("overrode the blocking issues"),
    source=one_of(
        Order.Status.DRAFT, Order.Status.AWAITING_APPROVAL, Order.Status.APPROVED, Order.Status.OFFERED
    ),
    allowed=may_decide_as_second_person,
    ready=needless_override_refusal,
    requires_reason=True,
)
APPROVE_ORDER = Move[Order](
    verb="approve",
    label=_("Approve order"),
    past_tense=_("approved the order"),
    source=one_of(Order.Status.DRAFT, Order.Status.AWAITING_APPROVAL),
    target=Order.Status.APPROVED,
    allowed=may_approve,
    ready=blockers.approval_refusal,
    date_condition=unavailable_goods_refusal,
)
PLACE_ORDER = Move[Order](
    verb="place",
    label=_("Place order"),
    past_tense=_("placed the order"),
    source=one_of(Order.Status.APPROVED),
    target=Order.Status.PLACED,
    allowed=may_handle_without_interest,
    ready=open_blocker_refusal,
    date_condition=unavailable_goods_refusal,
)
RECORD_CONFIRMATION = Move[Order](
    verb="confirm",
    label=_("Record supplier confirmation"),
    past_tense=_("recorded the supplier’s confirmation"),
    source=one_of(Order.Status.PLACED),
    target=Order.Status.CONFIRMED,
    allowed=may_record_confirmation,
)
CORRECT_CONFIRMATION = Move[Order](
    verb="correct_confirmation",
    label=_("Correct confirmation"),
    past_tense=_("corrected the supplier’s confirmation"),
    source=one_of(Order.Status.CONFIRMED, Order.Status.READY_TO_SHIP),
    allowed=may_handle_purchase,
)
ACCEPT_DONATION = Move[Order](
    verb="accept",
    label=_("Accept donation"),
    past_tense=_("accepted the donation"),
    source=one_of(Order.Status.OFFERED),
    target=Order.Status.ACCEPTED,
    allowed=may_accept,
    ready=open_blocker_refusal,
    date_condition=unavailable_goods_refusal,
)
DECLINE_DONATION = Move[Order](
    verb="decline",
    label=_("Decline donation with thanks"),
    past_tense=_("declined the donation with thanks"),
    source=one_of(Order.Status.OFFERED),
    target=Order.Status.DECLINED,
    allowed=may_order,
    allowed_for_system=True,
    requires_reason=True,
)
REDUCE_QUANTITY = Move[Order](
    verb="reduce_quantity",
    label=_("Reduce order"),
    past_tense=_("reduced the order"),
    source=one_of(
        Order.Status.PLACED, Order.Status.CONFIRMED, Order.Status.ACCEPTED, Order.Status.READY_TO_SHIP
    ),
    allowed=may_order,
    requires_reason=True,
)
MARK_READY = Move[Order](
    verb="ready",
    label=_("Mark goods as ready"),
    past_tense=_("marked the goods as ready"),
    source=one_of(Order.Status.CONFIRMED, Order.Status.ACCEPTED),
    target=Order.Status.READY_TO_SHIP,
    allowed=may_order,
    ready=donation_without_value_refusal,
)
COMPLETE_ORDER = Move[Order](
    verb="complete",
    label=_("Complete order"),
    past_tense=_("completed the order"),
    source=one_of(Order.Status.READY_TO_SHIP),
    target=Order.Status.COMPLETED,
    allowed=may_record_arrival,
    ready=unsettled_pieces_refusal,
)
THANK_DONOR = Move[Order](
    verb="thank",
    label=_("Thank donor"),
    past_tense=_("thanked the donor"),
    source=one_of(Order.Status.COMPLETED),
    target=Order.Status.THANKED,
    allowed=may_handle_donation,
)
SEND_ORDER_REMINDER = Move[Order](
    verb="remind",
    label=_("Send reminder"),
    past_tense=_("sent a reminder"),
    source=frozenset((*Order.AWAITING_ANSWER_STATUSES, *Order.AWAITING_GOODS_STATUSES)),
    allowed=system_only,
    allowed_for_system=True,
)
HOLD_ORDER = Move[Order](
    verb="hold",
    label=_("Put order on hold"),
    past_tense=_("put the order on hold"),
    source=one_of(*Order.HOLDABLE_STATUSES),
    allowed=may_hold,
    ready=nothing_to_hold_refusal,
    requires_reason=True,
)
RESUME_ORDER = Move[Order](
    verb="resume",
    label=_("Resume order"),
    past_tense=_("ended the hold"),
    source=one_of(*Order.HOLDABLE_STATUSES),
    allowed=may_resume,
    ready=order_not_on_hold_refusal,
    allowed_for_system=True,
    requires_reason=True,
)
CANCEL_ORDER = Move[Order](
    verb="cancel",
    label=_("Cancel order"),
    past_tense=_("cancelled the order"),
    source=one_of(
        Order.Status.DRAFT,
        Order.Status.AWAITING_APPROVAL,
        Order.Status.APPROVED,
        Order.Status.PLACED,
        Order.Status.CONFIRMED,
        Order.Status.ACCEPTED,
        Order.Status.READY_TO_SHIP,
    ),
    target=Order.Status.CANCELLED,
    allowed=may_order,
    ready=ready_goods_in_shipment_refusal,
    allowed_for_system=True,
    requires_reason=True,
)
WRITE_OFF_ORDER = Move[Order](
    verb="write_off",
    label=_("Write off as lost"),
    past_tense=_("wrote the order off as lost"),
    source=one_of(
        Order.Status.PLACED, Order.Status.CONFIRMED, Order.Status.ACCEPTED, Order.Status.READY_TO_SHIP
    ),
    target=Order.Status.LOST,
    allowed=may_record_arrival,
    ready=goods_in_transit_refusal,
    requires_reason=True,
)

ORDER_MOVES = Moves(
    Order,
    CREATE_ORDER,
    ENTER_DONATION,
    EDIT_ORDER,
    SET_PAYMENT_SHARES,
    CHOOSE_ACCOUNT,
    SUBMIT_ORDER,
    RETURN_TO_AUTHOR,
    OVERRIDE_BLOCKERS,
    APPROVE_ORDER,
    PLACE_ORDER,
    RECORD_CONFIRMATION,
    CORRECT_CONFIRMATION,
    ACCEPT_DONATION,
    DECLINE_DONATION,
    REDUCE_QUANTITY,
    MARK_READY,
    COMPLETE_ORDER,
    THANK_DONOR,
    SEND_ORDER_REMINDER,
    HOLD_ORDER,
    RESUME_ORDER,
    CANCEL_ORDER,
    WRITE_OFF_ORDER,
    ends={
        Order.Status.COMPLETED: "all goods are released; a donor is still thanked",
        Order.Status.THANKED: "the donor was thanked",
        Order.Status.DECLINED: "declined with thanks",
        Order.Status.CANCELLED: "its allocations were undone",
        Order.Status.LOST: "never arrived; its allocations were undone",
    },
)
