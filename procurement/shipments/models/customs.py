"""Two customs: a lane for export and one for import, their papers, declarations and holds."""

from decimal import Decimal
from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language, gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from procurement.catalogue.models.customs import CustomsRule
from procurement.shipments.models.shipment import Shipment
from workflow.models.tracked import Tracked
from workflow.queries import by_moment
from workflow.search import GramsField, as_quoted, holding, matching, quotes

if TYPE_CHECKING:
    from partners.rules.powers import Powers


BROKERS = frozenset(
    {"clear"}
)  # a customs broker says and brings what their papers need, and reads what the city brought


class OfShipmentQuerySet[M: models.Model](models.QuerySet[M]):
    def visible_to(self, powers: "Powers") -> Self:
        """The receiving city and its broker."""
        broker = Q(broker=powers.user_id) if powers.brokers else Q(pk__in=())
        return self.filter(Q(city__in=powers.sees) | broker)


class HoldQuerySet(OfShipmentQuerySet["CustomsHold"]):
    def search(self, text: str) -> Self:
        """The holds of the lane whose reference begins with the text; else those in whose words all of it stands."""
        if quotes(text, CustomsLane.REFERENCE_PREFIX):
            return self.filter(lane__reference__startswith=as_quoted(text))
        return self.filter(holding(text, "reason", "question", "answer"))


class DeclarationQuerySet(OfShipmentQuerySet["Declaration"]):
    def search(self, text: str) -> Self:
        """The declarations of the lane whose reference begins with the text; else those whose number, or the broker's, holds it."""
        if quotes(text, CustomsLane.REFERENCE_PREFIX):
            return self.filter(lane__reference__startswith=as_quoted(text))
        return self.filter(matching(text))


class CustomsLane(Tracked):
    """One customs of one shipment."""

    REFERENCE_PREFIX = "CL"
    PAGE = "lane"
    SHARED_WITH = BROKERS

    class Status(models.TextChoices):
        OPEN = "open", _("Open")
        FILED = "filed", _("Filed")
        RELEASED = "released", _("Released by customs")

    reference = models.CharField(_("reference"), max_length=20, unique=True, editable=False)
    shipment = models.ForeignKey(Shipment, models.PROTECT, related_name="lanes")
    city = models.ForeignKey("partners.City", models.PROTECT, related_name="+")
    broker = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    side = models.CharField(_("side"), max_length=6, choices=CustomsRule.Side)
    country = models.CharField(_("country or region"), max_length=2)
    office = models.CharField(_("customs office"), max_length=100, blank=True)
    filed_at = models.DateTimeField(_("filed"), null=True, blank=True)
    released_at = models.DateTimeField(_("released"), null=True, blank=True)
    holds_open = models.PositiveSmallIntegerField(default=0, editable=False)
    told_with = models.CharField(
        max_length=64,
        blank=True,
        editable=False,
        help_text="A hash of the papers and versions with which its broker was told that all are there.",
    )

    objects = OfShipmentQuerySet["CustomsLane"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["shipment", "side"], name="lane_once_a_side"),
            models.CheckConstraint(
                condition=~Q(status__in=("filed", "released")) | Q(filed_at__isnull=False),
                name="lane_filed_has_a_time",
            ),
            models.CheckConstraint(
                condition=~Q(status="released") | Q(released_at__isnull=False, holds_open=0),
                name="lane_released_is_not_held",
            ),
        ]
        indexes = [models.Index("city", by_moment("filed_at"), "id", name="lane_by_filing")]

    def __str__(self) -> str:
        return self.reference


class CustomsHold(Tracked):
    """A spell in which customs keeps a lane: since when, why, what it asks, and until when."""

    PAGE = "hold"
    SHARED_WITH = BROKERS

    class Status(models.TextChoices):
        HELD = "held", _("Held")
        ENDED = "ended", pgettext_lazy("a hold", "Ended")

    lane = models.ForeignKey(CustomsLane, models.PROTECT, related_name="holds")
    city = models.ForeignKey("partners.City", models.PROTECT, related_name="+")
    broker = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    started_at = models.DateTimeField(_("since"))
    reason = models.TextField(_("reason"))
    question = models.TextField(_("question asked"), blank=True)
    answer = models.TextField(_("answer given"), blank=True)
    ended_at = models.DateTimeField(_("until"), null=True, blank=True)
    search = GramsField(of=("reason", "question", "answer"))

    objects = HoldQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(status="ended") | Q(ended_at__isnull=False), name="hold_ended_has_a_time"
            ),
        ]
        indexes = [
            models.Index("city", "started_at", "id", name="hold_in_order"),
            GinIndex(fields=["search"], name="hold_search"),
        ]

    def __str__(self) -> str:
        kind = gettext("export hold") if self.lane.side == CustomsRule.Side.EXPORT else gettext("import hold")
        return f"{self.lane.shipment.reference} · {kind}"


