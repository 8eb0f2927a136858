"""Explanation of a plan for the pages: a reason code with figures for each need line and each pair.

A pair is an offer and a need line that it may serve.
"""

from enum import StrEnum
from typing import NamedTuple

import numpy as np

from procurement.allocations.plans.obstacles import Obstacle
from procurement.allocations.plans.solver.admissible import AdmissiblePairs
from procurement.allocations.plans.solver.problem import IntArray, Problem


class LineReason(StrEnum):
    """Reason for the quantity that a line gets."""

    COVERED = "covered"  # it gets all it needs
    NO_OFFER = "no_offer"  # no offer of goods that it accepts
    OFFERS_HAVE_OBSTACLES = "kept_away"  # there are such offers, and each has an obstacle
    MINIMUM_ORDER = (
        "minimum_order"  # offers have pieces left, but it needs less than their minimum order or pack
    )
    OFFERS_USED_UP = "shared"  # all its offers are used up: others had as few days of supply


class PairReason(StrEnum):
    """Reason why a pair of an offer and a need line gets no more."""

    NEED_COVERED = "need_covered"  # the line needs no more
    OFFER_USED_UP = "offer_used_up"  # the offer has no more
    OTHERS_HAVE_LESS = "share"  # the rest of the offer goes to lines with fewer days of supply
    PACK_DOES_NOT_FIT = "lot"  # one more pack does not fit


class LineExplanation(NamedTuple):
    """Explanation of the quantity of a line.

    `smallest_unfit_lot` is the smallest minimum order or pack that did not fit, or 0. `obstacle_counts` is the number of
    offers that each obstacle kept away.
    """

    reason: LineReason
    smallest_unfit_lot: int
    obstacle_counts: dict[Obstacle, int]


def explain_lines(problem: Problem, pieces: IntArray, pairs: AdmissiblePairs) -> list[LineExplanation]:
    """Return the reason of each line, for these pieces of its admissible pairs."""
    given = problem.pieces_by_line(pieces)
    left = problem.free_pieces - problem.pieces_by_offer(pieces)
    lot = _next_lot(problem, pieces)
    spare = left[problem.pair_offer] > 0
    blocked = np.full(len(problem.needed_pieces), np.iinfo(np.int64).max)
    np.minimum.at(blocked, problem.pair_line[spare], lot[spare])
    some = np.bincount(problem.pair_line, minlength=len(problem.needed_pieces)) > 0
    found = []
    for line in range(len(problem.needed_pieces)):
        obstacles = {
            one: int(pairs.obstacle_counts[line, one]) for one in Obstacle if pairs.obstacle_counts[line, one]
        }
        too_large = int(blocked[line]) if blocked[line] < np.iinfo(np.int64).max else 0
        if given[line] >= problem.needed_pieces[line]:
            found.append(LineExplanation(LineReason.COVERED, 0, obstacles))
        elif not some[line]:
            reason = LineReason.OFFERS_HAVE_OBSTACLES if obstacles else LineReason.NO_OFFER
            found.append(LineExplanation(reason, int(pairs.smallest_unfit_lot[line]), obstacles))
        elif too_large:
            found.append(LineExplanation(LineReason.MINIMUM_ORDER, too_large, obstacles))
        else:
            found.append(LineExplanation(LineReason.OFFERS_USED_UP, 0, obstacles))
    return found


def _next_lot(problem: Problem, pieces: IntArray) -> IntArray:
    """Return for each pair the fewest pieces that it could take more."""
    pack, least = problem.pack_size[problem.pair_offer], problem.minimum_order[problem.pair_offer]
    first = -(-least // pack) * pack
    return np.where(pieces > 0, pack, np.maximum(first, pack))


def explain_pairs(problem: Problem, pieces: IntArray) -> list[PairReason]:
    """Return the reason of each pair that gets something, in the order of the pairs."""
    left = (problem.free_pieces - problem.pieces_by_offer(pieces))[problem.pair_offer]
    missing = (problem.needed_pieces - problem.pieces_by_line(pieces))[problem.pair_line]
    pack = problem.pack_size[problem.pair_offer]
    shared = problem.pieces_by_offer(pieces)[problem.pair_offer] > pieces
    return [
        PairReason.NEED_COVERED
        if missing[pair] == 0
        else PairReason.PACK_DOES_NOT_FIT
        if 0 < min(left[pair], missing[pair]) < pack[pair]
        else PairReason.OTHERS_HAVE_LESS
        if shared[pair]
        else PairReason.OFFER_USED_UP
        for pair in np.flatnonzero(pieces > 0)
    ]
