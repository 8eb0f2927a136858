"""Names in words that the rows of the start page attach to many objects at once: goods of orders, journeys of shipments."""

from procurement.customs.models import CustomsHold
from procurement.orders.models import Order, OrderLine
from procurement.orders.payments.models import Payment
from procurement.orders.views.order_summary import goods_summary
from procurement.shipments.models import Shipment
from procurement.shipments.queries import shipment_titles
from procurement.thanks.models import ThankYou


def attach_goods(things: list[Order | Payment | ThankYou]) -> None:
    """Attach to each order, or to the order of each payment or thank-you, its goods in words. One query for all."""
    orders = [thing if isinstance(thing, Order) else thing.order for thing in things]
    rows = OrderLine.objects.filter(order__in=orders).select_related("allocation__lead__product")
    lines: dict[int, list[OrderLine]] = {order.pk: [] for order in orders}
    for line in rows.order_by("pk"):
        lines[line.order_id].append(line)
    for order in orders:
        vars(order)["goods"] = goods_summary(lines[order.pk]) or order.reference
        vars(order)["to_depart"] = sum(line.undeparted_quantity for line in lines[order.pk])


def attach_journeys(things: list[Shipment | CustomsHold]) -> None:
    """Attach to each shipment, or to the shipment of each hold, its goods and its route in words. One query for all."""
    shipments = [thing if isinstance(thing, Shipment) else thing.clearance.shipment for thing in things]
    titles = shipment_titles(shipments)
    for shipment in shipments:
        vars(shipment)["journey"] = titles[shipment.pk]
