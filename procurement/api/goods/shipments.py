"""shipments: what is under way, what is in it, and how it is carried."""

from typing import Any

from django.db.models import Prefetch, QuerySet
from django_filters import BooleanFilter, CharFilter, ChoiceFilter, DateFilter
from rest_framework import serializers

from accounts.models import User
from partners.models.people import Contact, Membership
from procurement.api.goods.tracking import HeardBody, MilestoneRow
from procurement.catalogue.models.facts import Receiver
from procurement.orders.models.order import OrderLine
from procurement.requests.models import MOST
from procurement.shipments.actions import journey, planning, regrouping
from procurement.shipments.actions.dock.cartons import forget_carton, see_carton
from procurement.shipments.actions.planning import Boxes, Load, assign_broker, review_papers
from procurement.shipments.actions.tracking import hearing
from procurement.shipments.actions.tracking.hearing import call_right, call_wrong
from procurement.shipments.actions.tracking.planned import estimate, schedule
from procurement.shipments.actions.ways import destroying, rerouting, sharing
from procurement.shipments.actions.ways.returning import hand_back, send_back
from procurement.shipments.models.arrival import Lot
from procurement.shipments.models.dock import CartonSeen
from procurement.shipments.models.shipment import Carton, Shipment, ShipmentLine
from procurement.shipments.models.tracking import Milestone, Step
from procurement.shipments.models.ways import BackLine
from procurement.shipments.paper import where
from procurement.shipments.rules.dock.cartons import MOST_INSIDE
from procurement.shipments.rules.ways import Part
from workflow.doors.api.collections import Collection, Verb
from workflow.doors.api.fields import Edit, Facts, New, Numbered, PartOf, Ref, moment_or_now, reason, words
from workflow.doors.api.filters import Searched
from workflow.doors.api.reading import Made, Named, Row
from workflow.doors.api.strict import Strict
from workflow.queries import by_day

CARRIAGE = (
    *("carrier", "voyage", "air_waybill", "bill_of_lading", "tracking_number", "containers"),
    *("seals", "gross_kg"),
    "expected_on",
)
LINE = "order_line__allocation__reference"  # a line of a shipment is named by the allocation it carries
MOST_BOXES = 100_000


class ShipmentLineRow(Row):
    """So many pieces of one allocation, and what became of them at the door and in quarantine."""

    allocation = Named(source="order_line.allocation")

    class Meta:
        model = ShipmentLine
        fields = (
            *("allocation", "quantity", "accepted", "rejected", "missing"),
            *("surplus", "surplus_kept", "released"),
        )


class BackLineRow(Row):
    """So many refused pieces of one allocation that go back: of a lot, or rejected at the door."""

    allocation = Named(source="line.order_line.allocation")
    lot = Named(allow_null=True)

    class Meta:
        model = BackLine
        fields = ("allocation", "lot", "quantity")


def public_url(shared: Any, code: str) -> str:
    """The address of the page that says where it is, for whoever holds it; "" while it is not shared."""
    return where(code) if shared else ""


class ShipmentRow(Row):
    """Goods that travel together, as a list tells them."""

    city = Named("slug")

    class Meta:
        model = Shipment
        fields = (
            *("reference", "status", "city", "mode", "carrier", "voyage", "air_waybill", "origin"),
            *("destination", "expected_on", "departed_at", "arrived_at", "delivered_at"),
            *("papers_missing", "held", "warnings", "created_at"),
        )


class ShipmentDetail(ShipmentRow):
    """A shipment, whole: its lines and steps. Its customs stand in customs-lanes, customs-papers and customs-holds."""

    contact = serializers.IntegerField(source="contact_id", allow_null=True)
    broker = Named("name", allow_null=True)
    received_by = Named("name", allow_null=True)
    back_from = Named(allow_null=True)
    public_url = Made("shared", "public_code", by=public_url)
    lines = ShipmentLineRow(many=True)
    back_lines = BackLineRow(many=True)
    milestones = MilestoneRow(many=True)
    lanes = Named(many=True)

    class Meta:
        model = Shipment
        fields = (
            *ShipmentRow.Meta.fields,
            *("via", "consignee", "contact", "broker", "bill_of_lading", "tracking_number", "containers"),
            *("seals", "cartons_count", "gross_kg", "handed_over_at", "received_by", "back_from"),
            *("public_url", "lines", "back_lines", "milestones", "lanes"),
        )


class LoadBody(Facts):
    """So many pieces of what was ordered of one allocation."""

    allocation = Ref(OrderLine, "allocation__reference", source="order_line")
    quantity = serializers.IntegerField(min_value=1, max_value=MOST)

    class Meta:
        makes = Load


class BoxesBody(Facts):
    """So many boxes with so many pieces each, of one line and lot."""

    allocation = PartOf(ShipmentLine, "lines", LINE, source="line")
    pieces = serializers.IntegerField(min_value=1, max_value=MOST)
    count = serializers.IntegerField(min_value=1, max_value=MOST_BOXES, required=False)
    lot_number = words(60)

    class Meta:
        makes = Boxes


