"""API collections of the catalogue, read only.

The collections are products, standards, inspection points, certificate types, notified bodies, customs
rules and duty reliefs.
"""

from datetime import date
from typing import Any

from django.db.models import QuerySet
from django_filters import CharFilter, ChoiceFilter, DateFilter

from partners.validators import normalize_code
from procurement.catalogue.models.certificates import CertificateType, NotifiedBody
from procurement.catalogue.models.customs import CustomsRule, DutyRelief
from procurement.catalogue.models.inspection_points import InspectionPoint
from procurement.catalogue.models.products import Product
from procurement.catalogue.models.reference_rows import (
    Market,
    market_of_country,
)
from procurement.catalogue.models.standards import Standard
from workflow import clock
from workflow.api.fast_serializers import ComputedField, NamedReferenceField, RowSerializer
from workflow.api.filters import BaseFilterSet, SearchFilterSet
from workflow.api.viewsets import CollectionViewSet
from workflow.dated_text import text_as_of
from workflow.days import reader_day

REFERENCE_ROW_FIELDS = (
    "valid_from",
    "valid_to",
    "seen_on",
    "confidence",
    "unsourced_columns",
    "source_urls",
)  # the fields of every reference row
NAME_FIELDS = ("name_en", "name_fr", "name_zh")


def reference_text_field(column: str) -> ComputedField:
    """Return the serializer field for a reference text, from which statements about future days are removed."""
    return ComputedField(column, by=lambda text: text_as_of(text, reader_day(clock.now())))


class ProductRowSerializer(RowSerializer):
    """Kind of protective equipment, with its names in three languages."""

    class Meta:
        model = Product
        fields = (
            "code",
            *NAME_FIELDS,
            "unit",
            "family",
            "units_per_carton",
            "carton_kg",
            *REFERENCE_ROW_FIELDS,
        )


class ProductDetailSerializer(ProductRowSerializer):
    """Complete product, with its limits and the standards used for it."""

    standards = NamedReferenceField("code", many=True)
    note_en, note_fr, note_zh = (
        reference_text_field("note_en"),
        reference_text_field("note_fr"),
        reference_text_field("note_zh"),
    )

    class Meta:
        model = Product
        fields = (*ProductRowSerializer.Meta.fields, "limits", "note_en", "note_fr", "note_zh", "standards")


class ProductFilter(SearchFilterSet):
    """Filters for products."""

    family = ChoiceFilter(choices=Product.Family.choices)


class ProductViewSet(CollectionViewSet):
    """Products that a need can ask for."""

    model = Product
    path = "products"
    lookup_field = "code"
    list_serializer = ProductRowSerializer
    detail_serializer = ProductDetailSerializer
    filterset_class = ProductFilter
    ordering_fields = {"code": "code"}


class StandardRowSerializer(RowSerializer):
    """One level of one edition of a standard."""

    class Meta:
        model = Standard
        fields = (
            "code",
            "designation",
            "edition",
            "level",
            "market",
            *NAME_FIELDS,
            "limits",
            *REFERENCE_ROW_FIELDS,
        )


class StandardFilter(BaseFilterSet):
    """Filters for standards."""

    market = ChoiceFilter(choices=Market.choices)
    product = CharFilter("product_links__product__code", distinct=True)


class StandardViewSet(CollectionViewSet):
    """Standards that a need line accepts and an offer claims."""

    model = Standard
    path = "standards"
    lookup_field = "code"
    list_serializer = StandardRowSerializer
    filterset_class = StandardFilter
    ordering_fields = {"code": "code"}


class InspectionPointRowSerializer(RowSerializer):
    """Point of an inspection checklist: the measured or visible feature, its limit and its goods.

    A point that names no goods applies to all.
    """

    class Meta:
        model = InspectionPoint
        fields = (
            *("id", "code", "key", *NAME_FIELDS, "unit", "bound", "limit", "strict"),
            *("standards", "products", "families", *REFERENCE_ROW_FIELDS),
        )


