"""Active pairs of cities (with an exchange between them since a date), and donations. No database access."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from partners.agreements.status import AgreementStatusFacts

ACTIVE_SINCE = date(2015, 1, 1)  # rule of the article: at least one exchange since 2015
PPE_DONATION_KIND = "ppe_donation"

type Pair = frozenset[int]


class PastExchange(Protocol):
    """Protocol of the values of an exchange that decide whether a pair of cities is active."""

    @property
    def from_city_id(self) -> int: ...

    @property
    def to_city_id(self) -> int: ...

    @property
    def on(self) -> date: ...

    @property
    def kind(self) -> str: ...

    @property
    def took_place(self) -> bool: ...


@dataclass(frozen=True)
class AgreementSide:
    """Agreement seen from one of its two cities: the id of that city, and the id of the other one (`partner_city_id`)."""

    city: int
    partner_city_id: int
    agreement: AgreementStatusFacts

    @property
    def city_pair(self) -> Pair:
        """Ids of both sides, without order."""
        return frozenset((self.city, self.partner_city_id))


def active_pairs(exchanges: Iterable[PastExchange], since: date, on: date) -> frozenset[Pair]:
    """Return the pairs of cities with at least one exchange between two dates, both included.

    Cancelled visits and undelivered offers do not count. An exchange known only to its month or year counts
    from the first day of that period.
    """
    return frozenset(
        frozenset((exchange.from_city_id, exchange.to_city_id))
        for exchange in exchanges
        if exchange.took_place and since <= exchange.on <= on
    )


def equipment_donor_receiver_pairs(
    exchanges: Iterable[PastExchange], since: date, on: date
) -> frozenset[tuple[int, int]]:
    """Return the donations of protective equipment between two dates, as pairs of donor and receiver."""
    return frozenset(
        (exchange.from_city_id, exchange.to_city_id)
        for exchange in exchanges
        if exchange.kind == PPE_DONATION_KIND and since <= exchange.on <= on
    )
