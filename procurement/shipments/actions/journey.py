"""The journey: departed, arrived, delivered, closed; or cancelled, or lost. The needs' bars move at every step."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from accounts.models import User
from partners.actions.register import record_delivery
from partners.models.ties import Exchange
from procurement.catalogue.models.facts import Dealing
from procurement.orders.actions import ending, pieces
from procurement.orders.actions.pieces import Delta, lock_orders
from procurement.orders.models.order import Order
from procurement.orders.rules.gates import settled
from procurement.shipments.actions import findings
from procurement.shipments.actions.after.packs import ready_packs
from procurement.shipments.actions.moments import moment
from procurement.shipments.actions.pieces import Moved, move
from procurement.shipments.actions.tracking import hearing
from procurement.shipments.models.shipment import Shipment, ShipmentLine
from procurement.shipments.models.tracking import Step
from procurement.shipments.rules import shipments, times
from procurement.shipments.rules.gates import orders_ready
from workflow.actors import CLOCK, Actor
from workflow.due import work_off
from workflow.outbox import ledger


def depart(shipment: Shipment, *, by: Actor, at: datetime, departed_at: datetime | None = None) -> Shipment:
    """Note the departure: the goods count as shipped. Refuses, with the list, while a blocking paper is not handed in, while
    customs has not released the export, goods of an order that was given up, and a time to come or days before the packing.
    """
    with shipments.DEPART.on(shipment, by=by, at=at) as row:
        packed_at = _packed_at(row)
        earliest = packed_at - times.NOTED_WITHIN if packed_at else None
        row.departed_at = moment(
            Shipment, "departed_at", departed_at, at, before=Step.READY.label, earlier=earliest
        )
        lines = _lines(row)
        lock_orders(line.order_line_id for line in lines)
        refused = orders_ready(row)  # again, now that nobody can give an order up at the same moment
        if refused is not None:
            raise refused
        _move({line.pk: Moved(left=line.quantity) for line in lines}, lines, by=by, at=at)
        hearing.happened(row, Step.DEPARTED, row.departed_at, by=by, at=at)
    return shipment


def arrive(shipment: Shipment, *, by: Actor, at: datetime, arrived_at: datetime | None = None) -> Shipment:
    """Note that the goods are in the country. Whether they may be delivered is customs' business.

    Refuses a time to come, and one before the departure.
    """
    with transaction.atomic():
        with shipments.ARRIVE.on(shipment, by=by, at=at) as row:
            row.arrived_at = moment(
                Shipment, "arrived_at", arrived_at, at, before=Step.DEPARTED.label, earlier=row.departed_at
            )
            hearing.happened(row, Step.ARRIVED, row.arrived_at, by=by, at=at)
        findings.judge(shipment, at)
    return shipment


def deliver(
    shipment: Shipment, *, received_by: User, by: Actor, at: datetime, delivered_at: datetime | None = None
) -> Shipment:
    """Note who took the goods at the door, and when; counting comes next.

    The thanks to whoever helped are ready from now on (`after/packs.py`). Refuses what `depart` refuses, for the import; a time to
    come, and one before the arrival.
    """
    with shipments.DELIVER.on(shipment, by=by, at=at) as row:
        row.delivered_at = moment(
            Shipment, "delivered_at", delivered_at, at, before=Step.ARRIVED.label, earlier=row.arrived_at
        )
        row.received_by = received_by
        hearing.happened(row, Step.DELIVERED, row.delivered_at, by=by, at=at)
        ready_packs(row, by=by, at=at)
    return shipment


def close(shipment: Shipment, *, by: Actor, at: datetime) -> Shipment:
    """Close it: orders of which every piece is settled are completed, and the register learns what came.

    Refuses while a piece is not counted or a lot waits in quarantine.
    """
    with shipments.CLOSE.on(shipment, by=by, at=at) as row:
        ledger.cancel(row)
        lines = _lines(row)
        for order in lock_orders(line.order_line_id for line in lines).values():
            _settle_order(order, by=by, at=at)
        for line in lines:
            _tell_register(row, line, by=by, at=at)
    return shipment


def cancel(shipment: Shipment, *, reason: str, by: Actor, at: datetime) -> Shipment:
    """Cancel before it departs: its goods can be planned again."""
    with transaction.atomic():
        with shipments.CANCEL.on(shipment, by=by, at=at, reason=reason) as row:
            ledger.cancel(row)
            pieces.move({line.order_line_id: Delta(shipped=-line.quantity) for line in _lines(row)})
        findings.judge(shipment, at)
    return shipment


def lose(shipment: Shipment, *, reason: str, by: Actor, at: datetime) -> Shipment:
    """Give it up as lost: its goods go back to the offers and the needs, and an order of which nothing else is left is lost too."""
    with shipments.LOSE.on(shipment, by=by, at=at, reason=reason) as row:
        ledger.cancel(row)
        lines = _lines(row)
        _move({line.pk: Moved(failed=line.quantity) for line in lines}, lines, reason=reason, by=by, at=at)
        for order in lock_orders(line.order_line_id for line in lines).values():
            _settle_order(order, by=by, at=at, reason=reason)
    return shipment


def settle(at: datetime) -> int:
    """Cancel planned shipments with goods of an order that was cancelled or lost, and mark packed ones for a person.

    Returns how many were cancelled or marked.
    """
    reason = gettext_noop("An order in it was cancelled.")

    def mark(shipment: Shipment) -> None:
        Shipment.objects.filter(pk=shipment.pk).update(adrift_since=at)

    moot = Shipment.objects.moot().order_by("pk")
    ended = work_off(moot, lambda shipment: cancel(shipment, reason=reason, by=CLOCK, at=at))
    return ended + work_off(Shipment.objects.drifting().order_by("pk"), mark)


def _lines(row: Shipment) -> list[ShipmentLine]:
    lines = row.lines.select_related(
        "order_line__allocation__lead__product", "order_line__order__contact__city"
    )
    return list(lines.order_by("pk"))


def _move(
    moved: dict[int, Moved], lines: list[ShipmentLine], *, by: Actor, at: datetime, reason: str = ""
) -> None:
    move(moved, lines, reason=reason, by=by, at=at)


def _packed_at(row: Shipment) -> datetime | None:
    return row.milestones.filter(step=Step.READY).values_list("actual_at", flat=True).first()


def _settle_order(order: Order, *, by: Actor, at: datetime, reason: str = "") -> None:
    """Complete an order of which every piece is settled; give it up where every piece of it failed. Else it goes on."""
    if order.status != Order.Status.READY:
        return
    lines = list(order.lines.all())
    if settled(order) is None:
        ending.complete(order, by=by, at=at)
    elif not any(line.open for line in lines):
        ending.lose(order, reason=reason or str(_("Nothing of it could be used.")), by=by, at=at)


def _tell_register(row: Shipment, line: ShipmentLine, *, by: Actor, at: datetime) -> None:
    """What came becomes an exchange of two cities, by what may be used of it: a gift of the city that gave it, a purchase
    of the city whose contact named the supplier.
    """
    order, lead = line.order_line.order, line.order_line.allocation.lead
    given = order.kind == Dealing.DONATION
    named_by = lead.contact.city if lead.contact is not None else None
    partner = order.donor_city if given else named_by
    if partner is None or partner.pk == row.city_id or not line.released:
        return
    product = lead.product
    day = row.city.day_at(row.delivered_at or at)
    record_delivery(
        row.reference,
        from_city=partner,
        to_city=row.city,
        on=day,
        kind=Exchange.Kind.PPE_DONATION if given else Exchange.Kind.PPE_PURCHASE,
        items=product.name_en[:300],
        quantity=line.released,
        unit=product.unit,
        by=by,
        at=at,
    )
