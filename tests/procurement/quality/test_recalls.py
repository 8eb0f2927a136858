"""Tests of recalls, which reopen the need even after everything was closed.

They also cover packed goods of a written-off order.
"""

from procurement.allocations import actions
from procurement.allocations.actions import allocation_counter_mismatches
from procurement.dashboard.views import todo_items
from procurement.distribution.actions import recall_lot
from procurement.leads.models.leads import SupplierLead
from procurement.logistics.actions.journey import (
    cancel_shipment,
    close_moot_shipments,
    close_shipment,
    record_departure,
)
from procurement.logistics.queries.counter_mismatches import logistics_counter_mismatches
from procurement.orders.actions.close import close_moot_orders, write_off_order
from procurement.quality.actions import release_lot
from procurement.quality.models import Lot
from procurement.requests.actions.requests import fulfil_request, reopen_request, withdraw_request
from procurement.requests.models import RequestLine, SupplyRequest
from procurement.shipments.models import Shipment
from tests.procurement.refusals import assert_refused
from tests.worlds.shipments import DELIVERED_AT, Journey


def recall_first_lot(story: Journey, shipment: Shipment) -> Lot:
    return recall_lot(shipment.lots.get(), reason="The straps tear.", by=story.logistics.by, at=DELIVERED_AT)


def line_of(shipment: Shipment) -> RequestLine:
    return RequestLine.objects.get(allocations__order_line__shipment_lines__shipment=shipment)


def test_recall_reopens_the_need_by_the_recalled_quantity(story: Journey) -> None:
    shipment = story.released()
    recall_first_lot(story, shipment)
    line = line_of(shipment)
    assert (line.allocated, line.shipped, line.arrived, line.released, line.unallocated_quantity) == (
        0,
        0,
        0,
        0,
        10_000,
    )
    assert (logistics_counter_mismatches(), allocation_counter_mismatches()) == ([], [])


def test_recall_after_closing_undoes_the_allocation(story: Journey) -> None:
    shipment = story.closed()
    promise = shipment.lines.get().order_line.allocation
    assert promise.status == "fulfilled"
    recall_first_lot(story, shipment)
    promise.refresh_from_db()
    assert (promise.status, promise.line.allocated, promise.lead.allocated) == ("undone", 0, 0)
    assert (logistics_counter_mismatches(), allocation_counter_mismatches()) == ([], [])


def test_recall_of_one_of_several_lots_keeps_the_others(story: Journey) -> None:
    shipment = story.delivered()
    line = shipment.lines.get()
    story.receive(
        shipment,
        story.count(line, accepted=6_000, lot_number="L-1"),
        story.count(line, accepted=4_000, lot_number="L-2"),
    )
    for lot in shipment.lots.order_by("number"):
        release_lot(story.pass_lot(lot), by=story.logistics.by, at=DELIVERED_AT)
    close_shipment(shipment, by=story.logistics.by, at=DELIVERED_AT)
    bad = shipment.lots.get(number="L-2")
    recall_lot(bad, reason="The straps tear.", by=story.logistics.by, at=DELIVERED_AT)
    need_line = line_of(shipment)
    assert (need_line.allocated, need_line.released) == (6_000, 6_000)
    promise = line.order_line.allocation
    promise.refresh_from_db()
    assert (promise.status, promise.quantity) == ("fulfilled", 6_000)
    assert logistics_counter_mismatches() == []


def test_fulfilled_need_is_reopened_after_a_recall_and_covered_again(story: Journey) -> None:
    shipment = story.closed()
    need = SupplyRequest.objects.get()
    fulfil_request(need, by=story.officer.by, at=DELIVERED_AT)
    with assert_refused("not_ready", need):
        reopen_request(need, reason="more, please", by=story.officer.by, at=DELIVERED_AT)
    recall_first_lot(story, shipment)
    assert needs_on_today(story) == [need.reference]
    reopen_request(need, reason="the lot was recalled", by=story.officer.by, at=DELIVERED_AT)
    assert need.status == "open"
    lead = SupplierLead.objects.get()
    actions.allocate(
        lead, need.lines.get(), 10_000, author=story.officer.user, by=story.officer.by, at=DELIVERED_AT
    )
    assert needs_on_today(story) == []


def needs_on_today(story: Journey) -> list[str]:
    """Return the needs on the officer's start page ("Today"), where due payments are listed as well."""
    told = [row.reference for row in todo_items(story.officer.by, DELIVERED_AT)]
    return [reference for reference in told if reference.startswith("SR-")]


def test_packed_goods_of_a_written_off_order_wait_for_a_decision_on_today(story: Journey) -> None:
    order = story.ready()
    packed = story.packed(story.plan(order))
    write_off_order(order, reason="The maker is bankrupt.", by=story.officer.by, at=DELIVERED_AT)
    assert close_moot_shipments(DELIVERED_AT) == 1
    assert close_moot_shipments(DELIVERED_AT) == 0
    packed.refresh_from_db()
    assert packed.status == "packed", "the clock only marks what someone has packed"
    assert list(Shipment.objects.flagged_for_decision()) == [packed]
    told = [row for row in todo_items(story.logistics.by, DELIVERED_AT) if row.reference == packed.reference]
    assert len(told) == 1
    assert "Cancel the shipment of " in str(told[0].sentence)
    with assert_refused("not_ready", packed) as no:
        record_departure(packed, by=story.logistics.by, at=DELIVERED_AT)
    assert "will no longer be shipped" in str(no.value)
    cancel_shipment(packed, reason="they keep the goods", by=story.logistics.by, at=DELIVERED_AT)
    assert not Shipment.objects.flagged_for_decision().exists()
    assert logistics_counter_mismatches() == []


def test_order_of_a_withdrawn_need_is_on_its_officers_today(story: Journey) -> None:
    order = story.placed()
    withdraw_request(
        SupplyRequest.objects.get(), reason="found elsewhere", by=story.officer.by, at=DELIVERED_AT
    )
    assert close_moot_orders(DELIVERED_AT) == 1
    assert order.reference in [row.reference for row in todo_items(story.officer.by, DELIVERED_AT)]
    assert order.reference not in [row.reference for row in todo_items(story.stranger.by, DELIVERED_AT)]
