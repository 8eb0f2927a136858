"""Goods that a need line accepts besides its own, and how well offered goods match a line."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from procurement.catalogue.models.products import Product
from procurement.catalogue.models.standards import Standard
from procurement.requests.models import RequestLine, goods_name


class GoodsMatchLevel(models.TextChoices):
    """How well offered goods match what a need line asks for."""

    EQUAL = "equal", _("Meets the requested standard")
    BETTER = "better", _("Better than requested")
    ALTERNATIVE = "accepted", _("Accepted alternative")
    COMPARABLE = "neighbour", _("Comparable: evidence needed")
    OTHER_PRODUCT = "other", _("Different product from the one requested")
    BELOW_STANDARD = "no", _("Below the requested standard")
    UNKNOWN = "unknown", _("Standard unknown")


# Goods of these levels count in full.
COUNTED_LEVELS = (GoodsMatchLevel.EQUAL, GoodsMatchLevel.BETTER, GoodsMatchLevel.ALTERNATIVE)


class LineAlternative(models.Model):
    """Product that a need line accepts in place of its own, one unit for one unit, in order of preference.

    With a standard, goods that claim it count in full. Without one, the standards of the line decide.
    """

    line = models.ForeignKey(RequestLine, models.CASCADE, related_name="alternatives")
    position = models.PositiveSmallIntegerField(_("order of preference"))
    product = models.ForeignKey(Product, models.PROTECT, related_name="+", verbose_name=_("product"))
    standard = models.ForeignKey(
        Standard, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("standard")
    )

    class Meta:
        ordering = ("position",)
        constraints = [
            models.UniqueConstraint(fields=["line", "position"], name="alternative_position_once"),
            models.UniqueConstraint(
                fields=["line", "product", "standard"], name="alternative_once", nulls_distinct=False
            ),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """The product's name, with the standard if one is named."""
        return goods_name(self.product, self.standard)
