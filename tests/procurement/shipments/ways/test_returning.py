"""Refused goods go back or are destroyed: never twice, never more than was refused, and no need's bar moves."""

import pytest

from procurement.shipments.actions import journey, planning, regrouping
from procurement.shipments.actions.arrivals import take_back
from procurement.shipments.actions.lots import recall_lot
from procurement.shipments.actions.ways.destroying import confirm_destroyed, drop_destroyed
from procurement.shipments.actions.ways.returning import hand_back
from procurement.shipments.gathering.leftovers import leftovers_of
from procurement.shipments.models.arrival import Lot
from procurement.shipments.models.ways import BackLine
from procurement.shipments.rules.counters import miscounted
from procurement.shipments.rules.ways import Part
from tests.procurement.refusals import refused
from tests.procurement.shipments.play import DOOR, HERE, Voyage
from tests.procurement.shipments.ways.play import WHY, back, destroyed, spoilt
from tests.procurement.story import AT
from workflow.models.journal import Entry


def test_a_return_is_a_shipment_of_its_own_the_other_way(story: Voyage) -> None:
    shipment = spoilt(story)
    need = shipment.lines.get().order_line.allocation.line
    need.refresh_from_db()
    order = shipment.lines.get().order_line
    before = (need.shipped, need.arrived, need.released, order.shipped, order.departed)
    made = back(story, shipment, cartons=10, carrier="DEMO Line")
    assert (made.origin, made.destination, made.back_from, made.carrier) == (
        "CAVAN",
        "CNCAN",
        shipment,
        "DEMO Line",
    )
    assert (made.status, made.cartons_count, made.contact, made.lines.count()) == ("planned", 10, None, 0)
    assert [(row.lot and row.lot.number, row.quantity) for row in made.back_lines.order_by("pk")] == [
        (None, 40),
        ("L-2020-04", 9_960),
    ]
    assert dict(made.lanes.values_list("side", "country")) == {"export": "CA", "import": "CN"}
    assert [step.step for step in made.milestones.order_by("position")][-1] == "delivered"
    planning.pack(made, by=story.logistics.by, at=DOOR)
    assert made.cartons_count == 10
    story.hand_in_all(made, "depart")
    story.clear(made, "export")
    journey.depart(made, by=story.logistics.by, at=DOOR)
    journey.arrive(made, by=story.logistics.by, at=DOOR)
    with refused("not_allowed", made):
        journey.deliver(made, received_by=story.logistics.user, by=story.logistics.by, at=DOOR)
    with refused("not_ready", made):
        hand_back(made, by=story.logistics.by, at=DOOR)
    story.hand_in_all(made, "deliver")
    story.clear(made, "import")
    hand_back(made, by=story.logistics.by, at=DOOR)
    assert (made.status, made.delivered_at) == ("handed_back", DOOR)
    assert made.milestones.get(step="delivered").actual_at == DOOR
    need.refresh_from_db()
    order.refresh_from_db()
    assert (need.shipped, need.arrived, need.released, order.shipped, order.departed) == before
    assert miscounted() == []
    assert Entry.objects.get(verb="send_back").reason == WHY


def test_nothing_goes_back_twice(story: Voyage) -> None:
    shipment = spoilt(story)
    line, lot = shipment.lines.get(), shipment.lots.get()
    made = back(story, shipment, Part(line, 30))
    with refused("more_than_refused", shipment) as caught:
        back(story, shipment, Part(line, 11))
    assert caught.value.details["left"] == 10
    for parts in ([Part(line, 0)], [Part(line, 1), Part(line, 2)], [Part(line, 9_961, lot)]):
        with refused("nothing_chosen" if len(parts) > 1 else "more_than_refused", shipment):
            back(story, shipment, *parts)
    journey.cancel(made, reason="Another ship.", by=story.logistics.by, at=DOOR)
    assert [one.pieces for one in leftovers_of(shipment)] == [40, 9_960]
    back(story, shipment)
    assert leftovers_of(shipment) == []
    with refused("nothing_chosen", shipment):
        back(story, shipment)
    assert BackLine.objects.count() == 3


