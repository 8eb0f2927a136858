"""Watchlists as uploaded, with their entries, and the matches of companies with them."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from partners.cities.models import City
from procurement.suppliers.models.bank_accounts import BankAccount, BankAccountQuerySet
from procurement.suppliers.models.certificates import Certificate, CertificateQuerySet
from procurement.suppliers.models.facts import SupplierFact, SupplierFactQuerySet
from procurement.suppliers.models.suppliers import Supplier
from workflow.base_models import JournaledModel
from workflow.search import GramsField, name_contains
from workflow.statuses import StatusChoices, StatusGroup

if TYPE_CHECKING:
    from partners.permissions.permissions import Permissions


class WatchlistQuerySet(models.QuerySet["Watchlist"]):
    def visible_to(self, permissions: "Permissions") -> Self:
        """Return all lists to everyone who works for a city or coordinates."""
        return self.all() if permissions.visible_cities or permissions.is_coordinator else self.none()

    def search(self, text: str) -> Self:
        """Return the lists whose reference, name or publisher contains the text."""
        return self.filter(name_contains(text))

    def in_force(self) -> Self:
        """Return the lists that names are compared with now."""
        return self.filter(status__in=Watchlist.IN_FORCE_STATUSES)

    def waiting_for_screening(self) -> Self:
        """Return the lists that wait for the screening, oldest first."""
        return self.filter(status=Watchlist.Status.UPLOADED).order_by("pk")


class Watchlist(JournaledModel):
    """One version of a watchlist, identified by the hash of its file.

    Its entries stay readable after a newer version replaces it.
    """

    REFERENCE_PREFIX = "WL"
    URL_NAME = "watchlist"

    class Status(StatusChoices):
        # waits for its screening, or is being screened
        UPLOADED = "uploaded", StatusGroup.OPEN, pgettext_lazy("a list", "Being compared")
        ACTIVE = "active", StatusGroup.DONE, pgettext_lazy("a list", "In force")
        SUPERSEDED = "superseded", StatusGroup.VOID, pgettext_lazy("a list", "Replaced")  # by a newer version
        WITHDRAWAL_PROPOSED = (
            "withdrawal_proposed",
            StatusGroup.OPEN,
            pgettext_lazy("a list", "Withdrawal proposed"),
        )  # in force until a second person agrees
        WITHDRAWN = "withdrawn", StatusGroup.VOID, pgettext_lazy("a list", "Withdrawn")
        SCREENING_FAILED = (
            "failed",
            StatusGroup.OPEN,
            pgettext_lazy("a list", "Comparison failed"),
        )  # the screening failed

    IN_FORCE_STATUSES = (Status.ACTIVE, Status.WITHDRAWAL_PROPOSED)

    class Kind(models.TextChoices):
        SANCTIONS = "sanctions", _("Sanctions")
        FORCED_LABOUR = "forced_labour", _("Forced labour")

    class FileFormat(models.TextChoices):
        TABLE = "table", _("Table (CSV or XLSX)")
        UN = "un", _("United Nations consolidated list (XML)")
        EU = "eu", _("European Union consolidated list (XML)")
        OFAC = "ofac", _("OFAC SDN list (XML)")
        SEMA = "sema", _("Canadian consolidated list (XML)")

    reference = models.CharField(_("reference"), max_length=20, unique=True, editable=False)
    name = models.CharField(_("list name"), max_length=200)
    kind = models.CharField(_("list type"), max_length=20, choices=Kind)
    publisher = models.CharField(_("publisher"), max_length=200)
    source = models.URLField(_("source link"), max_length=600)
    published_on = models.DateField(_("list date"))
    file_name = models.CharField(_("file"), max_length=200)
    sha256 = models.CharField(_("SHA-256 of the file"), max_length=64)
    shape = models.CharField(_("file format"), max_length=10, choices=FileFormat)
    names = models.PositiveIntegerField(_("names"), default=0)
    unread = ArrayField(
        models.CharField(max_length=100),
        default=list,
        blank=True,
        verbose_name=_("columns not read"),
        help_text="The headings of a table that are not known.",
    )
    replaces = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="newer",
        verbose_name=_("newer version of"),
    )
    turn = models.PositiveIntegerField(
        default=0,
        editable=False,
        help_text="The how many-th change of the lists it was; 0 until it is in force.",
    )
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("uploaded by")
    )
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="Who proposed to withdraw it; another person agrees.",
    )
    search = GramsField(of=("reference", "name", "publisher"))

    objects = WatchlistQuerySet.as_manager()
    city_id: ClassVar[None] = None

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["name"],
                condition=Q(status__in=("active", "withdrawal_proposed")),
                name="watchlist_one_active_version",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=("active", "withdrawal_proposed", "superseded")) | Q(turn__gt=0),
                name="watchlist_active_has_a_turn",
            ),
            models.CheckConstraint(
                condition=~Q(status="withdrawal_proposed") | Q(withdrawn_by__isnull=False),
                name="watchlist_withdrawn_by_a_person",
            ),
        ]
        indexes = [
            models.Index("id", name="watchlist_waiting", condition=Q(status="uploaded")),
            models.Index(F("published_on").desc(), "id", name="watchlist_by_day"),
            models.Index("sha256", name="watchlist_by_hash"),
            GinIndex(fields=["search"], name="watchlist_search"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_waiting_for_screening(self) -> bool:
        """True while the list waits for its screening or is being screened."""
        return self.status == self.Status.UPLOADED


class WatchlistEntryQuerySet(models.QuerySet["WatchlistEntry"]):
    def visible_to(self, permissions: "Permissions") -> Self:
        """Return all entries to everyone who may see the lists."""
        return self.all() if permissions.visible_cities or permissions.is_coordinator else self.none()

    def search(self, text: str) -> Self:
        """Return the entries whose names, aliases or numbers contain the text."""
        return self.filter(name_contains(text))

    def candidates_for(self, keys: list[str]) -> Self:
        """Return the candidates for a name: entries of lists in force that share a key with it."""
        return self.with_any_key(keys).filter(watchlist__status__in=Watchlist.IN_FORCE_STATUSES)

    def with_any_key(self, keys: list[str]) -> Self:
        """Return the entries that share one of these keys, of any list."""
        return self.filter(keys__overlap=keys)


class WatchlistEntry(models.Model):
    """Entry of a watchlist: a person or company as the file names it."""

    watchlist = models.ForeignKey(Watchlist, models.PROTECT, related_name="entries")
    row = models.PositiveIntegerField(_("row in the file"))
    name = models.CharField(_("name"), max_length=400)
    aliases = ArrayField(models.CharField(max_length=400), default=list, verbose_name=_("other names"))
    country = models.CharField(_("country or region"), max_length=100, blank=True)
    numbers = ArrayField(models.CharField(max_length=100), default=list, verbose_name=_("numbers"))
    remark = models.TextField(_("remark"), blank=True)
    digest = models.CharField(
        max_length=64,
        help_text="SHA-256 of names, country and numbers: whether a newer version says the same of them.",
    )
    keys = ArrayField(
        models.CharField(max_length=420), default=list, help_text="By what it is found as a candidate."
    )
    search = GramsField(of=("name", "aliases", "numbers"))

    objects = WatchlistEntryQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["watchlist", "row"], name="watchlist_entry_once_a_row")
        ]
        indexes = [
            models.Index("watchlist", "digest", name="watchlist_entry_same"),
            GinIndex(fields=["keys"], name="watchlist_entry_keys"),
            GinIndex(fields=["search"], name="watchlist_entry_search"),
        ]

    def __str__(self) -> str:
        return self.name


class NameSource(models.TextChoices):
    """Role in which a name belongs to a company: its own name, or that of a party linked to it."""

    LEGAL = "legal", _("Legal name")
    ENGLISH = "english", _("English name")
    REGISTRATION_NUMBER = "number", _("Registration number")
    STATED_BY_SOURCE = "stated", _("Name given by a source")
    CERTIFICATE_HOLDER = "certificate", _("Holder of a certificate")
    CERTIFICATE_MANUFACTURER = "maker", _("Manufacturer on a certificate")
    BANK_ACCOUNT_HOLDER = "holder", _("Account holder")
    REFERRAL = "referral", _("Referred by")


class ScreenedName(models.Model):
    """Name of a company that was compared with the watchlists in force.

    `turn` is the number of the latest change of the lists at that time (`watchlist_revision`). `city` is set
    for a name that belongs to one city: an intermediary of an offer.
    """

    supplier = models.ForeignKey(Supplier, models.PROTECT, related_name="screened_names")
    city = models.ForeignKey(City, models.PROTECT, null=True, blank=True, related_name="+")
    name_source = models.CharField(max_length=20, choices=NameSource)
    name = models.CharField(max_length=200)
    turn = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["supplier", "city", "name_source", "name"],
                nulls_distinct=False,
                name="screened_name_once",
            )
        ]
        indexes = [models.Index("turn", "id", name="screened_name_turn")]

    def __str__(self) -> str:
        return self.name


# Names that cities enter: the model, its column, and the query for the rows that count for a city.
NAME_SOURCE_COLUMNS: dict[str, tuple[type[models.Model], str, Any]] = {
    NameSource.STATED_BY_SOURCE: (SupplierFact, "value", SupplierFactQuerySet.for_city),
    NameSource.CERTIFICATE_HOLDER: (Certificate, "holder", CertificateQuerySet.for_city),
    NameSource.CERTIFICATE_MANUFACTURER: (Certificate, "manufacturer", CertificateQuerySet.for_city),
    NameSource.BANK_ACCOUNT_HOLDER: (BankAccount, "holder", BankAccountQuerySet.of_city),
}


class WatchlistMatchQuerySet(models.QuerySet["WatchlistMatch"]):
    def visible_to(self, permissions: "Permissions") -> Self:
        """Return the matches visible to a user who works for a city.

        Company facts are shared, but a match from a city's own offer is visible to that city only.
        """
        return (
            self.filter(Q(city__in=permissions.visible_cities) | Q(city=None))
            if permissions.visible_cities
            else self.none()
        )

    def search(self, text: str) -> Self:
        """Return the matches whose reference or names contain the text."""
        return self.filter(name_contains(text))

    def blocking(self) -> Self:
        """Return the matches that block: possible ones, those with a proposed dismissal, confirmed ones."""
        return self.filter(status__in=WatchlistMatch.BLOCKING_STATUSES)

    def blocking_dealings_with(self, companies: Iterable[Supplier], city_id: int) -> Self:
        """Return the matches that block a city's dealings with these companies and rows merged into them.

        Orders and payments use it. A name that only another city entered, after this city began to deal with the
        company, does not count.
        """
        rows = [row for company in companies for row in company.row_ids]
        found = self.blocking().filter(Q(city=None) | Q(city=city_id), supplier__in=rows)
        for name_source, (model, column, counted) in NAME_SOURCE_COLUMNS.items():
            named = model._default_manager.filter(**{column: OuterRef("name")}, supplier__in=rows)
            mine = counted(named, city_id)
            found = found.exclude(Q(name_source=name_source, city=None) & Exists(named) & ~Exists(mine))
        return found

    def same_company_and_entry(self, match: "WatchlistMatch") -> Self:
        """Return the matches that ask the same question under other names.

        They have the same company, entry, city and status.
        """
        same = {"supplier": match.supplier_id, "entry": match.entry_id, "city": match.city_id}
        return self.filter(**same, status=match.status)

    def earliest_of_alike(self) -> Self:
        """Return one match per question: the earliest of those that are alike."""
        earlier = WatchlistMatch.objects.filter(
            supplier=OuterRef("supplier"),
            entry=OuterRef("entry"),
            status=OuterRef("status"),
            pk__lt=OuterRef("pk"),
        )
        shared, own = earlier.filter(city=None), earlier.filter(city=OuterRef("city"))
        return self.exclude(Q(city=None) & Exists(shared)).exclude(Exists(own))


class WatchlistMatch(JournaledModel):
    """Match of a company with a watchlist entry, to be dismissed or confirmed.

    Two persons clear it in writing. Neither may have entered the company or an offer from it.
    """

    REFERENCE_PREFIX = "LM"
    URL_NAME = "watchlist_match"

    class Status(StatusChoices):
        POSSIBLE = "possible", StatusGroup.OPEN, pgettext_lazy("a match", "Possible")
        DISMISSAL_PROPOSED = (
            "dismissal_proposed",
            StatusGroup.OPEN,
            pgettext_lazy("a match", "Dismissal proposed"),
        )  # blocks until a second person agrees
        DISMISSED = "dismissed", StatusGroup.DONE, pgettext_lazy("a match", "Dismissed")
        CONFIRMED = "confirmed", StatusGroup.DONE, pgettext_lazy("a match", "Confirmed")
        DELISTED = "delisted", StatusGroup.VOID, pgettext_lazy("a match", "No longer listed")

    BLOCKING_STATUSES = (Status.POSSIBLE, Status.DISMISSAL_PROPOSED, Status.CONFIRMED)

    reference = models.CharField(_("reference"), max_length=20, unique=True, editable=False)
    supplier = models.ForeignKey(
        Supplier, models.PROTECT, related_name="watchlist_matches", verbose_name=_("company")
    )
    city = models.ForeignKey(City, models.PROTECT, null=True, blank=True, related_name="+")
    entry = models.ForeignKey(
        WatchlistEntry, models.PROTECT, related_name="matches", verbose_name=_("on the list")
    )
    name_source = models.CharField(_("type of name"), max_length=20, choices=NameSource)
    name = models.CharField(_("name"), max_length=200)
    listed_as = models.CharField(_("as written on the list"), max_length=400)
    score = models.PositiveSmallIntegerField(_("similarity (percent)"))
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("dismissal proposed by"),
    )
    proposal = models.TextField(_("reason for dismissal"), blank=True)
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("reviewed by"),
    )
    reviewed_at = models.DateTimeField(_("reviewed"), null=True, blank=True)
    review_note = models.TextField(_("written explanation"), blank=True)
    search = GramsField(of=("reference", "name", "listed_as"))

    objects = WatchlistMatchQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["supplier", "city", "name_source", "name", "entry"],
                nulls_distinct=False,
                name="watchlist_match_once",
            ),
            models.CheckConstraint(
                condition=~Q(status="dismissed")
                | (
                    Q(proposed_by__isnull=False, reviewed_by__isnull=False, reviewed_at__isnull=False)
                    & ~Q(proposed_by=F("reviewed_by"))
                    & ~Q(proposal="")
                    & ~Q(review_note="")
                ),
                name="watchlist_match_dismissed_by_two",
            ),
            models.CheckConstraint(
                condition=~Q(status="dismissal_proposed") | (Q(proposed_by__isnull=False) & ~Q(proposal="")),
                name="watchlist_match_dismissal_in_writing",
            ),
            models.CheckConstraint(
                condition=~Q(status="confirmed")
                | (Q(reviewed_by__isnull=False, reviewed_at__isnull=False) & ~Q(review_note="")),
                name="watchlist_match_confirmed_in_writing",
            ),
            models.CheckConstraint(condition=Q(score__lte=100), name="watchlist_match_score_is_a_share"),
        ]
        indexes = [
            models.Index("status", F("id").desc(), name="watchlist_match_of_status"),
            models.Index("supplier", "status", name="watchlist_match_of_company"),
            GinIndex(fields=["search"], name="watchlist_match_search"),
        ]

    def __str__(self) -> str:
        return self.reference
