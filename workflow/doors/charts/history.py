"""Prices over time: a point for each offer, a line for the middle of each month, one axis of days and one of prices."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from workflow.doors import words
from workflow.doors.charts.labels import text_width
from workflow.doors.charts.prices import axis_step, axis_top

HIGH, ROOM = 240, 34  # of the drawing, and below it for the days
WIDE, NARROW = 1120, 340  # on a desk, on a phone


class Priced(NamedTuple):
    """One price, its day, and whether screening found it out of range."""

    on: date
    price: Decimal
    out: bool = False


@dataclass(frozen=True)
class History:
    """The offers and the middles of the months, in one currency. Both in the order of their days."""

    offers: Sequence[Priced]
    middles: Sequence[tuple[date, Decimal]] = ()


@dataclass(frozen=True)
class HistoryPlot:
    """The plot, in units of its viewBox."""

    width: int
    height: int
    left: float
    bottom: float
    dots: list[tuple[float, float, bool]]
    line: str
    knots: list[tuple[float, float]]
    ticks: list[tuple[float, str]]
    days: list[tuple[float, str, str]]

    @property
    def days_y(self) -> float:
        """The baseline of the days under the axis."""
        return self.bottom + 22

    @property
    def right(self) -> float:
        """Where the axis ends."""
        return self.width - 12.0


def history_plot(history: History, *, narrow: bool = False) -> HistoryPlot:
    """The plot on a desk, or narrow on a phone. There is at least one offer."""
    width = NARROW if narrow else WIDE
    days = sorted({one.on for one in history.offers} | {day for day, _price in history.middles})
    first, last = days[0], days[-1]
    span = max(1, (last - first).days)
    most = max([one.price for one in history.offers] + [price for _day, price in history.middles])
    top = axis_top(float(most))
    step = axis_step(top)
    figures = [words.decimals(step * n) for n in range(round(top / step) + 1)]
    left = max(text_width(figure) for figure in figures) + 14
    bottom, right = HIGH - ROOM, width - 24

    def x(day: date) -> float:
        whole = (day - first).days / span if last > first else 0.5
        return round(left + 12 + (right - left - 12) * whole, 1)

    def y(price: Decimal | float) -> float:
        return round(bottom - (bottom - 14) * float(price) / top, 1)

    knots = [(x(day), y(price)) for day, price in history.middles]
    ends = [(x(first), words.day(first, short=True), "start" if last > first else "middle")]
    if last > first:
        ends.append((x(last), words.day(last, short=True), "end"))
    return HistoryPlot(
        width,
        HIGH,
        round(left, 1),
        bottom,
        [(x(one.on), y(one.price), one.out) for one in history.offers],
        " ".join(f"{a},{b}" for a, b in knots) if len(knots) > 1 else "",
        knots,
        [(y(step * n), figure) for n, figure in enumerate(figures)],
        ends,
    )
