"""A tracking event of a shipment, and the list of steps that cannot be recorded as events."""

from datetime import datetime
from typing import Any

from procurement.shipments.models import Shipment
from procurement.tracking.actions.events import record_event
from procurement.tracking.models import TrackingEvent
from tests.worlds.shipments import DEPARTED_AT, Journey

GUARDED = ("ready", "export_cleared", "departed", "arrived", "import_cleared", "delivered", "inspected")


def record_update(story: Journey, shipment: Shipment, code: str, at: datetime, **facts: Any) -> TrackingEvent:
    given = {"code_system": "iata", "occurred_at": at, **facts}
    return record_event(shipment, code, by=story.logistics.by, at=max(at, DEPARTED_AT), **given)
