"""Questions of a check, with the goods and the versions of the question set they belong to."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from procurement.catalogue.models.products import Product
from procurement.catalogue.models.reference_rows import ReferenceRow, ReferenceRowQuerySet, TranslatedField


class CheckQuestionQuerySet(ReferenceRowQuerySet["CheckQuestion"]):
    def for_checks(self, *checks: str) -> "CheckQuestionQuerySet":
        """Return all present and former questions of these checks, in the order to answer them on site."""
        return self.filter(check_kind__in=checks).order_by("position", "code")


class CheckQuestion(ReferenceRow):
    """One question of a check.

    Reports store its `key`, so a key is never renamed. A new wording with another meaning is a new row. The
    questions of a check form a set with a version. A question belongs to the versions from `since` to `until`,
    and a report is read with the version it answered. Therefore a question that is no longer asked keeps its
    row.
    """

    class Evidence(models.TextChoices):
        NONE = "", _("None")
        PHOTO = "photo", _("A photo")
        DOCUMENT = "document", _("The document or a screenshot")

    check_kind = models.CharField(_("check"), max_length=30)
    families = ArrayField(
        models.CharField(max_length=20, choices=Product.Family),
        default=list,
        blank=True,
        help_text="Asked about these goods only; empty: about any.",
    )
    products = ArrayField(
        models.CharField(max_length=30),
        default=list,
        blank=True,
        help_text="Codes: of the families, asked about these products only; empty: about all.",
    )
    key = models.CharField(max_length=30, help_text="What a report stores. Never renamed.")
    position = models.PositiveSmallIntegerField()
    since = models.PositiveSmallIntegerField(help_text="The first version of the set it belongs to.")
    until = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="The last version it belongs to; empty: it is still asked."
    )
    evidence = models.CharField(_("evidence"), max_length=10, choices=Evidence, blank=True)
    text_en = models.CharField(max_length=200)
    text_fr = models.CharField(max_length=200)
    text_zh = models.CharField(max_length=200)
    hint_en = models.CharField(max_length=200, blank=True)
    hint_fr = models.CharField(max_length=200, blank=True)
    hint_zh = models.CharField(max_length=200, blank=True)

    text = TranslatedField()
    hint = TranslatedField()
    objects = CheckQuestionQuerySet.as_manager()

    class Meta(ReferenceRow.Meta):
        constraints = [
            *ReferenceRow.Meta.constraints,
            models.UniqueConstraint(fields=["check_kind", "key", "since"], name="question_once_a_version"),
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=F("since")), name="question_ends_after_it_begins"
            ),
        ]

    def applies_to(self, version: int, family: str, product: str = "") -> bool:
        """Return True if this version of the set asks the question about this product of this family.

        Without a product, return True if it asks the question about any product of the family.
        """
        current = self.since <= version and (self.until is None or version <= self.until)
        about = not product or not self.products or product in self.products
        return current and about and (not self.families or family in self.families)
