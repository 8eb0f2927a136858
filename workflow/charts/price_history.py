"""Chart of prices over time: a point for each offer, and a line through the monthly medians.

It has one axis of days and one of prices.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from workflow.charts.labels import text_width
from workflow.charts.price_strips import axis_step, axis_top
from workflow.formatting import format_day, format_decimals

HEIGHT, DAY_LABELS_HEIGHT = 240, 34  # height of the drawing, and of the space below it for the days
DESKTOP_WIDTH, PHONE_WIDTH = 1120, 340  # on a desktop screen, on a phone


class PricePoint(NamedTuple):
    """One price with its day; `is_out_of_range` is True if screening found the price out of range."""

    day: date
    price: Decimal
    is_out_of_range: bool = False


@dataclass(frozen=True)
class PriceHistory:
    """Offers and monthly medians in one currency, each in the order of their days."""

    offers: Sequence[PricePoint]
    medians: Sequence[tuple[date, Decimal]] = ()


@dataclass(frozen=True)
class HistoryPlot:
    """Drawing of the chart, in units of its viewBox.

    `offer_points` are the offers, as x, y, and True for a price out of range. `median_line_path` leads through the monthly medians
    (`median_points`). `ticks` are y with the price, `day_labels` are x with the day and the anchor of the text.
    """

    width: int
    height: int
    left: float
    bottom: float
    offer_points: list[tuple[float, float, bool]]
    median_line_path: str
    median_points: list[tuple[float, float]]
    ticks: list[tuple[float, str]]
    day_labels: list[tuple[float, str, str]]

    @property
    def day_labels_y(self) -> float:
        """Baseline of the days under the axis."""
        return self.bottom + 22

    @property
    def right(self) -> float:
        """Right end of the axis."""
        return self.width - 12.0


def history_plot(history: PriceHistory, *, narrow: bool = False) -> HistoryPlot:
    """Return the chart for a desktop screen, or a narrow one for a phone.

    `history` has at least one offer.
    """
    width = PHONE_WIDTH if narrow else DESKTOP_WIDTH
    days = sorted({one.day for one in history.offers} | {day for day, _price in history.medians})
    first, last = days[0], days[-1]
    span = max(1, (last - first).days)
    most = max([one.price for one in history.offers] + [price for _day, price in history.medians])
    top = axis_top(float(most))
    step = axis_step(top)
    figures = [format_decimals(step * n) for n in range(round(top / step) + 1)]
    left = max(text_width(figure) for figure in figures) + 14
    bottom, right = HEIGHT - DAY_LABELS_HEIGHT, width - 24

    def x(day: date) -> float:
        fraction = (day - first).days / span if last > first else 0.5
        return round(left + 12 + (right - left - 12) * fraction, 1)

    def y(price: Decimal | float) -> float:
        return round(bottom - (bottom - 14) * float(price) / top, 1)

    median_points = [(x(day), y(price)) for day, price in history.medians]
    ends = [(x(first), format_day(first, short=True), "start" if last > first else "middle")]
    if last > first:
        ends.append((x(last), format_day(last, short=True), "end"))
    return HistoryPlot(
        width,
        HEIGHT,
        round(left, 1),
        bottom,
        [(x(one.day), y(one.price), one.is_out_of_range) for one in history.offers],
        " ".join(f"{a},{b}" for a, b in median_points) if len(median_points) > 1 else "",
        median_points,
        [(y(step * n), figure) for n, figure in enumerate(figures)],
        ends,
    )
