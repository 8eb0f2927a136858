"""Minimum-cost flow: the fairest shares at the lowest landed cost, for goods in single pieces.

`fairness` says which tier (a small step of supply) each need line reaches, and which pairs of an offer and a need line
an equally fair solution may use. Of these solutions, the minimum-cost flow is the one with the lowest landed cost.
"""

from collections.abc import Callable

import numpy as np

from procurement.allocations.plans.solver.fairness import FairTiers, fair_tiers
from procurement.allocations.plans.solver.problem import BoolArray, IntArray, Problem, SolverFailed
from procurement.allocations.plans.solver.tiers import Tiers

# Pairs that are solved at once; parts are independent, and small flows are much faster.
MAX_PAIRS_AT_ONCE = 40_000
LARGE_PART_PAIRS = 150_000  # pairs of one part from which on costs are rounded
COST_STEPS_IN_LARGE_PART = 20_000  # steps of cost in a large part; a finer difference does not decide there

type Report = Callable[[int, int], None]  # steps done, steps in all; raises to stop


def ignore_progress(done: int, total: int) -> None:
    """Ignore the progress (steps done, steps in all). The default for `report`."""


def fair_flow(
    problem: Problem, tiers: Tiers, allowed: BoolArray, report: Report = ignore_progress
) -> IntArray:
    """Return the pieces of each admissible pair of an offer and a need line (see `problem.Problem`).

    The fairest shares come first, then the most pieces, then the lowest cost. Minimum orders and packs are ignored.
    `allowed` says which pairs may be used. `report` is called with the progress and may raise an exception to stop.
    """
    pairs = np.flatnonzero(allowed)
    offer, line = problem.pair_offer[pairs], problem.pair_line[pairs]
    fair = fair_tiers(problem, tiers, offer, line)
    whole = np.zeros(len(allowed), np.int64)
    inside = fair.part_of_offer[offer] == fair.part_of_line[line]
    pairs, part = pairs[inside], fair.part_of_line[line[inside]]
    order = np.argsort(part, kind="stable")
    pairs, part = pairs[order], part[order]
    bounds = _batches(part)
    for done, (first, last) in enumerate(bounds):
        report(done, len(bounds))
        batch = pairs[first:last]
        whole[batch] = _cheapest_shares(problem, tiers, fair, batch)
    return whole


def _batches(part: IntArray) -> list[tuple[int, int]]:
    """Return the ranges of pairs to solve together: whole parts, as many as fit."""
    ends = np.flatnonzero(np.diff(part, append=-1)) + 1
    bounds, first = [], 0
    for position, end in enumerate(ends):
        following = ends[position + 1] if position + 1 < len(ends) else None
        if following is None or following - first > MAX_PAIRS_AT_ONCE:
            bounds.append((first, int(end)))
            first = int(end)
    return bounds


def _cheapest_shares(problem: Problem, tiers: Tiers, fair: FairTiers, pairs: IntArray) -> IntArray:
    """Return the pieces of these pairs, which are those of whole parts, at the lowest cost."""
    from ortools.graph.python import min_cost_flow  # noqa: PLC0415 - 60 MB, needed by the worker alone

    used_offers, offer = np.unique(problem.pair_offer[pairs], return_inverse=True)
    used_lines, line = np.unique(problem.pair_line[pairs], return_inverse=True)
    offers, lines = len(used_offers), len(used_lines)
    sink = offers + lines
    tier = fair.tier_of_part[fair.part_of_line[used_lines]]
    must, may = tiers.pieces_below(used_lines, tier), tiers.pieces_below(used_lines, tier + 1)
    free = problem.free_pieces[used_offers]
    idle = np.flatnonzero(fair.tier_of_part[fair.part_of_offer[used_offers]] == fair.full_supply_tier)
    network = min_cost_flow.SimpleMinCostFlow()
    arcs = network.add_arcs_with_capacity_and_unit_cost(
        offer, offers + line, free[offer], _rounded_costs(problem.pair_cost[pairs])
    )
    nothing = np.zeros(max(lines, offers), np.int64)
    network.add_arcs_with_capacity_and_unit_cost(
        offers + np.arange(lines), np.full(lines, sink), may - must, nothing[:lines]
    )
    network.add_arcs_with_capacity_and_unit_cost(
        idle, np.full(len(idle), sink), free[idle], nothing[: len(idle)]
    )
    network.set_nodes_supplies(np.arange(offers), free)
    network.set_nodes_supplies(offers + np.arange(lines), -must)
    network.set_node_supply(sink, int(must.sum()) - int(free.sum()))
    status = network.solve()
    if status != network.OPTIMAL:
        raise SolverFailed(str(status))
    pieces: IntArray = network.flows(arcs)
    return pieces


def _rounded_costs(cost: IntArray) -> IntArray:
    cost = cost - cost.min(initial=0)
    return (
        cost // max(1, -(-int(cost.max(initial=0)) // COST_STEPS_IN_LARGE_PART))
        if len(cost) > LARGE_PART_PAIRS
        else cost
    )
