"""cities, twinnings, exchanges: public facts about places and what ties them, each with its source."""

from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django_filters import BooleanFilter, CharFilter, ChoiceFilter
from rest_framework import serializers

from partners.actions import register, ties
from partners.actions.register import (
    add_city,
    correct_city,
    correct_exchange,
    correct_twinning,
    record_exchange,
)
from partners.actions.ties import ask_to_confirm, confirm_tie, end_twinning, resume_twinning, take_back_end
from partners.api.fields import Country, Currency
from partners.dates import OutOfRange, Precision, parse
from partners.models.cities import City
from partners.models.ties import Exchange, Twinning
from partners.places import in_capitals, subdivision_code, web_address
from partners.rules.ties import may_edit_for
from workflow.actors import Actor
from workflow.doors.api import fields
from workflow.doors.api.collections import Collection, Verb
from workflow.doors.api.fields import Edit, New, Ref
from workflow.doors.api.filters import Searched, search_in
from workflow.doors.api.reading import Named, Row
from workflow.doors.api.strict import Strict
from workflow.queries import by_day

PLACE = (
    *("name_en", "name_fr", "name_zh", "name_local", "country", "subdivision", "level", "latitude"),
    *("longitude", "geonames_id", "population", "timezone", "currency"),
)
TIE = ("source_url", "source_type", "scope", "note", "conflict", "certain")
SOURCED = {"source_url": {"required": True, "allow_blank": False}}
GIVEN = ("items", "quantity", "unit", "source_url", "note")


class DayBody(Strict):
    """A day as a source knows it: 2011, 2015-06 or 2019-01-14; `by_end_of_month` and `from_date` are said apart."""

    day = serializers.CharField(max_length=10)
    precision = serializers.ChoiceField(Precision.choices, required=False)

    def to_internal_value(self, data: Any) -> Any:
        """The day with its precision."""
        told = super().to_internal_value(data)
        try:
            return parse(told["day"], told.get("precision", ""))
        except OutOfRange as error:
            raise serializers.ValidationError({"day": [error.words]}) from error
        except ValueError as error:
            raise serializers.ValidationError(
                {"day": [_("Give a year, a month or a day: 2011, 2015-06, 2019-01-14.")]}
            ) from error


# --- cities -----------------------------------------------------------------------------------------------------
class CityRow(Row):
    """A place that twins."""

    class Meta:
        model = City
        fields = ("slug", *PLACE)


class CityDetail(CityRow):
    """A place, whole. Above which amount its orders need a second person is told to its own people."""

    class Meta:
        model = City
        fields = (*CityRow.Meta.fields, "coord_source", "approval_limit")


class Subdivision(serializers.CharField):
    """A province or state by its code of ISO 3166-2."""

    default_validators = (subdivision_code,)

    def to_internal_value(self, data: Any) -> str:
        """The code in capitals."""
        return in_capitals(super().to_internal_value(data))


class NewCity(New):
    """A place to enter."""

    country = Country()
    subdivision = Subdivision(required=False, allow_blank=True, max_length=6)
    currency = Currency(required=False, allow_blank=True)
    latitude = serializers.DecimalField(8, 5, min_value=-90, max_value=90, required=False, allow_null=True)
    longitude = serializers.DecimalField(8, 5, min_value=-180, max_value=180, required=False, allow_null=True)

    class Meta:
        model = City
        fields = ("slug", *PLACE)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """A place on the globe has both figures, or none."""
        if (attrs.get("latitude") is None) != (attrs.get("longitude") is None):
            raise serializers.ValidationError({"longitude": [_("Give latitude and longitude, or neither.")]})
        return attrs


class CityEdit(Edit, NewCity):
    """Facts of a place to set right."""

    reason = fields.reason()

    class Meta:
        model = City
        fields = (*PLACE, "approval_limit", "reason")
        always = ("reason",)


class CityFilter(Searched):
    """Which places."""

    country = CharFilter()
    subdivision = CharFilter()
    level = ChoiceFilter(choices=City.Level.choices)


class Cities(Collection):
    """The places of the register."""

    model = City
    path = "cities"
    key = "slug"
    row = CityRow
    whole = CityDetail
    filterset_class = CityFilter
    orders = {"name_en": "name_en"}
    begin = Verb(add_city, body=NewCity)
    verbs = {"correct": Verb(correct_city, body=CityEdit, who=lambda by, city: may_edit_for(by, city.pk))}
    private = frozenset({"approval_limit"})


# --- agreements -------------------------------------------------------------------------------------------------
class TwinningRow(Row):
    """An agreement of two places, each day as exactly as its source knows it."""

    city_a = Named("slug")
    city_b = Named("slug")

    class Meta:
        model = Twinning
        fields = (
            *("id", "status", "city_a", "city_b", "kind", "signed_on", "signed_precision", "expires_on"),
            *(
                "expires_precision",
                "ended_on",
                "ended_precision",
                "ended_why",
                *("confirmed_a", "confirmed_b", "agreed_until"),
                *TIE,
                "recorded_on",
                "created_at",
            ),
        )


