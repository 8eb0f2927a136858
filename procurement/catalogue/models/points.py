"""What an inspection looks at: the values goods must reach by their standard, and what must be seen on them."""

from decimal import Decimal

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from procurement.catalogue.models.facts import Fact, FactQuerySet, Worded
from procurement.catalogue.models.products import Product
from procurement.catalogue.models.standards import Standard
from workflow.errors import Words
from workflow.tongues import in_unit

# The words before a limit, by its bound and whether it is strict.
BOUNDS: dict[tuple[str, bool], Words] = {
    ("at_least", False): _("at least"),
    ("at_least", True): _("more than"),
    ("at_most", False): _("at most"),
    ("at_most", True): _("less than"),
}


class InspectionPoint(Fact):
    """One point of the checklist of goods. It holds for the standards, products and families it names; naming none, for any goods."""

    class Bound(models.TextChoices):
        AT_LEAST = "at_least", _("At least")
        AT_MOST = "at_most", _("At most")
        SEEN = "seen", _("Must be seen")
        AQL = "aql", _("Usual AQL of the sample")

    key = models.CharField(
        max_length=20, help_text="What is measured: the same under every standard. Never renamed."
    )
    position = models.PositiveSmallIntegerField()
    name_en = models.CharField(_("English name"), max_length=160)
    name_fr = models.CharField(_("French name"), max_length=160)
    name_zh = models.CharField(_("Chinese name"), max_length=160)
    unit = models.CharField(_("unit"), max_length=20, blank=True, help_text="As the standard prints it.")
    bound = models.CharField(_("bound"), max_length=10, choices=Bound)
    limit = models.DecimalField(
        _("limit"), max_digits=10, decimal_places=3, null=True, blank=True, help_text="In its unit."
    )
    strict = models.BooleanField(
        _("strict"), default=False, help_text="Whether the limit itself is outside: below 5.0, not up to 5.0."
    )
    standards = ArrayField(models.CharField(max_length=90), default=list, blank=True, help_text="Codes.")
    products = ArrayField(models.CharField(max_length=90), default=list, blank=True, help_text="Codes.")
    families = ArrayField(models.CharField(max_length=20, choices=Product.Family), default=list, blank=True)

    name = Worded()
    objects = FactQuerySet["InspectionPoint"].as_manager()

    class Meta(Fact.Meta):
        constraints = [
            *Fact.Meta.constraints,
            models.CheckConstraint(
                condition=Q(bound="seen", limit=None) | (~Q(bound="seen") & Q(limit__isnull=False)),
                name="inspection_point_has_a_limit",
            ),
        ]

    def applies_to(self, product: Product, standard: Standard | None) -> bool:
        """Whether it is looked at on this product, offered under this standard."""
        if standard is not None and standard.code in self.standards:
            return True
        named = bool(self.standards or self.products or self.families)
        return not named or product.code in self.products or product.family in self.families

    def within(self, value: Decimal) -> bool:
        """Whether a measured value, in its unit, keeps the limit. For points that are measured."""
        assert self.limit is not None  # the constraint of every measured point
        if value == self.limit:
            return not self.strict
        return (value > self.limit) == (self.bound == self.Bound.AT_LEAST)

    @property
    def limit_words(self) -> str:
        """The limit as people read it: "less than 5 mmH₂O/cm²". For points that are measured."""
        assert self.limit is not None  # the constraint of every measured point
        return f"{BOUNDS[self.bound, self.strict]} {in_unit(self.limit, self.unit)}"

    @property
    def is_measured(self) -> bool:
        """Whether it takes a value; the others are seen or not."""
        return self.bound in {self.Bound.AT_LEAST, self.Bound.AT_MOST}

    @property
    def blocks(self) -> bool:
        """Whether a failure here keeps a lot from passing: its limit has a firm source. Limits of an edition do not go stale."""
        return self.is_firm and not self.remembered("limit") and not self.remembered("bound")
