"""Letter templates: the words in which a city asks contacts for help, in one language."""

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Language
from partners.cities.models import City
from workflow.base_models import JournaledModel
from workflow.input_limits import MAX_LETTER_LENGTH
from workflow.statuses import StatusChoices, StatusGroup

if TYPE_CHECKING:
    from partners.permissions.permissions import Permissions


class LetterTemplateQuerySet(models.QuerySet["LetterTemplate"]):
    def visible_to(self, permissions: "Permissions") -> Self:
        """Return the templates of the cities for which a person works."""
        return self.filter(city__in=permissions.visible_cities)

    def in_use(self) -> Self:
        """Return the templates from which drafts of letters are made: at most one for a city and a language."""
        return self.filter(status=LetterTemplate.Status.ACTIVE)


class LetterTemplate(JournaledModel):
    """Subject and message with merge fields in braces, from which the draft of an inquiry is made.

    A template is never changed: saving it again adds a version and replaces the one before.
    """

    REFERENCE_PREFIX = "LT"
    URL_NAME = "letter_template"

    class Status(StatusChoices):
        ACTIVE = "active", StatusGroup.DONE, pgettext_lazy("letter template", "In use")
        REPLACED = "replaced", StatusGroup.VOID, pgettext_lazy("letter template", "Replaced")
        WITHDRAWN = "withdrawn", StatusGroup.VOID, pgettext_lazy("letter template", "Removed")

    reference = models.CharField(_("reference"), max_length=20, unique=True, editable=False)
    city = models.ForeignKey(City, models.PROTECT, related_name="+", verbose_name=_("city"))
    language = models.CharField(_("language"), max_length=10, choices=Language)
    subject = models.CharField(_("subject"), max_length=200)
    body = models.TextField(_("message"), max_length=MAX_LETTER_LENGTH)

    objects = LetterTemplateQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=("city", "language"), condition=Q(status="active"), name="one_letter_template_in_use"
            ),
            models.CheckConstraint(
                condition=~Q(subject="") & ~Q(body=""), name="letter_template_has_subject_and_message"
            ),
        ]
        indexes = [models.Index("city", F("id").desc(), name="letter_templates_of_city")]

    def __str__(self) -> str:
        return self.reference
