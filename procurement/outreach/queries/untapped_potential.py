"""Agreements between the cities of two countries, and which of them could achieve more. Reads only.

The facts come from the city register, which every signed-in user may read, and from sent inquiries, of which
readers see those of their own cities and of the cities they oversee. A page, a file and the API use this
module.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Min, Q

from partners.agreements.models import TwinningAgreement
from partners.agreements.status import AgreementStatus, agreement_status_on, is_in_force
from partners.cities.models import City
from partners.exchanges.active_pairs import DONATION, AgreementSide, active_pairs, donations_of_equipment
from partners.exchanges.donations import Donations, sort_donations
from partners.exchanges.models import Exchange
from partners.exchanges.untapped_potential import (
    AgreementFigures,
    Article,
    UntappedReason,
    agreement_figures,
    article_about,
    untapped_agreements,
)
from partners.permissions.permissions import Permissions
from procurement.outreach.models.inquiries import Inquiry
from procurement.outreach.queries.letters import OrientedAgreement
from workflow.days import utc_day

NO_REASONS: frozenset[UntappedReason] = frozenset()


@dataclass(frozen=True)
class CountryPairQuery:
    """A query on the register about the agreements between two countries.

    `here` and `there` are the codes of the countries, `since` is the start of the activity period, `on` the
    reference date.
    """

    here: str
    there: str
    since: date
    on: date


@dataclass(frozen=True)
class AgreementRow:
    """An agreement in force on the reference date: the city of the first country, its partner, and its activity."""

    agreement: TwinningAgreement
    here: City
    there: City
    status: AgreementStatus
    active: bool
    gave_abroad: bool  # the partner donated equipment to another country by the reference date
    gave_here: bool  # the partner donated equipment to the city here
    asked: bool | None  # None if the reader may not know it
    reasons: frozenset[UntappedReason]

    @property
    def of_cities(self) -> bool:
        """True if neither side represents a whole province."""
        return not (self.here.is_province or self.there.is_province)


@dataclass(frozen=True)
class UntappedPotential:
    """The result for two countries: figures, donations and single agreements.

    The figures cover all agreements, and separately the agreements between cities.
    """

    sides: CountryPairQuery
    all: AgreementFigures
    of_cities: AgreementFigures
    unknown: int  # counted agreements for which no source confirms that they are in force
    exchanges: int  # dated exchanges between the two countries, on which the activity is based
    donations: Donations[Exchange]
    rows: list[AgreementRow]
    article: Article | None

    @property
    def untapped(self) -> list[AgreementRow]:
        """Active agreements that could achieve more, those with most reasons first."""
        return sorted((row for row in self.rows if row.reasons), key=lambda row: -len(row.reasons))

    @property
    def never_asked(self) -> list[AgreementRow]:
        """Agreements whose partner was never asked by the reader's cities: active ones and donors first."""
        rows = (row for row in self.rows if row.asked is False)
        return sorted(rows, key=lambda row: (not row.active, not row.gave_abroad))


def untapped_potential(sides: CountryPairQuery, by: Permissions) -> UntappedPotential:
    """Return the result for two countries, with five queries for any number of agreements."""
    places = dict(
        City.objects.visible_to(by).filter(country__in=(sides.here, sides.there)).values_list("pk", "country")
    )
    here = {pk for pk, country in places.items() if country == sides.here}
    there = places.keys() - here
    exchanges, ties = _exchanges(sides, by), _agreements(sides, by)
    rows = _agreement_rows(sides, ties, exchanges, _asked_pairs(sides, by), _cities_fully_visible(by, here))
    seen = [AgreementSide(row.here.pk, row.there.pk, row.agreement) for row in rows]
    between = [tie for tie, row in zip(seen, rows, strict=True) if row.of_cities]
    return UntappedPotential(
        sides,
        all=agreement_figures(seen, exchanges, there, sides.on, sides.since),
        of_cities=agreement_figures(between, exchanges, there, sides.on, sides.since),
        unknown=sum(row.status is AgreementStatus.UNKNOWN for row in rows),
        exchanges=sum(
            _is_between(one, here, there) and sides.since <= one.on <= sides.on for one in exchanges
        ),
        donations=sort_donations(
            exchanges, home=here, abroad=there, partners={row.there.pk for row in rows}, on=sides.on
        ),
        rows=rows,
        article=article_about(sides.here, sides.there),
    )


