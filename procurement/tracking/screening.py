"""Findings from tracking: departures that no carrier confirms, and missing parcels."""

from collections.abc import Iterator
from datetime import datetime

from procurement.leads.screening.offer_data import FindingData
from procurement.shipments.models import Shipment
from procurement.shipments.screening import ShipmentScreen, shipment_warning
from procurement.tracking.rules import HAND_OVER_WITHIN, missing_parcels


def _find(shipment: Shipment, at: datetime) -> Iterator[FindingData]:
    departed = shipment.departed_at
    silent = shipment.handed_over_at is None and shipment.arrived_at is None
    if silent and departed is not None and at - departed >= HAND_OVER_WITHIN:
        day = shipment.city.day_at(departed).isoformat()
        yield shipment_warning(shipment, "no_hand_over", departed=day)
    parcels = missing_parcels(list(shipment.events.all()))
    if parcels:
        yield shipment_warning(shipment, "parcels_short", parcels=parcels)


TRACKING_SCREEN = ShipmentScreen(frozenset({"no_hand_over", "parcels_short"}), _find)
