"""Actions on lots: record an inspection, quarantine, override, release, release conditionally, reject.

Measured values are kept as rows. No lot is used before it is released.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import ActingUser, User
from procurement.quality import rules
from procurement.quality.models import Inspection, Lot, MeasuredPoint, Verdict
from procurement.quality.queries import InspectionSetup, laboratory_reports
from procurement.quality.rules import (
    Outcome,
    PointReading,
    PointResult,
    invalid_report_cover_refusal,
    match_readings,
    sample_verdict_refusal,
    uninspected_goods_refusal,
    unmeasured_points,
    unsupported_pass_refusal,
)
from procurement.shipments.actions import PieceChange, apply_piece_changes
from procurement.shipments.models import ShipmentLine, Step
from procurement.tracking.actions.events import record_step_of_move
from workflow.actors import Actor
from workflow.errors import Refused
from workflow.moves import Move, register_action, select_locked
from workflow.uploads.models import File


@register_action(rules.INSPECT_LOT)
def record_inspection(
    lot: Lot,
    *,
    sampled: int,
    defects: int,
    verdict: str,
    inspector: ActingUser,
    by: Actor,
    at: datetime,
    level: str = "",
    aql: Decimal | None = None,
    measured: str = "",
    readings: Sequence[PointReading] = (),
    justification: str = "",
    report: File | None = None,
    covers: Sequence[str] = (),
) -> Inspection:
    """Record the inspection of a sample, point by point.

    The latest verdict counts, and an earlier override no longer applies. `level` and `aql` default to
    those usual for the goods. `report` is a file of the lot, its shipment or its offer; `covers` are
    the keys of the points it covers.

    Refuses a sample smaller than the plan's or larger than the lot. Refuses a pass with more
    nonconforming units than the plan accepts, or with a value outside a binding limit (one with a reliable
    source). Requires a written reason for a pass with a value outside another limit, with a binding limit
    that was neither measured nor covered, or with a less strict quality level than usual.
    """
    result: dict[str, Any] = {"sampled": sampled, "defects": defects, "verdict": verdict}
    with locked_lot_move(rules.INSPECT_LOT, lot, by, at, **result) as row:
        looking = InspectionSetup.for_lot(row, level, aql)
        found, laxer = match_readings(looking.checklist_points, readings), looking.is_laxer_than_usual
        refused = (
            _refuse_report(row, looking, verdict, report, covers)
            or sample_verdict_refusal(looking.sampling_plan, row.quantity, sampled, defects, verdict)
            or unsupported_pass_refusal(found, verdict, justification, covers=covers, laxer=laxer)
        )
        if refused is not None:
            raise refused
        _store_verdict(row, verdict, inspector, found, covers)
        evidence = {"measured": measured, "report": report, "covers": sorted(covers)}
        created = _store(row, looking, by=inspector, at=at, justification=justification, **result, **evidence)
        MeasuredPoint.objects.bulk_create(_measured_point(created, one) for one in found)
        return created


def _store_verdict(
    row: Lot, verdict: str, inspector: User, found: Sequence[PointResult], covers: Sequence[str]
) -> None:
    """Store on the lot the verdict, the inspector, and the facts that call for a second person at release."""
    row.verdict, row.inspected_by = verdict, inspector
    row.inspectors = sorted({*row.inspectors, inspector.pk})
    row.values_failed += sum(one.outcome == Outcome.OUTSIDE_LIMIT and one.point.is_blocking for one in found)
    row.unmeasured = len(unmeasured_points(found, covers))
    row.override_by, row.override_reason = None, ""


def _refuse_report(
    lot: Lot, looking: InspectionSetup, verdict: str, report: File | None, covers: Sequence[str]
) -> Refused | None:
    """Return a refusal for an unknown verdict or an unsuitable report.

    The report must be a clean file of the lot, its shipment or its offer, and must cover points of the
    checklist.
    """
    if verdict not in Verdict:
        words = _("Choose a verdict: passed, passed with conditions, or failed.")
        return Refused("verdict_unknown", words, field="verdict")
    if report is not None and not laboratory_reports(lot).filter(pk=report.pk).exists():
        words = _("Choose a file from this lot, its shipment or its offer.")
        return Refused("report_of_another", words, field="report")
    return invalid_report_cover_refusal(looking.checklist_points, covers, with_report=report is not None)


def _store(lot: Lot, looking: InspectionSetup, **facts: Any) -> Inspection:
    """Create the inspection with the plan of its sample."""
    return Inspection.objects.create(
        lot=lot,
        city_id=lot.city_id,
        level=looking.level,
        aql=looking.aql,
        acceptance_number=looking.sampling_plan.acceptance_number,
        **facts,
    )


def _measured_point(created: Inspection, one: PointResult) -> MeasuredPoint:
    """Return the row for a point as it was found, with today's limit."""
    point = one.point
    return MeasuredPoint(
        inspection=created,
        point=point,
        value=one.value,
        seen=one.is_requirement_met,
        bound=point.bound,
        limit=point.limit,
        strict=point.strict,
        firm=point.is_blocking,
        outcome=one.outcome,
    )