class NewTwinning(New):
    """An agreement to record."""

    city_a = Ref(City, "slug")
    city_b = Ref(City, "slug")
    signed = DayBody(required=False)
    expires = DayBody(required=False)

    class Meta:
        model = Twinning
        fields = ("city_a", "city_b", "kind", "signed", "expires", *TIE)
        extra_kwargs = SOURCED


class TwinningEdit(Edit):
    """Facts of an agreement to set right."""

    signed = DayBody()
    expires = DayBody()
    reason = fields.reason()

    class Meta:
        model = Twinning
        fields = ("signed", "expires", *TIE, "reason")
        always = ("reason",)
        extra_kwargs = {"source_url": {"allow_blank": False}}


class TwinningFilter(Searched):
    """Which agreements."""

    search = search_in("Words in the names of either place, in any of its scripts, or in the note.")
    status = ChoiceFilter(choices=Twinning.Status.choices)
    kind = ChoiceFilter(choices=Twinning.Kind.choices)
    city = CharFilter(method="on_either_side", help_text="A place on either side.")
    certain = BooleanFilter()

    def on_either_side(self, rows: QuerySet[Any], name: str, slug: str) -> QuerySet[Any]:
        """The agreements of a place."""
        return rows.filter(Q(city_a__slug=slug) | Q(city_b__slug=slug))


class Twinnings(Collection):
    """Agreements between places. What ended stays in the register."""

    model = Twinning
    path = "twinnings"
    key = "id"
    row = TwinningRow
    filterset_class = TwinningFilter
    orders = {"signed_on": by_day("signed_on"), "expires_on": by_day("expires_on")}
    begin = Verb(register.twin, body=NewTwinning)
    verbs = {
        "confirm": Verb(confirm_tie),
        "ask-to-confirm": Verb(ask_to_confirm),
        "correct": Verb(correct_twinning, body=TwinningEdit),
        "suspend": Verb(ties.suspend, on=DayBody(required=False), reason=fields.reason()),
        "resume": Verb(resume_twinning, expires=DayBody(required=False), reason=fields.reason()),
        "end": Verb(
            end_twinning,
            why=serializers.ChoiceField(Twinning.Why.choices),
            on=DayBody(required=False),
            reason=fields.reason(),
        ),
        "renew": Verb(
            ties.renew,
            expires=DayBody(required=False),
            source_url=serializers.CharField(max_length=600, validators=[web_address]),
            reason=fields.reason(),
        ),
        "take-back": Verb(take_back_end, reason=fields.reason()),
    }


# --- exchanges --------------------------------------------------------------------------------------------------
class ExchangeRow(Row):
    """Something that passed between two places."""

    from_city = Named("slug")
    to_city = Named("slug")

    class Meta:
        model = Exchange
        fields = ("id", "from_city", "to_city", "on", "precision", "kind", *GIVEN, "shipment_reference")


class NewExchange(New):
    """An exchange to record."""

    from_city = Ref(City, "slug")
    to_city = Ref(City, "slug")
    when = DayBody()

    class Meta:
        model = Exchange
        fields = ("from_city", "to_city", "when", "kind", *GIVEN)
        extra_kwargs = SOURCED


class ExchangeEdit(Edit):
    """Facts of an exchange to set right."""

    reason = fields.reason()

    class Meta:
        model = Exchange
        fields = ("kind", *GIVEN, "reason")
        always = ("reason",)


def _keeps_either(by: Actor, exchange: Exchange) -> bool:
    return may_edit_for(by, exchange.from_city_id, exchange.to_city_id)


class ExchangeFilter(Searched):
    """Which exchanges."""

    search = search_in(
        "Words in the names of either place, in any of its scripts, in what passed, in the note, or the shipment's reference."
    )
    kind = ChoiceFilter(choices=Exchange.Kind.choices)
    city = CharFilter(method="on_either_side", help_text="A place on either side.")
    from_city = CharFilter("from_city__slug")
    to_city = CharFilter("to_city__slug")

    def on_either_side(self, rows: QuerySet[Any], name: str, slug: str) -> QuerySet[Any]:
        """What a place gave or received."""
        return rows.filter(Q(from_city__slug=slug) | Q(to_city__slug=slug))


class Exchanges(Collection):
    """What passed between places: gifts, visits, letters. A gift that came through this system records itself."""

    model = Exchange
    path = "exchanges"
    key = "id"
    row = ExchangeRow
    filterset_class = ExchangeFilter
    orders = {"on": "on"}
    begin = Verb(record_exchange, body=NewExchange)
    verbs = {"correct": Verb(correct_exchange, body=ExchangeEdit, who=_keeps_either)}
