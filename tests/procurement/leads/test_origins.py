"""Tests of the place where the goods of an offer are, which decides documents, freight and days of travel."""

import csv
from datetime import date
from pathlib import Path

import pytest

from procurement import shipments
from procurement.leads.queries.document_readiness import customs_routes, route_readiness
from procurement.leads.queries.screening_data import usual_travel_days
from procurement.leads.rules.origins import determine_origin
from procurement.leads.rules.place_names import LOCODES, country_in_text
from procurement.suppliers.actions.suppliers import SupplierEdit, correct_supplier
from tests.browsing import Browser
from tests.worlds.leads import route_of_offer, submitted_offer
from tests.worlds.need_to_order import AT

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
        ("New Jersey", "US"),
        ("Jersey", "JE"),
        ("Shenzhen or Los Angeles", ""),
        ("Xianning Road 5", ""),
        # Provinces of Canada, by their names and by their codes behind a comma.
        ("Richmond, BC", "CA"),
        ("Surrey, British Columbia", "CA"),
        ("Lévis (Québec)", "CA"),
        ("Delta, B.C. V4G 1B5", "CA"),
        ("Brossard, Qc, Canada", "CA"),
        ("entrepôt à Surrey, Colombie-Britannique", "CA"),
        ("不列颠哥伦比亚省列治文", "CA"),
        ("St. John’s, NL", "CA"),
        ("Rotterdam, NL", "NL"),
        ("Venlo, NL", ""),  # Newfoundland or the Netherlands
        ("Moose Jaw, SK", ""),  # Saskatchewan or Slovakia
        ("Moose Jaw, SK S6H 4P1", "CA"),
        ("Richmond, CA", ""),  # California or Canada
        ("Shenzhen, on request", "CN"),
        ("Shenzhen, ON REQUEST", "CN"),
        # A town with the name of a larger one, before its province or state.
        ("London, Ontario", "CA"),
        ("London, ON N6A 3K7", "CA"),
        ("Paris (Ontario)", "CA"),
        ("Manchester, New Hampshire", "US"),
        ("Vancouver, WA", "US"),
        ("Ontario, California", "US"),
        ("Ontario, CA", ""),
        ("Ontario, CA 91761", "US"),
        ("Mississauga, Ontario, CA", "CA"),
        ("London", "GB"),
        ("Halifax", "CA"),
        ("Shenzhen, Ontario", ""),
        ("Albuquerque, New Mexico", "US"),
        ("Atlanta, Georgia", "US"),
        ("Tbilisi, Georgia", ""),
        # A town in capitals is not a UN/LOCODE.
        ("DELHI", "IN"),
        ("CAIRO", "EG"),
        ("MACAU", "MO"),
        ("SALEM", ""),
        ("LAGOS", ""),
        ("BASEL", ""),
        ("CN CAN", "CN"),
        ("PL GDN", "PL"),
        ("LA PAZ", ""),
        # Several countries.
        ("Shenzhen, shipped via Hong Kong", ""),
        ("Guangzhou / Hong Kong", ""),
        ("深圳，经香港转运", ""),
        ("China via Macau", ""),
        ("Hong Kong, China", "HK"),
        ("Taipei, Taiwan (China)", "TW"),
        ("香港，中国", "HK"),
        ("中国台湾高雄", "TW"),
        # A name that is part of a longer name.
        ("印度尼西亚", "ID"),
        ("印度尼西亚雅加达", "ID"),
        ("印度孟买", "IN"),
        ("巴布亚新几内亚", "PG"),
        ("Papua New Guinea", "PG"),
        ("南苏丹", "SS"),
        ("Istanbul, Turkey", "TR"),
        ("Turkey", "TR"),
        ("Turquie", "TR"),
        ("Macau", "MO"),
        ("澳门", "MO"),
        ("澳門", "MO"),
        ("Macao SAR", "MO"),
    ],
)
def test_country_is_recognized_from_name_code_or_place(text, country):
    assert country_in_text(text) == country


