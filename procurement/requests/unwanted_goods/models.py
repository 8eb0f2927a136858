"""Goods that a city, or every city, asks people not to send."""

from datetime import date
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from partners.cities.models import City
from procurement.catalogue.models.products import Product
from procurement.catalogue.models.standards import Standard
from workflow.base_models import JournaledModel
from workflow.statuses import StatusChoices, StatusGroup

if TYPE_CHECKING:
    from partners.permissions.permissions import Permissions


class UnwantedGoodsQuerySet(models.QuerySet["UnwantedGoods"]):
    def visible_to(self, permissions: "Permissions") -> Self:
        """Return all entries: everyone who may send goods reads what not to send."""
        return self.all()

    def in_force(self, day: date) -> Self:
        """Return the entries that hold on a day; the last day of an entry is included."""
        return self.filter(Q(ends_on=None) | Q(ends_on__gte=day), status=UnwantedGoods.Status.ACTIVE)


class UnwantedGoods(JournaledModel):
    """Goods that are not wanted, with the reason: a product, family, standard or condition, or several of these together.

    An entry without a city holds for all cities. An entry is never changed: a wrong one is withdrawn, and the right one
    is added.
    """

    REFERENCE_PREFIX = "UG"
    URL_NAME = "unwanted_goods_entry"

    class Status(StatusChoices):
        ACTIVE = "active", StatusGroup.DONE, pgettext_lazy("unwanted goods", "On the list")
        WITHDRAWN = "withdrawn", StatusGroup.VOID, pgettext_lazy("unwanted goods", "Removed")

    class Condition(models.TextChoices):
        NO_TEST_REPORT = "no_test_report", _("without a test report")
        NO_CERTIFICATE = "no_certificate", _("without a certificate")
        NO_LABEL = "no_label", _("without the manufacturer’s label")
        OPENED = "opened", _("in opened or damaged packaging")
        SHORT_LIFE = "short_life", _("with less than six months until expiry")
        NOT_MEDICAL = "not_medical", _("not intended for medical use")

    reference = models.CharField(_("reference"), max_length=20, unique=True, editable=False)
    city = models.ForeignKey(City, models.PROTECT, null=True, blank=True, related_name="+")
    product = models.ForeignKey(
        Product, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("product")
    )
    family = models.CharField(_("family"), max_length=20, choices=Product.Family, blank=True)
    standard = models.ForeignKey(
        Standard, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("standard")
    )
    condition = models.CharField(_("condition"), max_length=20, choices=Condition, blank=True)
    reason = models.CharField(_("reason"), max_length=300)
    ends_on = models.DateField(_("last day"), null=True, blank=True)

    objects = UnwantedGoodsQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(product__isnull=False)
                | ~Q(family="")
                | Q(standard__isnull=False)
                | ~Q(condition=""),
                name="unwanted_goods_name_goods",
            ),
            models.CheckConstraint(
                condition=Q(product=None) | Q(family=""), name="unwanted_goods_product_or_family"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="unwanted_goods_have_a_reason"),
        ]
        indexes = [models.Index("city", F("id").desc(), name="unwanted_goods_of_city")]

    def __str__(self) -> str:
        return self.reference

    @property
    def goods_description(self) -> str:
        """The goods in words, in the active language, such as "Surgical mask (without a test report)"."""
        what = self.product.name if self.product is not None else str(self.get_family_display())
        standard = self.standard.label if self.standard is not None else ""
        details = [standard if what else "", str(self.get_condition_display())]
        what = what or standard or gettext("All goods")
        part = gettext("; ").join(detail for detail in details if detail)
        return gettext("%(what)s (%(part)s)") % {"what": what, "part": part} if part else what

    def covers(self, product: Product, standard: Standard | None) -> bool:
        """Return True if goods of a product that claim a standard are meant; their condition is not known."""
        return (
            self.product_id in (None, product.pk)
            and self.family in ("", product.family)
            and (self.standard_id is None or (standard is not None and self.standard_id == standard.pk))
        )
