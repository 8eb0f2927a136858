"""Actions on the journey of a shipment: departure, arrival, delivery, close, cancellation and loss.

Each step updates the coverage of the needs.
"""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from accounts.models import ActingUser
from partners.exchanges import actions
from partners.exchanges.models import Exchange
from procurement.catalogue.models.reference_rows import AcquisitionType
from procurement.logistics.actions.offer_rescreening import rescreen_shipment
from procurement.logistics.rules import shipments
from procurement.orders.actions.close import complete_order, write_off_order
from procurement.orders.actions.quantities import QuantityDelta, apply_quantity_changes, lock_orders
from procurement.orders.models import Order
from procurement.orders.rules.blockers import unsettled_pieces_refusal
from procurement.shipments import rules
from procurement.shipments.actions import PieceChange, apply_piece_changes, event_time_or_now
from procurement.shipments.models import Shipment, ShipmentLine, Step
from procurement.shipments.rules import held_orders_refusal, unready_orders_refusal
from procurement.thanks.actions import prepare_thank_yous
from procurement.tracking.actions.events import record_step_of_move
from workflow.actors import SYSTEM, Actor
from workflow.due_rows import process_due
from workflow.moves import register_action
from workflow.outbox import queue


@register_action(shipments.DEPART)
def record_departure(
    shipment: Shipment, *, by: Actor, at: datetime, departed_at: datetime | None = None
) -> Shipment:
    """Record the departure. The goods count as shipped.

    Refuses:
    - while blocking documents are not filed (the refusal lists them), or customs has not released the export;
    - while an order of the goods is not ready or on hold, or a company behind the goods may match a watchlist;
    - a moment in the future, or more than a day before the packing.
    """
    with shipments.DEPART.apply_to(shipment, by=by, at=at) as row:
        packed_at = _packed_at(row)
        earliest = packed_at - rules.LATE_ENTRY_TOLERANCE if packed_at else None
        row.departed_at = event_time_or_now(
            Shipment, "departed_at", departed_at, at, before=Step.READY.label, earlier=earliest
        )
        lines = _lines(row)
        lock_orders(line.order_line_id for line in lines)
        # Checked again, because the orders are locked only now.
        refused = unready_orders_refusal(row) or held_orders_refusal(row)
        if refused is not None:
            raise refused
        _change_pieces({line.pk: PieceChange(departed=line.quantity) for line in lines}, lines, by=by, at=at)
        record_step_of_move(row, Step.DEPARTED, row.departed_at, by=by, at=at)
    return shipment


@register_action(shipments.ARRIVE)
def record_arrival(
    shipment: Shipment, *, by: Actor, at: datetime, arrived_at: datetime | None = None
) -> Shipment:
    """Record that the goods are in the country. Customs decides whether they may be delivered.

    Refuses a moment in the future, and one before the departure.
    """
    with transaction.atomic():
        with shipments.ARRIVE.apply_to(shipment, by=by, at=at) as row:
            row.arrived_at = event_time_or_now(
                Shipment, "arrived_at", arrived_at, at, before=Step.DEPARTED.label, earlier=row.departed_at
            )
            record_step_of_move(row, Step.ARRIVED, row.arrived_at, by=by, at=at)
        rescreen_shipment(shipment, at)
    return shipment


@register_action(shipments.DELIVER)
def record_delivery(
    shipment: Shipment,
    *,
    received_by: ActingUser,
    by: Actor,
    at: datetime,
    delivered_at: datetime | None = None,
) -> Shipment:
    """Record the delivery: who received the goods, and when. Counting is the next step.

    The thank-you packs are ready from now on (procurement/thanks/actions.py). Refuses while a blocking document is
    not filed or customs has not released the import. Also refuses a moment in the future or before the arrival.
    """
    with shipments.DELIVER.apply_to(shipment, by=by, at=at) as row:
        row.delivered_at = event_time_or_now(
            Shipment, "delivered_at", delivered_at, at, before=Step.ARRIVED.label, earlier=row.arrived_at
        )
        row.received_by = received_by
        record_step_of_move(row, Step.DELIVERED, row.delivered_at, by=by, at=at)
        prepare_thank_yous(row, by=by, at=at)
    return shipment


