"""Who sees a shipment and what belongs to it: the receiving city, the broker it was given to, and the contact who helped."""

import pytest

from procurement.shipments.actions import customs, journey
from procurement.shipments.actions.customs import end_hold, place_hold, release_lane
from procurement.shipments.actions.planning import assign_broker
from procurement.shipments.models.arrival import Inspection, Lot, Receipt
from procurement.shipments.models.customs import CustomsHold, CustomsLane, CustomsPaper, Declaration
from procurement.shipments.models.shipment import Shipment
from procurement.shipments.models.tracking import Milestone, TrackingEvent
from tests import world
from tests.procurement.shipments.play import Voyage
from tests.procurement.story import AT
from tests.world import own_link, powers_for

OF_THE_CITY = (Receipt, Lot, Inspection)
OF_CUSTOMS = (CustomsLane, CustomsPaper, CustomsHold, Declaration)
OF_THE_WAY = (Shipment, Milestone, TrackingEvent)
ALL = OF_THE_CITY + OF_CUSTOMS + OF_THE_WAY


@pytest.fixture
def shipment(story: Voyage) -> Shipment:
    """A shipment with one of everything."""
    planned = assign_broker(story.plan(), story.broker.user, by=story.logistics.by, at=AT)
    lane = story.lane(planned, "export")
    held = place_hold(lane, reason="Weighing", by=story.logistics.by, at=AT)
    end_hold(held, by=story.logistics.by, at=AT)
    customs.declare(story.lane(planned, "import"), number="B3-1", by=story.logistics.by, at=AT)
    # Filed with its declaration already, so the rest of the way is played from here.
    story.packed(planned)
    story.hand_in_all(planned, "depart")
    story.clear(planned, "export")
    journey.depart(planned, by=story.logistics.by, at=AT)
    journey.arrive(planned, by=story.logistics.by, at=AT)
    story.hand_in_all(planned, "deliver")
    release_lane(story.lane(planned, "import"), by=story.logistics.by, at=AT)
    journey.deliver(planned, received_by=story.logistics.user, by=story.logistics.by, at=AT)
    story.receive(planned)
    story.pass_lot(planned.lots.get())
    return planned


def seen(powers: object) -> set[object]:
    return {model for model in ALL if model.objects.visible_to(powers).exists()}  # type: ignore[attr-defined]  # each has one


def test_the_receiving_city_sees_everything_of_it(story: Voyage, shipment: Shipment) -> None:
    for role in ("officer", "approver", "verifier", "logistics", "observer"):
        assert seen(getattr(story, role).by) == set(ALL)


def test_the_broker_it_was_given_to_sees_the_way_and_the_customs(story: Voyage, shipment: Shipment) -> None:
    assert seen(story.broker.by) == set(OF_CUSTOMS + OF_THE_WAY)
    other = powers_for(world.member("broker", story.city))
    assert seen(other) == set()


def test_the_contact_who_helped_sees_where_it_is(story: Voyage, shipment: Shipment) -> None:
    assert seen(own_link(story.contact)) == set(OF_THE_WAY)


def test_another_city_and_another_contact_see_nothing(story: Voyage, shipment: Shipment) -> None:
    assert seen(story.stranger.by) == set()
    assert seen(own_link(world.contact("foshan", "Chen Jing"))) == set()


def test_each_thing_has_a_name(story: Voyage, shipment: Shipment) -> None:
    assert str(shipment.lines.get()).startswith("SH-2020-0001/")
    assert str(shipment.cartons.order_by("number")[0]) == "CT-2020-0001"
    assert str(shipment.lanes.get(side="export")) == "CL-2020-0001"
    assert str(CustomsHold.objects.get()) == "SH-2020-0001 · export hold"
    assert str(Declaration.objects.get()) == "B3-1"
    receipt = shipment.receipts.get()
    assert str(receipt) == "SH-2020-0001 2020-04-28"
    assert receipt.contact == shipment.lots.get().contact == story.contact
    assert str(receipt.lines.get()) == f"{receipt}/{receipt.lines.get().pk}"
