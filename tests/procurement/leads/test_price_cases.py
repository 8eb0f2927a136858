"""Documented cases of 2020 in which the price was, or was not, a warning.

They run through actions on the shipped reference rows. Each has two variants of other companies,
currencies and numbers, and a near miss without a finding. The bands are those of
catalogue/data/price_bands.csv.
"""

import re
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.utils import translation

from accounts.actors import CONSOLE_ACTOR
from procurement.catalogue.actions import load_catalogue
from procurement.catalogue.models.products import Product
from procurement.leads.actions.leads import draft_lead, submit_lead
from procurement.leads.queries.prices import price_history_of
from procurement.leads.queries.screening_data import screening_data
from procurement.leads.screening.finding_messages import finding_sentence
from procurement.suppliers.actions.suppliers import add_supplier
from tests.worlds import cities
from tests.worlds.need_to_order import AT, Story

pytestmark = pytest.mark.django_db
MARCH = datetime(2020, 3, 30, 12, tzinfo=UTC)
PRICE_CODES = {
    *("price_high", "price_low", "price_above_band", "price_four_times", "price_times_list"),
    *("price_under_floor", "price_under_old_floor"),
}


@pytest.fixture(scope="module")
def story(once):
    with once():
        load_catalogue(by=CONSOLE_ACTOR, at=AT)
        story = Story()
        assert story.officer and story.supplier
        yield story


def enter_company(story, name, role="trader", country="US"):
    return add_supplier(
        legal_name_local=name,
        country=country,
        role=role,
        entered_by=story.officer.user,
        by=story.officer.by,
        at=AT,
    )


def enter_offer(story, product, price, currency="USD", at=AT, **facts):
    lead = draft_lead(
        story.city,
        author=story.officer.user,
        by=story.officer.by,
        at=at,
        product=Product.objects.get(code=product),
        stock_quantity=100_000,
        unit_price=Decimal(price),
        currency=currency,
        **{"supplier": story.supplier, **facts},
    )
    return submit_lead(lead, by=story.officer.by, at=at)


def price_findings(lead):
    found = lead.findings.filter(code__in=PRICE_CODES, status="open")
    return {one.code: one for one in found}


def sentence(finding, language="en"):
    with translation.override(language):
        return finding_sentence(finding.code, finding.figures)


# Case 10: a distributor unknown to the manufacturer asks seven times its list price.


@pytest.mark.parametrize(
    ("price", "currency", "facts"),
    [
        ("23.80", "USD", {"model": "3M 1860"}),  # seven times the most expensive model
        ("21.76", "EUR", {"model": "1870+ (3M)"}),
        ("135", "CNY", {"model": "3M 9132"}),
    ],
)
def test_case_10_seven_times_the_highest_list_price_blocks(story, price, currency, facts):
    seller = enter_company(story, f"Meridian Supply {currency} DEMO")
    found = price_findings(enter_offer(story, "RESP_N95", price, currency, supplier=seller, **facts))
    finding = found["price_times_list"]
    assert (finding.severity, finding.unsure) == ("block", "")
    text = sentence(finding)
    assert "times the list price of 3M" in text
    assert "Other buyers paid" in text
    assert "postbulletin" in finding.source


@pytest.mark.parametrize(("price", "currency"), [("4.76", "USD"), ("6.50", "USD"), ("5.80", "EUR")])
def test_case_10_seven_times_the_cheapest_model_only_warns(story, price, currency):
    """US$4.76 is seven times 0.68, and below the 5.00 to 6.75 that nursing homes paid.

    The market band alone finds nothing.
    """
    seller = enter_company(story, f"Harbour Medical {price} DEMO")
    found = price_findings(enter_offer(story, "RESP_N95", price, currency, supplier=seller, model="3M 8210"))
    assert set(found) == {"price_times_list"}
    assert (found["price_times_list"].severity, found["price_times_list"].unsure) == ("warn", "list_model")


