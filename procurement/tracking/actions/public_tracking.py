"""Actions that open and close a shipment's public tracking page for holders of its code."""

from datetime import datetime

from procurement.shipments.models import Shipment
from procurement.shipments.rules import new_tracking_code
from procurement.tracking import rules
from workflow.actors import Actor
from workflow.moves import register_action


@register_action(rules.SHARE)
def share_tracking(shipment: Shipment, *, by: Actor, at: datetime) -> Shipment:
    """Open the public tracking page, under the previous code or a new one."""
    with rules.SHARE.apply_to(shipment, by=by, at=at) as row:
        row.public_code = row.public_code or new_tracking_code()
        row.shared = True
    return shipment


@register_action(rules.UNSHARE)
def stop_sharing_tracking(shipment: Shipment, *, by: Actor, at: datetime) -> Shipment:
    """Close the public tracking page. The shipment keeps its code."""
    with rules.UNSHARE.apply_to(shipment, by=by, at=at) as row:
        row.shared = False
    return shipment
