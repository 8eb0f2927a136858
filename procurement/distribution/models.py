"""Distributions: pieces of a released lot given to a place of the city on a day."""

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from procurement.catalogue.models.reference_rows import EndUserType
from procurement.quality.models import Lot
from workflow.base_models import JournaledModel
from workflow.search import normalize_reference
from workflow.statuses import StatusChoices, StatusGroup

if TYPE_CHECKING:
    from partners.permissions.permissions import Permissions


class DistributionQuerySet(models.QuerySet["Distribution"]):
    def visible_to(self, permissions: "Permissions") -> Self:
        """Return the distributions of the cities whose records the reader sees."""
        return self.filter(city__in=permissions.visible_cities)

    def search(self, text: str) -> Self:
        """Return the distributions of lots whose reference begins with the text."""
        return self.filter(lot__reference__startswith=normalize_reference(text))

    def in_effect(self) -> Self:
        """Return the distributions that were not taken back: the place still has the pieces."""
        return self.filter(status=Distribution.Status.DISTRIBUTED)


class Distribution(JournaledModel):
    """Distribution: pieces of a lot at one place.

    When the lot is recalled, the row records who informed the place and when. `name` and `email` are
    stored as the city entered them: if the person is already known, the city learns nothing more.
    """

    URL_NAME = "distribution"

    class Status(StatusChoices):
        DISTRIBUTED = "distributed", StatusGroup.DONE, _("Distributed")
        UNDONE = "undone", StatusGroup.VOID, _("Undone")

    lot = models.ForeignKey(Lot, models.PROTECT, related_name="distributions")
    city = models.ForeignKey("partners.City", models.PROTECT, related_name="+")
    organization = models.ForeignKey(
        "partners.Organization",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("organization"),
    )
    place = models.CharField(_("place"), max_length=200, blank=True, help_text="Where it is no organisation.")
    receiver = models.CharField(
        _("who will use the goods"),
        max_length=30,
        choices=EndUserType,
        blank=True,
        help_text="The kind of place, by which conditions of duty reliefs are met. Empty: not stated.",
    )
    quantity = models.PositiveBigIntegerField(_("pieces"))
    distributed_on = models.DateField(_("distributed on"))
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        editable=False,
        help_text="Whose address it is: who is written to of a recall.",
    )
    name = models.CharField(_("on-site contact"), max_length=150, blank=True)
    email = models.EmailField(_("email"), blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    informed_at = models.DateTimeField(_("informed of the recall"), null=True, blank=True, editable=False)
    informed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", editable=False
    )

    objects = DistributionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(organization=None) ^ Q(place=""), name="distribution_has_one_place"
            ),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="distribution_of_something"),
            models.CheckConstraint(
                condition=Q(person=None, email="") | Q(person__isnull=False) & ~Q(email=""),
                name="distribution_address_is_of_a_person",
            ),
            models.CheckConstraint(
                condition=Q(informed_at=None, informed_by=None)
                | Q(informed_at__isnull=False, informed_by__isnull=False),
                name="distribution_informed_by_a_person",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.lot} → {self.place_name}"

    @property
    def place_name(self) -> str:
        """Name of the place."""
        return str(self.organization) if self.organization is not None else self.place