class InspectionPointFilter(BaseFilterSet):
    """Filters for inspection points."""

    key = CharFilter()
    bound = ChoiceFilter(choices=InspectionPoint.LimitType.choices)


class InspectionPointViewSet(CollectionViewSet):
    """Points that the inspection of a lot examines."""

    model = InspectionPoint
    path = "inspection-points"
    lookup_field = "id"  # its code contains a vertical bar
    list_serializer = InspectionPointRowSerializer
    filterset_class = InspectionPointFilter
    ordering_fields = {"code": "code"}


class CertificateTypeRowSerializer(RowSerializer):
    """Certificate type: its number format, where it is checked, what it proves and does not prove."""

    proves_en, proves_fr, proves_zh = (
        reference_text_field("proves_en"),
        reference_text_field("proves_fr"),
        reference_text_field("proves_zh"),
    )
    does_not_prove_en = reference_text_field("does_not_prove_en")
    does_not_prove_fr = reference_text_field("does_not_prove_fr")
    does_not_prove_zh = reference_text_field("does_not_prove_zh")

    class Meta:
        model = CertificateType
        fields = (
            *(
                "code",
                "category",
                "jurisdiction",
                *NAME_FIELDS,
                "issuer",
                "number_hint",
                "number_names",
                "check_digit",
            ),
            *("check_urls", "proves_en", "proves_fr", "proves_zh", "does_not_prove_en"),
            *("does_not_prove_fr", "does_not_prove_zh"),
            *REFERENCE_ROW_FIELDS,
        )


class CertificateTypeFilter(BaseFilterSet):
    """Filters for certificate types."""

    jurisdiction = CharFilter()


class CertificateTypeViewSet(CollectionViewSet):
    """Types of certificate that a company may have."""

    model = CertificateType
    path = "certificate-types"
    lookup_field = "code"
    list_serializer = CertificateTypeRowSerializer
    filterset_class = CertificateTypeFilter
    ordering_fields = {"code": "code"}


class NotifiedBodyRowSerializer(RowSerializer):
    """Notified body for the European market, as its source lists it."""

    class Meta:
        model = NotifiedBody
        fields = (
            "code",
            "number",
            "name",
            "country",
            "act",
            "respirators",
            "modules",
            "as_of",
            "source_quality",
            "status",
            *REFERENCE_ROW_FIELDS,
        )


class NotifiedBodyFilter(BaseFilterSet):
    """Filters for notified bodies."""

    number = CharFilter()


class NotifiedBodyViewSet(CollectionViewSet):
    """Notified bodies that may have issued a certificate."""

    model = NotifiedBody
    path = "notified-bodies"
    lookup_field = "code"
    list_serializer = NotifiedBodyRowSerializer
    filterset_class = NotifiedBodyFilter
    ordering_fields = {"code": "code"}


REASON_FIELDS = ("why_en", "why_fr", "why_zh")


class CustomsRuleRowSerializer(RowSerializer):
    """Customs rule of a route: a document or step that is required, or a contradiction that is not allowed.

    An empty list or place does not restrict the rule.
    """

    why_en, why_fr, why_zh = (
        reference_text_field("why_en"),
        reference_text_field("why_fr"),
        reference_text_field("why_zh"),
    )

    class Meta:
        model = CustomsRule
        fields = (
            *(
                "code",
                "category",
                "document_code",
                *NAME_FIELDS,
                *REASON_FIELDS,
                "origin",
                "destination",
                "side",
                "owner",
                "due_before",
            ),
            *("effect", "families", "products", "hs_numbers", "device_classes", "use", "acquisition_type"),
            *("consignees", "modes", "satisfied_by", "edited_manually_at", *REFERENCE_ROW_FIELDS),
        )


