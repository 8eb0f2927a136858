"""What a person is told inside the product, and whether the daily mail still owes it to them."""

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from workflow.models.journal import Entry
from workflow.models.tracked import AboutQuerySet
from workflow.search import as_quoted

if TYPE_CHECKING:
    from workflow.actors import Reads


class Way(models.TextChoices):
    """How mail about one kind of notice reaches a person. Under the bell they find it whatever they chose."""

    AT_ONCE = "at_once", _("At once")
    DIGEST = "digest", _("Once a day")
    OFF = "off", _("No mail")


class InAppNoticeQuerySet(AboutQuerySet["InAppNotice"]):
    def visible_to(self, powers: "Reads") -> Self:
        """One's own. Whether the thing itself may still be read is asked where its words are told."""
        return self.filter(recipient=powers.user_id)

    def unread(self) -> Self:
        """Those the reader has not put aside and that still wait for something."""
        return self.filter(read_at=None, settled_by=None)

    def search(self, text: str) -> Self:
        """Those about the thing of this reference."""
        return self.filter(entry__reference=as_quoted(text)).exclude(entry__reference="")

    def waiting(self) -> Self:
        """Those that a daily mail still owes its reader."""
        return self.filter(digest_at__isnull=False)


class InAppNotice(models.Model):
    """One thing that happened, told to one person under the bell. It holds no words: they are told anew, as the thing stands."""

    entry = models.ForeignKey(Entry, models.PROTECT, related_name="+")
    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="in_app_notices")
    kind = models.CharField(max_length=20)
    thing_label = models.CharField(max_length=60)
    thing_id = models.BigIntegerField()
    at = models.DateTimeField(help_text="When it was told, by the story's clock.")
    read_at = models.DateTimeField(null=True)
    settled_by = models.ForeignKey(
        Entry, models.PROTECT, null=True, related_name="+", help_text="What did what it asked for."
    )
    digest_at = models.DateTimeField(
        null=True, help_text="When the daily mail that brings it is due; none if no such mail owes it."
    )
    digest = models.ForeignKey(
        Entry, models.PROTECT, null=True, related_name="+", help_text="The daily mail it went with."
    )

    objects = InAppNoticeQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["entry", "recipient"], name="in_app_notice_once"),
            models.CheckConstraint(
                condition=Q(digest_at=None) | Q(digest=None), name="in_app_notice_waits_or_went"
            ),
        ]
        indexes = [
            models.Index("recipient", F("id").desc(), name="in_app_notice_of"),
            models.Index(
                "recipient", name="in_app_notice_unread", condition=Q(read_at=None, settled_by=None)
            ),
            models.Index(
                "digest_at", "recipient", name="in_app_notice_waiting", condition=Q(digest_at__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.thing_label} {self.thing_id}"
