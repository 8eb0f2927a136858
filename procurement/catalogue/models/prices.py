"""Published prices of products and freight, and duty rates, with their places and dates.

The price check reads them; it gives no verdict if too few prices are known.
"""

from datetime import date
from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from procurement.catalogue.models.products import Product
from procurement.catalogue.models.reference_rows import ReferenceRow, ReferenceRowQuerySet, TranslatedField


class PriceBandQuerySet(ReferenceRowQuerySet["PriceBand"]):
    def of_product_family(self, product: Product, on: date) -> Self:
        """Return the price bands of all products of the family that begin on or before a day.

        Bands without a first or last day are left out.
        """
        bands = self.filter(product__family=product.family, valid_from__lte=on, valid_to__isnull=False)
        return bands.order_by("basis", "code")


class PriceBand(ReferenceRow):
    """Range of unit prices seen for a product in a market between two days, or a cost floor.

    A cost floor is the price below which the product cannot be made.
    """

    class Basis(models.TextChoices):
        LIST_PRICE = "list", _("Manufacturer’s list price")
        PRICE_PAID = "paid", _("Price paid")
        QUOTED_PRICE = "offered", _("Quoted price")
        IMPORT_UNIT_VALUE = "import", _("Import unit value")
        COST_FLOOR = "floor", _("Cost floor")

    product = models.ForeignKey(Product, models.PROTECT, related_name="price_bands")
    market = models.CharField(_("market"), max_length=2, blank=True)
    basis = models.CharField(_("basis"), max_length=10, choices=Basis)
    maker = models.CharField(
        _("manufacturer of the list price"),
        max_length=100,
        blank=True,
        help_text="Of a list price: the maker whose list it is.",
    )
    currency = models.CharField(_("currency"), max_length=3)
    low = models.DecimalField(_("low price"), max_digits=12, decimal_places=4)
    high = models.DecimalField(_("high price"), max_digits=12, decimal_places=4)
    note_en = models.CharField(max_length=300, blank=True)
    note_fr = models.CharField(max_length=300, blank=True)
    note_zh = models.CharField(max_length=300, blank=True)

    note = TranslatedField()
    objects = PriceBandQuerySet.as_manager()

    class Meta(ReferenceRow.Meta):
        constraints = [
            *ReferenceRow.Meta.constraints,
            models.CheckConstraint(
                condition=Q(low__gte=0, high__gte=F("low")), name="priceband_low_is_below_high"
            ),
        ]
        indexes = [models.Index("product", "valid_from", "valid_to", name="priceband_of_product")]

    def clean(self) -> None:
        """Require that the high price is not below the low one."""
        super().clean()
        if self.high < self.low:
            raise ValidationError({"high": _("Enter a high price that is not below the low price.")})


class PublishedFreightRateQuerySet(ReferenceRowQuerySet["PublishedFreightRate"]):
    def to_country(self, country: str) -> Self:
        """Return the published freight rates to a country, latest first."""
        return self.filter(destinations__contains=[country]).order_by("-valid_from", "code")


class PublishedFreightRate(ReferenceRow):
    """Published freight rate per kilogram or pallet between two countries, in a period."""

    class Mode(models.TextChoices):
        AIR = "air", _("By air")
        SEA = "sea", _("By sea")

    class RateUnit(models.TextChoices):
        KILOGRAM = "kilogram", _("kilogram")
        PALLET = "pallet", _("pallet")

    mode = models.CharField(_("mode of transport"), max_length=4, choices=Mode)
    origin = models.CharField(_("from"), max_length=2)
    destinations = ArrayField(models.CharField(max_length=2), verbose_name=_("destination"))
    per = models.CharField(_("freight rate per"), max_length=8, choices=RateUnit)
    currency = models.CharField(_("currency"), max_length=3)
    amount = models.DecimalField(_("amount"), max_digits=10, decimal_places=2)
    note_en = models.CharField(max_length=300, blank=True)
    note_fr = models.CharField(max_length=300, blank=True)
    note_zh = models.CharField(max_length=300, blank=True)

    note = TranslatedField()
    objects = PublishedFreightRateQuerySet.as_manager()

    class Meta(ReferenceRow.Meta):
        constraints = [
            *ReferenceRow.Meta.constraints,
            models.CheckConstraint(condition=Q(amount__gt=0), name="publishedfreightrate_costs_something"),
        ]
        indexes = [models.Index("mode", F("valid_from").desc(), name="publishedfreightrate_latest")]


class DutyRateQuerySet(ReferenceRowQuerySet["DutyRate"]):
    def for_import(self, country: str, product: Product, on: date) -> Self:
        """Return the duty rates of a country on a product that may be in force on a day, lowest first."""
        return self.possibly_in_force(on).filter(country=country, product=product).order_by("percent", "code")


class DutyRate(ReferenceRow):
    """Duty of a country on a product, in per cent of the customs value.

    A missing row means that the rate is unknown, never that it is zero.
    """

    country = models.CharField(_("country"), max_length=2)
    product = models.ForeignKey(Product, models.PROTECT, related_name="duty_rates")
    number = models.CharField(_("customs code"), max_length=12, blank=True)
    percent = models.DecimalField(_("percentage"), max_digits=5, decimal_places=2)
    note_en = models.CharField(max_length=300, blank=True)
    note_fr = models.CharField(max_length=300, blank=True)
    note_zh = models.CharField(max_length=300, blank=True)

    note = TranslatedField()
    objects = DutyRateQuerySet.as_manager()

    class Meta(ReferenceRow.Meta):
        constraints = [
            *ReferenceRow.Meta.constraints,
            models.CheckConstraint(condition=Q(percent__gte=0, percent__lte=100), name="dutyrate_is_a_share"),
        ]
        indexes = [models.Index("country", "product", name="dutyrate_of_product")]
