"""What a person chose about what reaches them: how mail of each kind comes, and the address of their calendar.

Part of `accounts.models`, which names both. Written by `actions.choices` and `actions.calendars` only.
"""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from workflow.models.bell import Way


class NoticeChoice(models.Model):
    """How mail about one kind of notice reaches a person. Without a row it comes at once."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="notice_choices")
    kind = models.CharField(max_length=20)
    way = models.CharField(_("by mail"), max_length=10, choices=Way)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "kind"], name="notice_choice_once_a_kind")]

    def __str__(self) -> str:
        return f"{self.kind}: {self.get_way_display()}"


class CalendarFeed(models.Model):
    """An address under which a calendar program reads one person's days, and nothing else. At most one of a person works."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="calendar_feeds")
    digest = models.CharField(
        max_length=64, unique=True, help_text="SHA-256 of the token, which is kept nowhere."
    )
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    last_read_at = models.DateTimeField(null=True, blank=True, help_text="To the hour.")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("made_at")), name="calendar_feed_expires_after_it_is_made"
            ),
            models.UniqueConstraint(
                fields=["user"], condition=Q(withdrawn_at=None), name="calendar_feed_one_works"
            ),
        ]

    def __str__(self) -> str:
        return f"calendar of {self.user_id}"

    def usable(self, at: datetime) -> bool:
        """Neither withdrawn nor expired, and its owner may still sign in."""
        return self.withdrawn_at is None and at < self.expires_at and self.user.is_active
