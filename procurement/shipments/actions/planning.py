"""Planning a shipment: which goods go together, over which two customs, with which papers by the rules of the day; and packing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from partners.models.people import Contact, Membership
from procurement.catalogue.gathering import rules_day
from procurement.catalogue.models.customs import CustomsRule
from procurement.orders.actions import pieces
from procurement.orders.actions.pieces import Delta, lock_orders
from procurement.orders.models.order import Order, OrderLine
from procurement.shipments.actions import asking, findings
from procurement.shipments.actions.handing.followed import follow
from procurement.shipments.actions.tracking import hearing
from procurement.shipments.actions.tracking.warned import look_soon
from procurement.shipments.models.customs import CustomsHold, CustomsLane, CustomsPaper, Declaration
from procurement.shipments.models.shipment import Carton, Shipment, ShipmentLine
from procurement.shipments.models.tracking import Milestone, Step
from procurement.shipments.paper import short_code
from procurement.shipments.rules import customs, numbers, shipments, times
from procurement.shipments.words import zone_of
from workflow import numbering
from workflow.actors import Actor
from workflow.errors import Refused
from workflow.tongues import Figure

SHIPPABLE = frozenset({Order.Status.CONFIRMED, Order.Status.ACCEPTED, Order.Status.READY})
EDITABLE = frozenset(
    {
        "carrier",
        "voyage",
        "air_waybill",
        "bill_of_lading",
        "tracking_number",
        "containers",
        "seals",
        "gross_kg",
        "expected_on",
    }
)


@dataclass(frozen=True)
class Load:
    """So many pieces of an order line."""

    order_line: OrderLine
    quantity: int


@dataclass(frozen=True)
class Boxes:
    """So many boxes with so many pieces each, of one line and lot."""

    line: ShipmentLine
    pieces: int
    count: int = 1
    lot_number: str = ""


def plan(
    loads: Sequence[Load],
    *,
    mode: str,
    origin: str,
    destination: str,
    author: User,
    by: Actor,
    at: datetime,
    consignee: str = "",
    contact: Contact | None = None,
    planned: Mapping[str, datetime | None] | None = None,
    as_of: date | None = None,
    **facts: Any,
) -> Shipment:
    """Plan what travels together: its steps, its two customs, and the papers by the rules of the day (`as_of`, else today).

    Refuses goods of several cities, orders that are not confirmed or accepted, more than is still to be shipped, mistyped
    numbers and places, steps planned out of order, and goods declared as what they cannot be.
    """
    with transaction.atomic():
        lines = _loaded(loads)
        first = lines[0]
        shipment = Shipment(
            city=first.order.city,
            mode=mode,
            origin=numbers.locode(origin, "origin"),
            destination=numbers.locode(destination, "destination"),
            author=author,
            consignee=consignee,
            contact=contact or first.order.contact,
            **known(facts),
        )
        if not shipment.origin or not shipment.destination:
            raise Refused("place_missing", _("Say from where and to where the goods travel."), field="origin")
        told = [{"order": load.order_line.order.reference, "quantity": load.quantity} for load in loads]
        begin(shipment, by=by, at=at, lines=told)
        for load in loads:
            ShipmentLine.objects.create(shipment=shipment, order_line=load.order_line, quantity=load.quantity)
        _lay_out_steps(shipment, first, planned or {})
        open_lanes(shipment, by=by, at=at)
        asking.ask(shipment, on=as_of or rules_day(at), by=by, at=at)
        findings.judge(shipment, at)
        look_soon([shipment.pk], at)
    return shipment


def edit(shipment: Shipment, *, by: Actor, at: datetime, **facts: Any) -> Shipment:
    """Change who carries it and under which numbers. Refuses mistyped numbers, and what the papers rest on: plan anew for that."""
    with shipments.EDIT.on(shipment, by=by, at=at) as row:
        for name, value in known(facts).items():
            setattr(row, name, value)
        look_soon([row.pk], at)
    return shipment


def assign_broker(shipment: Shipment, broker: User, *, by: Actor, at: datetime) -> Shipment:
    """Give the shipment to a customs broker, who may then hand in its papers and declarations. Refuses who is no broker here."""
    with shipments.ASSIGN_BROKER.on(shipment, by=by, at=at) as row:
        roles = Membership.objects.active().filter(user=broker, role=Membership.Role.BROKER)
        if not roles.filter(city=row.city_id).exists():
            words = _("%(person)s is no customs broker of your city. Invite them as one first.")
            raise Refused("no_broker", words % {"person": broker}, field="broker")
        row.broker = broker
        CustomsLane.objects.filter(shipment=row).update(broker=broker)
        CustomsPaper.objects.filter(shipment=row).update(broker=broker)
        CustomsHold.objects.filter(lane__shipment=row).update(broker=broker)
        Declaration.objects.filter(lane__shipment=row).update(broker=broker)
        follow(row, at)
    return shipment


def review_papers(shipment: Shipment, *, by: Actor, at: datetime, as_of: date | None = None) -> Shipment:
    """Look up again what customs asks for, by the rules of a day: what is asked for newly is added, nothing is taken away."""
    with shipments.REVIEW_PAPERS.on(shipment, by=by, at=at) as row:
        asking.ask(row, on=as_of or rules_day(at), by=by, at=at)
        findings.judge(row, at)
        follow(row, at)
    return shipment


def pack(shipment: Shipment, boxes: Sequence[Boxes] = (), *, by: Actor, at: datetime) -> Shipment:
    """Pack the goods into numbered boxes. A return is packed as it stands: its boxes have the numbers they came with.

    Refuses while an order's goods are not ready, and boxes that do not hold each line exactly.
    """
    with shipments.PACK.on(shipment, by=by, at=at, boxes=sum(box.count for box in boxes)) as row:
        _hold_all(row, boxes)
        if not row.is_return:
            row.cartons_count = sum(box.count for box in boxes)
            _write_cartons(row, boxes, at)
        hearing.happened(row, Step.READY, at, by=by, at=at)
    return shipment


def _loaded(loads: Sequence[Load]) -> list[OrderLine]:
    """The order lines, counted as shipped under their locks, in the order they were given."""
    if not loads or any(load.quantity < 1 for load in loads):
        raise Refused("bad_quantity", _("Choose goods, and at least one piece of each."), field="lines")
    if len({load.order_line.pk for load in loads}) != len(loads):
        raise Refused("line_twice", _("Each line of an order goes into a shipment once."), field="lines")
    deltas = {load.order_line.pk: Delta(shipped=load.quantity) for load in loads}
    found = lock_orders(deltas)
    if len({order.city_id for order in found.values()}) > 1:
        raise Refused("several_cities", _("Choose goods for one city."), field="lines")
    for order in found.values():
        if order.status not in SHIPPABLE:
            words = _(
                "%(order)s is at “%(status)s”. Its goods can be shipped once it is confirmed or accepted."
            )
            told = {"order": order.reference, "status": order.get_status_display()}
            raise Refused("order_not_binding", words % told, order=order.reference, field="lines")
    moved = pieces.move(deltas)
    return [moved[load.order_line.pk] for load in loads]


def begin(shipment: Shipment, *, by: Actor, at: datetime, **told: Any) -> None:
    """Bring a shipment into being, with a code for its public page."""
    shipment.public_code, shipment.shared = short_code(), True
    shipments.PLAN.start(shipment, by=by, at=at, **told)


def known(facts: dict[str, Any]) -> dict[str, Any]:
    """The facts of a carriage, checked. Refuses others, and mistyped numbers."""
    unknown = sorted(facts.keys() - EDITABLE)
    if unknown:
        raise Refused("not_editable", _("This is not changed here."), fields=unknown)
    return numbers.cleaned(facts)


def _lay_out_steps(shipment: Shipment, line: OrderLine, planned: Mapping[str, datetime | None]) -> None:
    refused = times.plannable(planned)
    if refused is not None:
        raise refused
    here = shipment.contact.city if shipment.contact else line.order.supplier.place
    there = zone_of(shipment.origin) or (here.timezone if here else "")
    leaving = (Step.READY, Step.PICKED_UP, Step.EXPORT_CLEARED, Step.DEPARTED)
    landing = dict.fromkeys((Step.ARRIVED, Step.IMPORT_CLEARED), zone_of(shipment.destination))
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


def open_lanes(shipment: Shipment, *, by: Actor, at: datetime) -> None:
    """One lane per customs; goods that stay in their country cross none."""
    origin, destination = shipment.origin[:2], shipment.destination[:2]
    if origin == destination:
        return
    for side, country in ((CustomsRule.Side.EXPORT, origin), (CustomsRule.Side.IMPORT, destination)):
        lane = CustomsLane(shipment=shipment, city=shipment.city, side=side, country=country)
        customs.OPEN.start(lane, by=by, at=at)


def _hold_all(row: Shipment, boxes: Sequence[Boxes]) -> None:
    """Refuse boxes that do not hold exactly what each line has."""
    packed: dict[int, int] = {}
    for box in boxes:
        if box.pieces < 1 or box.count < 1:
            raise Refused("bad_quantity", _("A box holds at least one piece."), field="boxes")
        packed[box.line.pk] = packed.get(box.line.pk, 0) + box.pieces * box.count
    wanted = dict(row.lines.values_list("pk", "quantity"))
    if packed == wanted:
        return
    words = _("In the boxes: %(packed)s. In the shipment: %(wanted)s. Each line is packed exactly.")
    figures = {"packed": Figure(sum(packed.values())), "wanted": Figure(sum(wanted.values()))}
    raise Refused("boxes_differ", words % figures, **figures, field="boxes")


def _write_cartons(row: Shipment, boxes: Sequence[Boxes], at: datetime) -> None:
    each = [box for box in boxes for _one in range(box.count)]
    first = numbering.take("CT", at.year, len(each)) - len(each) + 1
    Carton.objects.bulk_create(
        Carton(
            shipment=row,
            line=box.line,
            reference=f"CT-{at.year}-{first + index:04d}",
            number=index + 1,
            lot_number=box.lot_number,
            pieces=box.pieces,
        )
        for index, box in enumerate(each)
    )
