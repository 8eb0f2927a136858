"""Shipments, their lines and cartons, and milestones with their changes."""

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

from partners.cities.models import City
from partners.contacts.models import Contact
from procurement.orders.models import Order, OrderLine
from procurement.requests.models import MAX_QUANTITY
from procurement.shipments.reference_tables import place_label, place_name
from workflow.base_models import JournaledModel
from workflow.query_expressions import order_by_day, order_by_moment
from workflow.search import GramsField, name_contains, normalize_reference
from workflow.statuses import StatusChoices, StatusGroup

if TYPE_CHECKING:
    from partners.permissions.permissions import Permissions


class ShipmentQuerySet(models.QuerySet["Shipment"]):
    def visible_to(self, permissions: "Permissions") -> Self:
        """Return the shipments the reader may see.

        These are the shipments to the cities whose records the reader sees, those given to the reader as
        customs broker, and those the reader helped with as a contact.
        """
        mine = Q(broker=permissions.user_id) if permissions.is_broker else Q(pk__in=())
        return self.filter(
            Q(city__in=permissions.visible_cities) | mine | Q(contact__in=permissions.contact_ids)
        )

    def under_way(self) -> Self:
        """Return the shipments from planning until delivery, without cancelled and lost ones."""
        return self.filter(status__in=Shipment.UNDER_WAY_STATUSES)

    def planned_with_ended_orders(self) -> Self:
        """Return planned shipments with goods of a cancelled or lost order. The periodic job cancels them."""
        return self._of_ended_orders().filter(status=Shipment.Status.PLANNED)

    def to_flag_for_decision(self) -> Self:
        """Return packed shipments with goods of a cancelled or lost order that are not marked yet."""
        return self._of_ended_orders().filter(status=Shipment.Status.PACKED, decision_needed_since=None)

    def flagged_for_decision(self) -> Self:
        """Return the packed shipments that are marked because one of their orders ended.

        The goods are already packed, so a person decides what to do; until then the shipment cannot depart.
        The mark (`decision_needed_since`) is stored because every page runs this query.
        """
        return self.filter(status=Shipment.Status.PACKED, decision_needed_since__isnull=False)

    def _of_ended_orders(self) -> Self:
        gone = ShipmentLine.objects.filter(order_line__order__status__in=Order.Status.void)
        return self.filter(pk__in=gone.values("shipment"))

    def not_handed_over(self, before: datetime) -> Self:
        """Return the shipments that departed by the given moment and whose pick-up no carrier confirmed.

        A shipment is left out once the missing confirmation was noted (`missing_pickup_noted_at`).
        """
        silent = self.filter(handed_over_at=None, missing_pickup_noted_at=None)
        return silent.filter(status=Shipment.Status.IN_TRANSIT, departed_at__lte=before)

    def not_closed(self) -> Self:
        """Return the shipments that are under way, or delivered and not closed yet."""
        return self.filter(status__in=Shipment.Status.open)

    def alerts_due(self, at: datetime) -> Self:
        """Return the shipments whose alerts may have changed by the given moment."""
        return self.filter(next_check_at__lte=at)

    def search(self, text: str) -> Self:
        """Return the shipments that match the text.

        The reference, waybill, bill of lading, tracking number, carrier or voyage contains the text.
        """
        return self.filter(name_contains(text))