class CustomsRuleFilter(BaseFilterSet):
    """Filters for customs rules."""

    origin = CharFilter(method="filter_origin", help_text="The rules of goods from a country: CN.")
    destination = CharFilter(method="filter_destination", help_text="The rules of goods into a country: CA.")
    on = DateFilter(
        method="filter_possibly_in_force", help_text="Not known to be out of force on this day: 2020-04-05."
    )
    family = ChoiceFilter(method="filter_family", choices=Product.Family.choices)
    side = ChoiceFilter(choices=CustomsRule.Side.choices)
    document_code = CharFilter()

    def filter_origin(self, rows: QuerySet[Any], name: str, place: str) -> QuerySet[Any]:
        """Return the rules for goods from this country, from its market, or from any place."""
        return rows.filter(origin__in={"", normalize_code(place), market_of_country(normalize_code(place))})

    def filter_destination(self, rows: QuerySet[Any], name: str, place: str) -> QuerySet[Any]:
        """Return the rules for goods to this country, to its market, or to any place."""
        return rows.filter(
            destination__in={"", normalize_code(place), market_of_country(normalize_code(place))}
        )

    def filter_possibly_in_force(self, rows: Any, name: str, day: date) -> QuerySet[Any]:
        """Return the rules that may be in force on this day."""
        found: QuerySet[Any] = rows.possibly_in_force(day)
        return found

    def filter_family(self, rows: QuerySet[Any], name: str, family: str) -> QuerySet[Any]:
        """Return the rules for this family of goods, and those for all goods."""
        of = Product.objects.filter(family=family).values_list("code", flat=True)
        named = rows.filter(families__contains=[family]) | rows.filter(products__overlap=of)
        return named | rows.filter(families=[], products=[])


class CustomsRuleViewSet(CollectionViewSet):
    """Requirements of customs, carriers and health authorities, in dated rows with their sources.

    They are information: a customs broker decides what a consignment needs.
    """

    model = CustomsRule
    path = "customs-rules"
    lookup_field = "code"
    list_serializer = CustomsRuleRowSerializer
    filterset_class = CustomsRuleFilter
    ordering_fields = {"code": "code"}


class DutyReliefRowSerializer(RowSerializer):
    """Relief from a duty or tax: basis, number, condition and days."""

    condition_en, condition_fr = reference_text_field("condition_en"), reference_text_field("condition_fr")
    condition_zh = reference_text_field("condition_zh")

    class Meta:
        model = DutyRelief
        fields = (
            *(
                "code",
                *NAME_FIELDS,
                "country",
                "basis",
                "authorisation",
                "tariff_treatment",
                "importers",
                "later_importers",
                "later_from",
                "acquisition_type",
            ),
            *("relieves_duty", "relieves_tax", "hs_numbers", "condition_en", "condition_fr", "condition_zh"),
            *("needs_end_use", "edited_manually_at", *REFERENCE_ROW_FIELDS),
        )


class DutyReliefFilter(BaseFilterSet):
    """Filters for reliefs."""

    country = CharFilter(method="filter_country", help_text="Of a country's customs, or of its market: CA.")
    on = DateFilter(
        method="filter_possibly_in_force", help_text="Not known to be out of force on this day: 2020-04-05."
    )

    def filter_country(self, rows: QuerySet[Any], name: str, place: str) -> QuerySet[Any]:
        """Return the reliefs of this country or of its market."""
        return rows.filter(
            country__in={normalize_code(place), market_of_country(normalize_code(place)) or "-"}
        )

    def filter_possibly_in_force(self, rows: Any, name: str, day: date) -> QuerySet[Any]:
        """Return the reliefs that may be in force on this day."""
        found: QuerySet[Any] = rows.possibly_in_force(day)
        return found


class DutyReliefViewSet(CollectionViewSet):
    """Reliefs from duty and tax, in dated rows with their sources."""

    model = DutyRelief
    path = "duty-reliefs"
    lookup_field = "code"
    list_serializer = DutyReliefRowSerializer
    filterset_class = DutyReliefFilter
    ordering_fields = {"code": "code"}


# --- required documents as of a day -----------------------------------------------------------------------------
