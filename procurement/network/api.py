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

    agreement_count = serializers.IntegerField()
    asking_city_count = serializers.IntegerField()
    partner_city_count = serializers.IntegerField()
    active_agreement_count = serializers.IntegerField()
    donors_to_other_countries = serializers.IntegerField()
    donors_with_active_agreement = serializers.IntegerField()
    donors_to_asking_cities = serializers.IntegerField()


class PublishedCountsSerializer(serializers.Serializer[Any]):
    """Figures that a published article gives for this pair of countries, as of its own days."""

    title = serializers.CharField()
    url = serializers.CharField()
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

    to_asking_country = DonationSerializer(many=True, help_text="To a place here, by the day.")
    from_partners = DonationSerializer(
        many=True, help_text="To others, from a place that has an agreement here."
    )
    from_others = DonationSerializer(many=True, help_text="To others, from a place that has none.")
    after_date = DonationSerializer(many=True, help_text="After the day.")


class AgreementSerializer(serializers.Serializer[Any]):
    """Agreement in force on the day. `asked`: the partner was asked for help; null if you may not see the inquiries."""

    agreement = serializers.IntegerField(help_text="Its id among the agreements.")
    here = serializers.CharField()
    there = serializers.CharField()
    status = serializers.ChoiceField(choices=("in_force", "unknown"))
    active = serializers.BooleanField()
    gave_abroad = serializers.BooleanField()
    gave_here = serializers.BooleanField(help_text="To the city of this agreement.")
    asked = serializers.BooleanField(allow_null=True)
    reasons = serializers.ListField(
        child=serializers.ChoiceField(choices=("gives_to_others", "never_asked")),
        help_text="Why an inquiry through an active agreement is worthwhile.",
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
    agreements = AgreementSerializer(many=True)


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
    file_content_types: ClassVar[dict[str, tuple[str, ...]]] = {}
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
    sides, article, donations = found.country_pair, found.article, found.donations
    return {
        "here": sides.first_country,
        "there": sides.second_country,
        "since": sides.since,
        "on": sides.reference_date,
        "figures": _serialize_counts(found.all_agreement_figures),
        "between_cities": _serialize_counts(found.city_agreement_figures),
        "status_unknown": found.unconfirmed_agreement_count,
        "exchanges": found.exchange_count,
        "article": article
        and {
            "title": article.title,
            "url": article.url,
            "active_since": article.active_since,
            "on": article.figures_date,
            "figures": _serialize_counts(article.figures),
        },
        "donations": {
            "to_asking_country": _serialize_donations(donations.to_home),
            "from_partners": _serialize_donations(donations.from_partners),
            "from_others": _serialize_donations(donations.from_others),
            "after_date": _serialize_donations(donations.after_date),
        },
        "agreements": [_serialize_agreement(row) for row in found.rows],
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
        "here": row.first_city.slug,
        "there": row.partner_city.slug,
        "status": str(row.status),
        "active": row.is_active,
        "gave_abroad": row.has_donated_abroad,
        "gave_here": row.has_donated_to_city,
        "asked": row.was_partner_asked,
        "reasons": sorted(row.untapped_reasons),
    }
