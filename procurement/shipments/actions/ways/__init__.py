"""Ways that nobody planned first: to another place or country, back to where the goods came from; and who may see where they are."""

from procurement.shipments.actions.ways.destroying import confirm_destroyed, destroy, drop_destroyed
from procurement.shipments.actions.ways.rerouting import reroute
from procurement.shipments.actions.ways.returning import hand_back, send_back
from procurement.shipments.actions.ways.sharing import share, unshare

__all__ = [
    "confirm_destroyed",
    "destroy",
    "drop_destroyed",
    "hand_back",
    "reroute",
    "send_back",
    "share",
    "unshare",
]
