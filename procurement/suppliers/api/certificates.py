"""API collection certificates: certificates of companies, shared between cities.

Each has the results of its number check and of its issuer's answers.
"""

from typing import Any

from django.db.models import Prefetch, QuerySet
from django_filters import CharFilter, ChoiceFilter
from rest_framework import serializers

from partners.contacts.models import Contact
from procurement.catalogue.models.certificates import CertificateType, NotifiedBody
from procurement.catalogue.models.products import Product
from procurement.catalogue.models.standards import Standard
from procurement.catalogue.rules.certification_bodies import MODULE_CHOICES
from procurement.outreach.models.inquiries import Inquiry
from procurement.suppliers.models.certificates import Certificate
from procurement.suppliers.models.issuer_checks import IssuerCheck
from procurement.suppliers.models.suppliers import Supplier
from procurement.suppliers.rules.certificates import (
    ADD_CERTIFICATE,
    AMEND,
    CONFIRM_WITH_ISSUER,
    MARK_ALTERED,
    MARK_UNCONFIRMABLE,
    MARK_WRONG_SCOPE,
    RECORD_ISSUER_ANSWER,
)
from workflow.api.fast_serializers import NamedReferenceField, RowSerializer
from workflow.api.fields import (
    CreateSerializer,
    EditSerializer,
    VisiblePrimaryKeyField,
    VisibleReferenceField,
    reason_field,
    text_field,
)
from workflow.api.filters import SearchFilterSet, search_filter
from workflow.api.serializers import StrictSerializer
from workflow.api.viewsets import CollectionViewSet, MoveOperation, move_operations
from workflow.query_expressions import order_by_day

CERTIFICATE_FIELDS = (
    *("kind", "number", "holder", "manufacturer", "issuer", "notified_body", "module", "models_covered"),
    *("issued_on", "valid_until", "remark"),
)


class CertificateRowSerializer(RowSerializer):
    """Certificate of a company. Its status follows from its number and the answers of its issuer."""

    supplier = NamedReferenceField()
    kind = NamedReferenceField("code")
    notified_body = NamedReferenceField("code", allow_null=True)

    class Meta:
        model = Certificate
        fields = ("reference", "status", "supplier", *CERTIFICATE_FIELDS, "created_at")


class IssuerCheckRowSerializer(RowSerializer):
    """Answer of the issuer of a certificate: address opened, result, text, person and day."""

    by = NamedReferenceField("name")
    city = NamedReferenceField("slug", allow_null=True)

    class Meta:
        model = IssuerCheck
        fields = ("result", "how", "address", "words", "seen_on", "city", "by", "at")


class CertificateDetailSerializer(CertificateRowSerializer):
    """Complete certificate, with its standards, its products and the answers of its issuer."""

    standards = NamedReferenceField("code", many=True)
    products = NamedReferenceField("code", many=True)
    issuer_checks = IssuerCheckRowSerializer(many=True)

    class Meta:
        model = Certificate
        fields = (*CertificateRowSerializer.Meta.fields, "standards", "products", "issuer_checks")


def conformity_module_field() -> serializers.ChoiceField:
    """Return the field for the module of a notified body, by its letter."""
    return serializers.ChoiceField(MODULE_CHOICES, required=False, allow_blank=True)


class NewCertificateSerializer(CreateSerializer):
    """Certificate to enter. Its number is checked at once."""

    supplier = VisibleReferenceField(Supplier)
    kind = VisibleReferenceField(CertificateType, "code")
    notified_body = VisibleReferenceField(NotifiedBody, "code", required=False, allow_null=True)
    standards = VisibleReferenceField(Standard, "code", many=True, required=False)
    products = VisibleReferenceField(Product, "code", many=True, required=False)
    module = conformity_module_field()
    contact = VisiblePrimaryKeyField(Contact, required=False, allow_null=True)
    inquiry = VisibleReferenceField(Inquiry, required=False, allow_null=True)

    class Meta:
        model = Certificate
        fields = ("supplier", *CERTIFICATE_FIELDS, "standards", "products", "contact", "inquiry")


class CertificateEditSerializer(EditSerializer):
    """Facts of a certificate to correct."""

    kind = VisibleReferenceField(CertificateType, "code")
    notified_body = VisibleReferenceField(NotifiedBody, "code", allow_null=True)
    standards = VisibleReferenceField(Standard, "code", many=True)
    products = VisibleReferenceField(Product, "code", many=True)
    module = conformity_module_field()
    reason = reason_field(allow_blank=True)

    class Meta:
        model = Certificate
        fields = (*CERTIFICATE_FIELDS, "standards", "products", "reason")


class CertificateFilter(SearchFilterSet):
    """Filters for certificates."""

    search = search_filter(
        "The reference, or how it begins (CE-2020); else words in the company's names, in any script."
    )
    status = ChoiceFilter(choices=Certificate.Status.choices)
    supplier = CharFilter("supplier__reference")
    kind = CharFilter("kind__code")


class IssuerCheckBodySerializer(StrictSerializer):
    """Address and day of an issuer's answer."""

    address = serializers.CharField(
        max_length=300, help_text="The address that was opened, or the number that was called."
    )
    how = serializers.ChoiceField(IssuerCheck.CheckMethod.choices, required=False)
    seen_on = serializers.DateField(required=False, help_text="Today where it is left out.")


class IssuerConfirmationBodySerializer(IssuerCheckBodySerializer):
    """Confirmation by the issuer."""

    reason = reason_field("What was read there.")


class IssuerDecisionBodySerializer(IssuerCheckBodySerializer):
    """Decision on a certificate.

    The address of the issuer's site is optional, because the certificate alone may be enough.
    """

    address = serializers.CharField(max_length=300, required=False, allow_blank=True)
    reason = reason_field()


class IssuerAnswerBodySerializer(IssuerCheckBodySerializer):
    """Answer of the issuer, without a decision."""

    result = serializers.ChoiceField(IssuerCheck.Result.choices)
    words = text_field(2000, "What was read there.")


class CertificateViewSet(CollectionViewSet):
    """Certificates: claimed, well formed or suspect by their number, then confirmed or marked otherwise."""

    model = Certificate
    path = "certificates"
    list_serializer = CertificateRowSerializer
    detail_serializer = CertificateDetailSerializer
    filterset_class = CertificateFilter
    ordering_fields = {"valid_until": order_by_day("valid_until")}
    create_action = MoveOperation(ADD_CERTIFICATE, body=NewCertificateSerializer)
    move_actions = move_operations(
        MoveOperation(AMEND, body=CertificateEditSerializer),
        MoveOperation(CONFIRM_WITH_ISSUER, body=IssuerConfirmationBodySerializer),
        *(
            MoveOperation(move, fixed={"status": move.target}, body=IssuerDecisionBodySerializer)
            for move in (MARK_UNCONFIRMABLE, MARK_ALTERED, MARK_WRONG_SCOPE)
        ),
        MoveOperation(RECORD_ISSUER_ANSWER, body=IssuerAnswerBodySerializer),
    )

    def detail_queryset(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """Return the rows with their standards, products and the visible answers of their issuer."""
        looks = IssuerCheck.objects.visible_to(self.by).select_related("by", "city").order_by("pk")
        named = {
            "issuer_checks": looks,
            "standards": Standard.objects.order_by("code"),
            "products": Product.objects.order_by("code"),
        }
        detailed = super().detail_queryset(rows)
        for name, one in named.items():
            detailed = detailed.prefetch_related(Prefetch(name, one))
        return detailed