class RefusedBody(Facts):
    """So many refused pieces of one line: of a lot, or rejected at the door."""

    allocation = PartOf(ShipmentLine, "lines", LINE, source="line")
    lot = PartOf(Lot, "lots", "reference", required=False, allow_null=True)
    quantity = serializers.IntegerField(min_value=1, max_value=MOST)

    class Meta:
        makes = Part


class PartBody(Facts):
    """So many pieces of one line, to travel in a shipment of their own."""

    allocation = PartOf(ShipmentLine, "lines", LINE, source="line")
    quantity = serializers.IntegerField(min_value=1, max_value=MOST)

    class Meta:
        makes = regrouping.Part


class SeenBody(Strict):
    """How one carton came, and what is inside."""

    carton = PartOf(Carton, "cartons", "reference")
    state = serializers.ChoiceField(CartonSeen.State.choices)
    pieces = serializers.IntegerField(min_value=0, max_value=MOST_INSIDE, required=False)
    unusable = serializers.IntegerField(
        min_value=0, max_value=MOST_INSIDE, required=False, help_text="Of the pieces inside."
    )
    lot_number = words(60)
    expires_on = serializers.DateField(required=False, allow_null=True)
    remark = words(300)


def waybill() -> serializers.CharField:
    """An air waybill as it is written, with a hyphen and spaces; it is kept as eleven digits."""
    return words(20, "Eleven digits; a hyphen and spaces may stand between them.")


def boxes_at_sea() -> serializers.ListField:
    """Containers as they are painted on their doors, with spaces and hyphens; each is kept as eleven signs."""
    number = serializers.CharField(max_length=20)
    told = "ISO 6346: four letters and seven digits; spaces and a hyphen may stand between them."
    return serializers.ListField(child=number, required=False, help_text=told)


def event_number() -> serializers.IntegerField:
    """Something heard, by its number."""
    return serializers.IntegerField(min_value=1, max_value=2**62, help_text="The `id` of the tracking event.")


def place(way: str, **kwargs: Any) -> serializers.CharField:
    """A place by its UN/LOCODE, as it is written with or without a space."""
    return serializers.CharField(max_length=10, help_text=f"{way} where: UN/LOCODE, such as CNCAN.", **kwargs)


def ports() -> serializers.ListField:
    """The ports it passes, in their order; as before where nothing is said."""
    told = "By way of which ports, in their order: UN/LOCODE."
    return serializers.ListField(
        child=serializers.CharField(max_length=10), required=False, max_length=8, help_text=told
    )


def planned(**kwargs: Any) -> serializers.DictField:
    """When steps are to happen."""
    moment = serializers.DateTimeField(allow_null=True)
    told = "Moments by step, in the order of the steps; null where nothing is planned."
    return serializers.DictField(child=moment, help_text=told, **kwargs)


class NewShipment(New):
    """A shipment to plan: what travels together, how, and from where to where."""

    origin = place("From")
    destination = place("To")
    air_waybill = waybill()
    containers = boxes_at_sea()
    loads = LoadBody(many=True)
    contact = Numbered(Contact, required=False, allow_null=True)
    planned = planned(required=False)
    consignee = serializers.ChoiceField(Receiver.choices, required=False)
    as_of = serializers.DateField(
        required=False, help_text="The day whose customs rules hold; today where nothing is said."
    )

    class Meta:
        model = Shipment
        fields = (
            "loads",
            "mode",
            "origin",
            "destination",
            "consignee",
            "contact",
            "planned",
            "as_of",
            *CARRIAGE,
        )


class ShipmentEdit(Edit):
    """Who carries it, and under which numbers."""

    air_waybill = waybill()
    containers = boxes_at_sea()

    class Meta:
        model = Shipment
        fields = CARRIAGE


