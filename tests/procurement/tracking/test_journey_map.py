"""Tests of the small map of one shipment's journey: its places, and what is travelled and what is not."""

import pytest

from partners.cities.models import City
from procurement.shipments.models import Shipment
from procurement.tracking.models import TrackingEvent
from procurement.tracking.views.journey_map import JourneyMap, journey_map
from tests.browsing import Browser
from tests.worlds.shipments import Journey
from workflow.clock import clear_cache

BURNABY = City(country="CA", latitude="49.25", longitude="-122.95")


def drawn(status: str, *heard: str, **facts: object) -> JourneyMap | None:
    way = {"origin": "CNCAN", "destination": "CAVAN", "via": [], **facts}
    events = [TrackingEvent(classifier="ACT", place=place) for place in heard]
    return journey_map(Shipment(status=status, city=BURNABY, **way), events)


def states(found: JourneyMap | None) -> tuple[list[str], dict[str, str]]:
    assert found is not None
    return [leg.state for leg in found.legs], {stop.named.name: stop.state for stop in found.stops}


@pytest.mark.parametrize(
    ("status", "legs", "stops"),
    [
        ("planned", ["ahead"], {"Guangzhou": "now", "Vancouver": "ahead"}),
        ("in_transit", ["now"], {"Guangzhou": "now", "Vancouver": "ahead"}),
        ("arrived", ["done"], {"Guangzhou": "done", "Vancouver": "now"}),
        ("closed", ["done"], {"Guangzhou": "done", "Vancouver": "now"}),
    ],
)
def test_a_leg_is_done_once_the_goods_are_past_it(status, legs, stops):
    assert states(drawn(status)) == (legs, stops)


def test_a_port_divides_the_way_into_what_is_done_and_what_is_ahead():
    legs, stops = states(drawn("in_transit", "HKG", "CAN", via=["HKHKG"]))
    assert legs == ["done", "now"]
    assert set(stops.values()) <= {"done", "now", "ahead"}
    legs, _stops = states(drawn("in_transit", "JPTYO"))
    assert legs == ["done", "now"], "a place beside the planned route is drawn too"


def test_an_event_that_is_wrong_or_only_planned_moves_nothing():
    planned = TrackingEvent(classifier="PLN", place="JPTYO")
    shipment = Shipment(status="in_transit", city=BURNABY, origin="CNCAN", destination="CAVAN", via=[])
    found = journey_map(shipment, [planned])
    assert states(found)[0] == ["now"]


def test_the_map_says_in_words_what_it_shows():
    assert drawn("arrived").words == "Map of the route Guangzhou → Vancouver. The goods are at Vancouver."
    assert "last reported at Guangzhou" in drawn("in_transit").words


def test_it_is_no_wider_than_the_side_column_and_low():
    found = drawn("arrived")
    assert found.canvas.width == 320
    assert 110 <= found.canvas.height <= 170
    assert all(0 <= stop.named.x <= 320 and 0 <= stop.named.y <= found.canvas.height for stop in found.stops)


def test_without_a_position_there_is_no_map_and_the_city_stands_for_its_port():
    assert drawn("cancelled") is None
    assert drawn("arrived", origin="CNYTN") is None
    assert drawn("arrived", destination="CAZZZ") is not None
    assert drawn("arrived", destination="CAZZZ", returned_from_id=1) is None


@pytest.mark.django_db
def test_it_is_on_the_page_of_the_shipment():
    story = Journey()
    story.practise()
    try:
        page = Browser(story.officer.user).open(story.arrived())
        (found,) = page.main.xpath(
            ".//svg[@role='img']/@aria-label | .//*[local-name()='svg'][@role='img']/@aria-label"
        )
        assert found == "Map of the route Guangzhou → Vancouver. The goods are at Vancouver."
    finally:
        clear_cache()
