"""Benchmark of allocation plans: the time they take, and their fairness compared with simpler methods.

`python -m benchmarks.allocation_plans` makes random offers and needs, the same in every run, and finds the pairs of
an offer and a need that fit. Then it allocates the goods by the product's own rule (equal days of supply), in single
pieces and in packs, and by other methods: the lowest cost alone, in proportion, the cheapest pair first, and first
come, first served. `--sparse` measures 50,000 needs and as many offers.
"""

import argparse
import os
import resource
import time
from collections.abc import Callable
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from procurement.allocations.plans.solver.admissible import LineColumns, OfferColumns, admissible_pairs
from procurement.allocations.plans.solver.problem import BoolArray, IntArray, Problem
from procurement.allocations.plans.solver.shares import Rule, share_goods

START_DAY_ORDINAL = 737_500  # 2020-03-20, as an ordinal


class ProblemSize(NamedTuple):
    """Size of an allocation problem: the numbers of offers, of need lines and of kinds of goods."""

    offer_count: int
    lines: int
    goods_kind_count: int


DENSE, SPARSE = ProblemSize(1_000, 15_000, 8), ProblemSize(50_000, 50_000, 4_000)


def main() -> None:
    """Read the options, measure and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.allocation_plans", description=__doc__)
    parser.add_argument("--sparse", action="store_true", help="50,000 offers and 50,000 lines")
    values = parser.parse_args()
    figures = SPARSE if values.sparse else DENSE
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}; seconds of one core")
    offers, lines, fits = random_offers_and_lines(figures)
    began = time.process_time()
    problem = build_problem(offers, lines, fits)
    print(
        f"{figures.offer_count:,} offers x {figures.lines:,} lines: {len(problem.pair_offer):,} admissible pairs, "
        f"built in {time.process_time() - began:.2f} s"
    )
    print(
        f"{'':34}{'seconds':>8}{'units placed':>14}{'least':>7}{'1 in 100':>9}{'cost a unit':>12}{'rows':>8}"
    )
    share_goods(replace(problem, free_pieces=problem.free_pieces // 10**6))  # loads the solver
    plain = replace(problem, minimum_order=problem.minimum_order * 0 + 1, pack_size=problem.pack_size * 0 + 1)
    _measure("days of supply, single pieces", plain, share_goods)
    _measure("plain solver: lowest cost alone", plain, lowest_cost_flow)
    _measure("days of supply, packs and minimums", problem, share_goods)
    _measure("in proportion, packs and minimums", problem, lambda one: share_goods(one, Rule.PROPORTIONAL))
    _measure("cheapest pair first", problem, cheapest_first_allocation)
    _measure("first come, first served", problem, lambda one: share_goods(one, Rule.FIRST_COME))
    print(f"most memory: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:,.0f} MB")


def random_offers_and_lines(figures: ProblemSize) -> tuple[OfferColumns, LineColumns, BoolArray]:
    """Return random offers and lines. Half of the offers have packs, a third a minimum order."""
    chance = np.random.default_rng(2020)
    offers, lines = figures.offer_count, figures.lines
    free = np.clip(chance.lognormal(10, 1.3, offers), 100, 10**7).astype(np.int64)
    need = np.clip(chance.lognormal(8.2, 1.2, lines), 50, 10**6).astype(np.int64)
    half, third = chance.random(offers) < 0.5, chance.random(offers) < 0.33
    return (
        OfferColumns(
            goods_number=chance.integers(0, figures.goods_kind_count, offers),
            city=np.zeros(offers, np.int64),
            is_donation=chance.random(offers) < 0.2,
            donation_need=np.full(offers, -1),
            is_usable=np.ones(offers, bool),
            price=np.round(chance.lognormal(0, 0.6, offers), 2),
            arrival_day=START_DAY_ORDINAL + chance.integers(7, 60, offers),
            free_pieces=free,
            minimum_order=np.where(third, free // 20, 1),
            pack_size=np.where(half, 50, 1),
        ),
        LineColumns(
            wanted_goods_number=chance.integers(0, figures.goods_kind_count, lines),
            city=np.zeros(lines, np.int64),
            request_number=np.arange(lines),
            takes_sale=chance.random(lines) < 0.95,
            takes_donation=np.ones(lines, bool),
            highest_price=np.where(chance.random(lines) < 0.5, 2.5, np.inf),
            needed_by=START_DAY_ORDINAL + chance.integers(20, 90, lines),
            needed_pieces=need,
        ),
        np.eye(figures.goods_kind_count, dtype=bool),
    )


def build_problem(offers: OfferColumns, lines: LineColumns, fits: BoolArray) -> Problem:
    """Return the allocation problem: offers, need lines, and all pairs of the two that fit, with their costs."""
    chance = np.random.default_rng(7)
    found = admissible_pairs(offers, lines, fits)
    cost = np.where(offers.is_donation, 0.1, offers.price * 1.2)[found.offer_index] * 10_000
    count = len(lines.needed_pieces)
    return Problem(
        free_pieces=offers.free_pieces,
        minimum_order=offers.minimum_order,
        pack_size=offers.pack_size,
        needed_pieces=lines.needed_pieces,
        supply_days=chance.integers(0, 20, count).astype(float),
        use_per_day=np.maximum(1.0, lines.needed_pieces / chance.integers(7, 40, count)),
        priority_weight=chance.choice([1.0, 1.5, 2.0], count, p=[0.7, 0.2, 0.1]),
        first_come_position=chance.permutation(count),
        pair_offer=found.offer_index,
        pair_line=found.line_index,
        pair_cost=(cost + found.line_index % 20 * 10).astype(np.int64),
        offer_key=np.arange(len(offers.free_pieces)),
        line_key=np.arange(count),
    )


def lowest_cost_flow(problem: Problem) -> IntArray:
    """Return the flow that places the most pieces at the lowest cost, wherever they go."""
    from ortools.graph.python import min_cost_flow  # noqa: PLC0415 - loaded where it is measured

    offers, lines = len(problem.free_pieces), len(problem.needed_pieces)
    network = min_cost_flow.SimpleMinCostFlow()
    sink = offers + lines
    dear = -int(problem.pair_cost.max()) - 1  # every piece that can be placed is worth placing
    arcs = network.add_arcs_with_capacity_and_unit_cost(
        problem.pair_offer,
        offers + problem.pair_line,
        problem.free_pieces[problem.pair_offer],
        problem.pair_cost + dear,
    )
    zeros = np.zeros(max(offers, lines), np.int64)
    network.add_arcs_with_capacity_and_unit_cost(
        offers + np.arange(lines), np.full(lines, sink), problem.needed_pieces, zeros[:lines]
    )
    network.add_arcs_with_capacity_and_unit_cost(
        np.arange(offers), np.full(offers, sink), problem.free_pieces, zeros[:offers]
    )
    network.set_nodes_supplies(np.arange(offers), problem.free_pieces)
    network.set_node_supply(sink, -int(problem.free_pieces.sum()))
    assert network.solve() == network.OPTIMAL
    return network.flows(arcs)


def cheapest_first_allocation(problem: Problem) -> IntArray:
    """Return the quantities of a greedy allocation: the cheapest pair gets all it can, then the next."""
    left, wanted = problem.free_pieces.tolist(), problem.needed_pieces.tolist()
    least, packs = problem.minimum_order.tolist(), problem.pack_size.tolist()
    pieces = np.zeros(len(problem.pair_offer), np.int64)
    order = np.argsort(problem.pair_cost, kind="stable")
    columns = zip(
        order.tolist(), problem.pair_offer[order].tolist(), problem.pair_line[order].tolist(), strict=True
    )
    for pair, offer, line in columns:
        lot = min(left[offer], wanted[line]) // packs[offer] * packs[offer]
        if lot and lot >= least[offer]:
            pieces[pair] = lot
            left[offer] -= lot
            wanted[line] -= lot
    return pieces


def _measure(name: str, problem: Problem, way: Callable[[Problem], IntArray]) -> None:
    began = time.process_time()
    pieces = way(problem)
    took = time.process_time() - began
    served = np.unique(problem.pair_line)
    levels = np.sort(problem.levels(problem.pieces_by_line(pieces))[served])
    placed = int(pieces.sum())
    cost = float(pieces @ problem.pair_cost) / 10_000 / max(1, placed)
    print(
        f"{name:34}{took:8.2f}{placed:14,}{levels[0]:7.1f}{levels[len(levels) // 100]:9.1f}{cost:12.3f}"
        f"{int((pieces > 0).sum()):8,}"
    )


if __name__ == "__main__":
    main()
