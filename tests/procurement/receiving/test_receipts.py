"""Tests of goods receipts: counts add up, discrepancies have reasons, and a wrong receipt is reversed."""

from datetime import date

import pytest

from procurement.allocations import actions
from procurement.leads.models.findings import Finding
from procurement.logistics.actions.journey import close_shipment
from procurement.orders.actions.close import write_off_order
from procurement.quality.actions import release_lot
from procurement.receiving.actions.receipts import record_receipt, reverse_receipt
from procurement.receiving.rules.receipts import LotCount
from procurement.shipments.models import Shipment, ShipmentLine
from tests.procurement.refusals import assert_refused
from tests.worlds.need_to_order import AT
from tests.worlds.shipments import DELIVERED_AT, Journey


def line_of(shipment: Shipment) -> ShipmentLine:
    return shipment.lines.get()


def need(shipment: Shipment) -> tuple[int, int, int, int]:
    line = line_of(shipment).order_line.allocation.line
    return line.allocated, line.shipped, line.arrived, line.released


def test_accepted_goods_go_into_quarantine_by_lot(story: Journey) -> None:
    shipment = story.delivered()
    line = line_of(shipment)
    story.receive(
        shipment,
        LotCount(line=line, accepted=6_000, lot_number="L-1", expires_on=date(2022, 4, 1)),
        LotCount(line=line, accepted=4_000, lot_number="L-2"),
        cartons=10,
        remark="Dry and whole.",
    )
    lots = list(shipment.lots.order_by("number"))
    assert [(lot.number, lot.quantity, lot.status) for lot in lots] == [
        ("L-1", 6_000, "quarantined"),
        ("L-2", 4_000, "quarantined"),
    ]
    assert lots[0].expires_on == date(2022, 4, 1)
    assert need(shipment) == (10_000, 10_000, 10_000, 0)


def test_rejected_and_missing_units_return_to_the_offer_and_the_need(story: Journey) -> None:
    shipment = story.delivered()
    line = line_of(shipment)
    story.receive(
        shipment, story.count(line, rejected=300, missing=200, reason="Two cartons wet, one not there.")
    )
    fresh = line_of(shipment)
    assert (fresh.accepted, fresh.rejected, fresh.missing, fresh.uncounted_pieces) == (9_500, 300, 200, 0)
    assert fresh.order_line.failed == 500
    assert fresh.order_line.allocation.quantity == 9_500
    assert need(shipment) == (9_500, 9_500, 9_500, 0)
    lead = fresh.order_line.allocation.lead
    assert lead.allocated == 9_500
    finding = lead.findings.get(code="came_short")
    assert finding.figures == {"shipment": shipment.reference, "missing": 200, "rejected": 300}


def test_order_with_some_damaged_cartons_is_completed(story: Journey) -> None:
    shipment = story.delivered()
    story.receive(shipment, story.count(line_of(shipment), rejected=1_000, reason="A carton was crushed."))
    lot = story.pass_lot(shipment.lots.get())
    release_lot(lot, by=story.logistics.by, at=DELIVERED_AT)
    close_shipment(shipment, by=story.logistics.by, at=DELIVERED_AT)
    order_line = line_of(shipment).order_line
    assert (order_line.order.status, order_line.released, order_line.failed) == ("completed", 9_000, 1_000)
    assert need(shipment) == (9_000, 9_000, 9_000, 9_000)


def test_surplus_is_counted_separately_from_accepted_units(story: Journey) -> None:
    shipment = story.delivered()
    story.receive(shipment, story.count(line_of(shipment), surplus=500, reason="A carton more than listed."))
    assert (line_of(shipment).accepted, line_of(shipment).surplus) == (10_000, 500)
    assert need(shipment) == (10_000, 10_000, 10_000, 0)


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({"accepted": 9_999, "lot_number": "L-1"}, "does_not_add_up"),
        ({"accepted": 10_001, "lot_number": "L-1"}, "does_not_add_up"),
        ({"accepted": 9_000, "missing": 1_000, "lot_number": "L-1"}, "reason_missing"),
        ({"accepted": 10_000, "surplus": 1, "lot_number": "L-1", "reason": " "}, "reason_missing"),
        ({"accepted": 10_000}, "lot_missing"),
        ({"accepted": 10_001, "missing": -1, "lot_number": "L-1", "reason": "a slip"}, "bad_quantity"),
    ],
)
def test_impossible_counts_are_refused(story: Journey, facts: dict[str, object], code: str) -> None:
    shipment = story.delivered()
    line = line_of(shipment)
    with assert_refused(code, shipment, line):
        story.receive(shipment, LotCount(line=line, **facts))  # type: ignore[arg-type]  # facts of a test
    assert not shipment.lots.exists()


def test_line_of_another_shipment_cannot_be_counted(story: Journey) -> None:
    order = story.ready()
    first, second = story.delivered(story.plan(order, part=5_000)), story.delivered(story.plan(order))
    with assert_refused("another_line", first, second):
        story.receive(first, story.count(line_of(second)))


def test_goods_receipt_without_counts_is_refused(story: Journey) -> None:
    shipment = story.delivered()
    with assert_refused("nothing_counted", shipment):
        record_receipt(shipment, [], received_by=story.logistics.user, by=story.logistics.by, at=DELIVERED_AT)


def test_goods_can_be_counted_only_after_delivery_and_before_closing(story: Journey) -> None:
    shipment = story.arrived()
    with assert_refused("not_ready", shipment) as caught:
        story.receive(shipment)
    assert caught.value.details["status"] == "arrived"
    closed = story.closed(story.plan(story.ready(story.promise())))
    with assert_refused("not_ready", closed):
        story.receive(closed)


