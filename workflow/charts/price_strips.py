"""Strip plot of quotes, and small price strips for lists: one axis, the usual range, the median."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import ceil, floor, log10
from typing import NamedTuple

from django.utils.translation import gettext as _

from workflow.charts.labels import (
    LABEL_ROW_HEIGHT,
    TOP,
    WIDTH,
    Amount,
    Label,
    position_labels,
    svg_percent,
    text_width,
)
from workflow.errors import LazyText
from workflow.formatting import format_decimals


class PlottedPrice(NamedTuple):
    """One price with its label.

    `is_out_of_range` is True if screening found the price out of range; `note` explains why.
    """

    label: str
    price: Decimal
    is_out_of_range: bool = False
    note: LazyText = ""


class PriceAxis(NamedTuple):
    """Axis that all compared prices share. It ends at `top`.

    `low` and `high` limit the band of usual prices; both are None if there are too few prices for a band.
    """

    top: float
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class ComparedPrices:
    """Quotes to compare, in one currency.

    `unlabelled_prices` are further prices, which count towards the median and are drawn without a label.
    `published_range` is the lowest and the highest published price.
    """

    quotes: Sequence[PlottedPrice]
    currency: str
    median: Decimal | None = None
    lower_quartile: Decimal | None = None
    upper_quartile: Decimal | None = None
    unlabelled_prices: Sequence[Decimal] = ()
    published_range: tuple[Decimal, Decimal] | None = None

    @property
    def price_axis(self) -> PriceAxis:
        """Axis of the plot and of the small strips."""
        most = max(
            [quote.price for quote in self.quotes]
            + [
                price
                for price in (
                    self.upper_quartile,
                    self.median,
                    *self.unlabelled_prices,
                    *(self.published_range or ()),
                )
                if price
            ],
            default=0,
        )
        ends = (self.lower_quartile, self.upper_quartile)
        low, high = (None, None) if None in ends else (float(ends[0] or 0), float(ends[1] or 0))
        return PriceAxis(axis_top(float(most)), low, high)


def axis_step(top: float) -> float:
    """Return the distance between the ticks of an axis up to `top`.

    It is 1, 2 or 5 times a power of ten, and gives at most six ticks.
    """
    rough = max(top, 1e-6) / 5
    power = 10.0 ** floor(log10(rough))
    return float(next((m * power for m in (1, 2, 5) if m * power >= rough), 10 * power))


def axis_top(most: float) -> float:
    """Return the end of the axis: the first tick at or above `most`."""
    step = axis_step(most)
    return step * max(1, ceil(most / step - 1e-9))


@dataclass(frozen=True)
class PriceStrip:
    """Small strip for one price (`x`) with the band of usual prices. Positions are in per cent of the axis."""

    x: str
    band_x: str | None
    band_width: str | None


def build_strip(price: Amount, scale: PriceAxis) -> PriceStrip:
    """Return the strip of one price on the common axis."""
    at = svg_percent(min(float(price), scale.top), scale.top)
    if scale.low is None or scale.high is None:
        return PriceStrip(at, None, None)
    return PriceStrip(at, svg_percent(scale.low, scale.top), svg_percent(scale.high - scale.low, scale.top))


@dataclass(frozen=True)
class PricePlot:
    """Strip plot, in units of its viewBox.

    `axis` is the left end, the right end and the y of the axis. `ticks` and `median` are x with text; `band` and
    `published_band` are x with width. `strips` are for the list on a phone.
    """

    width: int
    height: float
    labels: list[Label]
    ticks: list[tuple[float, str]]
    axis: tuple[float, float, float]
    band: tuple[float, float] | None
    median: tuple[float, str] | None
    strips: list[tuple[PlottedPrice, PriceStrip]]
    unlabelled_points: list[float]
    published_band: tuple[float, float] | None

    @property
    def band_height(self) -> float:
        """Height of the band, which ends just above the axis."""
        return self.axis[2] - 34

    @property
    def unlabelled_points_y(self) -> float:
        """Height of the prices without a name, on the axis."""
        return self.axis[2]

    @property
    def tick_y(self) -> float:
        """Baseline of the figures under the axis."""
        return self.axis[2] + 24


def price_plot(prices: ComparedPrices) -> PricePlot:
    """Return the plot of the quotes.

    A label that would touch another is in a lane of its own. The median's label is above all lanes.
    """
    scale = prices.price_axis
    named = [
        (quote, f"{quote.label} {format_decimals(quote.price)}")
        for quote in sorted(prices.quotes, key=_by_price)
    ]
    margin = max([text_width(text) for _quote, text in named] + [80]) + 24
    span = WIDTH - 2 * margin

    def x(price: Amount) -> float:
        return round(margin + span * float(price) / scale.top, 1)

    turn = x(prices.median) if prices.median is not None else WIDTH / 2
    labels, lanes = position_labels(
        ((x(quote.price), text, quote.is_out_of_range, "") for quote, text in named), turn, TOP
    )
    bottom = TOP + LABEL_ROW_HEIGHT * max(lanes, 2)
    step = axis_step(scale.top)
    ticks = [(x(step * n), format_decimals(step * n)) for n in range(round(scale.top / step) + 1)]
    limits = (scale.low, scale.high) if scale.low is not None and scale.high is not None else None
    median = (
        (turn, _("median %(price)s") % {"price": format_decimals(prices.median)})
        if prices.median is not None
        else None
    )
    strips = [(quote, build_strip(quote.price, scale)) for quote, _text in named]
    return PricePlot(
        width=WIDTH,
        height=bottom + 34,
        labels=labels,
        ticks=ticks,
        axis=(margin, WIDTH - margin, bottom),
        band=_span(limits, x),
        median=median,
        strips=strips,
        unlabelled_points=[x(price) for price in sorted(prices.unlabelled_prices)],
        published_band=_span(prices.published_range, x),
    )


def _span(limits: tuple[Amount, Amount] | None, x: Callable[[Amount], float]) -> tuple[float, float] | None:
    """Return the start and the width of a range of prices on the axis, or None without a range."""
    if limits is None:
        return None
    low, high = limits
    return x(low), round(x(high) - x(low), 1)


def _by_price(quote: PlottedPrice) -> Decimal:
    return quote.price
