"""What the register and the questions sent say of the ties between two countries, read once for a page, a file and a program.

Reads only. The register is open to everyone who is signed in; of the questions each reader is told their own cities' and those of
the cities they oversee.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Min, Q

from partners.models.cities import City
from partners.models.ties import Exchange, Twinning
from partners.register.article import Article, article_on
from partners.register.giving import Giving, giving
from partners.register.passed import DONATION, Tie, active_pairs, gifts
from partners.register.potential import Figures, Untried, figures, untapped
from partners.register.standing import Standing, holds, status_on
from partners.rules.powers import Powers
from procurement.outreach.models import Inquiry
from workflow.days import utc_day

type Turned = tuple[Twinning, City, City]

NOTHING: frozenset[Untried] = frozenset()


@dataclass(frozen=True)
class Sides:
    """A question of the register: the ties of which country with which, active since when, as of which day."""

    here: str
    there: str
    since: date
    on: date


@dataclass(frozen=True)
class Row:
    """An agreement that holds on the day, our side first, with what it carries."""

    twinning: Twinning
    here: City
    there: City
    standing: Standing
    active: bool
    gave_abroad: bool  # the partner gave equipment to some other country by the day
    gave_here: bool  # and to the city here
    asked: bool | None  # None: it is not the reader's to know
    reasons: frozenset[Untried]

    @property
    def of_cities(self) -> bool:
        """Whether neither side stands for a whole province."""
        return not (self.here.is_province or self.there.is_province)


@dataclass(frozen=True)
class Potential:
    """The answers: in figures, of all agreements and of those between cities; by name, gift by gift and tie by tie."""

    sides: Sides
    all: Figures
    of_cities: Figures
    unknown: int  # agreements counted of which no source says that they are in force
    exchanges: int  # dated exchanges between the two countries that the activity rests on
    gifts: Giving[Exchange]
    rows: list[Row]
    article: Article | None

    @property
    def untapped(self) -> list[Row]:
        """The active ties that could carry more, those with most reasons first."""
        return sorted((row for row in self.rows if row.reasons), key=lambda row: -len(row.reasons))

    @property
    def never_asked(self) -> list[Row]:
        """The ties whose partner nobody of the reader's cities has ever asked: active ones and givers first."""
        rows = (row for row in self.rows if row.asked is False)
        return sorted(rows, key=lambda row: (not row.active, not row.gave_abroad))


def potential(sides: Sides, by: Powers) -> Potential:
    """Answer for two countries. Five queries, however many ties there are."""
    places = dict(
        City.objects.visible_to(by).filter(country__in=(sides.here, sides.there)).values_list("pk", "country")
    )
    here = {pk for pk, country in places.items() if country == sides.here}
    there = places.keys() - here
    exchanges, ties = _exchanges(sides, by), _ties(sides, by)
    rows = _rows(sides, ties, exchanges, _asked(sides, by), _told_of(by, here))
    seen = [Tie(row.here.pk, row.there.pk, row.twinning) for row in rows]
    between = [tie for tie, row in zip(seen, rows, strict=True) if row.of_cities]
    return Potential(
        sides,
        all=figures(seen, exchanges, there, sides.on, sides.since),
        of_cities=figures(between, exchanges, there, sides.on, sides.since),
        unknown=sum(row.standing is Standing.UNKNOWN for row in rows),
        exchanges=sum(
            _is_between(one, here, there) and sides.since <= one.on <= sides.on for one in exchanges
        ),
        gifts=giving(exchanges, here=here, there=there, partners={row.there.pk for row in rows}, on=sides.on),
        rows=rows,
        article=article_on(sides.here, sides.there),
    )


def _ties(sides: Sides, by: Powers) -> list[Twinning]:
    pair = Q(city_a__country=sides.here, city_b__country=sides.there)
    turned = Q(city_a__country=sides.there, city_b__country=sides.here)
    return list(
        Twinning.objects.visible_to(by)
        .filter(pair | turned)
        .select_related("city_a", "city_b")
        .order_by("pk")
    )


def _exchanges(sides: Sides, by: Powers) -> list[Exchange]:
    """What passed between the two countries, and what the other gave to anybody."""
    between = Q(from_city__country=sides.here, to_city__country=sides.there)
    turned = Q(from_city__country=sides.there, to_city__country=sides.here)
    given = Q(from_city__country=sides.there, kind=DONATION)
    rows = Exchange.objects.visible_to(by).filter(between | turned | given)
    return list(rows.select_related("from_city", "to_city").order_by("on", "pk"))


def _is_between(exchange: Exchange, here: Collection[int], there: Collection[int]) -> bool:
    one, other = exchange.from_city_id, exchange.to_city_id
    return exchange.counts and ((one in here and other in there) or (one in there and other in here))


def _asked(sides: Sides, by: Powers) -> set[tuple[int, int]]:
    """Which city had asked a contact of which by the day, of the questions the reader may see."""
    seen = Inquiry.objects.visible_to(by).filter(sent_at__isnull=False, contact__city__country=sides.there)
    pairs = seen.values_list("city", "contact__city").annotate(Min("sent_at"))
    return {(city, partner) for city, partner, first in pairs if utc_day(first) <= sides.on}


def _told_of(by: Powers, here: Collection[int]) -> Collection[int]:
    """The cities whose questions the reader sees, all of them."""
    return here if by.watches_all else by.sees | by.watches


def _rows(
    sides: Sides,
    ties: Iterable[Twinning],
    exchanges: Collection[Exchange],
    asked: Collection[tuple[int, int]],
    told: Collection[int],
) -> list[Row]:
    """The ties that hold on the day, by the names of their sides. Of a tie whose questions the reader does not see, nothing of them."""
    on = sides.on
    turned = sorted(
        (_turned(tie, sides.here) for tie in ties if holds(tie, on)),
        key=lambda one: (one[1].name_en, one[2].name_en, one[0].pk),
    )
    active, given = active_pairs(exchanges, sides.since, on), gifts(exchanges, date.min, on)
    abroad = {
        one.from_city_id
        for one in exchanges
        if one.kind == DONATION and one.on <= on and _goes_out(one, sides)
    }
    worth = _worth(sides, turned, exchanges, asked)
    rows = []
    for tie, here, there in turned:
        pair, knows = (here.pk, there.pk), here.pk in told
        rows.append(
            Row(
                tie,
                here,
                there,
                status_on(tie, on),
                active=frozenset(pair) in active,
                gave_abroad=there.pk in abroad,
                gave_here=(there.pk, here.pk) in given,
                asked=pair in asked if knows else None,
                reasons=worth.get(pair, NOTHING) - (NOTHING if knows else {Untried.NEVER_ASKED}),
            )
        )
    return rows


def _worth(
    sides: Sides,
    turned: Iterable[Turned],
    exchanges: Collection[Exchange],
    asked: Collection[tuple[int, int]],
) -> dict[tuple[int, int], frozenset[Untried]]:
    """Why each active tie is worth a question, by its sides."""
    ties = [Tie(here.pk, there.pk, tie) for tie, here, there in turned]
    found = untapped(ties, exchanges, asked, since=sides.since, on=sides.on, active_since=sides.since)
    return {(one.tie.city, one.tie.partner): one.reasons for one in found}


def _turned(tie: Twinning, here: str) -> Turned:
    """A tie with the side here first."""
    return (tie, tie.city_a, tie.city_b) if tie.city_a.country == here else (tie, tie.city_b, tie.city_a)


def _goes_out(exchange: Exchange, sides: Sides) -> bool:
    return exchange.from_city.country == sides.there and exchange.to_city.country != sides.there
