"""Cases of differences: opened and taken back with a counting, answered by who sent the goods, settled by the city."""

from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from procurement.shipments.actions.lots import quarantine
from procurement.shipments.models.arrival import Receipt
from procurement.shipments.models.cases import DifferenceCase
from procurement.shipments.models.shipment import ShipmentLine
from procurement.shipments.rules.dock import cases
from procurement.shipments.rules.dock.cases import lots_of_surplus, settled_with
from workflow.actors import Actor
from workflow.errors import Refused
from workflow.moves import locked


def open_cases(receipt: Receipt, *, by: Actor, at: datetime) -> list[DifferenceCase]:
    """A case for each line and kind of difference that a counting found. Called by the counting, under the shipment's lock."""
    lines = ShipmentLine.objects.select_related("order_line__allocation__lead__contact")
    known = {line.pk: line for line in lines.filter(shipment=receipt.shipment_id)}
    found = [
        DifferenceCase(
            shipment_id=receipt.shipment_id,
            line=known[line],
            receipt=receipt,
            city_id=receipt.city_id,
            contact=known[line].order_line.allocation.lead.contact,
            kind=kind,
            pieces=pieces,
            reason=reason,
        )
        for line, kind, pieces, reason in cases.differences(receipt.lines.order_by("pk"))
    ]
    cases.OPEN.start_many(found, by=by, at=at)
    return found


def take_cases_back(receipt: Receipt, *, reason: str, by: Actor, at: datetime) -> None:
    """Drop the cases of a counting that is taken back. Called by that, under the shipment's lock."""
    for case in receipt.cases.unsettled().order_by("pk"):
        with cases.TAKE_BACK.on(case, by=by, at=at, reason=reason):
            pass


def answer_case(case: DifferenceCase, *, answer: str, by: Actor, at: datetime) -> DifferenceCase:
    """Note what the sender says, in their words. Refuses an empty or endless answer, a settled case, and one of a gift."""
    said = answer.strip()
    with cases.ANSWER.on(case, by=by, at=at) as row:
        if not said:
            raise Refused("answer_empty", _("Write what the sender says."), field="answer")
        if len(said) > cases.LONGEST:
            words = _("At most %(longest)s characters, please.")
            raise Refused("too_long", words % {"longest": cases.LONGEST}, field="answer")
        row.answer = said
        row.answered_at = at
    return case


def answer_together(case: DifferenceCase, *, answer: str, by: Actor, at: datetime) -> DifferenceCase:
    """The same words for all that one letter told of: what the same counting found of the same contact's goods and is not settled."""
    with transaction.atomic():
        for one in [other for other in case.together if other.status in DifferenceCase.UNSETTLED] or [case]:
            answer_case(case if one.pk == case.pk else one, answer=answer, by=by, at=at)
    return case


def settle_case(
    case: DifferenceCase,
    *,
    outcome: str,
    by: Actor,
    at: datetime,
    amount: Decimal | None = None,
    currency: str = "",
    words: str = "",
    lot_number: str = "",
    expires_on: date | None = None,
) -> DifferenceCase:
    """Note how it was settled: credited with a sum, replaced, or accepted as it is.

    Surplus that is settled stays here, so it goes into quarantine: into the lots it was counted with, or all of it into the lot
    named. Refuses a credit without its sum, a sum without a credit, surplus "replaced", and surplus whose lot is not known.
    """
    with transaction.atomic():
        locked(case.shipment)
        with cases.SETTLE.on(case, by=by, at=at) as row:
            refused = settled_with(row.kind, outcome, amount, currency)
            if refused is not None:
                raise refused
            row.outcome = outcome
            row.amount = amount
            row.currency = currency if amount is not None else ""
            row.words = words.strip()
            row.settled_at = at
            if row.kind == DifferenceCase.Kind.SURPLUS:
                _keep_surplus(row, lot_number.strip(), expires_on, by=by, at=at)
    return case


def _keep_surplus(
    case: DifferenceCase, number: str, expires_on: date | None, *, by: Actor, at: datetime
) -> None:
    """Put the pieces of a case into quarantine, lot by lot."""
    found = case.receipt.lines.filter(line=case.line_id, surplus__gt=0).select_related("lot").order_by("pk")
    lots = lots_of_surplus(found, number, expires_on)
    line = locked(case.line)
    line.surplus_kept += case.pieces
    line.save(update_fields=["surplus_kept"])
    for (name, expires), pieces in lots.items():
        quarantine(line, name, pieces, expires_on=expires, surplus=True, by=by, at=at)


def drop_case(case: DifferenceCase, *, reason: str, by: Actor, at: datetime) -> DifferenceCase:
    """It was no difference after all: pieces that were too many are counted as surplus no more. Refuses without a reason."""
    with transaction.atomic():
        locked(case.shipment)
        with cases.DROP.on(case, by=by, at=at, reason=reason) as row:
            if row.kind == DifferenceCase.Kind.SURPLUS:
                line = locked(row.line)
                line.surplus -= row.pieces
                line.save(update_fields=["surplus"])
    return case
