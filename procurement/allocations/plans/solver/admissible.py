"""Admissible pairs: the offers and need lines that a plan may combine, found in bulk.

For every other pair of suitable goods, the first obstacle is counted.
"""

from dataclasses import dataclass
from enum import IntEnum
from typing import NamedTuple

import numpy as np

from procurement.allocations.plans.solver.problem import BoolArray, FloatArray, IntArray

MAX_PAIRS_AT_ONCE = 2_000_000  # pairs looked at together
NO_DEADLINE_DAY = 10**7  # later than any day
NO_LOT_SIZE = 10**10  # larger than any lot


class Obstacle(IntEnum):
    """Reason why an offer of suitable goods may not serve a line, in the order of the tests."""

    CITY = 0  # offered to another city and not shared
    KIND = 1  # for sale or a donation, and the line takes only the other
    DONOR = 2  # given for another need
    EVIDENCE = 3  # not verified
    PRICE = 4  # above the highest price of the line
    LATE = 5  # arrives after the day needed
    LOT = 6  # the minimum order or the pack is more than what is free or needed


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
    city = lines.city[n][:, None]
    room = np.minimum(offers.free_pieces[o][None, :], lines.needed_pieces[n][:, None])
    shared = (
        offers.shared_with_cities[o][:, lines.city[n]].T if offers.shared_with_cities is not None else False
    )
    tests = (
        (Obstacle.CITY, (offers.city[o][None, :] == city) | shared),
        (
            Obstacle.KIND,
            np.where(
                offers.is_donation[o][None, :], lines.takes_donation[n][:, None], lines.takes_sale[n][:, None]
            ),
        ),
        (
            Obstacle.DONOR,
            (offers.donation_need[o][None, :] < 0)
            | (offers.donation_need[o][None, :] == lines.request_number[n][:, None]),
        ),
        (Obstacle.EVIDENCE, np.broadcast_to(offers.is_usable[o][None, :], may.shape)),
        (
            Obstacle.PRICE,
            offers.is_donation[o][None, :] | (offers.price[o][None, :] <= lines.highest_price[n][:, None]),
        ),
        (Obstacle.LATE, offers.arrival_day[o][None, :] <= lines.needed_by[n][:, None]),
        (Obstacle.LOT, _has_room_for_lot(offers, o, room)),
    )
    for obstacle, passes in tests:
        obstacle_counts[n, obstacle] += (may & ~passes).sum(axis=1)
        if obstacle is Obstacle.LOT and len(o):
            lot = np.where(may & ~passes, _smallest_lot(offers, o)[None, :], NO_LOT_SIZE)
            smallest_unfit_lot[n] = np.minimum(smallest_unfit_lot[n], lot.min(axis=1))
        may &= passes
    return may


def _smallest_lot(offers: OfferColumns, o: IntArray) -> IntArray:
    """Return the smallest lot of each offer: whole packs that reach the minimum order."""
    pack = offers.pack_size[o]
    whole: IntArray = np.maximum(-(-offers.minimum_order[o] // pack) * pack, pack)
    return whole


def _has_room_for_lot(offers: OfferColumns, o: IntArray, room: IntArray) -> BoolArray:
    """Return where whole packs reach the minimum order within what is free and needed."""
    pack, least = offers.pack_size[o][None, :], offers.minimum_order[o][None, :]
    if not ((pack > 1) | (least > 1)).any():
        return room > 0
    whole = room - room % pack
    return (whole >= least) & (whole > 0)
