"""Audit files: a ZIP archive of all documents of an order, for one person and for a limited time."""

from datetime import datetime
from typing import TYPE_CHECKING, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from partners.cities.models import City
from procurement.orders.models import Order
from workflow.base_models import JournaledModel
from workflow.search import normalize_reference
from workflow.statuses import StatusChoices, StatusGroup

if TYPE_CHECKING:
    from partners.permissions.permissions import Permissions


class AuditFileQuerySet(models.QuerySet["AuditFile"]):
    def visible_to(self, permissions: "Permissions") -> Self:
        """Return the person's own audit files of cities they may see.

        The content depends on that person's rights.
        """
        return self.filter(by=permissions.user_id, city__in=permissions.visible_cities)

    def search(self, text: str) -> Self:
        """Return the audit files of orders whose reference starts with the text."""
        return self.filter(order__reference__startswith=normalize_reference(text))

    def due(self) -> Self:
        """Return the audit files that wait to be created, oldest request first."""
        return self.filter(status=AuditFile.Status.PENDING).order_by("asked_at", "pk")

    def expired(self, at: datetime) -> Self:
        """Return the audit files that have expired."""
        return self.filter(status=AuditFile.Status.READY, until__lte=at)


class AuditFile(JournaledModel):
    """Audit file of an order for one person. A new request replaces it in the same row."""

    URL_NAME = "audit_file"
    SECRET_FIELDS: ClassVar[frozenset[str]] = frozenset({"stored"})

    class Status(StatusChoices):
        # waiting for the worker, or in work
        PENDING = "pending", StatusGroup.OPEN, pgettext_lazy("a file", "In preparation")
        READY = "ready", StatusGroup.DONE, pgettext_lazy("a file", "Ready")
        # no file came of it; the person who asked may ask again
        FAILED = "failed", StatusGroup.VOID, pgettext_lazy("a file", "Failed")
        EXPIRED = "expired", StatusGroup.VOID, pgettext_lazy("a file", "Deleted")  # expired, or deleted early

    class Failure(models.TextChoices):
        ORDER_NOT_VISIBLE = (
            "not_seen",
            _("You can no longer see this order. Ask your city administrator for access."),
        )
        TOO_LARGE = (
            "too_large",
            _("The files exceed %(gigabytes)s GB in total. Open them one by one on their pages."),
        )
        DISK_FULL = (
            "no_room",
            _(
                "The server has no space left for this file. Contact your Twinlane administrator, "
                "then try again."
            ),
        )
        INTERNAL_ERROR = (
            "internal_error",
            _(
                "Something went wrong and was logged. Try again; if it fails again, contact your "
                "Twinlane administrator."
            ),
        )

    order = models.ForeignKey(Order, models.PROTECT, related_name="audit_files")
    city = models.ForeignKey(City, models.PROTECT, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    language = models.CharField(max_length=10, help_text="In which its lists and its foreword are written.")
    asked_at = models.DateTimeField(_("requested"))
    ready_at = models.DateTimeField(_("ready"), null=True, blank=True)
    until = models.DateTimeField(_("kept until"), null=True, blank=True)
    stored = models.CharField(
        max_length=60, blank=True, help_text="Its random name in MEDIA_ROOT/bundles; none unless it is there."
    )
    size = models.PositiveBigIntegerField(default=0, help_text="Bytes.")
    sha256 = models.CharField(max_length=64, blank=True)
    files = models.PositiveIntegerField(
        default=0, help_text="How many files are in it, its own lists not counted."
    )
    left_out = models.PositiveIntegerField(
        default=0, help_text="Files, entries and comments that belong to it and that this person may not see."
    )
    failure = models.CharField(max_length=20, choices=Failure, blank=True)

    objects = AuditFileQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["order", "by"], name="audit_file_once_a_person"),
            models.CheckConstraint(
                condition=Q(status="ready", ready_at__isnull=False, until__isnull=False, size__gt=0)
                & ~Q(stored="")
                | ~Q(status="ready") & Q(stored=""),
                name="audit_file_lies_there_while_ready",
            ),
            models.CheckConstraint(
                condition=~Q(status="failed") | ~Q(failure=""), name="audit_file_failed_says_why"
            ),
        ]
        indexes = [
            models.Index("asked_at", "id", name="audit_file_waiting", condition=Q(status="pending")),
            models.Index("until", name="audit_file_over", condition=Q(status="ready")),
        ]

    def __str__(self) -> str:
        return f"{self.order}.zip"

    @property
    def is_waiting(self) -> bool:
        """True while the audit file is requested or being created."""
        return self.status == self.Status.PENDING
