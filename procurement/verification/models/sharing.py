"""Shared diligence: one city asks whether it may use a check that another city has accepted, instead of making its own."""

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from partners.models.cities import City
from partners.models.people import Contact
from procurement.leads.models.offer import SupplierLead
from procurement.verification.models.checks import VerificationTask
from workflow.models.tracked import Tracked

if TYPE_CHECKING:
    from partners.rules.powers import Powers


class ReuseQuerySet(models.QuerySet["Reuse"]):
    def visible_to(self, powers: "Powers") -> Self:
        """The city that is asked. Whoever asks sees on its own check what became of it, and whose the other is once it agreed."""
        return self.filter(city__in=powers.sees)

    def open_to(self, cities: frozenset[int]) -> Self:
        """Those these cities have still to answer."""
        return self.filter(city__in=cities, status=Reuse.Status.ASKED)


class Reuse(Tracked):
    """A city asks another, which it does not know, for the use of a check. `city` is the one that is asked: the row is its own.

    `task` is the check the asking city has still to make, `origin` the accepted one that would stand in its place.
    """

    REFERENCE_PREFIX = "RU"
    PAGE = "reuse"

    class Status(models.TextChoices):
        ASKED = "asked", _("Asked")
        AGREED = "agreed", _("Agreed")
        REFUSED = "refused", _("Rather not")
        CANCELLED = "cancelled", _("No longer needed")

    reference = models.CharField(_("reference"), max_length=20, unique=True, editable=False)
    city = models.ForeignKey(City, models.PROTECT, related_name="+", verbose_name=_("city"))
    origin = models.ForeignKey(VerificationTask, models.PROTECT, related_name="lent")
    task = models.ForeignKey(VerificationTask, models.PROTECT, related_name="reuses")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)

    objects = ReuseQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["task", "origin"], condition=~Q(status="cancelled"), name="reuse_asked_once"
            ),
            models.CheckConstraint(
                condition=~Q(status__in=("agreed", "refused"))
                | Q(answered_by__isnull=False, answered_at__isnull=False),
                name="reuse_answered_by_somebody",
            ),
        ]
        indexes = [
            models.Index("city", "status", F("id").desc(), name="reuse_of_city"),
            models.Index("status", "id", name="reuse_waiting", condition=Q(status="asked")),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def lead(self) -> SupplierLead:
        """The offer for which the check was made: by its goods a letter of thanks says what for."""
        return self.origin.lead

    @property
    def contact(self) -> Contact | None:
        """Who made the check, and is thanked where it serves another city too."""
        return self.origin.contact
