"""Admissible pairs: the offers and need lines that a plan may combine, found in bulk.

For every other pair of suitable goods, the first obstacle is counted.
"""

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from procurement.allocations.plans.obstacles import Obstacle, obstacle_tests, smallest_lot
from procurement.allocations.plans.solver.problem import BoolArray, FloatArray, IntArray

MAX_PAIRS_AT_ONCE = 2_000_000  # pairs looked at together
NO_LOT_SIZE = 10**10  # larger than any lot


@dataclass(frozen=True, slots=True)
class OfferColumns:
    """Facts of the offers: one array for each fact, with one element for each offer.

    Days are date ordinals. `goods_number` numbers the combination of product, standard and use. `minimum_order` is the minimum
    order, `pack_size` the size of a pack, `free_pieces` the pieces not allocated yet.
    """

    goods_number: IntArray
    city: IntArray
    is_donation: BoolArray
    donation_need: IntArray  # the need that a donation was given for, or -1
    is_usable: BoolArray  # verified, or included although not verified
    price: FloatArray  # of a piece, in the currency of its city
    arrival_day: IntArray
    free_pieces: IntArray
    minimum_order: IntArray
    pack_size: IntArray
    shared_with_cities: BoolArray | None = None  # offers x cities: which other cities may use it


@dataclass(frozen=True, slots=True)
class LineColumns:
    """Facts of the need lines: one array for each fact, with one element for each line.

    `wanted_goods_number` numbers the combination of accepted products, standards and use. `needed_pieces` is the
    number of pieces that the line still needs.
    """

    wanted_goods_number: IntArray
    city: IntArray
    request_number: IntArray
    takes_sale: BoolArray
    takes_donation: BoolArray
    highest_price: FloatArray  # infinity without one
    needed_by: IntArray  # `NO_DEADLINE_DAY` without one
    needed_pieces: IntArray


class AdmissiblePairs(NamedTuple):
    """Admissible pairs, in the order of lines, and the number of offers that each obstacle kept from each line.

    `offer_index` and `line_index` are the positions of both sides of each pair. `smallest_unfit_lot` is, for each line, the smallest
    minimum order or pack that was too large for it, or 0 if none was.
    """

    offer_index: IntArray
    line_index: IntArray
    obstacle_counts: IntArray  # lines x obstacles
    smallest_unfit_lot: IntArray


def admissible_pairs(offers: OfferColumns, lines: LineColumns, fits: BoolArray) -> AdmissiblePairs:
    """Return the admissible pairs. `fits[wants, goods]` says which goods a line accepts."""
    obstacle_counts = np.zeros((len(lines.needed_pieces), len(Obstacle)), np.int64)
    smallest_unfit_lot = np.full(len(lines.needed_pieces), NO_LOT_SIZE)
    found_offers, found_lines = [], []
    for wants in np.unique(lines.wanted_goods_number):
        used_offers = np.flatnonzero(fits[wants][offers.goods_number])
        used_lines = np.flatnonzero(lines.wanted_goods_number == wants)
        step = max(1, MAX_PAIRS_AT_ONCE // max(1, len(used_offers)))
        for first in range(0, len(used_lines), step):
            some = used_lines[first : first + step]
            row, column = np.nonzero(
                _may_serve(offers, lines, used_offers, some, obstacle_counts, smallest_unfit_lot)
            )
            found_offers.append(used_offers[column])
            found_lines.append(some[row])
    offer, line = (np.concatenate([np.zeros(0, np.int64), *found]) for found in (found_offers, found_lines))
    order = np.argsort(line, kind="stable")
    smallest_unfit_lot[smallest_unfit_lot == NO_LOT_SIZE] = 0
    return AdmissiblePairs(offer[order], line[order], obstacle_counts, smallest_unfit_lot)


def _may_serve(
    offers: OfferColumns,
    lines: LineColumns,
    o: IntArray,
    n: IntArray,
    obstacle_counts: IntArray,
    smallest_unfit_lot: IntArray,
) -> BoolArray:
    """Return which of these offers may serve which of these lines, and count what kept away the others."""
    may = np.ones((len(n), len(o)), bool)
    shared = offers.shared_with_cities
    for obstacle, met in obstacle_tests(_Elements(offers, o, 0), _Elements(lines, n, 1)):
        passes = met
        if obstacle is Obstacle.CITY and shared is not None:
            passes = met | shared[o][:, lines.city[n]].T
        obstacle_counts[n, obstacle] += (may & ~passes).sum(axis=1)
        if obstacle is Obstacle.LOT and len(o):
            lots = smallest_lot(offers.minimum_order[o], offers.pack_size[o])
            lot = np.where(may & ~passes, lots[None, :], NO_LOT_SIZE)
            smallest_unfit_lot[n] = np.minimum(smallest_unfit_lot[n], lot.min(axis=1))
        may &= passes
    return may


class _Elements:
    """Some elements of the arrays of `columns`, each array with a further axis of length 1."""

    def __init__(self, columns: OfferColumns | LineColumns, index: IntArray, axis: int) -> None:
        self._columns, self._index, self._axis = columns, index, axis

    def __getattr__(self, name: str) -> Any:
        return np.expand_dims(getattr(self._columns, name)[self._index], self._axis)
