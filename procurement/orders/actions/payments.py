"""What is paid for an order: planned with it, proposed by one person, paid by a second. The only writer of payments."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from procurement.lists.actions import screening
from procurement.orders.actions import accounts
from procurement.orders.models.order import Order
from procurement.orders.models.payment import Payment
from procurement.orders.rules import payments
from procurement.orders.rules.accounts import hurried
from procurement.orders.rules.gates import clear_of_lists, companies_of
from procurement.orders.rules.orders import SHARE
from procurement.orders.rules.payments import (
    Share,
    clear_on,
    paid_after_placed,
    paid_once,
    shares_hold,
    within_worth,
)
from workflow.actors import CLOCK, Actor
from workflow.due import work_off
from workflow.errors import Refused
from workflow.moves import Move, locked


def plan(order: Order, shares: Sequence[Share], *, by: Actor, at: datetime) -> list[Payment]:
    """Plan what is paid at which milestone. Refuses shares that do not add up, and a high deposit without a reason."""
    refused = shares_hold(shares, order.deposit_reason)
    if refused is not None:
        raise refused
    cut = payments.amounts(order.total, [share.percent for share in shares])
    planned = [_payment(order, share, amount) for share, amount in zip(shares, cut, strict=True)]
    return [payments.PLAN.start(payment, by=by, at=at) for payment in planned]


def _payment(order: Order, share: Share, amount: Decimal) -> Payment:
    return Payment(
        order=order,
        city=order.city,
        milestone=share.milestone,
        percent=share.percent,
        amount=amount,
        currency=order.currency,
    )


def reckon(order: Order, *, by: Actor, at: datetime) -> None:
    """Work the planned amounts out anew after the order's total changed: what was proposed or paid stays as it is, and the rest
    of the total is planned by their shares; nothing, where more is paid already. Called under the order's lock.
    """
    everything = list(order.payments.order_by("pk"))
    planned = [payment for payment in everything if payment.status == Payment.Status.PLANNED]
    left = order.total - payments.settled(everything)
    cut = payments.amounts(left, [payment.percent for payment in planned]) if planned else []
    for payment, amount in zip(planned, cut, strict=True):
        if payment.amount != amount:
            with payments.RECKON.on(payment, by=by, at=at) as row:
                row.amount = amount


def propose(
    payment: Payment, *, by: Actor, at: datetime, amount: Decimal | None = None, reason: str = ""
) -> Payment:
    """Propose to pay: a second person does. Less than planned may be proposed, with a reason.

    Refuses while the order is not placed, the account is not confirmed or still cools, before the milestone is reached, and where
    nothing is left to pay.
    """
    with _on(payments.PROPOSE, payment, by, at, reason) as row:
        if amount is not None and amount != row.amount:
            if not 0 < amount < row.amount or not reason.strip():
                raise Refused(
                    "bad_amount",
                    _("Less than planned may be paid, with a reason; never more."),
                    field="amount",
                )
            row.amount = amount
        row.proposed_by_id = by.user_id
        _asked(row, at)
    if payment.urged_at == at:
        accounts.judge(payment.order, at)
    return payment


def urge(payment: Payment, *, reason: str, by: Actor, at: datetime) -> Payment:
    """Note that the supplier asks for a payment before it is due, with what they wrote. Hard upon another one it is a hard stop: a
    blocking finding that only a call back settles.
    """
    with transaction.atomic():
        order = locked(payment.order)
        with payments.URGE.on(payment, by=by, at=at, reason=reason) as row:
            _asked(row, at, pressed=True)
        accounts.judge(order, at)
    return payment


def set_due(payment: Payment, *, due_on: date, reason: str, by: Actor, at: datetime) -> Payment:
    """Write down another day on which a payment is due, with the reason; it stays when what it waits for happens."""
    with payments.SET_DUE.on(payment, by=by, at=at, reason=reason) as row:
        row.due_on, row.due_reason = due_on, reason.strip()
    return payment


def fall_due(order: Order, at: datetime, milestone: str) -> None:
    """Note the day on which what a payment waits for has happened, by its city's calendar; a day that was written down stays. Called
    under the order's lock.
    """
    for payment in order.payments.filter(status=Payment.Status.PLANNED, milestone=milestone, due_on=None):
        with payments.FALL_DUE.on(payment, by=CLOCK, at=at) as row:
            row.due_on = order.city.day_at(at)


def goods_moved(order_ids: Iterable[int], at: datetime) -> None:
    """Note what falls due as goods leave or are released. Called by the shipments stage under the orders' locks."""
    for payment in Payment.objects.reached().filter(order__in=list(order_ids)).order_by("pk"):
        fall_due(payment.order, at, payment.milestone)


