"""Tests of price comparison on the pages of needs and offers: price strips, charts, cost parts, peer quotes.

Quotes to other cities are drawn without a name.
"""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.test import Client

from accounts.actors import CONSOLE_ACTOR
from procurement.catalogue.actions import load_catalogue
from procurement.leads.actions.leads import draft_lead, share_lead, submit_lead
from procurement.leads.views.price_charts import lead_price_chart, most_frequent_product_offer, scales_by_lead
from tests.browsing import Browser
from tests.worlds.need_to_order import AT, Story
from workflow.clock import clear_instance_cache, create_instance
from workflow.formatting import format_money

pytestmark = pytest.mark.django_db


@pytest.fixture
def story():
    clear_instance_cache()
    create_instance("practice", AT)
    yield Story("burnaby")
    clear_instance_cache()


def test_need_page_compares_the_prices_of_its_offers(story):
    line = story.line(10_000)
    cheap = story.lead(line, price="0.50", currency="CAD")
    story.lead(line, supplier=story.company("Dear Masks"), price="1.00", currency="CAD")
    client = Client()
    client.force_login(story.officer.user)
    address = line.supply_request.get_absolute_url()
    folded = client.get(address).content.decode()
    assert f'data-hx-get="{address}?prices"' in folded
    html = client.get(f"{address}?prices").content.decode()
    assert "Price check" in html
    assert html.count('<svg class="strip"') > folded.count('<svg class="strip"') == 2
    assert "Too few prices for an assessment" in html
    assert most_frequent_product_offer([cheap]) == cheap
    plot = lead_price_chart(cheap, AT.date())
    assert {quote.label for quote in plot.quotes} == {cheap.supplier.name, "Dear Masks"}
    assert plot.median is None


def test_offer_without_a_price_has_no_price_comparison(story):
    line = story.line(10_000)
    gift = story.lead(line, kind="donation", price=None)
    assert most_frequent_product_offer([gift]) is None
    assert scales_by_lead([gift]) == {}
    client = Client()
    client.force_login(story.officer.user)
    assert (
        "Too few prices for an assessment"
        not in client.get(line.supply_request.get_absolute_url()).content.decode()
    )


def test_list_shows_the_landed_cost_of_an_offer_only_once_it_was_submitted(story):
    line = story.line(1_200, product="GLOVE_EXAM_NITRILE")
    draft = draft_lead(
        story.city, author=story.officer.user, by=story.officer.by, at=AT, line=line, product=line.product,
        supplier=story.supplier, stock_quantity=900, kind="sale", unit_price=Decimal("7.25"), currency="CAD",
        incoterm="FCA",
    )  # fmt: skip
    officer = Browser(story.officer.user)
    page = officer.open("/leads/")
    assert "7.25" in page
    assert "Landed cost by" not in page
    submit_lead(draft, by=story.officer.by, at=AT)
    assert "Landed cost by" in officer.open("/leads/")


def test_offers_of_one_product_share_a_price_scale(story):
    masks, gloves = story.line(10_000), story.line(500, product="GLOVE_EXAM_NITRILE")
    offers = [
        story.lead(masks, price="0.50", currency="CAD"),
        story.lead(gloves, price="9.00", currency="CAD"),
    ]
    beside = scales_by_lead(offers)
    assert beside[offers[0].pk][0].top < 1
    assert beside[offers[1].pk][0].top >= 9


def open_prices(person, lead, query=""):
    client = Client()
    client.force_login(person.user)
    return client.get(f"{lead.get_absolute_url()}prices/{query}")


def test_price_page_states_each_cost_part_by_mode_and_what_is_unknown(story):
    lead = story.lead(story.line(10_000), incoterm="FCA")
    html = open_prices(story.officer, lead).content.decode()
    price = format_money(lead.price_in_city_currency, "CAD")
    assert "By air: at least CAD\xa0" in html
    assert "a published freight rate" in html
    assert "assumed; the offer gives no figure" in html
    assert "duty relief, if its conditions are met" in html
    assert "The offer gives no freight rate, and none was published for that period." in html
    assert f"1 USD = {lead.rate.normalize()} CAD" in html
    assert "European Central Bank" in html
    assert f"{price} per unit; 0 quotes from 0 cities (5 more quotes needed for a verdict)." in html
    assert "One offer in the past year, on 16 April 2020" in html
    assert 'class="chart chart-phone"' in html


