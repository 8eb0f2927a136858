"""Marks on rows of the start page (“Today”): put off until a day, or handed to a colleague."""

from datetime import date
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class TodoMarkQuerySet(models.QuerySet["TodoMark"]):
    def in_effect(self, today: date) -> Self:
        """Return the marks whose last day is not past."""
        return self.filter(until__gt=today)


class TodoMark(models.Model):
    """Mark of one person on one row of their start page (“Today”). It hides the row from them until a day.

    If `handed_to` is set, that colleague sees who handed over the row, and the note.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    kind = models.CharField(max_length=30, help_text="The code of the kind of row.")
    thing_id = models.BigIntegerField()
    until = models.DateField(_("until"), help_text="The day on which the row is shown again.")
    handed_to = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, blank=True, related_name="+"
    )
    note = models.CharField(_("note"), max_length=300, blank=True)
    at = models.DateTimeField()

    objects = TodoMarkQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "kind", "thing_id"], name="todo_marked_once")]
        indexes = [models.Index("handed_to", name="todo_handed_to", condition=Q(handed_to__isnull=False))]

    def __str__(self) -> str:
        return f"{self.kind} {self.thing_id}"
