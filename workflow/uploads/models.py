"""Files attached to any object."""

import secrets
from datetime import datetime
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from workflow.base_models import JournaledModel, ObjectReferenceQuerySet, assigned_to_reader
from workflow.search import GramsField, contains_each_word
from workflow.statuses import StatusChoices, StatusGroup

if TYPE_CHECKING:
    from workflow.actors import Reader


def random_key() -> str:
    """Return a random text of twenty-two characters, safe in a URL, that cannot be guessed."""
    return secrets.token_urlsafe(16)


class FileQuerySet(ObjectReferenceQuerySet["File"]):
    def visible_to(self, permissions: "Reader") -> Self:
        """Return the clean files of the reader's cities and of objects assigned to the reader.

        Files that the reader uploaded are included in every status.
        """
        readable = Q(city_id__in=permissions.visible_cities) | assigned_to_reader(permissions)
        return self.filter((readable & Q(status=File.Status.CLEAN)) | Q(by=permissions.user_id))

    def search(self, text: str) -> Self:
        """Return the files whose name contains every word of the text."""
        return self.filter(contains_each_word(text, "name"))

    def with_unfinished_check(self, before: datetime) -> Self:
        """Return the files received before a moment whose check never ended.

        Such files remain if a process died or the virus scanner did not answer.
        """
        return self.filter(status__in=File.Status.open, created_at__lt=before)


FOR_CONTACT_KIND = (
    "for_contact"  # the kind of a file that a contact asked about its object may open by their link
)


class File(JournaledModel):
    """Uploaded file, checked before others may see it."""

    class Status(StatusChoices):
        RECEIVED = "received", StatusGroup.OPEN, _("Received")  # kept apart, not opened yet
        CHECKING = "checking", StatusGroup.OPEN, _("Being checked")  # is being opened in a process of its own
        CLEAN = "clean", StatusGroup.DONE, _("No virus found")  # its cleaned copy may be shown
        # hostile or broken; its bytes are gone, their hash stays
        REJECTED = "rejected", StatusGroup.VOID, _("Refused")
        # the virus scanner did not answer; it is asked again
        UNSCANNED = "unscanned", StatusGroup.OPEN, _("Not checked")

    class Refusal(models.TextChoices):
        UNREADABLE = (
            "unreadable",
            _("The file cannot be opened. Save it again, or take a photo of the document."),
        )
        PASSWORD_PROTECTED = "password", _("The file is password-protected. Save it without a password.")
        TOO_MANY_PAGES = (
            "too_many_pages",
            _("The file has more than 50 pages. Send only the pages that are needed."),
        )
        TOO_MANY_PIXELS = "too_many_pixels", _("The image is larger than 40 megapixels. Send a smaller one.")
        TOO_LARGE_INSIDE = "too_large_inside", _("The file’s content is too large to be opened safely.")
        INFECTED = "infected", _("The virus scanner rejected the file.")
        MACROS = "macros", _("The file contains macros. Save it as a plain XLSX or CSV file.")
        EXTERNAL_LINKS = "outside_links", _("The file refers to other files. Save it with values only.")
        TOO_MANY_ROWS = (
            "too_many_rows",
            _("The file has more than 50,000 rows or 200 columns. Upload it in parts."),
        )

    thing_label = models.CharField(max_length=60)
    thing_id = models.BigIntegerField()
    city_id = models.BigIntegerField(null=True)
    kind = models.CharField(
        max_length=30, blank=True, help_text="The purpose of the file, such as licence, certificate or photo."
    )
    name = models.CharField(max_length=200)
    content_type = models.CharField(max_length=60)
    size = models.PositiveIntegerField(
        help_text="In bytes: of the cleaned copy if there is one, else of the upload."
    )
    uploaded_sha256 = models.CharField(max_length=64, help_text="SHA-256 of the bytes as they were uploaded.")
    kept_sha256 = models.CharField(
        max_length=64,
        blank=True,
        help_text="SHA-256 of the cleaned copy, which readers download; empty until the file is clean.",
    )
    pages = models.PositiveSmallIntegerField(default=1, editable=False, help_text="A picture is one page.")
    key = models.CharField(max_length=32, unique=True, default=random_key, help_text="The key in its URL.")
    stored = models.CharField(
        max_length=100,
        blank=True,
        help_text="Random name of its file under MEDIA_ROOT; empty after a rejection.",
    )
    refusal = models.CharField(max_length=20, choices=Refusal, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    search = GramsField(of=("name",))

    objects = FileQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index("thing_label", "thing_id", "id", name="file_of_thing"),
            models.Index("uploaded_sha256", name="file_by_hash"),
            models.Index("name", "id", name="file_by_name"),
            models.Index("size", "id", name="file_by_size"),
            GinIndex(fields=["search"], name="file_search"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Return the address at which those who may see it get the cleaned copy."""
        return reverse("file", args=[self.key])
