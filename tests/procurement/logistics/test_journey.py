"""Tests of a shipment's journey from departure to closing, and of the goods figures of its need and order.

Nothing departs without its documents, and nothing is delivered uncleared.
"""

from datetime import timedelta

import pytest

from partners.exchanges.models import Exchange
from procurement.customs.actions import record_hold
from procurement.logistics.actions.journey import (
    cancel_shipment,
    close_moot_shipments,
    close_shipment,
    record_arrival,
    record_delivery,
    record_departure,
    write_off_shipment,
)
from procurement.orders.actions.approve import mark_ready
from procurement.orders.actions.close import cancel_order, write_off_order
from procurement.orders.models import Order
from procurement.quality.actions import release_lot
from procurement.requests.models import RequestLine
from procurement.shipments.models import Shipment
from tests.procurement.refusals import assert_refused
from tests.worlds import cities
from tests.worlds.need_to_order import AT
from tests.worlds.shipments import ARRIVED_AT, DELIVERED_AT, DEPARTED_AT, Journey
from workflow.formatting import format_moment_with_offset


def need_line_figures(shipment: Shipment) -> tuple[int, int, int, int]:
    """Return the pieces allocated, shipped, arrived and released on the need line."""
    line = RequestLine.objects.get(allocations__order_line__shipment_lines__shipment=shipment)
    return line.allocated, line.shipped, line.arrived, line.released


def order_line_figures(shipment: Shipment) -> tuple[int, int, int, int]:
    """Return the pieces shipped, departed, released and failed on the order line."""
    line = shipment.lines.get().order_line
    return line.shipped, line.departed, line.released, line.failed


def test_shipment_without_its_documents_cannot_depart(story: Journey) -> None:
    shipment = story.packed()
    story.clear(shipment, "export")
    with assert_refused("not_ready", shipment) as caught:
        record_departure(shipment, by=story.logistics.by, at=DEPARTED_AT)
    documents = [
        document.reference
        for document in shipment.documents.filter(blocks=True, due_before="depart").order_by("pk")
    ]
    assert caught.value.details["documents"] == documents
    assert "Export declaration" in str(caught.value)
    assert "Air waybill" not in str(caught.value), "a carrier's paper is usual practice and not blocking"


def test_shipment_not_cleared_for_export_cannot_depart(story: Journey) -> None:
    shipment = story.packed()
    story.hand_in_all(shipment, "depart")
    clearance = story.clearance(shipment, "export")
    with assert_refused("not_ready", shipment) as caught:
        record_departure(shipment, by=story.logistics.by, at=DEPARTED_AT)
    assert caught.value.details == {"clearance": clearance.reference, "held": False}


def write_off(story: Journey, shipment: Shipment) -> Order:
    order = shipment.lines.get().order_line.order
    return write_off_order(order, reason="The maker is gone.", by=story.officer.by, at=DEPARTED_AT)


def test_goods_of_a_written_off_order_cannot_depart(story: Journey) -> None:
    shipment = story.packed()
    story.hand_in_all(shipment, "depart")
    story.clear(shipment, "export")
    order = write_off(story, shipment)
    with assert_refused("not_ready", shipment, order) as caught:
        record_departure(shipment, by=story.logistics.by, at=DEPARTED_AT)
    assert caught.value.details["orders"] == [order.reference]
    assert need_line_figures(shipment) == (0, 0, 0, 0)


def test_departure_counts_the_goods_as_shipped(story: Journey) -> None:
    shipment = story.packed()
    assert need_line_figures(shipment) == (10_000, 0, 0, 0)
    story.hand_in_all(shipment, "depart")
    story.clear(shipment, "export")
    record_departure(
        shipment, departed_at=DEPARTED_AT - timedelta(hours=3), by=story.logistics.by, at=DEPARTED_AT
    )
    assert shipment.departed_at == DEPARTED_AT - timedelta(hours=3)
    assert need_line_figures(shipment) == (10_000, 10_000, 0, 0)
    assert order_line_figures(shipment) == (10_000, 10_000, 0, 0)
    assert shipment.milestones.get(step="departed").actual_at == DEPARTED_AT - timedelta(hours=3)


