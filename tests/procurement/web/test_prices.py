"""Prices held against each other on a need's page: small strips beside the offers, one plot below, nothing of other cities."""

import pytest
from django.test import Client

from procurement.web.leads import prices
from tests.procurement.story import AT, Story
from workflow import clock

pytestmark = pytest.mark.django_db


@pytest.fixture
def story():
    clock.forget()
    clock.create_instance("practice", AT)
    yield Story("burnaby")
    clock.forget()


def test_a_need_shows_the_prices_of_its_offers(story):
    line = story.line(10_000)
    cheap = story.lead(line, price="0.50", currency="CAD")
    story.lead(line, supplier=story.company("Dear Masks"), price="1.00", currency="CAD")
    client = Client()
    client.force_login(story.officer.user)
    html = client.get(line.supply_request.get_absolute_url()).content.decode()
    assert "Price check" in html
    assert html.count('<svg class="strip"') >= 2
    assert "Too few prices to judge" in html
    plot, like = prices.of_need([cheap], AT.date())
    assert like == cheap
    assert {quote.label for quote in plot.quotes} == {cheap.supplier.name, "Dear Masks"}
    assert plot.median is None


def test_without_a_price_there_is_no_price_check(story):
    line = story.line(10_000)
    gift = story.lead(line, kind="donation", price=None)
    assert prices.of_need([gift], AT.date()) == (None, None)
    assert prices.beside([gift]) == {}
    client = Client()
    client.force_login(story.officer.user)
    assert "Too few prices" not in client.get(line.supply_request.get_absolute_url()).content.decode()


def test_offers_of_one_product_share_a_scale_and_no_other(story):
    masks, gloves = story.line(10_000), story.line(500, product="GLOVE_EXAM_NITRILE")
    offers = [
        story.lead(masks, price="0.50", currency="CAD"),
        story.lead(gloves, price="9.00", currency="CAD"),
    ]
    beside = prices.beside(offers)
    assert beside[offers[0].pk][0].top < 1
    assert beside[offers[1].pk][0].top >= 9
