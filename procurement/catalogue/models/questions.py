"""What a check asks: a row per question, with the goods it is asked about and the versions of the set it belongs to."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from procurement.catalogue.models.facts import Fact, FactQuerySet, Worded
from procurement.catalogue.models.products import Product


class CheckQuestionQuerySet(FactQuerySet["CheckQuestion"]):
    def asked_by(self, check: str) -> "CheckQuestionQuerySet":
        """Every question a check asks or has asked, in the order somebody on the spot can answer them."""
        return self.filter(check_kind=check).order_by("position", "code")


class CheckQuestion(Fact):
    """One question of a check. Its `key` is stored in reports and never renamed; other words that mean something else are another row.

    The questions of a check form a set with a version. A question belongs to the versions from `since` to `until`, and a report is
    read by the version it answered, so a question that is asked no more keeps its row.
    """

    class Evidence(models.TextChoices):
        NONE = "", _("None")
        PHOTO = "photo", _("A photo")
        PAPER = "paper", _("The paper, or a picture of the screen")

    check_kind = models.CharField(_("check"), max_length=30)
    families = ArrayField(
        models.CharField(max_length=20, choices=Product.Family),
        default=list,
        blank=True,
        help_text="Asked about these goods only; empty: about any.",
    )
    key = models.CharField(max_length=30, help_text="What a report stores. Never renamed.")
    position = models.PositiveSmallIntegerField()
    since = models.PositiveSmallIntegerField(help_text="The first version of the set it belongs to.")
    until = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="The last version it belongs to; empty: it is still asked."
    )
    evidence = models.CharField(_("evidence"), max_length=10, choices=Evidence, blank=True)
    words_en = models.CharField(max_length=200)
    words_fr = models.CharField(max_length=200)
    words_zh = models.CharField(max_length=200)
    hint_en = models.CharField(max_length=200, blank=True)
    hint_fr = models.CharField(max_length=200, blank=True)
    hint_zh = models.CharField(max_length=200, blank=True)

    words = Worded()
    hint = Worded()
    objects = CheckQuestionQuerySet.as_manager()

    class Meta(Fact.Meta):
        constraints = [
            *Fact.Meta.constraints,
            models.UniqueConstraint(fields=["check_kind", "key", "since"], name="question_once_a_version"),
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=F("since")), name="question_ends_after_it_begins"
            ),
        ]

    def belongs_to(self, version: int, family: str) -> bool:
        """Whether this version of the set asks it about goods of this family."""
        asked = self.since <= version and (self.until is None or version <= self.until)
        return asked and (not self.families or family in self.families)