def test_departure_time_in_the_future_is_refused(story: Journey) -> None:
    shipment = story.packed()
    story.hand_in_all(shipment, "depart")
    story.clear(shipment, "export")
    with assert_refused("not_yet", shipment):
        record_departure(
            shipment, departed_at=DEPARTED_AT + timedelta(hours=1), by=story.logistics.by, at=DEPARTED_AT
        )


YEARS = timedelta(days=2_000)


@pytest.mark.parametrize("early", [timedelta(minutes=1), timedelta(days=105), YEARS])
def test_step_time_before_the_preceding_step_is_refused_naming_both(story: Journey, early: timedelta) -> None:
    by, shipment = story.logistics.by, story.departed()
    with assert_refused("out_of_order", shipment) as caught:
        record_arrival(shipment, arrived_at=DEPARTED_AT - early, by=by, at=ARRIVED_AT)
    assert caught.value.details["field"] == "arrived_at"
    for told in (
        format_moment_with_offset(DEPARTED_AT - early),
        format_moment_with_offset(DEPARTED_AT),
    ):
        assert told in str(caught.value), "both times are named"
    record_arrival(shipment, arrived_at=DEPARTED_AT, by=by, at=ARRIVED_AT)
    story.hand_in_all(shipment, "deliver")
    story.clear(shipment, "import")
    with assert_refused("out_of_order", shipment) as caught:
        record_delivery(
            shipment,
            delivered_at=DEPARTED_AT - early,
            received_by=story.logistics.user,
            by=by,
            at=DELIVERED_AT,
        )
    assert caught.value.details["field"] == "delivered_at"
    with assert_refused("not_yet", shipment) as caught:
        record_delivery(
            shipment,
            delivered_at=DELIVERED_AT + YEARS,
            received_by=story.logistics.user,
            by=by,
            at=DELIVERED_AT,
        )
    assert caught.value.details["field"] == "delivered_at"
    record_delivery(
        shipment, delivered_at=ARRIVED_AT, received_by=story.logistics.user, by=by, at=DELIVERED_AT
    )
    assert (shipment.departed_at, shipment.arrived_at, shipment.delivered_at) == (
        DEPARTED_AT,
        DEPARTED_AT,
        ARRIVED_AT,
    )


def test_departure_may_precede_the_recorded_packing_by_up_to_a_day(story: Journey) -> None:
    shipment = story.packed()
    story.hand_in_all(shipment, "depart")
    story.clear(shipment, "export")
    for early in (timedelta(days=1, minutes=1), YEARS):
        with assert_refused("out_of_order", shipment) as caught:
            record_departure(shipment, departed_at=AT - early, by=story.logistics.by, at=DEPARTED_AT)
        assert caught.value.details["field"] == "departed_at"
    left = AT - timedelta(hours=20)
    assert (
        record_departure(shipment, departed_at=left, by=story.logistics.by, at=DEPARTED_AT).departed_at
        == left
    )


def test_time_recorded_by_a_fast_clock_does_not_block_the_next_step(story: Journey) -> None:
    shipment = story.packed()
    story.hand_in_all(shipment, "depart")
    story.clear(shipment, "export")
    soon = DEPARTED_AT + timedelta(minutes=9)
    record_departure(shipment, departed_at=soon, by=story.logistics.by, at=DEPARTED_AT)
    assert record_arrival(shipment, by=story.logistics.by, at=DEPARTED_AT).arrived_at == soon


def test_arrival_in_the_country_does_not_count_as_delivery(story: Journey) -> None:
    shipment = story.arrived()
    assert (shipment.status, shipment.arrived_at) == ("arrived", ARRIVED_AT)
    assert need_line_figures(shipment) == (10_000, 10_000, 0, 0)


