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
from partners.exchanges.active_pairs import (
    PPE_DONATION_KIND,
    AgreementSide,
    active_pairs,
    equipment_donor_receiver_pairs,
)
from partners.exchanges.donations import Donations, group_donations
from partners.exchanges.models import Exchange
from partners.exchanges.untapped_potential import (
    AgreementFigures,
    Article,
    UntappedPotentialReason,
    agreement_figures,
    article_about_countries,
    untapped_agreements,
)
from partners.permissions.permissions import Permissions
from procurement.outreach.models.inquiries import Inquiry
from procurement.outreach.queries.letters import OrientedAgreement
from workflow.days import utc_day

NO_REASONS: frozenset[UntappedPotentialReason] = frozenset()


@dataclass(frozen=True)
class CountryPairQuery:
    """A query on the register about the agreements between two countries.

    `first_country` and `second_country` are the codes of the countries, `since` is the start of the activity period,
    `reference_date` the reference date.
    """

    first_country: str
    second_country: str
    since: date
    reference_date: date


@dataclass(frozen=True)
class AgreementRow:
    """An agreement in force on the reference date: the city of the first country, its partner, and its activity."""

    agreement: TwinningAgreement
    first_city: City
    partner_city: City
    status: AgreementStatus
    is_active: bool
    has_donated_abroad: bool  # the partner donated equipment to another country by the reference date
    has_donated_to_city: bool  # the partner donated equipment to the city here
    was_partner_asked: bool | None  # None if the reader may not know it
    untapped_reasons: frozenset[UntappedPotentialReason]

    @property
    def is_between_cities(self) -> bool:
        """True if neither side represents a whole province."""
        return not (self.first_city.is_province or self.partner_city.is_province)


@dataclass(frozen=True)
class UntappedPotential:
    """The result for two countries: figures, donations and single agreements.

    The figures cover all agreements, and separately the agreements between cities.
    """

    country_pair: CountryPairQuery
    all_agreement_figures: AgreementFigures
    city_agreement_figures: AgreementFigures
    unconfirmed_agreement_count: int  # counted agreements for which no source confirms that they are in force
    exchange_count: int  # dated exchanges between the two countries, on which the activity is based
    donations: Donations[Exchange]
    rows: list[AgreementRow]
    article: Article | None

    @property
    def agreements_with_potential(self) -> list[AgreementRow]:
        """Active agreements that could achieve more, those with most reasons first."""
        return sorted(
            (row for row in self.rows if row.untapped_reasons), key=lambda row: -len(row.untapped_reasons)
        )

    @property
    def never_asked_agreements(self) -> list[AgreementRow]:
        """Agreements whose partner was never asked by the reader's cities: active ones and donors first."""
        rows = (row for row in self.rows if row.was_partner_asked is False)
        return sorted(rows, key=lambda row: (not row.is_active, not row.has_donated_abroad))


def untapped_potential(sides: CountryPairQuery, by: Permissions) -> UntappedPotential:
    """Return the result for two countries, with five queries for any number of agreements."""
    places = dict(
        City.objects.visible_to(by)
        .filter(country__in=(sides.first_country, sides.second_country))
        .values_list("pk", "country")
    )
    here = {pk for pk, country in places.items() if country == sides.first_country}
    there = places.keys() - here
    exchanges, agreements = _exchanges(sides, by), _agreements(sides, by)
    rows = _agreement_rows(
        sides, agreements, exchanges, _asked_pairs(sides, by), _cities_fully_visible(by, here)
    )
    seen = [AgreementSide(row.first_city.pk, row.partner_city.pk, row.agreement) for row in rows]
    between = [agreement for agreement, row in zip(seen, rows, strict=True) if row.is_between_cities]
    return UntappedPotential(
        sides,
        all_agreement_figures=agreement_figures(seen, exchanges, there, sides.reference_date, sides.since),
        city_agreement_figures=agreement_figures(
            between, exchanges, there, sides.reference_date, sides.since
        ),
        unconfirmed_agreement_count=sum(row.status is AgreementStatus.UNKNOWN for row in rows),
        exchange_count=sum(
            _is_between(one, here, there) and sides.since <= one.on <= sides.reference_date
            for one in exchanges
        ),
        donations=group_donations(
            exchanges,
            home=here,
            abroad=there,
            partners={row.partner_city.pk for row in rows},
            on=sides.reference_date,
        ),
        rows=rows,
        article=article_about_countries(sides.first_country, sides.second_country),
    )


def _agreements(sides: CountryPairQuery, by: Permissions) -> list[TwinningAgreement]:
    pair = Q(city_a__country=sides.first_country, city_b__country=sides.second_country)
    turned = Q(city_a__country=sides.second_country, city_b__country=sides.first_country)
    return list(
        TwinningAgreement.objects.visible_to(by)
        .filter(pair | turned)
        .select_related("city_a", "city_b")
        .order_by("pk")
    )