@pytest.mark.parametrize("role", ["approver", "verifier", "observer", "stranger", "broker"])
def test_role_without_receiving_permission_cannot_record_a_receipt(story: Journey, role: str) -> None:
    shipment = story.delivered()
    person = getattr(story, role)
    with assert_refused("not_allowed", shipment):
        record_receipt(
            shipment, [story.count(line_of(shipment))], received_by=person.user, by=person.by, at=DELIVERED_AT
        )


def test_two_receipts_of_one_lot_add_up(story: Journey) -> None:
    shipment = story.delivered()
    line = line_of(shipment)
    story.receive(shipment, LotCount(line=line, accepted=6_000, lot_number="L-1"), more_to_come=True)
    assert line_of(shipment).uncounted_pieces == 4_000
    with assert_refused("does_not_add_up", shipment, line):
        story.receive(shipment, LotCount(line=line, accepted=4_001, lot_number="L-1"), more_to_come=True)
    story.receive(
        shipment,
        LotCount(line=line_of(shipment), accepted=4_000, lot_number="L-1", expires_on=date(2022, 4, 1)),
    )
    lot = shipment.lots.get()
    assert (lot.quantity, lot.expires_on) == (10_000, date(2022, 4, 1))


def test_units_cannot_be_added_to_an_inspected_lot(story: Journey) -> None:
    shipment = story.delivered()
    line = line_of(shipment)
    story.receive(shipment, LotCount(line=line, accepted=6_000, lot_number="L-1"), more_to_come=True)
    lot = story.pass_lot(shipment.lots.get())
    with assert_refused("lot_inspected", shipment, lot):
        story.receive(shipment, LotCount(line=line, accepted=4_000, lot_number="L-1"))


# --- undone -----------------------------------------------------------------------------------------------------
def test_reversed_receipt_can_be_recorded_again(story: Journey) -> None:
    shipment = story.delivered()
    line = line_of(shipment)
    receipt = story.receive(shipment, story.count(line, missing=1_000, surplus=5, reason="One pallet short."))
    with assert_refused("reason_missing", receipt, line):
        reverse_receipt(receipt, reason="", by=story.logistics.by, at=DELIVERED_AT)
    reverse_receipt(receipt, reason="The pallet stood outside.", by=story.logistics.by, at=DELIVERED_AT)
    fresh = line_of(shipment)
    assert (fresh.accepted, fresh.missing, fresh.surplus, fresh.uncounted_pieces) == (0, 0, 0, 10_000)
    assert (fresh.order_line.failed, fresh.order_line.allocation.quantity) == (0, 10_000)
    assert need(shipment) == (10_000, 10_000, 0, 0)
    assert shipment.lots.get().quantity == 0
    assert fresh.order_line.allocation.lead.findings.get(code="came_short").status == Finding.Status.RESOLVED
    story.receive(shipment, story.count(line_of(shipment)))
    assert shipment.lots.get().quantity == 10_000
    assert need(shipment) == (10_000, 10_000, 10_000, 0)


def test_reversing_a_mistaken_rejection_restores_the_allocation(story: Journey) -> None:
    shipment = story.delivered()
    line = line_of(shipment)
    receipt = story.receive(
        shipment, story.count(line, accepted=0, rejected=10_000, lot_number="", reason="Wrong goods.")
    )
    assert line_of(shipment).order_line.allocation.status == "undone"
    reverse_receipt(receipt, reason="They are ours after all.", by=story.logistics.by, at=DELIVERED_AT)
    allocation = line_of(shipment).order_line.allocation
    assert (allocation.status, allocation.quantity) == ("ordered", 10_000)
    assert need(shipment) == (10_000, 10_000, 0, 0)


def test_receipt_cannot_be_reversed_when_its_goods_were_allocated_again(story: Journey) -> None:
    shipment = story.delivered()
    line = line_of(shipment)
    receipt = story.receive(shipment, story.count(line, missing=1_000, reason="One pallet short."))
    actions.allocate(
        line.order_line.allocation.lead,
        story.line(5_000),
        1_000,
        reason="The second hospital has none left.",
        author=story.officer.user,
        by=story.officer.by,
        at=AT,
    )
    with assert_refused("not_enough_supply", receipt, line):
        reverse_receipt(receipt, reason="The pallet stood outside.", by=story.logistics.by, at=DELIVERED_AT)


def test_receipt_with_an_inspected_lot_cannot_be_reversed(story: Journey) -> None:
    shipment = story.delivered()
    receipt = story.receive(shipment)
    lot = story.pass_lot(shipment.lots.get())
    with assert_refused("not_ready", receipt, lot) as caught:
        reverse_receipt(receipt, reason="A slip.", by=story.logistics.by, at=DELIVERED_AT)
    assert caught.value.details["lots"] == [lot.reference]


def test_receipt_of_a_written_off_order_cannot_be_reversed(story: Journey) -> None:
    shipment = story.delivered()
    line = line_of(shipment)
    receipt = story.receive(
        shipment, story.count(line, accepted=0, rejected=10_000, lot_number="", reason="Wrong goods.")
    )
    order = write_off_order(
        line.order_line.order, reason="Nothing usable.", by=story.officer.by, at=DELIVERED_AT
    )
    with assert_refused("not_ready", receipt, order):
        reverse_receipt(receipt, reason="They are ours after all.", by=story.logistics.by, at=DELIVERED_AT)


def test_receipt_of_a_closed_shipment_cannot_be_reversed(story: Journey) -> None:
    shipment = story.closed()
    receipt = shipment.goods_receipts.get()
    with assert_refused("not_ready", receipt, shipment):
        reverse_receipt(receipt, reason="A slip.", by=story.logistics.by, at=DELIVERED_AT)
