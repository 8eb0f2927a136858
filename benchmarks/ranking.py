"""`python -m benchmarks.ranking`: time the ranking of contacts for one inquiry, without a database.

The contacts are spread over the partner cities of one city and the partner cities of these. One in
ten is away and has deputies.
"""

import argparse
import gc
import os
import random
import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import django
from django.conf import settings

from partners.partial_dates import PartialDate
from partners.routing.ranking import rank_contacts
from partners.routing.ranking_data import Candidate, RoutingPlace, RoutingQuestion, TieLink

ON = date(2020, 4, 16)
ASKING = 1
FAMILIES = ("mask", "gown", "glove")
SINCE_2011, NEVER = PartialDate(date(2011, 1, 1), "year"), PartialDate()


@dataclass(frozen=True)
class Agreement:
    """An agreement in force, as in the city register."""

    status: str = "recorded"
    ended_why: str = ""
    certain: bool = True
    recorded_on: date = ON
    signed: PartialDate = SINCE_2011
    expires: PartialDate = NEVER
    ended: PartialDate = NEVER


def main() -> None:
    """Rank the contacts repeatedly, and print the best, median and worst time in milliseconds."""
    asked = arguments().parse_args()
    if not settings.configured:
        settings.configure(USE_I18N=False)
        django.setup()
    question, crowd = world(asked.contacts, asked.cities)
    took = [_once(question, crowd) for _round in range(asked.rounds)]
    print(
        f"{asked.contacts:,} contacts of {asked.cities} cities ranked in {min(took):.1f} ms at best, "
        f"{statistics.median(took):.1f} ms in the median of {asked.rounds}, {max(took):.1f} ms at worst "
        f"({os.cpu_count()} cores, one used)"
    )


def arguments() -> argparse.ArgumentParser:
    """Return the parser of the options: contacts, cities and rounds."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.ranking", description=__doc__)
    parser.add_argument("--contacts", type=int, default=10_000)
    parser.add_argument("--cities", type=int, default=200)
    parser.add_argument("--rounds", type=int, default=21)
    return parser


def world(contacts: int, cities: int) -> tuple[RoutingQuestion, Sequence[Candidate]]:
    """Return a question and its candidates, the same every time.

    The candidates are contacts in partner cities and in the partner cities of these.
    """
    draw = random.Random(4)
    ours = tuple(
        TieLink(city_id=number, name=f"City {number}", agreement=Agreement()) for number in range(2, 12)
    )
    places, ties = {}, {}
    for city in range(100, 100 + cities):
        places[city] = RoutingPlace(city_id=city, subdivision=f"CN-{city % 20}", country="CN")
        partner = ASKING if city % 2 else draw.randrange(2, 12)
        ties[city] = tuple(
            TieLink(city_id=one, name=f"City {one}", agreement=Agreement(), active=draw.random() < 0.5)
            for one in (partner, draw.randrange(2, 12))
        )
    crowd = [_somebody(number, draw, places, ties, contacts) for number in range(1, contacts + 1)]
    question = RoutingQuestion(
        city_id=ASKING, place=RoutingPlace(country="CN"), ties=ours, family="mask", language="en"
    )
    return question, crowd


def _somebody(
    number: int,
    draw: random.Random,
    places: dict[int, RoutingPlace],
    ties: dict[int, tuple[TieLink, ...]],
    contacts: int,
) -> Candidate:
    city = draw.choice(list(places))
    away = draw.random() < 0.1
    return Candidate(
        contact_id=number,
        place=places[city],
        ties=ties[city],
        languages=frozenset(draw.sample(("en", "zh", "fr"), 2)),
        families=frozenset(draw.sample(FAMILIES, 2)),
        open_questions=draw.randrange(7),
        answer_hours=draw.choice((None, 4, 20, 90)),
        away_until=ON + timedelta(days=3) if away else None,
        deputies=tuple(draw.randrange(1, contacts + 1) for _deputy in range(2)) if away else (),
        name=f"Person {number}",
    )


def _once(question: RoutingQuestion, crowd: Sequence[Candidate]) -> float:
    gc.collect()
    began = time.perf_counter()
    ranked = rank_contacts(question, crowd, ON)
    took = (time.perf_counter() - began) * 1000
    assert ranked, "somebody can be asked"
    return took


if __name__ == "__main__":
    main()
