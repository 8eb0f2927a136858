"""Placement of points and their labels, so that no label touches another.

Lengths are SVG attributes.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

type Amount = Decimal | float | int


def svg_percent(part: Amount, whole: Amount) -> str:
    """Return a part of a whole as an SVG length."""
    return f"{100 * float(part) / float(whole):.3f}%"


WIDTH, TOP = 1120, 44  # of a viewBox that holds labels
LETTER_WIDTH, HAN_WIDTH = 7.8, 14.5  # of a letter and a Han character at 14 px
LABEL_ROW_HEIGHT = 26


def text_width(text: str) -> float:
    """Return the approximate width of a text at 14 px, slightly too large so that labels keep apart."""
    return sum(HAN_WIDTH if ord(letter) > 0x2E7F else LETTER_WIDTH for letter in text)


@dataclass(frozen=True)
class Label:
    """Point with its text.

    The text begins (`anchor` "start") or ends ("end") at `text_x`. `is_problem` marks a problem: a price out of
    range, or a milestone on hold. `kind` is the state of a milestone, empty for a price.
    """

    x: float
    y: float
    text: str
    text_x: float
    anchor: Literal["start", "end"]
    is_problem: bool = False
    kind: str = ""

    @property
    def text_y(self) -> float:
        """Baseline of the text."""
        return self.y + 5


@dataclass
class LabelRows:
    """Rows of labels; a new label takes the first row where it touches no other."""

    occupied_spans: list[list[tuple[float, float]]] = field(default_factory=list)

    def place(self, left: float, right: float, lowest: int = 0) -> int:
        """Reserve a span in the first free row from `lowest` on, and return the number of the row."""
        while len(self.occupied_spans) <= lowest:
            self.occupied_spans.append([])
        for number, spans in enumerate(self.occupied_spans):
            if number >= lowest and all(right < start or left > end for start, end in spans):
                spans.append((left, right))
                return number
        self.occupied_spans.append([(left, right)])
        return len(self.occupied_spans) - 1


def position_labels(
    points: Iterable[tuple[float, str, bool, str]], turn: float, top: float
) -> tuple[list[Label], int]:
    """Return the labels of points (x, text, out of range, kind), and the number of rows of labels that they need.

    A label is to the left of its point if the point is left of `turn`, else to the right. So no label crosses
    the line at `turn`.
    """
    lanes, labels = LabelRows(), []
    for x, text, out, kind in points:
        width = text_width(text)
        left_side = x < turn
        span = (x - 14 - width, x + 12) if left_side else (x - 12, x + 14 + width)
        y = top + LABEL_ROW_HEIGHT * lanes.place(*span)
        labels.append(
            Label(x, y, text, x - 12 if left_side else x + 12, "end" if left_side else "start", out, kind)
        )
    return labels, len(lanes.occupied_spans)
