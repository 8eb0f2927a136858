"""Actions on goods receipts: record one by lot, and reverse one."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from accounts.models import ActingUser
from procurement.quality import rules
from procurement.quality.actions import quarantine_pieces
from procurement.receiving.actions.discrepancies import open_discrepancies, reverse_discrepancies
from procurement.receiving.models import CartonReceipt, Discrepancy, GoodsReceipt, GoodsReceiptLine
from procurement.receiving.rules import receipts
from procurement.receiving.rules.receipts import LotCount, unequal_totals_refusal
from procurement.receiving.screening import RECEIVING_SCREENING
from procurement.shipments.actions import PieceChange, apply_piece_changes, rescreen_shipments
from procurement.shipments.models import Shipment, ShipmentLine
from workflow.actors import Actor
from workflow.moves import register_action, select_locked


@register_action(receipts.RECORD_GOODS_RECEIPT)
def record_receipt(
    shipment: Shipment,
    counts: Sequence[LotCount],
    *,
    received_by: ActingUser,
    by: Actor,
    at: datetime,
    cartons: int = 0,
    remark: str = "",
    more_to_come: bool = False,
) -> GoodsReceipt:
    """Record a goods receipt: accepted, rejected and missing pieces per line and lot; surplus separately.

    Accepted pieces go into quarantine by lot. Rejected and missing pieces are given back to the offer and the
    need, and each difference opens a discrepancy. Refuses counts that do not add up (fewer pieces are allowed
    if `more_to_come`), differences without a reason, and goods that were not delivered.
    """
    with transaction.atomic():
        row = select_locked(shipment)
        receipt = GoodsReceipt(
            shipment=row, city_id=row.city_id, by=received_by, received_at=at, cartons=cartons, remark=remark
        )
        receipts.RECORD_GOODS_RECEIPT.create(
            receipt, by=by, at=at, counts=[_journal_facts_of_count(count) for count in counts]
        )
        lines = _locked_lines(row)
        refused = unequal_totals_refusal(counts, lines, more_to_come=more_to_come)
        if refused is not None:
            raise refused
        for count in counts:
            _store_line(count, lines[count.line.pk], receipt, by=by, at=at)
        reason = "; ".join(count.reason for count in counts if count.reason)
        _move_counters(receipt, lines, 1, reason=reason, by=by, at=at)
        open_discrepancies(receipt, by=by, at=at)
        rescreen_shipments([row], at, RECEIVING_SCREENING)
    return receipt


@register_action(receipts.REVERSE)
def reverse_receipt(receipt: GoodsReceipt, *, reason: str, by: Actor, at: datetime) -> GoodsReceipt:
    """Reverse a wrong goods receipt. Its discrepancies end, and its cartons can be counted again.

    Refuses if a lot of the receipt was inspected or decided on, if a discrepancy was settled, or if the
    pieces given back have been allocated elsewhere since.
    """
    with transaction.atomic():
        row = select_locked(receipt.shipment)
        with receipts.REVERSE.apply_to(receipt, by=by, at=at, reason=reason):
            pass
        lines = _locked_lines(row)
        for case in receipt.discrepancies.filter(
            kind=Discrepancy.Kind.SURPLUS, status=Discrepancy.Status.DISCARDED
        ):
            lines[case.line_id].surplus += case.pieces  # dropping the case took them off the counter
        for counted in receipt.lines.select_related("lot").order_by("pk"):
            _add_to_line_counters(lines[counted.line_id], counted, -1)
            if counted.lot is not None:
                with rules.ADD_UNITS.apply_to(counted.lot, by=by, at=at) as lot:
                    lot.quantity -= counted.accepted
        _move_counters(receipt, lines, -1, reason=reason, by=by, at=at)
        reverse_discrepancies(receipt, reason=reason, by=by, at=at)
        CartonReceipt.objects.filter(receipt=receipt).update(receipt=None)
        rescreen_shipments([row], at, RECEIVING_SCREENING)
    return receipt


def _locked_lines(row: Shipment) -> dict[int, ShipmentLine]:
    return {line.pk: line for line in row.lines.order_by("pk").select_for_update(of=("self",))}


def _store_line(
    count: LotCount, line: ShipmentLine, receipt: GoodsReceipt, *, by: Actor, at: datetime
) -> None:
    counted = GoodsReceiptLine.objects.create(
        receipt=receipt,
        line=line,
        lot=quarantine_pieces(
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
    _add_to_line_counters(line, counted, 1)


def _add_to_line_counters(line: ShipmentLine, counted: GoodsReceiptLine, sign: int) -> None:
    line.accepted += sign * counted.accepted
    line.rejected += sign * counted.rejected
    line.missing += sign * counted.missing
    line.surplus += sign * counted.surplus
    line.save(update_fields=["accepted", "rejected", "missing", "surplus"])


def _move_counters(
    receipt: GoodsReceipt, lines: dict[int, ShipmentLine], sign: int, *, reason: str, by: Actor, at: datetime
) -> None:
    """Move the counters of the orders, allocations and needs by the results of each line."""
    accepted: dict[int, int] = {}
    failed: dict[int, int] = {}
    for counted in receipt.lines.all():
        accepted[counted.line_id] = accepted.get(counted.line_id, 0) + sign * counted.accepted
        failed[counted.line_id] = failed.get(counted.line_id, 0) + sign * (counted.rejected + counted.missing)
    moved = {key: PieceChange(accepted=accepted[key], failed=failed[key]) for key in accepted}
    apply_piece_changes(moved, list(lines.values()), reason=reason, by=by, at=at)


def _journal_facts_of_count(count: LotCount) -> dict[str, object]:
    return {
        "line": count.line.pk,
        "accepted": count.accepted,
        "rejected": count.rejected,
        "missing": count.missing,
        "surplus": count.surplus,
        "lot": count.lot_number,
        "reason": count.reason,
    }
