"""Fair shares of scarce goods: the tier (see `tiers`, a small step of supply) that each need line reaches.

The totals that lines can receive together are the bases of a polymatroid. On it one base is fair in the strict
sense: the line with the least supply has as much as it can have, then the next, and so on (Fujishige 1980,
lexicographically optimal bases). It also places as many pieces as can be placed.

A maximum flow up to a given tier divides the lines into two parts: lines that can all be filled up to that tier, and
lines whose offers are used up below it. No fair solution moves goods between the parts. Each part is therefore split
again at another tier, until the tier of every line is known.
"""

from typing import NamedTuple

import numpy as np

from procurement.allocations.plans.solver.problem import (
    BoolArray,
    IntArray,
    Problem,
    SolverFailed,
    connected_parts,
)
from procurement.allocations.plans.solver.tiers import Tiers

MAX_TIER_GUESSES = 3  # tiers guessed for a part from its totals, before halving what is left of its range


class FairTiers(NamedTuple):
    """Number of the part to which each offer and line belongs, and the tier that the lines of each part reach.

    Every equally fair solution stays within the parts, and gives a line all pieces below its tier and none above it.
    It uses up the offers of a part, unless the tier of the part is `full_supply_tier`: then its lines get all that they need.
    """

    part_of_offer: IntArray
    part_of_line: IntArray
    tier_of_part: IntArray  # of each part
    full_supply_tier: int


def fair_tiers(problem: Problem, tiers: Tiers, offer: IntArray, line: IntArray) -> FairTiers:
    """Return the part and the tier of each offer and line, for these admissible pairs."""
    of_offer, of_line = connected_parts(problem, offer, line)
    count = int(max(of_offer.max(initial=-1), of_line.max(initial=-1))) + 1
    full = tiers.top_tier + 1
    low, high = np.zeros(count, np.int64), np.full(count, full)
    lonely = np.bincount(of_offer, minlength=count) * np.bincount(of_line, minlength=count) == 0
    high[lonely] = 0
    tried = np.zeros(count, np.int64)
    while (low < high).any():
        guess = _balanced_tiers(problem, tiers, of_offer, of_line, count)
        pivot = np.where(tried < MAX_TIER_GUESSES, np.clip(guess, low, high - 1), (low + high - 1) // 2)
        enough_offer, enough_line = _minimum_cut(
            problem, tiers, offer, line, of_offer, of_line, pivot, low < high
        )
        # A part that was split keeps its number where its lines do not reach the pivot; the others get a new one.
        open_ = low < high
        some = np.bincount(of_line, enough_line, count) + np.bincount(of_offer, enough_offer, count)
        rest = np.bincount(of_line, ~enough_line, count) + np.bincount(of_offer, ~enough_offer, count)
        split = np.flatnonzero(open_ & (some > 0) & (rest > 0))
        fresh = np.full(count, -1)
        fresh[split] = count + np.arange(len(split))
        tried += 1
        low, high, tried = (
            np.concatenate([low, pivot[split] + 1]),
            np.concatenate([np.where(open_ & (rest > 0), pivot, high), high[split]]),
            np.concatenate([tried, np.zeros(len(split), np.int64)]),
        )
        raised = np.flatnonzero(open_ & (rest == 0))
        low[raised] = pivot[raised] + 1
        tried[split] = 0
        moved_offer, moved_line = enough_offer & (fresh[of_offer] >= 0), enough_line & (fresh[of_line] >= 0)
        of_offer = np.where(moved_offer, fresh[of_offer], of_offer)
        of_line = np.where(moved_line, fresh[of_line], of_line)
        count = len(low)
        alone = np.bincount(of_offer, minlength=count) * np.bincount(of_line, minlength=count) == 0
        low[alone] = high[alone] = np.where(np.bincount(of_line, minlength=count) > 0, low, full)[alone]
    return FairTiers(of_offer, of_line, low, full)


def _balanced_tiers(
    problem: Problem, tiers: Tiers, of_offer: IntArray, of_line: IntArray, count: int
) -> IntArray:
    """Return for each part the highest tier up to which its offers could fill all its lines, by their totals."""
    supply = np.bincount(of_offer, problem.free_pieces, count)
    every = np.arange(len(problem.needed_pieces))
    low, high = np.full(count, -1), np.full(count, tiers.top_tier + 1)
    while (high - low > 1).any():
        middle = (low + high) // 2
        wanted = np.bincount(of_line, tiers.pieces_below(every, middle[of_line] + 1), count)
        fits = wanted <= supply
        low, high = np.where(fits, middle, low), np.where(fits, high, middle)
    return low


def _minimum_cut(
    problem: Problem,
    tiers: Tiers,
    offer: IntArray,
    line: IntArray,
    of_offer: IntArray,
    of_line: IntArray,
    pivot: IntArray,
    open_: BoolArray,
) -> tuple[BoolArray, BoolArray]:
    """Return which offers and lines belong to those that can be filled up to the tier of their part."""
    from ortools.graph.python import max_flow  # noqa: PLC0415 - 60 MB, needed by the worker alone

    offers, lines = len(problem.free_pieces), len(problem.needed_pieces)
    source, sink = offers + lines, offers + lines + 1
    inside = (of_offer[offer] == of_line[line]) & open_[of_offer[offer]]
    offer, line = offer[inside], line[inside]
    used_offers = np.flatnonzero(open_[of_offer])
    used_lines = np.flatnonzero(open_[of_line])
    wanted = tiers.pieces_below(used_lines, pivot[of_line[used_lines]] + 1)
    network = max_flow.SimpleMaxFlow()
    network.add_arcs_with_capacity(offer, offers + line, problem.free_pieces[offer])
    network.add_arcs_with_capacity(
        np.full(len(used_offers), source), used_offers, problem.free_pieces[used_offers]
    )
    network.add_arcs_with_capacity(offers + used_lines, np.full(len(used_lines), sink), wanted)
    if network.solve(source, sink) != network.OPTIMAL:
        raise SolverFailed("no maximum flow")
    reached = np.zeros(sink + 1, bool)
    reached[network.get_source_side_min_cut()] = True
    return reached[:offers], reached[offers:source]
