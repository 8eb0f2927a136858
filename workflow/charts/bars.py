"""Bar chart with one horizontal bar for each row of a table. No database access."""

from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from workflow.charts.labels import text_width

WIDTH, ROW, BAR_HEIGHT = 640, 30, 18  # units of the viewBox: the drawing, the distance of bars, a bar
LABEL_GAP = 10  # between a label, its bar and the figure


class Bar(NamedTuple):
    """One bar with its label and the figure at its end."""

    label: str
    value_label: str
    y: float
    length: float


class BarPlot(NamedTuple):
    """Drawing of the bars, in units of its viewBox."""

    bars: list[Bar]
    left: float
    height: int
    width: int = WIDTH
    bar_height: int = BAR_HEIGHT


def bar_plot(rows: Sequence[tuple[str, Decimal, str]]) -> BarPlot:
    """Return the bars of these rows (label, value, figure as text), scaled to the largest value.

    A value of zero or less has no length.
    """
    left = max((text_width(label) for label, _value, _figure in rows), default=0) + LABEL_GAP
    right = max((text_width(figure) for _label, _value, figure in rows), default=0) + LABEL_GAP
    most = max((value for _label, value, _figure in rows), default=Decimal(0))
    room = Decimal(max(WIDTH - left - right, 1))
    bars = [
        Bar(
            label,
            figure,
            ROW * number + ROW / 2,
            round(float(room * max(value, Decimal(0)) / most), 1) if most > 0 else 0,
        )
        for number, (label, value, figure) in enumerate(rows)
    ]
    return BarPlot(bars, round(left, 1), ROW * len(rows))