@register_action(shipments.CLOSE)
def close_shipment(shipment: Shipment, *, by: Actor, at: datetime) -> Shipment:
    """Close the shipment, complete orders whose pieces are all settled, and record the exchanges.

    Refuses while a piece is not counted or a lot is in quarantine.
    """
    with shipments.CLOSE.apply_to(shipment, by=by, at=at) as row:
        queue.cancel_messages_about(row)
        lines = _lines(row)
        for order in lock_orders(line.order_line_id for line in lines).values():
            _close_order(order, by=by, at=at)
        for line in lines:
            _record_exchange(row, line, by=by, at=at)
    return shipment


@register_action(shipments.CANCEL)
def cancel_shipment(shipment: Shipment, *, reason: str, by: Actor, at: datetime) -> Shipment:
    """Cancel a shipment before it departs. Its goods can be planned again."""
    with transaction.atomic():
        with shipments.CANCEL.apply_to(shipment, by=by, at=at, reason=reason) as row:
            queue.cancel_messages_about(row)
            apply_quantity_changes(
                {line.order_line_id: QuantityDelta(shipped=-line.quantity) for line in _lines(row)}
            )
        rescreen_shipment(shipment, at)
    return shipment


@register_action(shipments.WRITE_OFF)
def write_off_shipment(shipment: Shipment, *, reason: str, by: Actor, at: datetime) -> Shipment:
    """Write the shipment off as lost.

    Its goods go back to the offers and the needs. An order with no other goods left is lost too.
    """
    with shipments.WRITE_OFF.apply_to(shipment, by=by, at=at, reason=reason) as row:
        queue.cancel_messages_about(row)
        lines = _lines(row)
        _change_pieces(
            {line.pk: PieceChange(failed=line.quantity) for line in lines}, lines, reason=reason, by=by, at=at
        )
        for order in lock_orders(line.order_line_id for line in lines).values():
            _close_order(order, by=by, at=at, reason=reason)
    return shipment


def close_moot_shipments(at: datetime) -> int:
    """Cancel planned shipments with goods of an ended order, and flag packed ones for a decision.

    Run by the periodic job. Returns how many were cancelled or flagged.
    """
    reason = gettext_noop("An order in this shipment was cancelled.")

    def flag(shipment: Shipment) -> None:
        Shipment.objects.filter(pk=shipment.pk).update(decision_needed_since=at)

    moot = Shipment.objects.planned_with_ended_orders().order_by("pk")
    ended = process_due(moot, lambda shipment: cancel_shipment(shipment, reason=reason, by=SYSTEM, at=at))
    return ended + process_due(Shipment.objects.to_flag_for_decision().order_by("pk"), flag)


def _lines(row: Shipment) -> list[ShipmentLine]:
    lines = row.lines.select_related(
        "order_line__allocation__lead__product", "order_line__order__contact__city"
    )
    return list(lines.order_by("pk"))


def _change_pieces(
    moved: dict[int, PieceChange], lines: list[ShipmentLine], *, by: Actor, at: datetime, reason: str = ""
) -> None:
    apply_piece_changes(moved, lines, reason=reason, by=by, at=at)


def _packed_at(row: Shipment) -> datetime | None:
    return row.milestones.filter(step=Step.READY).values_list("actual_at", flat=True).first()


def _close_order(order: Order, *, by: Actor, at: datetime, reason: str = "") -> None:
    """Complete an order whose pieces are all settled, or lose one whose pieces all failed.

    Any other order continues.
    """
    if order.status != Order.Status.READY_TO_SHIP:
        return
    lines = list(order.lines.all())
    if unsettled_pieces_refusal(order) is None:
        complete_order(order, by=by, at=at)
    elif not any(line.open_quantity for line in lines):
        write_off_order(order, reason=reason or str(_("None of the goods could be used.")), by=by, at=at)


def _record_exchange(row: Shipment, line: ShipmentLine, *, by: Actor, at: datetime) -> None:
    """Record the released pieces of a line as an exchange between two cities in the city register.

    A donation comes from the city that gave it, a purchase from the city whose contact named the
    supplier.
    """
    order, lead = line.order_line.order, line.order_line.allocation.lead
    given = order.kind == AcquisitionType.DONATION
    named_by = lead.contact.city if lead.contact is not None else None
    partner = order.donor_city if given else named_by
    if partner is None or partner.pk == row.city_id or not line.released:
        return
    product = lead.product
    day = row.city.day_at(row.delivered_at or at)
    actions.record_delivery(
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
