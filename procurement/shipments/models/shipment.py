"""What is under way: a shipment, and what is in it."""

from collections.abc import Collection
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from partners.models.cities import City
from partners.models.people import Contact
from procurement.orders.models.order import OrderLine
from procurement.requests.models import MOST
from procurement.shipments.words import place_label
from workflow.models.tracked import Tracked
from workflow.queries import by_day
from workflow.search import GramsField, matching

if TYPE_CHECKING:
    from partners.rules.powers import Powers


class ShipmentQuerySet(models.QuerySet["Shipment"]):
    def visible_to(self, powers: "Powers") -> Self:
        """The receiving city, its broker, and the contact who helped, who may see where it is."""
        mine = Q(broker=powers.user_id) if powers.brokers else Q(pk__in=())
        return self.filter(Q(city__in=powers.sees) | mine | Q(contact__in=powers.contacts))

    def under_way(self) -> Self:
        """Shipments that have not been delivered yet."""
        return self.filter(status__in=Shipment.UNDER_WAY)

    def moot(self) -> Self:
        """Planned shipments with goods of an order that was cancelled or lost: the clock cancels them."""
        return self._of_ended_orders().filter(status=Shipment.Status.PLANNED)

    def drifting(self) -> Self:
        """Packed ones, and the clock has not marked them yet."""
        return self._of_ended_orders().filter(status=Shipment.Status.PACKED, adrift_since=None)

    def adrift(self) -> Self:
        """The marked ones: somebody has the goods in their hands, so a person decides. They do not leave.

        Every page asks, so the mark is kept.
        """
        return self.filter(status=Shipment.Status.PACKED, adrift_since__isnull=False)

    def _of_ended_orders(self) -> Self:
        gone = ShipmentLine.objects.filter(order_line__order__status__in=("cancelled", "lost"))
        return self.filter(pk__in=gone.values("shipment"))

    def not_handed_over(self, before: datetime) -> Self:
        """Shipments said to have departed before a moment, no hand-over confirmed by a carrier, and nobody told of it yet."""
        silent = self.filter(handed_over_at=None, silence_noted_at=None)
        return silent.filter(status=Shipment.Status.DEPARTED, departed_at__lte=before)

    def followed(self) -> Self:
        """Shipments that somebody still waits for: under way, or delivered and not yet seen in."""
        return self.filter(status__in=Shipment.FOLLOWED)

    def to_look_at(self, at: datetime) -> Self:
        """Shipments whose warnings may have changed by a moment."""
        return self.filter(look_at__lte=at)

    def search(self, text: str) -> Self:
        """Shipments whose reference, waybill or carrier holds the text."""
        return self.filter(matching(text))


