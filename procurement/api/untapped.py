"""untapped: what the ties of two countries hold, who gave, and who was never asked. One answer for one question; read only."""

from collections.abc import Iterable
from dataclasses import asdict
from datetime import date
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from partners.models.cities import City
from partners.models.ties import Exchange
from partners.places import in_capitals, is_country
from partners.register.passed import ACTIVE_SINCE
from partners.register.potential import Figures
from procurement.outreach.gathering.ties import Potential, Row, Sides, potential
from workflow import clock
from workflow.days import reader_day
from workflow.doors.api.filters import question
from workflow.errors import Refused


class FiguresTold(serializers.Serializer[Any]):
    """The article's questions: agreements that hold, cities on each side, active agreements, and partners that gave."""

    agreements = serializers.IntegerField()
    cities_here = serializers.IntegerField()
    cities_there = serializers.IntegerField()
    active = serializers.IntegerField()
    donors_abroad = serializers.IntegerField()
    donors_with_active_ties = serializers.IntegerField()
    donors_here = serializers.IntegerField()


class ArticleTold(serializers.Serializer[Any]):
    """What a published article counted for this pair, on its own days."""

    title = serializers.CharField()
    address = serializers.CharField()
    active_since = serializers.DateField()
    on = serializers.DateField()
    figures = FiguresTold()


class GiftTold(serializers.Serializer[Any]):
    """Protective equipment that one place gave another; `on` is the first day of what is known of its day."""

    from_city = serializers.CharField()
    to_city = serializers.CharField()
    on = serializers.DateField()
    precision = serializers.CharField()
    items = serializers.CharField()
    quantity = serializers.IntegerField(allow_null=True)
    unit = serializers.CharField()
    source_url = serializers.CharField()


class GiftsTold(serializers.Serializer[Any]):
    """The gifts of places there to other countries, each in one list."""

    here = GiftTold(many=True, help_text="To a place here, by the day.")
    with_ties = GiftTold(many=True, help_text="To others, from a place that has a tie here.")
    without_ties = GiftTold(many=True, help_text="To others, from a place that has none.")
    later = GiftTold(many=True, help_text="After the day.")


class TieTold(serializers.Serializer[Any]):
    """An agreement that holds on the day, with what it carries. `asked` is null where its questions are not yours to see."""

    twinning = serializers.IntegerField(help_text="Its id among the twinnings.")
    here = serializers.CharField()
    there = serializers.CharField()
    standing = serializers.ChoiceField(choices=("in_force", "unknown"))
    active = serializers.BooleanField()
    gave_abroad = serializers.BooleanField()
    gave_here = serializers.BooleanField(help_text="To the city of this tie.")
    asked = serializers.BooleanField(allow_null=True)
    reasons = serializers.ListField(
        child=serializers.ChoiceField(choices=("gives_to_others", "never_asked")),
        help_text="Why an active tie is worth a question.",
    )


class Answer(serializers.Serializer[Any]):
    """The answers, in figures and by name."""

    here = serializers.CharField()
    there = serializers.CharField()
    since = serializers.DateField()
    on = serializers.DateField()
    figures = FiguresTold()
    between_cities = FiguresTold(
        help_text="The same without agreements of whole provinces, as the article counts."
    )
    status_unknown = serializers.IntegerField(
        help_text="Agreements counted of which no source says that they are in force."
    )
    exchanges = serializers.IntegerField(help_text="Dated exchanges that the activity rests on.")
    article = ArticleTold(allow_null=True)
    gifts = GiftsTold()
    ties = TieTold(many=True)


class Country(forms.CharField):
    """Two letters of ISO 3166."""

    def clean(self, value: Any) -> str:
        """The letters in capitals."""
        code = in_capitals(super().clean(value))
        if not is_country(code):
            raise forms.ValidationError(_("Give a country or region by its two letters, such as CN."))
        return code


