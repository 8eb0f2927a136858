"""Reads on deliveries: those of a supplier with their figures, and rejected goods still on site."""

from collections.abc import Collection
from typing import Any

from django.db.models import Count, Q

from procurement.quality.models import Verdict
from procurement.receiving.models import Destruction, Discrepancy, ReturnLine
from procurement.receiving.rules.rejected_goods import (
    RejectedGoods,
    remaining_rejected_goods,
    returned_or_destroyed,
)
from procurement.receiving.rules.supplier_deliveries import (
    DeliveredLine,
    DeliveryYear,
    total_deliveries,
    yearly_deliveries,
)
from procurement.shipments.models import Shipment, ShipmentLine
from procurement.suppliers.models.suppliers import Supplier

DELIVERED_STATUSES = (Shipment.Status.DELIVERED, Shipment.Status.CLOSED)
MAX_DELIVERED_LINES = 2_000  # newest lines, so that the record of many years fits on a page


def delivered_lines(supplier: Supplier, cities: Collection[int]) -> list[ShipmentLine]:
    """Return the delivered lines of a company at these cities, newest first, with their counts."""
    rows = ShipmentLine.objects.filter(
        order_line__allocation__lead__supplier__in=supplier.row_ids,
        shipment__city__in=cities,
        shipment__status__in=DELIVERED_STATUSES,
    )
    found = rows.select_related(
        "shipment__city", "order_line__allocation__lead__product", "order_line__order"
    )
    return list(
        found.annotate(**_lot_and_discrepancy_counts()).order_by("-shipment__delivered_at", "-pk")[
            :MAX_DELIVERED_LINES
        ]
    )


def _lot_and_discrepancy_counts() -> dict[str, Any]:
    failed = Q(lots__verdict=Verdict.FAILED, lots__quantity__gt=0)
    settled = Q(discrepancies__status=Discrepancy.Status.SETTLED)
    return {
        "lots_failed": Count("lots", filter=failed, distinct=True),
        "cases_open": Count(
            "discrepancies", filter=Q(discrepancies__status__in=Discrepancy.Status.open), distinct=True
        ),
        "cases_settled": Count("discrepancies", filter=settled, distinct=True),
    }


def delivered_line_from_row(line: Any) -> DeliveredLine:
    """Return a row of `delivered_lines` as the `DeliveredLine` that the rules use."""
    shipment = line.shipment
    return DeliveredLine(
        year=shipment.city.day_at(shipment.delivered_at).year,
        shipment_id=shipment.pk,
        shipped=line.quantity,
        accepted=line.accepted,
        rejected=line.rejected,
        missing=line.missing,
        lots_failed=line.lots_failed,
        open_discrepancies=line.cases_open,
        settled_discrepancies=line.cases_settled,
    )


def delivery_years(supplier: Supplier, cities: Collection[int]) -> list[DeliveryYear]:
    """Return the yearly delivery figures of a company at these cities, latest first."""
    return (
        yearly_deliveries(delivered_line_from_row(line) for line in delivered_lines(supplier, cities))
        if cities
        else []
    )


def delivery_total(supplier: Supplier, cities: Collection[int]) -> DeliveryYear:
    """Return the delivery figures of a company at these cities, summed over all years."""
    return total_deliveries(delivery_years(supplier, cities))


PRODUCT_PATH = "order_line__allocation__lead__product"


def rejected_goods_left(shipment: Shipment) -> list[RejectedGoods]:
    """Return rejected pieces and lots, less what was sent back or destroyed. Four queries."""
    lines = shipment.lines.select_related(PRODUCT_PATH, "order_line__order").order_by("pk")
    back = ReturnLine.objects.filter(shipment__returned_from=shipment)
    back = back.exclude(shipment__status=Shipment.Status.CANCELLED)
    destroyed = Destruction.objects.not_discarded().filter(shipment=shipment)
    return remaining_rejected_goods(
        lines, shipment.lots.order_by("pk"), returned_or_destroyed((*back, *destroyed))
    )
