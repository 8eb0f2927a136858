"""Where the goods of an offer come from: the papers, the freight and the days of travel follow them, and not who sells."""

from datetime import date

import pytest

from procurement.leads import gathering
from procurement.leads.gathering import readiness
from procurement.leads.rules.origins import country_named, origin_of
from procurement.suppliers import actions as suppliers
from tests.browsing import Browser
from tests.procurement.leads.play import offered
from tests.procurement.story import AT

NOTHING = {"stock": "", "incoterm": "", "place": "", "maker": "", "seller": ""}


@pytest.mark.parametrize(
    ("text", "country"),
    [
        ("Shenzhen", "CN"),
        ("Bonded warehouse, Shēnzhèn", "CN"),
        ("宁波北仑港", "CN"),
        ("entrepôt de Hambourg, Allemagne", "DE"),
        ("Hong Kong SAR China", "HK"),
        ("中国香港", "HK"),
        ("CNCAN", "CN"),
        ("KR", "KR"),
        ("Long Beach, CA", "US"),
        ("Corée du Sud", "KR"),
        ("马来西亚", "MY"),
        ("", ""),
        ("our own warehouse", ""),
        ("in stock", ""),
        ("New Jersey", ""),
        ("Shenzhen or Los Angeles", ""),
        ("Xianning Road 5", ""),
    ],
)
def test_a_text_names_a_country_by_its_name_its_code_or_a_place_in_it(text, country):
    assert country_named(text) == country


@pytest.mark.parametrize(
    ("facts", "origin", "others"),
    [
        ({"seller": "US"}, "US", []),
        ({"seller": "US", "maker": "CN"}, "CN", []),
        ({"seller": "FI", "maker": "", "incoterm": "FOB", "place": "Ningbo"}, "CN", []),
        ({"seller": "US", "maker": "CN", "incoterm": "FCA", "place": "Shenzhen"}, "CN", []),
        ({"seller": "CN", "incoterm": "CIF", "place": "Vancouver"}, "CN", []),
        ({"seller": "CN", "incoterm": "DAP", "place": "Burnaby"}, "CN", []),
        ({"seller": "US", "maker": "MY", "stock": "Long Beach"}, "US", ["MY"]),
        ({"seller": "HK", "maker": "VN", "incoterm": "exw", "place": "Dongguan"}, "CN", ["VN"]),
        ({"seller": "US", "maker": "CN", "stock": "Vancouver"}, "CA", ["CN"]),
        ({}, "", []),
    ],
)
def test_the_stock_then_the_place_of_the_term_then_the_maker_then_the_seller_say_it(facts, origin, others):
    found = origin_of(**{**NOTHING, **facts})
    assert (found.country, [country for country, _by in found.others]) == (origin, others)


@pytest.mark.parametrize(
    ("seller", "maker", "facts", "lanes"),
    [
        ("US", "CN", {"incoterm": "FCA", "incoterm_place": "Shenzhen"}, ["CN"]),
        ("HK", None, {"incoterm": "FOB", "incoterm_place": "宁波"}, ["CN"]),
        ("DE", "CN", {}, ["CN"]),
        ("KR", "KR", {}, ["KR"]),
        ("US", "MY", {"stock_place": "Long Beach, California"}, ["US", "MY"]),
        ("US", "CN", {"stock_place": "warehouse in Burnaby"}, []),
        ("CA", "CN", {"stock_place": "Toronto"}, []),
        ("CA", None, {}, []),
        ("CA", "CN", {}, ["CN"]),
    ],
)
def test_the_lanes_of_an_offer_begin_where_its_goods_are(story, seller, maker, facts, lanes):
    suppliers.correct(story.supplier, country=seller, place=None, role="broker", by=story.officer.by, at=AT)
    if maker:
        made = story.company("Another maker DEMO")
        suppliers.correct(made, country=maker, place=None, by=story.officer.by, at=AT)
        facts = {**facts, "maker": made}
    lead = offered(story, **facts)
    assert [lane.origin for lane in readiness.lanes_of(lead, AT.date())] == lanes
    usual = gathering.travel_days(lead, date(2020, 4, 16))
    assert usual == (9 if lanes[:1] == ["CN"] else None), "the source speaks of goods from China"


def test_a_brokers_offer_of_chinese_goods_shows_the_chinese_export_papers(story):
    story.practise()
    suppliers.correct(story.supplier, country="US", place=None, role="broker", by=story.officer.by, at=AT)
    maker = story.company("深圳海晏防护 DEMO")
    lead = offered(story, maker=maker, incoterm="FCA", incoterm_place="Shenzhen")
    page = Browser(story.officer.user).open(lead.get_absolute_url()).text
    assert "China → Canada (by the place named with the Incoterm)" in page
    lane = readiness.lane_of(lead, AT.date())
    assert lane is not None
    asked = {one.asked.rule for one in readiness.readiness(lead, lane, [])}
    exports = {rule for rule in asked if (rule.side, rule.origin) == ("export", "CN")}
    assert exports
    assert all(rule.name in page for rule in exports)
    assert "name more than one origin" not in page


def test_an_offer_whose_facts_disagree_shows_both_routes_and_asks(story):
    story.practise()
    suppliers.correct(story.supplier, country="US", place=None, role="broker", by=story.officer.by, at=AT)
    maker = story.company("深圳海晏防护 DEMO")
    lead = offered(story, maker=maker, stock_place="Seattle")
    page = Browser(story.officer.user).open(lead.get_absolute_url()).text
    assert "United States → Canada (by the place of the stock)" in page
    assert "China → Canada (by the maker’s country)" in page
    assert "Ask where the goods are" in page


def test_a_seller_that_names_no_maker_and_no_place_is_asked_where_the_goods_are(story):
    story.practise()
    suppliers.correct(story.supplier, country="FI", place=None, role="trader", by=story.officer.by, at=AT)
    page = Browser(story.officer.user).open(offered(story).get_absolute_url()).text
    assert "Finland → Canada (by the seller’s country)" in page
    assert "Where the goods are is not stated" in page