class Shipment(Tracked):
    """Goods that travel together."""

    REFERENCE_PREFIX = "SH"
    PAGE = "shipment"
    # Whoever holds the code reads the public page: the journal is read by more people than that.
    SECRET_FIELDS: ClassVar[frozenset[str]] = frozenset({"public_code"})

    class Status(models.TextChoices):
        PLANNED = "planned", pgettext_lazy("a shipment", "Planned")
        PACKED = "packed", _("Packed")
        DEPARTED = "departed", _("On the way")
        ARRIVED = "arrived", _("Arrived in the country")
        DELIVERED = "delivered", _("Delivered")  # counted at the door; not yet inspected
        CLOSED = "closed", pgettext_lazy("a shipment", "Closed")
        HANDED_BACK = "handed_back", _("Handed back")  # only of a return
        CANCELLED = "cancelled", _("Cancelled")
        LOST = "lost", _("Lost")

    class Mode(models.TextChoices):
        AIR = "air", _("Air")
        SEA = "sea", _("Sea")
        RAIL = "rail", _("Rail")
        ROAD = "road", _("Road")
        COURIER = "courier", _("Courier")

    UNDER_WAY = (Status.PLANNED, Status.PACKED, Status.DEPARTED, Status.ARRIVED)
    FOLLOWED = (*UNDER_WAY, Status.DELIVERED)

    reference = models.CharField(_("reference"), max_length=20, unique=True, editable=False)
    city = models.ForeignKey(City, models.PROTECT, related_name="shipments", verbose_name=_("receiving city"))
    contact = models.ForeignKey(Contact, models.PROTECT, null=True, blank=True, related_name="shipments")
    broker = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("customs broker"),
    )
    mode = models.CharField(_("mode"), max_length=8, choices=Mode)
    carrier = models.CharField(_("carrier"), max_length=100, blank=True)
    voyage = models.CharField(_("flight or vessel"), max_length=60, blank=True)
    air_waybill = models.CharField(_("air waybill"), max_length=12, blank=True)
    bill_of_lading = models.CharField(_("bill of lading"), max_length=40, blank=True)
    tracking_number = models.CharField(_("courier's tracking number"), max_length=40, blank=True)
    containers = ArrayField(
        models.CharField(max_length=11), default=list, blank=True, verbose_name=_("containers")
    )
    seals = ArrayField(models.CharField(max_length=30), default=list, blank=True, verbose_name=_("seals"))
    cartons_count = models.PositiveIntegerField(_("cartons"), default=0)
    gross_kg = models.DecimalField(
        _("gross weight, kg"), max_digits=10, decimal_places=1, null=True, blank=True
    )
    origin = models.CharField(_("from (UN/LOCODE)"), max_length=5, blank=True)
    destination = models.CharField(_("to (UN/LOCODE)"), max_length=5, blank=True)
    via = ArrayField(
        models.CharField(max_length=5),
        default=list,
        blank=True,
        verbose_name=_("by way of (UN/LOCODE)"),
        help_text="Ports it passes, in their order.",
    )
    back_from = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="returns",
        editable=False,
        verbose_name=_("takes back goods of"),
    )
    public_code = models.CharField(
        max_length=16,
        blank=True,
        editable=False,
        help_text="Stands on its papers; opens a public page that says where it is.",
    )
    shared = models.BooleanField(
        default=False, editable=False, help_text="Whether that page says anything: the city switches it off."
    )
    consignee = models.CharField(
        _("who receives the goods"),
        max_length=30,
        blank=True,
        help_text="A kind of receiver beside those that the needs name: customs rules turn on it. Empty: as they say.",
    )
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    handed_over_at = models.DateTimeField(
        _("handed over"),
        null=True,
        editable=False,
        help_text="When the carrier took the goods, as far as heard.",
    )
    silence_noted_at = models.DateTimeField(
        null=True, editable=False, help_text="When it was noted that no carrier had confirmed the hand-over."
    )
    departed_at = models.DateTimeField(_("departed"), null=True, blank=True)
    arrived_at = models.DateTimeField(_("arrived"), null=True, blank=True)
    delivered_at = models.DateTimeField(_("delivered"), null=True, blank=True)
    received_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    expected_on = models.DateField(_("expected"), null=True, blank=True)
    contradictions = ArrayField(
        models.CharField(max_length=90),
        default=list,
        editable=False,
        help_text="Codes of the customs rules that doubt what is declared, without a source firm enough to stop it.",
    )
    papers_missing = models.PositiveSmallIntegerField(default=0, editable=False)
    held = models.BooleanField(default=False, editable=False)
    adrift_since = models.DateTimeField(
        null=True, editable=False, help_text="When it was noted that an order of its packed goods had ended."
    )
    warnings = ArrayField(
        models.CharField(max_length=20),
        default=list,
        editable=False,
        help_text="Codes of what a person should look at, as the clock last saw it; the gravest first.",
    )
    risk = models.PositiveSmallIntegerField(
        default=0, editable=False, help_text="How grave its warnings are together."
    )
    look_at = models.DateTimeField(
        null=True, editable=False, help_text="When the clock looks for warnings again."
    )
    search = GramsField(
        of=("reference", "air_waybill", "bill_of_lading", "tracking_number", "carrier", "voyage")
    )

    objects = ShipmentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(status__in=("departed", "arrived", "delivered", "closed"))
                | Q(departed_at__isnull=False),
                name="shipment_departed_has_a_time",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=("arrived", "delivered", "closed")) | Q(arrived_at__isnull=False),
                name="shipment_arrived_has_a_time",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=("delivered", "closed"))
                | Q(delivered_at__isnull=False, received_by__isnull=False),
                name="shipment_delivered_has_date",
            ),
            models.CheckConstraint(
                condition=~Q(status="handed_back") | Q(back_from__isnull=False, delivered_at__isnull=False),
                name="shipment_handed_back_is_a_return",
            ),
            models.CheckConstraint(
                condition=Q(back_from=None) | ~Q(status__in=("delivered", "closed")),
                name="shipment_return_is_not_delivered",
            ),
            models.CheckConstraint(
                condition=Q(shared=False) | ~Q(public_code=""), name="shipment_shared_has_a_code"
            ),
            models.UniqueConstraint(
                fields=["public_code"], condition=~Q(public_code=""), name="shipment_code_once"
            ),
        ]
        indexes = [
            models.Index("city", F("id").desc(), name="shipment_of_city"),
            models.Index("city", "status", F("id").desc(), name="shipment_of_status"),
            models.Index("city", by_day("expected_on"), "id", name="shipment_soonest"),
            models.Index("status", "expected_on", "id", name="shipment_by_day"),
            models.Index("city", "id", name="shipment_held", condition=Q(held=True)),
            models.Index("look_at", name="shipment_look_at", condition=Q(look_at__isnull=False)),
            models.Index("city", "id", name="shipment_warned", condition=Q(risk__gt=0)),
            models.Index("city", "id", name="shipment_adrift", condition=Q(adrift_since__isnull=False)),
            GinIndex(fields=["search"], name="shipment_search"),
        ]

    @property
    def from_place(self) -> str:
        """Where it leaves, by name and code in the reader's language."""
        return place_label(self.origin)

    @property
    def to_place(self) -> str:
        """Where it goes, by name and code in the reader's language."""
        return place_label(self.destination)

    def __str__(self) -> str:
        return self.reference

    def tell(self, facts: dict[str, Any]) -> list[tuple[str, str]]:
        """Of which carton an entry speaks, where it speaks of one."""
        return [(gettext("carton"), str(facts["carton"]))] if "carton" in facts else []

    @property
    def is_return(self) -> bool:
        """Whether it takes goods back that were refused or rejected."""
        return self.back_from_id is not None


