"""Screened names of companies, and their matches with watchlist entries."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from partners.cities.models import City
from procurement.sanctions.models.watchlists import WatchlistEntry
from procurement.suppliers.models.bank_accounts import BankAccount, BankAccountQuerySet
from procurement.suppliers.models.certificates import Certificate, CertificateQuerySet
from procurement.suppliers.models.facts import SupplierFact, SupplierFactQuerySet
from procurement.suppliers.models.suppliers import Supplier
from workflow.base_models import JournaledModel
from workflow.search import GramsField, matching
from workflow.statuses import StatusChoices, StatusGroup

if TYPE_CHECKING:
    from partners.permissions.permissions import Permissions


class Borne(models.TextChoices):
    """Role in which a company uses a name, or a name is linked to the company."""

    LEGAL = "legal", _("Legal name")
    ENGLISH = "english", _("English name")
    NUMBER = "number", _("Company number")
    SAID = "said", _("So a source calls it")
    PAPER = "paper", _("Holder of a certificate")
    MAKER = "maker", _("Manufacturer on a certificate")
    HOLDER = "holder", _("Account holder")
    REFERRAL = "referral", _("Who referred them")


class ScreenedName(models.Model):
    """Name that was compared with all lists in force at a `turn`.

    `city` is set for a name that belongs to one city: an intermediary of an offer.
    """

    supplier = models.ForeignKey(Supplier, models.PROTECT, related_name="screened_names")
    city = models.ForeignKey(City, models.PROTECT, null=True, blank=True, related_name="+")
    borne = models.CharField(max_length=10, choices=Borne)
    name = models.CharField(max_length=200)
    turn = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["supplier", "city", "borne", "name"], nulls_distinct=False, name="screened_name_once"
            )
        ]
        indexes = [models.Index("turn", "id", name="screened_name_turn")]

    def __str__(self) -> str:
        return self.name


# Names that cities enter: the model, its column, and the query for the rows that count for a city.
BROUGHT: dict[str, tuple[type[models.Model], str, Any]] = {
    Borne.SAID: (SupplierFact, "value", SupplierFactQuerySet.for_city),
    Borne.PAPER: (Certificate, "holder", CertificateQuerySet.for_city),
    Borne.MAKER: (Certificate, "manufacturer", CertificateQuerySet.for_city),
    Borne.HOLDER: (BankAccount, "holder", BankAccountQuerySet.of_city),
}


class WatchlistMatchQuerySet(models.QuerySet["WatchlistMatch"]):
    def visible_to(self, powers: "Permissions") -> Self:
        """Return the matches visible to a user who works for a city.

        Company facts are shared, but a match from a city's own offer is visible to that city only.
        """
        return self.filter(Q(city__in=powers.sees) | Q(city=None)) if powers.sees else self.none()

    def search(self, text: str) -> Self:
        """Return the matches whose reference or names contain the text."""
        return self.filter(matching(text))

    def blocking(self) -> Self:
        """Return the matches that block: possible, being cleared, and confirmed ones."""
        return self.filter(status__in=WatchlistMatch.BLOCKING)

    def against(self, companies: Iterable[Supplier], city_id: int) -> Self:
        """Return the matches that block a city's dealings with these companies and rows merged into them.

        Orders and payments use it. A name that only another city entered, after this city began to deal with the
        company, does not count.
        """
        rows = [row for company in companies for row in company.rows]
        found = self.blocking().filter(Q(city=None) | Q(city=city_id), supplier__in=rows)
        for borne, (model, column, counted) in BROUGHT.items():
            named = model._default_manager.filter(**{column: OuterRef("name")}, supplier__in=rows)
            mine = counted(named, city_id)
            found = found.exclude(Q(borne=borne, city=None) & Exists(named) & ~Exists(mine))
        return found

    def alike(self, match: "WatchlistMatch") -> Self:
        """Return the matches that ask the same question under other names.

        They have the same company, entry, city and status.
        """
        same = {"supplier": match.supplier_id, "entry": match.entry_id, "city": match.city_id}
        return self.filter(**same, status=match.status)

    def first_of_each(self) -> Self:
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
    """Match of a company with a watchlist entry, to be cleared or confirmed.

    Two persons clear it in writing. Neither may have entered the company or an offer from it.
    """

    REFERENCE_PREFIX = "LM"
    PAGE = "watchlist_match"

    class Status(StatusChoices):
        POSSIBLE = "possible", StatusGroup.OPEN, pgettext_lazy("a match", "Possible")
        DISMISSAL_PROPOSED = (
            "dismissal_proposed",
            StatusGroup.OPEN,
            pgettext_lazy("a match", "Clearing proposed"),
        )  # blocks until a second person agrees
        DISMISSED = "dismissed", StatusGroup.DONE, pgettext_lazy("a match", "Cleared")
        CONFIRMED = "confirmed", StatusGroup.DONE, pgettext_lazy("a match", "It is them")
        DELISTED = "delisted", StatusGroup.VOID, pgettext_lazy("a match", "No longer listed")

    BLOCKING = (Status.POSSIBLE, Status.DISMISSAL_PROPOSED, Status.CONFIRMED)

    reference = models.CharField(_("reference"), max_length=20, unique=True, editable=False)
    supplier = models.ForeignKey(
        Supplier, models.PROTECT, related_name="watchlist_matches", verbose_name=_("company")
    )
    city = models.ForeignKey(City, models.PROTECT, null=True, blank=True, related_name="+")
    entry = models.ForeignKey(
        WatchlistEntry, models.PROTECT, related_name="matches", verbose_name=_("on the list")
    )
    borne = models.CharField(_("borne as"), max_length=10, choices=Borne)
    name = models.CharField(_("name"), max_length=200)
    listed_as = models.CharField(_("as the list writes it"), max_length=400)
    score = models.PositiveSmallIntegerField(_("likeness, percent"))
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("clearing proposed by"),
    )
    proposal = models.TextField(_("why it is somebody else"), blank=True)
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("judged by"),
    )
    reviewed_at = models.DateTimeField(_("judged"), null=True, blank=True)
    review_note = models.TextField(_("in writing"), blank=True)
    search = GramsField(of=("reference", "name", "listed_as"))

    objects = WatchlistMatchQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["supplier", "city", "borne", "name", "entry"],
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
