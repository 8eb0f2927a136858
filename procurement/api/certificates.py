"""certificates: what a company shows as proof, what its number and its issuer say of it. Facts shared between cities."""

from typing import Any

from django.db.models import Prefetch, QuerySet
from django_filters import CharFilter, ChoiceFilter
from rest_framework import serializers

from partners.models.people import Contact
from procurement.catalogue.models.certificates import CertificateKind, NotifiedBody
from procurement.catalogue.models.products import Product
from procurement.catalogue.models.standards import Standard
from procurement.catalogue.rules.bodies import MODULE_CHOICES
from procurement.outreach.models import Inquiry
from procurement.suppliers.actions import certificates, issuer_checks
from procurement.suppliers.actions.issuer_checks import ask_issuer
from procurement.suppliers.models.certificate import Certificate
from procurement.suppliers.models.company import Supplier
from procurement.suppliers.models.issuer_check import IssuerCheck
from workflow.doors.api import fields
from workflow.doors.api.collections import Collection, Verb
from workflow.doors.api.fields import Edit, New, Numbered, Ref
from workflow.doors.api.filters import Searched, search_in
from workflow.doors.api.reading import Named, Row
from workflow.doors.api.strict import Strict
from workflow.queries import by_day

PAPER = (
    *("kind", "number", "holder", "manufacturer", "issuer", "notified_body", "module", "models_covered"),
    *("issued_on", "valid_until", "remark"),
)


class CertificateRow(Row):
    """A paper a company shows. What its number and its issuer say of it is its status."""

    supplier = Named()
    kind = Named("code")
    notified_body = Named("code", allow_null=True)

    class Meta:
        model = Certificate
        fields = ("reference", "status", "supplier", *PAPER, "created_at")


class LookRow(Row):
    """A look at the issuer of a certificate: what was opened, what it said, who looked and when."""

    by = Named("name")
    city = Named("slug", allow_null=True)

    class Meta:
        model = IssuerCheck
        fields = ("result", "how", "address", "words", "seen_on", "city", "by", "at")


class CertificateDetail(CertificateRow):
    """A certificate, with the standards and products it names, and what its issuer was found to say of it."""

    standards = Named("code", many=True)
    products = Named("code", many=True)
    issuer_checks = LookRow(many=True)

    class Meta:
        model = Certificate
        fields = (*CertificateRow.Meta.fields, "standards", "products", "issuer_checks")


def module() -> serializers.ChoiceField:
    """Of what a notified body did, by the letter of its module."""
    return serializers.ChoiceField(MODULE_CHOICES, required=False, allow_blank=True)


class NewCertificate(New):
    """A certificate to note. Its number is judged at once."""

    supplier = Ref(Supplier)
    kind = Ref(CertificateKind, "code")
    notified_body = Ref(NotifiedBody, "code", required=False, allow_null=True)
    standards = Ref(Standard, "code", many=True, required=False)
    products = Ref(Product, "code", many=True, required=False)
    module = module()
    contact = Numbered(Contact, required=False, allow_null=True)
    inquiry = Ref(Inquiry, required=False, allow_null=True)

    class Meta:
        model = Certificate
        fields = ("supplier", *PAPER, "standards", "products", "contact", "inquiry")


class CertificateEdit(Edit):
    """Facts of a certificate to correct."""

    kind = Ref(CertificateKind, "code")
    notified_body = Ref(NotifiedBody, "code", allow_null=True)
    standards = Ref(Standard, "code", many=True)
    products = Ref(Product, "code", many=True)
    module = module()
    reason = fields.reason(allow_blank=True)

    class Meta:
        model = Certificate
        fields = (*PAPER, "standards", "products", "reason")


class CertificateFilter(Searched):
    """Which certificates."""

    search = search_in(
        "The reference, or how it begins (CE-2020); else words in the company's names, in any script."
    )
    status = ChoiceFilter(choices=Certificate.Status.choices)
    supplier = CharFilter("supplier__reference")
    kind = CharFilter("kind__code")


class Looked(Strict):
    """Where and when the issuer was asked, and what was read there."""

    address = serializers.CharField(
        max_length=300, help_text="The address that was opened, or the number that was called."
    )
    how = serializers.ChoiceField(IssuerCheck.How.choices, required=False)
    seen_on = serializers.DateField(required=False, help_text="Today where it is left out.")


class Confirmed(Looked):
    """A confirmation by the issuer."""

    reason = fields.reason("What was read there.")


class Marked(Looked):
    """A judgement that may rest on the paper itself."""

    address = serializers.CharField(max_length=300, required=False, allow_blank=True)
    reason = fields.reason()


class Said(Looked):
    """What the issuer says, without a judgement."""

    result = serializers.ChoiceField(IssuerCheck.Result.choices)
    words = fields.words(2000, "What was read there.")


def _marked(status: str) -> Verb:
    return Verb(issuer_checks.mark, fixed={"status": status}, me="looked_up_by", body=Marked)


class Certificates(Collection):
    """Certificates: claimed, well formed or suspect by their number, then confirmed by their issuer or judged otherwise."""

    model = Certificate
    path = "certificates"
    row = CertificateRow
    whole = CertificateDetail
    filterset_class = CertificateFilter
    orders = {"valid_until": by_day("valid_until")}
    begin = Verb(certificates.claim, body=NewCertificate, me="entered_by")
    verbs = {
        "amend": Verb(certificates.amend, body=CertificateEdit),
        "confirm": Verb(issuer_checks.confirm, me="looked_up_by", body=Confirmed),
        "mark-unconfirmable": _marked("unconfirmable"),
        "mark-altered": _marked("altered"),
        "mark-wrong-scope": _marked("wrong_scope"),
        "look-up": Verb(ask_issuer, me="looked_up_by", body=Said),
    }

    def for_detail(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """With its standards and products, and the looks at its issuer that this person may read."""
        looks = IssuerCheck.objects.visible_to(self.by).select_related("by", "city").order_by("pk")
        named = {
            "issuer_checks": looks,
            "standards": Standard.objects.order_by("code"),
            "products": Product.objects.order_by("code"),
        }
        detailed = super().for_detail(rows)
        for name, one in named.items():
            detailed = detailed.prefetch_related(Prefetch(name, one))
        return detailed