class ShipmentLine(models.Model):
    """So many pieces of an order line. When delivered: accepted + rejected + missing = quantity; surplus is counted apart."""

    shipment = models.ForeignKey(Shipment, models.PROTECT, related_name="lines")
    order_line = models.ForeignKey(OrderLine, models.PROTECT, related_name="shipment_lines")
    quantity = models.PositiveBigIntegerField(_("quantity"))
    accepted = models.PositiveBigIntegerField(_("accepted"), default=0)
    rejected = models.PositiveBigIntegerField(_("rejected"), default=0)
    missing = models.PositiveBigIntegerField(_("missing"), default=0)
    surplus = models.PositiveBigIntegerField(_("surplus"), default=0)
    surplus_kept = models.PositiveBigIntegerField(
        _("surplus accepted"), default=0, help_text="The part of the surplus that went into lots."
    )
    released = models.PositiveBigIntegerField(_("released"), default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["shipment", "order_line"], name="shipment_line_once"),
            models.CheckConstraint(
                condition=Q(quantity__range=(1, MOST)), name="shipment_line_quantity_is_sane"
            ),
            models.CheckConstraint(
                condition=Q(quantity__gte=F("accepted") + F("rejected") + F("missing")),
                name="shipment_line_counts_once",
            ),
            models.CheckConstraint(
                condition=Q(released__lte=F("accepted") + F("surplus_kept")),
                name="shipment_line_released_was_accepted",
            ),
            models.CheckConstraint(
                condition=Q(surplus_kept__lte=F("surplus")), name="shipment_line_kept_was_surplus"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.shipment}/{self.pk}"

    @property
    def uncounted(self) -> int:
        """What nobody has counted at the door yet."""
        return self.quantity - self.accepted - self.rejected - self.missing


class Carton(models.Model):
    """A box: its number, what is in it, and its lot."""

    shipment = models.ForeignKey(Shipment, models.PROTECT, related_name="cartons")
    line = models.ForeignKey(ShipmentLine, models.PROTECT, related_name="cartons")
    reference = models.CharField(_("reference"), max_length=20, unique=True, editable=False)
    number = models.PositiveIntegerField(_("number"))
    lot_number = models.CharField(_("lot"), max_length=60, blank=True)
    pieces = models.PositiveIntegerField(_("pieces"))

    class Meta:
        constraints = [models.UniqueConstraint(fields=["shipment", "number"], name="carton_number_once")]

    def __str__(self) -> str:
        return self.reference


def pages_of(references: Collection[str], powers: "Powers") -> dict[str, str]:
    """The address of the page of each of these shipments that a reader may see, by its reference."""
    seen = Shipment.objects.visible_to(powers).filter(reference__in=references).only("reference")
    return {shipment.reference: shipment.get_absolute_url() for shipment in seen}
