"""Tiers of supply: small equal steps by which a sharing rule fills the need lines, and their pieces.

Pieces in the same tier count alike, wherever they go; those in a lower tier come first.
"""

from abc import ABC, abstractmethod

import numpy as np

from procurement.allocations.plans.solver.problem import MAX_DAYS, TIER_DAYS, FloatArray, IntArray, Problem


class Tiers(ABC):
    """The tiers of each line, from the one it is in before the plan (`low`) to where it has all it needs (`high`)."""

    top: int  # of all tiers; pieces above it are served last, all alike

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        count = len(problem.need)
        self.low = np.zeros(count, np.int64)
        self.high = np.full(count, self.top + 1)
        self.low = self.tier_of(np.zeros(count, np.int64))
        self.high = np.where(problem.need > 0, self.tier_of(np.maximum(problem.need - 1, 0)) + 1, self.low)

    @abstractmethod
    def _below(self, line: IntArray, tier: IntArray) -> FloatArray:
        """Return how many pieces of a line lie below a tier, before limits and rounding."""

    @abstractmethod
    def level(self, line: int, given: int) -> float:
        """Return where a line is with these pieces, to compare lines with each other."""

    def pieces_below(self, line: IntArray, tier: IntArray) -> IntArray:
        """Return how many pieces of a line lie below this tier. A piece is in the tier in which it begins."""
        need = self.problem.need[line]
        pieces = np.clip(np.ceil(self._below(line, tier) - 1e-6), 0, need).astype(np.int64)
        pieces[tier <= self.low[line]] = 0
        return np.where(tier >= self.high[line], need, pieces)

    def tier_of(self, given: IntArray) -> IntArray:
        """Return the tier in which the next piece of each line would be; `high` where it has all it needs."""
        every = np.arange(len(given))
        low, high = self.low.copy(), self.high.copy()
        while (high - low > 1).any():
            middle = (low + high) // 2
            reached = given >= self.pieces_below(every, middle)
            low, high = np.where(reached, middle, low), np.where(reached, high, middle)
        return np.where((given >= self.problem.need) & (self.problem.need > 0), self.high, low)


class DaysOfSupply(Tiers):
    """Half days of supply, divided by the factor of the line's priority."""

    top = int(MAX_DAYS / TIER_DAYS)

    def _below(self, line: IntArray, tier: IntArray) -> FloatArray:
        problem = self.problem
        return (tier * TIER_DAYS - problem.start_levels[line]) * problem.rate[line]

    def level(self, line: int, given: int) -> float:
        """Return the days of supply, divided by the factor of the line's priority."""
        problem = self.problem
        return float(problem.days[line] + given / problem.use[line]) / float(problem.factor[line])


class Proportional(Tiers):
    """Equal parts of what each line needs, after a floor in days of supply for all.

    Half days up to the floor, then two hundredths of a line's remaining need, multiplied by the factor of its priority.
    """

    top = 2_000
    floor = 3  # days
    parts = 200

    def _below(self, line: IntArray, tier: IntArray) -> FloatArray:
        problem = self.problem
        steps = int(self.floor / TIER_DAYS)
        floor = np.minimum(tier, steps) * TIER_DAYS * problem.factor[line] - problem.days[line]
        first = np.clip(floor * problem.use[line], 0, problem.need[line])
        part = np.maximum(tier - steps, 0) / self.parts * problem.factor[line]
        return first + part * (problem.need[line] - first)

    def level(self, line: int, given: int) -> float:
        """Return the tier as a fraction."""
        problem = self.problem
        factor, need = float(problem.factor[line]), int(problem.need[line])
        floor = max(0.0, min(need, (self.floor * factor - problem.days[line]) * problem.use[line]))
        steps = self.floor / TIER_DAYS
        if given < floor:
            return float(problem.days[line] + given / problem.use[line]) / factor / TIER_DAYS
        return float(steps + (given - floor) / max(1.0, need - floor) * self.parts / factor)
