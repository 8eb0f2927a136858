"""Tests of the journey.

Nothing leaves without its documents, nothing is delivered uncleared, and each step moves the bar of the need.
"""

from datetime import timedelta

import pytest

from partners.exchanges.models import Exchange
from procurement.customs.actions import place_hold
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
from tests.procurement.refusals import refused
from tests.worlds import cities
from tests.worlds.need_to_order import AT
from tests.worlds.shipments import ARRIVED_AT, DELIVERED_AT, DEPARTED_AT, Journey
from workflow.formatting import format_moment_with_offset


def bar(shipment: Shipment) -> tuple[int, int, int, int]:
    """Return the pieces allocated, shipped, arrived and released on the need line."""
    line = RequestLine.objects.get(allocations__order_line__shipment_lines__shipment=shipment)
    return line.allocated, line.shipped, line.arrived, line.released


def pieces(shipment: Shipment) -> tuple[int, int, int, int]:
    """Return the pieces shipped, departed, released and failed on the order line."""
    line = shipment.lines.get().order_line
    return line.shipped, line.departed, line.released, line.failed


def test_a_shipment_without_documents_cannot_depart(story: Journey) -> None:
    shipment = story.packed()
    story.clear(shipment, "export")
    with refused("not_ready", shipment) as caught:
        record_departure(shipment, by=story.logistics.by, at=DEPARTED_AT)
    documents = [
        document.reference
        for document in shipment.documents.filter(blocks=True, due_before="depart").order_by("pk")
    ]
    assert caught.value.details["documents"] == documents
    assert "Export declaration" in str(caught.value)
    assert "Air waybill" not in str(caught.value), "a carrier's paper is usual practice and not blocking"


def test_a_shipment_that_export_customs_has_not_released_cannot_depart(story: Journey) -> None:
    shipment = story.packed()
    story.hand_in_all(shipment, "depart")
    clearance = story.clearance(shipment, "export")
    with refused("not_ready", shipment) as caught:
        record_departure(shipment, by=story.logistics.by, at=DEPARTED_AT)
    assert caught.value.details == {"clearance": clearance.reference, "held": False}


def given_up(story: Journey, shipment: Shipment) -> Order:
    order = shipment.lines.get().order_line.order
    return write_off_order(order, reason="The maker is gone.", by=story.officer.by, at=DEPARTED_AT)


def test_goods_of_an_order_that_was_given_up_do_not_depart(story: Journey) -> None:
    shipment = story.packed()
    story.hand_in_all(shipment, "depart")
    story.clear(shipment, "export")
    order = given_up(story, shipment)
    with refused("not_ready", shipment, order) as caught:
        record_departure(shipment, by=story.logistics.by, at=DEPARTED_AT)
    assert caught.value.details["orders"] == [order.reference]
    assert bar(shipment) == (0, 0, 0, 0)


def test_a_departure_counts_the_goods_as_shipped(story: Journey) -> None:
    shipment = story.packed()
    assert bar(shipment) == (10_000, 0, 0, 0)
    story.hand_in_all(shipment, "depart")
    story.clear(shipment, "export")
    record_departure(
        shipment, departed_at=DEPARTED_AT - timedelta(hours=3), by=story.logistics.by, at=DEPARTED_AT
    )
    assert shipment.departed_at == DEPARTED_AT - timedelta(hours=3)
    assert bar(shipment) == (10_000, 10_000, 0, 0)
    assert pieces(shipment) == (10_000, 10_000, 0, 0)
    assert shipment.milestones.get(step="departed").actual_at == DEPARTED_AT - timedelta(hours=3)


def test_nothing_departs_in_the_future(story: Journey) -> None:
    shipment = story.packed()
    story.hand_in_all(shipment, "depart")
    story.clear(shipment, "export")
    with refused("not_yet", shipment):
        record_departure(
            shipment, departed_at=DEPARTED_AT + timedelta(hours=1), by=story.logistics.by, at=DEPARTED_AT
        )


YEARS = timedelta(days=2_000)


@pytest.mark.parametrize("early", [timedelta(minutes=1), timedelta(days=105), YEARS])
def test_no_step_lies_before_the_one_it_follows(story: Journey, early: timedelta) -> None:
    by, shipment = story.logistics.by, story.departed()
    with refused("out_of_order", shipment) as caught:
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
    with refused("out_of_order", shipment) as caught:
        record_delivery(
            shipment,
            delivered_at=DEPARTED_AT - early,
            received_by=story.logistics.user,
            by=by,
            at=DELIVERED_AT,
        )
    assert caught.value.details["field"] == "delivered_at"
    with refused("not_yet", shipment) as caught:
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


