"""Actions that split or merge planned shipments."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import ActingUser
from procurement.catalogue.queries import applicable_rules_day
from procurement.documents.actions.documents import request_required_documents
from procurement.documents.actions.requests import update_requests
from procurement.logistics.actions.journey import cancel_shipment
from procurement.logistics.actions.offer_rescreening import rescreen_shipment
from procurement.logistics.actions.planning import LineQuantity, plan_shipment
from procurement.logistics.rules import shipments
from procurement.orders.actions.quantities import QuantityDelta, apply_quantity_changes
from procurement.shipments.actions import schedule_alert_check
from procurement.shipments.models import Shipment, ShipmentLine
from workflow.actors import Actor
from workflow.errors import Refused
from workflow.moves import register_action, select_locked

FIELDS_EQUAL_FOR_MERGE = (
    "city_id",
    "mode",
    "origin",
    "destination",
    "consignee",
    "contact_id",
    "returned_from_id",
)  # must be equal in two shipments that are merged


@dataclass(frozen=True)
class SplitPart:
    """Number of pieces of a line that move to the new shipment."""

    shipment_line: ShipmentLine
    quantity: int


@register_action(shipments.SPLIT)
def split_shipment(
    shipment: Shipment, parts: Sequence[SplitPart], *, author: ActingUser, by: Actor, at: datetime
) -> Shipment:
    """Move some pieces to a new shipment on the same route, and return it.

    Refuses a shipment that is packed, more pieces than a line holds, and all pieces of the shipment.
    """
    wanted = {part.shipment_line.pk: part.quantity for part in parts}
    with transaction.atomic():
        with shipments.SPLIT.apply_to(shipment, by=by, at=at, pieces=sum(wanted.values())) as row:
            lines = {
                line.pk: line
                for line in row.lines.select_related(
                    "order_line__order", "order_line__allocation__line__supply_request"
                )
            }
            _require_within_lines(wanted, lines)
            apply_quantity_changes(
                {lines[pk].order_line_id: QuantityDelta(shipped=-quantity) for pk, quantity in wanted.items()}
            )
            for pk, quantity in wanted.items():
                _take_from(lines[pk], quantity)
        loads = [LineQuantity(lines[pk].order_line, quantity) for pk, quantity in wanted.items()]
        same: dict[str, Any] = {
            name: getattr(shipment, name)
            for name in ("mode", "origin", "destination", "contact", "consignee")
        }
        planned = dict(shipment.milestones.exclude(planned_at=None).values_list("step", "planned_at"))
        carried: dict[str, Any] = {"carrier": shipment.carrier, "expected_on": shipment.expected_on}
        return plan_shipment(loads, author=author, by=by, at=at, planned=planned, **same, **carried)


def _require_within_lines(parts: Mapping[int, int], lines: Mapping[int, ShipmentLine]) -> None:
    if not parts or any(
        pk not in lines or not 0 < quantity <= lines[pk].quantity for pk, quantity in parts.items()
    ):
        words = _(
            "Enter how many units to split off from each line: at least one, and no more than the line "
            "contains."
        )
        raise Refused("bad_quantity", words, field="parts")
    if sum(parts.values()) == sum(line.quantity for line in lines.values()):
        words = _("You have chosen the whole shipment. Keep part of it, or change its mode of transport.")
        raise Refused("all_of_it", words, field="parts")


def _take_from(line: ShipmentLine, quantity: int) -> None:
    line.quantity -= quantity
    if line.quantity:
        line.save(update_fields=["quantity"])
    else:
        ShipmentLine.objects.filter(pk=line.pk).delete()


@register_action(shipments.MERGE)
def merge_shipments(shipment: Shipment, other: Shipment, *, by: Actor, at: datetime) -> Shipment:
    """Move the goods of another planned shipment into this one. The other is cancelled with that reason.

    Refuses the same shipment, one that is not planned, and one with a different city, mode, route,
    receiver or contact.
    """
    with transaction.atomic():
        for one in sorted((shipment, other), key=lambda one: one.pk):
            select_locked(one)
        lines = list(other.lines.select_related("order_line"))
        with shipments.MERGE.apply_to(shipment, by=by, at=at, other=other.reference) as row:
            other.refresh_from_db()
            _require_same_route(row, other)
            why = _("The goods of this shipment are now part of %(shipment)s.") % {"shipment": row.reference}
            cancel_shipment(other, reason=str(why), by=by, at=at)
            apply_quantity_changes(
                {line.order_line_id: QuantityDelta(shipped=line.quantity) for line in lines}
            )
            mine = {line.order_line_id: line for line in row.lines.all()}
            for line in lines:
                held = mine.get(line.order_line_id) or ShipmentLine(
                    shipment=row, order_line=line.order_line, quantity=0
                )
                held.quantity += line.quantity
                held.save()
            request_required_documents(row, on=applicable_rules_day(at), by=by, at=at)
            update_requests(row, at)
            schedule_alert_check([row.pk], at)
        rescreen_shipment(shipment, at)
    return shipment


def _require_same_route(row: Shipment, other: Shipment) -> None:
    if row.pk == other.pk:
        raise Refused("same_shipment", _("Choose another shipment, not this one."), field="other")
    if other.status != Shipment.Status.PLANNED:
        words = _("%(other)s has the status “%(status)s”. Only planned shipments can be merged.")
        params = {"other": other.reference, "status": other.get_status_display()}
        raise Refused("not_planned", words % params, field="other")
    if any(getattr(row, name) != getattr(other, name) for name in FIELDS_EQUAL_FOR_MERGE):
        words = _("%(other)s cannot be merged: its city, mode, place or recipient is different.")
        raise Refused("travels_otherwise", words % {"other": other.reference}, field="other")
