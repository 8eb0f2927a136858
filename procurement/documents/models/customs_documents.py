"""Model of a customs document: a document or step that customs requires of a shipment."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from procurement.catalogue.models.customs import CustomsRule
from procurement.customs.models import BROKER_POWERS, CustomsClearance
from procurement.shipments.models import Shipment, ShipmentPartQuerySet
from workflow.base_models import JournaledModel
from workflow.query_expressions import order_by_moment
from workflow.statuses import StatusChoices, StatusGroup


class CustomsDocument(JournaledModel):
    """Document or step that a clearance needs, with the rule that asked for it and the rule's day."""

    REFERENCE_PREFIX = "CP"
    URL_NAME = "customs_document"
    SHARED_WITH_POWERS = BROKER_POWERS

    class Status(StatusChoices):
        REQUIRED = "required", StatusGroup.OPEN, pgettext_lazy("a paper", "Missing")
        IN_PROGRESS = "in_progress", StatusGroup.OPEN, _("Draft")
        READY = "ready", StatusGroup.OPEN, _("Ready")
        SUBMITTED = (
            "submitted",
            StatusGroup.DONE,
            _("Submitted to customs"),
        )  # customs has it: it blocks no step
        ACCEPTED = "accepted", StatusGroup.DONE, _("Accepted")
        QUERIED = "queried", StatusGroup.OPEN, _("Queried by customs")
        REFUSED = "refused", StatusGroup.OPEN, _("Refused by customs")
        NOT_REQUIRED = "not_required", StatusGroup.VOID, _("No longer required")

    # Where a needed document is. A ready one is with the city, and customs does not have it yet.
    AWAITED_STATUSES = Status.open - {Status.READY}
    IN_HAND_STATUSES = Status.done | {Status.READY}

    reference = models.CharField(_("reference"), max_length=20, unique=True, editable=False)
    clearance = models.ForeignKey(CustomsClearance, models.PROTECT, related_name="documents")
    shipment = models.ForeignKey(Shipment, models.PROTECT, related_name="documents")
    city = models.ForeignKey("partners.City", models.PROTECT, related_name="+")
    broker = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    category = models.CharField(
        _("type"),
        max_length=10,
        choices=[
            (sort.value, sort.label) for sort in (CustomsRule.Category.DOCUMENT, CustomsRule.Category.STEP)
        ],
        default=CustomsRule.Category.DOCUMENT,
    )
    code = models.CharField(_("document"), max_length=40)
    rule = models.CharField(max_length=90, help_text="The code of the rule that asks for it.")
    asked_on = models.DateField(_("rules as of"))
    name_en = models.CharField(max_length=200)
    name_fr = models.CharField(max_length=200, blank=True)
    name_zh = models.CharField(max_length=200, blank=True)
    owner = models.CharField(_("responsible party"), max_length=10, choices=CustomsRule.ResponsibleParty)
    supplier = models.ForeignKey(
        "procurement.Supplier",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("company"),
        help_text="For a document of the supplier, the company whose goods it is for; empty if there is no seller.",
    )
    due_before = models.CharField(_("needed"), max_length=10, choices=CustomsRule.DueBefore)
    blocks = models.BooleanField(
        _("blocking"), help_text="Only rules with a firm source block; the others warn."
    )
    satisfied_by = ArrayField(
        models.CharField(max_length=40),
        default=list,
        blank=True,
        help_text="Types of certificate that are this document.",
    )
    source_url = models.CharField(_("source"), max_length=600, blank=True)
    number = models.CharField(_("number"), max_length=80, blank=True)
    version = models.PositiveSmallIntegerField(_("version"), default=1)
    remark = models.TextField(_("remark"), blank=True)
    accepted_at = models.DateTimeField(_("accepted"), null=True, blank=True)

    objects = ShipmentPartQuerySet["CustomsDocument"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["clearance", "code", "supplier"],
                nulls_distinct=False,
                name="customs_document_once_a_company",
            ),
            models.CheckConstraint(
                condition=~Q(status="accepted") | Q(accepted_at__isnull=False),
                name="customs_document_accepted_has_a_time",
            ),
        ]
        indexes = [
            models.Index("shipment", F("id"), name="customs_document_of_shipment"),
            models.Index("city", order_by_moment("accepted_at"), "id", name="customs_document_in_order"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """Name of the document in the reader's language."""
        return {"fr": self.name_fr, "zh": self.name_zh}.get((get_language() or "en")[:2], "") or self.name_en

    @property
    def owner_name(self) -> str:
        """Name of the company that owes the document, else the role that owes it."""
        return str(self.supplier) if self.supplier is not None else self.get_owner_display()
