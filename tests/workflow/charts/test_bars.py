"""Bar charts: the longest bar fills the width that labels and figures leave."""

from decimal import Decimal

from workflow.charts.bars import WIDTH, bar_plot


def test_longest_bar_fills_the_width_and_others_are_proportional():
    plot = bar_plot(
        [("April 2020", Decimal(50), "50"), ("May 2020", Decimal(100), "100"), ("June", Decimal(0), "0")]
    )
    half, whole, none = plot.bars
    assert plot.left + whole.length <= WIDTH
    assert half.length * 2 == whole.length
    assert none.length == 0
    assert half.y < whole.y < none.y <= plot.height


def test_bar_chart_without_values_has_no_bars():
    assert bar_plot([]).bars == []
    assert bar_plot([("May", Decimal(0), "0")]).bars[0].length == 0
