"""Goods that were refused, and what became of them."""

from procurement.shipments.actions.lots import refuse_lot
from procurement.shipments.actions.ways import destroying
from procurement.shipments.actions.ways.returning import send_back
from procurement.shipments.gathering.leftovers import leftovers_of
from procurement.shipments.models.shipment import Shipment
from procurement.shipments.models.ways import Destruction
from procurement.shipments.rules.ways import Part
from tests.procurement.shipments.play import DOOR, Voyage

WHY = "They do not filter what they claim to."


def spoilt(story: Voyage, *, rejected: int = 40) -> Shipment:
    """Counted with some rejected at the door; the lot of the others failed and is refused."""
    shipment = story.delivered()
    line = shipment.lines.get()
    story.receive(shipment, story.count(line, rejected=rejected, reason="Wet cartons."))
    lot = story.pass_lot(shipment.lots.get(), "failed")
    refuse_lot(lot, reason=WHY, by=story.logistics.by, at=DOOR)
    return shipment


def back(story: Voyage, shipment: Shipment, *parts: Part, **facts) -> Shipment:
    chosen = parts or [Part(one.line, one.pieces, one.lot) for one in leftovers_of(shipment)]
    given = {
        "mode": "sea",
        "reason": WHY,
        "author": story.logistics.user,
        "by": story.logistics.by,
        "at": DOOR,
    }
    return send_back(shipment, chosen, **given | facts)


def destroyed(story: Voyage, shipment: Shipment, quantity: int, **facts) -> Destruction:
    given = {
        "reason": "Burnt at the city's works.",
        "destroyed_on": DOOR.date(),
        "author": story.logistics.user,
    }
    line = shipment.lines.get()
    return destroying.destroy(
        shipment, line, quantity, at=DOOR, **{"by": story.logistics.by, **given, **facts}
    )