def quarantine_pieces(
    line: ShipmentLine,
    number: str,
    quantity: int,
    *,
    expires_on: date | None,
    surplus: bool = False,
    by: Actor,
    at: datetime,
) -> Lot:
    """Put pieces of a line into quarantine and return their lot.

    The lot is a new one, or the existing one of that number. `surplus` pieces have lots of their own, which
    may have the same number as another lot of the line. Refuses an existing lot that was inspected. Called
    under the shipment's lock.
    """
    known = line.lots.filter(number=number, surplus=surplus).first()
    if known is None:
        lot = Lot(
            shipment_id=line.shipment_id,
            line=line,
            city_id=line.shipment.city_id,
            number=number,
            expires_on=expires_on,
            quantity=quantity,
            surplus=surplus,
        )
        return rules.QUARANTINE_LOT.create(lot, by=by, at=at)
    if known.verdict:
        words = _("Lot %(number)s has already been inspected. Enter these units under a separate lot number.")
        raise Refused("lot_inspected", words % {"number": number}, line=line.pk, field="lot_number")
    with rules.ADD_UNITS.apply_to(known, by=by, at=at) as row:
        row.quantity += quantity
        row.expires_on = expires_on or row.expires_on
    return known


@register_action(rules.OVERRIDE_INSPECTION)
def override_lot(lot: Lot, *, reason: str, by: Actor, at: datetime) -> Lot:
    """Accept a lot that did not pass inspection, by a named approver with a written reason."""
    with locked_lot_move(rules.OVERRIDE_INSPECTION, lot, by, at, reason) as row:
        row.override_by_id = by.user_id
        row.override_reason = reason
    return lot


@register_action(rules.RELEASE_LOT)
def release_lot(lot: Lot, *, by: Actor, at: datetime) -> Lot:
    """Release a lot for use.

    Refuses a lot that neither passed inspection nor has an override, and an expired lot.
    """
    with locked_lot_move(rules.RELEASE_LOT, lot, by, at) as row:
        row.condition = ""
        if row.status == Lot.Status.QUARANTINED:
            row.released_at = at
            change_piece_counters(row, PieceChange(released=row.quantity), by=by, at=at)
    return lot


@register_action(rules.RELEASE_CONDITIONALLY)
def release_conditionally(lot: Lot, *, condition: str, by: Actor, at: datetime) -> Lot:
    """Release a lot with a condition, such as its permitted use. The lot counts as released.

    Refuses a missing condition, a lot that neither passed (with or without conditions) nor has an
    override, and an expired lot.
    """
    with locked_lot_move(rules.RELEASE_CONDITIONALLY, lot, by, at, condition) as row:
        row.condition = condition
        row.released_at = at
        change_piece_counters(row, PieceChange(released=row.quantity), by=by, at=at)
    return lot


@register_action(rules.REJECT_LOT)
def reject_lot(lot: Lot, *, reason: str, by: Actor, at: datetime) -> Lot:
    """Reject a lot. Its pieces are no longer counted for the need, and the offer can supply them again.

    Refuses a lot that may already be in use; such a lot is recalled.
    """
    with locked_lot_move(rules.REJECT_LOT, lot, by, at, reason) as row:
        back = row.quantity if row.status == Lot.Status.RELEASED_CONDITIONALLY else 0
        moved = PieceChange(released=-back, accepted=-row.quantity, failed=row.quantity)
        change_piece_counters(row, moved, reason=reason, by=by, at=at)
    return lot


@contextmanager
def locked_lot_move(
    move: Move[Lot], lot: Lot, by: Actor, at: datetime, reason: str = "", **facts: Any
) -> Iterator[Lot]:
    """Make a status transition of a lot, while its shipment is locked, and yield the locked lot.

    If no piece of the shipment is left to count and no lot to decide on, this also records the step
    "Inspected".
    """
    with transaction.atomic():
        shipment = select_locked(lot.shipment)
        with move.apply_to(lot, by=by, at=at, reason=reason, **facts) as row:
            yield row
        decided = shipment.milestones.filter(step=Step.INSPECTED, actual_at__isnull=False).exists()
        if move.target is not None and not decided and uninspected_goods_refusal(shipment) is None:
            record_step_of_move(shipment, Step.INSPECTED, at, by=by, at=at)


def change_piece_counters(row: Lot, moved: PieceChange, *, by: Actor, at: datetime, reason: str = "") -> None:
    """Add a change to the counters of a lot's pieces: on the shipment line, the order and the need.

    For surplus, only the counter of the shipment line changes, because surplus was not ordered.
    """
    line = select_locked(row.line)
    line.released += moved.released
    line.save(update_fields=["released"])
    if not row.surplus:
        apply_piece_changes({line.pk: moved}, [line], reason=reason, by=by, at=at)
