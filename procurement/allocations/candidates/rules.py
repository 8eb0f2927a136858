"""Rule that decides how well an offer fits a need line, and what is missing. Plain functions of loaded rows.

Goods are judged as everywhere (`AcceptedGoods`), the rest by the tests of allocation plans (`obstacle_tests`).
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from procurement.allocations.plans.obstacles import (
    NO_DEADLINE_DAY,
    Obstacle,
    comes_by_sea,
    obstacle_tests,
    smallest_lot,
)
from procurement.allocations.plans.pair_facts import (
    TRANSPORT_MODES,
    LineFacts,
    OfferFacts,
    UnitLandedCost,
    unit_landed_cost,
)
from procurement.allocations.plans.rules import is_use_suitable
from procurement.allocations.rules import OfferForLine, preference_key
from procurement.leads.rules.landed_cost import TransportMode
from procurement.leads.rules.leads import expired_offer_refusal
from procurement.requests.alternatives.models import GoodsMatchLevel

NO_COST = Decimal("Infinity")


class Shortfall(StrEnum):
    """What an offer lacks to fit a need line."""

    STANDARD_UNKNOWN = "standard_unknown"
    EVIDENCE_NEEDED = "evidence_needed"  # a comparable standard
    NON_MEDICAL = "non_medical"  # declared for non-medical use, and the need is medical
    NOT_PURCHASED = "not_purchased"  # for sale, and the need takes donations only
    NO_DONATIONS = "no_donations"  # a donation, and the need takes purchases only
    OTHER_NEED = "other_need"  # donated for another need
    NOT_VERIFIED = "not_verified"
    NO_PRICE = "no_price"  # and the line has a maximum
    PRICE = "price"  # above the maximum
    LATE = "late"
    MINIMUM_ORDER = "minimum_order"
    CARTON = "carton"  # whole cartons hold more than is free or needed
    ENDED = "ended"  # past its last day


class MissingFact(NamedTuple):
    """One shortfall. `figure`: the days late, or the units of the minimum order or of whole cartons; None for the others."""

    shortfall: Shortfall
    figure: int | None = None


@dataclass(frozen=True)
class Candidate:
    """An offer and a need line that it fits, or nearly fits: then `missing` says what it lacks.

    `mode` is the mode of transport by which the goods come, `arrives_on` the first day; None if nothing tells how long they
    travel. `landed_cost` is that of a piece by this mode; None if no part of it is known. `has_deadline`: the day by which
    the line needs goods has not passed.
    """

    pair: OfferForLine
    mode: TransportMode
    arrives_on: date | None
    landed_cost: UnitLandedCost | None
    has_deadline: bool
    missing: tuple[MissingFact, ...]

    @property
    def fits(self) -> bool:
        """True if nothing is missing."""
        return not self.missing

    @property
    def is_in_time(self) -> bool | None:
        """True if the goods arrive by the day needed; None if that day has passed or nothing tells how long they travel."""
        if any(one.shortfall is Shortfall.LATE for one in self.missing):
            return False
        return True if self.has_deadline and self.arrives_on is not None else None


def judge(pair: OfferForLine, offer: OfferFacts, line: LineFacts, at: datetime) -> Candidate:
    """Return how well the offer fits the line. The goods may be allocated, at least with evidence."""
    position = _mode_position(offer, line)
    mode = TRANSPORT_MODES[position]
    return Candidate(
        pair,
        mode,
        date.fromordinal(offer.arrival_days[position]) if offer.is_travel_known else None,
        unit_landed_cost(pair.lead, mode),
        line.needed_by < NO_DEADLINE_DAY,
        (*_missing_in_goods(pair, at), *_missing_by_tests(pair, offer, line)),
    )


def best_first(candidates: Iterable[Candidate]) -> list[Candidate]:
    """Return the candidates that lack the least first, then in the order in which quantities are proposed."""
    return sorted(candidates, key=lambda one: (len(one.missing), *preference_key(one.pair)))


def _mode_position(offer: OfferFacts, line: LineFacts) -> int:
    """Return the place of the goods' mode among `TRANSPORT_MODES`: as in a plan, else the one that arrives first."""
    sea, air = offer.arrival_days
    sea_cost, air_cost = (NO_COST if cost is None else cost for cost in offer.unit_costs)
    if comes_by_sea(sea, air, sea_cost, air_cost, line.needed_by):
        return 0
    is_air_in_time = air <= line.needed_by and air < NO_DEADLINE_DAY
    return int(is_air_in_time or air < sea)


def _missing_in_goods(pair: OfferForLine, at: datetime) -> Iterator[MissingFact]:
    if pair.match.level is GoodsMatchLevel.UNKNOWN:
        yield MissingFact(Shortfall.STANDARD_UNKNOWN)
    elif not pair.match.counts_in_full:
        yield MissingFact(Shortfall.EVIDENCE_NEEDED)
    if not is_use_suitable(pair.lead, pair.line):
        yield MissingFact(Shortfall.NON_MEDICAL)
    if expired_offer_refusal(pair.lead, at) is not None:
        yield MissingFact(Shortfall.ENDED)


def _missing_by_tests(pair: OfferForLine, offer: OfferFacts, line: LineFacts) -> Iterator[MissingFact]:
    lot = smallest_lot(offer.minimum_order, offer.pack_size)
    is_least_ordered = offer.minimum_order > min(offer.free_pieces, line.needed_pieces)
    facts = {
        Obstacle.KIND: MissingFact(Shortfall.NO_DONATIONS if offer.is_donation else Shortfall.NOT_PURCHASED),
        Obstacle.DONOR: MissingFact(Shortfall.OTHER_NEED),
        Obstacle.EVIDENCE: MissingFact(Shortfall.NOT_VERIFIED),
        Obstacle.PRICE: MissingFact(
            Shortfall.NO_PRICE if pair.lead.price_in_city_currency is None else Shortfall.PRICE
        ),
        Obstacle.LATE: MissingFact(Shortfall.LATE, offer.arrival_day - line.needed_by),
        Obstacle.LOT: MissingFact(Shortfall.MINIMUM_ORDER, offer.minimum_order)
        if is_least_ordered
        else MissingFact(Shortfall.CARTON, lot),
    }
    for obstacle, passes in obstacle_tests(offer, line):
        if not passes and obstacle in facts:
            yield facts[obstacle]