def test_every_shipment_place_is_recognized_by_its_code():
    with (Path(shipments.__file__).parent / "data" / "places.csv").open(encoding="utf-8", newline="") as file:
        known = {row["locode"] for row in csv.DictReader(file)}
    assert known <= set(LOCODES.split())
    assert all(country_in_text(code) == code[:2] for code in known)


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
def test_origin_is_taken_from_stock_place_incoterm_place_maker_then_seller(facts, origin, others):
    found = determine_origin(**{**NOTHING, **facts})
    assert (found.country, [country for country, _by in found.other_countries]) == (origin, others)


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
        ("US", "CN", {"stock_place": "Richmond, BC"}, []),
        ("GB", "VN", {"stock_place": "London, Ontario"}, []),
        ("HK", "CN", {"stock_place": "Shenzhen, shipped via Hong Kong"}, ["CN"]),
        # The place of the Incoterm differs from the place of the stock: one of the two is wrong.
        ("CA", "CN", {"stock_place": "Toronto", "incoterm": "FCA", "incoterm_place": "Shenzhen"}, ["CN"]),
        ("US", "CN", {"stock_place": "Burnaby", "incoterm": "FOB", "incoterm_place": "Busan"}, ["KR", "CN"]),
        ("CA", None, {"stock_place": "Halifax", "incoterm": "EXW", "incoterm_place": "Rotterdam"}, ["NL"]),
        ("KR", "KR", {"stock_place": "Busan", "incoterm": "FCA", "incoterm_place": "Vancouver"}, ["KR"]),
        ("CA", "CN", {"stock_place": "Toronto", "incoterm": "FCA", "incoterm_place": "Calgary"}, []),
        ("CA", "CN", {"stock_place": "Toronto", "incoterm": "DAP", "incoterm_place": "Shenzhen"}, []),
        ("CA", None, {}, []),
        ("CA", "CN", {}, ["CN"]),
    ],
)
def test_routes_of_an_offer_start_where_its_goods_are(story, seller, maker, facts, lanes):
    correct_supplier(
        story.supplier, SupplierEdit(country=seller, place=None, role="broker"), by=story.officer.by, at=AT
    )
    if maker:
        made = story.company("Another maker DEMO")
        correct_supplier(made, SupplierEdit(country=maker, place=None), by=story.officer.by, at=AT)
        facts = {**facts, "maker": made}
    lead = submitted_offer(story, **facts)
    assert [lane.origin for lane in customs_routes(lead, AT.date())] == lanes
    usual = usual_travel_days(lead, date(2020, 4, 16))
    assert usual == (9 if lanes[:1] == ["CN"] else None), "the source speaks of goods from China"


def test_brokers_offer_of_chinese_goods_requires_chinese_export_certificates(story):
    story.practise()
    correct_supplier(
        story.supplier, SupplierEdit(country="US", place=None, role="broker"), by=story.officer.by, at=AT
    )
    maker = story.company("深圳海晏防护 DEMO")
    lead = submitted_offer(story, maker=maker, incoterm="FCA", incoterm_place="Shenzhen")
    page = Browser(story.officer.user).open(lead.get_absolute_url()).text
    assert "China → Canada (based on the named Incoterms place)" in page
    lane = route_of_offer(lead, AT.date())
    assert lane is not None
    asked = {one.requirement.rule for one in route_readiness(lead, lane, [])}
    exports = {rule for rule in asked if (rule.side, rule.origin) == ("export", "CN")}
    assert exports
    assert all(rule.name in page for rule in exports)
    assert "names more than one origin" not in page


def test_offer_with_conflicting_origins_shows_both_routes_and_asks(story):
    story.practise()
    correct_supplier(
        story.supplier, SupplierEdit(country="US", place=None, role="broker"), by=story.officer.by, at=AT
    )
    maker = story.company("深圳海晏防护 DEMO")
    lead = submitted_offer(story, maker=maker, stock_place="Seattle")
    page = Browser(story.officer.user).open(lead.get_absolute_url()).text
    assert "United States → Canada (based on the stock location)" in page
    assert "China → Canada (based on the manufacturer’s country)" in page
    assert "Ask where the goods are" in page


@pytest.mark.parametrize(
    ("facts", "says", "asks"),
    [
        ({"stock_place": "Toronto", "incoterm": "FCA", "incoterm_place": "Shenzhen"}, "China → Canada", True),
        (
            {"stock_place": "Laval, QC", "incoterm": "FOB", "incoterm_place": "Penang"},
            "Malaysia → Canada",
            True,
        ),
        ({"stock_place": "Shenzhen", "incoterm": "EXW", "incoterm_place": "Burnaby"}, "China → Canada", True),
        ({"stock_place": "Toronto"}, "", False),
        ({"incoterm": "FCA", "incoterm_place": "Surrey, BC"}, "", False),
    ],
)
def test_offer_with_domestic_stock_and_a_foreign_incoterm_place_is_asked_about(story, facts, says, asks):
    story.practise()
    correct_supplier(
        story.supplier, SupplierEdit(country="CA", place=None, role="broker"), by=story.officer.by, at=AT
    )
    lead = submitted_offer(story, maker=story.company("苏州澄湖防护 DEMO"), **facts)
    page = Browser(story.officer.user).open(lead.get_absolute_url()).text
    assert ("Documents needed for this route" in page) == bool(says)
    assert says in page
    assert ("Ask where the goods are" in page) == asks


def test_seller_naming_no_maker_and_no_place_is_asked_where_the_goods_are(story):
    story.practise()
    correct_supplier(
        story.supplier, SupplierEdit(country="FI", place=None, role="trader"), by=story.officer.by, at=AT
    )
    page = Browser(story.officer.user).open(submitted_offer(story).get_absolute_url()).text
    assert "Finland → Canada (based on the seller’s country)" in page
    assert "The location of the goods is not stated" in page
