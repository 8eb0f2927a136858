"""What an offer's price is held against: the highest price known for the day, and the lowest cost to make."""

from decimal import Decimal

import pytest

from accounts.actors import CONSOLE
from procurement.catalogue import actions as catalogue
from procurement.leads import actions as leads
from procurement.leads.gathering import gather
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
