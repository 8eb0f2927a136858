"""Facts about a supplier as its sources report them. Sources that differ are stored side by side.

Each fact has its source, its date, and how it was checked.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from partners.contacts.models import Contact
from procurement.suppliers.models.shared_facts import SharedFact, SharedFactQuerySet
from procurement.suppliers.models.suppliers import Supplier
from workflow.base_models import JournaledModel
from workflow.statuses import StatusChoices, StatusGroup

if TYPE_CHECKING:
    from partners.permissions.permissions import Permissions


class SupplierFactQuerySet(SharedFactQuerySet["SupplierFact"]):
    def visible_to(self, permissions: "Permissions") -> Self:
        """Return all facts for people who work for a city, else those the person entered."""
        return self.all() if permissions.visible_cities else self.filter(entered_by=permissions.user_id)

    def search(self, text: str) -> Self:
        """Return the facts of suppliers whose names, number or reference contain the text."""
        return self.filter(supplier__in=Supplier.objects.search(text))

    def about_supplier(self, company: Supplier) -> Self:
        """Return the facts about a supplier, including its merged rows, by name, then oldest first.

        Retracted facts are included.
        """
        return self.filter(supplier__in=company.row_ids).order_by("name", "pk")

    def in_effect(self) -> Self:
        """Return the facts that were not retracted."""
        return self.exclude(status=SupplierFact.Status.RETRACTED)

    def confirmed_phones(self, company: Supplier, cities: Iterable[int]) -> Self:
        """Return a supplier's phone numbers that a contact confirmed and that count for all these cities.

        Only these numbers are valid for a call back about an account. `cities` are the ids of the cities
        for which the call is made. A contact confirms a number by calling it, or by reading it on the
        licence or in a register. A number that a contact only received from others proves no more than the
        supplier's own letter.
        """
        how = SupplierFact.CheckMethod
        checked = Q(contact__isnull=False, how__in=(how.PHONED, how.BUSINESS_LICENCE, how.REGISTER))
        found = self.about_supplier(company).in_effect().filter(checked, name=SupplierFact.FactName.PHONE)
        return found.exclude(excluded_city_ids__overlap=sorted(cities))


class SupplierFact(SharedFact, JournaledModel):
    """One fact about a supplier as one source reports it.

    A person may choose the value that the supplier's row shows. Nothing is erased.
    """

    URL_NAME = "supplier_fact"

    class Status(StatusChoices):
        RECORDED = "recorded", StatusGroup.DONE, pgettext_lazy("a fact", "Recorded")
        # a person chose this value and gave a reason
        SELECTED = "selected", StatusGroup.DONE, pgettext_lazy("a fact", "Selected")
        RETRACTED = "retracted", StatusGroup.VOID, _("Withdrawn")

    class FactName(models.TextChoices):
        LEGAL_NAME = "legal_name_local", _("legal name")
        NAME_EN = "name_en", _("English name")
        REGISTRATION_NUMBER = "uscc", _("registration number")
        COUNTRY = "country", _("country or region")
        ROLE = "role", _("role")
        FOUNDED = "founded_on", _("founded on")
        ADDRESS = "address", _("address")
        PHONE = "phone", _("phone")
        EMAIL = "email", _("email")
        WEBSITE = "website", _("website")
        CAPACITY = "capacity", _("daily production")

    class CheckMethod(models.TextChoices):
        STATED = "stated", _("Stated, not checked")
        BUSINESS_LICENCE = "licence", _("Seen on the business licence")
        PHONED = "phoned", _("Confirmed by phone")
        REGISTER = "register", _("Found in a register")
        SEEN_ON_SITE = "seen", _("Seen on site")

    supplier = models.ForeignKey(Supplier, models.PROTECT, related_name="facts", verbose_name=_("company"))
    name = models.CharField(_("fact"), max_length=20, choices=FactName)
    value = models.CharField(_("value"), max_length=300)
    value_key = models.CharField(max_length=300, editable=False, help_text="The value as it is compared.")
    stated_by = models.CharField(_("stated by"), max_length=200)
    contact = models.ForeignKey(
        Contact, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("contact")
    )
    stated_on = models.DateField(_("date"))
    how = models.CharField(
        _("how it was checked"), max_length=10, choices=CheckMethod, default=CheckMethod.STATED
    )
    source = models.CharField(_("source reference"), max_length=600, blank=True)
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    settled_at = models.DateTimeField(_("settled on"), null=True, blank=True)
    because = models.TextField(_("reason"), blank=True)

    objects = SupplierFactQuerySet.as_manager()
    city_id: ClassVar[None] = None

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(value="") & ~Q(stated_by=""), name="supplier_fact_says_what_and_who"
            ),
            models.CheckConstraint(
                condition=~Q(status="selected")
                | Q(settled_by__isnull=False, settled_at__isnull=False) & ~Q(because=""),
                name="supplier_fact_selected_says_who_and_why",
            ),
            models.UniqueConstraint(
                fields=["supplier", "name"],
                condition=Q(status="selected"),
                name="supplier_fact_selected_once",
            ),
        ]
        indexes = [models.Index("value_key", "name", name="supplier_fact_by_value")]

    def __str__(self) -> str:
        return f"{self.get_name_display()}: {self.value}"
