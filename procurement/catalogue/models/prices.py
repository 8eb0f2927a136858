"""What things cost, when and where, as far as somebody printed it. Read by the price check; too few figures is an answer too."""

from datetime import date
from typing import Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from procurement.catalogue.models.facts import Fact, FactQuerySet, Worded
from procurement.catalogue.models.products import Product


class PriceBandQuerySet(FactQuerySet["PriceBand"]):
    def during(self, product: Product, on: date) -> Self:
        """The bands of a product that cover a day. Bands without days are left out."""
        covering = self.filter(product=product, valid_from__lte=on, valid_to__gte=on)
        return covering.order_by("basis", "code")


class PriceBand(Fact):
    """The range of unit prices seen for a product in a market between two days; or a floor below which it cannot be made."""

    class Basis(models.TextChoices):
        LIST = "list", _("Maker's list price")
        PAID = "paid", _("Price paid")
        OFFERED = "offered", _("Price asked")
        IMPORT = "import", _("Import unit value")
        FLOOR = "floor", _("Cost floor")

    product = models.ForeignKey(Product, models.PROTECT, related_name="price_bands")
    market = models.CharField(_("market"), max_length=2, blank=True)
    basis = models.CharField(_("basis"), max_length=10, choices=Basis)
    currency = models.CharField(_("currency"), max_length=3)
    low = models.DecimalField(_("low"), max_digits=12, decimal_places=4)
    high = models.DecimalField(_("high"), max_digits=12, decimal_places=4)
    note_en = models.CharField(max_length=300, blank=True)
    note_fr = models.CharField(max_length=300, blank=True)
    note_zh = models.CharField(max_length=300, blank=True)

    note = Worded()
    objects = PriceBandQuerySet.as_manager()

    class Meta(Fact.Meta):
        constraints = [
            *Fact.Meta.constraints,
            models.CheckConstraint(
                condition=Q(low__gte=0, high__gte=F("low")), name="priceband_low_is_below_high"
            ),
        ]
        indexes = [models.Index("product", "valid_from", "valid_to", name="priceband_of_product")]

    def clean(self) -> None:
        """A range begins below its end."""
        super().clean()
        if self.high < self.low:
            raise ValidationError({"high": _("The high price is below the low one.")})
