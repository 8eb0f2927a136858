"""Agreements with unused potential, and counts of agreements to compare with an article. No database access."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from partners.agreements.status import AgreementStatus, agreement_status_on, is_in_force
from partners.exchanges.active_pairs import (
    ACTIVE_SINCE,
    AgreementSide,
    PastExchange,
    active_pairs,
    donations_of_equipment,
)


class UntappedReason(StrEnum):
    """Reason why an inquiry through an agreement is worthwhile."""

    GIVES_TO_OTHERS = "gives_to_others"  # the partner has donated equipment to others, but not to the city
    NEVER_ASKED = "never_asked"


@dataclass(frozen=True)
class UntappedAgreement:
    """Agreement with unused potential (`tie`), seen from the city that could ask, and the reasons to ask."""

    tie: AgreementSide
    reasons: frozenset[UntappedReason]


def untapped_agreements(
    agreements: Iterable[AgreementSide],
    exchanges: Collection[PastExchange],
    asked: Collection[tuple[int, int]],
    *,
    since: date,
    on: date,
    active_since: date = ACTIVE_SINCE,
) -> list[UntappedAgreement]:
    """Return the agreements in force on a date that are active and have unused potential, in the given order.

    An agreement is active if its cities had an exchange between the day `active_since` and that date.
    Each agreement is seen from one of its two cities, and there are two reasons for this city to ask the other one.
    The partner has donated equipment to others since the day `since`, but at no time to the city. Or the city has
    never asked the partner (`asked` holds pairs of city and partner).
    """
    active, given = active_pairs(exchanges, active_since, on), donations_of_equipment(exchanges, date.min, on)
    givers = {giver for giver, _receiver in donations_of_equipment(exchanges, since, on)}
    untapped = []
    for tie in agreements:
        if agreement_status_on(tie.agreement, on) is not AgreementStatus.IN_FORCE or tie.pair not in active:
            continue
        reasons = set()
        if tie.partner in givers and (tie.partner, tie.city) not in given:
            reasons.add(UntappedReason.GIVES_TO_OTHERS)
        if (tie.city, tie.partner) not in asked:
            reasons.add(UntappedReason.NEVER_ASKED)
        if reasons:
            untapped.append(UntappedAgreement(tie, frozenset(reasons)))
    return untapped


@dataclass(frozen=True, kw_only=True)
class AgreementFigures:
    """Counts of agreements, cities and donors: those of the register, or those that an article published.

    "Here" is the side of the cities that ask, "there" the side of their partner cities.
    """

    agreements: int
    cities_here: int
    cities_there: int
    active: int
    donors_abroad: int
    donors_with_active_ties: int
    donors_here: int


def agreement_figures(
    agreements: Iterable[AgreementSide],
    exchanges: Collection[PastExchange],
    there: Collection[int],
    on: date,
    active_since: date = ACTIVE_SINCE,
) -> AgreementFigures:
    """Return the counts of the agreements in force with partner cities among `there`, the ids of the cities there.

    Counts the agreements, the cities on both sides, and the active agreements. Also counts the partner cities
    that donated equipment to another country (`donors_abroad`), those of them with an active agreement, and the
    partner cities that donated to a city here (`donors_here`).
    """
    in_force = [tie for tie in agreements if tie.partner in there and is_in_force(tie.agreement, on)]
    active, given = active_pairs(exchanges, active_since, on), donations_of_equipment(exchanges, date.min, on)
    here, partners = {tie.city for tie in in_force}, {tie.partner for tie in in_force}
    abroad = {giver for giver, receiver in given if giver in partners and receiver not in there}
    with_active = {tie.partner for tie in in_force if tie.pair in active}
    return AgreementFigures(
        agreements=len(in_force),
        cities_here=len(here),
        cities_there=len(partners),
        active=sum(tie.pair in active for tie in in_force),
        donors_abroad=len(abroad),
        donors_with_active_ties=len(abroad & with_active),
        donors_here=len({giver for giver, receiver in given if giver in partners and receiver in here}),
    )


@dataclass(frozen=True)
class Article:
    """Article with published figures about the agreements between the country `here` and the country `there`.

    The figures count agreements in force on the day `on`, active ones since `active_since`.
    """

    here: str
    there: str
    active_since: date
    on: date
    title: str
    publisher: str
    address: str
    figures: AgreementFigures


ARTICLE = Article(
    here="CA",
    there="CN",
    active_since=date(2015, 1, 1),
    on=date(2020, 4, 30),
    title="Rainy Day Connections: Sister Cities During COVID-19",
    publisher="Asia Pacific Foundation of Canada",
    address="https://www.asiapacific.ca/publication/rainy-day-connections-sister-cities-during-covid-19",
    figures=AgreementFigures(
        agreements=107,
        cities_here=66,
        cities_there=80,
        active=45,
        donors_abroad=41,
        donors_with_active_ties=29,
        donors_here=6,
    ),
)


def article_about(here: str, there: str) -> Article | None:
    """Return the article about a pair of countries, or None."""
    return ARTICLE if (here, there) == (ARTICLE.here, ARTICLE.there) else None
