"""The strip plot of quotes and the small strips: one axis, the usual band, the median."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import ceil, floor, log10
from typing import NamedTuple

from django.utils.translation import gettext as _

from workflow.doors import words
from workflow.doors.charts.labels import LANE, TOP, WIDTH, Amount, Label, labelled, percent, text_width
from workflow.errors import Words


class Quote(NamedTuple):
    """One price and whose; `out` says that screening found it out of range, and `note` why, in words."""

    label: str
    price: Decimal
    out: bool = False
    note: Words = ""


class Scale(NamedTuple):
    """The axis all prices of one question share: up to `top`, with the band of the usual (none where too few to judge)."""

    top: float
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class Prices:
    """The quotes to compare, in one currency."""

    quotes: Sequence[Quote]
    currency: str
    median: Decimal | None = None
    low: Decimal | None = None
    high: Decimal | None = None

    @property
    def scale(self) -> Scale:
        """The axis for the plot and for the small strips."""
        most = max(
            [quote.price for quote in self.quotes] + [price for price in (self.high, self.median) if price],
            default=0,
        )
        ends = (self.low, self.high)
        low, high = (None, None) if None in ends else (float(ends[0] or 0), float(ends[1] or 0))
        return Scale(axis_top(float(most)), low, high)


def axis_step(top: float) -> float:
    """The distance of ticks for an axis up to `top`: 1, 2 or 5 times a power of ten, at most six of them."""
    rough = max(top, 1e-6) / 5
    power = 10.0 ** floor(log10(rough))
    return float(next((m * power for m in (1, 2, 5) if m * power >= rough), 10 * power))


def axis_top(most: float) -> float:
    """The end of the axis: the first tick at or above the most."""
    step = axis_step(most)
    return step * max(1, ceil(most / step - 1e-9))


@dataclass(frozen=True)
class Strip:
    """A small strip: positions in per cent."""

    x: str
    band_x: str | None
    band_width: str | None


def strip(price: Amount, scale: Scale) -> Strip:
    """One price on the common axis."""
    at = percent(min(float(price), scale.top), scale.top)
    if scale.low is None or scale.high is None:
        return Strip(at, None, None)
    return Strip(at, percent(scale.low, scale.top), percent(scale.high - scale.low, scale.top))


@dataclass(frozen=True)
class Plot:
    """The strip plot, in units of its viewBox."""

    width: int
    height: float
    labels: list[Label]
    ticks: list[tuple[float, str]]
    axis: tuple[float, float, float]
    band: tuple[float, float] | None
    median: tuple[float, str] | None
    strips: list[tuple[Quote, Strip]]

    @property
    def band_height(self) -> float:
        """The band ends just above the axis."""
        return self.axis[2] - 34

    @property
    def tick_y(self) -> float:
        """The baseline of the figures under the axis."""
        return self.axis[2] + 24


def price_plot(prices: Prices) -> Plot:
    """The plot of the quotes: a lane for each label that would touch another, the median's own label above them all."""
    scale = prices.scale
    named = [
        (quote, f"{quote.label} {words.decimals(quote.price)}")
        for quote in sorted(prices.quotes, key=_by_price)
    ]
    margin = max([text_width(text) for _quote, text in named] + [80]) + 24
    span = WIDTH - 2 * margin

    def x(price: Amount) -> float:
        return round(margin + span * float(price) / scale.top, 1)

    turn = x(prices.median) if prices.median is not None else WIDTH / 2
    labels, lanes = labelled(((x(quote.price), text, quote.out, "") for quote, text in named), turn, TOP)
    bottom = TOP + LANE * max(lanes, 2)
    step = axis_step(scale.top)
    ticks = [(x(step * n), words.decimals(step * n)) for n in range(round(scale.top / step) + 1)]
    band = (
        (x(scale.low), round(x(scale.high) - x(scale.low), 1))
        if scale.low is not None and scale.high is not None
        else None
    )
    median = (
        (turn, _("median %(price)s") % {"price": words.decimals(prices.median)})
        if prices.median is not None
        else None
    )
    strips = [(quote, strip(quote.price, scale)) for quote, _text in named]
    return Plot(WIDTH, bottom + 34, labels, ticks, (margin, WIDTH - margin, bottom), band, median, strips)


def _by_price(quote: Quote) -> Decimal:
    return quote.price
