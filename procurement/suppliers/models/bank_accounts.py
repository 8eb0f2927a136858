"""Bank accounts of suppliers. Every display masks the number."""

from typing import TYPE_CHECKING, ClassVar, Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from procurement.suppliers.models.facts import SupplierFact
from procurement.suppliers.models.suppliers import Supplier
from workflow.base_models import JournaledModel
from workflow.search import GramsField, name_contains
from workflow.statuses import StatusChoices, StatusGroup

if TYPE_CHECKING:
    from partners.permissions.permissions import Permissions


def masked_number(number: str) -> str:
    """Return an account number for display: its last four characters."""
    return f"•••• {number[-4:]}"


class BankAccountQuerySet(models.QuerySet["BankAccount"]):
    def visible_to(self, permissions: "Permissions") -> Self:
        """Return all accounts for people who work for a city, else none."""
        return self.all() if permissions.visible_cities else self.none()

    def of_city(self, city_id: int) -> Self:
        """Return the accounts that this city's staff entered or confirmed by phone.

        Accounts that others enter do not stop this city's payments.
        """
        return self.filter(cities__contains=[city_id])

    def search(self, text: str) -> Self:
        """Return the accounts whose holder or bank contains the text.

        The number is not searched, because no one may read it in full.
        """
        return self.filter(name_contains(text))


class BankAccount(JournaledModel):
    """A bank account into which a supplier wants to be paid.

    A second person confirms it by calling a number that a contact confirmed. A waiting period follows.
    """

    SECRET_FIELDS = frozenset({"number"})

    URL_NAME = "bank_account"

    class Status(StatusChoices):
        PROPOSED = "proposed", StatusGroup.OPEN, _("Proposed")
        CONFIRMED = "confirmed", StatusGroup.DONE, _("Confirmed")
        RETIRED = "retired", StatusGroup.VOID, _("Retired")

    supplier = models.ForeignKey(Supplier, models.PROTECT, related_name="bank_accounts")
    holder = models.CharField(_("account holder"), max_length=200)
    number = models.CharField(_("account number"), max_length=60)
    bank = models.CharField(_("bank"), max_length=200)
    country = models.CharField(_("country or region"), max_length=2)
    currency = models.CharField(_("currency"), max_length=3, blank=True)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    cities = ArrayField(
        models.BigIntegerField(),
        default=list,
        blank=True,
        editable=False,
        help_text="The cities, by id, for which it was entered or called about: where those people acted that day.",
    )
    callback_number = models.CharField(_("number called back"), max_length=60, blank=True)
    phone = models.ForeignKey(
        SupplierFact,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("number confirmed by a contact"),
        help_text="What a contact said about the number that was called back.",
    )
    waiting_period_ends_at = models.DateTimeField(_("waiting period until"), null=True, blank=True)
    next_check_at = models.DateTimeField(
        null=True, editable=False, help_text="From when on placed orders are to be looked at because of it."
    )
    search = GramsField(of=("holder", "bank"))

    objects = BankAccountQuerySet.as_manager()
    city_id: ClassVar[None] = None

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(status="confirmed")
                | (Q(confirmed_by__isnull=False) & ~Q(confirmed_by=F("proposed_by"))),
                name="account_confirmed_by_a_second_person",
            ),
        ]
        indexes = [
            models.Index("number", name="account_by_number"),
            models.Index("holder", "id", name="account_by_holder"),
            GinIndex(fields=["search"], name="account_search"),
            models.Index("next_check_at", name="account_to_check", condition=Q(next_check_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.bank} {self.masked_account_number}"

    @property
    def masked_account_number(self) -> str:
        """The number for display: its last four characters."""
        return masked_number(self.number)
