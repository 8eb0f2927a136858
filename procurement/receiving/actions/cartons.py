"""Actions on cartons at receiving: counted one by one, undone, and turned into a goods receipt."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import ActingUser
from procurement.receiving.actions.receipts import record_receipt
from procurement.receiving.models import CartonReceipt, GoodsReceipt
from procurement.receiving.rules import cartons
from procurement.receiving.rules.cartons import (
    CartonObservation,
    already_counted_message,
    counts_by_line,
    difference_reasons,
    invalid_count_refusal,
    is_repeated_count,
)
from procurement.shipments.models import Carton, Shipment, ShipmentLine
from workflow.actors import Actor
from workflow.errors import Refused
from workflow.moves import register_action, select_locked


@register_action(cartons.RECORD_CARTON)
def record_carton(
    shipment: Shipment,
    carton: Carton,
    *,
    state: str,
    seen_by: ActingUser,
    by: Actor,
    at: datetime,
    pieces: int = 0,
    unusable: int = 0,
    lot_number: str = "",
    expires_on: date | None = None,
    remark: str = "",
) -> CartonReceipt:
    """Record how one carton came: its state, the pieces inside, its lot and expiry.

    Refuses a carton of another shipment, one that was counted already (the refusal gives the stored
    result), more unusable pieces than are inside, and usable pieces without a lot.
    """
    seen = CartonObservation(
        state=state,
        pieces=pieces,
        unusable=unusable,
        lot_number=lot_number.strip(),
        expires_on=expires_on,
        remark=remark.strip(),
    )
    about = cartons.RECORD_CARTON.apply_to(
        shipment, by=by, at=at, carton=carton.reference, state=state, pieces=pieces, unusable=unusable
    )
    with about as row:
        refused = _refuse_other_shipment(row, carton) or invalid_count_refusal(seen)
        if refused is not None:
            raise refused
        counted = CartonReceipt.objects.not_undone().filter(carton=carton)
        known = counted.select_related("carton", "by").first()
        if known is not None:
            same = is_repeated_count(known, seen)
            raise Refused("carton_seen", already_counted_message(known), carton=carton.reference, same=same)
        return CartonReceipt.objects.create(
            carton=carton, shipment=row, by=seen_by, at=at, **{name: getattr(seen, name) for name in _FIELDS}
        )


_FIELDS = ("state", "pieces", "unusable", "lot_number", "expires_on", "remark")


def receive_cartons(
    shipment: Shipment,
    observed: Sequence[tuple[Carton, CartonObservation]],
    *,
    received_by: ActingUser,
    by: Actor,
    at: datetime,
    remark: str = "",
) -> GoodsReceipt:
    """Count all these cartons at once and make the goods receipt of the whole shipment.

    A carton that was counted on its own before keeps that count if it is observed as plainly intact.
    The reasons for differences are built from the cartons and the `remark`. Refuses what `record_carton`
    refuses, an observed difference of a carton that was counted already, and what `finish_receiving`
    refuses.
    """
    with transaction.atomic():
        row = select_locked(shipment)
        known = {
            one.carton_id: one
            for one in CartonReceipt.objects.not_undone().filter(shipment=row).select_related("carton", "by")
        }
        fresh = []
        for carton, seen in observed:
            refused = _refuse_other_shipment(row, carton) or invalid_count_refusal(seen)
            before = known.get(carton.pk)
            if refused is None and before is not None and not seen.is_intact_without_remark:
                refused = Refused("carton_seen", already_counted_message(before), carton=carton.reference)
            if refused is not None:
                raise refused
            if before is None:
                fresh.append(_new_observation(row, carton, seen, received_by, at))
        CartonReceipt.objects.bulk_create(fresh)
        loose = (
            CartonReceipt.objects.not_in_receipt()
            .filter(shipment=row)
            .select_related("carton")
            .order_by("pk")
        )
        reasons = difference_reasons([(one.carton, one) for one in loose], remark.strip())
        return finish_receiving(
            row, received_by=received_by, by=by, at=at, reasons=reasons, remark=remark.strip()
        )


def _new_observation(
    row: Shipment, carton: Carton, seen: CartonObservation, seen_by: ActingUser, at: datetime
) -> CartonReceipt:
    facts = {name: getattr(seen, name) for name in _FIELDS}
    return CartonReceipt(carton=carton, shipment=row, by=seen_by, at=at, **facts)


@register_action(cartons.UNDO_CARTON)
def undo_carton(
    shipment: Shipment, carton: Carton, *, undone_by: ActingUser, by: Actor, at: datetime
) -> Carton:
    """Undo the entry for a carton, so that it can be counted again.

    Refuses a carton that was not counted, and one that belongs to a goods receipt.
    """
    with cartons.UNDO_CARTON.apply_to(shipment, by=by, at=at, carton=carton.reference) as row:
        known = CartonReceipt.objects.not_undone().filter(carton=carton, shipment=row).first()
        if known is None:
            raise Refused("carton_not_seen", _("%(carton)s has not been counted yet.") % {"carton": carton})
        if known.receipt_id is not None:
            words = _("%(carton)s is part of a goods receipt. Undo the goods receipt first.")
            raise Refused("carton_counted", words % {"carton": carton})
        known.undone_at = at
        known.undone_by = undone_by
        known.save(update_fields=["undone_at", "undone_by"])
    return carton


def finish_receiving(
    shipment: Shipment,
    *,
    received_by: ActingUser,
    by: Actor,
    at: datetime,
    reasons: Mapping[int, str],
    more_to_come: bool = False,
    remark: str = "",
) -> GoodsReceipt:
    """Make a goods receipt of the cartons that were counted since the last one.

    `reasons` holds the reason for a difference, by line. Unless more is to come, cartons that were not
    counted are missing. Refuses if there is no carton to count, and what a goods receipt refuses: a
    difference without a reason, and counts that do not add up.
    """
    with transaction.atomic():
        row = select_locked(shipment)
        loose = list(
            CartonReceipt.objects.not_in_receipt()
            .filter(shipment=row)
            .select_related("carton")
            .order_by("pk")
        )
        lines = {line.pk: line for line in row.lines.order_by("pk")}
        boxes: list[tuple[Carton, CartonReceipt | None]] = [(one.carton, one) for one in loose]
        if not more_to_come:
            boxes += [(box, None) for box in uncounted_cartons(row, lines)]
        if not boxes:
            raise Refused("nothing_counted", _("First scan a carton or enter its number."))
        receipt = record_receipt(
            row,
            counts_by_line(boxes, lines, dict(reasons)),
            received_by=received_by,
            by=by,
            at=at,
            cartons=sum(one.state != CartonReceipt.State.MISSING for one in loose),
            remark=remark,
            more_to_come=more_to_come,
        )
        CartonReceipt.objects.filter(pk__in=[one.pk for one in loose]).update(receipt=receipt)
    return receipt


def uncounted_cartons(row: Shipment, lines: Mapping[int, ShipmentLine]) -> list[Carton]:
    """Return the cartons that were not counted, in order, of lines with uncounted pieces."""
    waiting = [line.pk for line in lines.values() if line.uncounted_pieces]
    seen = CartonReceipt.objects.not_undone().filter(shipment=row)
    rows = Carton.objects.filter(shipment=row, line__in=waiting).exclude(pk__in=seen.values("carton"))
    return list(rows.order_by("number"))


def _refuse_other_shipment(row: Shipment, carton: Carton) -> Refused | None:
    if carton.shipment_id == row.pk:
        return None
    words = _("%(carton)s is not a carton of %(shipment)s.")
    return Refused(
        "another_shipment", words % {"carton": carton.reference, "shipment": row.reference}, field="carton"
    )
