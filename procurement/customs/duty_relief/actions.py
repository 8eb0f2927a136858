"""Actions on relief claims: claim, correct, mark as not proven, record a repayment, reopen, remind."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Protocol

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from procurement.catalogue.models.customs import DutyRelief
from procurement.catalogue.models.reference_rows import Validity
from procurement.catalogue.rules.duty_reliefs import unmet_conditions
from procurement.customs.duty_relief import rules
from procurement.customs.duty_relief.models import ReliefClaim
from procurement.customs.duty_relief.queries import duty_without_relief, shipment_line_of_hs_code
from procurement.customs.duty_relief.rules import reminders_due, saved_amount
from procurement.customs.models import Declaration
from procurement.customs.rules import importer_kinds, travelling_lines
from procurement.leads import currency_conversion
from procurement.leads.queries.landed_cost import manual_rates
from procurement.shipments.models import Shipment, ShipmentLine
from workflow.actors import SYSTEM, Actor
from workflow.days import latest_day
from workflow.due_rows import process_due
from workflow.edits import UNSET, Edit, Unset
from workflow.errors import Refused
from workflow.moves import register_action

SOURCE_FIELD_BY_RATE_FIELD = {"duty_percent": "duty_source", "tax_percent": "tax_source"}


class ReliefLine(Protocol):
    """Facts of a declared line from which a relief claim is entered."""

    @property
    def hs_code(self) -> str: ...
    @property
    def value(self) -> Decimal: ...
    @property
    def currency(self) -> str: ...
    @property
    def relief(self) -> str: ...


@dataclass(frozen=True, kw_only=True)
class ClaimEdit(Edit):
    """Values of a claim to correct. Rates are in per cent; an unset value stays."""

    line: ShipmentLine | Unset | None = UNSET
    pieces: int | Unset | None = UNSET
    number: str | Unset = UNSET
    value: Decimal | Unset = UNSET
    currency: str | Unset = UNSET
    duty_percent: Decimal | Unset | None = UNSET
    duty_source: str | Unset = UNSET
    tax_percent: Decimal | Unset | None = UNSET
    tax_source: str | Unset = UNSET
    saved: Decimal | Unset | None = UNSET
    saved_source: str | Unset = UNSET
    places: list[str] | Unset = UNSET
    prove_by: date | Unset | None = UNSET


def claim_reliefs(
    declaration: Declaration, lines: Sequence[ReliefLine], *, by: Actor, at: datetime
) -> list[ReliefClaim]:
    """Enter a claim for each line that names a relief, with the known duty rate.

    A relief that does not apply is entered too: customs decides, and the claim lists the conditions
    that are not met. Two reliefs on the same goods exclude each other, even in different declarations:
    both claims then list this as an unmet condition.
    """
    known = {row.code: row for row in DutyRelief.objects.filter(code__in={one.relief for one in lines})}
    with transaction.atomic():
        created = [
            _new_claim(declaration, position, line, known[line.relief], by, at)
            for position, line in enumerate(lines, 1)
            if line.relief
        ]
        if created:
            _evaluate_all(declaration.clearance.shipment, created)
        return created


@register_action(rules.CORRECT_CLAIM)
def correct_claim(
    claim: ReliefClaim, edit: ClaimEdit, *, reason: str, by: Actor, at: datetime
) -> ReliefClaim:
    """Correct values of a claim, with the reason, and recalculate the amount saved.

    The old values stay in the journal. Facts: line, pieces, number, value, currency, the two rates with
    their sources, or the amount with its source, places, prove_by. Refuses a rate or an amount without
    a source, goods of another shipment, and more pieces than the line has.
    """
    given = edit.changes()
    with rules.CORRECT_CLAIM.apply_to(claim, by=by, at=at, reason=reason) as row:
        edit.apply_to(row)
        _validate_claim(row)
        if "saved" in given and row.saved is not None and not row.saved_source.strip():
            raise Refused("source_missing", _("Enter the source of the amount."), field="saved_source")
        if "prove_by" in given:
            row.reminded = reminders_due(row, row.city.day_at(at))
        _recalculate(row)
    if "line" in given:
        _evaluate_all(claim.shipment, [claim])
    return claim


@register_action(rules.MARK_UNPROVEN)
def mark_unproven(claim: ReliefClaim, *, reason: str, by: Actor, at: datetime) -> ReliefClaim:
    """Record that the end use cannot be shown, with the reason. The amount saved has to be repaid."""
    with rules.MARK_UNPROVEN.apply_to(claim, by=by, at=at, reason=reason) as row:
        row.settled_on = row.city.day_at(at)
    return claim


@register_action(rules.REPAY)
def record_repayment(
    claim: ReliefClaim, *, repaid: Decimal, repaid_on: date, by: Actor, at: datetime, explanation: str = ""
) -> ReliefClaim:
    """Record the amount repaid to customs, in the currency of the claim, and the day.

    Refuses an amount of zero or less, and a day in the future.
    """
    with rules.REPAY.apply_to(claim, by=by, at=at) as row:
        if repaid <= 0:
            raise Refused("bad_amount", _("Enter the amount repaid."), field="repaid")
        if repaid_on > row.city.day_at(at):
            raise Refused(
                "in_the_future", _("Enter a payment date that is not in the future."), field="repaid_on"
            )
        row.repaid, row.settled_on = repaid, repaid_on
        row.explanation = explanation.strip() or row.explanation
    return claim


@register_action(rules.REOPEN)
def reopen_claim(claim: ReliefClaim, *, reason: str, by: Actor, at: datetime) -> ReliefClaim:
    """Reopen a claim whose end use was proven or not proven, or whose amount was repaid.

    The deadline counts again.
    """
    with rules.REOPEN.apply_to(claim, by=by, at=at, reason=reason) as row:
        row.shown, row.settled_on, row.repaid, row.explanation = None, None, None, ""
        row.reminded = reminders_due(row, row.city.day_at(at))
    return claim


def send_relief_reminders(at: datetime) -> int:
    """Remind the cities of deadlines for proofs: 30 days and 7 days before, and on the day.

    Returns the number of claims. Run by the periodic job.
    """
    near = ReliefClaim.objects.awaiting_proof().filter(
        prove_by__isnull=False,
        prove_by__lte=latest_day(at) + rules.FIRST_REMINDER_LEAD_TIME,
        reminded__lt=len(rules.REMINDER_DAYS),
    )
    zones = near.select_related("city").only("prove_by", "reminded", "city")
    due = [one.pk for one in zones if reminders_due(one, one.city.day_at(at)) > one.reminded]
    return process_due(near.filter(pk__in=due).order_by("pk"), lambda claim: _remind(claim, at))


def _remind(claim: ReliefClaim, at: datetime) -> None:
    with rules.REMIND.apply_to(claim, by=SYSTEM, at=at) as row:
        row.reminded = reminders_due(row, row.city.day_at(at))


def _new_claim(
    declaration: Declaration, position: int, line: ReliefLine, relief: DutyRelief, by: Actor, at: datetime
) -> ReliefClaim:
    shipment, city = declaration.clearance.shipment, declaration.city
    today = city.day_at(at)
    goods = shipment_line_of_hs_code(shipment, line.hs_code)
    duty = duty_without_relief(goods, declaration.clearance.country, today)
    claim = ReliefClaim(
        city=city,
        shipment=shipment,
        declaration=declaration,
        position=position,
        line=goods,
        pieces=goods.quantity if goods is not None else None,
        relief=relief,
        claimed_on=today,
        hs_code=line.hs_code,
        number=relief.authorisation,
        value=line.value,
        currency=line.currency,
        currency_here=city.currency,
        duty_percent=duty.percent,
        duty_source=duty.source,
        places=relief.importer_types_on(today) if relief.needs_end_use else [],
    )
    _evaluate(claim, ())
    _recalculate(claim)
    start = rules.CLAIM_RELIEF if relief.needs_end_use else rules.CLAIM_WITHOUT_PROOF
    return start.create(claim, by=by, at=at)


def _evaluate(claim: ReliefClaim, others: Iterable[str]) -> None:
    """Store on a claim the conditions that are not met, and whether the relief holds.

    `others` are the reliefs claimed for the same goods.
    """
    acquisition_type = claim.line.order_line.order.kind if claim.line is not None else None
    lines = travelling_lines(claim.shipment)
    claim.unmet = unmet_conditions(
        claim.relief,
        destination=claim.declaration.clearance.country,
        acquisition_type=acquisition_type,
        importers=importer_kinds(claim.shipment, [one for one in lines if claim.line_id in (None, one.pk)]),
        numbers=[claim.hs_code],
        on=claim.claimed_on,
        others=others,
    )
    claim.held = str(Validity.NO if claim.unmet else claim.relief.validity_on(claim.claimed_on))


def _evaluate_all(shipment: Shipment, fresh: Sequence[ReliefClaim]) -> None:
    """Check all claims of a shipment together, and copy the results to the instances in `fresh`.

    Called in the action's transaction.
    """
    rows = shipment.relief_claims.select_related(
        "relief", "declaration__clearance", "shipment", "line__order_line__order"
    )
    claims = list(rows.order_by("pk"))
    judged = {}
    for claim in claims:
        before = (claim.unmet, claim.held)
        _evaluate(claim, [one.relief.code for one in claims if _same_goods(one, claim)])
        if (claim.unmet, claim.held) != before:
            claim.save(update_fields=["unmet", "held"])
        judged[claim.pk] = claim
    for claim in fresh:
        claim.unmet, claim.held = judged[claim.pk].unmet, judged[claim.pk].held


def _same_goods(one: ReliefClaim, other: ReliefClaim) -> bool:
    """Return True if two claims of one clearance are for the same goods.

    They are compared by shipment line if both are known, else by the declared code.
    """
    if one.declaration.clearance_id != other.declaration.clearance_id:
        return False
    if one.line_id is not None and other.line_id is not None:
        return one.line_id == other.line_id
    return one.hs_code != "" and one.hs_code == other.hs_code


def _recalculate(row: ReliefClaim) -> None:
    """Calculate the amount saved from the rates, unless it was entered, and convert it.

    It is converted to the city's currency at the rate of the day of the claim, if a rate is known.
    """
    if not row.saved_source:
        row.saved = saved_amount(row.value, row.duty_percent, row.tax_percent, row.relief)
    row.saved_here = row.rate = row.rate_on = None
    if row.saved is None:
        return
    try:
        here = currency_conversion.convert(
            row.saved, row.currency, row.currency_here, row.claimed_on, manual_rates(row.city)
        )
    except Refused:
        return  # the page shows "no rate"; once a rate is entered, the next correction converts the amount
    row.saved_here = here.amount.quantize(rules.ONE_CENT)
    row.rate, row.rate_on = here.rate.rate, here.rate_date


def _validate_claim(row: ReliefClaim) -> None:
    if row.value <= 0:
        raise Refused(
            "bad_amount", _("Enter the true value, above zero, as customs requires."), field="value"
        )
    _require_valid_rates(row)
    saved, source = row.saved, row.saved_source.strip()
    if (source and saved is None) or (saved is not None and saved < 0):
        raise Refused("amount_missing", _("Enter the amount saved."), field="saved")
    line = row.line
    if line is not None and line.shipment_id != row.shipment_id:
        raise Refused("not_of_this_shipment", _("Choose goods from this shipment."), field="line")
    if row.pieces is not None and line is not None and row.pieces > line.quantity:
        raise Refused(
            "too_many_pieces", _("The relief cannot cover more units than arrived."), field="pieces"
        )


def _require_valid_rates(row: ReliefClaim) -> None:
    """Refuse a rate outside 0 to 100 per cent, and a rate without a source."""
    for name, source in SOURCE_FIELD_BY_RATE_FIELD.items():
        rate = getattr(row, name)
        if rate is not None and not 0 <= rate <= 100:
            raise Refused("bad_rate", _("Enter a rate from 0 to 100 percent."), field=name)
        if rate is not None and not getattr(row, source).strip():
            raise Refused("source_missing", _("Enter the source of the rate."), field=source)
