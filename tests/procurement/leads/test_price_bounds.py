"""What an offer's price is held against: the highest price known for the day, and the lowest cost to make."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from accounts.actors import CONSOLE
from procurement.catalogue import actions as catalogue
from procurement.catalogue.models import PriceBand, Product
from procurement.leads import actions as leads
from procurement.leads.gathering import gather
from procurement.leads.screening import screen
from tests.procurement.story import AT, Story

pytestmark = pytest.mark.django_db


def test_a_price_is_held_against_the_highest_one_known_for_the_day():
    catalogue.load(by=CONSOLE, at=AT)
    story = Story()
    line = story.line(product="MASK_SURG")
    lead = leads.draft(
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
    price = gather(lead, AT).price
    assert price is not None
    assert price.high is not None
    assert price.high >= Decimal(
        "1.00"
    )  # Toronto paid a dollar; the year's mean import value is far below it


def test_a_price_is_held_against_the_lowest_cost_to_make():
    catalogue.load(by=CONSOLE, at=AT)
    story = Story()
    line = story.line(product="RESP_KN95", declared_use="non_medical")
    lead = leads.draft(
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
    price = gather(lead, AT).price
    assert price is not None
    assert price.floor is not None
    assert price.value < price.floor


def priced(story, product, price, at=AT, **facts):
    line = story.line(product=product, **facts)
    return leads.draft(
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


def said(lead, at=AT):
    return {one.code: one for one in screen(gather(lead, at))}


def test_the_cost_of_normal_times_is_carried_into_the_crisis_and_says_so():
    catalogue.load(by=CONSOLE, at=AT)
    story = Story()
    found = said(priced(story, "MASK_SURG", "0.005"))["price_under_old_floor"]
    assert (found.severity, found.figures["until"]) == ("warn", "2020-01-20")
    assert Decimal("0.02") < Decimal(found.figures["floor"]["amount"]) < Decimal("0.03"), (
        "two US cents, in Canadian ones"
    )
    assert not {"price_under_floor", "price_under_old_floor"} & set(
        said(priced(story, "MASK_SURG", "0.0300"))
    )
    before = said(priced(story, "MASK_SURG", "0.005"), datetime(2019, 6, 3, tzinfo=UTC))
    assert "price_under_floor" in before, "on a day of its own it is no old one"


def test_the_cost_of_the_crisis_itself_is_not_carried_on():
    catalogue.load(by=CONSOLE, at=AT)
    story = Story()
    lead = priced(story, "RESP_KN95", "0.19", declared_use="non_medical")
    assert "price_under_floor" in said(lead)
    after = said(lead, datetime(2020, 7, 1, tzinfo=UTC))
    assert not {"price_under_floor", "price_under_old_floor"} & set(after)


def test_a_band_from_memory_makes_no_room_above_a_sure_one():
    catalogue.load(by=CONSOLE, at=AT)
    story = Story()
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
        found = said(priced(story, "FACE_SHIELD", price))
        codes = {"price_four_times", "price_above_band"} & set(found)
        assert {found[code].severity for code in codes} == {severity}
