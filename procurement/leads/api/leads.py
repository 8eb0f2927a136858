"""API collections supplier-leads and findings: offers, and the results of their screening."""

from typing import Any

from django.db.models import OuterRef, QuerySet
from django_filters import BooleanFilter, CharFilter, ChoiceFilter, DateFilter, NumberFilter
from drf_spectacular.types import OpenApiTypes
from rest_framework import serializers

from partners.api_fields import CurrencyField
from partners.cities.models import City
from partners.contacts.models import Contact
from procurement.allocations.actions import reduce_lead
from procurement.allocations.models import Allocation
from procurement.catalogue.models.certificates import CertificateType
from procurement.catalogue.models.products import Product
from procurement.catalogue.models.standards import Standard
from procurement.leads.models.findings import Finding
from procurement.leads.models.leads import SupplierLead
from procurement.leads.rules import leads
from procurement.leads.rules.finding_transitions import ANSWER, UPHOLD
from procurement.leads.rules.leads import (
    BEGIN_CHECKS,
    DRAFT,
    EDIT,
    EXTEND,
    MESSAGE_CITY,
    REJECT,
    REOPEN,
    REQUEST_CERTIFICATES,
    SHARE,
    VERIFY,
    WITHDRAW,
    may_offer,
)
from procurement.leads.rules.unsolicited import ACCEPT, DECLINE, PASS_ON
from procurement.leads.screening.finding_messages import finding_sentence
from procurement.leads.screening.labels import DOWNGRADE_REASONS
from procurement.outreach.models.inquiries import Inquiry
from procurement.requests.api import RequestLineReferenceField, line_reference_field
from procurement.requests.models import MAX_QUANTITY
from procurement.requests.unwanted_goods.queries import unwanted_among_offered_goods
from procurement.suppliers.models.suppliers import Supplier
from workflow import clock
from workflow.api.fast_serializers import (
    OBJECT_SCHEMA,
    ComputedField,
    NamedReferenceField,
    RowSerializer,
    parse_json,
)
from workflow.api.fields import (
    ChildReferenceField,
    CreateSerializer,
    EditSerializer,
    QuantityField,
    VisiblePrimaryKeyField,
    VisibleReferenceField,
    reason_field,
)
from workflow.api.filters import ReferenceFilterSet, SearchFilterSet
from workflow.api.serializers import StrictSerializer
from workflow.api.viewsets import CollectionViewSet, MoveOperation, move_operations
from workflow.input_limits import MAX_DURATION_DAYS
from workflow.query_expressions import exists_annotations, order_by_day, order_by_moment

OFFER_FIELDS = (
    *(
        "product",
        "standard",
        "model",
        "maker",
        "kind",
        "stock_quantity",
        "stock_place",
        "capacity_per_day",
        "ready_on",
    ),
    *("available_until", "min_order_quantity", "unit_price", "currency", "incoterm", "incoterm_place"),
    *("lead_days", "air_days", "sea_days", "air_freight", "sea_freight", "carton_pieces", "carton_kg"),
    *("carton_litres", "pallet_cartons", "insurance_percent", "inspection_cost", "prepayment_percent"),
    *("payment_terms", "sample_available", "reference_customers"),
    *("valid_until", "declared_use"),
    *("referred_by", "remark"),
)
FIELD_LIMITS = {name: {"max_value": MAX_DURATION_DAYS} for name in ("lead_days", "air_days", "sea_days")} | {
    "prepayment_percent": {"max_value": 100}
}


def free_quantity(supply: int, allocated: int) -> int:
    """Return the pieces that are not allocated yet."""
    return supply - allocated


