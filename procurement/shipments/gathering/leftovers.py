"""What of a shipment was refused and is still here."""

from collections import Counter
from typing import Any

from procurement.shipments.models.shipment import Shipment
from procurement.shipments.models.ways import BackLine, Destruction
from procurement.shipments.rules.ways import Key, Leftover, leftovers

GOODS = "order_line__allocation__lead__product"


def leftovers_of(shipment: Shipment) -> list[Leftover]:
    """Rejected pieces and refused lots of a shipment, less what was sent back or destroyed. Four queries."""
    lines = shipment.lines.select_related(GOODS, "order_line__order").order_by("pk")
    back = BackLine.objects.filter(shipment__back_from=shipment)
    back = back.exclude(shipment__status=Shipment.Status.CANCELLED)
    gone = Counter[Key]()
    rows: tuple[Any, ...] = (back, Destruction.objects.standing().filter(shipment=shipment))
    for found in rows:
        for line, lot, quantity in found.values_list("line", "lot", "quantity"):
            gone[line, lot] += quantity
    return leftovers(lines, shipment.lots.order_by("pk"), gone)
