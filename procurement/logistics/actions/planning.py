"""Actions that plan a shipment: its goods, clearances and customs documents, its details and packing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any, TypedDict, Unpack

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import ActingUser, User
from partners.contacts.models import Contact
from partners.memberships.models import Membership
from procurement.catalogue.models.customs import CustomsRule
from procurement.catalogue.queries import applicable_rules_day
from procurement.customs.models import CustomsClearance, CustomsHold, Declaration
from procurement.customs.rules import START_CLEARANCE
from procurement.documents.actions.documents import request_required_documents
from procurement.documents.actions.requests import update_requests
from procurement.documents.models.customs_documents import CustomsDocument
from procurement.logistics.actions.offer_rescreening import rescreen_shipment
from procurement.logistics.rules import shipments
from procurement.orders.actions.quantities import QuantityDelta, apply_quantity_changes, lock_orders
from procurement.orders.models import Order, OrderLine
from procurement.orders.rules.holds import order_on_hold_refusal
from procurement.shipments import rules
from procurement.shipments.actions import schedule_alert_check
from procurement.shipments.models import Carton, Milestone, Shipment, ShipmentLine, Step
from procurement.shipments.reference_tables import time_zone_of
from procurement.shipments.rules import new_tracking_code, parse_locode, validated_transport
from procurement.tracking.actions.events import record_step_of_move
from workflow.actors import Actor
from workflow.edits import UNSET, Edit, Unset
from workflow.errors import Refused
from workflow.i18n import LocalizedCount
from workflow.moves import register_action
from workflow.numbering import take_numbers

SHIPPABLE_STATUSES = frozenset({Order.Status.CONFIRMED, Order.Status.ACCEPTED, Order.Status.READY_TO_SHIP})


@dataclass(frozen=True)
class LineQuantity:
    """Number of pieces of an order line."""

    order_line: OrderLine
    quantity: int


@dataclass(frozen=True)
class PackedCartons:
    """Number of equal cartons of one line and lot, with the pieces in each."""

    shipment_line: ShipmentLine
    pieces_per_carton: int
    carton_count: int = 1
    lot_number: str = ""


class ShipmentFacts(TypedDict, total=False):
    """Transport details of a new shipment. The weight is in kilograms."""

    carrier: str
    voyage: str
    air_waybill: str
    bill_of_lading: str
    tracking_number: str
    containers: list[str]
    seals: list[str]
    gross_kg: Decimal | None
    expected_on: date | None


@dataclass(frozen=True, kw_only=True)
class ShipmentEdit(Edit):
    """Transport details of a shipment to change."""

    carrier: str | Unset = UNSET
    voyage: str | Unset = UNSET
    air_waybill: str | Unset = UNSET
    bill_of_lading: str | Unset = UNSET
    tracking_number: str | Unset = UNSET
    containers: list[str] | Unset = UNSET
    seals: list[str] | Unset = UNSET
    gross_kg: Decimal | Unset | None = UNSET
    expected_on: date | Unset | None = UNSET


PLACES_MISSING = _("Enter the place of departure and the destination of the goods.")


@register_action(shipments.PLAN)
def plan_shipment(
    loads: Sequence[LineQuantity],
    *,
    mode: str,
    origin: str,
    destination: str,
    author: ActingUser,
    by: Actor,
    at: datetime,
    consignee: str = "",
    contact: Contact | None = None,
    planned: Mapping[str, datetime | None] | None = None,
    as_of: date | None = None,
    **carriage: Unpack[ShipmentFacts],
) -> Shipment:
    """Plan a shipment: its lines, steps, clearances and customs documents.

    The documents follow the rules of the day `as_of`, else of today. Refuses goods of several cities,
    orders that are on hold or neither confirmed nor accepted, more pieces than are left to ship, mistyped numbers and
    places, steps planned out of order, and goods declared for a use that contradicts their receiver.
    """
    with transaction.atomic():
        lines = _count_as_shipped(loads)
        first = lines[0]
        shipment = Shipment(
            city=first.order.city,
            mode=mode,
            origin=parse_locode(origin, "origin"),
            destination=parse_locode(destination, "destination"),
            author=author,
            consignee=consignee,
            contact=contact or first.order.contact,
            **validated_transport(carriage),
        )
        if not shipment.origin or not shipment.destination:
            raise Refused("place_missing", PLACES_MISSING, field="origin")
        values = [{"order": load.order_line.order.reference, "quantity": load.quantity} for load in loads]
        create_shipment(shipment, values, by=by, at=at)
        _write_lines(shipment, loads)
        _create_milestones(shipment, first, planned or {})
        open_clearances(shipment, by=by, at=at)
        request_required_documents(shipment, on=as_of or applicable_rules_day(at), by=by, at=at)
        rescreen_shipment(shipment, at)
        schedule_alert_check([shipment.pk], at)
    return shipment


@register_action(shipments.EDIT)
def edit_shipment(shipment: Shipment, edit: ShipmentEdit, *, by: Actor, at: datetime) -> Shipment:
    """Change the transport details of a shipment.

    Refuses mistyped numbers. Facts on which the customs documents depend are not editable: they need a new plan.
    """
    with shipments.EDIT.apply_to(shipment, by=by, at=at) as row:
        replace(edit, **validated_transport(edit.changes())).apply_to(row)
        schedule_alert_check([row.pk], at)
    return shipment


@register_action(shipments.ASSIGN_BROKER)
def assign_broker(shipment: Shipment, broker: User, *, by: Actor, at: datetime) -> Shipment:
    """Give the shipment to a customs broker, who may then file its documents and declarations.

    Refuses a user who is not a broker of the city.
    """
    with shipments.ASSIGN_BROKER.apply_to(shipment, by=by, at=at) as row:
        roles = Membership.objects.active().filter(user=broker, role=Membership.Role.BROKER)
        if not roles.filter(city=row.city_id).exists():
            words = _(
                "%(person)s is not a customs broker of your city. Invite them as a customs broker first."
            )
            raise Refused("no_broker", words % {"person": broker}, field="broker")
        row.broker = broker
        CustomsClearance.objects.filter(shipment=row).update(broker=broker)
        CustomsDocument.objects.filter(shipment=row).update(broker=broker)
        CustomsHold.objects.filter(clearance__shipment=row).update(broker=broker)
        Declaration.objects.filter(clearance__shipment=row).update(broker=broker)
        update_requests(row, at)
    return shipment


@register_action(shipments.REVIEW_DOCUMENTS)
def request_missing_documents(
    shipment: Shipment, *, by: Actor, at: datetime, as_of: date | None = None
) -> Shipment:
    """Request the documents that the rules of a day ask for and that were not requested yet.

    Nothing is removed. The rules are those of the day `as_of`, else of today.
    """
    with shipments.REVIEW_DOCUMENTS.apply_to(shipment, by=by, at=at) as row:
        request_required_documents(row, on=as_of or applicable_rules_day(at), by=by, at=at)
        rescreen_shipment(row, at)
        update_requests(row, at)
    return shipment


@register_action(shipments.PACK)
def pack_shipment(
    shipment: Shipment, cartons: Sequence[PackedCartons] = (), *, by: Actor, at: datetime
) -> Shipment:
    """Pack the goods into numbered cartons. A return keeps the cartons in which its goods arrived.

    Refuses while an order's goods are not ready, and cartons that together do not hold each line exactly.
    """
    with shipments.PACK.apply_to(
        shipment, by=by, at=at, cartons=sum(carton.carton_count for carton in cartons)
    ) as row:
        _require_all_packed(row, cartons)
        if not row.is_return:
            row.cartons_count = sum(carton.carton_count for carton in cartons)
            _write_cartons(row, cartons, at)
        record_step_of_move(row, Step.READY, at, by=by, at=at)
    return shipment


def _count_as_shipped(loads: Sequence[LineQuantity]) -> list[OrderLine]:
    """Count the order lines as shipped under their locks, and return them in the given order."""
    if not loads or any(load.quantity < 1 for load in loads):
        raise Refused(
            "bad_quantity", _("Choose the goods and enter at least one unit of each."), field="lines"
        )
    if len({load.order_line.pk for load in loads}) != len(loads):
        raise Refused("line_twice", _("Each order line can be in a shipment only once."), field="lines")
    deltas = {load.order_line.pk: QuantityDelta(shipped=load.quantity) for load in loads}
    found = lock_orders(deltas)
    if len({order.city_id for order in found.values()}) > 1:
        raise Refused("several_cities", _("Choose goods for one city only."), field="lines")
    for order in found.values():
        if (held := order_on_hold_refusal(order)) is not None:
            held.details["field"] = "lines"
            raise held
        if order.status not in SHIPPABLE_STATUSES:
            words = _(
                "%(order)s has the status “%(status)s”. Its goods can be shipped once the order is "
                "confirmed or the donation is accepted."
            )
            params = {"order": order.reference, "status": order.get_status_display()}
            raise Refused("order_not_binding", words % params, order=order.reference, field="lines")
    moved = apply_quantity_changes(deltas)
    return [moved[load.order_line.pk] for load in loads]


def _write_lines(shipment: Shipment, loads: Sequence[LineQuantity]) -> None:
    for load in loads:
        ShipmentLine.objects.create(shipment=shipment, order_line=load.order_line, quantity=load.quantity)


def create_shipment(
    shipment: Shipment,
    lines: Sequence[Mapping[str, Any]],
    *,
    returned_from: str = "",
    by: Actor,
    at: datetime,
) -> None:
    """Create a shipment, with a code for its public tracking page. That page is off until a person shares it.

    The journal entry names the `lines`. For a return, `returned_from` is the reference of the shipment with which the goods
    came.
    """
    shipment.public_code = new_tracking_code()
    values = {"of": returned_from} if returned_from else {}
    shipments.PLAN.create(shipment, by=by, at=at, **values, lines=lines)


def _create_milestones(shipment: Shipment, line: OrderLine, planned: Mapping[str, datetime | None]) -> None:
    refused = rules.invalid_plan_refusal(planned)
    if refused is not None:
        raise refused
    here = shipment.contact.city if shipment.contact else line.order.supplier.place
    there = time_zone_of(shipment.origin) or (here.timezone if here else "")
    leaving = (Step.READY, Step.PICKED_UP, Step.EXPORT_CLEARED, Step.DEPARTED)
    landing = dict.fromkeys((Step.ARRIVED, Step.IMPORT_CLEARED), time_zone_of(shipment.destination))
    Milestone.objects.bulk_create(
        Milestone(
            shipment=shipment,
            step=step,
            position=position,
            place=shipment.origin if step in leaving else shipment.destination,
            timezone=there if step in leaving else landing.get(step) or shipment.city.timezone,
            planned_at=planned.get(step),
        )
        for position, step in enumerate(Step, start=1)
    )


def open_clearances(shipment: Shipment, *, by: Actor, at: datetime) -> None:
    """Open an export and an import clearance. Goods that stay in their country need none."""
    origin, destination = shipment.origin[:2], shipment.destination[:2]
    if origin == destination:
        return
    for side, country in ((CustomsRule.Side.EXPORT, origin), (CustomsRule.Side.IMPORT, destination)):
        clearance = CustomsClearance(shipment=shipment, city=shipment.city, side=side, country=country)
        START_CLEARANCE.create(clearance, by=by, at=at)


def _require_all_packed(row: Shipment, cartons: Sequence[PackedCartons]) -> None:
    """Refuse cartons that do not hold exactly the pieces of each line."""
    packed: dict[int, int] = {}
    for carton in cartons:
        if carton.pieces_per_carton < 1 or carton.carton_count < 1:
            raise Refused("bad_quantity", _("Enter at least one unit per carton."), field="cartons")
        packed[carton.shipment_line.pk] = (
            packed.get(carton.shipment_line.pk, 0) + carton.pieces_per_carton * carton.carton_count
        )
    wanted = dict(row.lines.values_list("pk", "quantity"))
    if packed == wanted:
        return
    words = _(
        "The cartons hold %(packed)s, but the shipment has %(wanted)s. The quantity of each line must match."
    )
    figures = {"packed": LocalizedCount(sum(packed.values())), "wanted": LocalizedCount(sum(wanted.values()))}
    raise Refused("cartons_differ", words % figures, **figures, field="cartons")


def _write_cartons(row: Shipment, cartons: Sequence[PackedCartons], at: datetime) -> None:
    each = [carton for carton in cartons for _one in range(carton.carton_count)]
    first = take_numbers("CT", at.year, len(each)) - len(each) + 1
    Carton.objects.bulk_create(
        Carton(
            shipment=row,
            line=carton.shipment_line,
            reference=f"CT-{at.year}-{first + index:04d}",
            number=index + 1,
            lot_number=carton.lot_number,
            pieces=carton.pieces_per_carton,
        )
        for index, carton in enumerate(each)
    )
