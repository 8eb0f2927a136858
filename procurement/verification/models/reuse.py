"""Shared checks: one city asks to use a check that another city has accepted."""

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from partners.cities.models import City
from partners.contacts.models import Contact
from procurement.leads.models.leads import SupplierLead
from procurement.verification.models.tasks import VerificationTask
from workflow.base_models import JournaledModel
from workflow.statuses import StatusChoices, StatusGroup

if TYPE_CHECKING:
    from partners.permissions.permissions import Permissions


class CheckReuseQuerySet(models.QuerySet["CheckReuse"]):
    def visible_to(self, powers: "Permissions") -> Self:
        """Return the requests addressed to the user's cities.

        The asking city sees the result on its own check, and the name of the other city after that has agreed.
        """
        return self.filter(city__in=powers.sees)

    def open_to(self, cities: frozenset[int]) -> Self:
        """Return the requests that these cities have not answered yet."""
        return self.filter(city__in=cities, status=CheckReuse.Status.PENDING)


class CheckReuse(JournaledModel):
    """Request to use another city's check. The asking city does not know which city it asks.

    `city` is the city that is asked, and the row belongs to it. `task` is the open check of the asking city;
    `origin` is the accepted check that could replace it.
    """

    REFERENCE_PREFIX = "RU"
    PAGE = "check_reuse"

    class Status(StatusChoices):
        PENDING = "pending", StatusGroup.OPEN, _("Asked")
        AGREED = "agreed", StatusGroup.DONE, _("Agreed")
        DECLINED = "declined", StatusGroup.VOID, _("Rather not")
        CANCELLED = "cancelled", StatusGroup.VOID, _("No longer needed")

    reference = models.CharField(_("reference"), max_length=20, unique=True, editable=False)
    city = models.ForeignKey(City, models.PROTECT, related_name="+", verbose_name=_("city"))
    origin = models.ForeignKey(VerificationTask, models.PROTECT, related_name="lent")
    task = models.ForeignKey(VerificationTask, models.PROTECT, related_name="reuses")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)

    objects = CheckReuseQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["task", "origin"], condition=~Q(status="cancelled"), name="reuse_requested_once"
            ),
            models.CheckConstraint(
                condition=~Q(status__in=("agreed", "declined"))
                | Q(answered_by__isnull=False, answered_at__isnull=False),
                name="reuse_answered_by_a_person",
            ),
        ]
        indexes = [
            models.Index("city", "status", F("id").desc(), name="reuse_of_city"),
            models.Index("status", "id", name="reuse_waiting", condition=Q(status="pending")),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def lead(self) -> SupplierLead:
        """Offer for which the original check was made. A thank-you names its goods."""
        return self.origin.lead

    @property
    def contact(self) -> Contact | None:
        """Contact who made the original check, and who is thanked if another city uses it."""
        return self.origin.contact