class SupplierLeadRowSerializer(RowSerializer):
    """Offer in a list. `free` are the pieces not allocated yet.

    `supply` is the stock plus the daily production from `ready_on` to `available_until`, both days
    included. Production entered without `ready_on` begins on the day of entry. `valid_until_assumed`: the
    offer states no end, so the validity that its city has set counts.
    """

    city = NamedReferenceField("slug")
    line = line_reference_field()
    inquiry = NamedReferenceField(allow_null=True)
    supplier = NamedReferenceField()
    product = NamedReferenceField("code")
    standard = NamedReferenceField("code", allow_null=True)
    free = ComputedField("supply", "allocated", by=free_quantity, kind=OpenApiTypes.INT64)

    class Meta:
        model = SupplierLead
        fields = (
            *("reference", "status", "city", "line", "inquiry", "supplier", "product", "standard"),
            *(
                "meets",
                "kind",
                "supply",
                "allocated",
                "free",
                "unit_price",
                "currency",
                "price_in_city_currency",
            ),
            *("ready_on", "available_until", "valid_until", "valid_until_assumed"),
            "created_at",
        )


class OverruledFindingRowSerializer(RowSerializer):
    """Blocking finding that a person answered. It no longer blocks."""

    answered_by = NamedReferenceField("name", allow_null=True)

    class Meta:
        model = Finding
        fields = ("reference", "code", "answer", "answered_by", "answered_at")


UNWANTED_GOODS_SCHEMA = {
    "type": "array",
    "items": {
        "type": "object",
        "properties": {name: {"type": "string"} for name in ("reference", "goods", "reason")},
        "required": ["reference", "goods", "reason"],
    },
}


def unwanted_goods_among(city: City, product: Product, standard: Standard | None) -> list[dict[str, str]]:
    """Return the entries on the city's list of unwanted goods today that cover the offered goods."""
    rows = unwanted_among_offered_goods([(product, standard)], city, clock.now())
    return [
        {"reference": row.reference, "goods": row.goods_description, "reason": row.reason} for row in rows
    ]


class SupplierLeadDetailSerializer(SupplierLeadRowSerializer):
    """Complete offer. Its checks and findings are shown only to the city it was made to.

    `unwanted` warns of goods that the city asks people not to send, with the reason; they are not refused.
    `landed` is the landed cost of a piece by mode of transport, with its parts, as of its day; a total
    whose "complete" is false is a minimum. `rate` converted the offer's currency to the city's; an empty
    `rate_source` means the European Central Bank.
    """

    contact = serializers.IntegerField(source="contact_id", allow_null=True)
    accepted_by = NamedReferenceField("name", allow_null=True)
    maker = NamedReferenceField(allow_null=True)
    verified_by = NamedReferenceField("name", allow_null=True)
    shared_with = NamedReferenceField("slug", many=True)
    unwanted = ComputedField(
        "city", "product", "standard", by=unwanted_goods_among, kind=UNWANTED_GOODS_SCHEMA
    )
    overruled = OverruledFindingRowSerializer(many=True, source="overruled_findings")
    json_schemas = {"landed": OBJECT_SCHEMA}

    class Meta:
        model = SupplierLead
        fields = (
            *SupplierLeadRowSerializer.Meta.fields,
            *(
                "model",
                "maker",
                "contact",
                "stock_quantity",
                "stock_place",
                "capacity_per_day",
                "min_order_quantity",
            ),
            *("incoterm", "incoterm_place", "lead_days", "air_days", "sea_days", "prepayment_percent"),
            *("air_freight", "sea_freight", "carton_pieces", "carton_kg", "carton_litres", "pallet_cartons"),
            *("payment_terms", "sample_available", "reference_customers"),
            *("insurance_percent", "inspection_cost", "landed", "rate", "rate_on", "rate_source"),
            *("declared_use", "referred_by", "remark", "unwanted", "recheck", "checks_open"),
            *(
                "checks_accepted",
                "blocking_findings",
                "overruled",
                "accepted_by",
                "verified_by",
                "verified_at",
                "shared_with",
            ),
        )


class LeadFactsSerializer(CreateSerializer):
    """Facts of an offer."""

    product = VisibleReferenceField(Product, "code")
    standard = VisibleReferenceField(Standard, "code", required=False, allow_null=True)
    maker = VisibleReferenceField(Supplier, required=False, allow_null=True)
    stock_quantity = QuantityField(min_value=0, required=False)
    min_order_quantity = QuantityField(min_value=0, required=False)
    currency = CurrencyField(required=False, allow_blank=True)

    class Meta:
        model = SupplierLead
        fields = OFFER_FIELDS
        extra_kwargs = FIELD_LIMITS


