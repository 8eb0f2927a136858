"""Tests of rejected goods that are sent back or destroyed: once, and no more pieces than were rejected."""

import pytest

from procurement.distribution.actions import recall_lot
from procurement.logistics.actions.journey import (
    cancel_shipment,
    record_arrival,
    record_delivery,
    record_departure,
)
from procurement.logistics.actions.planning import pack_shipment
from procurement.logistics.actions.returns import record_return
from procurement.logistics.actions.split_and_merge import merge_shipments, split_shipment
from procurement.logistics.queries.counter_mismatches import logistics_counter_mismatches
from procurement.quality.models import Lot
from procurement.receiving.actions.destruction import confirm_destruction, discard_destruction
from procurement.receiving.actions.receipts import reverse_receipt
from procurement.receiving.models import ReturnLine
from procurement.receiving.queries import rejected_goods_left
from procurement.receiving.rules.rejected_goods import RejectedPortion
from tests.procurement.refusals import assert_refused
from tests.worlds.need_to_order import AT
from tests.worlds.rejected_goods import (
    REASON,
    destroy_rejected_goods,
    receive_with_rejections,
    return_rejected_goods,
)
from tests.worlds.shipments import ARRIVED_AT, DELIVERED_AT, Journey
from workflow.journal.models import Entry


def test_return_is_a_separate_shipment_in_the_opposite_direction(story: Journey) -> None:
    shipment = receive_with_rejections(story)
    need = shipment.lines.get().order_line.allocation.line
    need.refresh_from_db()
    order = shipment.lines.get().order_line
    before = (need.shipped, need.arrived, need.released, order.shipped, order.departed)
    made = return_rejected_goods(story, shipment, cartons=10, carrier="DEMO Line")
    assert (made.origin, made.destination, made.returned_from, made.carrier) == (
        "CAVAN",
        "CNCAN",
        shipment,
        "DEMO Line",
    )
    assert (made.status, made.cartons_count, made.contact, made.lines.count()) == ("planned", 10, None, 0)
    assert [(row.lot and row.lot.number, row.quantity) for row in made.return_lines.order_by("pk")] == [
        (None, 40),
        ("L-2020-04", 9_960),
    ]
    assert dict(made.clearances.values_list("side", "country")) == {"export": "CA", "import": "CN"}
    assert [step.step for step in made.milestones.order_by("position")][-1] == "delivered"
    pack_shipment(made, by=story.logistics.by, at=DELIVERED_AT)
    assert made.cartons_count == 10
    story.hand_in_all(made, "depart")
    story.clear(made, "export")
    record_departure(made, by=story.logistics.by, at=DELIVERED_AT)
    record_arrival(made, by=story.logistics.by, at=DELIVERED_AT)
    with assert_refused("not_allowed", made):
        record_delivery(made, received_by=story.logistics.user, by=story.logistics.by, at=DELIVERED_AT)
    with assert_refused("not_ready", made):
        record_return(made, by=story.logistics.by, at=DELIVERED_AT)
    story.hand_in_all(made, "deliver")
    story.clear(made, "import")
    record_return(made, by=story.logistics.by, at=DELIVERED_AT)
    assert (made.status, made.delivered_at) == ("returned", DELIVERED_AT)
    assert made.milestones.get(step="delivered").actual_at == DELIVERED_AT
    need.refresh_from_db()
    order.refresh_from_db()
    assert (need.shipped, need.arrived, need.released, order.shipped, order.departed) == before
    assert logistics_counter_mismatches() == []
    assert Entry.objects.get(verb="plan_return").reason == REASON


def test_rejected_goods_cannot_be_returned_twice(story: Journey) -> None:
    shipment = receive_with_rejections(story)
    line, lot = shipment.lines.get(), shipment.lots.get()
    made = return_rejected_goods(story, shipment, RejectedPortion(line, 30))
    with assert_refused("more_than_refused", shipment) as caught:
        return_rejected_goods(story, shipment, RejectedPortion(line, 11))
    assert caught.value.details["left"] == 10
    for parts in (
        [RejectedPortion(line, 0)],
        [RejectedPortion(line, 1), RejectedPortion(line, 2)],
        [RejectedPortion(line, 9_961, lot)],
    ):
        with assert_refused("nothing_chosen" if len(parts) > 1 else "more_than_refused", shipment):
            return_rejected_goods(story, shipment, *parts)
    cancel_shipment(made, reason="Another ship.", by=story.logistics.by, at=DELIVERED_AT)
    assert [one.pieces for one in rejected_goods_left(shipment)] == [40, 9_960]
    return_rejected_goods(story, shipment)
    assert rejected_goods_left(shipment) == []
    with assert_refused("nothing_chosen", shipment):
        return_rejected_goods(story, shipment)
    assert ReturnLine.objects.count() == 3


