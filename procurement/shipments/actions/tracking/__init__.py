"""What is planned, expected and heard of a shipment, what it should warn of, and how its board is looked at."""

from procurement.shipments.actions.tracking.batches import Heard, hear_many
from procurement.shipments.actions.tracking.hearing import call_right, call_wrong, happened, hear
from procurement.shipments.actions.tracking.planned import estimate, schedule
from procurement.shipments.actions.tracking.views import drop_view, keep_view
from procurement.shipments.actions.tracking.warned import look_soon, warn

__all__ = [
    "Heard",
    "call_right",
    "call_wrong",
    "drop_view",
    "estimate",
    "happened",
    "hear",
    "hear_many",
    "keep_view",
    "look_soon",
    "schedule",
    "warn",
]
