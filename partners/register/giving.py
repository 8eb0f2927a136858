"""Who gave protective equipment across a pair of countries, by what the register knows of the giver's ties. Pure."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date

from partners.register.passed import DONATION, Passed


@dataclass(frozen=True)
class Giving[P]:
    """The gifts of the places there to other countries, each once, in the order they came."""

    here: list[P] = field(default_factory=list)  # to a place here
    with_ties: list[P] = field(default_factory=list)  # to others, from a place that has a tie here
    without_ties: list[P] = field(default_factory=list)  # to others, from a place that has none
    later: list[P] = field(default_factory=list)  # after the day


def giving[P: Passed](
    exchanges: Iterable[P],
    *,
    here: Collection[int],
    there: Collection[int],
    partners: Collection[int],
    on: date,
) -> Giving[P]:
    """Sort the gifts of places `there` to any other country; `partners` are those of them with a tie to a place `here`.

    A gift known only to its month or year counts from the first day of it, as everywhere in the register.
    """
    found = Giving[P]()
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
