"""Papers that come in: who is asked for theirs by a link, and each version of a paper as it was handed in."""

from datetime import datetime, time
from typing import TYPE_CHECKING, Self
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from procurement.catalogue.models.customs import CustomsRule
from procurement.shipments.models.customs import CustomsPaper
from procurement.shipments.models.shipment import Shipment
from workflow.models.tracked import Tracked
from workflow.search import as_quoted, quotes

if TYPE_CHECKING:
    from partners.rules.powers import Powers

Owner = CustomsRule.Owner
OFFICE_CLOSES = time(17)  # where the person asked is


class PaperCallQuerySet(models.QuerySet["PaperCall"]):
    def visible_to(self, powers: "Powers") -> Self:
        """The receiving city: whom it asks, and at which address, is nobody else's."""
        return self.filter(city__in=powers.sees)

    def due_for_chasing(self, at: datetime) -> Self:
        """Calls that still wait, whose next reminder is due and whose person can come in."""
        return self.filter(status=PaperCall.Status.ASKED, chase_at__lte=at, person__is_active=True)

    def search(self, text: str) -> Self:
        """Calls whose reference begins with the text; else those of shipments whose reference does."""
        if quotes(text, PaperCall.REFERENCE_PREFIX):
            return self.filter(reference__startswith=as_quoted(text))
        return self.filter(shipment__reference__startswith=as_quoted(text))


