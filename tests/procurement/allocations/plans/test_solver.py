"""Tests of the solver of allocation plans: its results equal the best of all possible ones in small problems.

Others are compared with an exact linear program.
"""

from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ortools.linear_solver import pywraplp

from procurement.allocations.plans.solver.lots import solution_rank
from procurement.allocations.plans.solver.problem import TIER_DAYS, BadProblem, Problem, largest_pair_quantity
from procurement.allocations.plans.solver.shares import TIERS_BY_RULE, Rule, share_goods
from procurement.allocations.plans.solver.tiers import DaysOfSupply


def random_problem(seed, *, offers=2, lines=3, most=6, lots=False, density=0.8):
    """Return a random problem with at most `most` pieces an offer."""
    chance = np.random.default_rng(seed)
    pairs = np.array(
        [(o, n) for o in range(offers) for n in range(lines) if chance.random() < density]
    ).reshape(-1, 2)
    ones = np.ones(offers, np.int64)
    return Problem(
        free_pieces=chance.integers(0, most + 1, offers),
        minimum_order=chance.integers(1, 4, offers) if lots else ones,
        pack_size=chance.integers(1, 3, offers) if lots else ones,
        needed_pieces=chance.integers(1, most + 1, lines),
        supply_days=chance.integers(0, 5, lines) / 2,
        use_per_day=chance.choice([0.5, 1.0, 2.0, 3.0], lines),
        priority_weight=chance.choice([1.0, 1.5, 2.0], lines),
        first_come_position=chance.permutation(lines),
        pair_offer=pairs[:, 0].astype(np.int64),
        pair_line=pairs[:, 1].astype(np.int64),
        pair_cost=chance.integers(1, 9, len(pairs)) * 100,
        offer_key=np.arange(offers),
        line_key=np.arange(lines),
    )


def every_share(problem):
    """Yield every possible division of offers among lines within free goods, needs, packs and minimum orders."""
    most, pack = largest_pair_quantity(problem), problem.pack_size[problem.pair_offer]
    choices = [
        [0, *(n for n in range(int(p), int(m) + 1, int(p)) if n >= least)]
        for m, p, least in zip(most, pack, problem.minimum_order[problem.pair_offer], strict=True)
    ]
    for one in product(*choices):
        pieces = np.array(one, np.int64)
        if (problem.pieces_by_offer(pieces) <= problem.free_pieces).all() and (
            problem.pieces_by_line(pieces) <= problem.needed_pieces
        ).all():
            yield pieces


def bounds_of(problem, tiers):
    """Return how many pieces each line can take below each tier (band of days of supply), lowest tier first."""
    lines = np.arange(len(problem.needed_pieces))
    span = range(int(tiers.low.min()), int(tiers.high.max()) + 1)
    return np.unique([tiers.pieces_below(lines, np.full(len(lines), tier)) for tier in span], axis=0)


def rank_of(problem, bounds, pieces):
    """Return the key by which divisions in single pieces are ranked; the best has the highest.

    It counts the pieces given below each tier, lowest tier first; then a lower cost is better.
    """
    below = np.minimum(problem.pieces_by_line(pieces), bounds).sum(axis=1)
    return (*below.tolist(), -int(pieces @ problem.pair_cost))


@pytest.mark.parametrize("rule", TIERS_BY_RULE, ids=str)
def test_solver_result_in_single_pieces_equals_best_of_all_possible_results(rule):
    """Fairness counts first, then pieces placed, then cost; compared with every possible division."""
    for seed in range(12):
        problem = random_problem(seed, density=0.7, most=4)
        bounds = bounds_of(problem, TIERS_BY_RULE[rule](problem))
        best = max(rank_of(problem, bounds, one) for one in every_share(problem))
        assert rank_of(problem, bounds, share_goods(problem, rule)) == best, seed


@pytest.mark.parametrize("rule", TIERS_BY_RULE, ids=str)
def test_solver_result_in_lots_equals_best_of_all_possible_results(rule):
    """Minimum orders and packs, compared with every possible division; of equal ones, fewer shipments count."""
    for seed in range(10):
        problem = random_problem(seed, lots=True, density=0.7, most=5)
        if not problem.comes_in_lots[problem.pair_offer].any():
            continue
        tiers, pairs = TIERS_BY_RULE[rule](problem), np.arange(len(problem.pair_offer))
        best = max((solution_rank(problem, tiers, pairs, one) for one in every_share(problem)), default=())
        assert solution_rank(problem, tiers, pairs, share_goods(problem, rule)) == best, seed


