"""Tests that decide whether an offer of suitable goods may serve a need line.

They are written once for the figures of one pair and for arrays of many: plans test all pairs in bulk, lists of candidates
one by one. Loads no numpy.
"""

from enum import IntEnum
from typing import Any, NamedTuple

NO_DEADLINE_DAY = 10**7  # later than any day


class Obstacle(IntEnum):
    """Reason why an offer of suitable goods may not serve a line, in the order of the tests."""

    CITY = 0  # offered to another city and not shared
    KIND = 1  # for sale or a donation, and the line takes only the other
    DONOR = 2  # given for another need
    EVIDENCE = 3  # not verified
    PRICE = 4  # above the highest price of the line
    LATE = 5  # arrives after the day needed
    LOT = 6  # the minimum order or the pack is more than what is free or needed


class ObstacleTest(NamedTuple):
    """Result of one test: True, or an array of booleans, where the obstacle does not keep the offer from the line."""

    obstacle: Obstacle
    passes: Any


def obstacle_tests(offer: Any, line: Any) -> tuple[ObstacleTest, ...]:
    """Return the result of every test, in the order in which plans count obstacles.

    `offer` and `line` have the attributes of `OfferFacts` and `LineFacts` (pair_facts.py): numbers and booleans, or numpy
    arrays that broadcast against each other.
    """
    lot = smallest_lot(offer.minimum_order, offer.pack_size)
    sale = offer.is_donation ^ True
    return (
        ObstacleTest(Obstacle.CITY, offer.city == line.city),
        ObstacleTest(Obstacle.KIND, offer.is_donation & line.takes_donation | sale & line.takes_sale),
        ObstacleTest(
            Obstacle.DONOR, (offer.donation_need < 0) | (offer.donation_need == line.request_number)
        ),
        ObstacleTest(Obstacle.EVIDENCE, offer.is_usable),
        ObstacleTest(Obstacle.PRICE, offer.is_donation | (offer.price <= line.highest_price)),
        ObstacleTest(Obstacle.LATE, offer.arrival_day <= line.needed_by),
        ObstacleTest(Obstacle.LOT, (lot <= offer.free_pieces) & (lot <= line.needed_pieces)),
    )


def smallest_lot(minimum_order: Any, pack_size: Any) -> Any:
    """Return the smallest lot of an offer, in pieces: whole packs that reach the minimum order.

    Both are at least 1; numbers or arrays of whole numbers.
    """
    return -(-minimum_order // pack_size) * pack_size


def comes_by_sea(sea_day: Any, air_day: Any, sea_cost: Any, air_cost: Any, needed_by: Any) -> Any:
    """Return where goods come by sea: in time, and either for no more than by air, or not in time by air.

    Numbers or arrays. A mode whose day is `NO_DEADLINE_DAY` never arrives, not even where no day is needed.
    """
    by_sea = (sea_day <= needed_by) & (sea_day < NO_DEADLINE_DAY)
    by_air = (air_day <= needed_by) & (air_day < NO_DEADLINE_DAY)
    return by_sea & ((sea_cost <= air_cost) | (by_air ^ True))
