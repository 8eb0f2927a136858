"""Actions on returns: rejected goods are sent back in a shipment of their own, and handed back."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Unpack

from django.utils.translation import gettext_lazy as _

from accounts.models import ActingUser
from procurement.catalogue.queries import applicable_rules_day
from procurement.documents.actions.documents import request_required_documents
from procurement.logistics.actions.planning import ShipmentFacts, create_shipment, open_clearances
from procurement.logistics.rules import shipments
from procurement.receiving.models import ReturnLine
from procurement.receiving.queries import rejected_goods_left
from procurement.receiving.rules.rejected_goods import RejectedPortion, above_remaining_refusal
from procurement.shipments import rules
from procurement.shipments.actions import event_time_or_now, schedule_alert_check
from procurement.shipments.models import Milestone, Shipment, Step
from procurement.shipments.reference_tables import time_zone_of
from procurement.shipments.rules import parse_locode, validated_transport
from procurement.tracking.actions.events import record_step_of_move
from workflow.actors import Actor
from workflow.errors import Refused
from workflow.moves import register_action

STEP_OMITTED_IN_RETURNS = Step.INSPECTED  # a return has no such step


@register_action(shipments.PLAN_RETURN)
def plan_return(
    shipment: Shipment,
    parts: Sequence[RejectedPortion],
    *,
    reason: str,
    mode: str,
    author: ActingUser,
    by: Actor,
    at: datetime,
    origin: str = "",
    destination: str = "",
    cartons: int = 0,
    planned: Mapping[str, datetime | None] | None = None,
    as_of: date | None = None,
    **carriage: Unpack[ShipmentFacts],
) -> Shipment:
    """Plan a return of goods rejected on receipt or by inspection, and return the new shipment.

    It goes in the opposite direction unless places are given. Its steps, clearances and documents are
    its own, by the known rules of the day for that direction. No need, order or offer changes: their counts
    changed when the pieces were rejected. Refuses more pieces than were rejected and are still here, and mistyped
    numbers and places.
    """
    if mode not in Shipment.Mode:
        raise Refused("mode_missing", _("Choose the mode of transport."), field="mode")
    values = [{"line": part.line.pk, "lot": str(part.lot or ""), "quantity": part.quantity} for part in parts]
    with shipments.PLAN_RETURN.apply_to(shipment, by=by, at=at, reason=reason, parts=values) as row:
        _check_plan(row, parts, planned or {})
        return_shipment = Shipment(
            city_id=row.city_id,
            returned_from=row,
            mode=mode,
            origin=parse_locode(origin, "origin") or row.destination,
            destination=parse_locode(destination, "destination") or row.origin,
            author=author,
            cartons_count=cartons,
            **validated_transport(carriage),
        )
        create_shipment(return_shipment, values, returned_from=row.reference, by=by, at=at)
        _write_return_lines(return_shipment, parts)
        _create_milestones(return_shipment, planned or {})
        open_clearances(return_shipment, by=by, at=at)
        request_required_documents(return_shipment, on=as_of or applicable_rules_day(at), by=by, at=at)
        schedule_alert_check([return_shipment.pk], at)
    return return_shipment


def _check_plan(
    row: Shipment, parts: Sequence[RejectedPortion], planned: Mapping[str, datetime | None]
) -> None:
    """Refuse more pieces than were refused and are still here, and steps planned out of order."""
    refused = above_remaining_refusal(parts, rejected_goods_left(row)) or rules.invalid_plan_refusal(planned)
    if refused is not None:
        raise refused


def _write_return_lines(return_shipment: Shipment, parts: Sequence[RejectedPortion]) -> None:
    ReturnLine.objects.bulk_create(
        ReturnLine(shipment=return_shipment, line=part.line, lot=part.lot, quantity=part.quantity)
        for part in parts
    )


def _create_milestones(return_shipment: Shipment, planned: Mapping[str, datetime | None]) -> None:
    """Create the steps from the city to the receiver of the returned goods."""
    leaving = (Step.READY, Step.PICKED_UP, Step.EXPORT_CLEARED, Step.DEPARTED)
    Milestone.objects.bulk_create(
        Milestone(
            shipment=return_shipment,
            step=step,
            position=position,
            place=return_shipment.origin if step in leaving else return_shipment.destination,
            timezone=return_shipment.city.timezone
            if step in leaving
            else time_zone_of(return_shipment.destination),
            planned_at=planned.get(step),
        )
        for position, step in enumerate(Step, start=1)
        if step != STEP_OMITTED_IN_RETURNS
    )


@register_action(shipments.RECORD_RETURN)
def record_return(
    shipment: Shipment, *, by: Actor, at: datetime, delivered_at: datetime | None = None
) -> Shipment:
    """Record that a return was handed back. This ends the return.

    Refuses while a blocking document is not filed or customs has not released the import in the country of the
    receiver. Also refuses a moment in the future or before the arrival.
    """
    with shipments.RECORD_RETURN.apply_to(shipment, by=by, at=at) as row:
        row.delivered_at = event_time_or_now(
            Shipment, "delivered_at", delivered_at, at, before=Step.ARRIVED.label, earlier=row.arrived_at
        )
        record_step_of_move(row, Step.DELIVERED, row.delivered_at, by=by, at=at)
    return shipment