def settle_due(at: datetime) -> int:
    """Note which payments are due and were not noted as their goods moved. Returns how many."""

    def note(payment: Payment) -> None:
        fall_due(payment.order, at, payment.milestone)

    return work_off(Payment.objects.reached().order_by("pk"), note)


def share(
    order: Order, shares: Sequence[Share], *, deposit_reason: str = "", by: Actor, at: datetime
) -> Order:
    """Divide an order's payments otherwise before it is handed in. Refuses what `plan` refuses."""
    with SHARE.on(order, by=by, at=at) as row:
        refused = shares_hold(shares, deposit_reason)
        if refused is not None:
            raise refused
        row.deposit_reason = deposit_reason.strip()
        planned = {one.milestone: one for one in row.payments.filter(status=Payment.Status.PLANNED)}
        for milestone, left_out in planned.items():
            if milestone not in {one.milestone for one in shares}:
                with payments.CANCEL.on(
                    left_out, by=by, at=at, reason=str(_("The payments are divided otherwise."))
                ):
                    pass
        cut = payments.amounts(row.total, [one.percent for one in shares])
        for one, amount in zip(shares, cut, strict=True):
            if one.milestone not in planned:
                payments.PLAN.start(_payment(row, one, amount), by=by, at=at)
                continue
            with payments.RECKON.on(planned[one.milestone], by=by, at=at) as known:
                known.percent, known.amount = one.percent, amount
    return order


def take_back(payment: Payment, *, reason: str, by: Actor, at: datetime) -> Payment:
    """Take a proposal back: it is planned again, and what is planned is worked out anew."""
    with transaction.atomic():
        order = locked(payment.order)
        with payments.TAKE_BACK.on(payment, by=by, at=at, reason=reason) as row:
            row.proposed_by = None
        reckon(order, by=by, at=at)
        payment.refresh_from_db()
    return payment


def pay(payment: Payment, *, paid_on: date, transfer: str, by: Actor, at: datetime) -> Payment:
    """Say that the money has left, with the bank's reference.

    Refuses whoever proposed it, a day to come or from before the order was placed, a reference that another payment of the city bears,
    and all that `propose` refuses.
    """
    if not transfer.strip():
        raise Refused(
            "transfer_missing", _("Write down the bank's reference of the transfer."), field="transfer"
        )
    if paid_on > payment.city.day_at(at):
        raise Refused("day_to_come", _("That day has not come yet."), field="paid_on")
    with _on(payments.PAY, payment, by, at, "") as row:
        others = Payment.objects.filter(city=row.city_id, transfer__iexact=transfer.strip()).exclude(
            pk=row.pk
        )
        refused = paid_after_placed(row.order, paid_on) or paid_once(others.first())
        if refused is not None:
            raise refused
        row.paid_on = paid_on
        row.transfer = transfer.strip()
        row.paid_by_id = by.user_id
    return payment


def cancel_all(order: Order, *, reason: str, by: Actor, at: datetime) -> None:
    """Call off what is not paid yet, with its order. Called under the order's lock."""
    for payment in order.payments.filter(status__in=payments.CANCEL.source).order_by("pk"):
        with payments.CANCEL.on(payment, by=by, at=at, reason=reason):
            pass


def _asked(row: Payment, at: datetime, *, pressed: bool = False) -> None:
    """Keep when it was asked for, and whether that was in a hurry: what happens to the other payments later does not change it."""
    others = Payment.objects.of_company(row.order).exclude(pk=row.pk).select_related("order")
    if hurried(row, others, at, pressed=pressed):
        row.urged_at = at
    row.asked_at = at


@contextmanager
def _on(move: Move[Payment], payment: Payment, by: Actor, at: datetime, reason: str) -> Iterator[Payment]:
    """A move of money: under the order's lock, never into an account that still cools, never more than the order is worth."""
    with transaction.atomic():
        order = locked(payment.order)
        with move.on(payment, by=by, at=at, reason=reason) as row:
            others = order.payments.exclude(pk=row.pk)
            refused = clear_on(row, at) or within_worth(row, others, order.total)
            if refused is not None:
                raise refused
            not_on_a_list(order, at)
            yield row


def not_on_a_list(row: Order, at: datetime) -> None:
    """Names that changed, or were entered, since the lists were last looked at are compared now: the tick may not have come by yet."""
    found = [screening.screen(company, at=at) for company in companies_of(row)]
    if any(found):
        refused = clear_of_lists(row)
        if refused is not None:  # what was noted goes with this transaction; the tick notes it for good
            raise refused
