"""Actions on discrepancies: open, answer, settle and discard them."""

from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from procurement.quality.actions import quarantine_pieces
from procurement.receiving.models import Discrepancy, GoodsReceipt
from procurement.receiving.rules import discrepancies
from procurement.receiving.rules.discrepancies import (
    invalid_settlement_refusal,
    receipt_differences,
    surplus_by_lot,
)
from procurement.shipments.models import ShipmentLine
from workflow.actors import Actor
from workflow.errors import Refused
from workflow.moves import register_action, select_locked
from workflow.reminders import send_reminders_of


def open_discrepancies(receipt: GoodsReceipt, *, by: Actor, at: datetime) -> list[Discrepancy]:
    """Open a discrepancy for each line and kind of difference in a goods receipt.

    Called by the receipt, under the shipment's lock.
    """
    lines = ShipmentLine.objects.select_related("order_line__allocation__lead__contact")
    known = {line.pk: line for line in lines.filter(shipment=receipt.shipment_id)}
    found = [
        Discrepancy(
            shipment_id=receipt.shipment_id,
            line=known[line],
            receipt=receipt,
            city_id=receipt.city_id,
            contact=known[line].order_line.allocation.lead.contact,
            kind=kind,
            pieces=pieces,
            reason=reason,
        )
        for line, kind, pieces, reason in receipt_differences(receipt.lines.order_by("pk"))
    ]
    discrepancies.OPEN_DISCREPANCY.create_many(found, by=by, at=at)
    return found


def reverse_discrepancies(receipt: GoodsReceipt, *, reason: str, by: Actor, at: datetime) -> None:
    """Discard the discrepancies of a goods receipt that is reversed.

    Called by that action, under the shipment's lock.
    """
    for case in receipt.discrepancies.unsettled().order_by("pk"):
        with discrepancies.REVERSE.apply_to(case, by=by, at=at, reason=reason):
            pass


@register_action(discrepancies.RECORD_SENDER_ANSWER)
def answer_discrepancy(case: Discrepancy, *, answer: str, by: Actor, at: datetime) -> Discrepancy:
    """Record the sender's answer, in the sender's words.

    Refuses an empty or too long answer, a settled discrepancy, and one of a donation.
    """
    text = answer.strip()
    with discrepancies.RECORD_SENDER_ANSWER.apply_to(case, by=by, at=at) as row:
        if not text:
            raise Refused("answer_empty", _("Enter the sender’s answer."), field="answer")
        if len(text) > discrepancies.MAX_ANSWER_LENGTH:
            words = _("Enter at most %(longest)s characters.")
            raise Refused("too_long", words % {"longest": discrepancies.MAX_ANSWER_LENGTH}, field="answer")
        row.answer = text
        row.answered_at = at
        row.reminders = 0  # from now on the city is reminded to settle it
    return case


def answer_discrepancies_together(case: Discrepancy, *, answer: str, by: Actor, at: datetime) -> Discrepancy:
    """Record the same answer for all discrepancies that were reported in one message.

    Settled and discarded ones are left out.
    """
    with transaction.atomic():
        for one in [other for other in case.reported_together if other.status in Discrepancy.Status.open] or [
            case
        ]:
            answer_discrepancy(case if one.pk == case.pk else one, answer=answer, by=by, at=at)
    return case


@register_action(discrepancies.SETTLE)
def settle_discrepancy(
    case: Discrepancy,
    *,
    outcome: str,
    by: Actor,
    at: datetime,
    amount: Decimal | None = None,
    currency: str = "",
    words: str = "",
    lot_number: str = "",
    expires_on: date | None = None,
) -> Discrepancy:
    """Record how a discrepancy was settled: credited with an amount, replaced, or accepted as it is.

    Settled surplus stays with the city, so it goes into quarantine: into the lots of its goods receipt,
    or as a whole into the lot named. Refuses a credit without an amount, an amount without a credit,
    surplus with the outcome "replaced", and surplus whose lot is unknown.
    """
    with transaction.atomic():
        select_locked(case.shipment)
        with discrepancies.SETTLE.apply_to(case, by=by, at=at) as row:
            refused = invalid_settlement_refusal(row.kind, outcome, amount, currency)
            if refused is not None:
                raise refused
            row.outcome = outcome
            row.amount = amount
            row.currency = currency if amount is not None else ""
            row.words = words.strip()
            row.settled_at = at
            if row.kind == Discrepancy.Kind.SURPLUS:
                _quarantine_surplus(row, lot_number.strip(), expires_on, by=by, at=at)
    return case


def _quarantine_surplus(
    case: Discrepancy, number: str, expires_on: date | None, *, by: Actor, at: datetime
) -> None:
    """Put the surplus of a discrepancy into quarantine, lot by lot."""
    found = case.receipt.lines.filter(line=case.line_id, surplus__gt=0).select_related("lot").order_by("pk")
    lots = surplus_by_lot(found, number, expires_on)
    line = select_locked(case.line)
    line.surplus_kept += case.pieces
    line.save(update_fields=["surplus_kept"])
    for (name, expires), pieces in lots.items():
        quarantine_pieces(line, name, pieces, expires_on=expires, surplus=True, by=by, at=at)


@register_action(discrepancies.DISCARD)
def discard_discrepancy(case: Discrepancy, *, reason: str, by: Actor, at: datetime) -> Discrepancy:
    """Discard a discrepancy that was recorded by mistake. Its pieces no longer count as surplus.

    Refuses a missing reason.
    """
    with transaction.atomic():
        select_locked(case.shipment)
        with discrepancies.DISCARD.apply_to(case, by=by, at=at, reason=reason) as row:
            if row.kind == Discrepancy.Kind.SURPLUS:
                line = select_locked(row.line)
                line.surplus -= row.pieces
                line.save(update_fields=["surplus"])
    return case


def send_discrepancy_reminders(at: datetime) -> int:
    """Remind the sender of discrepancies without an answer, and the city of those it has to settle.

    Returns the number of discrepancies.
    """
    return send_reminders_of(Discrepancy.objects.waiting(), discrepancies.REMIND, at)
