"""At the door: what was counted, into which lots; and a counting taken back."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from accounts.models import User
from procurement.shipments.actions import findings, pieces
from procurement.shipments.actions.dock.cases import open_cases, take_cases_back
from procurement.shipments.actions.lots import quarantine
from procurement.shipments.actions.pieces import Moved
from procurement.shipments.models.arrival import Receipt, ReceiptLine
from procurement.shipments.models.cases import DifferenceCase
from procurement.shipments.models.dock import CartonSeen
from procurement.shipments.models.shipment import Shipment, ShipmentLine
from procurement.shipments.rules import lots, receipts
from procurement.shipments.rules.receipts import Count, adds_up
from workflow.actors import Actor
from workflow.moves import locked


def receive(
    shipment: Shipment,
    counts: Sequence[Count],
    *,
    received_by: User,
    by: Actor,
    at: datetime,
    cartons: int = 0,
    remark: str = "",
    more_to_come: bool = False,
) -> Receipt:
    """Count what came: accepted, rejected and missing are what was shipped, with a reason for each difference; surplus apart.

    What was accepted goes into quarantine by lot; what was rejected or is missing goes back to the offer and the need, and each
    difference opens a case. Refuses counts that do not add up (unless more is to come), differences without a reason, and goods
    that were not delivered.
    """
    with transaction.atomic():
        row = locked(shipment)
        receipt = Receipt(
            shipment=row, city_id=row.city_id, by=received_by, received_at=at, cartons=cartons, remark=remark
        )
        receipts.RECORD.start(receipt, by=by, at=at, counts=[_told(count) for count in counts])
        lines = _locked_lines(row)
        refused = adds_up(counts, lines, more_to_come=more_to_come)
        if refused is not None:
            raise refused
        for count in counts:
            _keep(count, lines[count.line.pk], receipt, by=by, at=at)
        reason = "; ".join(count.reason for count in counts if count.reason)
        _pass_on(receipt, lines, 1, reason=reason, by=by, at=at)
        open_cases(receipt, by=by, at=at)
        findings.judge(row, at)
    return receipt


def take_back(receipt: Receipt, *, reason: str, by: Actor, at: datetime) -> Receipt:
    """Take a counting back that was wrong; it is counted anew in another receipt. Its cases end, its cartons are free again.

    Refuses when a lot of it was inspected or decided on, when a case of it was settled, and when what was given back has been
    promised to somebody else since.
    """
    with transaction.atomic():
        row = locked(receipt.shipment)
        with receipts.TAKE_BACK.on(receipt, by=by, at=at, reason=reason):
            pass
        lines = _locked_lines(row)
        for case in receipt.cases.filter(
            kind=DifferenceCase.Kind.SURPLUS, status=DifferenceCase.Status.DROPPED
        ):
            lines[case.line_id].surplus += case.pieces  # they left the counter when the case was dropped
        for counted in receipt.lines.select_related("lot").order_by("pk"):
            _add(lines[counted.line_id], counted, -1)
            if counted.lot is not None:
                with lots.ADD.on(counted.lot, by=by, at=at) as lot:
                    lot.quantity -= counted.accepted
        _pass_on(receipt, lines, -1, reason=reason, by=by, at=at)
        take_cases_back(receipt, reason=reason, by=by, at=at)
        CartonSeen.objects.filter(receipt=receipt).update(receipt=None)
        findings.judge(row, at)
    return receipt


def _locked_lines(row: Shipment) -> dict[int, ShipmentLine]:
    return {line.pk: line for line in row.lines.order_by("pk").select_for_update(of=("self",))}


def _keep(count: Count, line: ShipmentLine, receipt: Receipt, *, by: Actor, at: datetime) -> None:
    counted = ReceiptLine.objects.create(
        receipt=receipt,
        line=line,
        lot=quarantine(
            line, count.lot_number.strip(), count.accepted, expires_on=count.expires_on, by=by, at=at
        )
        if count.accepted
        else None,
        accepted=count.accepted,
        rejected=count.rejected,
        missing=count.missing,
        surplus=count.surplus,
        reason=count.reason,
    )
    _add(line, counted, 1)


def _add(line: ShipmentLine, counted: ReceiptLine, sign: int) -> None:
    line.accepted += sign * counted.accepted
    line.rejected += sign * counted.rejected
    line.missing += sign * counted.missing
    line.surplus += sign * counted.surplus
    line.save(update_fields=["accepted", "rejected", "missing", "surplus"])


def _pass_on(
    receipt: Receipt, lines: dict[int, ShipmentLine], sign: int, *, reason: str, by: Actor, at: datetime
) -> None:
    """Tell the orders, the promises and the needs what came of each line."""
    accepted: dict[int, int] = {}
    failed: dict[int, int] = {}
    for counted in receipt.lines.all():
        accepted[counted.line_id] = accepted.get(counted.line_id, 0) + sign * counted.accepted
        failed[counted.line_id] = failed.get(counted.line_id, 0) + sign * (counted.rejected + counted.missing)
    moved = {key: Moved(accepted=accepted[key], failed=failed[key]) for key in accepted}
    pieces.move(moved, list(lines.values()), reason=reason, by=by, at=at)


def _told(count: Count) -> dict[str, object]:
    return {
        "line": count.line.pk,
        "accepted": count.accepted,
        "rejected": count.rejected,
        "missing": count.missing,
        "surplus": count.surplus,
        "lot": count.lot_number,
        "reason": count.reason,
    }
