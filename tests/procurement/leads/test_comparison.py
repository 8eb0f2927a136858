"""Tests of the best of several values, and of the text shown for an unknown value."""

from datetime import date
from decimal import Decimal

import pytest

from procurement.leads.rules.comparison import (
    UNKNOWN_VALUE,
    BestRule,
    ComparedValue,
    arrival_day,
    best_positions,
    is_different,
)

DAY = date(2020, 4, 16)


@pytest.mark.parametrize(
    ("ranks", "best", "places"),
    [
        ([Decimal("0.5"), Decimal("0.4"), Decimal("0.9")], BestRule.LOWEST, {1}),
        ([3, 7, 7], BestRule.MOST, {1, 2}),  # a tie marks both
        ([None, 7, 3], BestRule.MOST, {1}),
        ([None, 7, None], BestRule.MOST, set()),  # one known value needs another one to be the best
        ([5, 5, 5], BestRule.FEWEST, set()),
        ([5, 5, None], BestRule.FEWEST, set()),
        ([0, 2], BestRule.FEWEST, {0}),
        ([date(2020, 5, 2), date(2020, 5, 1)], BestRule.SOONEST, {1}),
        ([date(2020, 5, 2), date(2020, 5, 1)], BestRule.LATEST, {0}),
        ([1, 4, 2], BestRule.BEST, {1}),
        (["FCA", "EXW"], None, set()),
    ],
)
def test_best_of_several_values_is_ranked_lowest_or_highest(ranks, best, places):
    assert best_positions(ranks, best) == places


def test_each_best_value_label_is_distinct():
    assert len({str(best.label) for best in BestRule}) == len(BestRule)


def test_offer_values_differ_when_one_of_two_is_unknown():
    assert not is_different([ComparedValue(1, "1"), ComparedValue(1, "1")])
    assert is_different([ComparedValue(1, "1"), ComparedValue(2, "2")])
    assert is_different([ComparedValue(1, "1"), UNKNOWN_VALUE])
    assert not is_different([UNKNOWN_VALUE, UNKNOWN_VALUE])


@pytest.mark.parametrize(
    ("ready_on", "lead_days", "travel", "day"),
    [
        (None, None, 5, date(2020, 4, 21)),
        (date(2020, 4, 1), None, 5, date(2020, 4, 21)),  # was ready before today
        (date(2020, 4, 20), 10, 5, date(2020, 5, 5)),
        (date(2020, 4, 20), 10, None, None),  # the days of travel are unknown, and none are assumed
    ],
)
def test_arrival_date_of_an_offer_adds_ready_date_production_and_travel(ready_on, lead_days, travel, day):
    assert arrival_day(DAY, ready_on=ready_on, lead_days=lead_days, travel=travel) == day
