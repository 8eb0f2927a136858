"""What the clock does not settle by itself: what became moot after something binding, and what was called back from the wards."""

from datetime import datetime, time
from typing import Any

from django.db.models import F, QuerySet
from django.utils.translation import gettext_lazy as _

from partners.roles import Power
from partners.rules.powers import Powers
from procurement.orders.models.order import Order
from procurement.requests.models import RequestLine, SupplyRequest
from procurement.shipments.models.shipment import Shipment
from procurement.web.today.rows import Kind, Row, mine


def _orders_adrift(by: Powers) -> QuerySet[Any]:
    """Placed orders and accepted gifts for a need that was withdrawn."""
    return Order.objects.adrift().filter(city__in=mine(by, Power.ORDER))


def _shipments_adrift(by: Powers) -> QuerySet[Any]:
    """Packed goods of an order that was cancelled or given up."""
    return Shipment.objects.adrift().filter(city__in=mine(by, Power.SHIP))


def _recalled(by: Powers) -> QuerySet[Any]:
    """Fulfilled needs of which something was called back from the wards since."""
    short = RequestLine.objects.filter(released__lt=F("quantity"), city__in=mine(by, Power.POST_REQUEST))
    return SupplyRequest.objects.filter(
        city__in=mine(by, Power.POST_REQUEST),
        status=SupplyRequest.Status.FULFILLED,
        pk__in=short.values("supply_request"),
    )


def _decide(order: Order, at: datetime) -> Row:
    return Row(
        _("Decide what becomes of %(order)s: its need was withdrawn") % {"order": order.reference},
        _("Decide"),
        order.get_absolute_url(),
        _("It binds %(supplier)s and you, so the clock cancels nothing.") % {"supplier": order.supplier.name},
        at,
        order.reference,
    )


def _cancel(shipment: Shipment, at: datetime) -> Row:
    return Row(
        _("Cancel %(shipment)s: the order of its goods was given up") % {"shipment": shipment.reference},
        _("Look"),
        shipment.get_absolute_url(),
        _("The goods are packed and do not leave."),
        at,
        shipment.reference,
    )


def _open_again(need: SupplyRequest, at: datetime) -> Row:
    return Row(
        _("Open %(need)s again: goods were recalled") % {"need": need.reference},
        _("Look"),
        need.get_absolute_url(),
        _("It counts as fulfilled, and is not."),
        at,
        need.reference,
    )


def _asked_again(by: Powers) -> QuerySet[Any]:
    """Needs that their city wanted to reconfirm by a day that is near or over."""
    return SupplyRequest.objects.asked_again().filter(city__in=mine(by, Power.POST_REQUEST))


def _still_needed(need: SupplyRequest, at: datetime) -> Row:
    day = need.reconfirm_by or need.city.day_at(at)
    return Row(
        _("Say whether %(need)s is still needed: %(title)s") % {"need": need.reference, "title": need.title},
        _("Answer"),
        f"{need.get_absolute_url()}reconfirm/",
        _("After that date contacts get no more reminders, and partners see that the need is unconfirmed."),
        datetime.combine(day, time.max, need.city.zone),
        need.reference,
    )


KINDS = (
    Kind(_asked_again, _still_needed, ("city",)),
    Kind(_orders_adrift, _decide, ("supplier",)),
    Kind(_shipments_adrift, _cancel),
    Kind(_recalled, _open_again),
)
