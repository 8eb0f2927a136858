"""Suppliers, as they describe themselves and as others describe them. Cities share these facts."""

from typing import TYPE_CHECKING, ClassVar, Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.utils.functional import cached_property
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from partners import validators
from partners.cities.models import City
from partners.contacts.models import Contact
from procurement.outreach.models.inquiries import Inquiry
from procurement.suppliers.models.shared_facts import SharedFact, SharedFactQuerySet
from workflow.base_models import JournaledModel
from workflow.search import GramsField, contains_each_word, name_contains
from workflow.statuses import StatusChoices, StatusGroup

if TYPE_CHECKING:
    from partners.permissions.permissions import Permissions


class Provenance(models.Model):
    """Source of a fact: the contact and the inquiry through which it came.

    Both are None if an officer entered it.
    """

    contact = models.ForeignKey(Contact, models.PROTECT, null=True, blank=True, related_name="+")
    inquiry = models.ForeignKey(Inquiry, models.PROTECT, null=True, blank=True, related_name="+")
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        abstract = True

    @property
    def link_target(self) -> tuple[str, int | None]:
        """The object whose link lets a contact enter this fact: the inquiry that it answers, or else the contact."""
        if self.inquiry_id is None and self.contact_id is not None:
            return ("partners.contact", self.contact_id)
        return ("procurement.inquiry", self.inquiry_id)


class SupplierQuerySet(SharedFactQuerySet["Supplier"]):
    def visible_to(self, permissions: "Permissions") -> Self:
        """Return all suppliers for people who work for a city, else those the person entered."""
        return self.all() if permissions.visible_cities else self.filter(entered_by=permissions.user_id)

    def search(self, text: str) -> Self:
        """Return the suppliers whose names, number or reference contain the text."""
        return self.filter(name_contains(text))

    def with_name_words(self, text: str) -> Self:
        """Return the suppliers whose names contain every word of the text.

        For readers who may know no more than the name.
        """
        return self.filter(contains_each_word(text, "legal_name_local", "name_en"))


class Supplier(Provenance, SharedFact, JournaledModel):
    """A supplier, as it describes itself and as others describe it. No city owns it."""

    REFERENCE_PREFIX = "SU"
    URL_NAME = "supplier"

    class Status(StatusChoices):
        LISTED = "listed", StatusGroup.DONE, _("Listed")
        # the same supplier as another row, which now holds its facts
        MERGED = "merged", StatusGroup.VOID, _("Merged")

    class Role(models.TextChoices):
        MAKER = "maker", _("Manufacturer")
        TRADER = "trader", _("Trader")
        INTERMEDIARY = "broker", _("Intermediary")

    reference = models.CharField(_("reference"), max_length=20, unique=True, editable=False)
    legal_name_local = models.CharField(_("legal name"), max_length=200)
    name_en = models.CharField(_("English name"), max_length=200, blank=True)
    country = models.CharField(_("country or region"), max_length=2)
    uscc = models.CharField(
        _("registration number"), max_length=30, blank=True, help_text="USCC in China: 18 characters."
    )
    role = models.CharField(_("role"), max_length=10, choices=Role, blank=True)
    founded_on = models.DateField(_("founded on"), null=True, blank=True)
    place = models.ForeignKey(
        City, models.PROTECT, null=True, blank=True, related_name="suppliers", verbose_name=_("city")
    )
    address = models.CharField(_("address"), max_length=300, blank=True)
    website = models.CharField(
        _("website"), max_length=200, blank=True, validators=[validators.validate_website]
    )
    email = models.EmailField(_("email"), blank=True)
    phone = models.CharField(_("phone"), max_length=60, blank=True)
    phone_key = models.CharField(
        max_length=60, default="", editable=False, help_text="The phone as it is compared."
    )
    referred_by = ArrayField(
        models.CharField(max_length=200),
        default=list,
        blank=True,
        verbose_name=_("referred by, from first to last"),
    )
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="merged_from")
    name_key = models.CharField(max_length=200, editable=False, help_text="The legal name as it is compared.")
    name_en_key = models.CharField(
        max_length=200, default="", editable=False, help_text="The English name as it is compared."
    )
    address_key = models.CharField(
        max_length=300, default="", editable=False, help_text="The address as it is compared."
    )
    changed_at = models.DateTimeField(
        null=True, editable=False, help_text="When facts changed that its offers were not judged by yet."
    )
    changed_facts = ArrayField(
        models.CharField(max_length=40),
        default=list,
        editable=False,
        help_text="Of those, the ones that checks rest on: company, certificates, account, what was looked up. After an @: for whom.",
    )
    search = GramsField(of=("reference", "legal_name_local", "name_en", "uscc"))

    objects = SupplierQuerySet.as_manager()
    city_id: ClassVar[None] = None

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(status="merged") | Q(merged_into__isnull=False),
                name="supplier_merged_into_another",
            ),
        ]
        indexes = [
            models.Index("uscc", name="supplier_by_number", condition=~Q(uscc="")),
            models.Index("phone_key", name="supplier_by_phone", condition=~Q(phone_key="")),
            models.Index("name_key", name="supplier_by_name"),
            models.Index("name_en_key", name="supplier_by_name_en", condition=~Q(name_en_key="")),
            models.Index("address_key", name="supplier_by_address", condition=~Q(address_key="")),
            models.Index("changed_at", name="supplier_changed", condition=Q(changed_at__isnull=False)),
            models.Index("legal_name_local", "id", name="supplier_in_order"),
            GinIndex(fields=["search"], name="supplier_search"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def current_row(self) -> "Supplier":
        """The row that holds the supplier's facts now: this row, or the one it was merged into."""
        company = self
        while company.merged_into is not None:
            company = company.merged_into
        return company

    @property
    def row_ids(self) -> list[int]:
        """The ids of all rows of this supplier: the current one and every row merged into it."""
        return self.current_row.cached_row_ids

    @cached_property
    def cached_row_ids(self) -> list[int]:
        """The ids of all rows of this supplier, whose current row this is. Cached, because screening needs them often.

        Call `clear_cached_row_ids` after a merge or its reversal.
        """
        found = fresh = [self.pk]
        while fresh:
            fresh = list(
                Supplier.objects.filter(merged_into__in=fresh).order_by("pk").values_list("pk", flat=True)
            )
            found = [*found, *fresh]
        return found

    def clear_cached_row_ids(self) -> None:
        """Clear the cached ids of rows. Called when a row was merged or separated again."""
        self.__dict__.pop("cached_row_ids", None)

    @property
    def name(self) -> str:
        """The name in the reader's script, if there is one."""
        chinese = (get_language() or "en").startswith("zh")
        return self.legal_name_local if chinese else self.name_en or self.legal_name_local
