"""Shares in whole lots, for offers with a minimum order or packs instead of single pieces.

CP-SAT, a constraint solver, solves small problems exactly. In a large problem the solution in single pieces is rounded
down to lots, and the rest goes lot by lot to the need line with the least supply.
"""

import heapq
from typing import Any

import numpy as np

from procurement.allocations.plans.solver.flow import Report, ignore_progress
from procurement.allocations.plans.solver.problem import (
    TIER_DAYS,
    BoolArray,
    IntArray,
    Problem,
    connected_parts,
    largest_pair_quantity,
)
from procurement.allocations.plans.solver.tiers import Tiers

MAX_PAIRS, MAX_STEPS = 250, 2_500  # of a group of offers and lines that CP-SAT solves
# Deterministic seconds for one objective of a group, and for all groups.
EFFORT_PER_SOLUTION, MAX_EFFORT = 0.1, 2.4
OBJECTIVE_WEIGHT_BITS = 52  # of the weights in one objective
OBJECTIVES_PER_GROUP = 8  # of a group, about
RANDOM_SEED = 2020


def round_to_lots(
    problem: Problem, tiers: Tiers, allowed: BoolArray, pieces: IntArray, report: Report = ignore_progress
) -> IntArray:
    """Return the pieces of each pair in whole lots, close to the solution in single pieces (`pieces`).

    CP-SAT also solves each group of offers and lines that is small enough; the better solution counts. The same input
    gives the same result.
    """
    comes_in_lots = problem.comes_in_lots[problem.pair_offer] & allowed
    if not comes_in_lots.any():
        return pieces
    lots = _allocate_remainder(problem, tiers, allowed, _round_down_to_packs(problem, pieces))
    groups = _find_pair_groups(problem, tiers, allowed, comes_in_lots)
    for done, group in enumerate(groups[: int(MAX_EFFORT / EFFORT_PER_SOLUTION / OBJECTIVES_PER_GROUP)]):
        report(done, len(groups))
        lots[group] = _improve_lots(problem, tiers, group, lots[group])
    return lots


def _round_down_to_packs(problem: Problem, pieces: IntArray) -> IntArray:
    """Round down to whole packs, and drop what is below the minimum."""
    pack = problem.pack_size[problem.pair_offer]
    whole = pieces // pack * pack
    return np.where(whole >= problem.minimum_order[problem.pair_offer], whole, 0)


