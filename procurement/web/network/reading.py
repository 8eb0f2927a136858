"""The whole register in a few light columns, read once for a page: places, agreements, what passed. Reads what the viewer may see.

Twenty-five thousand agreements as models would take seconds; as tuples they take a part of one.
"""

from collections.abc import Collection, Iterable
from datetime import date, timedelta
from typing import Any, NamedTuple

from django.db.models import FloatField
from django.db.models.functions import Cast
from django.utils.translation import get_language

from partners.dates import UNKNOWN, Days, Known, Precision
from partners.geo.globe import Spot
from partners.models.cities import City
from partners.models.ties import Exchange, Twinning
from partners.register.passed import Pair, active_pairs
from partners.register.standing import ENDED, Standing, begun, status_on
from partners.rules.powers import Powers
from procurement.web.network.asked import Asked, Touch, asked, last_touch


class Place(NamedTuple):
    """A place of the register: what a map, a filter and a table ask of it."""

    pk: int
    slug: str
    name_en: str
    name_fr: str
    name_zh: str
    country: str
    subdivision: str
    spot: Spot | None

    @property
    def name(self) -> str:
        """The name in the reader's language, English where there is none."""
        return {"fr": self.name_fr, "zh": self.name_zh}.get((get_language() or "en")[:2], "") or self.name_en


class Columns(NamedTuple):
    """The columns of an agreement that are read."""

    pk: int
    a: int
    b: int
    kind: str
    status: str
    ended_why: str
    certain: bool
    recorded_on: date
    signed_on: date | None
    signed_precision: str
    expires_on: date | None
    expires_precision: str
    ended_on: date | None
    ended_precision: str


class Facts(Days, Columns):
    """An agreement: what its standing rests on (an Agreement of partners.register)."""

    __slots__ = ()


class Gone(NamedTuple):
    """Something that passed (a Passed of partners.register)."""

    from_city_id: int
    to_city_id: int
    on: date
    kind: str
    precision: str = Precision.DAY

    @property
    def counts(self) -> bool:
        """Whether it makes a tie active."""
        return self.kind not in Exchange.NOT_HELD


class Seen(NamedTuple):
    """An agreement on a day, with one side first."""

    facts: Facts
    here: Place
    there: Place
    standing: Standing
    active: bool
    passed: Known = UNKNOWN  # the day of the last exchange of the two by the day
    asked: Asked | None = None  # what the questions between them say that the viewer may see

    @property
    def undated(self) -> bool:
        """Whether it holds since nobody knows when: no day can make it appear."""
        return self.facts.signed_on is None

    @property
    def placed(self) -> bool:
        """Whether somebody recorded where both sides lie."""
        return self.here.spot is not None and self.there.spot is not None

    @property
    def ended(self) -> bool:
        """Whether it has ended by the day."""
        return self.standing in ENDED

    @property
    def pair(self) -> Pair:
        """Both sides, whichever stands first."""
        return frozenset((self.here.pk, self.there.pk))

    @property
    def touch(self) -> Touch | None:
        """When the two were last in touch, as far as the viewer may see."""
        return last_touch(self.passed, self.asked)

    @property
    def wait(self) -> timedelta | None:
        """How long answers took, in the middle."""
        return self.asked.wait if self.asked else None

    def told(self, asked: Asked | None) -> "Seen":
        """The same with what its questions say."""
        return self._replace(asked=asked)

    @property
    def turned(self) -> "Seen":
        """The same from the other side."""
        return self._replace(here=self.there, there=self.here)


def seen_on(by: Powers, on: date, since: date) -> list[Seen]:
    """Every agreement the viewer may see that was signed by a day, or at an unknown one. Three queries."""
    places = _places(by)
    gone = [Gone(*row) for row in _passed(by)]
    active, last = active_pairs(gone, since, on), _last(gone, on)
    facts = (Facts(*row) for row in _facts(by))
    return [_seen(one, places, active, last, on) for one in facts if begun(one, on)]


def with_questions(ties: Collection[Seen], by: Powers, on: date) -> list[Seen]:
    """The same ties with what the questions between their sides say. One query."""
    known = asked(by, [tie.pair for tie in ties], on)
    return [tie.told(known.get(tie.pair)) for tie in ties]


def _last(gone: Iterable[Gone], on: date) -> dict[Pair, Known]:
    """The last exchange of each pair by a day; what was cancelled or never came is none."""
    found: dict[Pair, Known] = {}
    for one in gone:
        pair = frozenset((one.from_city_id, one.to_city_id))
        if one.counts and one.on <= on and one.on >= (found.get(pair, UNKNOWN).on or date.min):
            found[pair] = Known(one.on, one.precision)
    return found


def _seen(
    one: Facts, places: dict[int, Place], active: frozenset[Pair], last: dict[Pair, Known], on: date
) -> Seen:
    pair = frozenset((one.a, one.b))
    return Seen(
        one,
        places[one.a],
        places[one.b],
        status_on(one, on),
        pair in active,
        last.get(pair, UNKNOWN),
    )


def _places(by: Powers) -> dict[int, Place]:
    """Every place by its key; positions made into numbers by the database, which is faster than Python."""
    names = ("pk", "slug", "name_en", "name_fr", "name_zh", "country", "subdivision")
    rows = City.objects.visible_to(by).values_list(*names, _number("latitude"), _number("longitude"))
    return {
        pk: Place(pk, slug, en, fr, zh, country, part, _spot(latitude, longitude))
        for pk, slug, en, fr, zh, country, part, latitude, longitude in rows
    }


def _spot(latitude: float | None, longitude: float | None) -> Spot | None:
    return None if latitude is None or longitude is None else Spot(latitude, longitude)


def _number(column: str) -> Cast:
    return Cast(column, FloatField())


def _facts(by: Powers) -> list[tuple[Any, ...]]:
    rows = Twinning.objects.visible_to(by).order_by("pk")
    days = (f"{day}_{part}" for day in ("signed", "expires", "ended") for part in ("on", "precision"))
    return list(
        rows.values_list(
            *("pk", "city_a_id", "city_b_id", "kind", "status", "ended_why", "certain", "recorded_on"), *days
        )
    )


def _passed(by: Powers) -> list[tuple[int, int, date, str, str]]:
    rows = Exchange.objects.visible_to(by)
    return list(rows.values_list("from_city_id", "to_city_id", "on", "kind", "precision"))