def test_case_10_finding_gives_list_price_and_market_figures_separately(story):
    seller = enter_company(story, "Figures DEMO")
    finding = price_findings(enter_offer(story, "RESP_N95", "4.76", supplier=seller, model="3M 8210"))[
        "price_times_list"
    ]
    figures = {name: one["amount"] for name, one in finding.figures.items() if "amount" in one}
    usd = {
        name: Decimal(value) / Decimal(figures["price"]) * Decimal("4.76") for name, value in figures.items()
    }
    for name, expected in {"low": "0.68", "high": "3.40", "paid_low": "5.00", "paid_high": "6.75"}.items():
        assert abs(usd[name] - Decimal(expected)) < Decimal("0.02"), name
    assert (finding.figures["least"], finding.figures["most"]) == ({"decimal": "1.4"}, {"decimal": "7.0"})


@pytest.mark.parametrize("price", ["2.70", "0.68", "3.40"])
def test_case_10_price_just_below_the_threshold_does_not_block(story, price):
    """Up to four times the cheapest and twice the most expensive; 3.40 is the list price of the latter."""
    expected = {"price_times_list"} if price == "3.40" else set()
    seller = enter_company(story, f"Near Miss {price} DEMO")
    found = price_findings(enter_offer(story, "RESP_N95", price, supplier=seller, model="3M 9132"))
    assert set(found) - expected == set()
    assert all(one.severity == "warn" for one in found.values())


def test_case_10_list_price_of_one_maker_is_not_compared_with_another(story):
    maker = enter_company(story, "Shanghai Dasheng DEMO", role="maker", country="CN")
    assert "price_times_list" not in price_findings(enter_offer(story, "RESP_N95", "6.50", supplier=maker))
    named = enter_company(story, "Trader DEMO")
    assert "price_times_list" not in price_findings(
        enter_offer(story, "RESP_N95", "6.50", supplier=named, maker=maker)
    )
    own = enter_company(story, "3M中国有限公司 DEMO", role="maker", country="CN")
    assert (
        price_findings(enter_offer(story, "RESP_N95", "6.50", supplier=own))["price_times_list"].severity
        == "warn"
    )


def test_case_10_list_price_only_warns_when_the_maker_is_unknown(story):
    found = price_findings(
        enter_offer(story, "RESP_N95", "24.00", supplier=enter_company(story, "Nobody Knows DEMO"))
    )
    assert (found["price_times_list"].severity, found["price_times_list"].unsure) == (
        "warn",
        "list_manufacturer",
    )


# Case 19: a price below the cost of the filter. A delivered price is compared without its freight.


@pytest.mark.parametrize(
    ("price", "currency", "facts"),
    [
        ("0.30", "USD", {}),
        ("2.50", "CNY", {"incoterm": "EXW"}),
        ("0.45", "USD", {"incoterm": "DAP", "air_freight": Decimal(20), "carton_pieces": 1_000}),
    ],
)
def test_case_19_price_below_the_filter_cost_is_flagged(story, price, currency, facts):
    weight = {"carton_kg": Decimal(7), "carton_litres": Decimal(30)} if "air_freight" in facts else {}
    found = price_findings(enter_offer(story, "RESP_KN95", price, currency, **facts, **weight))
    assert found["price_under_floor"].severity == "warn", "derived by us: it asks for a test and stops nobody"
    assert re.search(
        r" per unit is below the estimated production cost, CAD\s[0-9.]+\. Have a laboratory test a sample\.",
        sentence(found["price_under_floor"]),
    )
    assert (
        "The freight included in the price has been deducted." in sentence(found["price_under_floor"])
    ) == bool(weight)


@pytest.mark.parametrize(
    ("price", "facts"),
    [
        ("0.41", {}),
        ("0.45", {"incoterm": "DAP"}),  # its freight is unknown: at most 0.45 on delivery
        ("0.45", {"incoterm": "FCA", "air_freight": Decimal(20), "carton_pieces": 1_000}),
    ],
)
def test_case_19_price_just_above_the_filter_cost_is_not_flagged(story, price, facts):
    weight = {"carton_kg": Decimal(7), "carton_litres": Decimal(30)} if "air_freight" in facts else {}
    assert "price_under_floor" not in price_findings(
        enter_offer(story, "RESP_KN95", price, "USD", **facts, **weight)
    )


