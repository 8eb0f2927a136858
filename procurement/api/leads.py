"""supplier-leads and findings: what somebody can supply, and what screening noticed about it."""

from typing import Any

from django.db.models import QuerySet
from django_filters import CharFilter, ChoiceFilter, NumberFilter
from drf_spectacular.types import OpenApiTypes
from rest_framework import serializers

from partners.api.fields import Currency
from partners.models.cities import City
from partners.models.people import Contact
from procurement.allocations import actions
from procurement.allocations.models import Allocation
from procurement.api.requests import LineRef, line_name
from procurement.catalogue.models.products import Product
from procurement.catalogue.models.standards import Standard
from procurement.leads.actions import deciding, findings, offers, verifying
from procurement.leads.actions.findings import answer_finding
from procurement.leads.models.finding import Finding
from procurement.leads.models.offer import SupplierLead
from procurement.leads.rules.leads import may_offer
from procurement.leads.screening.sentences import sentence
from procurement.leads.screening.sentences.unsure import UNSURE
from procurement.outreach.models import Inquiry
from procurement.requests.models import MOST
from procurement.suppliers.models.company import Supplier
from procurement.verification.actions.opening import open_checks
from workflow.doors.api import fields
from workflow.doors.api.collections import Collection, Verb
from workflow.doors.api.fields import Edit, New, Numbered, PartOf, Quantity, Ref
from workflow.doors.api.filters import Quoted, Searched
from workflow.doors.api.reading import OBJECT, Made, Named, Row, parsed
from workflow.doors.api.strict import Strict
from workflow.doors.bounds import MOST_DAYS
from workflow.queries import by_day, by_moment

