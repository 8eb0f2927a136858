"""Tests of the visibility of a shipment and its parts, for the city, the broker, the contact and others."""

import pytest

from procurement.customs.actions import add_declaration, record_customs_release, record_hold, record_hold_end
from procurement.customs.models import CustomsClearance, CustomsHold, Declaration
from procurement.documents.models.customs_documents import CustomsDocument
from procurement.logistics.actions.journey import record_arrival, record_delivery, record_departure
from procurement.logistics.actions.planning import assign_broker
from procurement.quality.models import Inspection, Lot
from procurement.receiving.models import GoodsReceipt
from procurement.shipments.models import Milestone, Shipment
from procurement.tracking.models import TrackingEvent
from tests.worlds import cities
from tests.worlds.cities import own_link, powers_for
from tests.worlds.need_to_order import AT
from tests.worlds.shipments import Journey

VISIBLE_TO_CITY = (GoodsReceipt, Lot, Inspection)
VISIBLE_TO_BROKER = (CustomsClearance, CustomsDocument, CustomsHold, Declaration)
VISIBLE_TO_CONTACT = (Shipment, Milestone, TrackingEvent)
ALL_MODELS = VISIBLE_TO_CITY + VISIBLE_TO_BROKER + VISIBLE_TO_CONTACT


@pytest.fixture
def shipment(story: Journey) -> Shipment:
    """Return a shipment with one part of every kind."""
    planned = assign_broker(story.plan(), story.broker.user, by=story.logistics.by, at=AT)
    clearance = story.clearance(planned, "export")
    held = record_hold(clearance, reason="Weighing", by=story.logistics.by, at=AT)
    record_hold_end(held, by=story.logistics.by, at=AT)
    add_declaration(story.clearance(planned, "import"), number="B3-1", by=story.logistics.by, at=AT)
    # Its declaration has already filed it, so the rest is played from here.
    story.packed(planned)
    story.hand_in_all(planned, "depart")
    story.clear(planned, "export")
    record_departure(planned, by=story.logistics.by, at=AT)
    record_arrival(planned, by=story.logistics.by, at=AT)
    story.hand_in_all(planned, "deliver")
    record_customs_release(story.clearance(planned, "import"), by=story.logistics.by, at=AT)
    record_delivery(planned, received_by=story.logistics.user, by=story.logistics.by, at=AT)
    story.receive(planned)
    story.pass_lot(planned.lots.get())
    return planned


def visible_models(powers: object) -> set[object]:
    return {model for model in ALL_MODELS if model.objects.visible_to(powers).exists()}  # type: ignore[attr-defined]  # each has one


def test_receiving_city_sees_every_part_of_a_shipment(story: Journey, shipment: Shipment) -> None:
    for role in ("officer", "approver", "verifier", "logistics", "observer"):
        assert visible_models(getattr(story, role).by) == set(ALL_MODELS)


def test_assigned_broker_sees_route_and_customs_parts_only(story: Journey, shipment: Shipment) -> None:
    assert visible_models(story.broker.by) == set(VISIBLE_TO_BROKER + VISIBLE_TO_CONTACT)
    other = powers_for(cities.member("broker", story.city))
    assert visible_models(other) == set()


def test_contact_of_the_offer_sees_the_route_only(story: Journey, shipment: Shipment) -> None:
    assert visible_models(own_link(story.contact)) == set(VISIBLE_TO_CONTACT)


def test_other_cities_and_contacts_see_nothing_of_a_shipment(story: Journey, shipment: Shipment) -> None:
    assert visible_models(story.stranger.by) == set()
    assert visible_models(own_link(cities.contact("foshan", "Chen Jing"))) == set()


def test_every_part_of_a_shipment_has_a_readable_text(story: Journey, shipment: Shipment) -> None:
    assert str(shipment.lines.get()).startswith("SH-2020-0001/")
    assert str(shipment.cartons.order_by("number")[0]) == "CT-2020-0001"
    assert str(shipment.clearances.get(side="export")) == "CL-2020-0001"
    assert str(CustomsHold.objects.get()) == "SH-2020-0001 · export customs hold"
    assert str(Declaration.objects.get()) == "B3-1"
    receipt = shipment.goods_receipts.get()
    assert str(receipt) == "SH-2020-0001 2020-04-28"
    assert receipt.contact == shipment.lots.get().contact == story.contact
    assert str(receipt.lines.get()) == f"{receipt}/{receipt.lines.get().pk}"
