"""What a company delivered to some cities: the lines of its shipments that were delivered, and the figures of each."""

from collections.abc import Collection
from typing import Any

from django.db.models import Count, Q

from procurement.shipments.models.arrival import Verdict
from procurement.shipments.models.cases import DifferenceCase
from procurement.shipments.models.shipment import Shipment, ShipmentLine
from procurement.shipments.rules.dock.record import Delivered, Year, altogether, record
from procurement.suppliers.models.company import Supplier

HERE = (Shipment.Status.DELIVERED, Shipment.Status.CLOSED)
MOST = 2_000  # lines, the newest: the record of a company of many years stays a page


def delivered_lines(supplier: Supplier, cities: Collection[int]) -> list[ShipmentLine]:
    """The lines of this company's goods that were delivered to these cities, the newest first, with what the figures need."""
    rows = ShipmentLine.objects.filter(
        order_line__allocation__lead__supplier__in=supplier.rows,
        shipment__city__in=cities,
        shipment__status__in=HERE,
    )
    found = rows.select_related(
        "shipment__city", "order_line__allocation__lead__product", "order_line__order"
    )
    return list(found.annotate(**_counted()).order_by("-shipment__delivered_at", "-pk")[:MOST])


def _counted() -> dict[str, Any]:
    failed = Q(lots__verdict=Verdict.FAILED, lots__quantity__gt=0)
    settled = Q(cases__status=DifferenceCase.Status.SETTLED)
    return {
        "lots_failed": Count("lots", filter=failed, distinct=True),
        "cases_open": Count("cases", filter=Q(cases__status__in=DifferenceCase.UNSETTLED), distinct=True),
        "cases_settled": Count("cases", filter=settled, distinct=True),
    }


def told(line: Any) -> Delivered:
    """One of these lines as the rules take it."""
    shipment = line.shipment
    return Delivered(
        year=shipment.city.day_at(shipment.delivered_at).year,
        shipment=shipment.pk,
        shipped=line.quantity,
        accepted=line.accepted,
        rejected=line.rejected,
        missing=line.missing,
        lots_failed=line.lots_failed,
        cases_open=line.cases_open,
        cases_settled=line.cases_settled,
    )


def record_of(supplier: Supplier, cities: Collection[int]) -> list[Year]:
    """The years of this company at these cities, the latest first."""
    return record(told(line) for line in delivered_lines(supplier, cities)) if cities else []


def whole_of(supplier: Supplier, cities: Collection[int]) -> Year:
    """All of them as one."""
    return altogether(record_of(supplier, cities))
