"""Input of the solver: arrays of facts about offers, need lines and admissible pairs. Does not use Django.

An admissible pair is an offer and a need line that it may serve. A line's level is its days of supply divided by the
weight of its priority.

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
    """Offers, need lines, and the admissible pairs of an offer and a line.

    - Of each offer: `free_pieces` pieces, minimum order `minimum_order`, and size of a pack (`pack_size`).
    - Of each line: pieces it needs (`needed_pieces`), days of supply before the plan (`supply_days`), use per day (`use_per_day`),
      `priority_weight` (at the same level, a line with the weight 2 has twice as many days), and `first_come_position`, its place in
      the order of first come, first served.
    """

    free_pieces: IntArray
    minimum_order: IntArray
    pack_size: IntArray
    needed_pieces: IntArray
    supply_days: FloatArray
    use_per_day: FloatArray
    priority_weight: FloatArray
    first_come_position: IntArray
    pair_offer: IntArray  # of each pair, as a position in the columns of offers
    pair_line: IntArray  # of each pair, as a position in the columns of lines
    pair_cost: IntArray  # of each pair, landed, for a piece
    offer_key: IntArray  # identity of each offer, so that the order of rows makes no difference
    line_key: IntArray  # identity of each line

    @property
    def pieces_per_level(self) -> FloatArray:
        """Pieces that raise the level of each line by 1."""
        return self.use_per_day * self.priority_weight

    @property
    def start_levels(self) -> FloatArray:
        """Level of each line before the plan: days of supply divided by the weight of its priority."""
        return self.supply_days / self.priority_weight

    def levels(self, given: IntArray) -> FloatArray:
        """Return the level of each line once these pieces have arrived."""
        return self.start_levels + given / self.pieces_per_level

    def pieces_by_line(self, quantity: IntArray) -> IntArray:
        """Return the pieces of each line, for these quantities of the pairs."""
        return np.bincount(self.pair_line, quantity, len(self.needed_pieces)).astype(np.int64)

    def pieces_by_offer(self, quantity: IntArray) -> IntArray:
        """Return the pieces of each offer, for these quantities of the pairs."""
        return np.bincount(self.pair_offer, quantity, len(self.free_pieces)).astype(np.int64)

    @property
    def comes_in_lots(self) -> BoolArray:
        """Array over the offers: True for those that come in packs or have a minimum order."""
        return (self.minimum_order > 1) | (self.pack_size > 1)


def largest_pair_quantity(problem: Problem) -> IntArray:
    """Return the most that each pair can take: whole packs, within what is free and needed; 0 below the minimum."""
    room = np.minimum(problem.free_pieces[problem.pair_offer], problem.needed_pieces[problem.pair_line])
    pack = problem.pack_size[problem.pair_offer]
    whole = room // pack * pack
    return np.where(whole >= problem.minimum_order[problem.pair_offer], whole, 0)


def connected_parts(problem: Problem, offer: IntArray, line: IntArray) -> tuple[IntArray, IntArray]:
    """Return, for each offer and each line, the number of the part to which it belongs.

    No pair connects two parts. They are numbered in the order of their first offer or line.
    """
    offers = len(problem.free_pieces)
    label = np.arange(offers + len(problem.needed_pieces))
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
    """Raised for input outside its range: `column` names the array, `position` is its first bad element."""

    def __init__(self, column: str, position: int) -> None:
        super().__init__(f"{column}[{position}] is outside its range")
        self.column, self.position = column, position


def check_problem(problem: Problem) -> None:
    """Raise `BadProblem` for quantities above 10^9, negative or missing figures, and pairs of unknown rows."""
    offers, lines = len(problem.free_pieces), len(problem.needed_pieces)
    ranges: tuple[tuple[str, float, float], ...] = (
        ("free_pieces", 0, MAX_PIECES),
        ("minimum_order", 0, MAX_PIECES),
        ("pack_size", 1, MAX_PIECES),
        ("needed_pieces", 0, MAX_PIECES),
        ("supply_days", 0, 10**6),
        ("use_per_day", 1e-9, MAX_PIECES),
        ("priority_weight", 1e-3, 10**3),
        ("pair_offer", 0, offers - 1),
        ("pair_line", 0, lines - 1),
        ("pair_cost", 0, MAX_COST),
    )
    for column, low, high in ranges:
        values = getattr(problem, column)
        bad = ~((values >= low) & (values <= high))  # written so that NaN is bad as well
        if bad.any():
            raise BadProblem(column, int(np.flatnonzero(bad)[0]))
