"""Short texts about an order: its goods, the needs it is for, and what is left until it is done."""

from collections import Counter
from collections.abc import Iterable, Sequence
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from procurement.catalogue.goods_text import goods_text
from procurement.catalogue.models.products import Product
from procurement.orders.models import Order, OrderLine
from procurement.orders.payments.models import Payment
from procurement.orders.rules.progress import is_payment_progress_shown
from procurement.requests.models import SupplyRequest
from workflow.formatting import format_money, format_quantity


def goods_summary(lines: Iterable[OrderLine]) -> str:
    """Return the goods of an order in words. "" for an order without lines.

    The lines are read with their offers and products.
    """
    quantities = Counter[Product]()
    for line in lines:
        quantities[line.allocation.lead.product] += line.quantity
    return goods_text(quantities)


def goods_text_by_order(orders: Iterable[Order]) -> dict[int, str]:
    """Return the goods of these orders in words, by the ids of the orders. One query."""
    lines: dict[int, list[OrderLine]] = {order.pk: [] for order in orders}
    rows = OrderLine.objects.filter(order__in=list(lines)).select_related("allocation__lead__product")
    for line in rows.order_by("pk"):
        lines[line.order_id].append(line)
    return {pk: goods_summary(found) for pk, found in lines.items()}


def needs_of(lines: Sequence[OrderLine]) -> list[SupplyRequest]:
    """Return the needs that an order is for, each once."""
    needs = [line.allocation.line.supply_request for line in lines]
    return list({one.pk: one for one in needs}.values())


def remaining_steps(order: Order, lines: Sequence[OrderLine], payments: Sequence[Payment]) -> list[str]:
    """Return what is left until a binding or completed order is done: goods to release, money to pay."""
    if order.status not in (*Order.BINDING_STATUSES, Order.Status.COMPLETED):
        return []
    left = []
    if pieces := sum(line.open_quantity for line in lines):
        words = ngettext(
            "%(pieces)s unit to deliver and release", "%(pieces)s units to deliver and release", pieces
        )
        left.append(words % {"pieces": format_quantity(pieces)})
    unpaid = sum((one.amount for one in payments if one.status in Payment.Status.open), Decimal(0))
    if is_payment_progress_shown(order) and unpaid:
        left.append(_("%(amount)s to pay") % {"amount": format_money(unpaid, order.currency)})
    return left
