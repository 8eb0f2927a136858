"""Removal of cycles from a solution, so that the goods travel in fewer shipments.

A solution gives pieces to pairs of an offer and a need line. If such pairs form a cycle, pieces move around it
until one pair is empty. The totals of the offers and lines stay the same.
"""

import numpy as np

from procurement.allocations.plans.solver.problem import IntArray, Problem

MAX_VISITED_NODES = 3_000_000  # looked at; then the cycles that are left stay


class _Forest:
    """The pairs in use, as trees of offers and lines."""

    def __init__(self, size: int) -> None:
        self.root = list(range(size))
        self.beside: dict[
            int, list[tuple[int, int]]
        ] = {}  # node: the nodes beside it, each with the pair between
        self.seen = 0

    def find(self, node: int) -> int:
        while self.root[node] != node:
            self.root[node] = self.root[self.root[node]]
            node = self.root[node]
        return node

    def add(self, one: int, other: int, pair: int) -> None:
        self.root[self.find(one)] = self.find(other)
        self.beside.setdefault(one, []).append((other, pair))
        self.beside.setdefault(other, []).append((one, pair))

    def path(self, start: int, end: int, pieces: IntArray) -> list[int]:
        """Return the pairs in use on the way between two nodes; none where it was cut."""
        above = {start: (-1, -1)}
        waiting = [start]
        for node in waiting:
            if node == end:
                break
            for other, pair in self.beside.get(node, ()):
                if other not in above and pieces[pair] > 0:
                    above[other] = (node, pair)
                    waiting.append(other)
        self.seen += len(waiting)
        found = []
        node = end
        while node != start and node in above:
            node, pair = above[node]
            found.append(pair)
        return found[::-1]


def remove_cycles(problem: Problem, pieces: IntArray) -> IntArray:
    """Return the pieces of each pair, with the same totals and no higher cost, in as few pairs as possible."""
    pieces = pieces.copy()
    offers = len(problem.free_pieces)
    forest = _Forest(offers + len(problem.needed_pieces))
    for pair in np.flatnonzero(pieces > 0).tolist():
        one, other = int(problem.pair_offer[pair]), offers + int(problem.pair_line[pair])
        if forest.find(one) == forest.find(other) and forest.seen < MAX_VISITED_NODES:
            _empty_pair(problem, pieces, pair, forest.path(other, one, pieces))
        forest.add(one, other, pair)
    return pieces


def _empty_pair(problem: Problem, pieces: IntArray, pair: int, way: list[int]) -> None:
    """Empty one pair of the cycle that `pair` closes with `way`, the pairs from its line back to its offer."""
    if not way:
        return
    cycle = np.array([pair, *way])
    sign = np.where(np.arange(len(cycle)) % 2, -1, 1)
    if int(problem.pair_cost[cycle] @ sign) > 0:
        sign = -sign
    pieces[cycle] += sign * int(pieces[cycle[sign < 0]].min())
