"""What is paid when: the shares of an order, and when each may be proposed and paid, by two people."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_EVEN, Decimal

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from partners.roles import Power
from procurement.orders.models.order import Order
from procurement.orders.models.payment import Payment
from procurement.orders.rules.gates import uninvolved_in
from procurement.orders.rules.holding import PAYABLE, Hold, held, held_on
from workflow.actors import Actor
from workflow.errors import NOT_ALLOWED, Refused
from workflow.moves import Move, Moves, not_ready, one_of
from workflow.tongues import Figure

CENT = Decimal("0.01")
MOST_DEPOSIT = 30  # percent; ../facts/fraud.md: advances are where the money was lost


@dataclass(frozen=True)
class Share:
    """So many percent of the total at a milestone."""

    milestone: str
    percent: int


USUAL = (
    Share(Payment.Milestone.DEPOSIT, MOST_DEPOSIT),
    Share(Payment.Milestone.ON_PAPERS, 40),
    Share(Payment.Milestone.AFTER_INSPECTION, 30),
)


def shares_hold(shares: Sequence[Share], deposit_reason: str) -> Refused | None:
    """Each milestone once, together a hundred percent, and no more than 30 before shipping unless a reason is written down."""
    if len({share.milestone for share in shares}) != len(shares) or any(
        share.percent < 1 for share in shares
    ):
        return Refused("bad_shares", _("Give each payment once, with at least one percent."), field="shares")
    total = sum(share.percent for share in shares)
    if total != 100:
        words = _("The payments add up to %(total)s percent, not to 100.") % {"total": total}
        return Refused("bad_shares", words, total=total, field="shares")
    deposit = sum(share.percent for share in shares if share.milestone == Payment.Milestone.DEPOSIT)
    if deposit > MOST_DEPOSIT and not deposit_reason.strip():
        words = _("No more than %(most)s percent before shipping, unless you say why.") % {
            "most": MOST_DEPOSIT
        }
        return Refused("deposit_too_high", words, most=MOST_DEPOSIT, field="deposit_reason")
    return None


def amounts(total: Decimal, percents: Sequence[int]) -> list[Decimal]:
    """A sum by shares, in cents; the last one takes what rounding leaves. What is below nothing is nothing.

    The shares of a whole order add up to 100 percent; of what is left to pay, those still planned are weights.
    """
    left, whole = max(total, Decimal(0)), sum(percents)
    cut = [(left * percent / whole).quantize(CENT, ROUND_HALF_EVEN) for percent in percents[:-1]]
    return [*cut, left - sum(cut)]


def settled(payments: Iterable[Payment]) -> Decimal:
    """What of these is paid or proposed to be: it stays as it is when the order's total changes."""
    return sum(
        (one.amount for one in payments if one.status in (Payment.Status.PROPOSED, Payment.Status.PAID)),
        Decimal(0),
    )


def overpaid(order: Order, payments: Iterable[Payment]) -> Decimal:
    """By how much more is paid, or proposed to be, than the order is worth now; 0 where it is not."""
    return max(settled(payments) - order.total, Decimal(0))


def within_worth(payment: Payment, others: Iterable[Payment], total: Decimal) -> Refused | None:
    """Nothing is paid beyond what the order is worth, whatever was planned before it was shortened."""
    left = total - settled(others)
    if payment.amount <= 0 or left <= 0:
        words = _("Nothing is left to pay of this order.")
        return Refused("nothing_left", words, field="amount")
    if payment.amount <= left:
        return None
    words = _(
        "Only %(left)s %(currency)s are left to pay of this order. Take the proposal back: it is worked out anew."
    )
    told = {"left": format(left, "f"), "currency": payment.currency}
    return Refused("more_than_owed", words % told, left=str(left), field="amount")


def paid_after_placed(order: Order, paid_on: date) -> Refused | None:
    """No money left for an order before it was placed, by the calendar of its city."""
    placed = order.placed_at and order.city.day_at(order.placed_at)
    if placed is None or paid_on >= placed:
        return None
    words = _("The order was placed on %(day)s. Nothing was paid for it before that.")
    return Refused("before_order", words % {"day": placed.isoformat()}, field="paid_on")


def paid_once(other: Payment | None) -> Refused | None:
    """One transfer is one payment. `other`: one of the city that bears the same reference of the bank already."""
    if other is None:
        return None
    words = _("%(payment)s was paid with this reference. Write down the one of this transfer.")
    return Refused("transfer_known", words % {"payment": other}, field="transfer")


def may_pay(by: Actor, payment: Payment) -> bool:
    """Whoever pays for the city."""
    return by.may(Power.PAY, payment)


def may_propose(by: Actor, payment: Payment) -> bool | Refused:
    """Whoever pays for the city, but nobody whom the company concerns."""
    return may_pay(by, payment) and (uninvolved_in(by, payment.order) or True)


def may_plan(by: Actor, payment: Payment) -> bool:
    """Payments are planned, and called off, with their order."""
    return by.may(Power.ORDER, payment) or by.may(Power.SHIP, payment)


def may_reckon(by: Actor, payment: Payment) -> bool:
    """Amounts follow their order's total, and a proposal that is taken back."""
    return may_plan(by, payment) or may_pay(by, payment)