def exact_levels(problem):
    """Return the level of each line (days of supply, by the factor of its priority) in the exact solution.

    The exact solution may divide pieces. One linear program for each level raises the lowest line that can still
    be raised (Ogryczak).
    """
    lines = [n for n in range(len(problem.needed_pieces)) if (problem.pair_line == n).any()]
    fixed = {}
    while len(fixed) < len(lines):
        best, reached = _raise_lowest(problem, lines, fixed), {}
        for line in [n for n in lines if n not in fixed]:
            others = dict.fromkeys(set(lines) - {line}) | fixed
            if _raise_lowest(problem, lines, others, best, line) < best + 1e-3:
                reached[line] = best
        fixed |= reached
    return fixed


def _raise_lowest(problem, lines, fixed, at_least=None, only=None):
    """Return the greatest lowest level of the lines not fixed yet, or of `only` with the others at `at_least`."""
    program = pywraplp.Solver.CreateSolver("GLOP")
    pieces = [program.NumVar(0, float(problem.free_pieces[o]), "") for o in problem.pair_offer]
    for offer in range(len(problem.free_pieces)):
        program.Add(
            sum(x for x, o in zip(pieces, problem.pair_offer, strict=True) if o == offer)
            <= float(problem.free_pieces[offer])
        )
    lowest = program.NumVar(-1e6, 1e6, "")
    for line in lines:
        got = sum(x for x, n in zip(pieces, problem.pair_line, strict=True) if n == line)
        program.Add(got <= float(problem.needed_pieces[line]))
        level = float(problem.start_levels[line]) + got * float(1 / problem.pieces_per_level[line])
        value = fixed.get(line, lowest)
        if line == only or (only is None and line not in fixed):
            program.Add(level >= lowest)
        else:
            program.Add(level >= (at_least if value is None else value) - 1e-5)
    program.Maximize(lowest)
    assert program.Solve() == program.OPTIMAL
    return lowest.solution_value()


def test_solver_levels_are_within_half_a_day_of_exact_linear_program(capsys):
    """The plan differs from the exact solution only because it rounds to half days and whole pieces."""
    furthest = 0.0
    for seed in range(8):
        problem = random_problem(seed, offers=4, lines=7, most=4_000, density=0.5)
        problem = replace(problem, use_per_day=problem.use_per_day * 40, priority_weight=np.ones(7))
        levels = problem.levels(problem.pieces_by_line(share_goods(problem)))
        exact = exact_levels(problem)
        mine = np.sort([levels[line] for line in exact])
        furthest = max(furthest, float(np.abs(mine - np.sort(list(exact.values()))).max()))
    with capsys.disabled():
        print(f" furthest from the exact program: {furthest:.2f} days", end=" ")
    assert furthest <= TIER_DAYS + 0.05


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10**6), st.sampled_from(list(Rule)), st.booleans())
def test_solver_result_respects_limits_and_does_not_depend_on_row_order(seed, rule, lots):
    """Never more than free or needed, whole packs, minimum orders; the same for shuffled rows."""
    problem = random_problem(seed, offers=4, lines=5, most=30, lots=lots)
    pieces = share_goods(problem, rule)
    assert (problem.pieces_by_offer(pieces) <= problem.free_pieces).all()
    assert (problem.pieces_by_line(pieces) <= problem.needed_pieces).all()
    assert (pieces % problem.pack_size[problem.pair_offer] == 0).all()
    assert ((pieces == 0) | (pieces >= problem.minimum_order[problem.pair_offer])).all()
    chance = np.random.default_rng(seed)
    offers, lines, pairs = (chance.permutation(n) for n in (4, 5, len(problem.pair_offer)))
    shuffled = replace(
        problem,
        **{
            name: getattr(problem, name)[offers]
            for name in ("free_pieces", "minimum_order", "pack_size", "offer_key")
        },
        **{
            name: getattr(problem, name)[lines]
            for name in (
                "needed_pieces",
                "supply_days",
                "use_per_day",
                "priority_weight",
                "first_come_position",
                "line_key",
            )
        },
        pair_offer=np.argsort(offers)[problem.pair_offer[pairs]],
        pair_line=np.argsort(lines)[problem.pair_line[pairs]],
        pair_cost=problem.pair_cost[pairs],
    )
    assert np.array_equal(share_goods(shuffled, rule), pieces[pairs])


