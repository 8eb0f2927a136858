"""Points of an inspection: limits set by standards, and features that must be visible on the goods."""

from decimal import Decimal

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from procurement.catalogue.models.products import Product
from procurement.catalogue.models.reference_rows import ReferenceRow, ReferenceRowQuerySet, TranslatedField
from procurement.catalogue.models.standards import Standard
from workflow.errors import LazyText
from workflow.i18n import format_with_unit

# Words before a limit, by bound and strictness.
LIMIT_PHRASES: dict[tuple[str, bool], LazyText] = {
    ("at_least", False): _("at least"),
    ("at_least", True): _("more than"),
    ("at_most", False): _("at most"),
    ("at_most", True): _("less than"),
}


class InspectionPoint(ReferenceRow):
    """One point of an inspection checklist.

    It applies to the standards, products and families it names, or to all goods if it names none.
    """

    class LimitType(models.TextChoices):
        AT_LEAST = "at_least", _("At least")
        AT_MOST = "at_most", _("At most")
        VISIBLE_FEATURE = "seen", _("Must be met")
        AQL = "aql", _("Usual AQL for the sample")

    key = models.CharField(
        max_length=20, help_text="What is measured: the same under every standard. Never renamed."
    )
    position = models.PositiveSmallIntegerField()
    name_en = models.CharField(_("English name"), max_length=160)
    name_fr = models.CharField(_("French name"), max_length=160)
    name_zh = models.CharField(_("Chinese name"), max_length=160)
    unit = models.CharField(_("unit"), max_length=20, blank=True, help_text="As the standard prints it.")
    bound = models.CharField(_("type of limit"), max_length=10, choices=LimitType)
    limit = models.DecimalField(
        _("limit"), max_digits=10, decimal_places=3, null=True, blank=True, help_text="In its unit."
    )
    strict = models.BooleanField(
        _("limit excluded"),
        default=False,
        help_text="Whether the limit itself is outside: below 5.0, not up to 5.0.",
    )
    standards = ArrayField(models.CharField(max_length=90), default=list, blank=True, help_text="Codes.")
    products = ArrayField(models.CharField(max_length=90), default=list, blank=True, help_text="Codes.")
    families = ArrayField(models.CharField(max_length=20, choices=Product.Family), default=list, blank=True)

    name = TranslatedField()
    objects = ReferenceRowQuerySet["InspectionPoint"].as_manager()

    class Meta(ReferenceRow.Meta):
        constraints = [
            *ReferenceRow.Meta.constraints,
            models.CheckConstraint(
                condition=Q(bound="seen", limit=None) | (~Q(bound="seen") & Q(limit__isnull=False)),
                name="inspection_point_has_a_limit",
            ),
        ]

    def applies_to(self, product: Product, standard: Standard | None) -> bool:
        """Return True if the point is inspected on this product, offered under this standard."""
        if standard is not None and standard.code in self.standards:
            return True
        named = bool(self.standards or self.products or self.families)
        return not named or product.code in self.products or product.family in self.families

    def is_within_limit(self, value: Decimal) -> bool:
        """Return True if a measured value is within the limit. For measured points only.

        The value is in the unit of the point.
        """
        assert self.limit is not None  # guaranteed by the constraint `inspection_point_has_a_limit`
        if value == self.limit:
            return not self.strict
        return (value > self.limit) == (self.bound == self.LimitType.AT_LEAST)

    @property
    def limit_text(self) -> str:
        """Readable limit, such as "less than 5 mmH₂O/cm²". For measured points only."""
        assert self.limit is not None  # guaranteed by the constraint `inspection_point_has_a_limit`
        return f"{LIMIT_PHRASES[self.bound, self.strict]} {format_with_unit(self.limit, self.unit)}"

    @property
    def is_measured(self) -> bool:
        """True if the point takes a measured value. Other points are only seen or not seen."""
        return self.bound in {self.LimitType.AT_LEAST, self.LimitType.AT_MOST}

    @property
    def is_blocking(self) -> bool:
        """True if a failure here keeps a lot from passing, because the limit has a reliable source.

        The limits of a published edition do not become outdated, so the dates of the row do not matter.
        """
        return self.is_reliable and not self.is_unsourced("limit") and not self.is_unsourced("bound")
