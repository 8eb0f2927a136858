"""Rules for payments: the shares of an order, and when two people may propose and pay each one."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_EVEN, Decimal

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from partners.powers import Power
from procurement.leads.screening import rationales, remedies, sources
from procurement.leads.screening.rule_types import Rule, RuleNumber
from procurement.orders.models import Order
from procurement.orders.payments.models import Payment
from procurement.orders.payments.rules.blocks import (
    PAYABLE_STATUSES,
    PaymentBlock,
    payment_blocks,
    payment_blocks_at,
)
from procurement.orders.rules.blockers import interest_in_order_refusal
from workflow.actors import Actor
from workflow.errors import NOT_ALLOWED, Refused
from workflow.i18n import LocalizedCount
from workflow.moves import Move, Moves, not_ready_refusal, one_of, system_only

CENT = Decimal("0.01")
MAX_DEPOSIT_PERCENT = 30  # percent; ../facts/fraud.md: the money was lost through advances

MAX_DEPOSIT_RULE_NUMBER = RuleNumber(_("Maximum percentage before shipping"), MAX_DEPOSIT_PERCENT)
DEPOSIT_RULE = Rule(
    code="deposit",
    description=_("Share of an order paid before shipping"),
    rationale=rationales.ORDER_BLOCKED,
    remedy=remedies.CHANGE_OR_EXPLAIN,
    numbers=(MAX_DEPOSIT_RULE_NUMBER,),
    sources=(sources.TANGO_PREPAYMENT, sources.PHAC_ADVANCE_LOSSES, sources.FIGURE_FROM_MEMORY),
)


@dataclass(frozen=True)
class PaymentShare:
    """A percentage of the total due at a milestone."""

    milestone: str
    percent: int


DEFAULT_SHARES = (
    PaymentShare(Payment.Milestone.DEPOSIT, MAX_DEPOSIT_PERCENT),
    PaymentShare(Payment.Milestone.AGAINST_DOCUMENTS, 40),
    PaymentShare(Payment.Milestone.AFTER_INSPECTION, 30),
)


def invalid_shares_refusal(shares: Sequence[PaymentShare], deposit_reason: str) -> Refused | None:
    """Return a refusal for invalid shares, else None.

    Each milestone may appear once, the shares must add up to 100 percent, and more than 30 percent before
    shipping needs a written reason.
    """
    if len({share.milestone for share in shares}) != len(shares) or any(
        share.percent < 1 for share in shares
    ):
        return Refused(
            "bad_shares",
            _("Enter each payment only once; each must be at least one percent."),
            field="shares",
        )
    total = sum(share.percent for share in shares)
    if total != 100:
        words = _("The payments add up to %(total)s percent instead of 100.") % {"total": total}
        return Refused("bad_shares", words, total=total, field="shares")
    deposit = sum(share.percent for share in shares if share.milestone == Payment.Milestone.DEPOSIT)
    if deposit > MAX_DEPOSIT_PERCENT and not deposit_reason.strip():
        words = _("Enter a reason to pay more than %(most)s percent before shipping.") % {
            "most": MAX_DEPOSIT_PERCENT
        }
        return Refused("deposit_too_high", words, most=MAX_DEPOSIT_PERCENT, field="deposit_reason")
    return None


def split_amount(total: Decimal, percents: Sequence[int]) -> list[Decimal]:
    """Divide a sum by shares, in cents. The last amount takes the rounding. A negative sum counts as zero.

    The shares of a whole order add up to 100 percent; for a remaining sum they are weights.
    """
    left, whole = max(total, Decimal(0)), sum(percents)
    cut = [(left * percent / whole).quantize(CENT, ROUND_HALF_EVEN) for percent in percents[:-1]]
    return [*cut, left - sum(cut)]


def paid_or_proposed_amount(payments: Iterable[Payment]) -> Decimal:
    """Return the sum of paid and proposed payments, whose amounts stay when the order's total changes."""
    return sum(
        (one.amount for one in payments if one.status in (Payment.Status.PROPOSED, Payment.Status.PAID)),
        Decimal(0),
    )


def overpaid_amount(order: Order, payments: Iterable[Payment]) -> Decimal:
    """Return by how much the paid and proposed payments exceed the order's present value, or 0."""
    return max(paid_or_proposed_amount(payments) - order.total, Decimal(0))


