"""Places of the world by name, from the package itself: what a file may mean, found offline."""

from partners.exchange.wizard.places import gazetteer
from partners.exchange.wizard.places.whereabouts import Here, Wanted, fresh_slug, judge
from partners.models.imports import ImportPlace


def test_a_place_is_found_by_any_of_its_names_the_largest_first():
    found = gazetteer.find({"suzhou", "苏州", "montreal", "no such place"})
    assert [one.country for one in found["suzhou"]][:2] == ["CN", "CN"]
    assert found["suzhou"][0].population > found["suzhou"][1].population
    assert found["苏州"][0].geonames_id == found["suzhou"][0].geonames_id
    assert found["montreal"][0].country == "CA"
    assert "no such place" not in found
    assert gazetteer.find(()) == {}


def test_what_is_not_plain_is_doubtful():
    london = gazetteer.find({"london"})["london"]
    assert judge(Wanted("London", ""), (), london, {}).verdict == ImportPlace.Verdict.DOUBTFUL
    assert judge(Wanted("London", "CA", 42.98, -81.24), (), london, {}).verdict == ImportPlace.Verdict.NEW
    assert judge(Wanted("London", "CA", 10.0, 10.0), (), london, {}).verdict == ImportPlace.Verdict.DOUBTFUL
    here = Here("london-ca", "London", "CA", 42.98, -81.24)
    assert judge(Wanted("London", "CA"), (here,), london, {}).slug == "london-ca"
    assert judge(Wanted("London", ""), (here,), london, {}).verdict == ImportPlace.Verdict.DOUBTFUL
    number = next(one.geonames_id for one in london if one.country == "CA")
    under = Here("forest-city-ca", "Forest City", "CA", geonames_id=number)
    assert judge(Wanted("London", "CA", 42.98, -81.24), (), london, {number: under}).slug == "forest-city-ca"


def test_a_key_is_made_of_the_name_and_no_other_has_it():
    taken = {"nanaimo-ca"}
    assert fresh_slug("Nanaimo", "CA", taken) == "nanaimo-ca-2"
    assert fresh_slug("Montréal", "CA", taken) == "montreal-ca"
    assert fresh_slug("中山", "CN", taken).endswith("-cn")
    assert fresh_slug("中山", "CN", taken) in taken


def test_another_large_place_of_its_name_is_a_doubt_and_a_hamlet_is_none():
    world = gazetteer.find({"suzhou", "burnaby"})
    number = world["suzhou"][0].geonames_id
    ours = Here("suzhou-cn", "Suzhou", "CN", 31.30408, 120.59538, number, 6_715_559)
    asked = judge(Wanted("Suzhou", "CN"), (ours,), world["suzhou"], {number: ours})
    assert asked.verdict == ImportPlace.Verdict.DOUBTFUL
    assert asked.options[0]["slug"] == "suzhou-cn"
    assert (
        judge(Wanted("Suzhou", "CN", 31.3, 120.6), (ours,), world["suzhou"], {number: ours}).verdict
        == ImportPlace.Verdict.KNOWN
    )
    here = Here("burnaby", "Burnaby", "CA", 49.26636, -122.95263, population=249_125)
    assert judge(Wanted("Burnaby", "CA"), (here,), world["burnaby"], {}).slug == "burnaby"