# Cases 8 and 5: the price was plausible and shows nothing; other checks must find the fraud.


@pytest.mark.parametrize(("price", "currency"), [("1.47", "EUR"), ("1.00", "EUR"), ("1.60", "USD")])
def test_case_08_plausible_price_of_a_cloned_website_is_not_flagged(story, price, currency):
    """EUR 14.7 million for 10 million masks of an unknown type: as respirators, the price is not odd."""
    dealer = enter_company(story, f"Trusted Dealer {price} {currency} DEMO", country="IE")
    assert price_findings(enter_offer(story, "RESP_FFP2", price, currency, MARCH, supplier=dealer)) == {}


@pytest.mark.parametrize(("price", "currency"), [("3.00", "CAD"), ("2.10", "USD"), ("15.00", "CNY")])
def test_case_05_price_actually_paid_by_canada_is_not_flagged(story, price, currency):
    """C$111 million for 37 million KN95.

    The price paid is the band of these days; the prepayment (73 %) gives the case away.
    """
    assert price_findings(enter_offer(story, "RESP_KN95", price, currency)) == {}


def test_case_05_four_times_the_price_paid_by_canada_only_warns(story):
    found = price_findings(enter_offer(story, "RESP_KN95", "12.10", "CAD"))
    assert (found["price_four_times"].severity, found["price_four_times"].unsure) == ("warn", "band")
    assert "price_above_band" in price_findings(enter_offer(story, "RESP_KN95", "6.10", "CAD"))


def test_price_range_of_the_citys_own_market_is_used(story):
    """Toronto paid C$1.00 and nursing homes US$0.75; Burnaby's own market counts."""
    found = price_findings(enter_offer(story, "MASK_SURG", "2.02", "CAD", incoterm="DAP"))
    assert found["price_above_band"].figures["high"] == {"amount": "1.00", "currency": "CAD"}


def test_ex_works_price_range_is_compared_with_the_price_at_origin(story):
    february = datetime(2020, 2, 10, tzinfo=UTC)
    facts = {"air_freight": Decimal(80), "carton_pieces": 100, "carton_kg": Decimal(5)}
    delivered = enter_offer(story, "MASK_SURG", "14", "CNY", february, incoterm="CIP", **facts)
    assert "price_above_band" not in price_findings(delivered), "four of the fourteen yuan are freight"
    at_the_door = enter_offer(story, "MASK_SURG", "14", "CNY", february, incoterm="FCA", **facts)
    assert sentence(price_findings(at_the_door)["price_above_band"])


def test_finding_amounts_are_formatted_in_the_readers_language(story):
    finding = price_findings(enter_offer(story, "RESP_KN95", "0.30"))["price_under_floor"]
    amount = finding.figures["price"]["amount"]
    assert f"CAD\xa0{amount}" in sentence(finding)
    assert f"{amount.replace('.', ',')}\xa0CAD" in sentence(finding, "fr-ca")


def test_old_finding_figures_can_still_be_displayed(story):
    old = {"price": "1.25", "currency": "CAD", "quotes": 7, "median": "0.50"}
    with translation.override("fr-ca"):
        assert "1,25\xa0CAD" in finding_sentence("price_high", old)
        assert "0,50\xa0CAD" in finding_sentence("price_high", old)
    with translation.override("en"):
        assert "CAD\xa00.0300" in finding_sentence(
            "price_above_limit", {"price": "0.04", "currency": "CAD", "limit": "0.0300"}
        )


# Peers: like is compared with like, in any currency.


def add_quotes(story, prices, city=None, currency="CAD", **facts):
    """Enter offers of other companies to another city."""
    elsewhere = Story("markham") if city is None else city
    for number, price in enumerate(prices):
        seller = enter_company(
            story, f"Peer {currency} {number} {sorted(facts)} DEMO", role="maker", country="CN"
        )
        line = {"supplier": seller, **facts}
        enter_offer(elsewhere, "GLOVE_EXAM_NITRILE", price, currency, **line)


