"""What two places owe each other: gifts after which nothing went back, and what one of them has been able to give. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from partners.register.passed import DONATION, Passed
from partners.register.totals import GOODS, Carried, same

SINCE = date(2020, 1, 1)  # since when what passed is added up
GIVEN = frozenset({DONATION, "gift", "fundraising"})  # what somebody gives, and is thanked for


@dataclass(frozen=True)
class Unanswered[P]:
    """Gifts after which nothing at all went the other way: no letter, no visit, no gift. In the order they came."""

    by_them: list[P] = field(default_factory=list)  # we owe a thank-you
    by_us: list[P] = field(default_factory=list)  # they never answered


def unanswered[P: Passed](exchanges: Iterable[P], city: int, since: date = SINCE) -> Unanswered[P]:
    """The gifts between a place and another that nobody has answered. What never took place answers nothing.

    What happened on the same day answers: of a gift and a letter of one day nobody knows which came first.
    """
    rows = sorted((one for one in exchanges if one.on >= since), key=lambda one: one.on)
    last = {
        ours: max((one.on for one in rows if one.counts and (one.from_city_id == city) == ours), default=None)
        for ours in (True, False)
    }
    found = Unanswered[P]()
    for one in rows:
        if one.kind not in GIVEN:
            continue
        ours = one.from_city_id == city
        back = last[not ours]
        if back is None or back < one.on:
            (found.by_us if ours else found.by_them).append(one)
    return found


def can_offer(exchanges: Iterable[Carried], city: int) -> list[str]:
    """What a place has handed over before, to whomever, by the names its sources use; each once, by name."""
    names: dict[str, str] = {}
    for one in exchanges:
        if one.kind in GOODS and one.from_city_id == city and one.items.strip():
            names.setdefault(same(one.items), one.items.strip())
    return [names[key] for key in sorted(names)]
