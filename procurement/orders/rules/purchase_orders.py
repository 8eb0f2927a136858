"""Whether the purchase order of an order, a generated document, is correct.

Documents are built on orders, so they are reached through the order here.
"""

from typing import Any

from procurement.orders.models import Order
from procurement.orders.rules.fact_cache import cached_fact

PURCHASE_ORDER_KIND = "purchase_order"  # as in GeneratedDocument.Kind


def current_purchase_order(order: Order) -> Any | None:
    """Return the newest purchase order (`GeneratedDocument`); None if there is none, or if it is no longer correct."""

    def read() -> Any | None:
        rows = order.generated_documents.filter(kind=PURCHASE_ORDER_KIND)
        newest = rows.order_by("-version").first()
        if newest is None:
            return None
        newest.order = order
        return newest if is_purchase_order_current(newest) else None

    return cached_fact(order, "purchase_order", read)


def is_purchase_order_current(document: Any) -> bool:
    """Return True if a purchase order states the quantities that are on order now, and the order is in force."""
    order = document.order
    quantities = {str(line.pk): line.quantity for line in order.lines.all() if line.quantity}
    return order.status not in Order.Status.void and document.figures["pieces"] == quantities