def _allocate_remainder(problem: Problem, tiers: Tiers, allowed: BoolArray, lots: IntArray) -> IntArray:
    """Allocate the rest to the line with the least supply, a lot or half a day at a time, cheapest first."""
    lots = lots.copy()
    left, rate = problem.free_pieces - problem.pieces_by_offer(lots), problem.pieces_per_level
    given = problem.pieces_by_line(lots)
    pairs = np.flatnonzero(
        allowed & (left[problem.pair_offer] > 0) & (given < problem.needed_pieces)[problem.pair_line]
    )
    if not len(pairs):
        return lots
    pairs = pairs[np.lexsort((problem.pair_offer[pairs], problem.pair_cost[pairs], problem.pair_line[pairs]))]
    lines, first = np.unique(problem.pair_line[pairs], return_index=True)
    of_line = dict(zip(lines.tolist(), np.split(pairs, first[1:]), strict=True))
    levels = [(tiers.supply_level(line, int(given[line])), line) for line in of_line]
    heapq.heapify(levels)
    while levels:
        _level, line = heapq.heappop(levels)
        mine = of_line[line]
        offer = problem.pair_offer[mine]
        pack, has = problem.pack_size[offer], lots[mine]
        half_day = -(-np.int64(np.ceil(rate[line] * TIER_DAYS)) // pack) * pack
        least = -(-problem.minimum_order[offer] // pack) * pack
        step = np.where(has > 0, half_day, np.maximum(least, half_day))
        room = np.minimum(left[offer], problem.needed_pieces[line] - given[line]) // pack * pack
        step = np.minimum(step, room)
        fits = np.flatnonzero((step > 0) & (has + step >= problem.minimum_order[offer]))
        if not len(fits):
            continue
        # an offer in use before another one: fewer shipments; then the smallest lot, then the cheapest
        best = fits[np.lexsort((fits, np.where(has[fits] > 0, 0, step[fits])))[0]]
        lots[mine[best]] += step[best]
        left[offer[best]] -= step[best]
        given[line] += step[best]
        heapq.heappush(levels, (tiers.supply_level(line, int(given[line])), line))
    return lots


def _find_pair_groups(
    problem: Problem, tiers: Tiers, allowed: BoolArray, comes_in_lots: BoolArray
) -> list[IntArray]:
    """Return the pairs of each small group of offers and lines that no other admissible pair reaches."""
    pairs = np.flatnonzero(allowed)
    label = connected_parts(problem, problem.pair_offer[pairs], problem.pair_line[pairs])[1][
        problem.pair_line[pairs]
    ]
    order = np.argsort(label, kind="stable")
    groups = np.split(pairs[order], np.flatnonzero(np.diff(label[order])) + 1)
    width = tiers.high - tiers.low
    small = [group for group in groups if len(group) <= MAX_PAIRS and comes_in_lots[group].any()]
    return [group for group in small if width[np.unique(problem.pair_line[group])].sum() <= MAX_STEPS]


def solution_rank(problem: Problem, tiers: Tiers, pairs: IntArray, lots: IntArray) -> tuple[Any, ...]:
    """Return the rank of a solution, to compare solutions of the same pairs. A higher rank is better."""
    whole = np.zeros(len(problem.pair_offer), np.int64)
    whole[pairs] = lots
    lines = np.unique(problem.pair_line[pairs])
    reached = tiers.tier_of(problem.pieces_by_line(whole))[lines]
    cost = int((lots * problem.pair_cost[pairs]).sum())
    return (*np.sort(reached).tolist(), int(lots.sum()), -cost, -int((lots > 0).sum()))


def _improve_lots(problem: Problem, tiers: Tiers, pairs: IntArray, lots: IntArray) -> IntArray:
    """Return the better of these lots and those that CP-SAT finds."""
    found = _solve_exactly(problem, tiers, pairs, lots)
    return (
        found
        if solution_rank(problem, tiers, pairs, found) > solution_rank(problem, tiers, pairs, lots)
        else lots
    )


def _solve_exactly(problem: Problem, tiers: Tiers, pairs: IntArray, hint: IntArray) -> IntArray:
    """Solve the pairs of a group by CP-SAT: one objective after the other, each keeping those before it."""
    from ortools.sat.python import cp_model  # noqa: PLC0415 - 60 MB, needed by the worker alone

    model = cp_model.CpModel()
    most = largest_pair_quantity(problem)[pairs].tolist()
    offers = problem.pair_offer[pairs]
    offer, line, cost = offers.tolist(), problem.pair_line[pairs].tolist(), problem.pair_cost[pairs].tolist()
    pack, least = problem.pack_size[offers].tolist(), problem.minimum_order[offers].tolist()
    packs = [model.new_int_var(0, most[at] // pack[at], "") for at in range(len(pairs))]
    used = [model.new_bool_var("") for _pair in pairs]
    for at in range(len(pairs)):
        model.add(packs[at] * pack[at] >= max(least[at], 1)).only_enforce_if(used[at])
        model.add(packs[at] == 0).only_enforce_if(~used[at])
    for one in sorted(set(offer)):
        rows = [packs[at] * pack[at] for at in range(len(pairs)) if offer[at] == one]
        model.add(sum(rows) <= int(problem.free_pieces[one]))
    given = {}
    for one in sorted(set(line)):
        given[one] = sum(packs[at] * pack[at] for at in range(len(pairs)) if line[at] == one)
        model.add(given[one] <= int(problem.needed_pieces[one]))
    objectives = [*_tier_objectives(model, tiers, given)]
    objectives.append(sum(packs[at] * pack[at] for at in range(len(pairs))) * -1)
    objectives.append(sum(packs[at] * (pack[at] * cost[at]) for at in range(len(pairs))))
    objectives.append(sum(used))
    best = (hint // np.array(pack)).tolist()
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = RANDOM_SEED
    solver.parameters.max_deterministic_time = EFFORT_PER_SOLUTION
    for objective in objectives:
        model.clear_hints()  # type: ignore[no-untyped-call]  # of ortools
        for at, value in enumerate(best):
            model.add_hint(packs[at], value)
            model.add_hint(used[at], value > 0)
        model.minimize(objective)
        status = solver.solve(model)
        if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            break
        best = [solver.value(one) for one in packs]
        model.add(objective <= round(solver.objective_value))
    lots: IntArray = np.array(best, np.int64) * np.array(pack, np.int64)
    return lots


def _tier_objectives(model: Any, tiers: Tiers, given: dict[int, Any]) -> list[Any]:
    """Return objectives that count the lines below each tier, the lowest tier with by far the greatest weight."""
    short: dict[int, list[Any]] = {}
    for line, pieces in given.items():
        for tier in range(int(tiers.low[line]) + 1, int(tiers.high[line]) + 1):
            needed = int(tiers.pieces_below(np.array([line]), np.array([tier]))[0])
            below = model.new_bool_var("")
            model.add(pieces >= needed).only_enforce_if(~below)
            short.setdefault(tier, []).append(below)
    base = len(given) + 1
    at_once = max(1, int(OBJECTIVE_WEIGHT_BITS / np.log2(base + 1)))
    every = [sum(short[tier]) for tier in sorted(short)]
    return [
        sum(one * base ** (len(chunk) - 1 - place) for place, one in enumerate(chunk))
        for chunk in (every[first : first + at_once] for first in range(0, len(every), at_once))
    ]
