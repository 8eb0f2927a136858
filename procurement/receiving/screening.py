"""Findings from receiving: goods that are missing or were rejected."""

from collections.abc import Iterator
from datetime import datetime

from procurement.leads.screening.offer_data import FindingData
from procurement.shipments.models import Shipment
from procurement.shipments.screening import ShipmentScreen, shipment_warning


def _find(shipment: Shipment, _at: datetime) -> Iterator[FindingData]:
    lines = list(shipment.lines.all())
    missing, rejected = sum(line.missing for line in lines), sum(line.rejected for line in lines)
    if missing or rejected:
        yield shipment_warning(shipment, "came_short", missing=missing, rejected=rejected)


RECEIVING_SCREEN = ShipmentScreen(frozenset({"came_short"}), _find)
