"""Certificates that a supplier shows, as claimed, with their status."""

from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from procurement.catalogue.models.certificates import CertificateType, NotifiedBody
from procurement.catalogue.models.products import Product
from procurement.catalogue.models.standards import Standard
from procurement.suppliers.models.shared_facts import SharedFact, SharedFactQuerySet
from procurement.suppliers.models.suppliers import Provenance, Supplier
from workflow.base_models import JournaledModel
from workflow.query_expressions import order_by_day
from workflow.search import is_reference_start, normalize_reference
from workflow.statuses import StatusChoices, StatusGroup

if TYPE_CHECKING:
    from partners.permissions.permissions import Permissions


class CertificateQuerySet(SharedFactQuerySet["Certificate"]):
    def visible_to(self, permissions: "Permissions") -> Self:
        """Return all certificates for people who work for a city, else those of suppliers they entered."""
        return (
            self.all()
            if permissions.visible_cities
            else self.filter(supplier__entered_by=permissions.user_id)
        )

    def search(self, text: str) -> Self:
        """Return the certificates whose reference starts with the text.

        A text that is no reference finds the certificates of suppliers whose names or number contain it.
        """
        if is_reference_start(text, Certificate.REFERENCE_PREFIX):
            return self.filter(reference__startswith=normalize_reference(text))
        return self.filter(supplier__in=Supplier.objects.search(text))


class Certificate(Provenance, SharedFact, JournaledModel):
    """A certificate that a supplier shows.

    Its type (catalogue) defines what it proves. People check whether it is real.
    """

    REFERENCE_PREFIX = "CE"
    URL_NAME = "certificate"

    class Status(StatusChoices):
        CLAIMED = "claimed", StatusGroup.OPEN, _("Claimed")
        WELL_FORMED = "well_formed", StatusGroup.OPEN, _("Number well formed")  # by itself it proves nothing
        SUSPECT = "suspect", StatusGroup.OPEN, _("Suspect")
        CONFIRMED = "confirmed", StatusGroup.DONE, _("Confirmed by the issuer")
        UNCONFIRMABLE = "unconfirmable", StatusGroup.VOID, _("Could not be confirmed")
        ALTERED = "altered", StatusGroup.VOID, _("Altered")
        WRONG_SCOPE = "wrong_scope", StatusGroup.VOID, _("Not for these goods")

    reference = models.CharField(_("reference"), max_length=20, unique=True, editable=False)
    supplier = models.ForeignKey(Supplier, models.PROTECT, related_name="certificates")
    kind = models.ForeignKey(CertificateType, models.PROTECT, related_name="+", verbose_name=_("type"))
    number = models.CharField(_("number"), max_length=80)
    number_key = models.CharField(max_length=80, editable=False, help_text="The number as it is compared.")
    holder = models.CharField(_("holder"), max_length=200, blank=True)
    manufacturer = models.CharField(_("manufacturer"), max_length=200, blank=True)
    issuer = models.CharField(_("issuer"), max_length=200, blank=True)
    notified_body = models.ForeignKey(NotifiedBody, models.PROTECT, null=True, blank=True, related_name="+")
    module = models.CharField(_("module"), max_length=10, blank=True)
    standards = models.ManyToManyField(Standard, blank=True, related_name="+", verbose_name=_("standards"))
    products = models.ManyToManyField(Product, blank=True, related_name="+", verbose_name=_("products"))
    models_covered = models.CharField(_("models"), max_length=300, blank=True)
    issued_on = models.DateField(_("issued on"), null=True, blank=True)
    valid_until = models.DateField(_("valid until"), null=True, blank=True)
    end_announced = models.PositiveSmallIntegerField(
        null=True, editable=False, help_text="How many days before its end that was last announced."
    )
    remark = models.TextField(_("remark"), blank=True)

    objects = CertificateQuerySet.as_manager()
    city_id: ClassVar[None] = None

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(issued_on=None) | Q(valid_until=None) | Q(valid_until__gte=F("issued_on")),
                name="certificate_ends_after_it_begins",
            ),
        ]
        indexes = [
            models.Index("number_key", name="certificate_by_number"),
            models.Index(order_by_day("valid_until"), "id", name="certificate_soonest"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.number}"

    def described_facts(self, facts: dict[str, Any]) -> list[tuple[str, str]]:
        """Return the changes of goods in a journal entry as pairs: (fact, "before → after").

        Products appear with the names they have today.
        """
        codes = {code for key in ("products_before", "products") for code in facts.get(key, ())}
        names = {one.code: one.name for one in Product.objects.filter(code__in=codes)} if codes else {}
        values = []
        for label, key in ((_("standards"), "standards"), (_("products"), "products")):
            if key in facts:
                before, after = (
                    ", ".join(names.get(code, code) for code in facts[at]) or "–"
                    for at in (f"{key}_before", key)
                )
                values.append((str(label), f"{before} → {after}"))
        return values