def test_goods_leave_after_they_were_packed_though_packing_may_be_noted_a_day_late(story: Journey) -> None:
    shipment = story.packed()
    story.hand_in_all(shipment, "depart")
    story.clear(shipment, "export")
    for early in (timedelta(days=1, minutes=1), YEARS):
        with refused("out_of_order", shipment) as caught:
            record_departure(shipment, departed_at=AT - early, by=story.logistics.by, at=DEPARTED_AT)
        assert caught.value.details["field"] == "departed_at"
    left = AT - timedelta(hours=20)
    assert (
        record_departure(shipment, departed_at=left, by=story.logistics.by, at=DEPARTED_AT).departed_at
        == left
    )


def test_what_a_fast_clock_noted_does_not_stop_the_next_step(story: Journey) -> None:
    shipment = story.packed()
    story.hand_in_all(shipment, "depart")
    story.clear(shipment, "export")
    soon = DEPARTED_AT + timedelta(minutes=9)
    record_departure(shipment, departed_at=soon, by=story.logistics.by, at=DEPARTED_AT)
    assert record_arrival(shipment, by=story.logistics.by, at=DEPARTED_AT).arrived_at == soon


def test_the_arrival_in_the_country_is_not_the_arrival_at_the_door(story: Journey) -> None:
    shipment = story.arrived()
    assert (shipment.status, shipment.arrived_at) == ("arrived", ARRIVED_AT)
    assert bar(shipment) == (10_000, 10_000, 0, 0)


def test_a_shipment_held_at_import_is_not_delivered(story: Journey) -> None:
    shipment = story.arrived()
    story.hand_in_all(shipment, "deliver")
    place_hold(
        story.clearance(shipment, "import"),
        reason="Health Canada looks",
        by=story.logistics.by,
        at=ARRIVED_AT,
    )
    with refused("not_ready", shipment) as caught:
        record_delivery(shipment, received_by=story.logistics.user, by=story.logistics.by, at=DELIVERED_AT)
    assert caught.value.details["held"]


def test_a_shipment_without_its_import_documents_is_not_delivered(story: Journey) -> None:
    shipment = story.arrived()
    story.clear(shipment, "import")
    with refused("not_ready", shipment) as caught:
        record_delivery(shipment, received_by=story.logistics.user, by=story.logistics.by, at=DELIVERED_AT)
    assert caught.value.details["documents"]


def test_a_delivery_names_who_took_it(story: Journey) -> None:
    shipment = story.delivered()
    assert (shipment.status, shipment.received_by, shipment.delivered_at) == (
        "delivered",
        story.logistics.user,
        DELIVERED_AT,
    )


def test_a_shipment_is_not_closed_before_it_is_counted_and_decided_on(story: Journey) -> None:
    shipment = story.delivered()
    with refused("not_ready", shipment) as caught:
        close_shipment(shipment, by=story.logistics.by, at=DELIVERED_AT)
    assert caught.value.details["pieces"] == 10_000
    story.receive(shipment)
    lot = shipment.lots.get()
    with refused("not_ready", shipment, lot) as caught:
        close_shipment(shipment, by=story.logistics.by, at=DELIVERED_AT)
    assert caught.value.details["lots"] == [lot.reference]


def test_closing_completes_the_order_and_fulfils_its_promises(story: Journey) -> None:
    shipment = story.closed()
    line = shipment.lines.get().order_line
    assert (shipment.status, line.order.status, line.allocation.status) == (
        "closed",
        "completed",
        "fulfilled",
    )
    assert bar(shipment) == (10_000, 10_000, 10_000, 10_000)


def test_a_purchase_that_came_is_an_exchange_with_the_city_whose_contact_named_the_supplier(
    story: Journey,
) -> None:
    shipment = story.closed()
    exchange = Exchange.objects.get()
    assert (exchange.from_city, exchange.to_city) == (cities.city("zhongshan"), story.city)
    assert (exchange.kind, exchange.quantity) == ("ppe_purchase", 10_000)
    assert exchange.shipment_reference == shipment.reference


def test_a_purchase_no_one_abroad_had_a_hand_in_is_no_exchange(story: Journey) -> None:
    story.closed(story.plan(story.ready(story.promise(contact=None))))
    assert not Exchange.objects.exists()


def test_an_order_goes_on_until_its_last_shipment(story: Journey) -> None:
    order = story.ready()
    first = story.closed(story.plan(order, part=4_000))
    order.refresh_from_db()
    assert (first.status, order.status) == ("closed", "ready_to_ship")
    story.closed(story.plan(order))
    order.refresh_from_db()
    assert order.status == "completed"


