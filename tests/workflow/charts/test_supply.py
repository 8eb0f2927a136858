"""The chart of supply against need: its steps, sentences and marks."""

from datetime import date

import pytest
from django.utils import translation

from workflow.charts.supply import (
    DAY_LABELS_HEIGHT,
    DESKTOP_WIDTH,
    HEIGHT,
    PHONE_WIDTH,
    Arrival,
    Supply,
    supply_plot,
)

TODAY = date(2020, 4, 16)


def supply(**facts: object) -> Supply:
    known: dict[str, object] = {
        "need": 10_000,
        "needed_by": date(2020, 5, 6),
        "arrived_amount": 0,
        "today": TODAY,
        "arrivals": [Arrival(date(2020, 5, 8), 3_000), Arrival(date(2020, 5, 1), 4_000)],
        "stock_ends_on": date(2020, 4, 28),
    }
    return Supply(**{**known, **facts})  # type: ignore[arg-type]  # the facts of a test


def test_arrivals_add_up_by_date_and_a_late_one_counts_from_today():
    late = Arrival(date(2020, 4, 10), 500)
    steps = supply(arrived_amount=100, arrivals=[Arrival(date(2020, 5, 1), 4_000), late]).cumulative_amounts
    assert steps == [(TODAY, 100), (TODAY, 600), (date(2020, 5, 1), 4_600)]


@pytest.mark.parametrize(("needed_by", "due"), [(30, 0), (1, 4_000), (7, 4_000), (8, 7_000)])
def test_supply_due_in_time_includes_the_needed_day(needed_by, due):
    month = 4 if needed_by == 30 else 5
    assert supply(needed_by=date(2020, month, needed_by)).amount_in_time == due


def test_supply_sentences_name_run_out_date_gap_and_timely_arrivals():
    with translation.override("en"):
        said = supply().text_alternative
    assert said == (
        "Your own supply runs out on 28 April 2020. The first goods arrive 3 days later, on 1 May 2020. "
        "By 6 May 2020, 4,000 of 10,000 will have arrived as planned. Another 3,000 will arrive later."
    )


@pytest.mark.parametrize(
    ("facts", "words", "shown"),
    [
        ({"arrivals": []}, "No arrivals are planned yet.", True),
        ({"stock_ends_on": date(2020, 4, 30)}, "1 day later", True),
        ({"stock_ends_on": date(2020, 5, 1)}, "later, on", False),
        ({"stock_ends_on": None}, "runs out", False),
        ({"arrived_amount": 1}, "later, on", False),
    ],
)
def test_supply_gap_is_named_only_when_known(facts, words, shown):
    with translation.override("en"):
        assert (words in supply(**facts).text_alternative) is shown


@pytest.mark.parametrize(("narrow", "width"), [(False, DESKTOP_WIDTH), (True, PHONE_WIDTH)])
def test_supply_line_rises_with_arrivals_and_stays_inside_the_chart(narrow, width):
    plot = supply_plot(supply(), narrow=narrow)
    points = [tuple(map(float, point.split(","))) for point in plot.supply_line_path.split()]
    assert all(plot.left <= across <= width for across, _up in points)
    assert all(0 <= up <= HEIGHT - DAY_LABELS_HEIGHT for _across, up in points)
    heights = [up for _across, up in points]
    assert heights == sorted(heights, reverse=True), "goods only add up"
    assert heights[-1] > plot.need_y, "7,000 of 10,000"
    by_kind = {kind: (across, anchor) for across, _day, anchor, kind in plot.day_marks}
    assert by_kind["runs-out"][0] < by_kind["needed"][0]
    assert (by_kind["runs-out"][1], by_kind["needed"][1]) == (
        "end" if by_kind["runs-out"][0] > width / 2 else "start",
        "end",
    )


def test_supply_chart_without_a_run_out_date_has_no_such_mark():
    assert [kind for *_rest, kind in supply_plot(supply(stock_ends_on=None)).day_marks] == ["needed"]
