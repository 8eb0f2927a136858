"""Who may see where a shipment is without an account: whoever holds its code, while the city shares it."""

from datetime import datetime

from procurement.shipments.models.shipment import Shipment
from procurement.shipments.paper import short_code
from procurement.shipments.rules import shipments
from workflow.actors import Actor


def share(shipment: Shipment, *, by: Actor, at: datetime) -> Shipment:
    """Let its public page say where it is, under the code it had before or a new one."""
    with shipments.SHARE.on(shipment, by=by, at=at) as row:
        row.public_code = row.public_code or short_code()
        row.shared = True
    return shipment


def unshare(shipment: Shipment, *, by: Actor, at: datetime) -> Shipment:
    """Let its public page say only that it is not shared. The code stays its own."""
    with shipments.UNSHARE.on(shipment, by=by, at=at) as row:
        row.shared = False
    return shipment
