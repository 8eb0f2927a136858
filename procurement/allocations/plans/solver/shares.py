"""Rules by which a plan shares scarce goods, and the resulting quantities.

Each quantity belongs to an admissible pair: an offer and a need line that it may serve.
"""

from collections.abc import Callable
from dataclasses import replace
from enum import StrEnum

import numpy as np

from procurement.allocations.plans.solver.cycle_removal import remove_cycles
from procurement.allocations.plans.solver.flow import Report, fair_flow, ignore_progress
from procurement.allocations.plans.solver.lots import round_to_lots
from procurement.allocations.plans.solver.problem import (
    IntArray,
    Problem,
    check_problem,
    largest_pair_quantity,
)
from procurement.allocations.plans.solver.tiers import DaysOfSupply, Proportional, Tiers


class Rule(StrEnum):
    """Rule by which a plan shares scarce goods."""

    FAIR = "fair"  # the smallest days of supply as large as possible, then the next
    PROPORTIONAL = "proportional"  # the same part of each need, after a floor in days
    FIRST_COME = "first_come"  # the oldest need gets all it needs, then the next


TIERS_BY_RULE: dict[Rule, Callable[[Problem], Tiers]] = {
    Rule.FAIR: DaysOfSupply,
    Rule.PROPORTIONAL: Proportional,
}


def share_goods(problem: Problem, rule: Rule = Rule.FAIR, report: Report = ignore_progress) -> IntArray:
    """Return the pieces that each admissible pair gets by this rule, in the order of the problem's pairs.

    A pair gets whole packs, at least the minimum order or nothing, and never more than is free or needed. The order
    of offers, lines and pairs does not influence the result. Raises `BadProblem` for figures outside their range, and
    any exception that `report` raises.
    """
    check_problem(problem)
    if not len(problem.pair_offer):
        return np.zeros(0, np.int64)
    ordered, place = _sort_problem(problem)
    allowed = largest_pair_quantity(ordered) > 0
    if rule is Rule.FIRST_COME:
        pieces = first_come_shares(ordered)
    else:
        tiers = TIERS_BY_RULE[rule](ordered)
        pieces = fair_flow(ordered, tiers, allowed, report)
        pieces = remove_cycles(ordered, pieces)
        pieces = round_to_lots(ordered, tiers, allowed, pieces, report)
    whole = np.empty(len(pieces), np.int64)
    whole[place] = pieces
    return whole


def _sort_problem(problem: Problem) -> tuple[Problem, IntArray]:
    """Return the problem in the order of its keys, and the place of each pair in the problem given."""
    offers, lines = np.argsort(problem.offer_key), np.argsort(problem.line_key)
    new_offer, new_line = np.argsort(offers), np.argsort(lines)
    offer, line = new_offer[problem.pair_offer], new_line[problem.pair_line]
    place = np.argsort(line * len(offers) + offer, kind="stable")
    columns = {
        name: getattr(problem, name)[offers]
        for name in ("free_pieces", "minimum_order", "pack_size", "offer_key")
    }
    columns |= {
        name: getattr(problem, name)[lines]
        for name in (
            "needed_pieces",
            "supply_days",
            "use_per_day",
            "priority_weight",
            "first_come_position",
            "line_key",
        )
    }
    return replace(
        problem, **columns, pair_offer=offer[place], pair_line=line[place], pair_cost=problem.pair_cost[place]
    ), place


def first_come_shares(problem: Problem) -> IntArray:
    """Return the pieces of each pair if lines are served in the order of their needs, each from its cheapest offers."""
    pieces = np.zeros(len(problem.pair_offer), np.int64)
    left = problem.free_pieces.copy()
    order = np.lexsort((problem.pair_offer, problem.pair_cost, problem.pair_line))
    begins = np.searchsorted(problem.pair_line[order], np.arange(len(problem.needed_pieces) + 1))
    for line in np.argsort(problem.first_come_position, kind="stable").tolist():
        wanted = int(problem.needed_pieces[line])
        for pair in order[begins[line] : begins[line + 1]].tolist():
            if wanted <= 0:
                break
            offer = problem.pair_offer[pair]
            pack = int(problem.pack_size[offer])
            lot = min(wanted, int(left[offer])) // pack * pack
            if lot and lot >= problem.minimum_order[offer]:
                pieces[pair] = lot
                left[offer] -= lot
                wanted -= lot
    return pieces
