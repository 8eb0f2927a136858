"""Update of the alerts of shipments, stored for the shipment board and the start page. Run by the periodic job."""

from datetime import datetime

from procurement.logistics.queries.alerts import alert_inputs
from procurement.logistics.rules.alerts import active_alerts, alerts_of, next_check_time, total_severity
from procurement.shipments.models import Shipment
from workflow.due_rows import process_due


def update_alerts(at: datetime) -> int:
    """Update the alerts of shipments that are due for a check. Return the number of shipments."""
    due = Shipment.objects.alerts_due(at).order_by("next_check_at", "pk")
    return process_due(due, lambda shipment: _update_alerts_of(shipment, at))


def _update_alerts_of(row: Shipment, at: datetime) -> None:
    followed = row.status in Shipment.Status.open
    warned = alerts_of(alert_inputs(row)) if followed else []
    codes = [one.code for one in active_alerts(warned, at)]
    Shipment.objects.filter(pk=row.pk).update(
        alerts=codes,
        risk=total_severity(codes),
        next_check_at=next_check_time(warned, at) if followed else None,
    )
