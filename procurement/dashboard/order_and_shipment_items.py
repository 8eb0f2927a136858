"""Rows of the start page (“Today”) for orders, payments and shipments, from decisions to inspections."""

from datetime import datetime, time, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy, pgettext_lazy

from partners.memberships.models import Membership
from partners.permissions.permissions import Permissions
from partners.powers import Power
from procurement.customs.models import CustomsHold
from procurement.dashboard.attached_names import attach_goods, attach_journeys
from procurement.dashboard.todo_items import TodoItem, TodoKind, cities_with_power
from procurement.documents.models.generated_documents import GeneratedDocument
from procurement.logistics.rules import alerts
from procurement.orders.acknowledgements.models import OrderAcknowledgement
from procurement.orders.models import Order, OrderLine
from procurement.orders.payments.models import Payment
from procurement.quality.models import Lot
from procurement.receiving.models import Discrepancy
from procurement.shipments.models import Shipment, ShipmentLine
from procurement.shipments.queries import goods_quantity_text
from procurement.suppliers.models.bank_accounts import BankAccount
from workflow.formatting import format_day, format_money
from workflow.i18n import LocalizedCount

# The relations that name the goods of a shipment's line and their supplier.
LINE_RELATIONS = ("line__order_line__allocation__lead__product", "line__order_line__order__supplier")
HAS_PURCHASE_ORDER = Exists(
    GeneratedDocument.objects.filter(
        order=OuterRef("pk"), kind=GeneratedDocument.Kind.PURCHASE_ORDER
    ).order_by()
)
SETTLEMENT_TIME = timedelta(days=7)  # our own choice: time for an answer from abroad


def _orders_to_approve(by: Permissions) -> QuerySet[Any]:
    waiting = (Order.Status.AWAITING_APPROVAL, Order.Status.OFFERED)
    orders = Order.objects.filter(city__in=cities_with_power(by, Power.APPROVE), status__in=waiting)
    return orders.filter(held_since=None).exclude(author=by.user_id)


def _orders_without_purchase_order(by: Permissions) -> QuerySet[Any]:
    """Return placed orders whose purchase order the periodic job could not generate, until the supplier confirms."""
    orders = Order.objects.filter(city__in=cities_with_power(by, Power.ORDER), status=Order.Status.PLACED)
    return orders.filter(~HAS_PURCHASE_ORDER, purchase_order_due_at=None, held_since=None)


def _unconfirmed_orders(by: Permissions) -> QuerySet[Any]:
    """Return placed orders with a purchase order whose supplier has not confirmed or answered by the next working day."""
    orders = Order.objects.filter(city__in=cities_with_power(by, Power.ORDER), status=Order.Status.PLACED)
    answered = OrderAcknowledgement.objects.awaiting_decision()
    waiting = orders.filter(HAS_PURCHASE_ORDER | Q(purchase_order_due_at__isnull=False))
    return waiting.filter(reminders__gt=0, held_since=None).exclude(pk__in=answered.values("order"))


def _supplier_answers(by: Permissions) -> QuerySet[Any]:
    """Return the orders whose supplier proposed other terms or declined, if this person may decide on the answer."""
    answers = OrderAcknowledgement.objects.awaiting_decision().exclude(
        Q(person=by.user_id) | Q(link_copied_by=by.user_id)
    )
    orders = Order.objects.filter(city__in=cities_with_power(by, Power.ORDER), status=Order.Status.PLACED)
    return orders.filter(held_since=None, pk__in=answers.values("order"))


def _goods_due(by: Permissions) -> QuerySet[Any]:
    """Return orders of which goods have not left although their promised day is near or past."""
    orders = Order.objects.filter(
        city__in=cities_with_power(by, Power.ORDER),
        status__in=Order.AWAITING_GOODS_STATUSES,
        reminders__gt=0,
        held_since=None,
    )
    return orders.filter(Exists(OrderLine.objects.filter(order=OuterRef("pk"), quantity__gt=F("departed"))))


def _proposed_payments(by: Permissions) -> QuerySet[Any]:
    proposed = Payment.objects.filter(
        city__in=cities_with_power(by, Power.PAY), status=Payment.Status.PROPOSED
    )
    return proposed.filter(order__held_since=None).exclude(proposed_by=by.user_id)


def _payments_due(by: Permissions) -> QuerySet[Any]:
    return Payment.objects.filter(
        city__in=cities_with_power(by, Power.PAY),
        status=Payment.Status.PLANNED,
        due_on__isnull=False,
        order__held_since=None,
    )


