"""Geometry of the charts the server draws as SVG: the coverage bar, the price strip, the line of milestones.

Pure: figures in, positions and localised words out. Every length is an attribute in the SVG; a sentence or list stands beside it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import date, datetime
from decimal import Decimal
from math import ceil, floor, log10
from typing import Literal, NamedTuple, Protocol

from django.utils.translation import gettext as _

from workflow.doors import words
from workflow.errors import Words

type Amount = Decimal | float | int

# ---- coverage ------------------------------------------------------------------------------------------------------


class Totals(Protocol):
    """What a line of a need counts; `released <= arrived <= shipped <= allocated <= quantity`, each part of the next."""

    quantity: int
    offered: int
    verified_free: int
    allocated: int
    shipped: int
    arrived: int
    released: int


class Part(NamedTuple):
    """One piece of the bar: its place as per cent of the width."""

    key: str
    label: str
    amount: int
    share: str
    x: str
    width: str


@dataclass(frozen=True)
class Coverage:
    """The bar: released | arrived | shipped | allocated | verified and free | offered, and where the need ends."""

    key: str
    parts: list[Part]
    need: int
    need_x: str
    secured: str
    to_find: int
    short: int
    sentence: str


def coverage(totals: Totals) -> Coverage:
    """The bar of a line, or of a need's summed lines. Its length is the need, or more where more is on offer."""
    amounts = _parts(totals)
    need = totals.quantity
    length = max(need, sum(amount for _key, _label, amount in amounts), 1)
    parts, at = [], 0
    for key, label, amount in amounts:
        if amount > 0:
            parts.append(
                Part(
                    key,
                    label,
                    amount,
                    words.share(amount, need),
                    _percent(at, length),
                    _percent(amount, length),
                )
            )
            at += amount
    secured = totals.allocated + totals.verified_free
    sentence = ", ".join(f"{part.label} {words.quantity(part.amount)}" for part in parts) or _(
        "Nothing offered yet"
    )
    return Coverage(
        key=str(getattr(totals, "pk", "sum")),
        parts=parts,
        need=need,
        need_x=_percent(need, length),
        secured=words.share(min(secured, need), need),
        to_find=max(0, need - secured),
        short=getattr(totals, "offered_short", 0),
        sentence=_("%(parts)s; needed %(need)s") % {"parts": sentence, "need": words.quantity(need)},
    )


def _parts(totals: Totals) -> list[tuple[str, str, int]]:
    return [
        ("released", _("Inspected and released"), totals.released),
        ("arrived", _("Arrived, not yet inspected"), totals.arrived - totals.released),
        ("shipped", _("On the way"), totals.shipped - totals.arrived),
        ("allocated", _("Allocated, not shipped"), totals.allocated - totals.shipped),
        ("verified", _("Verified and free"), totals.verified_free),
        ("offered", _("Offered, not verified"), totals.offered),
    ]


def _percent(part: Amount, whole: Amount) -> str:
    return f"{100 * float(part) / float(whole):.3f}%"


# ---- labels that do not collide --------------------------------------------------------------------------------------

LETTER, HAN, LANE = 7.8, 14.5, 26  # widths of a letter and a Han character at 14 px; height of a lane


def text_width(text: str) -> float:
    """About how wide a text is at 14 px; a little generous, so that labels keep apart."""
    return sum(HAN if ord(letter) > 0x2E7F else LETTER for letter in text)


@dataclass(frozen=True)
class Label:
    """A point with its words: `lane` is the row it sits in, `side` where the words stand."""

    x: float
    y: float
    text: str
    text_x: float
    anchor: Literal["start", "end"]
    out: bool = False
    kind: str = ""

    @property
    def text_y(self) -> float:
        """The baseline of the words."""
        return self.y + 5


@dataclass
class Lanes:
    """Rows of labels; each new one takes the first row where it touches none of the others."""

    taken: list[list[tuple[float, float]]] = field(default_factory=list)

    def place(self, left: float, right: float, lowest: int = 0) -> int:
        """The number of the lane that holds the span from now on; none before `lowest`."""
        while len(self.taken) <= lowest:
            self.taken.append([])
        for number, spans in enumerate(self.taken):
            if number >= lowest and all(right < start or left > end for start, end in spans):
                spans.append((left, right))
                return number
        self.taken.append([(left, right)])
        return len(self.taken) - 1


