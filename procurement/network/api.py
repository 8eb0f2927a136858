"""API view of unused potential: the agreements between two countries and their use. Read only.

`here` is the country (or city) of the first side, `there` that of the other. The article is a published study that
counted such agreements; its figures are shown for comparison.
"""

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

from partners.cities.models import City
from partners.exchanges.active_pairs import ACTIVE_SINCE
from partners.exchanges.models import Exchange
from partners.exchanges.untapped_potential import AgreementFigures
from partners.form_fields import CountryCodeField
from procurement.outreach.queries.untapped_potential import (
    AgreementRow,
    CountryPairQuery,
    UntappedPotential,
    untapped_potential,
)
from workflow import clock
from workflow.api.filters import parse_query
from workflow.days import reader_day
from workflow.errors import Refused


class AgreementCountsSerializer(serializers.Serializer[Any]):
    """Figures as the published article counts them: agreements in force, cities, active agreements, and partners that donated."""

    agreements = serializers.IntegerField()
    cities_here = serializers.IntegerField()
    cities_there = serializers.IntegerField()
    active = serializers.IntegerField()
    donors_abroad = serializers.IntegerField()
    donors_with_active_ties = serializers.IntegerField()
    donors_here = serializers.IntegerField()


class PublishedCountsSerializer(serializers.Serializer[Any]):
    """Figures that a published article gives for this pair of countries, as of its own days."""

    title = serializers.CharField()
    address = serializers.CharField()
    active_since = serializers.DateField()
    on = serializers.DateField()
    figures = AgreementCountsSerializer()


class DonationSerializer(serializers.Serializer[Any]):
    """Donation of protective equipment. `on` is the first day of its known period."""

    from_city = serializers.CharField()
    to_city = serializers.CharField()
    on = serializers.DateField()
    precision = serializers.CharField()
    items = serializers.CharField()
    quantity = serializers.IntegerField(allow_null=True)
    unit = serializers.CharField()
    source_url = serializers.CharField()


class DonationsSerializer(serializers.Serializer[Any]):
    """Donations from places in the other country to places abroad. Each donation is in exactly one of the lists."""

    here = DonationSerializer(many=True, help_text="To a place here, by the day.")
    with_ties = DonationSerializer(many=True, help_text="To others, from a place that has a tie here.")
    without_ties = DonationSerializer(many=True, help_text="To others, from a place that has none.")
    later = DonationSerializer(many=True, help_text="After the day.")


class AgreementSerializer(serializers.Serializer[Any]):
    """Agreement in force on the day. `asked`: the partner was asked for help; null if you may not see the inquiries."""

    agreement = serializers.IntegerField(help_text="Its id among the agreements.")
    here = serializers.CharField()
    there = serializers.CharField()
    status = serializers.ChoiceField(choices=("in_force", "unknown"))
    active = serializers.BooleanField()
    gave_abroad = serializers.BooleanField()
    gave_here = serializers.BooleanField(help_text="To the city of this tie.")
    asked = serializers.BooleanField(allow_null=True)
    reasons = serializers.ListField(
        child=serializers.ChoiceField(choices=("gives_to_others", "never_asked")),
        help_text="Why an active tie is worth a question.",
    )


class UntappedPotentialSerializer(serializers.Serializer[Any]):
    """Use of the agreements between two countries, as figures and by name."""

    here = serializers.CharField()
    there = serializers.CharField()
    since = serializers.DateField()
    on = serializers.DateField()
    figures = AgreementCountsSerializer()
    between_cities = AgreementCountsSerializer(
        help_text="The same without agreements of whole provinces, as the article counts."
    )
    status_unknown = serializers.IntegerField(
        help_text="Agreements counted of which no source says that they are in force."
    )
    exchanges = serializers.IntegerField(help_text="Dated exchanges that the activity rests on.")
    article = PublishedCountsSerializer(allow_null=True)
    donations = DonationsSerializer()
    ties = AgreementSerializer(many=True)


class CountryPairQueryForm(forms.Form):
    """Form that validates the query string: two countries, the day of the figures, and the first day of activity."""

    here = CountryCodeField()
    there = CountryCodeField()
    since = forms.DateField(required=False, input_formats=["%Y-%m-%d"])
    on = forms.DateField(required=False, input_formats=["%Y-%m-%d"])


def _parameter(name: str, kind: OpenApiTypes, words: str, *, required: bool = False) -> OpenApiParameter:
    return OpenApiParameter(name, kind, OpenApiParameter.QUERY, required=required, description=words)


class UntappedPotentialViewSet(GenericViewSet[Any]):
    """Twinning agreements between two countries, with their activity and donations.

    The figures are counted as in the published article. The answer lists every donation from places in the other
    country, with its source. It also lists every agreement in force, with its activity and whether the partner was ever
    asked. Inquiries are included only for your own cities and the cities you oversee.
    The answer is not paginated.
    """

    path: ClassVar[str] = "untapped"
    verb: ClassVar[str] = ""
    file_types: ClassVar[dict[str, tuple[str, ...]]] = {}
    redirects: ClassVar[dict[str, str]] = {}
    detail_serializer = UntappedPotentialSerializer
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
    def query(self, request: Request) -> Response:
        """Return the answer for two countries."""
        return Response(serialize_potential(untapped_potential(_country_pair(request), request.by)))  # type: ignore[attr-defined]  # set by accounts' authentication


def _country_pair(request: Request) -> CountryPairQuery:
    """Return the question. Refuses invalid parameters, and the same country twice."""
    asked = parse_query(CountryPairQueryForm, request.query_params)
    if asked["here"] == asked["there"]:
        raise Refused("invalid", _("Choose two different countries or regions."), parameter="there")
    today: date = reader_day(clock.now())
    return CountryPairQuery(
        asked["here"], asked["there"], asked["since"] or ACTIVE_SINCE, asked["on"] or today
    )


def serialize_potential(found: UntappedPotential) -> dict[str, Any]:
    """Return the answer as JSON data."""
    sides, article, donations = found.sides, found.article, found.donations
    return {
        "here": sides.here,
        "there": sides.there,
        "since": sides.since,
        "on": sides.on,
        "figures": _serialize_counts(found.all),
        "between_cities": _serialize_counts(found.of_cities),
        "status_unknown": found.unknown,
        "exchanges": found.exchanges,
        "article": article
        and {
            "title": article.title,
            "address": article.address,
            "active_since": article.active_since,
            "on": article.on,
            "figures": _serialize_counts(article.figures),
        },
        "donations": {
            "here": _serialize_donations(donations.to_home),
            "with_ties": _serialize_donations(donations.from_partners),
            "without_ties": _serialize_donations(donations.from_others),
            "later": _serialize_donations(donations.later),
        },
        "ties": [_serialize_agreement(row) for row in found.rows],
    }


def _serialize_counts(figures: AgreementFigures) -> dict[str, int]:
    return asdict(figures)


def _serialize_donations(donations: Iterable[Exchange]) -> list[dict[str, Any]]:
    facts = ("on", "precision", "items", "quantity", "unit", "source_url")
    return [
        {
            "from_city": gift.from_city.slug,
            "to_city": gift.to_city.slug,
            **{name: getattr(gift, name) for name in facts},
        }
        for gift in donations
    ]


def _serialize_agreement(row: AgreementRow) -> dict[str, Any]:
    return {
        "agreement": row.agreement.pk,
        "here": row.here.slug,
        "there": row.there.slug,
        "status": str(row.status),
        "active": row.active,
        "gave_abroad": row.gave_abroad,
        "gave_here": row.gave_here,
        "asked": row.asked,
        "reasons": sorted(row.reasons),
    }
