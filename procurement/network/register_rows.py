"""City register read once for the network page, as tuples: places, agreements and exchanges.

Twenty-five thousand agreements as model instances would take seconds; as tuples they take a fraction of a
second. Only rows that the viewer may see are read.
"""

from collections.abc import Collection, Iterable
from datetime import date, timedelta
from typing import Any, NamedTuple

from django.db.models import FloatField
from django.db.models.functions import Cast
from django.utils.translation import get_language

from partners.agreements.models import TwinningAgreement
from partners.agreements.status import ENDED_STATUSES, AgreementStatus, agreement_status_on, has_begun
from partners.cities.models import City
from partners.exchanges.active_pairs import Pair, active_pairs
from partners.exchanges.models import Exchange
from partners.maps.great_circle import GeoPoint
from partners.partial_dates import UNKNOWN_DATE, PartialDate, PartialDatesMixin, Precision
from partners.permissions.permissions import Permissions
from procurement.network.last_contact import InquirySummary, LastContact, inquiry_summaries, last_contact


class PlaceRow(NamedTuple):
    """Place of the city register, with the columns for map, filters and table. `coordinates`: its coordinates, if known."""

    pk: int
    slug: str
    name_en: str
    name_fr: str
    name_zh: str
    country: str
    subdivision: str
    coordinates: GeoPoint | None

    @property
    def name(self) -> str:
        """Name in the reader's language, or in English if there is none."""
        return {"fr": self.name_fr, "zh": self.name_zh}.get((get_language() or "en")[:2], "") or self.name_en


class AgreementRecord(NamedTuple):
    """Agreement with the columns that the network page reads. `first_city_id` and `second_city_id` are the ids of its two cities."""

    pk: int
    first_city_id: int
    second_city_id: int
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


class DatedAgreementRecord(PartialDatesMixin, AgreementRecord):
    """Agreement with the facts that decide its status."""

    __slots__ = ()


class PastExchange(NamedTuple):
    """Exchange that has taken place: from which city to which, when and of what kind."""

    from_city_id: int
    to_city_id: int
    on: date
    kind: str
    precision: str = Precision.DAY

    @property
    def took_place(self) -> bool:
        """True if the exchange makes an agreement active."""
        return self.kind not in Exchange.UNREALIZED_KINDS


class AgreementOnDate(NamedTuple):
    """Agreement as it was on a date, with one of its two cities (`home_city`) first and the other (`partner_city`) second."""

    record: DatedAgreementRecord
    home_city: PlaceRow
    partner_city: PlaceRow
    status: AgreementStatus
    active: bool
    last_exchange_date: PartialDate = UNKNOWN_DATE  # date of the last exchange between both sides
    inquiry_summary: InquirySummary | None = None  # summary of the visible inquiries between both sides

    @property
    def undated(self) -> bool:
        """True if the date of signature is unknown, so that the agreement appears on every date."""
        return self.record.signed_on is None

    @property
    def has_coordinates(self) -> bool:
        """True if both cities have coordinates, so that the agreement can be drawn on the map."""
        return self.home_city.coordinates is not None and self.partner_city.coordinates is not None

    @property
    def ended(self) -> bool:
        """True if the agreement has ended by the date."""
        return self.status in ENDED_STATUSES

    @property
    def pair(self) -> Pair:
        """Ids of both cities, in no order."""
        return frozenset((self.home_city.pk, self.partner_city.pk))

    @property
    def last_contact(self) -> LastContact | None:
        """Last contact between the two cities, as far as the viewer may see."""
        return last_contact(self.last_exchange_date, self.inquiry_summary)

    @property
    def reply_time(self) -> timedelta | None:
        """Median time until an answer to an inquiry between the two cities."""
        return self.inquiry_summary.median_answer_time if self.inquiry_summary else None

    def with_inquiries(self, asked: InquirySummary | None) -> "AgreementOnDate":
        """Return a copy with a summary of the inquiries between the two cities."""
        return self._replace(inquiry_summary=asked)

    @property
    def with_sides_swapped(self) -> "AgreementOnDate":
        """Copy with the two cities swapped."""
        return self._replace(home_city=self.partner_city, partner_city=self.home_city)


def agreements_on(by: Permissions, on: date, since: date) -> list[AgreementOnDate]:
    """Return the visible agreements signed by a date, or on an unknown date. Three queries."""
    places = _visible_places(by)
    gone = [PastExchange(*row) for row in _past_exchanges(by)]
    active, last = active_pairs(gone, since, on), _last_exchanges(gone, on)
    facts = (DatedAgreementRecord(*row) for row in _agreement_columns(by))
    return [_agreement_on_date(one, places, active, last, on) for one in facts if has_begun(one, on)]


def with_inquiries(
    agreements: Collection[AgreementOnDate], by: Permissions, on: date
) -> list[AgreementOnDate]:
    """Return the agreements, each with a summary of the inquiries between its two cities. One query."""
    known = inquiry_summaries(by, [agreement.pair for agreement in agreements], on)
    return [agreement.with_inquiries(known.get(agreement.pair)) for agreement in agreements]


def _last_exchanges(gone: Iterable[PastExchange], on: date) -> dict[Pair, PartialDate]:
    """Return the last exchange of each pair by a date. Cancelled or failed exchanges do not count."""
    found: dict[Pair, PartialDate] = {}
    for one in gone:
        pair = frozenset((one.from_city_id, one.to_city_id))
        if (
            one.took_place
            and one.on <= on
            and one.on >= (found.get(pair, UNKNOWN_DATE).first_day or date.min)
        ):
            found[pair] = PartialDate(one.on, one.precision)
    return found


def _agreement_on_date(
    one: DatedAgreementRecord,
    places: dict[int, PlaceRow],
    active: frozenset[Pair],
    last: dict[Pair, PartialDate],
    on: date,
) -> AgreementOnDate:
    pair = frozenset((one.first_city_id, one.second_city_id))
    return AgreementOnDate(
        one,
        places[one.first_city_id],
        places[one.second_city_id],
        agreement_status_on(one, on),
        pair in active,
        last.get(pair, UNKNOWN_DATE),
    )


def _visible_places(by: Permissions) -> dict[int, PlaceRow]:
    """Return every visible place by id.

    The database converts the coordinates to floats, which is faster than Python.
    """
    names = ("pk", "slug", "name_en", "name_fr", "name_zh", "country", "subdivision")
    rows = City.objects.visible_to(by).values_list(*names, _as_float("latitude"), _as_float("longitude"))
    return {
        pk: PlaceRow(pk, slug, en, fr, zh, country, part, _position_or_none(latitude, longitude))
        for pk, slug, en, fr, zh, country, part, latitude, longitude in rows
    }


def _position_or_none(latitude: float | None, longitude: float | None) -> GeoPoint | None:
    return None if latitude is None or longitude is None else GeoPoint(latitude, longitude)


def _as_float(column: str) -> Cast:
    return Cast(column, FloatField())


def _agreement_columns(by: Permissions) -> list[tuple[Any, ...]]:
    rows = TwinningAgreement.objects.visible_to(by).order_by("pk")
    days = (f"{day}_{part}" for day in ("signed", "expires", "ended") for part in ("on", "precision"))
    return list(
        rows.values_list(
            *("pk", "city_a_id", "city_b_id", "kind", "status", "ended_why", "certain", "recorded_on"), *days
        )
    )


def _past_exchanges(by: Permissions) -> list[tuple[int, int, date, str, str]]:
    rows = Exchange.objects.visible_to(by)
    return list(rows.values_list("from_city_id", "to_city_id", "on", "kind", "precision"))