class NewSupplierLeadSerializer(LeadFactsSerializer):
    """Offer to enter, as a draft.

    Without an inquiry, a contact may make an offer for a need that they may read, or to a city that has an agreement in
    force with their own city. If there is no such city, the contact leaves `city` out, and a coordinator passes the
    offer on.
    """

    city = VisibleReferenceField(City, "slug", required=False, allow_null=True)
    line = RequestLineReferenceField(required=False, allow_null=True)
    inquiry = VisibleReferenceField(Inquiry, required=False, allow_null=True)
    contact = VisiblePrimaryKeyField(Contact, required=False, allow_null=True)
    supplier = VisibleReferenceField(Supplier)

    class Meta:
        model = SupplierLead
        fields = ("city", "line", "inquiry", "contact", "supplier", *OFFER_FIELDS)
        extra_kwargs = FIELD_LIMITS


class FurtherGoodsSerializer(LeadFactsSerializer):
    """Other goods of the same supplier, offered in the same answer."""

    line = RequestLineReferenceField(required=False, allow_null=True)

    class Meta:
        model = SupplierLead
        fields = ("line", *OFFER_FIELDS)
        extra_kwargs = FIELD_LIMITS


class LeadAnswerSerializer(LeadFactsSerializer):
    """Offer of a contact in answer to an inquiry."""

    line = RequestLineReferenceField(required=False, allow_null=True)
    supplier = VisibleReferenceField(Supplier)
    further = FurtherGoodsSerializer(many=True, required=False)

    class Meta:
        model = SupplierLead
        fields = ("line", "supplier", *OFFER_FIELDS, "further")
        extra_kwargs = FIELD_LIMITS


class OfferEditSerializer(EditSerializer):
    """Base serializer of the facts of an offer to change."""

    product = VisibleReferenceField(Product, "code")
    standard = VisibleReferenceField(Standard, "code", allow_null=True)
    maker = VisibleReferenceField(Supplier, allow_null=True)
    stock_quantity = QuantityField(min_value=0)
    min_order_quantity = QuantityField(min_value=0)
    currency = CurrencyField(allow_blank=True)


class LeadEditSerializer(OfferEditSerializer):
    """Facts of an offer to change. A changed fact that was verified is checked again."""

    line = RequestLineReferenceField(allow_null=True)
    reason = reason_field(allow_blank=True)

    class Meta:
        model = SupplierLead
        fields = ("line", *OFFER_FIELDS, "reason")
        extra_kwargs = FIELD_LIMITS


class AllocationReductionBodySerializer(StrictSerializer):
    """Allocation to reduce, and the number of pieces."""

    allocation = ChildReferenceField(Allocation, "allocations", "reference")
    pieces = serializers.IntegerField(min_value=1, max_value=MAX_QUANTITY)

    def to_internal_value(self, data: Any) -> Any:
        """Return the pair of allocation and pieces, as the action takes it."""
        values = super().to_internal_value(data)
        return values["allocation"], values["pieces"]


class LeadReductionSerializer(OfferEditSerializer):
    """Changes that leave less supply than is allocated, and the allocations to reduce."""

    cuts = AllocationReductionBodySerializer(many=True)
    reason = reason_field()

    class Meta:
        model = SupplierLead
        fields = (*OFFER_FIELDS, "cuts", "reason")
        always = ("cuts", "reason")


class SupplierLeadFilter(SearchFilterSet):
    """Filters for offers."""

    status = ChoiceFilter(choices=SupplierLead.Status.choices)
    city = CharFilter("city__slug")
    supply_request = CharFilter("line__supply_request__reference")
    supplier = CharFilter("supplier__reference")
    product = CharFilter("product__code")
    kind = ChoiceFilter(choices=SupplierLead.Kind.choices)
    contact = NumberFilter("contact")
    ends_before = DateFilter("valid_until", "lt")
    checks_complete = BooleanFilter(
        method="filter_by_checks",
        help_text="True for offers to your own cities whose checks are all accepted, false for those with open checks.",
    )

    def filter_by_checks(
        self, rows: QuerySet[SupplierLead], _name: str, complete: bool
    ) -> QuerySet[SupplierLead]:
        """Return the offers to the caller's cities whose checks are all accepted, or of which some are open."""
        own = SupplierLead.objects.filter(city__in=self.request.by.visible_cities)
        found = own.with_all_checks_accepted() if complete else own.with_open_checks()
        return rows.filter(pk__in=found.values("pk"))


