"""Donations to other countries, and gifts that were not answered.

Pure functions: they read and write no rows.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date

from partners.exchanges.active_pairs import DONATION, PastExchange
from partners.exchanges.totals import KINDS_WITH_GOODS, CountedExchange, normalize_goods


@dataclass(frozen=True)
class Donations[P]:
    """Donations of cities in one country to other countries, each in one group, in the given order."""

    here: list[P] = field(default_factory=list)  # to a city here
    with_ties: list[P] = field(default_factory=list)  # to others, from a city with an agreement here
    without_ties: list[P] = field(default_factory=list)  # to others, from a city without one
    later: list[P] = field(default_factory=list)  # after the date


def sort_donations[P: PastExchange](
    exchanges: Iterable[P],
    *,
    here: Collection[int],
    there: Collection[int],
    partners: Collection[int],
    on: date,
) -> Donations[P]:
    """Group the donations of the cities `there` to any other country.

    `partners` are the cities among them that have an agreement with a city `here`. A donation known only to
    its month or year counts from the first day of that period, as everywhere in the register.
    """
    found = Donations[P]()
    for passed in exchanges:
        if passed.kind != DONATION or passed.from_city_id not in there or passed.to_city_id in there:
            continue
        if passed.on > on:
            found.later.append(passed)
        elif passed.to_city_id in here:
            found.here.append(passed)
        elif passed.from_city_id in partners:
            found.with_ties.append(passed)
        else:
            found.without_ties.append(passed)
    return found


RECIPROCITY_SINCE = date(2020, 1, 1)  # earlier exchanges are not counted
GIFT_KINDS = frozenset({DONATION, "gift", "fundraising"})  # kinds of exchange that deserve thanks


@dataclass(frozen=True)
class UnansweredDonation[P]:
    """Gifts that the receiving city never answered with a letter, a visit or a gift, in order of date."""

    by_them: list[P] = field(default_factory=list)  # this city owes an answer
    by_us: list[P] = field(default_factory=list)  # the partner owes an answer


def unanswered_donations[P: PastExchange](
    exchanges: Iterable[P], city: int, since: date = RECIPROCITY_SINCE
) -> UnansweredDonation[P]:
    """Return the gifts between a city and another without an answer.

    Cancelled or undelivered exchanges are no answer. An exchange on the same day is an answer, because the
    order of a gift and a letter on one day is not known.
    """
    rows = sorted((one for one in exchanges if one.on >= since), key=lambda one: one.on)
    last = {
        ours: max((one.on for one in rows if one.counts and (one.from_city_id == city) == ours), default=None)
        for ours in (True, False)
    }
    found = UnansweredDonation[P]()
    for one in rows:
        if one.kind not in GIFT_KINDS:
            continue
        ours = one.from_city_id == city
        back = last[not ours]
        if back is None or back < one.on:
            (found.by_us if ours else found.by_them).append(one)
    return found


def goods_given_before(exchanges: Iterable[CountedExchange], city: int) -> list[str]:
    """Return the goods that a city has given to any city before, as their sources name them, sorted.

    Each is named once.
    """
    names: dict[str, str] = {}
    for one in exchanges:
        if one.kind in KINDS_WITH_GOODS and one.from_city_id == city and one.items.strip():
            names.setdefault(normalize_goods(one.items), one.items.strip())
    return [names[key] for key in sorted(names)]