def nobody(by: Actor, payment: Payment) -> bool:
    """Only the machine makes this move."""
    return False


def other_person(by: Actor, payment: Payment) -> bool | Refused:
    """A payment is never made by whoever proposed it, nor by somebody whom the company concerns."""
    if not may_pay(by, payment):
        return False
    if by.user_id == payment.proposed_by_id:
        return Refused(NOT_ALLOWED, _("You proposed this payment, so a second person pays it."), show=True)
    return uninvolved_in(by, payment.order) or True


def payable(payment: Payment) -> Refused | None:
    """Nothing holds the money of the order (`holding.held`), and what the milestone waits for has happened."""
    holds = held(payment.order)
    return holds[0].no if holds else reached(payment)


def pressing(payment: Payment) -> Refused | None:
    """Nobody presses for money before the order is placed."""
    return None if payment.order.status in PAYABLE else not_ready(_("The order is not placed."))


def clear_on(payment: Payment, at: datetime) -> Refused | None:
    """Nothing that depends on the clock holds the money of the order (`holding.held_on`)."""
    holds = held_on(payment.order, at)
    return holds[0].no if holds else None


def holds_of(payment: Payment, at: datetime) -> list[Hold]:
    """Everything that holds a payment at a moment, each with where it is settled; nothing for one that is paid or called off."""
    if payment.status not in (Payment.Status.PLANNED, Payment.Status.PROPOSED):
        return []
    waits = reached(payment)
    order = payment.order
    later = [Hold(waits, f"{order.get_absolute_url()}#lines", _("Look at the order"))] if waits else []
    return [*held(order), *held_on(order, at), *later]


def reached(payment: Payment) -> Refused | None:
    """A deposit waits for nothing more; the next payment for the goods to leave, the last for them to be released here."""
    lines = list(payment.order.lines.all())
    if payment.milestone == Payment.Milestone.ON_PAPERS:
        pieces = sum(line.quantity - line.departed for line in lines)
        words = ngettext_lazy(
            "%(pieces)s piece has not left yet.", "%(pieces)s pieces have not left yet.", pieces
        )
    elif payment.milestone == Payment.Milestone.AFTER_INSPECTION:
        pieces = sum(line.open for line in lines)
        words = ngettext_lazy(
            "%(pieces)s piece is not inspected and released yet.",
            "%(pieces)s pieces are not inspected and released yet.",
            pieces,
        )
    else:
        return None
    return not_ready(words % {"pieces": Figure(pieces)}, pieces=pieces) if pieces else None


PLAN = Move[Payment](
    verb="plan",
    label=_("Plan a payment"),
    past=_("planned the payment"),
    target=Payment.Status.PLANNED,
    allowed=may_plan,
)
RECKON = Move[Payment](
    verb="reckon",
    label=_("Work out anew"),
    past=_("worked the amount out anew"),
    source=one_of(Payment.Status.PLANNED),
    allowed=may_reckon,
)
FALL_DUE = Move[Payment](
    verb="fall_due",
    label=_("Falls due"),
    past=_("noted that it is due"),
    source=one_of(Payment.Status.PLANNED),
    allowed=nobody,
    clock=True,
)
SET_DUE = Move[Payment](
    verb="set_due",
    label=_("Another day"),
    past=_("set another day on which it is due"),
    source=one_of(Payment.Status.PLANNED, Payment.Status.PROPOSED),
    allowed=may_pay,
    reason=True,
)
URGE = Move[Payment](
    verb="urge",
    label=_("They ask for it early"),
    past=_("noted that it is asked for early"),
    source=one_of(Payment.Status.PLANNED),
    allowed=may_pay,
    ready=pressing,
    reason=True,
)
PROPOSE = Move[Payment](
    verb="propose",
    label=_("Propose the payment"),
    past=_("proposed the payment"),
    source=one_of(Payment.Status.PLANNED),
    target=Payment.Status.PROPOSED,
    allowed=may_propose,
    ready=payable,
)
TAKE_BACK = Move[Payment](
    verb="take_back",
    label=_("Take the proposal back"),
    past=_("took the proposal back"),
    source=one_of(Payment.Status.PROPOSED),
    target=Payment.Status.PLANNED,
    allowed=may_pay,
    reason=True,
)
PAY = Move[Payment](
    verb="pay",
    label=_("Paid"),
    past=_("made the payment"),
    source=one_of(Payment.Status.PROPOSED),
    target=Payment.Status.PAID,
    allowed=other_person,
    ready=payable,
)
CANCEL = Move[Payment](
    verb="cancel",
    label=_("Call off"),
    past=_("called the payment off"),
    source=one_of(Payment.Status.PLANNED, Payment.Status.PROPOSED),
    target=Payment.Status.CANCELLED,
    allowed=may_plan,
    clock=True,
    reason=True,
)
PAYMENT_MOVES = Moves(
    Payment,
    PLAN,
    RECKON,
    FALL_DUE,
    SET_DUE,
    URGE,
    PROPOSE,
    TAKE_BACK,
    PAY,
    CANCEL,
    ends={Payment.Status.PAID: "the money has left", Payment.Status.CANCELLED: "nothing is owed"},
)