def test_only_rejected_goods_can_be_returned(story: Journey) -> None:
    shipment = story.received()
    line, lot = shipment.lines.get(), shipment.lots.get()
    with assert_refused("more_than_refused", shipment):
        return_rejected_goods(story, shipment, RejectedPortion(line, 1, lot))
    with assert_refused("mode_missing"):
        return_rejected_goods(story, shipment, RejectedPortion(line, 1, lot), mode="")
    other = story.plan(story.ready())
    with assert_refused("wrong_status", other):
        return_rejected_goods(story, other, RejectedPortion(line, 1, lot))


def test_recalled_lot_of_a_closed_shipment_can_be_returned(story: Journey) -> None:
    shipment = story.closed()
    recall_lot(shipment.lots.get(), reason="A notice.", by=story.logistics.by, at=DELIVERED_AT)
    with assert_refused("no_such_step", shipment):
        return_rejected_goods(story, shipment, planned={"x": ARRIVED_AT})
    made = return_rejected_goods(
        story, shipment, destination="cnsha", origin="cator", planned={"arrived": DELIVERED_AT}
    )
    assert (made.origin, made.destination) == ("CATOR", "CNSHA")
    assert made.milestones.get(step="arrived").planned_at == DELIVERED_AT


def test_domestic_return_has_no_customs_clearance(story: Journey) -> None:
    shipment = receive_with_rejections(story)
    assert not return_rejected_goods(story, shipment, destination="CATOR").clearances.exists()


def test_return_cannot_be_split_or_merged_and_only_a_return_is_recorded_as_returned(story: Journey) -> None:
    made = return_rejected_goods(story, receive_with_rejections(story))
    for move, facts in ((split_shipment, {"parts": []}), (merge_shipments, {"other": made})):
        given = {"author": story.logistics.user} if move is split_shipment else {}
        with assert_refused("not_allowed", made):
            move(made, by=story.logistics.by, at=DELIVERED_AT, **facts, **given)
    other = story.plan(story.ready())
    with assert_refused("not_allowed", other):
        record_return(other, by=story.logistics.by, at=AT)


def test_destruction_is_reported_by_one_person_and_confirmed_by_another(story: Journey) -> None:
    shipment = receive_with_rejections(story)
    gone = destroy_rejected_goods(story, shipment, 15)
    assert (gone.status, str(gone)) == ("reported", f"{shipment}: 15")
    assert [one.pieces for one in rejected_goods_left(shipment)] == [25, 9_960]
    with assert_refused("not_allowed", gone):
        confirm_destruction(gone, by=story.logistics.by, at=DELIVERED_AT)
    confirm_destruction(gone, by=story.officer.by, at=DELIVERED_AT)
    assert (gone.status, gone.confirmed_by, gone.confirmed_at) == (
        "confirmed",
        story.officer.user,
        DELIVERED_AT,
    )
    with assert_refused("wrong_status", gone):
        discard_destruction(gone, reason="No.", by=story.officer.by, at=DELIVERED_AT)


def test_discarded_destruction_leaves_the_goods_available(story: Journey) -> None:
    shipment = receive_with_rejections(story)
    lot = Lot.objects.get()
    gone = destroy_rejected_goods(story, shipment, 9_960, lot=lot)
    with assert_refused("more_than_refused", shipment):
        return_rejected_goods(story, shipment, RejectedPortion(shipment.lines.get(), 1, lot))
    discard_destruction(gone, reason="They are in the store.", by=story.officer.by, at=DELIVERED_AT)
    assert [one.pieces for one in rejected_goods_left(shipment)] == [40, 9_960]


def test_invalid_destruction_is_refused(story: Journey) -> None:
    shipment = receive_with_rejections(story)
    with assert_refused("more_than_refused", shipment):
        destroy_rejected_goods(story, shipment, 41)
    with assert_refused("in_the_future", shipment):
        destroy_rejected_goods(story, shipment, 1, destroyed_on=DELIVERED_AT.date().replace(year=2021))
    with assert_refused("reason_missing", shipment):
        destroy_rejected_goods(story, shipment, 1, reason=" ")
    with assert_refused("not_allowed", shipment):
        destroy_rejected_goods(story, shipment, 1, by=story.observer.by)


@pytest.mark.parametrize("way", ["back", "destroyed"])
def test_receipt_cannot_be_reversed_after_its_rejected_units_were_returned_or_destroyed(
    story: Journey, way: str
) -> None:
    shipment = story.delivered()
    line = shipment.lines.get()
    receipt = story.receive(shipment, story.count(line, rejected=40, reason="Wet cartons."))
    line.refresh_from_db()
    if way == "back":
        made = return_rejected_goods(story, shipment, RejectedPortion(line, 5))
    else:
        gone = destroy_rejected_goods(story, shipment, 5)
    with assert_refused("not_ready", receipt):
        reverse_receipt(receipt, reason="Miscounted.", by=story.logistics.by, at=DELIVERED_AT)
    if way == "back":
        cancel_shipment(made, reason="No ship.", by=story.logistics.by, at=DELIVERED_AT)
    else:
        discard_destruction(gone, reason="No.", by=story.logistics.by, at=DELIVERED_AT)
    reverse_receipt(receipt, reason="Miscounted.", by=story.logistics.by, at=DELIVERED_AT)
