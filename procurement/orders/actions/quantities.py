"""Actions on the counters of the pieces of order lines: shipped, departed, released, failed.

Used by the shipments package.

Locks are always taken in this order: orders, order lines, allocations, offers, need lines; within a
kind by primary key.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from procurement.allocations.models import Allocation
from procurement.leads.models.leads import SupplierLead
from procurement.orders.models import Order, OrderLine
from procurement.requests.models import RequestLine
from workflow.errors import Refused
from workflow.i18n import LocalizedCount


@dataclass(frozen=True, kw_only=True)
class QuantityDelta:
    """Changes to the counters of an order line."""

    shipped: int = 0
    departed: int = 0
    released: int = 0
    failed: int = 0


def lock_orders(line_ids: Iterable[int]) -> dict[int, Order]:
    """Lock the orders of these lines by primary key. Return them by id. Call before `lock_order_lines`."""
    orders = Order.objects.filter(lines__in=list(line_ids)).values("pk")
    rows = Order.objects.filter(pk__in=orders).order_by("pk").select_for_update(of=("self",))
    return {order.pk: order for order in rows}


def lock_order_lines(line_ids: Iterable[int]) -> dict[int, OrderLine]:
    """Lock these order lines by primary key. Return them by id."""
    rows = OrderLine.objects.filter(pk__in=list(line_ids)).order_by("pk").select_for_update(of=("self",))
    return {line.pk: line for line in rows}


def lock_allocations(allocation_ids: Iterable[int]) -> None:
    """Lock the allocations, their offers and their need lines, each kind by primary key."""
    ids = list(allocation_ids)
    for below in (
        Allocation.objects.filter(pk__in=ids),
        SupplierLead.objects.filter(pk__in=Allocation.objects.filter(pk__in=ids).values("lead")),
        RequestLine.objects.filter(pk__in=Allocation.objects.filter(pk__in=ids).values("line")),
    ):
        list(below.order_by("pk").select_for_update(of=("self",)).values_list("pk", flat=True))


def apply_quantity_changes(deltas: Mapping[int, QuantityDelta]) -> dict[int, OrderLine]:
    """Change the counters of order lines (by id) under the locks of orders and lines.

    Return the changed lines. Called by the shipments package inside its own transaction and journal entry.
    Refuses to ship more than was ordered.
    """
    lock_orders(deltas)
    lines = lock_order_lines(deltas)
    for key, line in lines.items():
        delta = deltas[key]
        if delta.shipped > line.unshipped_quantity:
            words = _("You can still ship %(left)s from this line, but you entered %(asked)s.")
            figures = {
                "left": LocalizedCount(line.unshipped_quantity),
                "asked": LocalizedCount(delta.shipped),
            }
            raise Refused("more_than_ordered", words % figures, **figures, field="quantity")
        line.shipped += delta.shipped
        line.departed += delta.departed
        line.released += delta.released
        line.failed += delta.failed
        line.save(update_fields=["shipped", "departed", "released", "failed"])
    return lines