def test_shipment_held_at_import_cannot_be_delivered(story: Journey) -> None:
    shipment = story.arrived()
    story.hand_in_all(shipment, "deliver")
    record_hold(
        story.clearance(shipment, "import"),
        reason="Health Canada looks",
        by=story.logistics.by,
        at=ARRIVED_AT,
    )
    with assert_refused("not_ready", shipment) as caught:
        record_delivery(shipment, received_by=story.logistics.user, by=story.logistics.by, at=DELIVERED_AT)
    assert caught.value.details["held"]


def test_shipment_without_its_import_documents_cannot_be_delivered(story: Journey) -> None:
    shipment = story.arrived()
    story.clear(shipment, "import")
    with assert_refused("not_ready", shipment) as caught:
        record_delivery(shipment, received_by=story.logistics.user, by=story.logistics.by, at=DELIVERED_AT)
    assert caught.value.details["documents"]


def test_delivery_records_who_received_the_goods(story: Journey) -> None:
    shipment = story.delivered()
    assert (shipment.status, shipment.received_by, shipment.delivered_at) == (
        "delivered",
        story.logistics.user,
        DELIVERED_AT,
    )


def test_shipment_cannot_be_closed_before_counting_and_lot_decisions(story: Journey) -> None:
    shipment = story.delivered()
    with assert_refused("not_ready", shipment) as caught:
        close_shipment(shipment, by=story.logistics.by, at=DELIVERED_AT)
    assert caught.value.details["pieces"] == 10_000
    story.receive(shipment)
    lot = shipment.lots.get()
    with assert_refused("not_ready", shipment, lot) as caught:
        close_shipment(shipment, by=story.logistics.by, at=DELIVERED_AT)
    assert caught.value.details["lots"] == [lot.reference]


def test_closing_the_shipment_completes_its_order_and_allocations(story: Journey) -> None:
    shipment = story.closed()
    line = shipment.lines.get().order_line
    assert (shipment.status, line.order.status, line.allocation.status) == (
        "closed",
        "completed",
        "fulfilled",
    )
    assert need_line_figures(shipment) == (10_000, 10_000, 10_000, 10_000)


def test_closed_purchase_becomes_an_exchange_with_the_contacts_city(
    story: Journey,
) -> None:
    shipment = story.closed()
    exchange = Exchange.objects.get()
    assert (exchange.from_city, exchange.to_city) == (cities.city("zhongshan"), story.city)
    assert (exchange.kind, exchange.quantity) == ("ppe_purchase", 10_000)
    assert exchange.shipment_reference == shipment.reference


def test_purchase_without_a_contact_is_no_exchange(story: Journey) -> None:
    story.closed(story.plan(story.ready(story.promise(contact=None))))
    assert not Exchange.objects.exists()


def test_order_is_completed_with_its_last_shipment(story: Journey) -> None:
    order = story.ready()
    first = story.closed(story.plan(order, part=4_000))
    order.refresh_from_db()
    assert (first.status, order.status) == ("closed", "ready_to_ship")
    story.closed(story.plan(order))
    order.refresh_from_db()
    assert order.status == "completed"


def test_shipment_of_an_already_completed_order_can_be_closed(story: Journey) -> None:
    order = story.ready()
    first = story.released(story.plan(order, part=4_000))
    second = story.released(story.plan(order))
    close_shipment(first, by=story.logistics.by, at=DELIVERED_AT)
    order.refresh_from_db()
    assert order.status == "completed"
    assert close_shipment(second, by=story.logistics.by, at=DELIVERED_AT).status == "closed"


def ready_gift(story: Journey) -> Shipment:
    return story.plan(mark_ready(story.accepted(), by=story.officer.by, at=AT))


def test_closed_donation_becomes_an_exchange_in_the_register(story: Journey) -> None:
    shipment = story.closed(ready_gift(story))
    exchange = Exchange.objects.get()
    assert (exchange.from_city, exchange.to_city) == (cities.city("zhongshan"), story.city)
    assert (exchange.kind, exchange.quantity, exchange.unit) == ("ppe_donation", 10_000, "piece")
    assert (exchange.shipment_reference, exchange.on) == (shipment.reference, DELIVERED_AT.date())
    assert "mask" in exchange.items