def _agreements(sides: CountryPairQuery, by: Permissions) -> list[TwinningAgreement]:
    pair = Q(city_a__country=sides.here, city_b__country=sides.there)
    turned = Q(city_a__country=sides.there, city_b__country=sides.here)
    return list(
        TwinningAgreement.objects.visible_to(by)
        .filter(pair | turned)
        .select_related("city_a", "city_b")
        .order_by("pk")
    )


def _exchanges(sides: CountryPairQuery, by: Permissions) -> list[Exchange]:
    """Return the exchanges between the two countries, and all donations from the other country."""
    between = Q(from_city__country=sides.here, to_city__country=sides.there)
    turned = Q(from_city__country=sides.there, to_city__country=sides.here)
    given = Q(from_city__country=sides.there, kind=DONATION)
    rows = Exchange.objects.visible_to(by).filter(between | turned | given)
    return list(rows.select_related("from_city", "to_city").order_by("on", "pk"))


def _is_between(exchange: Exchange, here: Collection[int], there: Collection[int]) -> bool:
    one, other = exchange.from_city_id, exchange.to_city_id
    return exchange.counts and ((one in here and other in there) or (one in there and other in here))


def _asked_pairs(sides: CountryPairQuery, by: Permissions) -> set[tuple[int, int]]:
    """Return the pairs (city, partner city) asked by the reference date.

    Only inquiries that the reader may see are counted.
    """
    seen = Inquiry.objects.visible_to(by).filter(sent_at__isnull=False, contact__city__country=sides.there)
    pairs = seen.values_list("city", "contact__city").annotate(Min("sent_at"))
    return {(city, partner) for city, partner, first in pairs if utc_day(first) <= sides.on}


def _cities_fully_visible(by: Permissions, here: Collection[int]) -> Collection[int]:
    """Return the ids of the cities all of whose inquiries the reader may see."""
    return here if by.watches_all else by.visible_cities | by.watches


def _agreement_rows(
    sides: CountryPairQuery,
    ties: Iterable[TwinningAgreement],
    exchanges: Collection[Exchange],
    asked: Collection[tuple[int, int]],
    values: Collection[int],
) -> list[AgreementRow]:
    """Return the agreements in force on the reference date, sorted by the names of both cities.

    If the reader may not see the inquiries of an agreement, its row reveals nothing about them.
    """
    on = sides.on
    turned = sorted(
        (_oriented(tie, sides.here) for tie in ties if is_in_force(tie, on)),
        key=lambda one: (one[1].name_en, one[2].name_en, one[0].pk),
    )
    active, given = active_pairs(exchanges, sides.since, on), donations_of_equipment(exchanges, date.min, on)
    abroad = {
        one.from_city_id
        for one in exchanges
        if one.kind == DONATION and one.on <= on and _is_donated_abroad(one, sides)
    }
    worth = _untapped_reasons(sides, turned, exchanges, asked)
    rows = []
    for tie, here, there in turned:
        pair, knows = (here.pk, there.pk), here.pk in values
        rows.append(
            AgreementRow(
                tie,
                here,
                there,
                agreement_status_on(tie, on),
                active=frozenset(pair) in active,
                gave_abroad=there.pk in abroad,
                gave_here=(there.pk, here.pk) in given,
                asked=pair in asked if knows else None,
                reasons=worth.get(pair, NO_REASONS) - (NO_REASONS if knows else {UntappedReason.NEVER_ASKED}),
            )
        )
    return rows


def _untapped_reasons(
    sides: CountryPairQuery,
    turned: Iterable[OrientedAgreement],
    exchanges: Collection[Exchange],
    asked: Collection[tuple[int, int]],
) -> dict[tuple[int, int], frozenset[UntappedReason]]:
    """Return why each active agreement deserves an inquiry, by the pair of its cities."""
    ties = [AgreementSide(here.pk, there.pk, tie) for tie, here, there in turned]
    found = untapped_agreements(
        ties, exchanges, asked, since=sides.since, on=sides.on, active_since=sides.since
    )
    return {(one.tie.city, one.tie.partner): one.reasons for one in found}


def _oriented(tie: TwinningAgreement, here: str) -> OrientedAgreement:
    """Return an agreement and its two cities, with the city of country `here` first."""
    return (tie, tie.city_a, tie.city_b) if tie.city_a.country == here else (tie, tie.city_b, tie.city_a)


def _is_donated_abroad(exchange: Exchange, sides: CountryPairQuery) -> bool:
    return exchange.from_city.country == sides.there and exchange.to_city.country != sides.there
