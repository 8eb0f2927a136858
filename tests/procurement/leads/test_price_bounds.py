"""Tests of the limits of an offer's price: the highest known price, and the lowest cost to make."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.utils import translation

from procurement.catalogue.models.prices import PriceBand
from procurement.catalogue.models.products import Product
from procurement.leads.actions.leads import LeadEdit, change_lead, draft_lead
from procurement.leads.queries.screening_data import screening_data
from procurement.leads.screening.finding_messages import finding_sentence
from procurement.leads.screening.screen_offer import screen_offer
from tests.worlds.need_to_order import AT, Story

pytestmark = pytest.mark.django_db


def test_offer_price_is_compared_with_the_highest_known_price():
    story = Story(whole_catalogue=True)
    line = story.line(product="MASK_SURG")
    lead = draft_lead(
        story.city,
        author=story.officer.user,
        by=story.officer.by,
        at=AT,
        line=line,
        supplier=story.supplier,
        product=line.product,
        stock_quantity=10_000,
        unit_price=Decimal("0.48"),
        currency="USD",
    )
    price = screening_data(lead, AT).price
    assert price is not None
    assert price.highest_known_price is not None
    assert price.highest_known_price >= Decimal(
        "1.00"
    )  # Toronto paid a dollar; the year's mean import value is far below it


def test_offer_price_is_compared_with_the_lowest_production_cost():
    story = Story(whole_catalogue=True)
    line = story.line(product="RESP_KN95", declared_use="non_medical")
    lead = draft_lead(
        story.city,
        author=story.officer.user,
        by=story.officer.by,
        at=AT,
        line=line,
        supplier=story.supplier,
        product=line.product,
        stock_quantity=10_000,
        unit_price=Decimal("0.19"),
        currency="USD",
    )
    price = screening_data(lead, AT).price
    assert price is not None
    assert price.price_floor is not None
    assert price.unit_price < price.price_floor


def priced_offer(story, product, price, at=AT, **facts):
    line = story.line(product=product, **facts)
    return draft_lead(
        story.city,
        author=story.officer.user,
        by=story.officer.by,
        at=at,
        line=line,
        supplier=story.supplier,
        product=line.product,
        stock_quantity=10_000,
        unit_price=Decimal(price),
        currency="USD",
    )


def findings_by_code(lead, at=AT):
    return {one.code: one for one in screen_offer(screening_data(lead, at))}


def test_production_cost_of_normal_times_is_used_in_the_crisis_and_marked_old():
    story = Story(whole_catalogue=True)
    found = findings_by_code(priced_offer(story, "MASK_SURG", "0.005"))["price_under_old_floor"]
    assert (found.severity, found.figures["until"]) == ("warn", "2020-01-20")
    assert Decimal("0.02") < Decimal(found.figures["floor"]["amount"]) < Decimal("0.03"), (
        "two US cents, in Canadian ones"
    )
    assert not {"price_under_floor", "price_under_old_floor"} & set(
        findings_by_code(priced_offer(story, "MASK_SURG", "0.0300"))
    )
    before = findings_by_code(priced_offer(story, "MASK_SURG", "0.005"), datetime(2019, 6, 3, tzinfo=UTC))
    assert "price_under_floor" in before, "on a day of its own it is no old one"


@pytest.mark.parametrize("product", ["RESP_KN95", "RESP_N95", "RESP_FFP2", "RESP_KF94"])
@pytest.mark.parametrize(
    ("at", "code"),
    [
        (AT, "price_under_floor"),
        (datetime(2020, 5, 31, 20, tzinfo=UTC), "price_under_floor"),
        (datetime(2020, 6, 1, 20, tzinfo=UTC), "price_under_old_floor"),
        (datetime(2020, 9, 3, tzinfo=UTC), "price_under_old_floor"),
    ],
)
def test_goods_with_the_same_filter_layer_share_an_estimated_production_cost(product, at, code):
    story = Story(whole_catalogue=True)
    found = findings_by_code(priced_offer(story, product, "0.25", declared_use="non_medical"), at)[code]
    assert found.severity == "warn"
    with translation.override("en"):
        text = finding_sentence(code, found.figures)
    assert "estimated" in text
    assert "2020-04-01 to 2020-05-31" in text
    assert "Have a laboratory test a sample." in text
    assert "what the material cost" not in text


@pytest.mark.parametrize(
    ("product", "price", "at"),
    [
        ("RESP_KN95", "0.40", AT),  # exactly the floor
        ("RESP_KN95", "0.25", datetime(2020, 3, 16, tzinfo=UTC)),  # no figure was known yet
        ("RESP_KN95", "0.32", datetime(2021, 3, 1, tzinfo=UTC)),  # the import price of the year
        ("RESP_FFP2", "0.30", datetime(2021, 3, 1, tzinfo=UTC)),
        ("GLOVE_EXAM_NITRILE", "0.01", AT),
        ("COVERALL", "0.50", AT),
        ("MASK_NONMED", "0.01", AT),  # may have no filter layer
    ],
)
def test_price_is_not_too_low_when_no_production_cost_is_known(product, price, at):
    story = Story(whole_catalogue=True)
    found = findings_by_code(priced_offer(story, product, price, declared_use="non_medical"), at)
    assert not {"price_under_floor", "price_under_old_floor"} & set(found)


LAST_OF_MAY, FIRST_OF_JUNE = datetime(2020, 5, 31, 20, tzinfo=UTC), datetime(2020, 6, 1, 20, tzinfo=UTC)


@pytest.mark.parametrize(
    ("product", "price", "code", "severity"),
    [
        ("MASK_SURG", "0.50", None, None),
        ("MASK_SURG", "1.70", "price_above_band", "warn"),
        ("RESP_KN95", "1.30", None, None),
        ("RESP_KN95", "5.00", "price_above_band", "warn"),
        ("FACE_SHIELD", "8.90", None, None),
        ("FACE_SHIELD", "18.20", "price_four_times", "block"),
        ("GLOVE_EXAM_VINYL", "0.13", "price_above_band", "warn"),
    ],
)
@pytest.mark.parametrize("city", ["burnaby", "markham"])
def test_price_verdict_does_not_change_when_a_figures_month_ends(product, price, code, severity, city):
    story = Story(city, whole_catalogue=True)
    lead = priced_offer(story, product, price, declared_use="non_medical")
    high = {"price_above_band", "price_four_times"}
    for at in (LAST_OF_MAY, FIRST_OF_JUNE, datetime(2020, 7, 15, tzinfo=UTC)):
        found = findings_by_code(lead, at)
        assert {one: found[one].severity for one in high & set(found)} == ({code: severity} if code else {})
        if code:
            with translation.override("en"):
                text = finding_sentence(code, found[code].figures)
            assert "Figure: Price paid, 2020-0" in text
            assert "Confidence: " in text


@pytest.mark.parametrize("day", [date(2020, 12, 31), date(2021, 6, 1)])
@pytest.mark.parametrize(("product", "price"), [("MASK_MED", "0.60"), ("RESP_N95_SURG", "2.00")])
def test_mean_import_price_is_not_used_as_the_highest_price(product, price, day):
    story = Story(whole_catalogue=True)
    at = datetime(day.year, day.month, day.day, tzinfo=UTC)
    found = findings_by_code(priced_offer(story, product, price, declared_use="non_medical"), at)
    assert not {"price_above_band", "price_four_times"} & set(found)


def test_price_from_before_the_crisis_is_not_used_during_it():
    story = Story(whole_catalogue=True)
    lead = priced_offer(story, "FACE_SHIELD", "2.50")
    assert "price_four_times" in findings_by_code(lead, datetime(2020, 1, 15, tzinfo=UTC))
    assert "price_four_times" not in findings_by_code(lead, datetime(2020, 3, 15, tzinfo=UTC))


def test_price_figure_blocks_for_two_years_and_then_warns():
    story = Story(whole_catalogue=True)
    lead = priced_offer(story, "FACE_SHIELD", "25.00")
    found = [findings_by_code(lead, datetime(year, 5, 30, tzinfo=UTC)) for year in (2021, 2022, 2023)]
    assert [one["price_four_times"].severity for one in found] == ["block", "block", "warn"]


def test_unreliable_price_range_does_not_raise_a_reliable_one():
    story = Story(whole_catalogue=True)
    shield = Product.objects.get(code="FACE_SHIELD")
    PriceBand.objects.create(
        code="FACE_SHIELD/US/paid/memory",
        product=shield,
        market="US",
        basis="paid",
        currency="USD",
        low=Decimal(40),
        high=Decimal(40),
        valid_from=date(2020, 4, 1),
        valid_to=date(2020, 5, 31),
        confidence="memory",
    )
    for price, severity in (("18.50", "block"), ("17.50", "warn")):
        found = findings_by_code(priced_offer(story, "FACE_SHIELD", price))
        codes = {"price_four_times", "price_above_band"} & set(found)
        assert {found[code].severity for code in codes} == {severity}


@pytest.mark.parametrize(
    ("product", "price", "carton", "box"),
    [
        ("RESP_KN95", "106", None, 50),  # about C$3.00 each
        ("RESP_KN95", "21", None, 10),
        ("RESP_KN95", "53", None, 25),
        ("FACE_SHIELD", "45.00", None, 10),
        ("MASK_SURG", "35", None, 50),
        ("FACE_SHIELD", "900", 240, 240),  # its own carton
    ],
)
def test_price_that_fits_a_box_is_first_asked_about_as_a_box_price(product, price, carton, box):
    story = Story(whole_catalogue=True)
    lead = priced_offer(story, product, price, declared_use="non_medical")
    if carton:
        change_lead(lead, LeadEdit(carton_pieces=carton), by=story.officer.by, at=AT)
    found = {
        code: one
        for code, one in findings_by_code(lead).items()
        if code in {"price_above_band", "price_four_times"}
    }
    (finding,) = found.values()
    with translation.override("en"):
        text = finding_sentence(finding.code, finding.figures)
    assert text.startswith(f"Is this the price of a box? With {box} units in a box, each unit costs CAD")


@pytest.mark.parametrize(
    ("product", "price"), [("RESP_KN95", "9.00"), ("FACE_SHIELD", "19.00"), ("MASK_SURG", "2.40")]
)
def test_high_price_that_fits_no_usual_box_is_not_asked_about_as_a_box_price(product, price):
    story = Story(whole_catalogue=True)
    found = findings_by_code(priced_offer(story, product, price, declared_use="non_medical"))
    finding = found.get("price_four_times") or found["price_above_band"]
    with translation.override("en"):
        assert "box" not in finding_sentence(finding.code, finding.figures)
