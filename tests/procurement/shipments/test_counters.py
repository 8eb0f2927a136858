"""Every counter is what its rows add up to, after everything that can happen; and a wrong one is named."""

from typing import Any

import pytest

from procurement.orders.models.order import OrderLine
from procurement.requests.models import RequestLine
from procurement.shipments.actions import journey
from procurement.shipments.actions.customs import place_hold
from procurement.shipments.actions.lots import condition_lot, recall_lot, refuse_lot, release_lot
from procurement.shipments.models.customs import CustomsLane
from procurement.shipments.models.shipment import Shipment, ShipmentLine
from procurement.shipments.rules.counters import miscounted
from procurement.shipments.rules.receipts import Count
from tests.procurement.shipments.play import DOOR, HERE, Voyage
from tests.procurement.story import AT


def test_after_everything_that_can_happen_every_counter_is_right(story: Voyage) -> None:
    order = story.ready()
    story.closed(story.plan(order, part=2_000))
    lost = story.departed(story.plan(order, part=1_000))
    journey.lose(lost, reason="The container went overboard.", by=story.logistics.by, at=HERE)
    journey.cancel(story.plan(order, part=1_000), reason="Another flight.", by=story.logistics.by, at=AT)
    mixed = story.delivered(story.plan(order, part=5_000))
    line = mixed.lines.get()
    story.receive(
        mixed,
        Count(line=line, accepted=1_000, lot_number="L-1"),
        Count(line=line, accepted=1_000, lot_number="L-2"),
        Count(line=line, accepted=1_000, lot_number="L-3"),
        Count(line=line, accepted=1_000, lot_number="L-4"),
        Count(line=line, rejected=600, missing=400, reason="Wet, and one carton not there."),
    )
    first, second, third, fourth = mixed.lots.order_by("number")
    release_lot(story.pass_lot(first), by=story.logistics.by, at=DOOR)
    condition_lot(
        story.pass_lot(second, "conditional"), condition="Not for surgery.", by=story.logistics.by, at=DOOR
    )
    refuse_lot(third, reason="They tear.", by=story.logistics.by, at=DOOR)
    release_lot(story.pass_lot(fourth), by=story.logistics.by, at=DOOR)
    recall_lot(fourth, reason="They tear too.", by=story.logistics.by, at=DOOR)
    under_way = story.plan(order, part=1_000)
    place_hold(story.lane(under_way, "export"), reason="Weighing", by=story.logistics.by, at=AT)
    story.hand_in(story.paper(under_way, "AWB"))
    assert miscounted() == []
    line = OrderLine.objects.get(order=order)
    assert (line.shipped, line.departed, line.released, line.failed) == (9_000, 8_000, 4_000, 4_000)


@pytest.mark.parametrize(
    ("model", "wrong", "named"),
    [
        (OrderLine, {"departed": 9_999}, "shipped, departed, released or failed"),
        (ShipmentLine, {"released": 1}, ": accepted, surplus accepted or released"),
        (ShipmentLine, {"surplus": 5, "surplus_kept": 5}, ": accepted, surplus accepted or released"),
        (ShipmentLine, {"accepted": 9_999}, ": accepted, surplus accepted or released"),
        (RequestLine, {"arrived": 9_999}, "shipped, arrived or released"),
        (Shipment, {"held": True}, ": held"),
        (Shipment, {"papers_missing": 99, "status": "departed"}, ": papers_missing"),
        (CustomsLane, {"holds_open": 1, "status": "open"}, ": holds_open"),
    ],
)
def test_a_counter_that_was_tampered_with_is_named(
    story: Voyage, model: Any, wrong: dict[str, Any], named: str
) -> None:
    story.received()
    assert miscounted() == []
    model.objects.update(**wrong)
    assert any(problem.endswith(named) for problem in miscounted())
