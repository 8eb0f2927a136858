"""What waits in orders, payments and shipments: decisions, second signatures, customs, counting and inspection."""

from datetime import datetime, time, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from partners.models.people import Membership
from partners.roles import Power
from partners.rules.powers import Powers
from procurement.orders.models.order import Order
from procurement.orders.models.payment import Payment
from procurement.shipments.models.arrival import Lot
from procurement.shipments.models.cases import DifferenceCase
from procurement.shipments.models.customs import CustomsHold
from procurement.shipments.models.shipment import Shipment, ShipmentLine
from procurement.shipments.rules.tracking import warnings
from procurement.suppliers.models.account import BankAccount
from procurement.web.today.rows import Kind, Row, mine

SETTLED_WITHIN = timedelta(days=7)  # our own measure: time for an answer from abroad


def _orders(by: Powers) -> QuerySet[Any]:
    waiting = (Order.Status.AWAITING_APPROVAL, Order.Status.OFFERED)
    orders = Order.objects.filter(city__in=mine(by, Power.APPROVE), status__in=waiting)
    return orders.exclude(author=by.user_id)


def _payments(by: Powers) -> QuerySet[Any]:
    proposed = Payment.objects.filter(city__in=mine(by, Power.PAY), status=Payment.Status.PROPOSED)
    return proposed.exclude(proposed_by=by.user_id)


def _due(by: Powers) -> QuerySet[Any]:
    return Payment.objects.filter(
        city__in=mine(by, Power.PAY), status=Payment.Status.PLANNED, due_on__isnull=False
    )


def _accounts(by: Powers) -> QuerySet[Any]:
    """Accounts that colleagues entered: a second person calls the company before anything is paid there."""
    payers = mine(by, Power.PAY)
    if not payers:
        return BankAccount.objects.none()
    colleagues = Membership.objects.active().filter(city__in=payers).values("user")
    entered = BankAccount.objects.filter(status=BankAccount.Status.PROPOSED, proposed_by__in=colleagues)
    return entered.exclude(proposed_by=by.user_id)


def _holds(by: Powers) -> QuerySet[Any]:
    held = CustomsHold.objects.visible_to(by).filter(status=CustomsHold.Status.HELD)
    return held if mine(by, Power.CLEAR) or by.brokers else held.none()


def _uncounted(by: Powers) -> QuerySet[Any]:
    """Delivered, with a line of which nobody has counted anything."""
    delivered = Shipment.objects.filter(city__in=mine(by, Power.RECEIVE), status=Shipment.Status.DELIVERED)
    lines = ShipmentLine.objects.filter(shipment=OuterRef("pk"), accepted=0, rejected=0, missing=0)
    return delivered.filter(Exists(lines))


def _warned(by: Powers) -> QuerySet[Any]:
    """Under way, with something that somebody should look at."""
    return Shipment.objects.under_way().filter(city__in=mine(by, Power.SHIP), risk__gt=0)


def _lots(by: Powers) -> QuerySet[Any]:
    return Lot.objects.filter(city__in=mine(by, Power.INSPECT), status=Lot.Status.QUARANTINED, quantity__gt=0)


def _cases(by: Powers) -> QuerySet[Any]:
    """Differences that nobody has settled."""
    return DifferenceCase.objects.filter(city__in=mine(by, Power.ORDER)).unsettled()


def _unpaid(by: Powers) -> QuerySet[Any]:
    """One's own orders of which everything was received and not everything is paid."""
    return Order.objects.filter(author=by.user_id, city__in=mine(by, Power.ORDER)).received_unpaid()


def _pay_at_last(order: Order, at: datetime) -> Row:
    return Row(
        _("%(order)s is received, not paid: %(supplier)s")
        % {"order": order.reference, "supplier": order.supplier.name},
        _("Look"),
        order.get_absolute_url(),
        _("The supplier waits for the money, or its payments are cancelled with a reason."),
        at,
        order.reference,
    )


