"""Export and import clearances with their declarations and customs holds."""

from decimal import Decimal
from typing import Any, Self

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from procurement.catalogue.models.customs import CustomsRule
from procurement.shipments.models import Shipment, ShipmentPartQuerySet
from workflow.base_models import JournaledModel
from workflow.query_expressions import order_by_moment
from workflow.search import (
    GramsField,
    contains_each_word,
    is_reference_start,
    name_contains,
    normalize_reference,
)
from workflow.statuses import StatusChoices, StatusGroup

BROKER_POWERS = frozenset(
    {"clear"}
)  # a customs broker comments on these rows, adds files to them and reads those of the city


class CustomsHoldQuerySet(ShipmentPartQuerySet["CustomsHold"]):
    def search(self, text: str) -> Self:
        """Return the customs holds that match the text.

        A text that begins like a clearance reference matches the start of the clearance's reference.
        Otherwise, each word of the text must occur in the hold's reason, question or answer.
        """
        if is_reference_start(text, CustomsClearance.REFERENCE_PREFIX):
            return self.filter(clearance__reference__startswith=normalize_reference(text))
        return self.filter(contains_each_word(text, "reason", "question", "answer"))


class DeclarationQuerySet(ShipmentPartQuerySet["Declaration"]):
    def search(self, text: str) -> Self:
        """Return the declarations that match the text.

        A text that begins like a clearance reference matches the start of the clearance's reference. Any
        other text is searched in the declaration's number and the broker's reference.
        """
        if is_reference_start(text, CustomsClearance.REFERENCE_PREFIX):
            return self.filter(clearance__reference__startswith=normalize_reference(text))
        return self.filter(name_contains(text))


class CustomsClearance(JournaledModel):
    """Export or import clearance of one shipment."""

    REFERENCE_PREFIX = "CL"
    URL_NAME = "clearance"
    SHARED_WITH_POWERS = BROKER_POWERS

    class Status(StatusChoices):
        OPEN = "open", StatusGroup.OPEN, _("Open")
        FILED = "filed", StatusGroup.OPEN, _("Filed")
        CLEARED = "cleared", StatusGroup.DONE, _("Cleared by customs")

    reference = models.CharField(_("reference"), max_length=20, unique=True, editable=False)
    shipment = models.ForeignKey(Shipment, models.PROTECT, related_name="clearances")
    city = models.ForeignKey("partners.City", models.PROTECT, related_name="+")
    broker = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    side = models.CharField(_("export or import"), max_length=6, choices=CustomsRule.Side)
    country = models.CharField(_("country or region"), max_length=2)
    office = models.CharField(_("customs office"), max_length=100, blank=True)
    filed_at = models.DateTimeField(_("filed"), null=True, blank=True)
    released_at = models.DateTimeField(_("cleared"), null=True, blank=True)
    holds_open = models.PositiveSmallIntegerField(default=0, editable=False)
    notified_with = models.CharField(
        max_length=64,
        blank=True,
        editable=False,
        help_text="Hash of the documents and versions that were complete when its broker was notified.",
    )

    objects = ShipmentPartQuerySet["CustomsClearance"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["shipment", "side"], name="clearance_once_a_side"),
            models.CheckConstraint(
                condition=~Q(status__in=("filed", "cleared")) | Q(filed_at__isnull=False),
                name="clearance_filed_has_a_time",
            ),
            models.CheckConstraint(
                condition=~Q(status="cleared") | Q(released_at__isnull=False, holds_open=0),
                name="clearance_cleared_is_not_held",
            ),
        ]
        indexes = [models.Index("city", order_by_moment("filed_at"), "id", name="clearance_by_filing")]

    def __str__(self) -> str:
        return self.reference


class CustomsHold(JournaledModel):
    """Customs hold on a clearance: its start, reason, question and end."""

    URL_NAME = "customs_hold"
    SHARED_WITH_POWERS = BROKER_POWERS

    class Status(StatusChoices):
        ACTIVE = "active", StatusGroup.OPEN, _("Held")
        ENDED = "ended", StatusGroup.DONE, pgettext_lazy("a hold", "Ended")

    clearance = models.ForeignKey(CustomsClearance, models.PROTECT, related_name="holds")
    city = models.ForeignKey("partners.City", models.PROTECT, related_name="+")
    broker = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    started_at = models.DateTimeField(_("since"))
    reason = models.TextField(_("reason"))
    question = models.TextField(_("question from customs"), blank=True)
    answer = models.TextField(_("answer to customs"), blank=True)
    ended_at = models.DateTimeField(_("until"), null=True, blank=True)
    search = GramsField(of=("reason", "question", "answer"))

    objects = CustomsHoldQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(status="ended") | Q(ended_at__isnull=False), name="customs_hold_ended_has_a_time"
            ),
        ]
        indexes = [
            models.Index("city", "started_at", "id", name="customs_hold_in_order"),
            GinIndex(fields=["search"], name="customs_hold_search"),
        ]

    def __str__(self) -> str:
        kind = (
            gettext("export customs hold")
            if self.clearance.side == CustomsRule.Side.EXPORT
            else gettext("import customs hold")
        )
        return f"{self.clearance.shipment.reference} · {kind}"


class Declaration(models.Model):
    """Declaration to customs in a clearance. Each line has a code, origin, value, currency and relief."""

    SHARED_WITH_POWERS = BROKER_POWERS

    clearance = models.ForeignKey(CustomsClearance, models.PROTECT, related_name="declarations")
    city = models.ForeignKey("partners.City", models.PROTECT, related_name="+")
    broker = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    number = models.CharField(_("number"), max_length=40)
    office = models.CharField(_("customs office"), max_length=100, blank=True)
    filed_at = models.DateTimeField(_("filed"))
    broker_reference = models.CharField(_("broker’s reference"), max_length=60, blank=True)
    lines = models.JSONField(
        default=list, help_text="Per line: hs_code (10 digits), origin, value, currency, relief."
    )
    search = GramsField(of=("number", "broker_reference"))

    objects = DeclarationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["clearance", "number"], name="declaration_number_once")
        ]
        indexes = [
            models.Index("city", "filed_at", "id", name="declaration_in_order"),
            GinIndex(fields=["search"], name="declaration_search"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def lines_with_decimal_values(self) -> list[dict[str, Any]]:
        """Lines of the declaration, each with its value as a Decimal."""
        return [{**line, "value": Decimal(line["value"])} for line in self.lines]