def test_only_what_was_refused_goes_back(story: Voyage) -> None:
    shipment = story.received()
    line, lot = shipment.lines.get(), shipment.lots.get()
    with refused("more_than_refused", shipment):
        back(story, shipment, Part(line, 1, lot))
    with refused("mode_missing"):
        back(story, shipment, Part(line, 1, lot), mode="")
    other = story.plan(story.ready())
    with refused("wrong_status", other):
        back(story, other, Part(line, 1, lot))


def test_a_recalled_lot_of_a_closed_shipment_goes_back_elsewhere(story: Voyage) -> None:
    shipment = story.closed()
    recall_lot(shipment.lots.get(), reason="A notice.", by=story.logistics.by, at=DOOR)
    with refused("no_such_step", shipment):
        back(story, shipment, planned={"x": HERE})
    made = back(story, shipment, destination="cnsha", origin="cator", planned={"arrived": DOOR})
    assert (made.origin, made.destination) == ("CATOR", "CNSHA")
    assert made.milestones.get(step="arrived").planned_at == DOOR


def test_within_a_country_no_customs_is_asked(story: Voyage) -> None:
    shipment = spoilt(story)
    assert not back(story, shipment, destination="CATOR").lanes.exists()


def test_a_return_stays_as_it_was_begun(story: Voyage) -> None:
    made = back(story, spoilt(story))
    for move, facts in ((regrouping.split, {"parts": []}), (regrouping.merge, {"other": made})):
        given = {"author": story.logistics.user} if move is regrouping.split else {}
        with refused("not_allowed", made):
            move(made, by=story.logistics.by, at=DOOR, **facts, **given)
    other = story.plan(story.ready())
    with refused("not_allowed", other):
        hand_back(other, by=story.logistics.by, at=AT)


def test_destroyed_goods_take_two_persons(story: Voyage) -> None:
    shipment = spoilt(story)
    gone = destroyed(story, shipment, 15)
    assert (gone.status, str(gone)) == ("noted", f"{shipment}: 15")
    assert [one.pieces for one in leftovers_of(shipment)] == [25, 9_960]
    with refused("not_allowed", gone):
        confirm_destroyed(gone, by=story.logistics.by, at=DOOR)
    confirm_destroyed(gone, by=story.officer.by, at=DOOR)
    assert (gone.status, gone.confirmed_by, gone.confirmed_at) == ("destroyed", story.officer.user, DOOR)
    with refused("wrong_status", gone):
        drop_destroyed(gone, reason="No.", by=story.officer.by, at=DOOR)


def test_a_note_that_is_dropped_leaves_the_goods_where_they_are(story: Voyage) -> None:
    shipment = spoilt(story)
    lot = Lot.objects.get()
    gone = destroyed(story, shipment, 9_960, lot=lot)
    with refused("more_than_refused", shipment):
        back(story, shipment, Part(shipment.lines.get(), 1, lot))
    drop_destroyed(gone, reason="They are in the store.", by=story.officer.by, at=DOOR)
    assert [one.pieces for one in leftovers_of(shipment)] == [40, 9_960]


def test_what_cannot_be_destroyed_is_refused(story: Voyage) -> None:
    shipment = spoilt(story)
    with refused("more_than_refused", shipment):
        destroyed(story, shipment, 41)
    with refused("in_the_future", shipment):
        destroyed(story, shipment, 1, destroyed_on=DOOR.date().replace(year=2021))
    with refused("reason_missing", shipment):
        destroyed(story, shipment, 1, reason=" ")
    with refused("not_allowed", shipment):
        destroyed(story, shipment, 1, by=story.observer.by)


@pytest.mark.parametrize("way", ["back", "destroyed"])
def test_a_counting_whose_rejected_pieces_are_gone_is_not_taken_back(story: Voyage, way: str) -> None:
    shipment = story.delivered()
    line = shipment.lines.get()
    receipt = story.receive(shipment, story.count(line, rejected=40, reason="Wet cartons."))
    line.refresh_from_db()
    if way == "back":
        made = back(story, shipment, Part(line, 5))
    else:
        gone = destroyed(story, shipment, 5)
    with refused("not_ready", receipt):
        take_back(receipt, reason="Miscounted.", by=story.logistics.by, at=DOOR)
    if way == "back":
        journey.cancel(made, reason="No ship.", by=story.logistics.by, at=DOOR)
    else:
        drop_destroyed(gone, reason="No.", by=story.logistics.by, at=DOOR)
    take_back(receipt, reason="Miscounted.", by=story.logistics.by, at=DOOR)