def _accounts_to_confirm(by: Permissions) -> QuerySet[Any]:
    """Return the bank accounts entered by colleagues that this person may confirm by a phone call.

    A second person must call the supplier before the first payment to the account.
    """
    payers = cities_with_power(by, Power.PAY)
    if not payers:
        return BankAccount.objects.none()
    colleagues = Membership.objects.active().filter(city__in=payers).values("user")
    entered = BankAccount.objects.filter(status=BankAccount.Status.PROPOSED, proposed_by__in=colleagues)
    return entered.exclude(proposed_by=by.user_id)


def _active_customs_holds(by: Permissions) -> QuerySet[Any]:
    held = CustomsHold.objects.visible_to(by).filter(status=CustomsHold.Status.ACTIVE)
    return held if cities_with_power(by, Power.CLEAR_CUSTOMS) or by.is_broker else held.none()


def _uncounted_shipments(by: Permissions) -> QuerySet[Any]:
    """Return delivered shipments with at least one line that has no counted pieces."""
    delivered = Shipment.objects.filter(
        city__in=cities_with_power(by, Power.RECEIVE), status=Shipment.Status.DELIVERED
    )
    lines = ShipmentLine.objects.filter(shipment=OuterRef("pk"), accepted=0, rejected=0, missing=0)
    return delivered.filter(Exists(lines))


def _shipments_with_alerts(by: Permissions) -> QuerySet[Any]:
    """Return shipments under way with at least one alert."""
    return Shipment.objects.under_way().filter(city__in=cities_with_power(by, Power.SHIP), risk__gt=0)


def _lots_to_inspect(by: Permissions) -> QuerySet[Any]:
    return Lot.objects.filter(
        city__in=cities_with_power(by, Power.INSPECT), status=Lot.Status.QUARANTINED, quantity__gt=0
    )


def _open_discrepancies(by: Permissions) -> QuerySet[Any]:
    """Return the discrepancies that are not settled."""
    return Discrepancy.objects.filter(city__in=cities_with_power(by, Power.ORDER)).unsettled()


def _unpaid_orders(by: Permissions) -> QuerySet[Any]:
    """Return this person's own orders that are fully received but not fully paid."""
    return Order.objects.filter(
        author=by.user_id, city__in=cities_with_power(by, Power.ORDER), held_since=None
    ).received_unpaid()


def _goods_of_line(line: ShipmentLine, pieces: int) -> dict[str, str]:
    """Return the goods and the supplier of a shipment line, for the sentence of its row."""
    return {
        "goods": goods_quantity_text(line.order_line.allocation.lead.product.name, pieces),
        "supplier": line.order_line.order.supplier.name,
    }


def _order_params(order: Order, amount: Decimal, currency: str) -> dict[str, Any]:
    """Return the goods, the supplier and the amount of an order, for the sentence of its row."""
    return {
        "goods": vars(order)["goods"],
        "supplier": order.supplier.name,
        "amount": format_money(amount, currency),
    }


def _unpaid_item(order: Order, at: datetime) -> TodoItem:
    return TodoItem(
        _("Pay %(supplier)s for the goods you have received: %(goods)s")
        % _order_params(order, order.total, order.currency),
        _("Open order"),
        order.get_absolute_url(),
        _("Pay the supplier, or cancel the payments with a reason."),
        at,
        order.reference,
    )


def _approval_item(order: Order, at: datetime) -> TodoItem:
    return TodoItem(
        _("Decide whether to place this order with %(supplier)s (%(amount)s): %(goods)s")
        % _order_params(order, order.total, order.currency),
        _("Review order"),
        order.get_absolute_url(),
        _("The order or donation cannot go ahead until you decide."),
        order.created_at + timedelta(days=1),
        order.reference,
    )


def _purchase_order_item(order: Order, at: datetime) -> TodoItem:
    assert order.placed_at is not None  # set when it was placed
    return TodoItem(
        _("Generate the purchase order for %(supplier)s: %(goods)s")
        % _order_params(order, order.total, order.currency),
        _("Open documents"),
        f"{reverse('order_documents', args=[order.reference])}#made",
        _("There is no document to send yet. Open the page to generate it."),
        order.placed_at + timedelta(days=1),
        order.reference,
    )


def _unconfirmed_item(order: Order, at: datetime) -> TodoItem:
    assert order.waiting_since is not None  # set when it was placed
    return TodoItem(
        _("Ask %(supplier)s to confirm %(goods)s") % _order_params(order, order.total, order.currency),
        _("Open order"),
        order.get_absolute_url(),
        _("The supplier has not confirmed the order. Check that they have the purchase order.")
        if vars(order)["has_purchase_order"]
        else _("The supplier has not confirmed the order. Its purchase order is being generated."),
        order.waiting_since + timedelta(days=1),
        order.reference,
    )


