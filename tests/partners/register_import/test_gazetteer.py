"""The gazetteer of the world's places, searched by name without a network."""

import pytest

from partners.cities.gazetteer import currency_of, find_places
from partners.cities.rules import fresh_slug
from partners.register_import.models import ImportPlace
from partners.register_import.places.matching import PlaceInFile, RegisterPlace, match_place


@pytest.fixture(scope="module")
def places_by_name():
    """Places by name. One call, because each reads the names of the whole world."""
    return find_places({"suzhou", "苏州", "montreal", "london", "burnaby", "no such place"})


def test_gazetteer_finds_a_place_by_any_name_with_the_largest_first(places_by_name):
    assert [one.country for one in places_by_name["suzhou"]][:2] == ["CN", "CN"]
    assert places_by_name["suzhou"][0].population > places_by_name["suzhou"][1].population
    assert places_by_name["苏州"][0].geonames_id == places_by_name["suzhou"][0].geonames_id
    assert places_by_name["montreal"][0].country == "CA"
    assert [one.geonames_id for one in places_by_name["burnaby"]] == [
        5911606
    ]  # as docs/operations.md counts on
    assert "no such place" not in places_by_name
    assert find_places(()) == {}


@pytest.mark.parametrize(("country", "currency"), [("CA", "CAD"), ("CN", "CNY"), ("HK", "HKD"), ("ZZ", "")])
def test_currency_follows_from_the_country(country, currency):
    assert currency_of(country) == currency


def test_ambiguous_gazetteer_match_is_doubtful(places_by_name):
    london = places_by_name["london"]
    assert match_place(PlaceInFile("London", ""), (), london, {}).verdict == ImportPlace.Verdict.DOUBTFUL
    assert (
        match_place(PlaceInFile("London", "CA", 42.98, -81.24), (), london, {}).verdict
        == ImportPlace.Verdict.NEW
    )
    assert (
        match_place(PlaceInFile("London", "CA", 10.0, 10.0), (), london, {}).verdict
        == ImportPlace.Verdict.DOUBTFUL
    )
    here = RegisterPlace("london-ca", "London", "CA", 42.98, -81.24)
    assert match_place(PlaceInFile("London", "CA"), (here,), london, {}).slug == "london-ca"
    assert match_place(PlaceInFile("London", ""), (here,), london, {}).verdict == ImportPlace.Verdict.DOUBTFUL
    number = next(one.geonames_id for one in london if one.country == "CA")
    under = RegisterPlace("forest-city-ca", "Forest City", "CA", geonames_id=number)
    assert (
        match_place(PlaceInFile("London", "CA", 42.98, -81.24), (), london, {number: under}).slug
        == "forest-city-ca"
    )


def test_new_city_key_is_made_from_the_name_and_unique():
    taken = {"nanaimo-ca"}
    assert fresh_slug("Nanaimo", "CA", taken) == "nanaimo-ca-2"
    assert fresh_slug("Montréal", "CA", taken) == "montreal-ca"
    assert fresh_slug("中山", "CN", taken).endswith("-cn")
    assert fresh_slug("中山", "CN", taken) in taken


def test_second_large_place_of_the_same_name_is_doubtful_but_a_hamlet_is_not(places_by_name):
    number = places_by_name["suzhou"][0].geonames_id
    ours = RegisterPlace("suzhou-cn", "Suzhou", "CN", 31.30408, 120.59538, number, 6_715_559)
    asked = match_place(PlaceInFile("Suzhou", "CN"), (ours,), places_by_name["suzhou"], {number: ours})
    assert asked.verdict == ImportPlace.Verdict.DOUBTFUL
    assert asked.other_options[0]["slug"] == "suzhou-cn"
    assert (
        match_place(
            PlaceInFile("Suzhou", "CN", 31.3, 120.6), (ours,), places_by_name["suzhou"], {number: ours}
        ).verdict
        == ImportPlace.Verdict.KNOWN
    )
    here = RegisterPlace("burnaby", "Burnaby", "CA", 49.26636, -122.95263, population=249_125)
    assert match_place(PlaceInFile("Burnaby", "CA"), (here,), places_by_name["burnaby"], {}).slug == "burnaby"
