"""Standards with their levels and editions, and which standard is accepted in place of another."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from procurement.catalogue.models.reference_rows import (
    DeclaredUse,
    Market,
    ReferenceRow,
    ReferenceRowQuerySet,
    TranslatedField,
)


class Standard(ReferenceRow):
    """One level of one edition of a standard; "ASTM F2100 Level 2" is one row.

    A need line accepts standards, and an offer claims one. `has_better`: the catalogue ranks a higher level; only if read
    with `ACCEPTED_GOODS`.
    """

    has_better: bool
    designation = models.CharField(
        _("designation"), max_length=60, help_text="The standard's own name: ASTM F2100."
    )
    edition = models.CharField(_("edition"), max_length=30, blank=True)
    level = models.CharField(_("level"), max_length=40, blank=True, help_text="Level, type, class or grade.")
    market = models.CharField(_("market"), max_length=2, choices=Market, blank=True)
    name_en = models.CharField(_("English name"), max_length=160)
    name_fr = models.CharField(_("French name"), max_length=160)
    name_zh = models.CharField(_("Chinese name"), max_length=160)
    limits = models.TextField(_("requirements"), blank=True)

    name = TranslatedField()
    objects = ReferenceRowQuerySet["Standard"].as_manager()

    class Meta(ReferenceRow.Meta):
        constraints = [
            *ReferenceRow.Meta.constraints,
            models.UniqueConstraint(
                fields=["designation", "edition", "level"], name="standard_level_once_an_edition"
            ),
        ]
        indexes = [models.Index("market", "code", name="standard_of_market")]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """Usual written form, such as "EN 14683:2019+AC:2019 Type IIR"."""
        edition = f"{'-' if self.market == Market.CN else ':'}{self.edition}" if self.edition else ""
        return f"{self.designation}{edition} {self.level}".strip()


class EquivalenceReason(ReferenceRow):
    """Reason why one standard is or is not equivalent to another, shared by many pairs of standards.

    For a similar standard it also names the evidence that would be sufficient.
    """

    reason_en = models.TextField()
    reason_fr = models.TextField()
    reason_zh = models.TextField()
    evidence_en = models.TextField(blank=True, help_text="What shows that a neighbour will do.")
    evidence_fr = models.TextField(blank=True)
    evidence_zh = models.TextField(blank=True)

    reason = TranslatedField()
    evidence = TranslatedField()
    objects = ReferenceRowQuerySet["EquivalenceReason"].as_manager()

    class Meta(ReferenceRow.Meta):
        pass


class StandardEquivalence(ReferenceRow):
    """Equivalence of an offered standard to the one a need line asks for, by market and use.

    No row means unknown: a person decides. `products_of_offered`: ids of the products for which the catalogue lists the
    offered standard; only if read for `AcceptedGoods`.
    """

    products_of_offered: list[int]

    class Verdict(models.TextChoices):
        EQUAL = "equal", _("Meets the requirement")
        BETTER = "better", _("Better than requested")
        COMPARABLE = "neighbour", _("Comparable: evidence needed")
        NOT_EQUIVALENT = "no", _("Does not meet the requirement")
        UNKNOWN = "unknown", _("Unknown: a person must decide")

    asked = models.ForeignKey(
        Standard, models.PROTECT, related_name="acceptances", verbose_name=_("requested standard")
    )
    offered = models.ForeignKey(
        Standard, models.PROTECT, related_name="accepted_for", verbose_name=_("offered standard")
    )
    market = models.CharField(_("market"), max_length=2, choices=Market, blank=True, help_text="Empty: any.")
    use = models.CharField(_("use"), max_length=12, choices=DeclaredUse, blank=True, help_text="Empty: any.")
    verdict = models.CharField(_("verdict"), max_length=10, choices=Verdict)
    ground = models.ForeignKey(EquivalenceReason, models.PROTECT, related_name="acceptances")

    objects = ReferenceRowQuerySet["StandardEquivalence"].as_manager()

    class Meta(ReferenceRow.Meta):
        constraints = [
            *ReferenceRow.Meta.constraints,
            models.UniqueConstraint(
                fields=["asked", "offered", "market", "use", "valid_from"],
                name="standardequivalence_once_a_case",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                condition=~Q(verdict="unknown"), name="standardequivalence_says_something"
            ),
            models.CheckConstraint(
                condition=~Q(asked=F("offered")), name="standardequivalence_is_between_two"
            ),
        ]

    def clean(self) -> None:
        """Require two different standards and a known verdict."""
        super().clean()
        if self.asked_id == self.offered_id:
            raise ValidationError(
                {"offered": _("A standard always conforms to itself, so this row is not needed.")}
            )
        if self.verdict == self.Verdict.UNKNOWN:
            raise ValidationError({"verdict": _("Do not add a row for an unknown result.")})
