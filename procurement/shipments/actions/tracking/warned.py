"""What a shipment should warn of, kept on it for the board and Today: looked at again by the clock as soon as something changed."""

from collections.abc import Iterable
from datetime import datetime

from procurement.shipments.gathering.signs import signs_of
from procurement.shipments.models.shipment import Shipment
from procurement.shipments.rules.tracking.warnings import due_again, grave, standing, warnings_of
from workflow.due import work_off


def look_soon(shipments: Iterable[int], at: datetime) -> None:
    """Let the next tick look at these shipments. Nothing a person did, so nothing is journaled."""
    Shipment.objects.filter(pk__in=list(shipments)).update(look_at=at)


def warn(at: datetime) -> int:
    """Look at the shipments whose warnings may have changed by now. Returns how many were looked at."""
    due = Shipment.objects.to_look_at(at).order_by("look_at", "pk")
    return work_off(due, lambda shipment: _look(shipment, at))


def _look(row: Shipment, at: datetime) -> None:
    followed = row.status in Shipment.FOLLOWED
    warned = warnings_of(signs_of(row)) if followed else []
    codes = [one.code for one in standing(warned, at)]
    Shipment.objects.filter(pk=row.pk).update(
        warnings=codes, risk=grave(codes), look_at=due_again(warned, at) if followed else None
    )