class SupplierLeadViewSet(CollectionViewSet):
    """Offers to your cities, offers that you made as a contact, and offers shared with your city by name."""

    model = SupplierLead
    path = "supplier-leads"
    list_serializer = SupplierLeadRowSerializer
    detail_serializer = SupplierLeadDetailSerializer
    filterset_class = SupplierLeadFilter
    ordering_fields = {"valid_until": order_by_day("valid_until")}
    create_action = MoveOperation(DRAFT, body=NewSupplierLeadSerializer)
    move_actions = move_operations(
        MoveOperation(EDIT, body=LeadEditSerializer),
        leads.SUBMIT,
        MoveOperation(PASS_ON, city=VisibleReferenceField(City, "slug")),
        MoveOperation(ACCEPT, line=RequestLineReferenceField(required=False, allow_null=True)),
        DECLINE,
        BEGIN_CHECKS,
        VERIFY,
        REOPEN,
        REJECT,
        WITHDRAW,
        MESSAGE_CITY,
        EXTEND,
        MoveOperation(
            REQUEST_CERTIFICATES,
            kinds=VisibleReferenceField(CertificateType, "code", many=True, required=False),
        ),
        MoveOperation(SHARE, city=VisibleReferenceField(City, "slug")),
        cut=MoveOperation(action=reduce_lead, body=LeadReductionSerializer, who=may_offer),
    )
    private_fields = frozenset(
        {
            *("recheck", "checks_open", "checks_accepted", "blocking_findings", "overruled", "verified_by"),
            "accepted_by",
            "shared_with",
        }
    )

    def detail_queryset(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """Return the rows with the cities that the offer is shared with, and whether pieces are ordered."""
        there = exists_annotations(orders=Allocation.objects.in_orders().filter(lead=OuterRef("pk")))
        found: QuerySet[Any] = super().detail_queryset(rows).annotate(**there).select_related("contact")
        return found.prefetch_related("shared_with")


class FindingRowSerializer(RowSerializer):
    """Finding on an offer.

    `sentence` explains it with its figures. `unsure` explains why it only warns, if it would block with
    a reliable source. Both are in the reader's language.
    """

    lead = NamedReferenceField()
    sentence = ComputedField(
        "code", "figures", by=lambda code, figures: finding_sentence(code, parse_json(figures))
    )
    unsure = ComputedField("unsure", by=lambda code: str(DOWNGRADE_REASONS.get(code, "")))
    answered_by = NamedReferenceField("name", allow_null=True)
    json_schemas = {"figures": OBJECT_SCHEMA}

    class Meta:
        model = Finding
        fields = (
            *("reference", "status", "lead", "code", "subject", "severity", "sentence", "figures"),
            *("source", "unsure", "answer", "answered_by", "answered_at", "created_at"),
        )


class FindingFilter(ReferenceFilterSet):
    """Filters for findings."""

    status = ChoiceFilter(choices=Finding.Status.choices)
    severity = ChoiceFilter(choices=Finding.Severity.choices)
    lead = CharFilter("lead__reference")
    code = CharFilter()


class FindingViewSet(CollectionViewSet):
    """Findings on the offers to your cities. A finding decides nothing: a person answers it in writing."""

    model = Finding
    path = "findings"
    list_serializer = FindingRowSerializer
    filterset_class = FindingFilter
    ordering_fields = {"answered_at": order_by_moment("answered_at")}
    move_actions = move_operations(
        MoveOperation(ANSWER, answer=reason_field("Why it is no obstacle.")),
        MoveOperation(UPHOLD, answer=reason_field("Why the finding is correct.")),
    )