def city_with_other_currency(story):
    """Return the example purchase (`Story`) of a city in the network that pays in another currency."""
    place = Story("zhongshan")
    assert place.city.currency != story.city.currency
    return place


def test_quotes_in_other_currencies_are_converted_at_the_rate_of_their_day(story):
    add_quotes(story, ["0.60", "0.80", "0.70"], currency="CNY", city=city_with_other_currency(story))
    add_quotes(story, ["0.11", "0.13"])
    found = price_findings(enter_offer(story, "GLOVE_EXAM_NITRILE", "0.80", "CAD"))
    assert found["price_high"].figures["quotes"] == 5
    assert found["price_high"].figures["point"] == "origin"
    assert "without freight" in sentence(found["price_high"])


def test_delivered_price_is_not_compared_with_prices_at_origin(story):
    add_quotes(story, ["0.10", "0.11", "0.12"])
    add_quotes(story, ["0.11", "0.13"], city=Story())
    lead = enter_offer(story, "GLOVE_EXAM_NITRILE", "0.80", "CAD", incoterm="DDP")
    assert not {"price_high", "price_low"} & set(price_findings(lead))
    assert lead.findings.get(code="price_few").figures == {"quotes": 0, "cities": 0}


def test_prices_with_known_freight_are_compared_landed_for_high_and_low(story):
    freight = {
        "air_freight": Decimal(10),
        "carton_pieces": 1_000,
        "carton_kg": Decimal(6),
        "carton_litres": Decimal(30),
    }
    add_quotes(story, ["0.20", "0.21", "0.22"], **freight)
    add_quotes(story, ["0.21", "0.23"], city=Story(), **freight)
    cheap = price_findings(enter_offer(story, "GLOVE_EXAM_NITRILE", "0.05", "CAD", **freight))["price_low"]
    assert cheap.figures["point"] == "arrived_air"
    assert cheap.figures["price"]["amount"] == "0.11"
    dear = price_findings(enter_offer(story, "GLOVE_EXAM_NITRILE", "0.90", "CAD", incoterm="DAP", air_days=6))
    assert dear["price_high"].figures["price"]["amount"] == "0.90", "its freight is inside"
    assert not {"price_high", "price_low"} & set(
        price_findings(enter_offer(story, "GLOVE_EXAM_NITRILE", "0.22", "CAD", **freight))
    )


def test_quote_without_an_exchange_rate_is_left_out_of_the_comparison(story):
    add_quotes(story, ["0.60"], currency="CNY", city=city_with_other_currency(story))
    place = cities.city("zhongshan")
    type(place).objects.filter(pk=place.pk).update(currency="AED")
    lead = enter_offer(story, "GLOVE_EXAM_NITRILE", "0.80", "CAD")
    assert lead.findings.get(code="price_few").figures == {"quotes": 0, "cities": 0}


def test_price_history_contains_own_offers_and_the_median_of_all(story):
    add_quotes(story, ["0.10", "0.11", "0.12"])
    add_quotes(story, ["0.60"], currency="CNY", city=city_with_other_currency(story))
    lead = enter_offer(story, "GLOVE_EXAM_NITRILE", "0.14", "CAD")
    past = price_history_of(lead, AT)
    assert past.offers == [lead]
    (middle,) = past.medians
    assert (middle.month, middle.quote_count) == (date(2020, 4, 1), 5)
    assert Decimal("0.11") < middle.price < Decimal("0.12"), "the sixty fen of another city"
    place = cities.city("zhongshan")
    type(place).objects.filter(pk=place.pk).update(currency="AED")
    assert price_history_of(lead, AT).medians == [], "four quotes are too few"


def test_known_price_limits_do_not_move_with_later_exchange_rates(story):
    """Otherwise an answered finding would open again each morning."""
    lead = enter_offer(story, "MASK_SURG", "0.015")
    first, later = (screening_data(lead, day).price for day in (AT, datetime(2020, 4, 30, 16, tzinfo=UTC)))
    assert first.highest_known_price and first.price_floor
    assert (first.highest_known_price, first.price_floor) == (later.highest_known_price, later.price_floor)