class PaperCall(Tracked):
    """The papers of one shipment that one person owes, asked of them: they hand them in by a link, without an account.

    `name` and `email` are as the city wrote them: of somebody who is known here already, the city learns no more than it knew.
    """

    REFERENCE_PREFIX = "HI"
    PAGE = "paper_call"

    class Status(models.TextChoices):
        ASKED = "asked", pgettext_lazy("papers", "Asked for")
        DONE = "done", pgettext_lazy("papers", "All handed in")
        WITHDRAWN = "withdrawn", pgettext_lazy("papers", "No longer asked for")

    WORKS_FOR_GOODS = (Owner.BROKER, Owner.FORWARDER)  # who also say where the goods are

    reference = models.CharField(_("reference"), max_length=20, unique=True, editable=False)
    shipment = models.ForeignKey(Shipment, models.PROTECT, related_name="calls")
    city = models.ForeignKey("partners.City", models.PROTECT, related_name="+")
    role = models.CharField(_("whose papers"), max_length=10, choices=Owner)
    supplier = models.ForeignKey(
        "procurement.Supplier",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("company"),
        help_text="Of a supplier's papers, whose: two companies of one shipment are asked each for theirs.",
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("who hands them in")
    )
    name = models.CharField(_("name"), max_length=150)
    email = models.EmailField(_("e-mail"))
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    due_on = models.DateField(_("hoped for by"), null=True, blank=True)
    note = models.TextField(_("a word to them"), blank=True)
    chases = models.PositiveSmallIntegerField(_("reminders"), default=0, editable=False)
    chase_at = models.DateTimeField(_("next reminder"), null=True, blank=True, editable=False)
    cannot = models.JSONField(
        default=dict, editable=False, help_text="By the reference of a paper: why they cannot get it."
    )

    objects = PaperCallQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["shipment", "role", "supplier", "person"],
                nulls_distinct=False,
                condition=Q(status="asked"),
                name="paper_call_open_once",
            ),
        ]
        indexes = [
            models.Index("city", F("id").desc(), name="paper_call_of_city"),
            models.Index(
                fields=["chase_at"],
                name="paper_call_to_chase",
                condition=Q(status="asked", chase_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def papers(self) -> "models.QuerySet[CustomsPaper]":
        """The papers of the shipment that the person asked owes or owed, in the order in which they were asked for."""
        owed = CustomsPaper.objects.filter(
            shipment=self.shipment_id, owner=self.role, supplier=self.supplier_id
        )
        return owed.order_by("pk")

    @property
    def whose(self) -> str:
        """Whose papers they are: the company by its name, anybody else by what they are."""
        return str(self.supplier) if self.supplier is not None else self.get_role_display()

    def covers(self, paper: CustomsPaper) -> bool:
        """Whether a paper is one of them."""
        here = (self.shipment_id, self.role, self.supplier_id)
        return (paper.shipment_id, paper.owner, paper.supplier_id) == here

    @property
    def missing(self) -> "models.QuerySet[CustomsPaper]":
        """Those of them that the city still needs and does not have."""
        return self.papers.filter(status__in=CustomsPaper.WAITED_FOR)

    @property
    def waited_for(self) -> "models.QuerySet[CustomsPaper]":
        """Those of them that their person could still bring: nothing that waits to be looked at, nothing they cannot get."""
        waiting = PaperVersion.objects.filter(paper__in=self.papers, status=PaperVersion.Status.RECEIVED)
        return self.missing.exclude(pk__in=waiting.values("paper")).exclude(reference__in=self.cannot)

    @property
    def in_hand(self) -> "models.QuerySet[CustomsPaper]":
        """The papers of the shipment that the city has: for whoever clears it."""
        return CustomsPaper.objects.filter(
            shipment=self.shipment_id, status__in=CustomsPaper.IN_HAND
        ).order_by("pk")

    @property
    def due_at(self) -> datetime | None:
        """The end of the office day of the person asked by which they are due, on their clock; none where no day was said."""
        if self.due_on is None:
            return None
        return datetime.combine(self.due_on, OFFICE_CLOSES, ZoneInfo(self.person.time_zone))

    @property
    def follows(self) -> bool:
        """Whether they are asked to say where the goods are, too."""
        return self.role in self.WORKS_FOR_GOODS


class PaperVersionQuerySet(models.QuerySet["PaperVersion"]):
    def visible_to(self, powers: "Powers") -> Self:
        """The receiving city and its broker."""
        broker = Q(paper__broker=powers.user_id) if powers.brokers else Q(pk__in=())
        return self.filter(Q(city__in=powers.sees) | broker)

    def taken(self) -> Self:
        """What the city took as the paper; of each paper, the newest is its file."""
        return self.filter(status=PaperVersion.Status.TAKEN)

    def search(self, text: str) -> Self:
        """The versions of the paper whose reference begins with the text; else of shipments whose reference does."""
        if quotes(text, CustomsPaper.REFERENCE_PREFIX):
            return self.filter(paper__reference__startswith=as_quoted(text))
        return self.filter(paper__shipment__reference__startswith=as_quoted(text))


class PaperVersion(Tracked):
    """A paper as it was handed in once: its files, or what was made from the record. Never changed; a newer one stands beside it.

    `files` are ids of files of the paper, `made` of papers made from the record: neither is ever deleted.
    """

    PAGE = "paper_version"

    class Status(models.TextChoices):
        RECEIVED = "received", pgettext_lazy("a version of a paper", "Came in")
        TAKEN = "taken", pgettext_lazy("a version of a paper", "Taken")
        GIVEN_BACK = "given_back", pgettext_lazy("a version of a paper", "Given back")
        REPLACED = "replaced", pgettext_lazy("a version of a paper", "A newer one came")

    paper = models.ForeignKey(CustomsPaper, models.PROTECT, related_name="versions")
    city = models.ForeignKey("partners.City", models.PROTECT, related_name="+")
    call = models.ForeignKey(
        PaperCall,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="versions",
        help_text="By whose link it came; none where somebody brought it at the desk.",
    )
    number = models.PositiveSmallIntegerField(_("version"))
    files = ArrayField(models.BigIntegerField(), default=list, blank=True)
    made = ArrayField(models.BigIntegerField(), default=list, blank=True)
    paper_number = models.CharField(_("number of the paper"), max_length=80, blank=True)
    remark = models.TextField(_("remark"), blank=True)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    by_copied_link = models.BooleanField(default=False)
    answer = models.TextField(_("why it was given back"), blank=True)
    judged_at = models.DateTimeField(_("judged"), null=True, blank=True)
    filed_at = models.DateTimeField(
        _("handed to customs"), null=True, blank=True, help_text="The version that customs was given."
    )

    objects = PaperVersionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["paper", "number"], name="paper_version_once"),
            models.CheckConstraint(
                condition=~Q(status__in=("taken", "given_back")) | Q(judged_at__isnull=False),
                name="paper_version_judged_has_a_time",
            ),
            models.CheckConstraint(
                condition=~Q(status="given_back") | ~Q(answer=""), name="paper_version_given_back_says_why"
            ),
        ]
        indexes = [models.Index("city", F("id").desc(), name="paper_version_of_city")]

    def __str__(self) -> str:
        return str(_("%(paper)s, version %(number)s") % {"paper": self.paper, "number": self.number})

    @property
    def broker_id(self) -> int | None:
        """The broker whom the paper was given to."""
        return self.paper.broker_id
