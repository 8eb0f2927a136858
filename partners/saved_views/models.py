"""Saved views: filters of a list that a person keeps under a name."""

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from partners.cities.models import City

if TYPE_CHECKING:
    from partners.permissions.permissions import Permissions


class SavedViewQuerySet(models.QuerySet["SavedView"]):
    def for_reader(self, permissions: "Permissions") -> Self:
        """Return the reader's own views, and those shared with a city whose records the reader sees."""
        return self.filter(Q(user=permissions.user_id) | Q(city__in=permissions.visible_cities))


class SavedView(models.Model):
    """Filter and order of one list, saved under a name for its author or for a whole city."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    city = models.ForeignKey(
        City,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("shared with"),
        help_text="The city whose people see the view; without a city, only its author does.",
    )
    listed = models.CharField(max_length=40, help_text="The URL name of the list.")
    name = models.CharField(_("name"), max_length=40)
    query = models.CharField(max_length=400, help_text="The filter, as a query string.")

    objects = SavedViewQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "listed", "name"], name="saved_view_named_once")
        ]

    def __str__(self) -> str:
        return self.name
