"""Companies and what is claimed about them. Facts are shared between cities; a city's judgement of a company is its own."""

from typing import TYPE_CHECKING, ClassVar, Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from partners.models import City, Contact
from procurement.catalogue.models import CertificateKind, NotifiedBody, Product, Standard
from procurement.outreach.models import Inquiry
from workflow.models import Tracked
from workflow.search import GramsField, matching

if TYPE_CHECKING:
    from partners.rules import Powers


class Brought(models.Model):
    """Who said it: the contact and the inquiry through which a fact came in, none where an officer entered it."""

    contact = models.ForeignKey(Contact, models.PROTECT, null=True, blank=True, related_name="+")
    inquiry = models.ForeignKey(Inquiry, models.PROTECT, null=True, blank=True, related_name="+")
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        abstract = True

    @property
    def within(self) -> tuple[str, int | None]:
        """The question this answers: what a link for that question may touch."""
        return ("procurement.inquiry", self.inquiry_id)


class SupplierQuerySet(models.QuerySet["Supplier"]):
    def visible_to(self, powers: "Powers") -> Self:
        """Everyone who works for a city in the network; and whoever entered the company."""
        return self.all() if powers.sees else self.filter(entered_by=powers.user_id)

    def search(self, text: str) -> Self:
        """Companies whose names, number or reference hold the text."""
        return self.filter(matching(text))


class Supplier(Brought, Tracked):
    """A company, by what it says and what others saw. No city owns it."""

    REFERENCE_PREFIX = "SU"
    PAGE = "supplier"

    class Status(models.TextChoices):
        LISTED = "listed", _("Listed")
        MERGED = "merged", _("Merged")  # the same company as another row, which holds its facts now

    class Role(models.TextChoices):
        MAKER = "maker", _("Maker")
        TRADER = "trader", _("Trader")
        BROKER = "broker", _("Broker")

    reference = models.CharField(_("reference"), max_length=20, unique=True, editable=False)
    legal_name_local = models.CharField(_("legal name"), max_length=200)
    name_en = models.CharField(_("English name"), max_length=200, blank=True)
    country = models.CharField(_("country or region"), max_length=2)
    uscc = models.CharField(
        _("company number"), max_length=30, blank=True, help_text="USCC in China: 18 characters."
    )
    role = models.CharField(_("role"), max_length=10, choices=Role, blank=True)
    founded_on = models.DateField(_("founded"), null=True, blank=True)
    place = models.ForeignKey(
        City, models.PROTECT, null=True, blank=True, related_name="suppliers", verbose_name=_("city")
    )
    address = models.CharField(_("address"), max_length=300, blank=True)
    website = models.CharField(_("website"), max_length=200, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    phone = models.CharField(_("phone"), max_length=60, blank=True)
    referred_by = ArrayField(
        models.CharField(max_length=200),
        default=list,
        blank=True,
        verbose_name=_("who referred them, first to last"),
    )
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="merged_from")
    name_key = models.CharField(max_length=200, editable=False, help_text="The legal name as it is compared.")
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
            models.Index("phone", name="supplier_by_phone", condition=~Q(phone="")),
            models.Index("name_key", name="supplier_by_name"),
            GinIndex(fields=["search"], name="supplier_search"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The name in the reader's script where there is one."""
        chinese = (get_language() or "en").startswith("zh")
        return self.legal_name_local if chinese else self.name_en or self.legal_name_local


class CertificateQuerySet(models.QuerySet["Certificate"]):
    def visible_to(self, powers: "Powers") -> Self:
        """Like the company it belongs to."""
        return self.all() if powers.sees else self.filter(supplier__entered_by=powers.user_id)


class Certificate(Brought, Tracked):
    """A paper a company shows. What it proves is the kind's business (catalogue); whether it is real is somebody's look."""

    REFERENCE_PREFIX = "CE"
    PAGE = "certificate"

    class Status(models.TextChoices):
        CLAIMED = "claimed", _("Claimed")
        FORMAT_OK = "format_ok", _("Number well formed")  # proves nothing alone
        SUSPECT = "suspect", _("Suspect")
        CONFIRMED = "confirmed", _("Confirmed by the issuer")
        UNCONFIRMABLE = "unconfirmable", _("Could not be confirmed")
        ALTERED = "altered", _("Altered")
        WRONG_SCOPE = "wrong_scope", _("Not for these goods")

    reference = models.CharField(_("reference"), max_length=20, unique=True, editable=False)
    supplier = models.ForeignKey(Supplier, models.PROTECT, related_name="certificates")
    kind = models.ForeignKey(CertificateKind, models.PROTECT, related_name="+", verbose_name=_("kind"))
    number = models.CharField(_("number"), max_length=80)
    number_key = models.CharField(max_length=80, editable=False, help_text="The number as it is compared.")
    holder = models.CharField(_("holder"), max_length=200, blank=True)
    manufacturer = models.CharField(_("manufacturer"), max_length=200, blank=True)
    issuer = models.CharField(_("issuer"), max_length=200, blank=True)
    notified_body = models.ForeignKey(NotifiedBody, models.PROTECT, null=True, blank=True, related_name="+")
    module = models.CharField(_("module"), max_length=10, blank=True)
    standards = models.ManyToManyField(Standard, blank=True, related_name="+", verbose_name=_("standards"))
    products = models.ManyToManyField(Product, blank=True, related_name="+", verbose_name=_("products"))
    models_covered = models.CharField(_("models"), max_length=300, blank=True)
    issued_on = models.DateField(_("issued"), null=True, blank=True)
    valid_until = models.DateField(_("valid until"), null=True, blank=True)
    remark = models.TextField(_("remark"), blank=True)

    objects = CertificateQuerySet.as_manager()
    city_id: ClassVar[None] = None

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(issued_on=None) | Q(valid_until=None) | Q(valid_until__gte=F("issued_on")),
                name="certificate_ends_after_it_begins",
            ),
        ]
        indexes = [models.Index("number_key", name="certificate_by_number")]

    def __str__(self) -> str:
        return f"{self.kind} {self.number}"


