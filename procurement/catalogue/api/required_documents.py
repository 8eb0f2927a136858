"""API answer to which documents a consignment of goods needs on its route."""

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

from partners.form_fields import CountryCodeField
from procurement.catalogue.api.reference_rows import NAME_FIELDS
from procurement.catalogue.models.customs import CustomsRule
from procurement.catalogue.models.products import Product
from procurement.catalogue.models.reference_rows import (
    AcquisitionType,
    DeclaredUse,
    EndUserType,
)
from procurement.catalogue.queries import (
    ConsignmentLine,
    applicable_rules_day,
    build_consignment,
    route_requirements,
)
from procurement.catalogue.rules.customs_documents import Requirement
from procurement.shipments.models import Shipment
from workflow import clock
from workflow.api.filters import parse_query
from workflow.errors import Refused


class RequiredDocumentSerializer(serializers.Serializer[Any]):
    """Document, step or contradiction with its rule, whether it blocks on this day, or why it only warns."""

    rule = serializers.CharField()
    document_code = serializers.CharField()
    category = serializers.ChoiceField(choices=CustomsRule.Category.choices)
    side = serializers.ChoiceField(choices=CustomsRule.Side.choices)
    owner = serializers.ChoiceField(choices=CustomsRule.ResponsibleParty.choices)
    due_before = serializers.ChoiceField(choices=CustomsRule.DueBefore.choices)
    blocks = serializers.BooleanField()
    doubt = serializers.CharField(help_text="Why it only warns; empty where it blocks.")
    year_last_confirmed = serializers.IntegerField(
        allow_null=True, help_text="The year it was last seen in force, where it may have ended since."
    )
    name_en = serializers.CharField()
    name_fr = serializers.CharField()
    name_zh = serializers.CharField()
    sources = serializers.ListField(child=serializers.CharField())


class RequiredDocumentsSerializer(serializers.Serializer[Any]):
    """Requirements of a route on a day.

    They are documents and steps, contradictions, rules that have ended, and reliefs that may apply.
    """

    on = serializers.DateField()
    documents = RequiredDocumentSerializer(many=True)
    conflicts = RequiredDocumentSerializer(many=True)
    ended = serializers.ListField(child=serializers.CharField(), help_text="Codes of rules.")
    reliefs = serializers.ListField(child=serializers.CharField(), help_text="Codes of reliefs.")


class RouteQueryForm(forms.Form):
    """Form that validates the query string of required documents: goods, route and date."""

    origin = CountryCodeField()
    destination = CountryCodeField()
    product = forms.CharField(max_length=40)
    use = forms.ChoiceField(choices=DeclaredUse.choices)
    acquisition_type = forms.ChoiceField(choices=AcquisitionType.choices)
    receiver = forms.ChoiceField(choices=EndUserType.choices, required=False)
    mode = forms.ChoiceField(choices=Shipment.Mode.choices, required=False)
    on = forms.DateField(required=False, input_formats=["%Y-%m-%d"])


def _parameter(name: str, words: str, *, required: bool = True) -> OpenApiParameter:
    kind = OpenApiTypes.DATE if name == "on" else OpenApiTypes.STR
    return OpenApiParameter(name, kind, OpenApiParameter.QUERY, required=required, description=words)


class RequiredDocumentsViewSet(GenericViewSet[Any]):
    """Documents that customs asks for on a route, as of a day.

    Rules without a reliable source warn, with the reason, and never block. A customs broker decides what a
    consignment needs. The answer is not paginated.
    """

    path: ClassVar[str] = "required-documents"
    verb: ClassVar[str] = ""
    file_content_types: ClassVar[dict[str, tuple[str, ...]]] = {}
    redirects: ClassVar[dict[str, str]] = {}
    detail_serializer = RequiredDocumentsSerializer
    queryset = CustomsRule.objects.none()
    filter_backends = ()

    @extend_schema(
        parameters=[
            _parameter("origin", "The country or region the goods leave: CN."),
            _parameter("destination", "The country or region they enter: CA."),
            _parameter("product", "The code of the goods: MASK_SURG."),
            _parameter("use", "What they are declared for: medical or non_medical."),
            _parameter("acquisition_type", "purchase or donation."),
            _parameter(
                "receiver", "Who will use the goods, such as hospital; not known if left out.", required=False
            ),
            _parameter("mode", "The mode of transport; air if left out.", required=False),
            _parameter("on", "As of which day; today if left out.", required=False),
        ]
    )
    def query(self, request: Request) -> Response:
        """Return the requirements for goods on a route."""
        return Response(_answer_query(parse_query(RouteQueryForm, request.query_params)))


def _answer_query(query: dict[str, Any]) -> dict[str, Any]:
    on: date = query["on"] or applicable_rules_day(clock.now())
    product = Product.objects.filter(code=query["product"]).first()
    if product is None:
        raise Refused("invalid", _("This product code does not exist."), parameter="product")
    consignment = build_consignment(
        [ConsignmentLine(product, query["use"], query["acquisition_type"])],
        origin=query["origin"],
        destination=query["destination"],
        consignee=query["receiver"],
        mode=query["mode"] or Shipment.Mode.AIR.value,
        on=on,
    )
    found = route_requirements(consignment, on=on)
    return {
        "on": on,
        "documents": [_serialize_requirement(one) for one in found.documents],
        "conflicts": [_serialize_requirement(one) for one in found.conflicts],
        "ended": [rule.code for rule in found.ended_rules],
        "reliefs": [relief.code for relief in found.reliefs],
    }


def _serialize_requirement(one: Requirement) -> dict[str, Any]:
    rule = one.rule
    return {
        "rule": rule.code,
        "document_code": one.document_code,
        **{name: getattr(rule, name) for name in ("category", "side", "owner", "due_before", *NAME_FIELDS)},
        "blocks": one.is_blocking,
        "doubt": one.doubt_reason.value,
        "year_last_confirmed": one.year_last_confirmed,
        "sources": list(one.source_confidence.sources),
    }
