"""Chart of supply against need over time: goods that arrived and planned arrivals, the need, and two days.

The two days are the one on which the city's own stock runs out and the one by which the goods are needed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from workflow.charts.labels import text_width
from workflow.formatting import format_day, format_quantity
from workflow.i18n import join_sentences

HEIGHT = 200
TOP = 26  # space above the plot for labels
DAY_LABELS_HEIGHT = 30  # space below the plot for the days
DESKTOP_WIDTH, PHONE_WIDTH = 1120, 340  # on a desktop screen, on a phone


class Arrival(NamedTuple):
    """Goods planned to arrive on a day."""

    day: date
    amount: int


@dataclass(frozen=True, kw_only=True)
class Supply:
    """Supply of one kind of goods: stock, planned arrivals, the need and its day. Amounts are in one unit.

    `arrived_amount` is the amount that arrived by `today`; `stock_ends_on` is the day on which the city's own stock ends, if stated.
    """

    need: int
    needed_by: date
    arrived_amount: int
    today: date
    arrivals: Sequence[Arrival] = ()
    stock_ends_on: date | None = None

    @property
    def cumulative_amounts(self) -> list[tuple[date, int]]:
        """The days with the goods that will have arrived by then, beginning today."""
        found, total = [(self.today, self.arrived_amount)], self.arrived_amount
        for one in sorted(self.arrivals):
            total += one.amount
            found.append((max(one.day, self.today), total))
        return found

    @property
    def amount_in_time(self) -> int:
        """The goods that are here or planned to arrive by the day on which they are needed."""
        return max(
            (total for day, total in self.cumulative_amounts if day <= max(self.needed_by, self.today)),
            default=0,
        )

    @property
    def first_arrival(self) -> date | None:
        """The day of the first planned arrival, or None."""
        return min((one.day for one in self.arrivals), default=None)

    @property
    def text_alternative(self) -> str:
        """The content of the chart in words."""
        out = ""
        if self.stock_ends_on is not None:
            over = self.stock_ends_on < self.today
            message = (
                _("Your own supply ran out on %(day)s.")
                if over
                else _("Your own supply runs out on %(day)s.")
            )
            out = message % {"day": format_day(self.stock_ends_on)}
        figures = {
            "day": format_day(self.needed_by),
            "due": format_quantity(self.amount_in_time),
            "need": format_quantity(self.need),
        }
        by_then = _("By %(day)s, %(due)s of %(need)s will have arrived as planned.") % figures
        return join_sentences(out, self._gap() or self._next(), by_then, self._late())

    def _next(self) -> str:
        """Return the sentence on the next planned arrival, or ""."""
        if self.first_arrival is None:
            return ""
        return _("The next goods arrive on %(day)s.") % {"day": format_day(self.first_arrival)}

    def _late(self) -> str:
        """Return the sentence on what arrives after the day on which the goods are needed, or ""."""
        late = sum(one.amount for one in self.arrivals if one.day > max(self.needed_by, self.today))
        return _("Another %(late)s will arrive later.") % {"late": format_quantity(late)} if late else ""

    def _gap(self) -> str:
        """Return the sentence on the days without supply, or "" if there are none or they are not known."""
        first = self.first_arrival
        if (
            self.stock_ends_on is None
            or self.arrived_amount
            or (first is not None and first <= self.stock_ends_on)
        ):
            return ""
        if first is None:
            return _("No arrivals are planned yet.")
        days = (first - self.stock_ends_on).days
        message = ngettext(
            "The first goods arrive %(days)s day later, on %(day)s.",
            "The first goods arrive %(days)s days later, on %(day)s.",
            days,
        )
        return message % {"days": format_quantity(days), "day": format_day(first)}


@dataclass(frozen=True)
class SupplyPlot:
    """Drawing of the chart, in units of its viewBox. `day_marks` are days with x, label, anchor and kind."""

    width: int
    height: int
    left: float
    bottom: float
    supply_line_path: str
    need_y: float
    need_label: str
    ticks: list[tuple[float, str]]
    day_marks: list[tuple[float, str, str, str]]

    @property
    def right(self) -> float:
        """Right end of the axis."""
        return self.width - 12.0

    @property
    def day_labels_y(self) -> float:
        """Baseline of the days under the axis."""
        return self.bottom + 20


def supply_plot(supply: Supply, *, narrow: bool = False) -> SupplyPlot:
    """Return the chart for a desktop screen, or a narrow one for a phone."""
    width, steps = (PHONE_WIDTH if narrow else DESKTOP_WIDTH), supply.cumulative_amounts
    known = [supply.today, supply.needed_by, *(day for day, _total in steps)]
    days = [*known, *([supply.stock_ends_on] if supply.stock_ends_on else [])]
    first, last = min(days), max(days)
    span = max(1, (last - first).days)
    most = max(supply.need, steps[-1][1], 1)
    figures = [format_quantity(amount) for amount in (0, supply.need)]
    left = max(text_width(figure) for figure in figures) + 14
    bottom, right = HEIGHT - DAY_LABELS_HEIGHT, width - 24

    def x(day: date) -> float:
        return round(left + 12 + (right - left - 12) * (day - first).days / span, 1)

    def y(amount: int) -> float:
        return round(bottom - (bottom - TOP) * amount / most, 1)

    points, before = [], steps[0][1]
    for day, total in steps:
        points += [(x(day), y(before)), (x(day), y(total))]
        before = total
    points.append((float(right), y(before)))
    marks = [(supply.needed_by, "needed")]
    if supply.stock_ends_on:
        marks.append((supply.stock_ends_on, "runs-out"))
    return SupplyPlot(
        width=width,
        height=HEIGHT,
        left=left,
        bottom=bottom,
        supply_line_path=" ".join(f"{across},{up}" for across, up in points),
        need_y=y(supply.need),
        need_label=format_quantity(supply.need),
        ticks=[(y(0), figures[0]), (y(supply.need), figures[1])],
        day_marks=[
            (x(day), format_day(day, short=True), "end" if x(day) > width / 2 else "start", kind)
            for day, kind in marks
        ],
    )
