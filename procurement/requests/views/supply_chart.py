"""Data of the chart that shows the supply of each need line over time."""

from collections.abc import Sequence
from datetime import date

from django.db.models import F, Sum

from partners.permissions.permissions import Permissions
from procurement.requests.models import RequestLine, SupplyRequest
from procurement.shipments.models import Shipment, ShipmentLine
from workflow.charts.supply import Arrival, Supply


def supply_by_line(
    need: SupplyRequest, lines: Sequence[RequestLine], by: Permissions, today: date
) -> dict[int, Supply]:
    """Return the supply over time by line id.

    Only for lines with a planned arrival or stated days of supply.

    Only the city's own people see the day on which its supply runs out. A shipment counts on the day it is
    expected, without the pieces counted at the dock already. One query.
    """
    if need.status != SupplyRequest.Status.OPEN or need.needed_by is None:
        return {}
    own = need.city_id in by.visible_cities
    arrivals = planned_arrivals_by_line(lines, by)
    found = {}
    for line in lines:
        runs_out = line.runs_out_on if own else None
        if line.arrived >= line.quantity or not (arrivals.get(line.pk) or runs_out):
            continue
        found[line.pk] = Supply(
            need=line.quantity,
            needed_by=line.needed_by or need.needed_by,
            arrived_amount=line.arrived,
            today=today,
            arrivals=arrivals.get(line.pk, ()),
            stock_ends_on=runs_out,
        )
    return found


def planned_arrivals_by_line(lines: Sequence[RequestLine], by: Permissions) -> dict[int, list[Arrival]]:
    """Return the planned arrivals of each line by its id, from shipments that the reader sees."""
    rows = ShipmentLine.objects.filter(
        order_line__allocation__line__in=[line.pk for line in lines],
        shipment__in=Shipment.objects.visible_to(by).filter(
            status__in=Shipment.Status.open, expected_on__isnull=False
        ),
    )
    left = F("quantity") - F("accepted") - F("rejected") - F("missing")
    sums = rows.values_list("order_line__allocation__line", "shipment__expected_on").annotate(left=Sum(left))
    found: dict[int, list[Arrival]] = {}
    for line, day, amount in sums.order_by("shipment__expected_on"):
        if amount > 0:
            found.setdefault(line, []).append(Arrival(day, amount))
    return found
