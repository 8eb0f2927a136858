"""Tests of the small map of one shipment's journey: its legs and stops, done and ahead."""

import pytest

from partners.cities.models import City
from procurement.shipments.models import Shipment
from procurement.tracking.models import TrackingEvent
from procurement.tracking.views.journey_map import JourneyMap, journey_map
from tests.browsing import Browser
from tests.worlds.shipments import Journey
from workflow.clock import clear_instance_cache

BURNABY = City(country="CA", latitude="49.25", longitude="-122.95")


def map_of(status: str, *heard: str, **facts: object) -> JourneyMap | None:
    way = {"origin": "CNCAN", "destination": "CAVAN", "via": [], **facts}
    events = [TrackingEvent(classifier="ACT", place=place) for place in heard]
    return journey_map(Shipment(status=status, city=BURNABY, **way), events)


def leg_and_stop_states(found: JourneyMap | None) -> tuple[list[str], dict[str, str]]:
    assert found is not None
    return [leg.state for leg in found.legs], {stop.map_label.name: stop.state for stop in found.stops}


@pytest.mark.parametrize(
    ("status", "legs", "stops"),
    [
        ("planned", ["ahead"], {"Guangzhou": "now", "Vancouver": "ahead"}),
        ("in_transit", ["now"], {"Guangzhou": "now", "Vancouver": "ahead"}),
        ("arrived", ["done"], {"Guangzhou": "done", "Vancouver": "now"}),
        ("closed", ["done"], {"Guangzhou": "done", "Vancouver": "now"}),
    ],
)
def test_journey_map_shows_legs_and_stops_by_shipment_status(status, legs, stops):
    assert leg_and_stop_states(map_of(status)) == (legs, stops)


def test_reported_port_divides_the_journey_map_into_done_and_ahead():
    legs, stops = leg_and_stop_states(map_of("in_transit", "HKG", "CAN", via=["HKHKG"]))
    assert legs == ["done", "now"]
    assert set(stops.values()) <= {"done", "now", "ahead"}
    legs, _stops = leg_and_stop_states(map_of("in_transit", "JPTYO"))
    assert legs == ["done", "now"], "a place beside the planned route is drawn too"


def test_wrong_or_planned_event_does_not_move_the_journey_map():
    planned = TrackingEvent(classifier="PLN", place="JPTYO")
    shipment = Shipment(status="in_transit", city=BURNABY, origin="CNCAN", destination="CAVAN", via=[])
    found = journey_map(shipment, [planned])
    assert leg_and_stop_states(found)[0] == ["now"]


def test_journey_map_has_a_text_description():
    assert (
        map_of("arrived").text_alternative
        == "Map of the route Guangzhou → Vancouver. The goods are at Vancouver."
    )
    assert "last reported at Guangzhou" in map_of("in_transit").text_alternative


def test_journey_map_fits_the_side_column():
    found = map_of("arrived")
    assert found.map_section.width == 320
    assert 110 <= found.map_section.height <= 170
    assert all(
        0 <= stop.map_label.x <= 320 and 0 <= stop.map_label.y <= found.map_section.height
        for stop in found.stops
    )


def test_journey_map_is_omitted_without_a_position_and_uses_the_city_for_an_unknown_port():
    assert map_of("cancelled") is None
    assert map_of("arrived", origin="CNYTN") is None
    assert map_of("arrived", destination="CAZZZ") is not None
    assert map_of("arrived", destination="CAZZZ", returned_from_id=1) is None


@pytest.mark.django_db
def test_shipment_page_contains_the_journey_map():
    story = Journey()
    story.practise()
    try:
        page = Browser(story.officer.user).open(story.arrived())
        (found,) = page.main.xpath(
            ".//svg[@role='img']/@aria-label | .//*[local-name()='svg'][@role='img']/@aria-label"
        )
        assert found == "Map of the route Guangzhou → Vancouver. The goods are at Vancouver."
    finally:
        clear_instance_cache()
