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
    equipment_donor_receiver_pairs,
)


class UntappedPotentialReason(StrEnum):
    """Reason why an inquiry through an agreement is worthwhile."""

    GIVES_TO_OTHERS = "gives_to_others"  # the partner has donated equipment to others, but not to the city
    NEVER_ASKED = "never_asked"


@dataclass(frozen=True)
class UntappedAgreement:
    """Agreement with unused potential (`agreement_side`), seen from the city that could ask, and the reasons to ask."""

    agreement_side: AgreementSide
    reasons: frozenset[UntappedPotentialReason]


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
    active, given = (
        active_pairs(exchanges, active_since, on),
        equipment_donor_receiver_pairs(exchanges, date.min, on),
    )
    givers = {giver for giver, _receiver in equipment_donor_receiver_pairs(exchanges, since, on)}
    untapped = []
    for side in agreements:
        if (
            agreement_status_on(side.agreement, on) is not AgreementStatus.IN_FORCE
            or side.city_pair not in active
        ):
            continue
        reasons = set()
        if side.partner_city_id in givers and (side.partner_city_id, side.city) not in given:
            reasons.add(UntappedPotentialReason.GIVES_TO_OTHERS)
        if (side.city, side.partner_city_id) not in asked:
            reasons.add(UntappedPotentialReason.NEVER_ASKED)
        if reasons:
            untapped.append(UntappedAgreement(side, frozenset(reasons)))
    return untapped


@dataclass(frozen=True, kw_only=True)
class AgreementFigures:
    """Counts of agreements, cities and donors: those of the register, or those that an article published.

    "Here" is the side of the cities that ask, "there" the side of their partner cities.
    """

    agreement_count: int
    asking_city_count: int
    partner_city_count: int
    active_agreement_count: int
    donors_to_other_countries: int
    donors_with_active_agreement: int
    donors_to_asking_cities: int


def agreement_figures(
    agreements: Iterable[AgreementSide],
    exchanges: Collection[PastExchange],
    there: Collection[int],
    on: date,
    active_since: date = ACTIVE_SINCE,
) -> AgreementFigures:
    """Return the counts of the agreements in force with partner cities among `there`, the ids of the cities there.

    Counts the agreements, the cities on both sides, and the active agreements. Also counts the partner cities
    that donated equipment to another country (`donors_to_other_countries`), those of them with an active agreement, and the
    partner cities that donated to a city here (`donors_to_asking_cities`).
    """
    in_force = [
        side for side in agreements if side.partner_city_id in there and is_in_force(side.agreement, on)
    ]
    active, given = (
        active_pairs(exchanges, active_since, on),
        equipment_donor_receiver_pairs(exchanges, date.min, on),
    )
    here, partners = {side.city for side in in_force}, {side.partner_city_id for side in in_force}
    abroad = {giver for giver, receiver in given if giver in partners and receiver not in there}
    with_active = {side.partner_city_id for side in in_force if side.city_pair in active}
    return AgreementFigures(
        agreement_count=len(in_force),
        asking_city_count=len(here),
        partner_city_count=len(partners),
        active_agreement_count=sum(side.city_pair in active for side in in_force),
        donors_to_other_countries=len(abroad),
        donors_with_active_agreement=len(abroad & with_active),
        donors_to_asking_cities=len(
            {giver for giver, receiver in given if giver in partners and receiver in here}
        ),
    )


@dataclass(frozen=True)
class Article:
    """Article with published figures about the agreements between the country `asking_country` and the country `partner_country`.

    The figures count agreements in force on the day `figures_date`, active ones since `active_since`.
    """

    asking_country: str
    partner_country: str
    active_since: date
    figures_date: date
    title: str
    publisher: str
    url: str
    figures: AgreementFigures


PUBLISHED_ARTICLE = Article(
    asking_country="CA",
    partner_country="CN",
    active_since=date(2015, 1, 1),
    figures_date=date(2020, 4, 30),
    title="Rainy Day Connections: Sister Cities During COVID-19",
    publisher="Asia Pacific Foundation of Canada",
    url="https://www.asiapacific.ca/publication/rainy-day-connections-sister-cities-during-covid-19",
    figures=AgreementFigures(
        agreement_count=107,
        asking_city_count=66,
        partner_city_count=80,
        active_agreement_count=45,
        donors_to_other_countries=41,
        donors_with_active_agreement=29,
        donors_to_asking_cities=6,
    ),
)


def article_about_countries(here: str, there: str) -> Article | None:
    """Return the article about a pair of countries, or None."""
    return (
        PUBLISHED_ARTICLE
        if (here, there) == (PUBLISHED_ARTICLE.asking_country, PUBLISHED_ARTICLE.partner_country)
        else None
    )