OFFER = (
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
BOUNDS = {name: {"max_value": MOST_DAYS} for name in ("lead_days", "air_days", "sea_days")} | {
    "prepayment_percent": {"max_value": 100}
}


def free(supply: int, allocated: int) -> int:
    """What is not promised yet."""
    return supply - allocated


class SupplierLeadRow(Row):
    """An offer, as a list tells it. `free` is not promised yet.

    `supply` is what is in stock, and what is made per day from `ready_on` to `available_until`, both days counted.
    """

    city = Named("slug")
    line = line_name()
    inquiry = Named(allow_null=True)
    supplier = Named()
    product = Named("code")
    standard = Named("code", allow_null=True)
    free = Made("supply", "allocated", by=free, kind=OpenApiTypes.INT64)

    class Meta:
        model = SupplierLead
        fields = (
            *("reference", "status", "city", "line", "inquiry", "supplier", "product", "standard"),
            *("meets", "kind", "supply", "allocated", "free", "unit_price", "currency", "price_here"),
            *("ready_on", "available_until", "valid_until", "created_at"),
        )


class OverruledRow(Row):
    """A blocking finding that a person answered: it blocks no more."""

    answered_by = Named("name", allow_null=True)

    class Meta:
        model = Finding
        fields = ("reference", "code", "answer", "answered_by", "answered_at")


class SupplierLeadDetail(SupplierLeadRow):
    """An offer, whole. How its checks stand and what was found is told to the city it was offered to.

    `landed` is what a piece comes to by each mode with its parts, as of its day; a total that is not `whole` is the least it can be.
    `rate` turned the offer's currency into the city's; an empty `rate_source` is the European Central Bank.
    """

    contact = serializers.IntegerField(source="contact_id", allow_null=True)
    maker = Named(allow_null=True)
    verified_by = Named("name", allow_null=True)
    shared_with = Named("slug", many=True)
    overruled = OverruledRow(many=True, source="overruled_findings")
    shapes = {"landed": OBJECT}

    class Meta:
        model = SupplierLead
        fields = (
            *SupplierLeadRow.Meta.fields,
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
            *("declared_use", "referred_by", "remark", "recheck", "checks_open"),
            *(
                "checks_accepted",
                "blocking_findings",
                "overruled",
                "verified_by",
                "verified_at",
                "shared_with",
            ),
        )


class LeadFacts(New):
    """What is offered."""

    product = Ref(Product, "code")
    standard = Ref(Standard, "code", required=False, allow_null=True)
    maker = Ref(Supplier, required=False, allow_null=True)
    stock_quantity = Quantity(min_value=0, required=False)
    min_order_quantity = Quantity(min_value=0, required=False)
    currency = Currency(required=False, allow_blank=True)

    class Meta:
        model = SupplierLead
        fields = OFFER
        extra_kwargs = BOUNDS


class NewSupplierLead(LeadFacts):
    """An offer to enter, as a draft."""

    city = Ref(City, "slug")
    line = LineRef(required=False, allow_null=True)
    inquiry = Ref(Inquiry, required=False, allow_null=True)
    contact = Numbered(Contact, required=False, allow_null=True)
    supplier = Ref(Supplier)

    class Meta:
        model = SupplierLead
        fields = ("city", "line", "inquiry", "contact", "supplier", *OFFER)
        extra_kwargs = BOUNDS


class LeadAnswer(LeadFacts):
    """A contact's offer in answer to a question."""

    line = LineRef(required=False, allow_null=True)
    supplier = Ref(Supplier)

    class Meta:
        model = SupplierLead
        fields = ("line", "supplier", *OFFER)
        extra_kwargs = BOUNDS


class OfferEdit(Edit):
    """Facts of an offer to change."""

    product = Ref(Product, "code")
    standard = Ref(Standard, "code", allow_null=True)
    maker = Ref(Supplier, allow_null=True)
    stock_quantity = Quantity(min_value=0)
    min_order_quantity = Quantity(min_value=0)
    currency = Currency(allow_blank=True)


class LeadEdit(OfferEdit):
    """Facts of an offer to change. A changed fact that was verified is checked anew."""

    line = LineRef(allow_null=True)
    reason = fields.reason(allow_blank=True)

    class Meta:
        model = SupplierLead
        fields = ("line", *OFFER, "reason")
        extra_kwargs = BOUNDS


class CutBody(Strict):
    """So many pieces to give back of one allocation."""

    allocation = PartOf(Allocation, "allocations", "reference")
    pieces = serializers.IntegerField(min_value=1, max_value=MOST)

    def to_internal_value(self, data: Any) -> Any:
        """The pair the action takes."""
        told = super().to_internal_value(data)
        return told["allocation"], told["pieces"]


class LeadCut(OfferEdit):
    """Facts to change that leave less than is promised, and what of the promises is given back."""

    cuts = CutBody(many=True)
    reason = fields.reason()

    class Meta:
        model = SupplierLead
        fields = (*OFFER, "cuts", "reason")
        always = ("cuts", "reason")


class SupplierLeadFilter(Searched):
    """Which offers."""

    status = ChoiceFilter(choices=SupplierLead.Status.choices)
    city = CharFilter("city__slug")
    supply_request = CharFilter("line__supply_request__reference")
    supplier = CharFilter("supplier__reference")
    product = CharFilter("product__code")
    kind = ChoiceFilter(choices=SupplierLead.Kind.choices)
    contact = NumberFilter("contact")


class SupplierLeads(Collection):
    """Offers: to one's own city, brought by oneself as a contact, and those shared by name."""

    model = SupplierLead
    path = "supplier-leads"
    row = SupplierLeadRow
    whole = SupplierLeadDetail
    filterset_class = SupplierLeadFilter
    orders = {"valid_until": by_day("valid_until")}
    begin = Verb(offers.draft, body=NewSupplierLead, me="author")
    verbs = {
        "edit": Verb(offers.change, body=LeadEdit, moves=("edit", "change", "remark")),
        "offer": Verb(offers.offer),
        "check": Verb(open_checks),
        "verify": Verb(verifying.verify, me="verifier"),
        "reopen": Verb(deciding.reopen, reason=fields.reason()),
        "reject": Verb(deciding.reject, reason=fields.reason()),
        "withdraw": Verb(deciding.withdraw, reason=fields.reason()),
        "share": Verb(offers.share, city=Ref(City, "slug")),
        "cut": Verb(actions.cut, body=LeadCut, who=may_offer),
    }
    private = frozenset(
        {
            *("recheck", "checks_open", "checks_accepted", "blocking_findings", "overruled", "verified_by"),
            "shared_with",
        }
    )

    def for_detail(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """With the cities it is shared with."""
        return super().for_detail(rows).prefetch_related("shared_with")


class FindingRow(Row):
    """Something that was noticed about an offer. `sentence` explains it with its figures, `unsure` why it only warns where a firm
    source would let it block; both in the reader's language.
    """

    lead = Named()
    sentence = Made("code", "figures", by=lambda code, figures: sentence(code, parsed(figures)))
    unsure = Made("unsure", by=lambda code: str(UNSURE.get(code, "")))
    answered_by = Named("name", allow_null=True)
    shapes = {"figures": OBJECT}

    class Meta:
        model = Finding
        fields = (
            *("reference", "status", "lead", "code", "subject", "severity", "sentence", "figures"),
            *("source", "unsure", "answer", "answered_by", "answered_at", "created_at"),
        )


class FindingFilter(Quoted):
    """Which findings."""

    status = ChoiceFilter(choices=Finding.Status.choices)
    severity = ChoiceFilter(choices=Finding.Severity.choices)
    lead = CharFilter("lead__reference")
    code = CharFilter()


class Findings(Collection):
    """Findings about the offers to one's own city. A finding decides nothing: a person answers it in writing."""

    model = Finding
    path = "findings"
    row = FindingRow
    filterset_class = FindingFilter
    orders = {"answered_at": by_moment("answered_at")}
    verbs = {
        "answer": Verb(answer_finding, me="answered_by", answer=fields.reason("Why it is no obstacle.")),
        "uphold": Verb(findings.uphold, me="answered_by", answer=fields.reason("Why it stands.")),
    }