class Declaration(models.Model):
    """What was declared to customs on a lane; lines hold code, origin, value, currency and relief."""

    SHARED_WITH = BROKERS

    lane = models.ForeignKey(CustomsLane, models.PROTECT, related_name="declarations")
    city = models.ForeignKey("partners.City", models.PROTECT, related_name="+")
    broker = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    number = models.CharField(_("number"), max_length=40)
    office = models.CharField(_("customs office"), max_length=100, blank=True)
    filed_at = models.DateTimeField(_("filed"))
    broker_reference = models.CharField(_("broker's reference"), max_length=60, blank=True)
    lines = models.JSONField(
        default=list, help_text="Per line: hs_code (10 digits), origin, value, currency, relief."
    )
    search = GramsField(of=("number", "broker_reference"))

    objects = DeclarationQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["lane", "number"], name="declaration_number_once")]
        indexes = [
            models.Index("city", "filed_at", "id", name="declaration_in_order"),
            GinIndex(fields=["search"], name="declaration_search"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def told(self) -> list[dict[str, Any]]:
        """Its lines, each with its value as a number."""
        return [{**line, "value": Decimal(line["value"])} for line in self.lines]


class CustomsPaper(Tracked):
    """A paper or a step a lane needs, by the rule that asked for it on a day."""

    REFERENCE_PREFIX = "CP"
    PAGE = "paper"
    SHARED_WITH = BROKERS

    class Status(models.TextChoices):
        MISSING = "missing", pgettext_lazy("a paper", "Missing")
        DRAFT = "draft", _("Draft")
        READY = "ready", _("Ready")
        FILED = "filed", _("Handed in")
        ACCEPTED = "accepted", _("Accepted")
        QUERIED = "queried", _("Queried")
        REFUSED = "refused", _("Refused")
        NO_LONGER = "no_longer", _("No longer asked")

    # Each status belongs to exactly one of these four groups. Any code that needs to know where a paper is uses them.
    WAITED_FOR = (Status.MISSING, Status.DRAFT, Status.QUERIED, Status.REFUSED)  # it has still to come in
    HERE = (Status.READY,)  # the city has it, customs does not yet
    HANDED_IN = (Status.FILED, Status.ACCEPTED)
    VOID = (Status.NO_LONGER,)  # not needed any more

    IN_HAND = (*HERE, *HANDED_IN)
    SETTLED = (*HANDED_IN, *VOID)  # it holds nothing up

    reference = models.CharField(_("reference"), max_length=20, unique=True, editable=False)
    lane = models.ForeignKey(CustomsLane, models.PROTECT, related_name="papers")
    shipment = models.ForeignKey(Shipment, models.PROTECT, related_name="papers")
    city = models.ForeignKey("partners.City", models.PROTECT, related_name="+")
    broker = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    sort = models.CharField(
        _("sort"),
        max_length=5,
        choices=[(sort.value, sort.label) for sort in (CustomsRule.Sort.PAPER, CustomsRule.Sort.STEP)],
        default=CustomsRule.Sort.PAPER,
    )
    code = models.CharField(_("paper"), max_length=40)
    rule = models.CharField(max_length=90, help_text="The code of the rule that asks for it.")
    asked_on = models.DateField(_("by the rules of"))
    name_en = models.CharField(max_length=200)
    name_fr = models.CharField(max_length=200, blank=True)
    name_zh = models.CharField(max_length=200, blank=True)
    owner = models.CharField(_("who owes it"), max_length=10, choices=CustomsRule.Owner)
    supplier = models.ForeignKey(
        "procurement.Supplier",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("company"),
        help_text="Of what a supplier owes, the company whose goods it is for; none where nobody sells them.",
    )
    due_before = models.CharField(_("needed"), max_length=10, choices=CustomsRule.Due)
    blocks = models.BooleanField(
        _("blocks"), help_text="Only rules with a firm source block; the others warn."
    )
    satisfied_by = ArrayField(
        models.CharField(max_length=40),
        default=list,
        blank=True,
        help_text="Certificate kinds that are this paper.",
    )
    source_url = models.CharField(_("source"), max_length=600, blank=True)
    number = models.CharField(_("number"), max_length=80, blank=True)
    version = models.PositiveSmallIntegerField(_("version"), default=1)
    remark = models.TextField(_("remark"), blank=True)
    accepted_at = models.DateTimeField(_("accepted"), null=True, blank=True)

    objects = OfShipmentQuerySet["CustomsPaper"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["lane", "code", "supplier"], nulls_distinct=False, name="paper_once_a_company"
            ),
            models.CheckConstraint(
                condition=~Q(status="accepted") | Q(accepted_at__isnull=False),
                name="paper_accepted_has_a_time",
            ),
        ]
        indexes = [
            models.Index("shipment", F("id"), name="paper_of_shipment"),
            models.Index("city", by_moment("accepted_at"), "id", name="paper_in_order"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The paper's name in the reader's language."""
        return {"fr": self.name_fr, "zh": self.name_zh}.get((get_language() or "en")[:2], "") or self.name_en

    @property
    def owed_by(self) -> str:
        """Who has it: the company by its name, anybody else by what they are."""
        return str(self.supplier) if self.supplier is not None else self.get_owner_display()
