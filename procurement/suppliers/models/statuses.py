"""A city's supplier status, and a person's declared interest in a supplier."""

from datetime import date
from typing import TYPE_CHECKING, ClassVar, Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from partners.cities.models import City
from procurement.suppliers.models.suppliers import Supplier
from workflow.base_models import JournaledModel
from workflow.statuses import StatusChoices, StatusGroup

if TYPE_CHECKING:
    from partners.permissions.permissions import Permissions


class SupplierStatusQuerySet(models.QuerySet["SupplierStatus"]):
    def visible_to(self, permissions: "Permissions") -> Self:
        """Return the statuses set by the person's own cities."""
        return self.filter(city__in=permissions.visible_cities)

    def strictest_in_force(self, company: Supplier, city: City, day: date) -> "SupplierStatus | None":
        """Return a city's status of a supplier in force on a date, the strictest first; None if there is none.

        Merged rows are included.
        """
        statuses = self.filter(supplier__in=company.row_ids, city=city).order_by("pk")
        held = [one for one in statuses if one.is_in_force_on(day)]
        return max(held, key=lambda one: SupplierStatus.Status.values.index(one.status), default=None)


class SupplierStatus(JournaledModel):
    """One city's status of a supplier, with its period and its reason."""

    URL_NAME = "supplier_status"

    class Status(StatusChoices):
        APPROVED = "approved", StatusGroup.DONE, pgettext_lazy("a supplier", "Approved")
        ON_WATCH = "on_watch", StatusGroup.DONE, _("On watch")
        SUSPENDED = "suspended", StatusGroup.DONE, pgettext_lazy("a company", "Suspended")
        BANNED = "banned", StatusGroup.DONE, pgettext_lazy("a company", "Banned")

    supplier = models.ForeignKey(Supplier, models.PROTECT, related_name="statuses")
    city = models.ForeignKey(City, models.PROTECT, related_name="+")
    starts_on = models.DateField(_("start date"))
    ends_on = models.DateField(_("until"), null=True, blank=True)
    reason = models.TextField(_("reason"))

    objects = SupplierStatusQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["supplier", "city"], name="supplier_status_once_a_city")
        ]

    def __str__(self) -> str:
        return f"{self.supplier}: {self.get_status_display()}"

    def is_in_force_on(self, day: date) -> bool:
        """Return True if the status is in force on this date."""
        return self.starts_on <= day <= (self.ends_on or day)


class InterestDeclarationQuerySet(models.QuerySet["InterestDeclaration"]):
    def visible_to(self, permissions: "Permissions") -> Self:
        """Return all interests for people who work for a city or coordinate the network, else one's own.

        Cities must know whom not to ask.
        """
        return (
            self.all()
            if permissions.visible_cities or permissions.oversees_all_cities
            else self.filter(person=permissions.user_id)
        )

    def search(self, text: str) -> Self:
        """Return the interests in suppliers whose names, number or reference contain the text."""
        return self.filter(supplier__in=Supplier.objects.search(text))

    def in_effect(self) -> Self:
        """Return the interests that are still in force."""
        return self.filter(status=InterestDeclaration.Status.DECLARED)

    def has_interest_in(self, user_id: int, *supplier_ids: int | None) -> bool:
        """Return True if a person has declared an interest in one of these suppliers or their merged rows.

        None in `supplier_ids` is ignored.
        """
        declared = set(self.in_effect().filter(person=user_id).values_list("supplier", flat=True))
        companies = Supplier.objects.filter(pk__in=[pk for pk in supplier_ids if pk]) if declared else ()
        return any(not declared.isdisjoint(company.row_ids) for company in companies)


class InterestDeclaration(JournaledModel):
    """A person's declared interest in a supplier: a share, a post, a relative.

    The person no longer reports on the supplier and decides nothing about it. `words` belong to the
    person: no page shows them to anyone else (docs/rules/suppliers.md).
    """

    URL_NAME = "interest"

    class Status(StatusChoices):
        DECLARED = "declared", StatusGroup.DONE, _("Declared")
        ENDED = "ended", StatusGroup.VOID, _("Ended")

    supplier = models.ForeignKey(Supplier, models.PROTECT, related_name="interests")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    words = models.TextField(_("nature of the interest"), blank=True)

    objects = InterestDeclarationQuerySet.as_manager()
    city_id: ClassVar[None] = None  # the declaration belongs to no single city

    class Meta:
        constraints = [models.UniqueConstraint(fields=["supplier", "person"], name="interest_once_a_person")]

    def __str__(self) -> str:
        return f"{self.person}: {self.supplier}"


def supplier_ids_with_interest(user_id: int) -> frozenset[int]:
    """Return the ids of suppliers, with their merged rows, in which a person's interest is in force."""
    declared = InterestDeclaration.objects.in_effect().filter(person=user_id).select_related("supplier")
    return frozenset(row for interest in declared for row in interest.supplier.row_ids)
