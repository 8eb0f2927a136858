"""In quarantine: lots released, released with conditions, refused, recalled. Nothing is used before it is released."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from procurement.shipments.actions import pieces
from procurement.shipments.actions.handouts import call_back
from procurement.shipments.actions.pieces import Moved
from procurement.shipments.actions.tracking import hearing
from procurement.shipments.models.arrival import Lot
from procurement.shipments.models.shipment import ShipmentLine
from procurement.shipments.models.tracking import Step
from procurement.shipments.rules import lots
from procurement.shipments.rules.gates import seen_in
from workflow.actors import CLOCK, Actor
from workflow.errors import Refused
from workflow.moves import Move, locked


def quarantine(
    line: ShipmentLine,
    number: str,
    many: int,
    *,
    expires_on: date | None,
    surplus: bool = False,
    by: Actor,
    at: datetime,
) -> Lot:
    """Put pieces of a line into quarantine: in a new lot, or in one of that number that was not inspected yet. Returns the lot.

    Surplus has lots of its own, which may carry the number of another lot of the line. Refuses a lot that was inspected.
    Called under the shipment's lock.
    """
    known = line.lots.filter(number=number, surplus=surplus).first()
    if known is None:
        lot = Lot(
            shipment_id=line.shipment_id,
            line=line,
            city_id=line.shipment.city_id,
            number=number,
            expires_on=expires_on,
            quantity=many,
            surplus=surplus,
        )
        return lots.QUARANTINE.start(lot, by=by, at=at)
    if known.verdict:
        words = _("Lot %(number)s was inspected already. Enter these pieces under a number of their own.")
        raise Refused("lot_inspected", words % {"number": number}, line=line.pk, field="lot_number")
    with lots.ADD.on(known, by=by, at=at) as row:
        row.quantity += many
        row.expires_on = expires_on or row.expires_on
    return known


def override_lot(lot: Lot, *, reason: str, by: Actor, at: datetime) -> Lot:
    """Let a lot through that did not pass: a named approver, a written reason."""
    with on_lot(lots.OVERRIDE, lot, by, at, reason) as row:
        row.override_by_id = by.user_id
        row.override_reason = reason
    return lot


def release_lot(lot: Lot, *, by: Actor, at: datetime) -> Lot:
    """Release it to the wards. Refuses a lot that neither passed inspection nor was let through by name, and one past its date."""
    with on_lot(lots.RELEASE, lot, by, at) as row:
        row.condition = ""
        if row.status == Lot.Status.QUARANTINED:
            row.released_at = at
            _move(row, Moved(released=row.quantity), by=by, at=at)
    return lot


def condition_lot(lot: Lot, *, condition: str, by: Actor, at: datetime) -> Lot:
    """Release it with a condition, such as for which use. It counts as released. Refuses without a condition, and what failed."""
    with on_lot(lots.CONDITION, lot, by, at, condition) as row:
        row.condition = condition
        row.released_at = at
        _move(row, Moved(released=row.quantity), by=by, at=at)
    return lot


def refuse_lot(lot: Lot, *, reason: str, by: Actor, at: datetime) -> Lot:
    """Refuse it: it goes back to the offer and the need, whose bar opens again. Refuses what may be on the wards: recall that."""
    with on_lot(lots.REFUSE, lot, by, at, reason) as row:
        back = row.quantity if row.status == Lot.Status.CONDITIONAL else 0
        moved = Moved(released=-back, accepted=-row.quantity, failed=row.quantity)
        _move(row, moved, reason=reason, by=by, at=at)
    return lot


def recall_lot(lot: Lot, *, reason: str, by: Actor, at: datetime) -> Lot:
    """Call it back from wherever it went. It counts as released no more, and the need's bar opens again by that many pieces.

    The lot of the same number beside it, of its line's surplus or of what was ordered, holds the same goods: it is recalled with it
    where it is in use, and its keepers are warned where it is still in quarantine. A need that was closed as fulfilled is left to
    its officer, who may open it again. Everyone who has it is told: the people of the city, each place that left an address, and
    whoever holds the same lot of the same company elsewhere, who do not learn which city recalled it.
    """
    with on_lot(lots.RECALL, lot, by, at, reason) as row:
        _called_back(row, reason=reason, by=by, at=at)
        for twin in Lot.objects.beside(row).filter(status__in=lots.RECALL.source).order_by("pk"):
            with lots.RECALL.on(twin, by=by, at=at, reason=reason) as recalled:
                _called_back(recalled, reason=reason, by=by, at=at)
        same = Lot.objects.beside(row) | Lot.objects.like(row)
        for other in same.filter(status__in=lots.WARN.source).order_by("pk"):
            with lots.WARN.on(other, by=CLOCK, at=at) as warned:
                warned.warned_at = at
    return lot


def _called_back(row: Lot, *, reason: str, by: Actor, at: datetime) -> None:
    moved = Moved(released=-row.quantity, accepted=-row.quantity, failed=row.quantity)
    _move(row, moved, reason=reason, by=by, at=at)
    call_back(row, reason=reason, at=at)


@contextmanager
def on_lot(
    move: Move[Lot], lot: Lot, by: Actor, at: datetime, reason: str = "", **facts: Any
) -> Iterator[Lot]:
    """A lot's move, with its shipment locked first. When the last lot is decided on, the step "inspected" has happened."""
    with transaction.atomic():
        shipment = locked(lot.shipment)
        with move.on(lot, by=by, at=at, reason=reason, **facts) as row:
            yield row
        decided = shipment.milestones.filter(step=Step.INSPECTED, actual_at__isnull=False).exists()
        if move.target is not None and not decided and seen_in(shipment) is None:
            hearing.happened(shipment, Step.INSPECTED, at, by=by, at=at)


def _move(row: Lot, moved: Moved, *, by: Actor, at: datetime, reason: str = "") -> None:
    """Move the counters that pieces of a lot belong to: of surplus, its shipment line's alone, because it was not ordered."""
    line = locked(row.line)
    line.released += moved.released
    line.save(update_fields=["released"])
    if not row.surplus:
        pieces.move({line.pk: moved}, [line], reason=reason, by=by, at=at)