def test_critical_line_gets_twice_the_days_of_normal_line():
    """The weight of a priority says how many days a line has for each day of another."""
    problem = replace(
        random_problem(1, offers=1, lines=2, density=1.1),
        free_pieces=np.array([300]),
        needed_pieces=np.array([1000, 1000]),
        supply_days=np.zeros(2),
        use_per_day=np.array([10.0, 10.0]),
        priority_weight=np.array([2.0, 1.0]),
    )
    assert share_goods(problem).tolist() == [200, 100]


def test_fair_proportional_and_first_come_rules_give_expected_quantities():
    """Fair by days, in proportion to needs, and first come, first served."""
    problem = replace(
        random_problem(1, offers=1, lines=2, density=1.1),
        free_pieces=np.array([1_200]),
        needed_pieces=np.array([3_000, 1_000]),
        supply_days=np.array([10.0, 4.0]),
        use_per_day=np.array([100.0, 100.0]),
        priority_weight=np.ones(2),
        first_come_position=np.array([0, 1]),
    )
    assert share_goods(problem, Rule.FAIR).tolist() == [300, 900]
    assert share_goods(problem, Rule.PROPORTIONAL).tolist() == [900, 300]
    assert share_goods(problem, Rule.FIRST_COME).tolist() == [1_200, 0]


def test_minimum_order_goes_whole_to_lines_with_least_supply():
    """Two lots cannot be halved: the two lines with the least supply get one each, the third gets nothing."""
    problem = replace(
        random_problem(1, offers=1, lines=3, density=1.1),
        free_pieces=np.array([45_000]),
        minimum_order=np.array([20_000]),
        needed_pieces=np.full(3, 30_000),
        supply_days=np.array([3.0, 1.0, 2.0]),
        use_per_day=np.full(3, 1_000.0),
        priority_weight=np.ones(3),
    )
    pieces = share_goods(problem).tolist()
    assert pieces[0] == 0
    assert min(pieces[1:]) >= 20_000
    assert sum(pieces) == 45_000


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("free_pieces", 10**9 + 1),
        ("needed_pieces", 10**9 + 1),
        ("use_per_day", 0.0),
        ("supply_days", float("nan")),
        ("pack_size", 0),
        ("pair_cost", -1),
    ],
)
def test_solver_names_figure_outside_its_range(column, value):
    """Quantities beyond 10^9 and missing figures are errors, not plans."""
    problem = random_problem(1, density=1.1)
    values = getattr(problem, column).copy()
    values[1] = value
    with pytest.raises(BadProblem) as raised:
        share_goods(replace(problem, **{column: values}))
    assert (raised.value.column, raised.value.position) == (column, 1)


def test_solver_does_not_overflow_on_large_quantities():
    """Ten offers and lines of 10^9 pieces at the highest cost."""
    problem = random_problem(3, offers=10, lines=10, density=1.1)
    full = np.full(10, 10**9)
    problem = replace(
        problem,
        free_pieces=full,
        needed_pieces=full,
        pair_cost=np.full(100, 10**9),
        use_per_day=np.full(10, 10**6.0),
    )
    assert share_goods(problem).sum() == 10**10


def test_solver_allocates_nothing_when_there_are_no_goods_or_needs():
    """Three cases: no offer fits any line, no offer has free pieces, no line needs any."""
    problem = random_problem(1, density=0)
    assert share_goods(problem).tolist() == []
    problem = random_problem(1, density=1.1)
    nothing = replace(problem, free_pieces=problem.free_pieces * 0)
    assert share_goods(nothing).sum() == 0


def test_progress_callback_can_stop_solver():
    """The solver stops when the person who asked for the plan cancels it."""

    class Stopped(Exception):
        pass

    def stop(done, total):
        raise Stopped

    with pytest.raises(Stopped):
        share_goods(random_problem(1, density=1.1), Rule.FAIR, stop)


def test_number_of_pieces_and_supply_tier_agree_at_each_boundary():
    """Pieces below each tier, and the tier of a number of pieces, agree."""
    problem = random_problem(5, offers=1, lines=6, most=50)
    for make in TIERS_BY_RULE.values():
        tiers = make(problem)
        for line in range(6):
            for tier in range(int(tiers.low[line]), int(tiers.high[line]) + 1):
                below = int(tiers.pieces_below(np.array([line]), np.array([tier]))[0])
                got = np.zeros(6, np.int64)
                got[line] = below
                assert tiers.tier_of(got)[line] >= tier
    assert DaysOfSupply.top_tier == 360
