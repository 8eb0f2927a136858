"""Steps shared by actions on a shipment: lock it, change the counters of its pieces, screen its offers."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Model

from procurement.allocations.actions import restore_ordered_quantity, undo_ordered_quantity
from procurement.leads.actions.findings import record_findings
from procurement.leads.models.leads import SupplierLead
from procurement.orders.actions.quantities import QuantityDelta, apply_quantity_changes, lock_allocations
from procurement.orders.models import OrderLine
from procurement.orders.payments.actions import mark_due_after_movement
from procurement.requests.actions.counters import add_to_line_counters
from procurement.shipments.models import Shipment, ShipmentLine
from procurement.shipments.rules import field_label, future_time_refusal, out_of_order_refusal
from procurement.shipments.screening import ShipmentScreening
from workflow.actors import Actor
from workflow.errors import LazyText
from workflow.moves import select_locked


@contextmanager
def locked_shipment(shipment: Shipment) -> Iterator[Shipment]:
    """Lock the shipment in a transaction, before anything that belongs to it."""
    with transaction.atomic():
        yield select_locked(shipment)


def schedule_alert_check(shipments: Iterable[int], at: datetime) -> None:
    """Make the next run of the periodic job check the alerts of these shipments.

    No person acts, so there is no journal entry.
    """
    Shipment.objects.filter(pk__in=list(shipments)).update(next_check_at=at)


@dataclass(frozen=True, kw_only=True)
class PieceChange:
    """Changes to the counters of one shipment line.

    Each number is added to its counter; a negative one reverses an earlier change. `failed` pieces will never
    be used: they are given back to the offer and the need.
    """

    departed: int = 0
    accepted: int = 0
    released: int = 0
    failed: int = 0


def apply_piece_changes(
    moved: Mapping[int, PieceChange], lines: Sequence[ShipmentLine], *, reason: str, by: Actor, at: datetime
) -> None:
    """Add the changes, by the id of the shipment line, to the counters of the lines' orders and needs.

    Failed pieces are given back to the offer and the need, with the reason.
    """
    chosen = [line for line in lines if line.pk in moved]
    deltas = {line.order_line_id: _order_line_delta(moved[line.pk]) for line in chosen}
    order_lines = apply_quantity_changes(deltas)
    lock_allocations(order_line.allocation_id for order_line in order_lines.values())
    for line in sorted(chosen, key=lambda line: line.order_line_id):
        _move_counters(order_lines[line.order_line_id], moved[line.pk], reason=reason, by=by, at=at)
    mark_due_after_movement({order_line.order_id for order_line in order_lines.values()}, at)


def _order_line_delta(moved: PieceChange) -> QuantityDelta:
    return QuantityDelta(
        departed=moved.departed,
        released=moved.released,
        failed=moved.failed,
    )


def _move_counters(
    order_line: OrderLine, moved: PieceChange, *, reason: str, by: Actor, at: datetime
) -> None:
    """Move the counters of the allocation and of the need line.

    The order of the steps matters: at no moment may a need show more pieces shipped than allocated.
    """
    allocation = order_line.allocation
    if moved.failed < 0:
        restore_ordered_quantity(allocation, -moved.failed, reason=reason, by=by, at=at)
    add_to_line_counters(
        allocation.line,
        shipped=moved.departed - moved.failed,
        arrived=moved.accepted,
        released=moved.released,
    )
    if moved.failed > 0:
        undo_ordered_quantity(allocation, moved.failed, reason=reason, by=by, at=at)


def event_time_or_now(
    model: type[Model],
    field: str,
    given: datetime | None,
    at: datetime,
    *,
    before: LazyText = "",
    earlier: datetime | None = None,
) -> datetime:
    """Return the moment of a fact: `given`, else now.

    `before` is the name of the step that the fact follows, `earlier` its time. Refuses a moment in the future
    or before that step; the refusal names the field.
    """
    if given is None:
        return max(at, earlier or at)
    name = field_label(model, field)
    refused = future_time_refusal(field, name, given, at) or out_of_order_refusal(
        field, name, given, before, earlier
    )
    if refused is not None:
        raise refused
    return given


def rescreen_shipments(shipments: Sequence[Shipment], at: datetime, *screens: ShipmentScreening) -> None:
    """Run these screenings on the shipments, and store their findings on the offers of the goods.

    The caller has locked all these shipments. For each offer, all its shipments that were not cancelled
    are screened. Offers are locked in the order of their ids.
    """
    codes = frozenset[str]().union(*(screen.codes for screen in screens))
    offers = SupplierLead.objects.filter(allocations__order_line__shipment_lines__shipment__in=shipments)
    for lead in offers.distinct().order_by("pk") if shipments else ():
        parts = Shipment.objects.filter(lines__order_line__allocation__lead=lead).distinct()
        parts = parts.exclude(status=Shipment.Status.CANCELLED).order_by("pk")
        found = [one for part in parts for screen in screens for one in screen.findings_of_shipment(part, at)]
        record_findings(lead, found, at=at, only=codes)