def test_an_order_completed_before_is_left_alone(story: Journey) -> None:
    order = story.ready()
    first = story.released(story.plan(order, part=4_000))
    second = story.released(story.plan(order))
    close_shipment(first, by=story.logistics.by, at=DELIVERED_AT)
    order.refresh_from_db()
    assert order.status == "completed"
    assert close_shipment(second, by=story.logistics.by, at=DELIVERED_AT).status == "closed"


def ready_gift(story: Journey) -> Shipment:
    return story.plan(mark_ready(story.accepted(), by=story.officer.by, at=AT))


def test_a_donation_that_came_is_an_exchange_in_the_register(story: Journey) -> None:
    shipment = story.closed(ready_gift(story))
    exchange = Exchange.objects.get()
    assert (exchange.from_city, exchange.to_city) == (cities.city("zhongshan"), story.city)
    assert (exchange.kind, exchange.quantity, exchange.unit) == ("ppe_donation", 10_000, "piece")
    assert (exchange.shipment_reference, exchange.on) == (shipment.reference, DELIVERED_AT.date())
    assert "mask" in exchange.items


def test_a_donation_none_of_which_was_accepted_is_no_exchange(story: Journey) -> None:
    shipment = story.delivered(ready_gift(story))
    line = shipment.lines.get()
    story.receive(
        shipment, story.count(line, accepted=0, rejected=10_000, lot_number="", reason="Wet through.")
    )
    close_shipment(shipment, by=story.logistics.by, at=DELIVERED_AT)
    assert not Exchange.objects.exists()
    assert line.order_line.order.status == "lost"


def test_a_cancelled_shipment_leaves_its_goods_to_be_planned_again(story: Journey) -> None:
    order = story.ready()
    shipment = story.packed(story.plan(order))
    with refused("reason_missing", shipment):
        cancel_shipment(shipment, reason="", by=story.logistics.by, at=AT)
    cancel_shipment(shipment, reason="The flight was cancelled.", by=story.logistics.by, at=AT)
    assert (shipment.status, order.lines.get().to_ship) == ("cancelled", 10_000)
    assert story.plan(order).status == "planned"


def test_a_lost_shipment_gives_its_goods_back_and_its_order_is_lost_with_it(story: Journey) -> None:
    shipment = story.departed()
    write_off_shipment(shipment, reason="The container went overboard.", by=story.logistics.by, at=ARRIVED_AT)
    line = shipment.lines.get().order_line
    assert (shipment.status, line.order.status, line.allocation.status) == ("lost", "lost", "undone")
    assert pieces(shipment) == (10_000, 10_000, 0, 10_000)
    assert bar(shipment) == (0, 0, 0, 0)


def test_an_order_of_which_more_is_to_come_outlives_a_lost_shipment(story: Journey) -> None:
    order = story.ready()
    shipment = story.departed(story.plan(order, part=4_000))
    write_off_shipment(shipment, reason="The container went overboard.", by=story.logistics.by, at=ARRIVED_AT)
    line = order.lines.get()
    assert (line.order.status, line.allocation.quantity, line.open) == ("ready_to_ship", 6_000, 6_000)
    assert bar(shipment) == (6_000, 0, 0, 0)
    story.closed(story.plan(order))
    order.refresh_from_db()
    assert order.status == "completed"
    assert bar(shipment) == (6_000, 6_000, 6_000, 6_000)


def test_the_clock_cancels_planned_shipments_of_orders_that_ended(story: Journey) -> None:
    order, other = story.confirmed(), story.confirmed(story.promise())
    shipment, kept = story.plan(order), story.plan(other)
    cancel_order(order, reason="They raised the price.", by=story.officer.by, at=AT)
    assert close_moot_shipments(DEPARTED_AT) == 1
    shipment.refresh_from_db()
    kept.refresh_from_db()
    assert (shipment.status, kept.status) == ("cancelled", "planned")
    assert close_moot_shipments(DEPARTED_AT) == 0


def test_what_is_under_way_is_asked_for_by_name(story: Journey) -> None:
    shipment = story.departed()
    assert list(Shipment.objects.under_way()) == [shipment]
    write_off_shipment(shipment, reason="The container went overboard.", by=story.logistics.by, at=ARRIVED_AT)
    assert not Shipment.objects.under_way().exists()


def test_what_is_paid_against_documents_and_after_inspection_falls_due_as_the_goods_move(
    story: Journey,
) -> None:
    shipment = story.received()
    payments = shipment.lines.get().order_line.order.payments
    due = dict(payments.values_list("milestone", "due_on"))
    assert due["against_documents"] == DEPARTED_AT.date()
    assert due["after_inspection"] is None
    release_lot(story.pass_lot(shipment.lots.get()), by=story.logistics.by, at=DELIVERED_AT)
    assert payments.get(milestone="after_inspection").due_on == DELIVERED_AT.date()
