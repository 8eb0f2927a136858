"""Explanation of a plan for the pages: a reason code with figures for each need line and each pair.

A pair is an offer and a need line that it may serve.
"""

from enum import StrEnum
from typing import NamedTuple

import numpy as np

from procurement.allocations.plans.solver.admissible import Admissible, Obstacle
from procurement.allocations.plans.solver.problem import IntArray, Problem


class LineReason(StrEnum):
    """Reason for the quantity that a line gets."""

    COVERED = "covered"  # it gets all it needs
    NO_OFFER = "no_offer"  # no offer of goods that it accepts
    KEPT_AWAY = "kept_away"  # there are such offers, and each has an obstacle
    MINIMUM_ORDER = (
        "minimum_order"  # offers have pieces left, but it needs less than their minimum order or pack
    )
    SHARED = "shared"  # all its offers are used up: others had as few days of supply


class PairReason(StrEnum):
    """Reason why a pair of an offer and a need line gets no more."""

    NEED_COVERED = "need_covered"  # the line needs no more
    OFFER_USED_UP = "offer_used_up"  # the offer has no more
    SHARE = "share"  # the rest of the offer goes to lines with fewer days of supply
    LOT = "lot"  # one more pack does not fit


class LineExplanation(NamedTuple):
    """Explanation of the quantity of a line.

    `lot` is the smallest minimum order or pack that did not fit, or 0. `kept_away` is the number of offers that each
    obstacle kept away.
    """

    reason: LineReason
    lot: int
    kept_away: dict[Obstacle, int]


def explain_lines(problem: Problem, pieces: IntArray, pairs: Admissible) -> list[LineExplanation]:
    """Return the reason of each line, for these pieces of its admissible pairs."""
    given = problem.pieces_by_line(pieces)
    left = problem.free - problem.pieces_by_offer(pieces)
    lot = _next_lot(problem, pieces)
    spare = left[problem.offer] > 0
    blocked = np.full(len(problem.need), np.iinfo(np.int64).max)
    np.minimum.at(blocked, problem.line[spare], lot[spare])
    some = np.bincount(problem.line, minlength=len(problem.need)) > 0
    found = []
    for line in range(len(problem.need)):
        obstacles = {one: int(pairs.kept_away[line, one]) for one in Obstacle if pairs.kept_away[line, one]}
        too_large = int(blocked[line]) if blocked[line] < np.iinfo(np.int64).max else 0
        if given[line] >= problem.need[line]:
            found.append(LineExplanation(LineReason.COVERED, 0, obstacles))
        elif not some[line]:
            reason = LineReason.KEPT_AWAY if obstacles else LineReason.NO_OFFER
            found.append(LineExplanation(reason, int(pairs.smallest_lot[line]), obstacles))
        elif too_large:
            found.append(LineExplanation(LineReason.MINIMUM_ORDER, too_large, obstacles))
        else:
            found.append(LineExplanation(LineReason.SHARED, 0, obstacles))
    return found


def _next_lot(problem: Problem, pieces: IntArray) -> IntArray:
    """Return for each pair the fewest pieces that it could take more."""
    pack, least = problem.pack[problem.offer], problem.least[problem.offer]
    first = -(-least // pack) * pack
    return np.where(pieces > 0, pack, np.maximum(first, pack))


def explain_pairs(problem: Problem, pieces: IntArray) -> list[PairReason]:
    """Return the reason of each pair that gets something, in the order of the pairs."""
    left = (problem.free - problem.pieces_by_offer(pieces))[problem.offer]
    missing = (problem.need - problem.pieces_by_line(pieces))[problem.line]
    pack = problem.pack[problem.offer]
    shared = problem.pieces_by_offer(pieces)[problem.offer] > pieces
    return [
        PairReason.NEED_COVERED
        if missing[pair] == 0
        else PairReason.LOT
        if 0 < min(left[pair], missing[pair]) < pack[pair]
        else PairReason.SHARE
        if shared[pair]
        else PairReason.OFFER_USED_UP
        for pair in np.flatnonzero(pieces > 0)
    ]