def test_fully_rejected_donation_is_no_exchange(story: Journey) -> None:
    shipment = story.delivered(ready_gift(story))
    line = shipment.lines.get()
    story.receive(
        shipment, story.count(line, accepted=0, rejected=10_000, lot_number="", reason="Wet through.")
    )
    close_shipment(shipment, by=story.logistics.by, at=DELIVERED_AT)
    assert not Exchange.objects.exists()
    assert line.order_line.order.status == "lost"


def test_cancelled_shipment_frees_its_goods_for_planning(story: Journey) -> None:
    order = story.ready()
    shipment = story.packed(story.plan(order))
    with assert_refused("reason_missing", shipment):
        cancel_shipment(shipment, reason="", by=story.logistics.by, at=AT)
    cancel_shipment(shipment, reason="The flight was cancelled.", by=story.logistics.by, at=AT)
    assert (shipment.status, order.lines.get().unshipped_quantity) == ("cancelled", 10_000)
    assert story.plan(order).status == "planned"


def test_lost_shipment_undoes_allocations_and_loses_its_order(story: Journey) -> None:
    shipment = story.departed()
    write_off_shipment(shipment, reason="The container went overboard.", by=story.logistics.by, at=ARRIVED_AT)
    line = shipment.lines.get().order_line
    assert (shipment.status, line.order.status, line.allocation.status) == ("lost", "lost", "undone")
    assert order_line_figures(shipment) == (10_000, 10_000, 0, 10_000)
    assert need_line_figures(shipment) == (0, 0, 0, 0)


def test_order_with_further_shipments_survives_a_lost_one(story: Journey) -> None:
    order = story.ready()
    shipment = story.departed(story.plan(order, part=4_000))
    write_off_shipment(shipment, reason="The container went overboard.", by=story.logistics.by, at=ARRIVED_AT)
    line = order.lines.get()
    assert (line.order.status, line.allocation.quantity, line.open_quantity) == (
        "ready_to_ship",
        6_000,
        6_000,
    )
    assert need_line_figures(shipment) == (6_000, 0, 0, 0)
    story.closed(story.plan(order))
    order.refresh_from_db()
    assert order.status == "completed"
    assert need_line_figures(shipment) == (6_000, 6_000, 6_000, 6_000)


def test_periodic_job_cancels_planned_shipments_of_ended_orders(story: Journey) -> None:
    order, other = story.confirmed(), story.confirmed(story.promise())
    shipment, kept = story.plan(order), story.plan(other)
    cancel_order(order, reason="They raised the price.", by=story.officer.by, at=AT)
    assert close_moot_shipments(DEPARTED_AT) == 1
    shipment.refresh_from_db()
    kept.refresh_from_db()
    assert (shipment.status, kept.status) == ("cancelled", "planned")
    assert close_moot_shipments(DEPARTED_AT) == 0


def test_shipments_in_transit_exclude_written_off_ones(story: Journey) -> None:
    shipment = story.departed()
    assert list(Shipment.objects.under_way()) == [shipment]
    write_off_shipment(shipment, reason="The container went overboard.", by=story.logistics.by, at=ARRIVED_AT)
    assert not Shipment.objects.under_way().exists()


def test_payments_fall_due_as_the_goods_depart_and_are_released(
    story: Journey,
) -> None:
    shipment = story.received()
    payments = shipment.lines.get().order_line.order.payments
    due = dict(payments.values_list("milestone", "due_on"))
    assert due["against_documents"] == DEPARTED_AT.date()
    assert due["after_inspection"] is None
    release_lot(story.pass_lot(shipment.lots.get()), by=story.logistics.by, at=DELIVERED_AT)
    assert payments.get(milestone="after_inspection").due_on == DELIVERED_AT.date()