def _exchanges(sides: CountryPairQuery, by: Permissions) -> list[Exchange]:
    """Return the exchanges between the two countries, and all donations from the other country."""
    between = Q(from_city__country=sides.first_country, to_city__country=sides.second_country)
    turned = Q(from_city__country=sides.second_country, to_city__country=sides.first_country)
    given = Q(from_city__country=sides.second_country, kind=PPE_DONATION_KIND)
    rows = Exchange.objects.visible_to(by).filter(between | turned | given)
    return list(rows.select_related("from_city", "to_city").order_by("on", "pk"))


def _is_between(exchange: Exchange, here: Collection[int], there: Collection[int]) -> bool:
    one, other = exchange.from_city_id, exchange.to_city_id
    return exchange.took_place and ((one in here and other in there) or (one in there and other in here))


def _asked_pairs(sides: CountryPairQuery, by: Permissions) -> set[tuple[int, int]]:
    """Return the pairs (city, partner city) asked by the reference date.

    Only inquiries that the reader may see are counted.
    """
    seen = Inquiry.objects.visible_to(by).filter(
        sent_at__isnull=False, contact__city__country=sides.second_country
    )
    pairs = seen.values_list("city", "contact__city").annotate(Min("sent_at"))
    return {(city, partner) for city, partner, first in pairs if utc_day(first) <= sides.reference_date}


def _cities_fully_visible(by: Permissions, here: Collection[int]) -> Collection[int]:
    """Return the ids of the cities all of whose inquiries the reader may see."""
    return here if by.oversees_all_cities else by.visible_cities | by.overseen_city_ids


def _agreement_rows(
    sides: CountryPairQuery,
    agreements: Iterable[TwinningAgreement],
    exchanges: Collection[Exchange],
    asked: Collection[tuple[int, int]],
    values: Collection[int],
) -> list[AgreementRow]:
    """Return the agreements in force on the reference date, sorted by the names of both cities.

    If the reader may not see the inquiries of an agreement, its row reveals nothing about them.
    """
    on = sides.reference_date
    turned = sorted(
        (_oriented(agreement, sides.first_country) for agreement in agreements if is_in_force(agreement, on)),
        key=lambda one: (one[1].name_en, one[2].name_en, one[0].pk),
    )
    active, given = (
        active_pairs(exchanges, sides.since, on),
        equipment_donor_receiver_pairs(exchanges, date.min, on),
    )
    abroad = {
        one.from_city_id
        for one in exchanges
        if one.kind == PPE_DONATION_KIND and one.on <= on and _is_donated_abroad(one, sides)
    }
    worth = _untapped_reasons(sides, turned, exchanges, asked)
    rows = []
    for agreement, here, there in turned:
        pair, knows = (here.pk, there.pk), here.pk in values
        rows.append(
            AgreementRow(
                agreement,
                here,
                there,
                agreement_status_on(agreement, on),
                is_active=frozenset(pair) in active,
                has_donated_abroad=there.pk in abroad,
                has_donated_to_city=(there.pk, here.pk) in given,
                was_partner_asked=pair in asked if knows else None,
                untapped_reasons=worth.get(pair, NO_REASONS)
                - (NO_REASONS if knows else {UntappedPotentialReason.NEVER_ASKED}),
            )
        )
    return rows


def _untapped_reasons(
    sides: CountryPairQuery,
    turned: Iterable[OrientedAgreement],
    exchanges: Collection[Exchange],
    asked: Collection[tuple[int, int]],
) -> dict[tuple[int, int], frozenset[UntappedPotentialReason]]:
    """Return why each active agreement deserves an inquiry, by the pair of its cities."""
    agreements = [AgreementSide(here.pk, there.pk, agreement) for agreement, here, there in turned]
    found = untapped_agreements(
        agreements, exchanges, asked, since=sides.since, on=sides.reference_date, active_since=sides.since
    )
    return {(one.agreement_side.city, one.agreement_side.partner_city_id): one.reasons for one in found}


def _oriented(agreement: TwinningAgreement, here: str) -> OrientedAgreement:
    """Return an agreement and its two cities, with the city of country `here` first."""
    return (
        (agreement, agreement.city_a, agreement.city_b)
        if agreement.city_a.country == here
        else (agreement, agreement.city_b, agreement.city_a)
    )


def _is_donated_abroad(exchange: Exchange, sides: CountryPairQuery) -> bool:
    return (
        exchange.from_city.country == sides.second_country
        and exchange.to_city.country != sides.second_country
    )