def labelled(
    points: Iterable[tuple[float, str, bool, str]], turn: float, top: float
) -> tuple[list[Label], int]:
    """Points (x, words, out, kind) with their words placed. Left of `turn` words stand to the left, right of it to the right:
    no label crosses the line that stands there.
    """
    lanes, labels = Lanes(), []
    for x, text, out, kind in points:
        width = text_width(text)
        left_side = x < turn
        span = (x - 14 - width, x + 12) if left_side else (x - 12, x + 14 + width)
        y = top + LANE * lanes.place(*span)
        labels.append(
            Label(x, y, text, x - 12 if left_side else x + 12, "end" if left_side else "start", out, kind)
        )
    return labels, len(lanes.taken)


# ---- prices --------------------------------------------------------------------------------------------------------


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
    at = _percent(min(float(price), scale.top), scale.top)
    if scale.low is None or scale.high is None:
        return Strip(at, None, None)
    return Strip(at, _percent(scale.low, scale.top), _percent(scale.high - scale.low, scale.top))


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


WIDTH, TOP = 1120, 44


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


# ---- milestones ----------------------------------------------------------------------------------------------------


class Step(NamedTuple):
    """One milestone: `state` is done, now, held or ahead; `when` its actual, estimated or planned moment, `kind` says which."""

    label: Words
    when: datetime | None
    state: Literal["done", "now", "held", "ahead"]
    kind: Literal["actual", "estimated", "planned"] = "planned"


@dataclass(frozen=True)
class Line:
    """The days of a journey on one line, in units of its viewBox."""

    width: int
    height: float
    labels: list[Label]
    axis: tuple[float, float, float]
    now: tuple[float, str] | None


def milestone_line(steps: Sequence[Step], now: datetime) -> Line | None:
    """Milestones by their moment; None where fewer than two have one (a list says it better)."""
    dated = [(step, step.when) for step in steps if step.when is not None]
    if len(dated) < 2:
        return None
    moments = [when for _step, when in dated] + [now]
    start, length = min(moments), (max(moments) - min(moments)).total_seconds() or 1.0
    margin = min(max(text_width(_words_of_step(step, when)) for step, when in dated) + 24, WIDTH / 3)

    def x(when: datetime) -> float:
        return round(margin + (WIDTH - 2 * margin) * (when - start).total_seconds() / length, 1)

    points = sorted((x(when), _words_of_step(step, when), step.state) for step, when in dated)
    past = _flags([point for point in points if point[0] <= x(now)], "end")
    ahead = _flags([point for point in reversed(points) if point[0] > x(now)], "start")
    bottom = TOP + LANE * (1 + max(lane for _flag, lane in past + ahead))
    labels = [replace(flag, y=bottom - LANE * (lane + 1)) for flag, lane in past + ahead]
    return Line(WIDTH, bottom + 12, labels, (margin, WIDTH - margin, bottom), (x(now), _("now")))


def _flags(
    points: Iterable[tuple[float, str, str]], anchor: Literal["start", "end"]
) -> list[tuple[Label, int]]:
    """Points from the far end towards now, each with its words on the side away from now and its lane above the axis.

    A flag stands above every one whose pole its words would cross, so that no pole runs through words.
    """
    placed: list[tuple[Label, int]] = []
    lanes = Lanes()
    for x, text, state in points:
        width = text_width(text) + 14
        left, right = (x - width, x + 12) if anchor == "end" else (x - 12, x + width)
        lowest = max((lane + 1 for flag, lane in placed if left <= flag.x <= right), default=0)
        lane = lanes.place(left, right, lowest)
        shift = -12 if anchor == "end" else 12
        placed.append((Label(x, 0, text, x + shift, anchor, state == "held", state), lane))
    return placed


def _words_of_step(step: Step, when: datetime) -> str:
    local: date = words.localised(when).date()
    return f"{step.label} {words.day(local, short=True)[5:]}"


@dataclass(frozen=True)
class Sums:
    """The counters of several lines whose pieces may be added up."""

    quantity: int = 0
    offered: int = 0
    offered_short: int = 0
    verified_free: int = 0
    allocated: int = 0
    shipped: int = 0
    arrived: int = 0
    released: int = 0


def summed(lines: Iterable[Totals]) -> Sums:
    """Add up lines of the same unit, for a need's own bar."""
    rows = list(lines)
    return Sums(
        **{counter.name: sum(getattr(row, counter.name, 0) for row in rows) for counter in fields(Sums)}
    )
