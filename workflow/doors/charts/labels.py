"""Where a point and its words stand, so that no label touches another; lengths as SVG attributes."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

type Amount = Decimal | float | int


def percent(part: Amount, whole: Amount) -> str:
    """A part of a whole as an SVG length."""
    return f"{100 * float(part) / float(whole):.3f}%"


WIDTH, TOP = 1120, 44  # of a viewBox in which labels stand
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