class Shipment(JournaledModel):
    """Goods that travel together to one city, or that a city sends back."""

    REFERENCE_PREFIX = "SH"
    URL_NAME = "shipment"
    # The code opens the public page, so it stays out of the journal, which more people read.
    SECRET_FIELDS: ClassVar[frozenset[str]] = frozenset({"public_code"})

    class Status(StatusChoices):
        PLANNED = "planned", StatusGroup.OPEN, pgettext_lazy("a shipment", "Planned")
        PACKED = "packed", StatusGroup.OPEN, _("Packed")
        IN_TRANSIT = "in_transit", StatusGroup.OPEN, _("In transit")
        ARRIVED = "arrived", StatusGroup.OPEN, _("Arrived in destination country")
        DELIVERED = "delivered", StatusGroup.OPEN, _("Delivered")  # received by the city; not yet inspected
        CLOSED = "closed", StatusGroup.DONE, pgettext_lazy("a shipment", "Closed")
        RETURNED = "returned", StatusGroup.DONE, _("Returned to sender")  # only for a return
        CANCELLED = "cancelled", StatusGroup.VOID, _("Cancelled")
        LOST = "lost", StatusGroup.VOID, _("Lost")

    class Mode(models.TextChoices):
        AIR = "air", _("Air")
        SEA = "sea", _("Sea")
        RAIL = "rail", _("Rail")
        ROAD = "road", _("Road")
        COURIER = "courier", _("Courier")

    UNDER_WAY_STATUSES = (Status.PLANNED, Status.PACKED, Status.IN_TRANSIT, Status.ARRIVED)

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
    mode = models.CharField(_("mode of transport"), max_length=8, choices=Mode)
    carrier = models.CharField(_("carrier"), max_length=100, blank=True)
    voyage = models.CharField(_("flight or vessel"), max_length=60, blank=True)
    air_waybill = models.CharField(_("air waybill"), max_length=12, blank=True)
    bill_of_lading = models.CharField(_("bill of lading"), max_length=40, blank=True)
    tracking_number = models.CharField(_("courier’s tracking number"), max_length=40, blank=True)
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
        verbose_name=_("via (UN/LOCODE)"),
        help_text="Ports it passes, in their order.",
    )
    returned_from = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="returns",
        editable=False,
        verbose_name=_("return of goods from"),
    )
    public_code = models.CharField(
        max_length=16,
        blank=True,
        editable=False,
        help_text="Printed on its documents; opens a public page that shows where it is.",
    )
    shared = models.BooleanField(
        default=False, editable=False, help_text="Whether that page says anything: the city switches it off."
    )
    consignee = models.CharField(
        _("consignee"),
        max_length=30,
        blank=True,
        help_text="A kind of receiver beside those that the needs name: customs rules turn on it. Empty: as they say.",
    )
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    handed_over_at = models.DateTimeField(
        _("handed over to carrier"),
        null=True,
        editable=False,
        help_text="When the carrier took the goods, as far as known.",
    )
    missing_pickup_noted_at = models.DateTimeField(
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
    documents_missing = models.PositiveSmallIntegerField(default=0, editable=False)
    held = models.BooleanField(default=False, editable=False)
    decision_needed_since = models.DateTimeField(
        null=True, editable=False, help_text="When it was noted that an order of its packed goods had ended."
    )
    alerts = ArrayField(
        models.CharField(max_length=20),
        default=list,
        editable=False,
        help_text="Codes of what a person should look at, as the clock last saw it; the gravest first.",
    )
    risk = models.PositiveSmallIntegerField(
        default=0, editable=False, help_text="How grave its warnings are together."
    )
    next_check_at = models.DateTimeField(
        null=True, editable=False, help_text="When the clock looks for warnings again."
    )
    search = GramsField(
        of=("reference", "air_waybill", "bill_of_lading", "tracking_number", "carrier", "voyage")
    )

    objects = ShipmentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(status__in=("in_transit", "arrived", "delivered", "closed"))
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
                condition=~Q(status="returned") | Q(returned_from__isnull=False, delivered_at__isnull=False),
                name="shipment_returned_is_a_return",
            ),
            models.CheckConstraint(
                condition=Q(returned_from=None) | ~Q(status__in=("delivered", "closed")),
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
            models.Index("city", order_by_day("expected_on"), "id", name="shipment_soonest"),
            models.Index("status", "expected_on", "id", name="shipment_by_day"),
            models.Index("city", "id", name="shipment_held", condition=Q(held=True)),
            models.Index("next_check_at", name="shipment_to_check", condition=Q(next_check_at__isnull=False)),
            models.Index("city", "id", name="shipment_warned", condition=Q(risk__gt=0)),
            models.Index(
                "city", "id", name="shipment_adrift", condition=Q(decision_needed_since__isnull=False)
            ),
            GinIndex(fields=["search"], name="shipment_search"),
        ]

    @property
    def origin_label(self) -> str:
        """Place of departure, by name and code, in the reader's language."""
        return place_label(self.origin)

    @property
    def destination_label(self) -> str:
        """Destination, by name and code, in the reader's language."""
        return place_label(self.destination)

    @property
    def route(self) -> str:
        """Places of departure and destination, by name in the reader's language: "Guangzhou to Vancouver"."""
        names = {"origin": place_name(self.origin), "destination": place_name(self.destination)}
        return gettext("%(origin)s to %(destination)s") % names

    def __str__(self) -> str:
        return self.reference

    def described_facts(self, facts: dict[str, Any]) -> list[tuple[str, str]]:
        """Return the carton that a journal entry is about, as label and value, if the entry names one."""
        return [(gettext("carton"), str(facts["carton"]))] if "carton" in facts else []

    @property
    def is_return(self) -> bool:
        """True if the shipment takes rejected goods back."""
        return self.returned_from_id is not None