def _decide(order: Order, at: datetime) -> Row:
    return Row(
        _("Decide on %(order)s, %(supplier)s") % {"order": order.reference, "supplier": order.supplier.name},
        _("Decide"),
        order.get_absolute_url(),
        _("Nothing is ordered or accepted without it."),
        order.created_at + timedelta(days=1),
        order.reference,
    )


def _pay(payment: Payment, at: datetime) -> Row:
    return Row(
        _("Pay %(milestone)s of %(order)s as the second person")
        % {"milestone": payment.get_milestone_display(), "order": payment.order.reference},
        _("Look"),
        payment.get_absolute_url(),
        _("The supplier waits for it."),
        payment.created_at + timedelta(days=1),
        payment.order.reference,
    )


def _confirm(account: BankAccount, at: datetime) -> Row:
    return Row(
        _("Confirm an account of %(supplier)s as the second person") % {"supplier": account.supplier.name},
        _("Look"),
        account.get_absolute_url(),
        _("Nothing is paid there before somebody has called the company."),
        account.created_at + timedelta(days=1),
        str(account),
    )


def _propose(payment: Payment, at: datetime) -> Row:
    told = {"milestone": payment.get_milestone_display(), "order": payment.order.reference}
    assert payment.due_on is not None  # it was filtered by
    return Row(
        _("%(milestone)s of %(order)s is due") % told,
        _("Look"),
        payment.get_absolute_url(),
        _("Somebody proposes it, a second person pays it."),
        datetime.combine(payment.due_on, time.max, payment.city.zone),
        payment.order.reference,
    )


def _answer(hold: CustomsHold, at: datetime) -> Row:
    shipment = hold.lane.shipment
    return Row(
        _("Answer customs about %(shipment)s: %(reason)s")
        % {"shipment": shipment.reference, "reason": hold.reason},
        _("Answer"),
        hold.get_absolute_url(),
        _("The goods stand still until it is answered."),
        hold.started_at,
        shipment.reference,
    )


def _count(shipment: Shipment, at: datetime) -> Row:
    return Row(
        _("Count %(shipment)s at the door") % {"shipment": shipment.reference},
        _("Count"),
        reverse("dock", args=[shipment.reference]),
        _("Nobody knows yet what came."),
        shipment.delivered_at or at,
        shipment.reference,
    )


def _settle(case: DifferenceCase, at: datetime) -> Row:
    return Row(
        _("Settle %(case)s, %(shipment)s") % {"case": case.reference, "shipment": case.shipment.reference},
        pgettext_lazy("a case", "Settle"),
        case.get_absolute_url(),
        _("Whoever sent the goods hears nothing more, and the case counts in their record."),
        case.created_at + SETTLED_WITHIN,
        case.reference,
    )


def _look(shipment: Shipment, at: datetime) -> Row:
    gravest = shipment.warnings[0]
    return Row(
        _("Look at %(shipment)s: %(warning)s")
        % {"shipment": shipment.reference, "warning": warnings.NAMES[gravest]},
        _("Look"),
        shipment.get_absolute_url(),
        warnings.TODO[gravest],
        at,
        shipment.reference,
    )


def _inspect(lot: Lot, at: datetime) -> Row:
    return Row(
        _("Inspect lot %(lot)s") % {"lot": lot.number},
        _("Inspect"),
        lot.get_absolute_url(),
        _("It stays in quarantine until then."),
        lot.created_at + timedelta(days=1),
        lot.reference,
    )


KINDS = (
    Kind(_orders, _decide, ("supplier",)),
    Kind(_payments, _pay, ("order",)),
    Kind(_accounts, _confirm, ("supplier",)),
    Kind(_due, _propose, ("order", "city"), ("due_on", "pk")),
    Kind(_unpaid, _pay_at_last, ("supplier",)),
    Kind(_holds, _answer, ("lane__shipment",), ("started_at", "pk")),
    Kind(_uncounted, _count),
    Kind(_lots, _inspect),
    Kind(_cases, _settle, ("shipment",), ("created_at", "pk")),
    Kind(_warned, _look, (), ("-risk", "pk")),
)
