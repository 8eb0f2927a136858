"""Tests that every counter equals the sum of its rows after every possible action.

A wrong counter is named.
"""

from typing import Any

import pytest

from procurement.customs.actions import record_hold
from procurement.customs.models import CustomsClearance
from procurement.distribution.actions import recall_lot
from procurement.logistics.actions.journey import cancel_shipment, write_off_shipment
from procurement.logistics.queries.counter_mismatches import logistics_counter_mismatches
from procurement.orders.models import OrderLine
from procurement.quality.actions import reject_lot, release_conditionally, release_lot
from procurement.receiving.rules.receipts import LotCount
from procurement.requests.models import RequestLine
from procurement.shipments.models import Shipment, ShipmentLine
from tests.worlds.need_to_order import AT
from tests.worlds.shipments import ARRIVED_AT, DELIVERED_AT, Journey


def test_counters_equal_their_rows_after_every_kind_of_action(story: Journey) -> None:
    order = story.ready()
    story.closed(story.plan(order, part=2_000))
    lost = story.departed(story.plan(order, part=1_000))
    write_off_shipment(lost, reason="The container went overboard.", by=story.logistics.by, at=ARRIVED_AT)
    cancel_shipment(story.plan(order, part=1_000), reason="Another flight.", by=story.logistics.by, at=AT)
    mixed = story.delivered(story.plan(order, part=5_000))
    line = mixed.lines.get()
    story.receive(
        mixed,
        LotCount(line=line, accepted=1_000, lot_number="L-1"),
        LotCount(line=line, accepted=1_000, lot_number="L-2"),
        LotCount(line=line, accepted=1_000, lot_number="L-3"),
        LotCount(line=line, accepted=1_000, lot_number="L-4"),
        LotCount(line=line, rejected=600, missing=400, reason="Wet, and one carton not there."),
    )
    first, second, third, fourth = mixed.lots.order_by("number")
    release_lot(story.pass_lot(first), by=story.logistics.by, at=DELIVERED_AT)
    release_conditionally(
        story.pass_lot(second, "conditional"),
        condition="Not for surgery.",
        by=story.logistics.by,
        at=DELIVERED_AT,
    )
    reject_lot(third, reason="They tear.", by=story.logistics.by, at=DELIVERED_AT)
    release_lot(story.pass_lot(fourth), by=story.logistics.by, at=DELIVERED_AT)
    recall_lot(fourth, reason="They tear too.", by=story.logistics.by, at=DELIVERED_AT)
    under_way = story.plan(order, part=1_000)
    record_hold(story.clearance(under_way, "export"), reason="Weighing", by=story.logistics.by, at=AT)
    story.hand_in(story.document(under_way, "AWB"))
    assert logistics_counter_mismatches() == []
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
        (Shipment, {"documents_missing": 99, "status": "in_transit"}, ": documents_missing"),
        (CustomsClearance, {"holds_open": 1, "status": "open"}, ": holds_open"),
    ],
)
def test_altered_counter_is_named_by_the_check(
    story: Journey, model: Any, wrong: dict[str, Any], named: str
) -> None:
    story.received()
    assert logistics_counter_mismatches() == []
    model.objects.update(**wrong)
    assert any(problem.endswith(named) for problem in logistics_counter_mismatches())