class ShipmentLine(models.Model):
    """Pieces of one order line in one shipment.

    Once everything is counted, accepted + rejected + missing = quantity. Surplus is counted separately.
    """

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
    released = models.PositiveBigIntegerField(pgettext_lazy("pieces", "released"), default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["shipment", "order_line"], name="shipment_line_once"),
            models.CheckConstraint(
                condition=Q(quantity__range=(1, MAX_QUANTITY)), name="shipment_line_quantity_is_sane"
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
    def uncounted_pieces(self) -> int:
        """Number of pieces that have not been counted at receiving yet."""
        return self.quantity - self.accepted - self.rejected - self.missing


class Carton(models.Model):
    """Carton with its number, its contents and its lot."""

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


def page_urls_by_reference(references: Collection[str], permissions: "Permissions") -> dict[str, str]:
    """Return the page addresses, by reference, of the shipments that the reader may see."""
    seen = Shipment.objects.visible_to(permissions).filter(reference__in=references).only("reference")
    return {shipment.reference: shipment.get_absolute_url() for shipment in seen}


class ShipmentPartQuerySet[M: models.Model](models.QuerySet[M]):
    def visible_to(self, permissions: "Permissions") -> Self:
        """Return the rows of the cities whose records the reader sees, or given to the reader as broker."""
        broker = Q(broker=permissions.user_id) if permissions.is_broker else Q(pk__in=())
        return self.filter(Q(city__in=permissions.visible_cities) | broker)


class Step(models.TextChoices):
    """Steps of a journey, in order. Tracking codes of the standards DCSA, IATA and IFTSTA are mapped to these."""

    READY = "ready", _("Goods ready")
    PICKED_UP = "picked_up", _("Picked up")
    EXPORT_CLEARED = "export_cleared", _("Export cleared")
    DEPARTED = "departed", _("Departed")
    ARRIVED = "arrived", _("Arrived in destination country")
    IMPORT_CLEARED = "import_cleared", _("Import cleared")
    DELIVERED = "delivered", _("Delivered")
    INSPECTED = "inspected", _("Inspected and released")


class EventTimeClassifier(models.TextChoices):
    """Kinds of moment in a tracking event (planned, estimated, actual, requested), as DCSA distinguishes them.

    Only an event that really happened (`ACT`) moves a step.
    """

    ACTUAL = "ACT", pgettext_lazy("of a moment", "Actual")
    PLANNED = "PLN", pgettext_lazy("of a moment", "Planned")
    ESTIMATED = "EST", pgettext_lazy("of a moment", "Estimated")
    REQUESTED = "REQ", pgettext_lazy("of a moment", "Requested")


class MilestoneQuerySet(models.QuerySet["Milestone"]):
    def visible_to(self, permissions: "Permissions") -> Self:
        """Return the milestones of the shipments the reader may see."""
        return self.filter(shipment__in=Shipment.objects.visible_to(permissions))

    def search(self, text: str) -> Self:
        """Return the milestones whose step code begins with the text, else those of matching shipments.

        A shipment matches if its reference begins with the text.
        """
        code = text.strip().lower().replace(" ", "_")
        steps = [step for step in Step.values if step.startswith(code)]
        if steps:
            return self.filter(step__in=steps)
        return self.filter(shipment__reference__startswith=normalize_reference(text))


class Milestone(models.Model):
    """Step of a shipment with its planned, estimated and actual moments, and the author of the estimate."""

    shipment = models.ForeignKey(Shipment, models.PROTECT, related_name="milestones")
    step = models.CharField(_("milestone"), max_length=16, choices=Step)
    position = models.PositiveSmallIntegerField()
    place = models.CharField(_("place"), max_length=100, blank=True)
    timezone = models.CharField(max_length=40, blank=True)
    planned_at = models.DateTimeField(_("planned"), null=True, blank=True)
    estimated_at = models.DateTimeField(_("estimated"), null=True, blank=True)
    estimated_by = models.CharField(max_length=100, blank=True)
    actual_at = models.DateTimeField(_("actual"), null=True, blank=True)

    objects = MilestoneQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["shipment", "step"], name="milestone_once_a_step")]
        indexes = [
            models.Index(order_by_moment("planned_at"), "id", name="milestone_by_plan"),
            models.Index(order_by_moment("actual_at"), "id", name="milestone_in_order"),
        ]

    def __str__(self) -> str:
        return f"{self.shipment}: {self.get_step_display()}"


class MilestoneChange(models.Model):
    """Change of a milestone's planned or estimated day. Earlier changes are stored as history.

    The changes show how a plan or an estimate moved and who moved it. `event` is the tracking event that
    named the day; if that event is marked as wrong, the day no longer counts. `reported_by` is empty for
    the day that was planned before the first change.
    """

    CHANGE_KIND_CHOICES = (
        (EventTimeClassifier.PLANNED.value, _("planned")),
        (EventTimeClassifier.ESTIMATED.value, _("expected")),
    )

    milestone = models.ForeignKey(Milestone, models.PROTECT, related_name="changes")
    kind = models.CharField(
        _("type"), max_length=3, choices=CHANGE_KIND_CHOICES, default=EventTimeClassifier.ESTIMATED
    )
    event = models.ForeignKey(
        "procurement.TrackingEvent", models.PROTECT, null=True, related_name="changes", editable=False
    )
    expected_at = models.DateTimeField(_("expected"))
    reported_by = models.CharField(_("reported by"), max_length=100, blank=True)
    reported_at = models.DateTimeField(_("reported on"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        indexes = [models.Index("milestone", "id", name="change_of_milestone")]

    def __str__(self) -> str:
        return f"{self.milestone}: {self.expected_at:%Y-%m-%d}"
