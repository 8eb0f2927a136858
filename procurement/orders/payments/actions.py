"""Actions on the payments of an order: plan, propose, pay, cancel. No other module writes payments.

One person proposes a payment, a second one pays it.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from procurement.orders.actions.screening import rescreen_order
from procurement.orders.models import Order
from procurement.orders.payments.models import Payment
from procurement.orders.payments.rules import payments
from procurement.orders.payments.rules.account_changes import is_urgent_request
from procurement.orders.payments.rules.payments import (
    PaymentShare,
    above_order_value_refusal,
    blocked_payment_refusal,
    invalid_shares_refusal,
    paid_or_proposed_amount,
    payment_before_order_refusal,
    repeated_transfer_refusal,
    split_amount,
)
from procurement.orders.rules.blockers import companies_of, watchlist_match_of_order_refusal
from procurement.orders.rules.orders import SET_PAYMENT_SHARES
from procurement.sanctions.actions.matches import screen_supplier
from workflow.actors import SYSTEM, Actor
from workflow.due_rows import process_due
from workflow.errors import Refused
from workflow.moves import Move, register_action, select_locked
from workflow.reminders import send_reminders_of


def plan_payments(order: Order, shares: Sequence[PaymentShare], *, by: Actor, at: datetime) -> list[Payment]:
    """Plan the payments of an order by milestone.

    Refuses shares that do not add up to 100 percent, and a high deposit without a reason.
    """
    refused = invalid_shares_refusal(shares, order.deposit_reason)
    if refused is not None:
        raise refused
    cut = split_amount(order.total, [share.percent for share in shares])
    planned = [_new_payment(order, share, amount) for share, amount in zip(shares, cut, strict=True)]
    return [payments.PLAN_PAYMENT.create(payment, by=by, at=at) for payment in planned]


def _new_payment(order: Order, share: PaymentShare, amount: Decimal) -> Payment:
    return Payment(
        order=order,
        city=order.city,
        milestone=share.milestone,
        percent=share.percent,
        amount=amount,
        currency=order.currency,
    )


def recalculate_payments(order: Order, *, by: Actor, at: datetime) -> None:
    """Compute the planned amounts again after the order's total changed. Called under the order's lock.

    Proposed and paid amounts stay. The rest of the total is divided by the shares of the planned payments;
    they get 0 if more than the total is paid already.
    """
    everything = list(order.payments.order_by("pk"))
    planned = [payment for payment in everything if payment.status == Payment.Status.PLANNED]
    left = order.total - paid_or_proposed_amount(everything)
    cut = split_amount(left, [payment.percent for payment in planned]) if planned else []
    for payment, amount in zip(planned, cut, strict=True):
        if payment.amount != amount:
            with payments.RECALCULATE_PAYMENT.apply_to(payment, by=by, at=at) as row:
                row.amount = amount


@register_action(payments.PROPOSE_PAYMENT)
def propose_payment(
    payment: Payment, *, by: Actor, at: datetime, amount: Decimal | None = None, reason: str = ""
) -> Payment:
    """Propose a payment, which a second person then makes. A smaller amount than planned needs a reason.

    Refuses while the order is not placed, while the account is unconfirmed or in its waiting time, before
    the milestone is reached, and if nothing is left to pay.
    """
    with _payment_move(payments.PROPOSE_PAYMENT, payment, by, at, reason) as row:
        if amount is not None and amount != row.amount:
            if not 0 < amount < row.amount or not reason.strip():
                raise Refused(
                    "bad_amount",
                    _("You can pay less than planned if you enter a reason, but not more."),
                    field="amount",
                )
            row.amount = amount
        row.proposed_by_id, row.reminders = by.user_id, 0
        _record_request_time(row, at)
    if payment.urgent_request_at == at:
        rescreen_order(payment.order, at)
    return payment


@register_action(payments.RECORD_EARLY_REQUEST)
def record_early_payment_request(payment: Payment, *, reason: str, by: Actor, at: datetime) -> Payment:
    """Record that the supplier asks for a payment early, with their words.

    If another payment was requested shortly before, this raises a blocking finding that only a call-back
    settles.
    """
    with transaction.atomic():
        order = select_locked(payment.order)
        with payments.RECORD_EARLY_REQUEST.apply_to(payment, by=by, at=at, reason=reason) as row:
            _record_request_time(row, at, pressed=True)
        rescreen_order(order, at)
    return payment


@register_action(payments.SET_DUE_DATE)
def set_due_date(payment: Payment, *, due_on: date, reason: str, by: Actor, at: datetime) -> Payment:
    """Set another due day for a payment, with a reason. Reaching the milestone does not change it."""
    with payments.SET_DUE_DATE.apply_to(payment, by=by, at=at, reason=reason) as row:
        row.due_on, row.due_reason, row.reminders = due_on, reason.strip(), 0
    return payment


def mark_due(order: Order, at: datetime, milestone: str) -> None:
    """Set today, by the city's calendar, as the due day of the milestone's payment.

    A day set by hand stays. Called under the order's lock.
    """
    for payment in order.payments.filter(status=Payment.Status.PLANNED, milestone=milestone, due_on=None):
        with payments.MARK_PAYMENT_DUE.apply_to(payment, by=SYSTEM, at=at) as row:
            row.due_on = order.city.day_at(at)


def mark_due_after_movement(order_ids: Iterable[int], at: datetime) -> None:
    """Set due days when goods leave or are released.

    Called by the shipments package under the orders' locks.
    """
    for payment in Payment.objects.lacking_due_date().filter(order__in=list(order_ids)).order_by("pk"):
        mark_due(payment.order, at, payment.milestone)


def backfill_due_dates(at: datetime) -> int:
    """Set due days that were missed when the goods moved. Return their number. Run by the periodic job."""

    def set_due_date_today(payment: Payment) -> None:
        mark_due(payment.order, at, payment.milestone)

    return process_due(Payment.objects.lacking_due_date().order_by("pk"), set_due_date_today)


def send_payment_reminders(at: datetime) -> int:
    """Remind people of payments that are due or wait for a second person. Return the number of payments."""
    return send_reminders_of(Payment.objects.waiting(), payments.REMIND, at)


@register_action(SET_PAYMENT_SHARES)
def set_payment_schedule(
    order: Order, shares: Sequence[PaymentShare], *, deposit_reason: str = "", by: Actor, at: datetime
) -> Order:
    """Divide the payments of a draft order differently. Refuses what `plan_payments` refuses."""
    with SET_PAYMENT_SHARES.apply_to(order, by=by, at=at) as row:
        refused = invalid_shares_refusal(shares, deposit_reason)
        if refused is not None:
            raise refused
        row.deposit_reason = deposit_reason.strip()
        planned = {one.milestone: one for one in row.payments.filter(status=Payment.Status.PLANNED)}
        for milestone, left_out in planned.items():
            if milestone not in {one.milestone for one in shares}:
                with payments.CANCEL_PAYMENT.apply_to(
                    left_out, by=by, at=at, reason=str(_("The payment schedule was changed."))
                ):
                    pass
        cut = split_amount(row.total, [one.percent for one in shares])
        for one, amount in zip(shares, cut, strict=True):
            if one.milestone not in planned:
                payments.PLAN_PAYMENT.create(_new_payment(row, one, amount), by=by, at=at)
                continue
            with payments.RECALCULATE_PAYMENT.apply_to(planned[one.milestone], by=by, at=at) as known:
                known.percent, known.amount = one.percent, amount
    return order


@register_action(payments.WITHDRAW_PROPOSAL)
def withdraw_proposal(payment: Payment, *, reason: str, by: Actor, at: datetime) -> Payment:
    """Withdraw a proposed payment. It is planned again, and the planned amounts are recalculated."""
    with transaction.atomic():
        order = select_locked(payment.order)
        with payments.WITHDRAW_PROPOSAL.apply_to(payment, by=by, at=at, reason=reason) as row:
            row.proposed_by, row.reminders = None, 0
        recalculate_payments(order, by=by, at=at)
        payment.refresh_from_db()
    return payment


@register_action(payments.RECORD_PAYMENT)
def record_payment(payment: Payment, *, paid_on: date, transfer: str, by: Actor, at: datetime) -> Payment:
    """Record a payment with the bank's reference.

    Refuses the person who proposed it, a future day, a day before the order was placed, a bank reference
    that another payment of the city already has, and everything that `propose_payment` refuses.
    """
    if not transfer.strip():
        raise Refused("transfer_missing", _("Enter the bank reference of the transfer."), field="transfer")
    if paid_on > payment.city.day_at(at):
        raise Refused("day_to_come", _("Enter a date that is not in the future."), field="paid_on")
    with _payment_move(payments.RECORD_PAYMENT, payment, by, at, "") as row:
        others = Payment.objects.filter(city=row.city_id, transfer__iexact=transfer.strip()).exclude(
            pk=row.pk
        )
        refused = payment_before_order_refusal(row.order, paid_on) or repeated_transfer_refusal(
            others.first()
        )
        if refused is not None:
            raise refused
        row.paid_on = paid_on
        row.transfer = transfer.strip()
        row.paid_by_id = by.user_id
    return payment


def cancel_payments(order: Order, *, reason: str, by: Actor, at: datetime) -> None:
    """Cancel all unpaid payments of an order. Called under the order's lock."""
    for payment in order.payments.filter(status__in=payments.CANCEL_PAYMENT.source).order_by("pk"):
        with payments.CANCEL_PAYMENT.apply_to(payment, by=by, at=at, reason=reason):
            pass