class Broker(Ref):
    """A customs broker of a city of one's own, by their e-mail address."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(User, "email", help_text="The broker's e-mail address.", **kwargs)

    def get_queryset(self) -> QuerySet[User]:
        """The brokers of the cities one sees."""
        held = Membership.objects.active().filter(
            role=Membership.Role.BROKER, city__in=self.context["by"].sees
        )
        return User.objects.filter(pk__in=held.values("user"))


class ShipmentFilter(Searched):
    """Which shipments."""

    status = ChoiceFilter(choices=Shipment.Status.choices)
    city = CharFilter("city__slug")
    mode = ChoiceFilter(choices=Shipment.Mode.choices)
    held = BooleanFilter()
    expected_before = DateFilter("expected_on", "lte", help_text="That day included.")
    order = CharFilter(method="of_order", help_text="The order that something in it was ordered with.")
    supply_request = CharFilter(method="for_need", help_text="The need that something in it is for.")
    back_from = CharFilter(
        "back_from__reference", help_text="The shipment whose refused goods it takes back."
    )
    supplier = CharFilter(method="of_supplier", help_text="The company that something in it comes from.")

    def with_warning(self, rows: QuerySet[Any], name: str, code: str) -> QuerySet[Any]:
        """The shipments with such a warning."""
        return rows.filter(risk__gt=0, warnings__contains=[code])

    def of_order(self, rows: QuerySet[Any], name: str, reference: str) -> QuerySet[Any]:
        """The shipments with goods of an order."""
        return _with_lines(rows, order__reference=reference)

    def for_need(self, rows: QuerySet[Any], name: str, reference: str) -> QuerySet[Any]:
        """The shipments with goods for a need."""
        return _with_lines(rows, allocation__line__supply_request__reference=reference)

    def of_supplier(self, rows: QuerySet[Any], name: str, reference: str) -> QuerySet[Any]:
        """The shipments with goods of a company."""
        return _with_lines(rows, order__supplier__reference=reference)


def _with_lines(rows: QuerySet[Any], **facts: str) -> QuerySet[Any]:
    ordered = OrderLine.objects.filter(**facts)
    return rows.filter(pk__in=ShipmentLine.objects.filter(order_line__in=ordered).values("shipment"))


class Shipments(Collection):
    """Shipments to one's own city, those given to one as a broker, and those one helped with as a contact."""

    model = Shipment
    path = "shipments"
    row = ShipmentRow
    whole = ShipmentDetail
    filterset_class = ShipmentFilter
    orders = {"expected_on": by_day("expected_on")}
    private = frozenset({"back_from"})
    begin = Verb(planning.plan, body=NewShipment, me="author", says={"lines": "loads"})
    verbs = {
        "edit": Verb(planning.edit, body=ShipmentEdit),
        "assign-broker": Verb(assign_broker, broker=Broker()),
        "schedule": Verb(schedule, planned=planned()),
        "review-papers": Verb(review_papers, as_of=serializers.DateField(required=False)),
        "pack": Verb(planning.pack, boxes=BoxesBody(many=True)),
        "depart": Verb(journey.depart, departed_at=moment_or_now()),
        "arrive": Verb(journey.arrive, arrived_at=moment_or_now()),
        "deliver": Verb(journey.deliver, me="received_by", delivered_at=moment_or_now()),
        "estimate": Verb(
            estimate,
            step=serializers.ChoiceField(Step.choices),
            expected_at=serializers.DateTimeField(),
            said_by=words(100),
        ),
        "hear": Verb(hearing.hear, body=HeardBody),
        "hand-back": Verb(hand_back, delivered_at=moment_or_now()),
        "reroute": Verb(
            rerouting.reroute,
            destination=place("To"),
            via=ports(),
            planned=planned(required=False),
            as_of=serializers.DateField(required=False),
            reason=reason(),
        ),
        "send-back": Verb(
            send_back,
            me="author",
            parts=RefusedBody(many=True),
            mode=serializers.ChoiceField(Shipment.Mode.choices),
            origin=place("From", required=False),
            destination=place("To", required=False),
            carrier=words(100),
            tracking_number=words(40),
            cartons=serializers.IntegerField(min_value=0, max_value=MOST_BOXES, required=False),
            planned=planned(required=False),
            as_of=serializers.DateField(required=False),
            reason=reason(),
        ),
        "destroy": Verb(
            destroying.destroy,
            me="author",
            line=PartOf(ShipmentLine, "lines", LINE),
            lot=PartOf(Lot, "lots", "reference", required=False, allow_null=True),
            quantity=serializers.IntegerField(min_value=1, max_value=MOST),
            destroyed_on=serializers.DateField(),
            reason=reason("How, where and why."),
        ),
        "share": Verb(sharing.share),
        "unshare": Verb(sharing.unshare),
        "split": Verb(regrouping.split, me="author", parts=PartBody(many=True)),
        "merge": Verb(regrouping.merge, other=Ref(Shipment)),
        "call-wrong": Verb(call_wrong, event=event_number(), reason=reason()),
        "call-right": Verb(call_right, event=event_number(), reason=reason()),
        "see-carton": Verb(see_carton, me="seen_by", body=SeenBody),
        "forget-carton": Verb(forget_carton, me="undone_by", carton=PartOf(Carton, "cartons", "reference")),
        "close": Verb(journey.close),
        "cancel": Verb(journey.cancel, reason=reason()),
        "lose": Verb(journey.lose, reason=reason()),
    }

    def for_detail(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """With its lines, steps and lanes."""
        lines = ShipmentLine.objects.select_related("order_line__allocation").order_by("pk")
        back = BackLine.objects.select_related("line__order_line__allocation", "lot").order_by("pk")
        steps = Milestone.objects.select_related("shipment").order_by("position")
        return (
            super()
            .for_detail(rows)
            .prefetch_related(
                Prefetch("lines", lines), Prefetch("back_lines", back), Prefetch("milestones", steps), "lanes"
            )
        )