def _supplier_answer_item(order: Order, at: datetime) -> TodoItem:
    acknowledgement = order.acknowledgement
    assert acknowledgement.answered_at is not None  # set with every answer
    is_proposal = acknowledgement.status == OrderAcknowledgement.Status.PROPOSED
    return TodoItem(
        (
            _("Decide on the terms that %(supplier)s proposes: %(goods)s")
            if is_proposal
            else _("Decide what to do: %(supplier)s declined the order: %(goods)s")
        )
        % _order_params(order, order.total, order.currency),
        _("Open order"),
        f"{order.get_absolute_url()}#acknowledgement",
        _("The supplier waits for your answer and does not deliver until then.")
        if is_proposal
        else _("The supplier will not deliver. Cancel the order, or ask the supplier again."),
        acknowledgement.answered_at + timedelta(days=1),
        order.reference,
    )


def _late_goods_item(order: Order, at: datetime) -> TodoItem:
    assert order.promised_on is not None  # no reminder is due without it
    pieces = vars(order)["to_depart"]
    words = ngettext_lazy(
        "%(pieces)s unit has not been shipped. Promised date: %(day)s.",
        "%(pieces)s units have not been shipped. Promised date: %(day)s.",
        pieces,
    )
    return TodoItem(
        _("Ask %(supplier)s when %(goods)s will be shipped")
        % _order_params(order, order.total, order.currency),
        _("Open order"),
        order.get_absolute_url(),
        words % {"pieces": LocalizedCount(pieces), "day": format_day(order.promised_on)},
        datetime.combine(order.promised_on, time.max, order.city.zone),
        order.reference,
    )


def _payment_item(payment: Payment, at: datetime) -> TodoItem:
    return TodoItem(
        _("Second signature: pay %(supplier)s %(amount)s for %(goods)s")
        % _order_params(payment.order, payment.amount, payment.currency),
        _("Review payment"),
        payment.get_absolute_url(),
        _("The supplier is waiting for the payment."),
        payment.created_at + timedelta(days=1),
        payment.order.reference,
    )


def _account_item(account: BankAccount, at: datetime) -> TodoItem:
    return TodoItem(
        _("Second review: confirm an account of %(supplier)s") % {"supplier": account.supplier.name},
        _("Review account"),
        account.get_absolute_url(),
        _("No payment can be made to this account until someone has called the company."),
        account.created_at + timedelta(days=1),
        str(account),
    )


def _due_payment_item(payment: Payment, at: datetime) -> TodoItem:
    assert payment.due_on is not None  # the query filters by it
    return TodoItem(
        _("Pay %(supplier)s %(amount)s for %(goods)s")
        % _order_params(payment.order, payment.amount, payment.currency),
        _("Review payment"),
        payment.get_absolute_url(),
        _("One person proposes the payment, and another makes it."),
        datetime.combine(payment.due_on, time.max, payment.city.zone),
        payment.order.reference,
    )


def _hold_item(hold: CustomsHold, at: datetime) -> TodoItem:
    shipment = hold.clearance.shipment
    return TodoItem(
        _("Respond to customs about %(goods)s: %(reason)s")
        % {"goods": vars(shipment)["journey"], "reason": hold.reason},
        _("Answer customs"),
        hold.get_absolute_url(),
        _("The goods cannot move until you respond."),
        hold.started_at,
        shipment.reference,
    )


def _receive_item(shipment: Shipment, at: datetime) -> TodoItem:
    return TodoItem(
        _("Receive %(goods)s") % {"goods": vars(shipment)["journey"]},
        _("Receive goods"),
        reverse("dock", args=[shipment.reference]),
        _("What arrived has not been recorded yet."),
        shipment.delivered_at or at,
        shipment.reference,
    )


def _settle_item(case: Discrepancy, at: datetime) -> TodoItem:
    return TodoItem(
        _("Settle the discrepancy with %(supplier)s: %(goods)s (%(kind)s)")
        % {**_goods_of_line(case.line, case.pieces), "kind": case.get_kind_display().lower()},
        pgettext_lazy("a case", "Settle discrepancy"),
        case.get_absolute_url(),
        _(
            "Until you settle the discrepancy, the sender gets no reply and the discrepancy stays on the "
            "sender’s record."
        ),
        case.created_at + SETTLEMENT_TIME,
        case.reference,
    )


