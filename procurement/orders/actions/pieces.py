"""Counting the pieces of orders as they are shipped, leave, arrive and are released. Moved by the shipments stage, under locks.

Locks are taken in one order everywhere: orders, their lines, allocations, offers, lines of needs; equal kinds by primary key.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from procurement.allocations.models import Allocation
from procurement.leads.models.offer import SupplierLead
from procurement.orders.models.order import Order, OrderLine
from procurement.requests.models import RequestLine
from workflow.errors import Refused
from workflow.tongues import Figure


@dataclass(frozen=True, kw_only=True)
class Delta:
    """By how much each counter of an order line moves."""

    shipped: int = 0
    departed: int = 0
    released: int = 0
    failed: int = 0


def lock_orders(line_ids: Iterable[int]) -> dict[int, Order]:
    """The orders of these lines, locked by primary key, by id. Call before `locked_lines`."""
    orders = Order.objects.filter(lines__in=list(line_ids)).values("pk")
    rows = Order.objects.filter(pk__in=orders).order_by("pk").select_for_update(of=("self",))
    return {order.pk: order for order in rows}


def locked_lines(line_ids: Iterable[int]) -> dict[int, OrderLine]:
    """Order lines, locked by primary key, by id."""
    rows = OrderLine.objects.filter(pk__in=list(line_ids)).order_by("pk").select_for_update(of=("self",))
    return {line.pk: line for line in rows}


def lock_promises(allocation_ids: Iterable[int]) -> None:
    """Lock everything below order lines: allocations, their offers, their lines of needs, each kind by primary key."""
    ids = list(allocation_ids)
    for below in (
        Allocation.objects.filter(pk__in=ids),
        SupplierLead.objects.filter(pk__in=Allocation.objects.filter(pk__in=ids).values("lead")),
        RequestLine.objects.filter(pk__in=Allocation.objects.filter(pk__in=ids).values("line")),
    ):
        list(below.order_by("pk").select_for_update(of=("self",)).values_list("pk", flat=True))


def move(deltas: Mapping[int, Delta]) -> dict[int, OrderLine]:
    """Move the counters of order lines (by id) under their orders' and their own locks; the lines as they are now.

    Called by the shipments stage inside its own transaction and entry. Refuses to ship more than was ordered.
    """
    lock_orders(deltas)
    lines = locked_lines(deltas)
    for key, line in lines.items():
        delta = deltas[key]
        if delta.shipped > line.to_ship:
            words = _("Of this line, %(left)s can still be shipped; asked for: %(asked)s.")
            figures = {"left": Figure(line.to_ship), "asked": Figure(delta.shipped)}
            raise Refused("more_than_ordered", words % figures, **figures, field="quantity")
        line.shipped += delta.shipped
        line.departed += delta.departed
        line.released += delta.released
        line.failed += delta.failed
        line.save(update_fields=["shipped", "departed", "released", "failed"])
    return lines
