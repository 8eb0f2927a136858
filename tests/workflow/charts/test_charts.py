"""Geometry of the charts: coverage bars, price strips and price history."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from workflow.charts.coverage import CoverageSums, coverage_bar
from workflow.charts.labels import text_width
from workflow.charts.price_history import PriceHistory, PricePoint, history_plot
from workflow.charts.price_strips import (
    ComparedPrices,
    PlottedPrice,
    PriceAxis,
    PriceStrip,
    axis_top,
    build_strip,
    price_plot,
)

AT = datetime(2020, 4, 16, 16, tzinfo=UTC)
LINE = CoverageSums(
    quantity=500_000,
    offered=240_000,
    verified_free=80_000,
    allocated=300_000,
    shipped=180_000,
    arrived=120_000,
    released=80_000,
)


def test_coverage_bar_shows_each_unit_once_in_order_of_progress():
    bar = coverage_bar(LINE)
    assert [(part.key, part.amount) for part in bar.parts] == [
        ("released", 80_000),
        ("arrived", 40_000),
        ("shipped", 60_000),
        ("allocated", 120_000),
        ("verified", 80_000),
        ("offered", 240_000),
    ]
    assert bar.secured_share == "76%"
    assert bar.missing_amount == 120_000


def test_need_marker_is_inside_the_bar_when_more_is_offered():
    assert coverage_bar(LINE).need_x == "80.645%"


def test_coverage_bar_with_less_offered_than_needed_ends_at_need():
    bar = coverage_bar(CoverageSums(quantity=100, offered=10))
    assert bar.need_x == "100.000%"
    assert [part.width for part in bar.parts] == ["10.000%"]


def test_empty_coverage_bar_says_that_there_are_no_offers():
    assert "No offers yet" in coverage_bar(CoverageSums(quantity=5)).sentence


def test_coverage_above_the_need_is_100_percent():
    bar = coverage_bar(CoverageSums(quantity=10, verified_free=50))
    assert bar.secured_share == "100%"
    assert bar.missing_amount == 0


def test_coverage_sentence_uses_the_readers_number_format():
    with translation.override("fr-ca"):
        assert "80\xa0000" in coverage_bar(LINE).sentence


def prices(*figures, median=None, low=None, high=None):
    quotes = [PlottedPrice(f"City {number}", Decimal(str(figure))) for number, figure in enumerate(figures)]
    return ComparedPrices(quotes, "CAD", median, low, high)


def span(label):
    """Return the horizontal range of a label with its dot."""
    width = text_width(label.text)
    return (
        (label.text_x, label.text_x + width)
        if label.anchor == "start"
        else (label.text_x - width, label.text_x)
    )


def overlapping(labels):
    return [
        (a.text, b.text)
        for number, a in enumerate(labels)
        for b in labels[number + 1 :]
        if a.y == b.y and span(a)[0] < span(b)[1] and span(b)[0] < span(a)[1]
    ]


@given(st.lists(st.decimals(min_value="0.01", max_value="99", places=2), min_size=1, max_size=12))
def test_price_labels_overlap_neither_each_other_nor_the_median(figures):
    median = sorted(figures)[len(figures) // 2]
    plot = price_plot(prices(*figures, median=median))
    assert overlapping(plot.labels) == []
    line = plot.median[0]
    for label in plot.labels:
        left, right = span(label)
        assert right < line or left > line
        assert left >= 0
        assert right <= plot.width


def test_price_range_is_drawn_only_when_known():
    assert price_plot(prices(1, 2)).band is None
    assert price_plot(prices(1, 2)).median is None
    band = price_plot(prices(1, 2, median=Decimal("1.5"), low=Decimal(1), high=Decimal(2))).band
    assert band[1] > 0


def test_price_range_ends_above_the_axis():
    plot = price_plot(prices(1, 2, median=Decimal("1.5"), low=Decimal(1), high=Decimal(2)))
    assert 26 + plot.band_height < plot.axis[2] < plot.tick_y < plot.height


def test_price_chart_figures_are_in_the_readers_language():
    with translation.override("fr-ca"):
        plot = price_plot(prices("1.92", median=Decimal("1.92")))
    assert "1,92" in plot.labels[0].text
    assert "1,92" in plot.median[1]
    assert "," in plot.ticks[1][1]


@pytest.mark.parametrize(
    ("most", "top"), [(4.8, 5), (0, 1e-6), (2.38, 2.5), (5, 5), (101, 150), (0.07, 0.08)]
)
def test_axis_ends_at_a_round_figure_not_below_the_maximum(most, top):
    assert axis_top(most) == pytest.approx(top, abs=1e-6)


def test_price_strip_marker_stays_on_its_axis():
    scale = PriceAxis(5.0, 1.0, 2.0)
    assert build_strip(Decimal("2.5"), scale) == PriceStrip("50.000%", "20.000%", "20.000%")
    assert build_strip(7, scale).x == "100.000%"
    assert build_strip(1, PriceAxis(5.0)).band_x is None


def test_price_history_has_a_point_for_each_offer_within_the_axes():
    days = [date(2020, 3, 1), date(2020, 3, 15), date(2020, 4, 16)]
    offers = [
        PricePoint(day, Decimal(price), price == "4.00")
        for day, price in zip(days, ("1.00", "4.00", "2.50"), strict=True)
    ]
    middles = [(date(2020, 3, 1), Decimal(2)), (date(2020, 4, 1), Decimal(3))]
    for narrow in (False, True):
        plot = history_plot(PriceHistory(offers, middles), narrow=narrow)
        assert [out for _x, _y, out in plot.offer_points] == [False, True, False]
        across = [x for x, _y, _out in plot.offer_points]
        assert across == sorted(across)
        assert all(plot.left < x < plot.right for x in across)
        assert all(0 < y < plot.bottom for _x, y, _out in plot.offer_points)
        heights = [y for _x, y, _out in plot.offer_points]
        assert heights[1] < heights[2] < heights[0], "what is dearer stands higher"
        assert plot.median_line_path.count(",") == 2
        assert [anchor for _x, _day, anchor in plot.day_labels] == ["start", "end"]
        assert plot.day_labels_y > plot.bottom
        assert plot.ticks[0][1] == "0.00"


def test_price_history_of_one_day_is_centred_without_a_line():
    plot = history_plot(
        PriceHistory([PricePoint(date(2020, 3, 1), Decimal(1))], [(date(2020, 3, 1), Decimal(1))])
    )
    assert [anchor for _x, _day, anchor in plot.day_labels] == ["middle"]
    assert plot.median_line_path == ""
    assert len(plot.median_points) == 1
