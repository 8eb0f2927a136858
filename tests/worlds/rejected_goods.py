"""Shipments with rejected goods, and their return or destruction."""

from procurement.logistics.actions.returns import plan_return
from procurement.quality.actions import reject_lot
from procurement.receiving.actions.destruction import record_destruction
from procurement.receiving.models import Destruction
from procurement.receiving.queries import rejected_goods_left
from procurement.receiving.rules.rejected_goods import RejectedPortion
from procurement.shipments.models import Shipment
from tests.worlds.shipments import DELIVERED_AT, Journey

REASON = "They do not filter what they claim to."


def receive_with_rejections(story: Journey, *, rejected: int = 40) -> Shipment:
    """Return a received shipment of which nothing can be used.

    Some pieces are rejected on receipt; the lot of the remaining pieces fails its inspection and is rejected.
    """
    shipment = story.delivered()
    line = shipment.lines.get()
    story.receive(shipment, story.count(line, rejected=rejected, reason="Wet cartons."))
    lot = story.pass_lot(shipment.lots.get(), "failed")
    reject_lot(lot, reason=REASON, by=story.logistics.by, at=DELIVERED_AT)
    return shipment


def return_rejected_goods(story: Journey, shipment: Shipment, *parts: RejectedPortion, **facts) -> Shipment:
    chosen = parts or [
        RejectedPortion(one.line, one.pieces, one.lot) for one in rejected_goods_left(shipment)
    ]
    given = {
        "mode": "sea",
        "reason": REASON,
        "author": story.logistics.user,
        "by": story.logistics.by,
        "at": DELIVERED_AT,
    }
    return plan_return(shipment, chosen, **given | facts)


def destroy_rejected_goods(story: Journey, shipment: Shipment, quantity: int, **facts) -> Destruction:
    given = {
        "reason": "Burnt at the city's works.",
        "destroyed_on": DELIVERED_AT.date(),
        "author": story.logistics.user,
    }
    line = shipment.lines.get()
    return record_destruction(
        shipment, line, quantity, at=DELIVERED_AT, **{"by": story.logistics.by, **given, **facts}
    )