def mask(number: str) -> str:
    """An account's number as it is shown: its last four characters."""
    return f"•••• {number[-4:]}"


class BankAccountQuerySet(models.QuerySet["BankAccount"]):
    def visible_to(self, powers: "Powers") -> Self:
        """Everyone who works for a city; the number is masked wherever it is shown."""
        return self.all() if powers.sees else self.none()


class BankAccount(Tracked):
    """Where a company wants to be paid. A second person confirms it by calling a number a contact gave, then it cools."""

    SECRET_FIELDS = frozenset({"number"})

    PAGE = "bank_account"

    class Status(models.TextChoices):
        PROPOSED = "proposed", _("Proposed")
        CONFIRMED = "confirmed", _("Confirmed")
        RETIRED = "retired", _("Retired")

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
    called_back_on = models.CharField(_("number called back"), max_length=60, blank=True)
    cooling_until = models.DateTimeField(_("cooling until"), null=True, blank=True)

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
        indexes = [models.Index("number", name="account_by_number")]

    def __str__(self) -> str:
        return f"{self.bank} {self.masked}"

    @property
    def masked(self) -> str:
        """The number as it is shown: its last four characters."""
        return mask(self.number)


class StandingQuerySet(models.QuerySet["Standing"]):
    def visible_to(self, powers: "Powers") -> Self:
        """A city's judgement is its own."""
        return self.filter(city__in=powers.sees)


class Standing(Tracked):
    """What one city thinks of a company, from when to when, and why."""

    PAGE = "standing"

    class Status(models.TextChoices):
        APPROVED = "approved", _("Approved")
        WATCHED = "watched", _("Watched")
        SUSPENDED = "suspended", _("Suspended")
        BANNED = "banned", _("Banned")

    supplier = models.ForeignKey(Supplier, models.PROTECT, related_name="standings")
    city = models.ForeignKey(City, models.PROTECT, related_name="+")
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"), null=True, blank=True)
    reason = models.TextField(_("reason"))

    objects = StandingQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["supplier", "city"], name="standing_once_a_city")]

    def __str__(self) -> str:
        return f"{self.supplier}: {self.get_status_display()}"
