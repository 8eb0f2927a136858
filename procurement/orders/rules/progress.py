"""How far an order is: its goods and its money, which end independently of each other."""

from collections.abc import Iterable
from enum import StrEnum

from procurement.catalogue.models.reference_rows import AcquisitionType
from procurement.orders.models import Order, OrderLine
from procurement.orders.payments.models import Payment


class DeliveryProgress(StrEnum):
    """How much of the goods has arrived and been released. The values are keys of status badges."""

    NOT_SHIPPED = "not_shipped"
    ON_THE_WAY = "on_the_way"
    PARTLY_DELIVERED = "partly_delivered"
    DELIVERED = "delivered"


class PaymentProgress(StrEnum):
    """How much of the money has been paid. The values are keys of status badges."""

    UNPAID = "unpaid"
    PARTLY_PAID = "partly_paid"
    PAID = "paid"


def delivery_progress(lines: Iterable[OrderLine]) -> DeliveryProgress:
    """Return how far the goods are. Pieces that were lost or rejected count as settled, not as delivered."""
    known = list(lines)
    released = sum(line.released for line in known)
    if released and not any(line.open_quantity for line in known):
        return DeliveryProgress.DELIVERED
    if released:
        return DeliveryProgress.PARTLY_DELIVERED
    return (
        DeliveryProgress.ON_THE_WAY if any(line.departed for line in known) else DeliveryProgress.NOT_SHIPPED
    )


def payment_progress(*, any_paid: bool, any_open: bool) -> PaymentProgress:
    """Return how far the payments are, from whether any is paid and any is open. Without payments: unpaid."""
    if any_paid:
        return PaymentProgress.PARTLY_PAID if any_open else PaymentProgress.PAID
    return PaymentProgress.UNPAID


def payment_progress_of(payments: Iterable[Payment]) -> PaymentProgress:
    """Return how far these payments of an order are. Cancelled ones do not count."""
    found = {one.status for one in payments}
    return payment_progress(
        any_paid=Payment.Status.PAID in found, any_open=bool(found & set(Payment.Status.open))
    )


def is_payment_progress_shown(order: Order) -> bool:
    """Return True if the page shows how far the payments are: for a purchase that is placed or completed."""
    return order.kind == AcquisitionType.PURCHASE and order.status in (
        *Order.BINDING_STATUSES,
        Order.Status.COMPLETED,
    )


def delivery_badge_key(order: Order, delivery: DeliveryProgress) -> str:
    """Return the key of the badge for the goods, or "" if the order's status already says how far they are."""
    if order.status == Order.Status.COMPLETED:
        return DeliveryProgress.DELIVERED.value
    under_way = order.status in Order.BINDING_STATUSES and delivery is not DeliveryProgress.NOT_SHIPPED
    return delivery.value if under_way else ""