def above_order_value_refusal(payment: Payment, others: Iterable[Payment], total: Decimal) -> Refused | None:
    """Return a refusal if the payment exceeds the order's unpaid value, else None."""
    left = total - paid_or_proposed_amount(others)
    if payment.amount <= 0 or left <= 0:
        words = _("There is nothing left to pay on this order.")
        return Refused("nothing_left", words, field="amount")
    if payment.amount <= left:
        return None
    words = _(
        "Only %(left)s %(currency)s is left to pay on this order. Withdraw the proposal to have "
        "the amount recalculated."
    )
    params = {"left": format(left, "f"), "currency": payment.currency}
    return Refused("more_than_owed", words % params, left=str(left), field="amount")


def payment_before_order_refusal(order: Order, paid_on: date) -> Refused | None:
    """Return a refusal for a payment day before the order was placed, by the city's calendar, else None."""
    placed = order.placed_at and order.city.day_at(order.placed_at)
    if placed is None or paid_on >= placed:
        return None
    words = _("The order was placed on %(day)s. Enter a payment date on or after that day.")
    return Refused("before_order", words % {"day": placed.isoformat()}, field="paid_on")


def repeated_transfer_refusal(other: Payment | None) -> Refused | None:
    """Return a refusal if another payment of the city has the same bank reference, else None.

    `other`: that payment, if any.
    """
    if other is None:
        return None
    words = _("This reference was already used for %(payment)s. Enter the reference of this transfer.")
    return Refused("transfer_known", words % {"payment": other}, field="transfer")


def may_pay(by: Actor, payment: Payment) -> bool:
    """Return True if the actor may make payments for the city."""
    return by.may(Power.PAY, payment)


def may_propose(by: Actor, payment: Payment) -> bool | Refused:
    """Return True if the actor may make payments for the city and has no interest in the company."""
    return may_pay(by, payment) and (interest_in_order_refusal(by, payment.order) or True)


def may_plan_payment(by: Actor, payment: Payment) -> bool:
    """Return True if the actor may order or ship: payments are planned and cancelled with their order."""
    return by.may(Power.ORDER, payment) or by.may(Power.SHIP, payment)


def may_recalculate(by: Actor, payment: Payment) -> bool:
    """Return True if the actor may plan or make payments, whose actions recalculate the planned amounts."""
    return may_plan_payment(by, payment) or may_pay(by, payment)


def may_pay_as_second_person(by: Actor, payment: Payment) -> bool | Refused:
    """Return True if the actor may pay and is a second person, else False or a refusal.

    Refuses the person who proposed the payment, and people with an interest in the company.
    """
    if not may_pay(by, payment):
        return False
    if by.user_id == payment.proposed_by_id:
        return Refused(
            NOT_ALLOWED, _("You proposed this payment, so another person must make it."), show=True
        )
    return interest_in_order_refusal(by, payment.order) or True


def payment_refusal(payment: Payment) -> Refused | None:
    """Return the first reason that holds the payment (`payment_blocks`, then its milestone), or None."""
    holds = payment_blocks(payment.order)
    return holds[0].refusal if holds else milestone_not_reached_refusal(payment)


def order_not_placed_refusal(payment: Payment) -> Refused | None:
    """Return a refusal while the order is not placed, else None."""
    return (
        None
        if payment.order.status in PAYABLE_STATUSES
        else not_ready_refusal(_("The order has not been placed."))
    )


def blocked_payment_refusal(payment: Payment, at: datetime) -> Refused | None:
    """Return the first time-dependent reason that holds the payment (`payment_blocks_at`), or None."""
    holds = payment_blocks_at(payment.order, at)
    return holds[0].refusal if holds else None


def all_payment_blocks(payment: Payment, at: datetime) -> list[PaymentBlock]:
    """Return every reason that holds a payment at a moment. Empty for a paid or cancelled payment."""
    if payment.status not in Payment.Status.open:
        return []
    waits = milestone_not_reached_refusal(payment)
    order = payment.order
    later = [PaymentBlock(waits, f"{order.get_absolute_url()}#lines", _("View order"))] if waits else []
    return [*payment_blocks(order), *payment_blocks_at(order, at), *later]


