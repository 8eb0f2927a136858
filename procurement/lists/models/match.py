"""Names that were compared with the lists, and what may be the same as somebody on one."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from partners.models.cities import City
from procurement.lists.models.watch_list import ListedName
from procurement.suppliers.models.account import BankAccount, BankAccountQuerySet
from procurement.suppliers.models.certificate import Certificate, CertificateQuerySet
from procurement.suppliers.models.company import Supplier
from procurement.suppliers.models.fact import CompanyFact, CompanyFactQuerySet
from workflow.models.tracked import Tracked
from workflow.search import GramsField, matching

if TYPE_CHECKING:
    from partners.rules.powers import Powers


class Borne(models.TextChoices):
    """As what a company bears a name."""

    LEGAL = "legal", _("Legal name")
    ENGLISH = "english", _("English name")
    NUMBER = "number", _("Company number")
    SAID = "said", _("So a source calls it")
    PAPER = "paper", _("Holder of a certificate")
    MAKER = "maker", _("Manufacturer on a certificate")
    HOLDER = "holder", _("Account holder")
    REFERRAL = "referral", _("Who referred them")


class ScreenedName(models.Model):
    """A name as it was compared with all lists in force at a turn. `city` is set where it is one city's: who an offer came through."""

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


# Names that come from a row that cities enter: its model, the column, and which of the rows count for a city.
BROUGHT: dict[str, tuple[type[models.Model], str, Any]] = {
    Borne.SAID: (CompanyFact, "value", CompanyFactQuerySet.for_city),
    Borne.PAPER: (Certificate, "holder", CertificateQuerySet.for_city),
    Borne.MAKER: (Certificate, "manufacturer", CertificateQuerySet.for_city),
    Borne.HOLDER: (BankAccount, "holder", BankAccountQuerySet.of_city),
}


class ListMatchQuerySet(models.QuerySet["ListMatch"]):
    def visible_to(self, powers: "Powers") -> Self:
        """Everyone who works for a city: facts of companies are shared. One that rests on a city's own offer: that city."""
        return self.filter(Q(city__in=powers.sees) | Q(city=None)) if powers.sees else self.none()

    def search(self, text: str) -> Self:
        """Matches whose reference or names hold the text."""
        return self.filter(matching(text))

    def blocking(self) -> Self:
        """Those that hold everything up: possible ones, being cleared or not, and confirmed ones."""
        return self.filter(status__in=ListMatch.BLOCKING)

    def against(self, companies: Iterable[Supplier], city_id: int) -> Self:
        """What blocks dealings of a city with these companies, rows merged into them included. For orders and payments alike.

        A name that only another city brought, after this one began to deal with the company, does not count for it.
        """
        rows = [row for company in companies for row in company.rows]
        found = self.blocking().filter(Q(city=None) | Q(city=city_id), supplier__in=rows)
        for borne, (model, column, counted) in BROUGHT.items():
            named = model._default_manager.filter(**{column: OuterRef("name")}, supplier__in=rows)
            mine = counted(named, city_id)
            found = found.exclude(Q(borne=borne, city=None) & Exists(named) & ~Exists(mine))
        return found

    def alike(self, match: "ListMatch") -> Self:
        """The matches that ask the same question: the same company and the same entry, under another of its names, at one status."""
        same = {"supplier": match.supplier_id, "listed": match.listed_id, "city": match.city_id}
        return self.filter(**same, status=match.status)

    def first_of_each(self) -> Self:
        """One match for each question: the earliest of those that are alike."""
        earlier = ListMatch.objects.filter(
            supplier=OuterRef("supplier"),
            listed=OuterRef("listed"),
            status=OuterRef("status"),
            pk__lt=OuterRef("pk"),
        )
        shared, own = earlier.filter(city=None), earlier.filter(city=OuterRef("city"))
        return self.exclude(Q(city=None) & Exists(shared)).exclude(Exists(own))


class ListMatch(Tracked):
    """A company that may be somebody on a list. Two persons clear it in writing; none of them brought an offer of the company."""

    REFERENCE_PREFIX = "LM"
    PAGE = "list_match"

    class Status(models.TextChoices):
        POSSIBLE = "possible", pgettext_lazy("a match", "Possible")
        CLEARING = (
            "clearing",
            pgettext_lazy("a match", "Clearing proposed"),
        )  # blocks until a second person agrees
        CLEARED = "cleared", pgettext_lazy("a match", "Cleared")
        CONFIRMED = "confirmed", pgettext_lazy("a match", "It is them")
        GONE = "gone", pgettext_lazy("a match", "No longer listed")

    BLOCKING = (Status.POSSIBLE, Status.CLEARING, Status.CONFIRMED)

    reference = models.CharField(_("reference"), max_length=20, unique=True, editable=False)
    supplier = models.ForeignKey(
        Supplier, models.PROTECT, related_name="list_matches", verbose_name=_("company")
    )
    city = models.ForeignKey(City, models.PROTECT, null=True, blank=True, related_name="+")
    listed = models.ForeignKey(
        ListedName, models.PROTECT, related_name="matches", verbose_name=_("on the list")
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
    judged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("judged by"),
    )
    judged_at = models.DateTimeField(_("judged"), null=True, blank=True)
    judgement = models.TextField(_("in writing"), blank=True)
    search = GramsField(of=("reference", "name", "listed_as"))

    objects = ListMatchQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["supplier", "city", "borne", "name", "listed"],
                nulls_distinct=False,
                name="list_match_once",
            ),
            models.CheckConstraint(
                condition=~Q(status="cleared")
                | (
                    Q(proposed_by__isnull=False, judged_by__isnull=False, judged_at__isnull=False)
                    & ~Q(proposed_by=F("judged_by"))
                    & ~Q(proposal="")
                    & ~Q(judgement="")
                ),
                name="list_match_cleared_by_two",
            ),
            models.CheckConstraint(
                condition=~Q(status="clearing") | (Q(proposed_by__isnull=False) & ~Q(proposal="")),
                name="list_match_clearing_in_writing",
            ),
            models.CheckConstraint(
                condition=~Q(status="confirmed")
                | (Q(judged_by__isnull=False, judged_at__isnull=False) & ~Q(judgement="")),
                name="list_match_confirmed_in_writing",
            ),
            models.CheckConstraint(condition=Q(score__lte=100), name="list_match_score_is_a_share"),
        ]
        indexes = [
            models.Index("status", F("id").desc(), name="list_match_of_status"),
            models.Index("supplier", "status", name="list_match_of_company"),
            GinIndex(fields=["search"], name="list_match_search"),
        ]

    def __str__(self) -> str:
        return self.reference