class Asked(forms.Form):
    """The question, from the query string."""

    here = Country()
    there = Country()
    since = forms.DateField(required=False, input_formats=["%Y-%m-%d"])
    on = forms.DateField(required=False, input_formats=["%Y-%m-%d"])


def _parameter(name: str, kind: OpenApiTypes, words: str, *, required: bool = False) -> OpenApiParameter:
    return OpenApiParameter(name, kind, OpenApiParameter.QUERY, required=required, description=words)


class UntappedPotential(GenericViewSet[Any]):
    """Answer what the ties of one country with another hold. In figures as the article counted them, and by name: every gift of the
    places there with its source, every agreement that holds, whether it is active, and whether its partner was ever asked. Of questions
    sent, it tells those of your own cities and of the cities you oversee. The answer comes whole, without pages.
    """

    path: ClassVar[str] = "untapped"
    verb: ClassVar[str] = ""
    gives: ClassVar[dict[str, tuple[str, ...]]] = {}
    leads: ClassVar[dict[str, str]] = {}
    whole = Answer
    queryset = City.objects.none()
    filter_backends = ()

    @extend_schema(
        parameters=[
            _parameter(
                "here", OpenApiTypes.STR, "The country or region here, by two letters: CA.", required=True
            ),
            _parameter("there", OpenApiTypes.STR, "The country or region there: CN.", required=True),
            _parameter(
                "since", OpenApiTypes.DATE, "Active means an exchange since this day; 2015-01-01 if left out."
            ),
            _parameter("on", OpenApiTypes.DATE, "As of which day; today if left out."),
        ]
    )
    def ask(self, request: Request) -> Response:
        """Answer for two countries."""
        return Response(told(potential(_asked(request), request.by)))  # type: ignore[attr-defined]  # set by accounts' authentication


def _asked(request: Request) -> Sides:
    """The question. Refuses a parameter that does not fit, and twice the same country."""
    asked = question(Asked, request.query_params)
    if asked["here"] == asked["there"]:
        raise Refused("invalid", _("Choose two different countries or regions."), parameter="there")
    today: date = reader_day(clock.now())
    return Sides(asked["here"], asked["there"], asked["since"] or ACTIVE_SINCE, asked["on"] or today)


def told(found: Potential) -> dict[str, Any]:
    """The answers as they are given out."""
    sides, article, gifts = found.sides, found.article, found.gifts
    return {
        "here": sides.here,
        "there": sides.there,
        "since": sides.since,
        "on": sides.on,
        "figures": _figures(found.all),
        "between_cities": _figures(found.of_cities),
        "status_unknown": found.unknown,
        "exchanges": found.exchanges,
        "article": article
        and {
            "title": article.title,
            "address": article.address,
            "active_since": article.active_since,
            "on": article.on,
            "figures": _figures(article.figures),
        },
        "gifts": {
            "here": _gifts(gifts.here),
            "with_ties": _gifts(gifts.with_ties),
            "without_ties": _gifts(gifts.without_ties),
            "later": _gifts(gifts.later),
        },
        "ties": [_tie(row) for row in found.rows],
    }


def _figures(figures: Figures) -> dict[str, int]:
    return asdict(figures)


def _gifts(gifts: Iterable[Exchange]) -> list[dict[str, Any]]:
    facts = ("on", "precision", "items", "quantity", "unit", "source_url")
    return [
        {
            "from_city": gift.from_city.slug,
            "to_city": gift.to_city.slug,
            **{name: getattr(gift, name) for name in facts},
        }
        for gift in gifts
    ]


def _tie(row: Row) -> dict[str, Any]:
    return {
        "twinning": row.twinning.pk,
        "here": row.here.slug,
        "there": row.there.slug,
        "standing": str(row.standing),
        "active": row.active,
        "gave_abroad": row.gave_abroad,
        "gave_here": row.gave_here,
        "asked": row.asked,
        "reasons": sorted(row.reasons),
    }
