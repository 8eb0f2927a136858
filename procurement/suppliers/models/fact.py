"""What one source says about a company: each fact with who said it, when, and how it was checked; sources that differ side by side."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from partners.models.people import Contact
from procurement.suppliers.models.company import Supplier
from procurement.suppliers.models.shared import Shared, SharedQuerySet
from workflow.models.tracked import Tracked

if TYPE_CHECKING:
    from partners.rules.powers import Powers


class CompanyFactQuerySet(SharedQuerySet["CompanyFact"]):
    def visible_to(self, powers: "Powers") -> Self:
        """Everyone who works for a city in the network, as the company it is about."""
        return self.all() if powers.sees else self.filter(entered_by=powers.user_id)

    def search(self, text: str) -> Self:
        """Facts of companies whose names, number or reference hold the text."""
        return self.filter(supplier__in=Supplier.objects.search(text))

    def of(self, company: Supplier) -> Self:
        """What sources say about a company, under whichever of its rows, taken back or not; by fact, the oldest first."""
        return self.filter(supplier__in=company.rows).order_by("name", "pk")

    def said(self) -> Self:
        """Those nobody has taken back."""
        return self.exclude(status=CompanyFact.Status.TAKEN_BACK)

    def confirmed_phones(self, company: Supplier, cities: Iterable[int]) -> Self:
        """The phone numbers of a company that a contact confirmed: the only ones a changed account is called back on.

        Of those, the ones that count for all of these cities, by id, for which the call is made. A contact confirms a number by calling
        it, or by reading it on the licence or in a register; what a contact was merely told is no more than the company's own letter.
        """
        how = CompanyFact.How
        checked = Q(contact__isnull=False, how__in=(how.CALLED, how.LICENCE, how.REGISTER))
        found = self.of(company).said().filter(checked, name=CompanyFact.Name.PHONE)
        return found.exclude(not_for__overlap=sorted(cities))


class CompanyFact(Shared, Tracked):
    """One fact about a company as one source says it. Settling chooses the value that the company's row shows; nothing is erased."""

    PAGE = "company_fact"

    class Status(models.TextChoices):
        SAID = "said", pgettext_lazy("a fact", "Said")
        SETTLED = "settled", pgettext_lazy("a fact", "Settled")  # somebody chose this value, and said why
        TAKEN_BACK = "taken_back", _("Taken back")

    class Name(models.TextChoices):
        LEGAL_NAME = "legal_name_local", _("legal name")
        NAME_EN = "name_en", _("English name")
        NUMBER = "uscc", _("company number")
        COUNTRY = "country", _("country or region")
        ROLE = "role", _("role")
        FOUNDED = "founded_on", _("founded")
        ADDRESS = "address", _("address")
        PHONE = "phone", _("phone")
        EMAIL = "email", _("e-mail")
        WEBSITE = "website", _("website")
        CAPACITY = "capacity", _("made per day")

    class How(models.TextChoices):
        SAID = "said", _("Said by somebody, not checked")
        LICENCE = "licence", _("Seen on the licence")
        CALLED = "called", _("Called and heard")
        REGISTER = "register", _("Read in a register")
        SEEN = "seen", _("Seen on the spot")

    supplier = models.ForeignKey(Supplier, models.PROTECT, related_name="facts", verbose_name=_("company"))
    name = models.CharField(_("fact"), max_length=20, choices=Name)
    value = models.CharField(_("value"), max_length=300)
    value_key = models.CharField(max_length=300, editable=False, help_text="The value as it is compared.")
    said_by = models.CharField(_("who said it"), max_length=200)
    contact = models.ForeignKey(
        Contact, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("contact")
    )
    said_on = models.DateField(_("on which day"))
    how = models.CharField(_("how it was checked"), max_length=10, choices=How, default=How.SAID)
    source = models.CharField(_("where it can be read"), max_length=600, blank=True)
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    settled_at = models.DateTimeField(_("settled on"), null=True, blank=True)
    because = models.TextField(_("because"), blank=True)

    objects = CompanyFactQuerySet.as_manager()
    city_id: ClassVar[None] = None

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(value="") & ~Q(said_by=""), name="company_fact_says_what_and_who"
            ),
            models.CheckConstraint(
                condition=~Q(status="settled")
                | Q(settled_by__isnull=False, settled_at__isnull=False) & ~Q(because=""),
                name="company_fact_settled_says_who_and_why",
            ),
            models.UniqueConstraint(
                fields=["supplier", "name"], condition=Q(status="settled"), name="company_fact_settled_once"
            ),
        ]
        indexes = [models.Index("value_key", "name", name="company_fact_by_value")]

    def __str__(self) -> str:
        return f"{self.get_name_display()}: {self.value}"