def _record_request_time(row: Payment, at: datetime, *, pressed: bool = False) -> None:
    """Record when the payment was requested, and whether urgently.

    Later payments do not change the result.
    """
    others = Payment.objects.to_company_of(row.order).exclude(pk=row.pk).select_related("order")
    if is_urgent_request(row, others, at, pressed=pressed):
        row.urgent_request_at = at
    row.asked_at = at


@contextmanager
def _payment_move(
    move: Move[Payment], payment: Payment, by: Actor, at: datetime, reason: str
) -> Iterator[Payment]:
    """Make a payment move under the order's lock.

    Refuses an account in its waiting time, an amount above the order's worth, and a company with a
    watchlist match.
    """
    with transaction.atomic():
        order = select_locked(payment.order)
        with move.apply_to(payment, by=by, at=at, reason=reason) as row:
            others = order.payments.exclude(pk=row.pk)
            refused = blocked_payment_refusal(row, at) or above_order_value_refusal(row, others, order.total)
            if refused is not None:
                raise refused
            require_payee_not_on_watchlist(order, at)
            yield row


def require_payee_not_on_watchlist(row: Order, at: datetime) -> None:
    """Compare the names of the order's companies with the watchlists, and refuse if a match blocks them.

    Only names not compared yet are compared: the periodic job, which compares them too, may not have run.
    """
    found = [screen_supplier(company, at=at) for company in companies_of(row)]
    if any(found):
        refused = watchlist_match_of_order_refusal(row)
        if refused is not None:  # the refusal rolls back the new match; the periodic job stores it again
            raise refused