def milestone_not_reached_refusal(payment: Payment) -> Refused | None:
    """Return a refusal while the payment's milestone is not reached, else None.

    A deposit waits for nothing, the next payment for the goods to leave, the last one for their release.
    """
    lines = list(payment.order.lines.all())
    if payment.milestone == Payment.Milestone.AGAINST_DOCUMENTS:
        pieces = sum(line.quantity - line.departed for line in lines)
        words = ngettext_lazy(
            "%(pieces)s unit has not been shipped yet.",
            "%(pieces)s units have not been shipped yet.",
            pieces,
        )
    elif payment.milestone == Payment.Milestone.AFTER_INSPECTION:
        pieces = sum(line.open_quantity for line in lines)
        words = ngettext_lazy(
            "%(pieces)s unit has not been inspected and released yet.",
            "%(pieces)s units have not been inspected and released yet.",
            pieces,
        )
    else:
        return None
    return not_ready_refusal(words % {"pieces": LocalizedCount(pieces)}, pieces=pieces) if pieces else None


PLAN_PAYMENT = Move[Payment](
    verb="plan",
    label=_("Plan payment"),
    past_tense=_("planned the payment"),
    target=Payment.Status.PLANNED,
    allowed=may_plan_payment,
)
RECALCULATE_PAYMENT = Move[Payment](
    verb="recalculate",
    label=_("Recalculate payment"),
    past_tense=_("recalculated the amount"),
    source=one_of(Payment.Status.PLANNED),
    allowed=may_recalculate,
)
MARK_PAYMENT_DUE = Move[Payment](
    verb="fall_due",
    label=_("Mark as due"),
    past_tense=_("marked the payment as due"),
    source=one_of(Payment.Status.PLANNED),
    allowed=system_only,
    allowed_for_system=True,
)
SET_DUE_DATE = Move[Payment](
    verb="set_due",
    label=_("Change due date"),
    past_tense=_("changed the due date"),
    source=Payment.Status.open,
    allowed=may_pay,
    requires_reason=True,
)
RECORD_EARLY_REQUEST = Move[Payment](
    verb="record_early_request",
    label=_("Record early payment request"),
    past_tense=_("recorded an early payment request"),
    source=one_of(Payment.Status.PLANNED),
    allowed=may_pay,
    ready=order_not_placed_refusal,
    requires_reason=True,
)
PROPOSE_PAYMENT = Move[Payment](
    verb="propose",
    label=_("Propose payment"),
    past_tense=_("proposed the payment"),
    source=one_of(Payment.Status.PLANNED),
    target=Payment.Status.PROPOSED,
    allowed=may_propose,
    ready=payment_refusal,
    undo_verb="withdraw_proposal",
)
WITHDRAW_PROPOSAL = Move[Payment](
    verb="withdraw_proposal",
    label=_("Withdraw proposal"),
    past_tense=_("withdrew the proposal"),
    source=one_of(Payment.Status.PROPOSED),
    target=Payment.Status.PLANNED,
    allowed=may_pay,
    requires_reason=True,
)
RECORD_PAYMENT = Move[Payment](
    verb="pay",
    label=_("Record payment"),
    past_tense=_("made the payment"),
    source=one_of(Payment.Status.PROPOSED),
    target=Payment.Status.PAID,
    allowed=may_pay_as_second_person,
    ready=payment_refusal,
)
CANCEL_PAYMENT = Move[Payment](
    verb="cancel",
    label=_("Cancel payment"),
    past_tense=_("cancelled the payment"),
    source=Payment.Status.open,
    target=Payment.Status.CANCELLED,
    allowed=may_plan_payment,
    allowed_for_system=True,
    requires_reason=True,
)
REMIND = Move[Payment](
    verb="remind",
    label=_("Send reminder"),
    past_tense=_("sent a reminder"),
    source=Payment.Status.open,
    allowed=system_only,
    allowed_for_system=True,
)
PAYMENT_MOVES = Moves(
    Payment,
    PLAN_PAYMENT,
    RECALCULATE_PAYMENT,
    MARK_PAYMENT_DUE,
    SET_DUE_DATE,
    RECORD_EARLY_REQUEST,
    PROPOSE_PAYMENT,
    WITHDRAW_PROPOSAL,
    RECORD_PAYMENT,
    CANCEL_PAYMENT,
    REMIND,
    ends={Payment.Status.PAID: "paid out", Payment.Status.CANCELLED: "nothing is owed"},
)
