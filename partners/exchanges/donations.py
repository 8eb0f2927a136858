"""Donations to other countries, gifts without an answer, and goods that a city has given before.

The functions take plain values and use no database.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date

from partners.exchanges.active_pairs import PPE_DONATION_KIND, PastExchange
from partners.exchanges.totals import KINDS_WITH_GOODS, CountedExchange, normalize_goods


@dataclass(frozen=True)
class Donations[P]:
    """Donations of cities in a partner country to other countries, each in one of four groups, in the given order.

    `to_home` went to the home country. All others went to third countries, from cities with an agreement with a
    home city (`from_partners`) or without one (`from_others`). `after_date` are those after the given date.
    """

    to_home: list[P] = field(default_factory=list)  # to a city of the home country
    from_partners: list[P] = field(default_factory=list)  # to others, from a city with an agreement with home
    from_others: list[P] = field(default_factory=list)  # to others, from a city without one
    after_date: list[P] = field(default_factory=list)  # after the date


def group_donations[P: PastExchange](
    exchanges: Iterable[P],
    *,
    home: Collection[int],
    abroad: Collection[int],
    partners: Collection[int],
    on: date,
) -> Donations[P]:
    """Group the donations of the cities `abroad` to any other country.

    `home` and `abroad` are the ids of the cities of the home country and of the partner country. `partners` are the
    cities abroad that have an agreement with a city at home. Donations after `on` are in the group `after_date`. A donation
    known only to its month or year counts from the first day of that period, as everywhere in the register.
    """
    donations = Donations[P]()
    for exchange in exchanges:
        if (
            exchange.kind != PPE_DONATION_KIND
            or exchange.from_city_id not in abroad
            or exchange.to_city_id in abroad
        ):
            continue
        if exchange.on > on:
            donations.after_date.append(exchange)
        elif exchange.to_city_id in home:
            donations.to_home.append(exchange)
        elif exchange.from_city_id in partners:
            donations.from_partners.append(exchange)
        else:
            donations.from_others.append(exchange)
    return donations


RECIPROCITY_SINCE = date(2020, 1, 1)  # earlier exchanges are not counted
GIFT_KINDS = frozenset({PPE_DONATION_KIND, "gift", "fundraising"})  # kinds of exchange that deserve thanks


@dataclass(frozen=True)
class UnansweredGifts[P]:
    """Gifts that the receiving city never answered with a letter, a visit or a gift, in order of date."""

    received: list[P] = field(default_factory=list)  # the city owes an answer
    given: list[P] = field(default_factory=list)  # the partner owes an answer


def unanswered_gifts[P: PastExchange](
    exchanges: Iterable[P], city: int, since: date = RECIPROCITY_SINCE
) -> UnansweredGifts[P]:
    """Return the gifts between a city and another without an answer.

    Cancelled or undelivered exchanges are no answer. An exchange on the same day is an answer, because the
    order of a gift and a letter on one day is not known.
    """
    rows = sorted((one for one in exchanges if one.on >= since), key=lambda one: one.on)
    last_by_side = {
        is_own: max(
            (one.on for one in rows if one.took_place and (one.from_city_id == city) == is_own), default=None
        )
        for is_own in (True, False)
    }
    gifts = UnansweredGifts[P]()
    for one in rows:
        if one.kind not in GIFT_KINDS:
            continue
        is_own = one.from_city_id == city
        last_answer = last_by_side[not is_own]
        if last_answer is None or last_answer < one.on:
            (gifts.given if is_own else gifts.received).append(one)
    return gifts


def goods_given_before(exchanges: Iterable[CountedExchange], city: int) -> list[str]:
    """Return the goods that a city has given to any city before, as their sources name them, sorted.

    Each is named once.
    """
    names: dict[str, str] = {}
    for one in exchanges:
        if one.kind in KINDS_WITH_GOODS and one.from_city_id == city and one.items.strip():
            names.setdefault(normalize_goods(one.items), one.items.strip())
    return [names[key] for key in sorted(names)]