def _review_item(shipment: Shipment, at: datetime) -> TodoItem:
    gravest = shipment.alerts[0]
    return TodoItem(
        _("Check %(goods)s: %(warning)s")
        % {"goods": vars(shipment)["journey"], "warning": alerts.ALERT_TYPES[gravest].name},
        _("Open shipment"),
        shipment.get_absolute_url(),
        alerts.ALERT_TYPES[gravest].advice,
        at,
        shipment.reference,
    )


def _inspection_item(lot: Lot, at: datetime) -> TodoItem:
    return TodoItem(
        _("Inspect lot %(lot)s from %(supplier)s: %(goods)s")
        % {"lot": lot.number, **_goods_of_line(lot.line, lot.quantity)},
        _("Inspect lot"),
        lot.get_absolute_url(),
        _("The lot stays in quarantine until then."),
        lot.created_at + timedelta(days=1),
        lot.reference,
    )


ORDER_AND_SHIPMENT_TODO_KINDS = (
    TodoKind(
        "orders",
        _("Orders to decide on"),
        _orders_to_approve,
        _approval_item,
        ("supplier",),
        attach_related=attach_goods,
    ),
    TodoKind(
        "purchase_orders",
        _("Purchase orders to generate"),
        _orders_without_purchase_order,
        _purchase_order_item,
        ("supplier",),
        order=("placed_at", "pk"),
        attach_related=attach_goods,
        waiting_since_field="placed_at",
        required_facts=("placed_at",),
    ),
    TodoKind(
        "unconfirmed",
        _("Orders to be confirmed by the supplier"),
        _unconfirmed_orders,
        _unconfirmed_item,
        ("supplier",),
        annotations={"has_purchase_order": HAS_PURCHASE_ORDER},
        order=("waiting_since", "pk"),
        attach_related=attach_goods,
        waiting_since_field="waiting_since",
        required_facts=("waiting_since",),
    ),
    TodoKind(
        "supplier_answers",
        _("Suppliers’ answers to decide on"),
        _supplier_answers,
        _supplier_answer_item,
        ("supplier", "acknowledgement"),
        annotations={"answered_at": F("acknowledgement__answered_at")},
        order=("acknowledgement__answered_at", "pk"),
        attach_related=attach_goods,
        waiting_since_field="answered_at",
        required_facts=("answered_at",),
    ),
    TodoKind(
        "goods_due",
        _("Ordered goods due for shipment"),
        _goods_due,
        _late_goods_item,
        ("supplier", "city"),
        order=("promised_on", "pk"),
        attach_related=attach_goods,
        waiting_since_field="",
        required_facts=("promised_on",),
    ),
    TodoKind(
        "payments",
        _("Payments to sign"),
        _proposed_payments,
        _payment_item,
        ("order__supplier",),
        attach_related=attach_goods,
    ),
    TodoKind("accounts", _("Bank accounts to confirm"), _accounts_to_confirm, _account_item, ("supplier",)),
    TodoKind(
        "payments_due",
        _("Payments due"),
        _payments_due,
        _due_payment_item,
        ("order__supplier", "city"),
        order=("due_on", "pk"),
        attach_related=attach_goods,
        waiting_since_field="",
        required_facts=("due_on",),
    ),
    TodoKind(
        "unpaid",
        _("Orders to pay"),
        _unpaid_orders,
        _unpaid_item,
        ("supplier",),
        attach_related=attach_goods,
        waiting_since_field="completed_at",
    ),
    TodoKind(
        "holds",
        _("Customs questions to answer"),
        _active_customs_holds,
        _hold_item,
        ("clearance__shipment",),
        order=("started_at", "pk"),
        attach_related=attach_journeys,
        waiting_since_field="started_at",
    ),
    TodoKind(
        "to_receive",
        _("Goods to receive"),
        _uncounted_shipments,
        _receive_item,
        attach_related=attach_journeys,
        waiting_since_field="delivered_at",
    ),
    TodoKind("lots", _("Lots to inspect"), _lots_to_inspect, _inspection_item, LINE_RELATIONS),
    TodoKind(
        "discrepancies",
        _("Discrepancies to settle"),
        _open_discrepancies,
        _settle_item,
        LINE_RELATIONS,
        order=("created_at", "pk"),
    ),
    TodoKind(
        "alerts",
        _("Shipments with alerts"),
        _shipments_with_alerts,
        _review_item,
        order=("-risk", "pk"),
        attach_related=attach_journeys,
        waiting_since_field="",
        required_facts=("alerts",),
    ),
)
