"""Tests of the places on the page that plans a shipment: proposed from the record, and chosen by name."""

import pytest

from partners.cities.models import City
from partners.maps.great_circle import GeoPoint
from procurement.shipments.models import Shipment
from procurement.shipments.reference_tables import known_places, locode_of_typed_place, nearest_place_locode
from tests.browsing import Browser, Page
from tests.worlds.shipments import Journey

UNKNOWN = "No port or airport with this name was found. Choose one from the list."


@pytest.fixture(scope="module")
def story(once):
    with once():
        story = Journey()
        story.waiting = story.ready()
        assert story.logistics
        yield story


@pytest.fixture
def page(story) -> Page:
    return Browser(story.logistics.user).open(f"/shipments/new/?order={story.waiting.reference}")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Guangzhou", "CNCAN"),
        (" guangzhou ", "CNCAN"),
        ("广州", "CNCAN"),
        ("广州（CNCAN）", "CNCAN"),
        ("Guangzhou (CNCAN)", "CNCAN"),
        ("Montréal", "CAMTR"),
        ("montreal", "CAMTR"),
        ("温哥华", "CAVAN"),
        ("yvr", "CAVAN"),
        ("cacal", "CACAL"),
        ("Shigatse", ""),
        ("", ""),
    ],
)
def test_place_is_found_by_name_in_each_language_and_by_code(text, code):
    assert locode_of_typed_place(text) == code


def test_every_suggested_place_name_is_found():
    assert {locode_of_typed_place(label) for label, _names in known_places()} != {""}
    assert all(locode_of_typed_place(name) for _label, names in known_places() for name in names.split(" · "))


@pytest.mark.parametrize(
    ("spot", "country", "code"),
    [
        (GeoPoint(49.25, -122.95), "CA", "CAVAN"),
        (GeoPoint(43.87, -79.26), "CA", "CATOR"),
        (GeoPoint(30.58, 114.27), "CN", "CNCGO"),
        (GeoPoint(26.65, 106.63), "CN", "CNKWE"),
        (GeoPoint(49.25, -122.95), "FR", ""),
    ],
)
def test_nearest_place_of_a_country_is_found(spot, country, code):
    assert nearest_place_locode(spot, country) == code


@pytest.mark.django_db
@pytest.mark.parametrize(("origin", "destination"), [("广州", "Vancouver"), ("Guangzhou (CNCAN)", "温哥华")])
def test_places_chosen_by_name_are_stored_as_codes(page, origin, destination):
    done = page.press("Plan a shipment", origin=origin, destination=destination)
    assert done.status == 200
    planned = Shipment.objects.get()
    assert (planned.mode, planned.origin, planned.destination) == ("air", "CNCAN", "CAVAN")


@pytest.mark.django_db
def test_unknown_place_name_is_refused_at_its_field(page):
    wrong = page.press("Plan a shipment", origin="Shigatse", destination="Vancouver")
    assert (wrong.status, wrong.wrong) == (422, {"origin": UNKNOWN})
    assert not Shipment.objects.exists()


@pytest.mark.django_db
def test_places_of_a_shipment_are_proposed_with_their_utc_offset(story, page):
    """The proposed places are the known ones nearest to the contact's and the buying city."""
    assert "UTC if" not in page
    City.objects.filter(pk=story.city.pk).update(latitude=49.25, longitude=-122.95)
    City.objects.filter(pk=story.contact.city_id).update(latitude=23.1, longitude=113.3)
    page = page.browser.open(page.at)
    assert (page.value("origin"), page.value("destination")) == ("Guangzhou (CNCAN)", "Vancouver (CAVAN)")
    assert "Guangzhou (UTC+8)" in page
    assert page.press("Plan a shipment").status == 200
    assert Shipment.objects.get().origin == "CNCAN"
