"""Tests of the facts of an offer: possible and impossible values, supply, and price.

The supply and the price in the city's currency are computed from the facts.
"""

from datetime import date
from decimal import Decimal

import pytest

from procurement.leads.actions.leads import LeadEdit, change_lead, draft_lead
from procurement.leads.currency_conversion import convert
from procurement.leads.models.leads import SupplierLead
from procurement.leads.rules.lead_facts import total_supply
from procurement.requests.models import MAX_QUANTITY
from tests.procurement.refusals import assert_refused
from tests.worlds import cities
from tests.worlds.leads import drafted_offer, submitted_offer
from tests.worlds.need_to_order import AT
from workflow.errors import Refused


@pytest.mark.parametrize(
    ("facts", "pieces"),
    [
        ((100, 0, None, None), 100),
        ((100, 10, date(2020, 4, 20), date(2020, 4, 30)), 210),
        ((0, 50_000, date(2020, 5, 1), date(2020, 5, 10)), 500_000),
        ((0, 50_000, date(2020, 5, 1), date(2020, 5, 1)), 50_000),
        ((100, 10, date(2020, 4, 30), date(2020, 4, 20)), 100),
        ((100, 10, None, date(2020, 4, 20)), 100),
        ((MAX_QUANTITY, 10, date(2020, 4, 20), date(2020, 4, 30)), MAX_QUANTITY),
    ],
)
def test_supply_of_an_offer_is_stock_plus_daily_production(facts, pieces):
    assert total_supply(*facts) == pieces


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({"unit_price": Decimal(2), "currency": ""}, "currency_missing"),
        ({"unit_price": Decimal(0), "currency": "CNY"}, "bad_price"),
        ({"unit_price": Decimal(2), "currency": "XYZ"}, "no_rate"),
    ],
)
def test_impossible_price_of_an_offer_is_refused(story, facts, code):
    with pytest.raises(Refused) as no:
        drafted_offer(story, **facts)
    assert no.value.code == code


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"prepayment_percent": 101}, "prepayment_percent"),
        ({"prepayment_percent": 150}, "prepayment_percent"),
        ({"unit_price": Decimal("9999999999.9999"), "currency": "USD"}, "unit_price"),
        ({"unit_price": Decimal(10_000_000), "currency": "CAD"}, "unit_price"),
        ({"unit_price": Decimal(9_000_000), "currency": "EUR"}, "unit_price"),
        ({"unit_price": Decimal(0), "currency": "CNY", "kind": "donation"}, "unit_price"),
        ({"stock_quantity": -1}, "stock_quantity"),
        ({"capacity_per_day": MAX_QUANTITY + 1}, "capacity_per_day"),
        ({"capacity_per_day": 50_000}, "available_until"),
        ({"capacity_per_day": 50_000, "ready_on": date(2020, 5, 1)}, "available_until"),
        ({"capacity_per_day": 50_000, "available_until": date(2020, 4, 1)}, "available_until"),
        ({"min_order_quantity": 5_001}, "min_order_quantity"),
        ({"lead_days": 1_000}, "lead_days"),
        ({"air_days": 32_768}, "air_days"),
        ({"sea_days": -1}, "sea_days"),
        ({"ready_on": date(9999, 12, 31)}, "ready_on"),
        ({"valid_until": date(1, 1, 1)}, "valid_until"),
        ({"ready_on": date(2020, 5, 2), "available_until": date(2020, 5, 1)}, "available_until"),
        ({"referred_by": ["A friend"] * 21}, "referred_by"),
        ({"reference_customers": ["A hospital"] * 21}, "reference_customers"),
        ({"carton_pieces": 0}, "carton_pieces"),
        ({"carton_kg": Decimal("5000.01")}, "carton_kg"),
        ({"carton_litres": Decimal(-1)}, "carton_litres"),
        ({"pallet_cartons": 1_001}, "pallet_cartons"),
        ({"air_freight": Decimal("12.27"), "currency": "", "unit_price": None}, "currency"),
        ({"sea_freight": Decimal(-1), "currency": "CNY"}, "sea_freight"),
        ({"air_freight": Decimal(1_000_001), "currency": "CNY"}, "air_freight"),
    ],
)
def test_impossible_offer_value_is_refused_at_its_field_on_entry_and_edit(story, facts, field):
    with pytest.raises(Refused) as no:
        drafted_offer(story, **facts)
    assert no.value.details["field"] == field
    lead = drafted_offer(story)
    with assert_refused(no.value.code, lead):
        change_lead(lead, LeadEdit(**facts), by=story.officer.by, at=AT)


@pytest.mark.parametrize(
    "facts",
    [
        {"prepayment_percent": 0},
        {"prepayment_percent": 100},
        {"unit_price": Decimal(6_000_000), "currency": "EUR"},
        {"min_order_quantity": 5_000},
        {"stock_quantity": 0, "min_order_quantity": 5_000},
        {"lead_days": 999, "sea_days": 999, "ready_on": date(2099, 12, 31)},
        {"ready_on": date(2020, 5, 1), "available_until": date(2020, 5, 1)},
    ],
)
def test_extreme_but_possible_offer_value_is_stored(story, facts):
    lead = drafted_offer(story, **facts)
    assert SupplierLead.objects.filter(pk=lead.pk, **facts).exists()


def test_reducing_stock_below_the_minimum_order_quantity_keeps_that_quantity(story):
    lead = drafted_offer(story, min_order_quantity=5_000)
    change_lead(lead, LeadEdit(stock_quantity=4_000), by=story.officer.by, at=AT)
    assert (lead.supply, lead.min_order_quantity) == (4_000, 5_000)


def test_offer_for_a_line_of_another_city_is_refused(story):
    line = story.line()
    with pytest.raises(Refused) as no:
        draft_lead(
            cities.city("markham"),
            author=story.stranger.user,
            by=story.stranger.by,
            at=AT,
            line=line,
            product=line.product,
            supplier=story.supplier,
        )
    assert no.value.code == "another_city"


def test_offer_price_is_stored_in_the_citys_currency_with_the_rate_date(story):
    lead = submitted_offer(story, unit_price=Decimal(10), currency="CNY")
    assert lead.rate_on == date(2020, 4, 16)
    assert lead.price_in_city_currency == convert(Decimal(10), "CNY", "CAD", AT.date()).amount


def test_rate_on_a_holiday_is_that_of_the_previous_working_day():
    assert convert(Decimal(10), "CNY", "CAD", date(2020, 4, 12)).rate_date == date(2020, 4, 9)
    assert convert(Decimal(10), "CAD", "CAD", date(2020, 4, 12)).amount == Decimal(10)
    assert convert(Decimal(10), "CAD", "CAD", date(2020, 4, 12)).rate_date == date(2020, 4, 12)


def test_conversion_before_the_rate_history_is_refused():
    with pytest.raises(Refused):
        convert(Decimal(10), "CNY", "CAD", date(1990, 1, 1))


def test_supplier_cannot_be_entered_as_its_own_maker(story):
    lead = drafted_offer(story)
    with assert_refused("own_maker", lead) as no:
        change_lead(lead, LeadEdit(maker=lead.supplier), by=story.officer.by, at=AT)
    assert no.value.details["field"] == "maker"
    other = story.company("Shenyang Protective Works")
    change_lead(lead, LeadEdit(maker=other, model="KN-9501"), by=story.officer.by, at=AT)
    lead.refresh_from_db()
    assert (lead.maker, lead.model) == (other, "KN-9501")
