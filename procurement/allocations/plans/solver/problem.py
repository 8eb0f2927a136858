"""Input of the solver: columns of offers, need lines and admissible pairs. Does not use Django.

All quantities are whole pieces (or pairs, or litres), all costs whole hundredths of a cent for a piece.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

type IntArray = NDArray[np.int64]
type FloatArray = NDArray[np.float64]
type BoolArray = NDArray[np.bool_]

TIER_DAYS = 0.5  # days: smaller differences in supply count as equal
MAX_DAYS = 180  # days: lines that have more are served last, all alike
MAX_PIECES = 10**9
MAX_COST = 10**9  # CAD 100,000 for a piece


@dataclass(frozen=True, slots=True)
class Problem:
    """Offers, lines and the pairs of them that are admissible.

    `days` is the supply that a line has before the plan, in days; `use` is its use a day; `factor` is the weight
    of its priority: at the same level a line with the factor 2 has twice as many days. `came` orders the lines
    for first come, first served. A pair takes nothing or at least `least` of its offer, in whole packs of `pack`.
    """

    free: IntArray
    least: IntArray
    pack: IntArray
    need: IntArray
    days: FloatArray
    use: FloatArray
    factor: FloatArray
    came: IntArray
    offer: IntArray  # of each pair, as a position in the columns of offers
    line: IntArray  # of each pair, as a position in the columns of lines
    cost: IntArray  # of each pair, landed, for a piece
    offer_key: IntArray  # identity of each offer, so that the order of rows makes no difference
    line_key: IntArray  # identity of each line

    @property
    def rate(self) -> FloatArray:
        """Pieces that raise each line by one level."""
        return self.use * self.factor

    @property
    def start_levels(self) -> FloatArray:
        """Level of each line before the plan: days of supply divided by the factor of its priority."""
        return self.days / self.factor

    def levels(self, given: IntArray) -> FloatArray:
        """Return the level of each line once these pieces have arrived."""
        return self.start_levels + given / self.rate

    def pieces_by_line(self, quantity: IntArray) -> IntArray:
        """Return the pieces of each line, for these quantities of the pairs."""
        return np.bincount(self.line, quantity, len(self.need)).astype(np.int64)

    def pieces_by_offer(self, quantity: IntArray) -> IntArray:
        """Return the pieces of each offer, for these quantities of the pairs."""
        return np.bincount(self.offer, quantity, len(self.free)).astype(np.int64)

    @property
    def comes_in_lots(self) -> BoolArray:
        """Column over the offers: True for those that come in packs or have a minimum order."""
        return (self.least > 1) | (self.pack > 1)


def largest_lot(problem: Problem) -> IntArray:
    """Return the most that each pair can take: whole packs, within what is free and needed; 0 below the minimum."""
    room = np.minimum(problem.free[problem.offer], problem.need[problem.line])
    pack = problem.pack[problem.offer]
    whole = room // pack * pack
    return np.where(whole >= problem.least[problem.offer], whole, 0)


def connected_parts(problem: Problem, offer: IntArray, line: IntArray) -> tuple[IntArray, IntArray]:
    """Number the parts of offers and lines that no pair connects, in the order of their first offer or line."""
    offers = len(problem.free)
    label = np.arange(offers + len(problem.need))
    line = line + offers
    while True:
        least = np.minimum(label[offer], label[line])
        after = label.copy()
        np.minimum.at(after, offer, least)
        np.minimum.at(after, line, least)
        after = after[after]
        if np.array_equal(after, label):
            break
        label = after
    _first, number = np.unique(label, return_inverse=True)
    return number[:offers], number[offers:]


class SolverFailed(RuntimeError):
    """Raised if the solver returned no optimal solution, which is a defect."""


class BadProblem(ValueError):
    """Raised for input outside its range: `column` is the name of the column, `position` its first bad row."""

    def __init__(self, column: str, position: int) -> None:
        super().__init__(f"{column}[{position}] is outside its range")
        self.column, self.position = column, position


def check_problem(problem: Problem) -> None:
    """Raise `BadProblem` for quantities beyond 10^9, negative or missing figures, and pairs of unknown rows."""
    offers, lines = len(problem.free), len(problem.need)
    ranges: tuple[tuple[str, float, float], ...] = (
        ("free", 0, MAX_PIECES),
        ("least", 0, MAX_PIECES),
        ("pack", 1, MAX_PIECES),
        ("need", 0, MAX_PIECES),
        ("days", 0, 10**6),
        ("use", 1e-9, MAX_PIECES),
        ("factor", 1e-3, 10**3),
        ("offer", 0, offers - 1),
        ("line", 0, lines - 1),
        ("cost", 0, MAX_COST),
    )
    for column, low, high in ranges:
        values = getattr(problem, column)
        bad = ~((values >= low) & (values <= high))  # written so that NaN is bad as well
        if bad.any():
            raise BadProblem(column, int(np.flatnonzero(bad)[0]))
