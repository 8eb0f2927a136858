"""Tiers of supply: the small equal steps in which a sharing rule fills the need lines, and the pieces in each step.

Pieces in the same tier are equally urgent, whichever line gets them. Pieces in a lower tier come first.
"""

from abc import ABC, abstractmethod

import numpy as np

from procurement.allocations.plans.solver.problem import MAX_DAYS, TIER_DAYS, FloatArray, IntArray, Problem


class Tiers(ABC):
    """Tiers of each line, by number: from its tier before the plan (`low`) to the end of its need (`high`)."""

    top_tier: int  # of all tiers; pieces above it are served last, all alike

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        count = len(problem.needed_pieces)
        self.low = np.zeros(count, np.int64)
        self.high = np.full(count, self.top_tier + 1)
        self.low = self.tier_of(np.zeros(count, np.int64))
        self.high = np.where(
            problem.needed_pieces > 0, self.tier_of(np.maximum(problem.needed_pieces - 1, 0)) + 1, self.low
        )

    @abstractmethod
    def _below(self, line: IntArray, tier: IntArray) -> FloatArray:
        """Return how many pieces of a line lie below a tier, before limits and rounding."""

    @abstractmethod
    def supply_level(self, line: int, given: int) -> float:
        """Return how well a line is supplied with these pieces, as a figure that is comparable between lines."""

    def pieces_below(self, line: IntArray, tier: IntArray) -> IntArray:
        """Return how many pieces of a line lie below this tier. A piece is in the tier in which it begins."""
        need = self.problem.needed_pieces[line]
        pieces = np.clip(np.ceil(self._below(line, tier) - 1e-6), 0, need).astype(np.int64)
        pieces[tier <= self.low[line]] = 0
        return np.where(tier >= self.high[line], need, pieces)

    def tier_of(self, given: IntArray) -> IntArray:
        """Return the tier of the next piece of each line; `high` if the line has all it needs."""
        every = np.arange(len(given))
        low, high = self.low.copy(), self.high.copy()
        while (high - low > 1).any():
            middle = (low + high) // 2
            reached = given >= self.pieces_below(every, middle)
            low, high = np.where(reached, middle, low), np.where(reached, high, middle)
        return np.where(
            (given >= self.problem.needed_pieces) & (self.problem.needed_pieces > 0), self.high, low
        )


class DaysOfSupply(Tiers):
    """Tiers of half a day of supply each, the days being divided by the weight of the line's priority."""

    top_tier = int(MAX_DAYS / TIER_DAYS)

    def _below(self, line: IntArray, tier: IntArray) -> FloatArray:
        problem = self.problem
        return (tier * TIER_DAYS - problem.start_levels[line]) * problem.pieces_per_level[line]

    def supply_level(self, line: int, given: int) -> float:
        """Return the days of supply, divided by the weight of the line's priority."""
        problem = self.problem
        return float(problem.supply_days[line] + given / problem.use_per_day[line]) / float(
            problem.priority_weight[line]
        )


class Proportional(Tiers):
    """Tiers of equal parts of each line's need, above a minimum supply (`minimum_supply_days`, in days) for all lines.

    Up to the floor, a tier is half a day of supply. Above it, a tier is one of `parts_above_minimum` (200) parts of the remaining need.
    Both are multiplied by the weight of the line's priority.
    """

    top_tier = 2_000
    minimum_supply_days = 3  # days
    parts_above_minimum = 200

    def _below(self, line: IntArray, tier: IntArray) -> FloatArray:
        problem = self.problem
        steps = int(self.minimum_supply_days / TIER_DAYS)
        floor = (
            np.minimum(tier, steps) * TIER_DAYS * problem.priority_weight[line] - problem.supply_days[line]
        )
        first = np.clip(floor * problem.use_per_day[line], 0, problem.needed_pieces[line])
        part = np.maximum(tier - steps, 0) / self.parts_above_minimum * problem.priority_weight[line]
        return first + part * (problem.needed_pieces[line] - first)

    def supply_level(self, line: int, given: int) -> float:
        """Return the number of the tier that is reached, with its fraction."""
        problem = self.problem
        weight, need = float(problem.priority_weight[line]), int(problem.needed_pieces[line])
        floor = max(
            0.0,
            min(
                need,
                (self.minimum_supply_days * weight - problem.supply_days[line]) * problem.use_per_day[line],
            ),
        )
        steps = self.minimum_supply_days / TIER_DAYS
        if given < floor:
            return float(problem.supply_days[line] + given / problem.use_per_day[line]) / weight / TIER_DAYS
        return float(steps + (given - floor) / max(1.0, need - floor) * self.parts_above_minimum / weight)