def test_price_page_of_an_offer_without_a_price_says_what_to_do(story):
    line = story.line(10_000)
    gift = story.lead(line, kind="donation", price=None)
    html = open_prices(story.officer, gift).content.decode()
    assert "Donations are not compared on price." in html
    worth = story.lead(line, kind="donation", price="0.40", insurance_percent=None)
    html = open_prices(story.officer, worth).content.decode()
    assert "Donations are not compared on price." in html
    assert "By sea: no costs are known." in html, "nothing known is not a price of nothing"
    assert "at least CAD\xa00.00" not in html
    facts = Browser(story.officer.user).open(worth).text
    assert "Landed cost by sea unknown" in facts.replace("\xa0", " "), facts
    assert "at least CAD 0.00" not in facts.replace("\xa0", " ")
    assert "No offer for these goods stated a price in the past year." in html
    unpriced = draft_lead(
        story.city,
        author=story.officer.user,
        by=story.officer.by,
        at=AT,
        line=line,
        product=line.product,
        supplier=story.supplier,
    )
    html = open_prices(story.officer, unpriced).content.decode()
    assert "No price yet." in html
    assert "Ask for the price, or enter it." in html


def add_quotes(story, prices, city, **freight):
    other = Story(city)
    for number, price in enumerate(prices):
        seller = story.company(f"Peer {city} {number}")
        other.lead(other.line(100), supplier=seller, price=price, currency="CAD", incoterm="FCA", **freight)


def test_price_page_with_enough_quotes_shows_the_median_and_a_verdict(story):
    add_quotes(story, ["0.50", "0.52", "0.54"], "markham")
    add_quotes(story, ["0.51", "0.53"], "burnaby")
    dear = story.lead(story.line(10_000), price="0.95", currency="CAD", incoterm="FCA")
    html = open_prices(story.officer, dear).content.decode()
    assert "compared with 5 quotes in the last month from 2 cities" in html
    assert "The price is far above the other quotes." in html
    assert "Prices are compared without freight" in html, "the printed rate is older than the crisis"
    assert "median" in html
    assert "Median of all quotes in the latest month (April 2020)" in html
    assert "Peer markham" not in html, "another city's quote is named nowhere"
    assert "Peer burnaby" in html
    assert "far above the median of 5 quotes" in html
    cheap = story.lead(story.line(10_000), price="0.10", currency="CAD", incoterm="FCA")
    assert "The price is far below the other quotes." in open_prices(story.officer, cheap).content.decode()
    usual = story.lead(story.line(10_000), price="0.52", currency="CAD", incoterm="FCA")
    assert "The price is within the usual range." in open_prices(story.officer, usual).content.decode()


def test_price_page_with_one_quote_too_few_says_so_and_shows_quotes_of_other_cities_unnamed(story):
    add_quotes(story, ["0.50", "0.52", "0.54"], "markham")
    add_quotes(story, ["0.51"], "burnaby")
    lead = story.lead(story.line(10_000), price="0.55", currency="CAD", incoterm="FCA")
    html = open_prices(story.officer, lead).content.decode()
    assert "CAD\xa00.55 per unit; 4 quotes from 2 cities (1 more quote needed for a verdict)." in html
    assert html.count('class="dot-other"') == 3
    assert "Peer markham" not in html
    browser = Browser(story.officer.user)
    assert "4 quotes from 2 cities" not in browser.open(lead).text, (
        "the price check is read when it is opened"
    )
    page = browser.open(f"{lead.get_absolute_url()}?prices").text
    assert "4 quotes from 2 cities (1 more quote needed for a verdict)." in page
    assert "Landed cost by" in page


