"""Register lookups: dated answers of a register or a manufacturer that others can read again."""

from typing import TYPE_CHECKING, ClassVar, Self

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from procurement.catalogue.models.products import Product
from procurement.suppliers.models.shared_facts import SharedFact, SharedFactQuerySet
from procurement.suppliers.models.suppliers import Supplier
from workflow.base_models import JournaledModel
from workflow.search import GramsField, name_contains
from workflow.statuses import StatusChoices, StatusGroup

if TYPE_CHECKING:
    from partners.permissions.permissions import Permissions


class RegisterLookupQuerySet(SharedFactQuerySet["RegisterLookup"]):
    def visible_to(self, permissions: "Permissions") -> Self:
        """Return all lookups for people who work for a city, else those the person entered."""
        return self.all() if permissions.visible_cities else self.filter(entered_by=permissions.user_id)

    def search(self, text: str) -> Self:
        """Return the lookups whose reference, words, model or opened address contain the text."""
        return self.filter(name_contains(text))

    def in_effect(self) -> Self:
        """Return the lookups that were not retracted."""
        return self.filter(status=RegisterLookup.Status.RECORDED)

    def about_supplier(self, company: Supplier) -> Self:
        """Return the lookups about a supplier, including its merged rows, newest answer first."""
        return self.filter(supplier__in=company.row_ids).order_by("-answered_on", "-pk")


class RegisterLookup(SharedFact, JournaledModel):
    """One search in a register, or one question to a manufacturer, with the answer as a code.

    What follows from the answer is decided by screening.
    """

    REFERENCE_PREFIX = "LU"
    URL_NAME = "register_lookup"

    class Status(StatusChoices):
        RECORDED = "recorded", StatusGroup.DONE, pgettext_lazy("an answer", "Recorded")
        # entered by mistake; screening leaves it out
        RETRACTED = "retracted", StatusGroup.VOID, pgettext_lazy("a register lookup", "Withdrawn")

    class Kind(models.TextChoices):
        COMPANY_REGISTER = "company_register", _("Company register")
        INSOLVENCY = "insolvency", _("Insolvency register")
        PRODUCTION_LICENCE = "licence", _("Licence to make these goods")
        PRODUCT_LIST = "product_list", _("Authority’s product list")
        EXPORT_LIST = "export_list", _("List of manufacturers allowed to export")
        DISTRIBUTOR_CONFIRMATION = "distributor", _("Question to the manufacturer: is this your distributor?")
        LOT_CONFIRMATION = "lot", _("Question to the manufacturer: is this lot yours?")
        PRODUCTION_COUNT = "production_count", _("Question to the manufacturer: how many units exist?")
        DOMAIN = "domain", _("Age and owner of the web domain")
        STAFF = "staff", _("Staff and activity")
        TRADING_HISTORY = "history", _("Trading history of the company")

    class Answer(models.TextChoices):
        REGISTERED_IN_ORDER = "in_order", _("Registered and in order")
        NOT_REGISTERED = "not_registered", _("Company not registered")
        STRUCK_OFF = "struck_off", _("Registration ended")
        NOTHING_FOUND = "nothing_found", _("No adverse records")
        DEBTS = "debts", _("Court-recorded debts")
        INSOLVENT = "insolvent", _("Insolvent")
        LICENSED = "licensed", _("Holds the licence")
        NO_LICENCE = "no_licence", _("Does not hold the licence")
        LICENCE_ENDED = "licence_ended", _("Licence expired")
        LISTED = "listed", _("On the list")
        NOT_LISTED = "not_listed", _("Not on the list")
        REMOVED_FROM_LIST = "cut", _("Removed from the list")
        CONFIRMED = "confirmed", _("Yes, confirmed")
        UNKNOWN_TO_MANUFACTURER = "not_known", _("No, unknown to the manufacturer")
        QUANTITY_STATED = "counted", _("Quantity stated")
        OWNER_MATCHES = "owner_fits", _("Registered to the company")
        OWNER_HIDDEN = "owner_hidden", _("Owner not shown")
        OWNER_DIFFERS = "owner_differs", _("Registered to another party")
        ACTIVE = "active", _("Active, with staff")
        NO_STAFF = "no_staff", _("No staff")
        TRADES_SIMILAR_GOODS = "same_goods", _("Similar goods")
        OTHER_GOODS = "other_goods", _("Other goods only")
        NO_TRADE = "no_trade", _("No trading activity")

    class Party(models.TextChoices):
        COMPANY_ITSELF = "itself", _("The company itself")
        PARENT = "parent", _("Its parent company")
        OWNER_OR_DIRECTOR = "person", _("Its owner or director")

    reference = models.CharField(_("reference"), max_length=20, unique=True, editable=False)
    supplier = models.ForeignKey(
        Supplier, models.PROTECT, related_name="register_lookups", verbose_name=_("company")
    )
    kind = models.CharField(_("type of lookup"), max_length=20, choices=Kind)
    party = models.CharField(
        _("subject of the lookup"), max_length=10, choices=Party, default=Party.COMPANY_ITSELF
    )
    product = models.ForeignKey(
        Product, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("goods concerned")
    )
    model = models.CharField(_("model"), max_length=100, blank=True)
    address = models.CharField(_("link or number used"), max_length=600, help_text="Or the number called.")
    source_key = models.CharField(
        max_length=200, editable=False, help_text="The register or the maker, as it is compared."
    )
    answered_on = models.DateField(_("date of the answer"))
    answer = models.CharField(_("answer"), max_length=20, choices=Answer)
    since = models.DateField(_("since (date)"), null=True, blank=True, help_text="As the register says.")
    count = models.PositiveBigIntegerField(_("number of units"), null=True, blank=True)
    words = models.TextField(_("details"), blank=True)
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    search = GramsField(of=("reference", "model", "address", "words"))

    objects = RegisterLookupQuerySet.as_manager()
    city_id: ClassVar[None] = None

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(address=""), name="register_lookup_says_where"),
            models.CheckConstraint(
                condition=Q(since=None) | Q(since__lte=F("answered_on")),
                name="register_lookup_is_of_the_past",
            ),
            models.CheckConstraint(
                condition=Q(answer="counted", count__isnull=False) | ~Q(answer="counted") & Q(count=None),
                name="register_lookup_counts_where_it_counted",
            ),
        ]
        indexes = [
            models.Index(fields=["supplier", "-answered_on"], name="register_lookup_newest_first"),
            models.Index("answered_on", "id", name="register_lookup_by_day"),
            GinIndex(fields=["search"], name="register_lookup_search"),
        ]

    def __str__(self) -> str:
        return f"{self.reference} {self.get_kind_display()}"
