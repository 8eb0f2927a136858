"""The tests of a pair give the same for one pair of figures as for arrays of many."""

from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from procurement.allocations.plans.obstacles import (
    NO_DEADLINE_DAY,
    Obstacle,
    comes_by_sea,
    obstacle_tests,
    smallest_lot,
)
from procurement.allocations.plans.pair_facts import LineFacts, OfferFacts
from procurement.allocations.plans.solver.admissible import LineColumns, OfferColumns, admissible_pairs

pieces = st.integers(1, 60)
days = st.sampled_from([7, 8, 9, NO_DEADLINE_DAY])
prices = st.sampled_from([1.0, 2.0, float("inf")])
offers = st.builds(
    OfferFacts,
    city=st.integers(0, 1),
    is_donation=st.booleans(),
    donation_need=st.sampled_from([-1, 3, 4]),
    is_usable=st.booleans(),
    price=prices,
    arrival_day=days,
    free_pieces=pieces,
    minimum_order=pieces,
    pack_size=st.integers(1, 9),
    arrival_days=st.just((NO_DEADLINE_DAY, 7)),
    unit_costs=st.just((None, None)),
    is_travel_known=st.just(True),
)
lines = st.builds(
    LineFacts,
    city=st.integers(0, 1),
    request_number=st.sampled_from([3, 4]),
    takes_sale=st.booleans(),
    takes_donation=st.booleans(),
    highest_price=prices,
    needed_by=days,
    needed_pieces=pieces,
)


def columns(kind: Any, facts: list[Any], **more: Any) -> Any:
    """Return the facts as arrays."""
    names = set(kind.__annotations__) & set(facts[0]._fields)
    return kind(**{name: np.array([getattr(one, name) for one in facts]) for name in names}, **more)


@given(st.lists(offers, min_size=1, max_size=6), st.lists(lines, min_size=1, max_size=6))
def test_pairs_and_obstacles_of_arrays_equal_those_of_single_pairs(
    offered: list[OfferFacts], wanted: list[LineFacts]
) -> None:
    goods, wishes = np.zeros(len(offered), np.int64), np.zeros(len(wanted), np.int64)
    found = admissible_pairs(
        columns(OfferColumns, offered, goods_number=goods),
        columns(LineColumns, wanted, wanted_goods_number=wishes),
        np.ones((1, 1), bool),
    )
    counts = np.zeros((len(wanted), len(Obstacle)), np.int64)
    pairs = []
    for place, line in enumerate(wanted):
        for number, offer in enumerate(offered):
            first = next((one.obstacle for one in obstacle_tests(offer, line) if not one.passes), None)
            if first is None:
                pairs.append((number, place))
            else:
                counts[place, first] += 1
    assert list(zip(found.offer_index.tolist(), found.line_index.tolist(), strict=True)) == pairs
    assert found.obstacle_counts.tolist() == counts.tolist()


@given(pieces, st.integers(1, 9))
def test_smallest_lot_is_the_first_number_of_whole_packs_that_reaches_the_minimum_order(
    minimum: int, pack: int
) -> None:
    lot = smallest_lot(minimum, pack)
    assert lot % pack == 0
    assert lot - pack < minimum <= lot


def test_mode_that_never_arrives_is_not_taken_where_no_day_is_needed() -> None:
    for sea, air, sea_cost, air_cost, by_sea in (
        (NO_DEADLINE_DAY, 9, 1, 1, False), (9, NO_DEADLINE_DAY, 5, 1, True), (9, 8, 1, 1, True), (9, 8, 2, 1, False),
    ):  # fmt: skip
        assert bool(comes_by_sea(sea, air, sea_cost, air_cost, NO_DEADLINE_DAY)) is by_sea
    assert not comes_by_sea(9, 8, 1, 2, 8), "too late by sea"
    assert comes_by_sea(8, 9, 2, 1, 8), "too late by air"