def test_price_page_shows_the_published_price_range(story):
    load_catalogue(by=CONSOLE_ACTOR, at=AT)
    lead = story.lead(story.line(10_000), price="0.55", currency="CAD", incoterm="FCA")
    html = open_prices(story.officer, lead).content.decode()
    assert "Published prices: CAD\xa0" in html
    assert 'class="band-published"' in html


def test_prices_are_compared_including_freight_when_every_offer_states_it(story):
    freight = {"air_freight": Decimal(9), "carton_pieces": 2_000}
    add_quotes(story, ["0.50", "0.52", "0.54"], "markham", **freight)
    add_quotes(story, ["0.51", "0.53"], "burnaby", **freight)
    dear = story.lead(story.line(10_000), price="0.95", currency="CAD", incoterm="FCA", **freight)
    html = open_prices(story.officer, dear).content.decode()
    assert "compared with 5 quotes in the last month from 2 cities" in html
    assert "The price is far above the other quotes." in html
    assert "Prices are compared with air freight included." in html


def test_price_comparison_downloads_as_csv(story):
    lead = story.lead(story.line(10_000), incoterm="FCA")
    answer = open_prices(story.officer, lead, "?as=csv")
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    assert lead.reference in text
    assert "Minimum landed cost by air" in text
    assert lead.landed["by"]["air"]["total"] in text


def test_shared_offer_shows_its_price_in_the_other_citys_currency_without_peer_quotes(story):
    lead = story.lead(story.line(10_000), price="0.50", incoterm="FCA")
    twin = Story("zhongshan")
    share_lead(lead, city=twin.city, by=story.officer.by, at=AT)
    html = open_prices(twin.officer, lead).content.decode()
    assert "By air: at least CNY\xa0" in html
    assert "Exchange rate of" in html
    assert "Compared with other offers" not in html
    assert "Past year" not in html
    assert open_prices(story.stranger, lead).status_code == 404


def test_contact_without_a_city_sees_the_price_in_the_asking_citys_currency(story):
    lead = story.lead(story.line(10_000), price="0.50", incoterm="FCA")
    client = Client()
    client.force_login(lead.contact.user)
    html = client.get(f"{lead.get_absolute_url()}prices/").content.decode()
    assert "空运：单价至少CAD" in html


def test_price_chart_omits_offers_with_another_delivery_point(story):
    line = story.line(10_000)
    at_the_door = story.lead(line, price="0.50", currency="CAD", incoterm="FCA")
    story.lead(line, supplier=story.company("Delivered"), price="0.80", currency="CAD", incoterm="DDP")
    plot = lead_price_chart(at_the_door, AT.date())
    assert [quote.label for quote in plot.quotes] == [at_the_door.supplier.name]


def published_prices_section(story, product, at):
    """Return the page's section on published prices."""
    load_catalogue(by=CONSOLE_ACTOR, at=AT)
    lead = story.lead(story.line(10_000, product=product, declared_use="non_medical"))
    create_instance("practice", at)
    html = open_prices(story.officer, lead).content.decode()
    clear_instance_cache()
    return html[html.index('id="known"') :].partition("</section>")[0]


@pytest.mark.parametrize("product", ["MASK_SURG", "FACE_SHIELD", "RESP_KN95"])
def test_price_page_shows_the_last_known_paid_price(product):
    part = published_prices_section(Story("burnaby"), product, datetime(2020, 6, 1, 12, tzinfo=UTC))
    assert "Price paid" in part
    assert "Latest known figure" in part
    assert "No price paid or asked is known" not in part


@pytest.mark.parametrize("product", ["GLOVE_EXAM_NITRILE", "COVERALL"])
def test_price_page_says_when_no_price_or_cost_is_known(product):
    part = published_prices_section(Story("burnaby"), product, AT)
    assert "No price paid or asked is known for these goods in this period." in part
    assert "No production cost is known for these goods in this period" in part
