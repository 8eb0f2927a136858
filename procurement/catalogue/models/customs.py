"""Customs rules and duty reliefs, as rows with dates.

Rules name the documents and steps that customs requires on a route. Reliefs name the duties and taxes that
a city need not pay.
"""

from datetime import date
from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from procurement.catalogue.models.products import Product, ProductClassification
from procurement.catalogue.models.reference_rows import (
    AcquisitionType,
    DeclaredUse,
    ManuallyMaintained,
    ReferenceRow,
    ReferenceRowQuerySet,
    TranslatedField,
    market_of_country,
)


class CustomsRuleQuerySet(ReferenceRowQuerySet["CustomsRule"]):
    def for_route(self, origin: str, destination: str) -> Self:
        """Return the rules of a route, in display order.

        A rule may name a country or its market (EU) as origin or destination, or leave it open.
        """
        ends = ({"", place, market_of_country(place)} for place in (origin, destination))
        return self.filter(**dict(zip(("origin__in", "destination__in"), ends, strict=True))).order_by(
            "side", "position", "code"
        )


class CustomsRule(ManuallyMaintained, ReferenceRow):
    """Rule for a route: a document or step that is required, or a combination that is not allowed.

    Customs, a carrier or a health authority requires the document or step.
    """

    URL_NAME = "customs_rule"

    class Category(models.TextChoices):
        DOCUMENT = "document", pgettext_lazy("customs document", "Document")
        STEP = "step", _("Step")
        CONFLICT = (
            "conflict",
            _("Conflicting requirements"),
        )  # the declaration contradicts itself: no document helps, something must change

    class Side(models.TextChoices):
        EXPORT = "export", _("Export")
        IMPORT = "import", _("Import")

    class ResponsibleParty(models.TextChoices):
        SUPPLIER = "supplier", _("Supplier")
        FORWARDER = "forwarder", _("Freight forwarder")
        CONTACT = "contact", _("Contact")
        CITY = "city", _("City")
        BROKER = "broker", _("Customs broker")

    class DueBefore(models.TextChoices):
        DEPARTURE = "depart", _("before departure")
        DELIVERY = "deliver", _("before delivery")

    class Effect(models.TextChoices):
        BLOCKS = "blocks", _("Blocks")
        WARNS = "warns", _("Warns")

    category = models.CharField(_("type"), max_length=10, choices=Category)
    document_code = models.CharField(
        _("document code"), max_length=30, help_text="A document that two rules require is submitted once."
    )
    name_en = models.CharField(_("English name"), max_length=160)
    name_fr = models.CharField(_("French name"), max_length=160)
    name_zh = models.CharField(_("Chinese name"), max_length=160)
    why_en = models.TextField(_("reason, in English"), blank=True)
    why_fr = models.TextField(_("reason, in French"), blank=True)
    why_zh = models.TextField(_("reason, in Chinese"), blank=True)
    origin = models.CharField(_("from"), max_length=2, blank=True, help_text="Empty: any.")
    destination = models.CharField(_("destination"), max_length=2, blank=True, help_text="Empty: any.")
    side = models.CharField(_("export or import"), max_length=6, choices=Side)
    owner = models.CharField(_("responsible party"), max_length=10, choices=ResponsibleParty)
    due_before = models.CharField(_("due"), max_length=10, choices=DueBefore)
    effect = models.CharField(_("effect"), max_length=6, choices=Effect)
    families = ArrayField(
        models.CharField(max_length=20, choices=Product.Family),
        default=list,
        blank=True,
        verbose_name=_("product families"),
        help_text="Empty: any.",
    )
    products = ArrayField(
        models.CharField(max_length=40),
        default=list,
        blank=True,
        verbose_name=_("goods"),
        help_text="Codes, beside families.",
    )
    hs_numbers = ArrayField(
        models.CharField(max_length=10),
        default=list,
        blank=True,
        verbose_name=_("customs codes"),
        help_text="Beginnings of customs codes.",
    )
    device_classes = ArrayField(
        models.CharField(max_length=12, choices=ProductClassification.DeviceClass),
        default=list,
        blank=True,
        verbose_name=_("device classes"),
        help_text="Of the goods, where the side's customs are. Empty: any.",
    )
    use = models.CharField(_("declared use"), max_length=12, choices=DeclaredUse, blank=True)
    acquisition_type = models.CharField(
        _("purchase or donation"), max_length=10, choices=AcquisitionType, blank=True
    )
    consignees = ArrayField(
        models.CharField(max_length=30),
        default=list,
        blank=True,
        verbose_name=_("recipients"),
        help_text="Kinds of organisation.",
    )
    modes = ArrayField(
        models.CharField(max_length=10),
        default=list,
        blank=True,
        verbose_name=_("modes of transport"),
        help_text="Empty: any.",
    )
    satisfied_by = ArrayField(
        models.CharField(max_length=40),
        default=list,
        blank=True,
        verbose_name=_("certificates that count as the document"),
        help_text="Types of certificate, any one of which is the document.",
    )
    template = models.CharField(max_length=60, blank=True)
    position = models.PositiveSmallIntegerField(_("position in the list"), default=100)

    name = TranslatedField()
    why = TranslatedField()
    objects = CustomsRuleQuerySet.as_manager()

    class Meta(ReferenceRow.Meta):
        indexes = [models.Index("origin", "destination", "side", "position", name="customsrule_of_lane")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Return the address of the rule's page."""
        return reverse(self.URL_NAME, kwargs={"code": self.code})


class UnmetCondition(models.TextChoices):
    """Condition of a relief that is not met. On pages, its label follows "It does not apply:"."""

    COUNTRY = "country", _("it belongs to another customs authority")
    DAY = "day", _("it was not in force on that day")
    ACQUISITION = "acquisition", _("it does not cover goods acquired in this way (purchase or donation)")
    IMPORTER = "importer", _("it does not cover this type of importer")
    HS_CODES = "codes", _("its list does not include the customs code of the goods")
    OTHER_RELIEF = "other_relief", _("another relief is claimed for the same goods")


class DutyRelief(ManuallyMaintained, ReferenceRow):
    """Duty or tax that certain importers need not pay.

    The row holds the legal basis, the authorization number, the condition and the dates.
    """

    URL_NAME = "duty_relief"

    name_en = models.CharField(_("English name"), max_length=200)
    name_fr = models.CharField(_("French name"), max_length=200)
    name_zh = models.CharField(_("Chinese name"), max_length=200)
    country = models.CharField(_("country or region"), max_length=2)
    basis = models.CharField(_("legal basis"), max_length=200)
    authorisation = models.CharField(_("authorization number"), max_length=30, blank=True)
    tariff_treatment = models.CharField(_("tariff item to declare"), max_length=20, blank=True)
    importers = ArrayField(
        models.CharField(max_length=30),
        default=list,
        blank=True,
        verbose_name=_("importers"),
        help_text="Kinds of organisation; empty: any.",
    )
    later_importers = ArrayField(
        models.CharField(max_length=30),
        default=list,
        blank=True,
        verbose_name=_("importers added later"),
        help_text="Kinds of organisation that the relief is for as well from the day of `later_from` on.",
    )
    later_from = models.DateField(_("added as of"), null=True, blank=True)
    acquisition_type = models.CharField(
        _("purchase or donation"), max_length=10, choices=AcquisitionType, blank=True
    )
    relieves_duty = models.BooleanField(_("duty"), default=False)
    relieves_tax = models.BooleanField(_("sales tax"), default=False)
    hs_numbers = ArrayField(
        models.CharField(max_length=10),
        default=list,
        blank=True,
        verbose_name=_("customs codes"),
        help_text="Beginnings; empty: any goods.",
    )
    condition_en = models.TextField(_("condition, in English"), blank=True)
    condition_fr = models.TextField(_("condition, in French"), blank=True)
    condition_zh = models.TextField(_("condition, in Chinese"), blank=True)
    needs_end_use = models.BooleanField(_("proof of end use required"), default=False)

    name = TranslatedField()
    condition = TranslatedField()
    objects = ReferenceRowQuerySet["DutyRelief"].as_manager()

    class Meta(ReferenceRow.Meta):
        constraints = [
            *ReferenceRow.Meta.constraints,
            models.CheckConstraint(
                condition=Q(later_importers=[]) | Q(later_from__isnull=False), name="relief_added_from_a_day"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Require `later_from` if there are importers added later."""
        super().clean()
        if self.later_importers and self.later_from is None:
            raise ValidationError({"later_from": _("Enter the date from which these importers were added.")})

    def importer_types_on(self, on: date) -> list[str]:
        """Return the kinds of organization that may use the relief on a day; an empty list means any."""
        later = self.later_from is not None and self.later_from <= on
        return [*self.importers, *(self.later_importers if later else ())]

    def get_absolute_url(self) -> str:
        """Return the address of the relief's page."""
        return reverse(self.URL_NAME, kwargs={"code": self.code})
