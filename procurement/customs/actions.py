"""Actions on customs clearances, declarations and customs holds.

Every action locks the shipment first, because it changes the shipment's count of holds.
"""

import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from partners.validators import is_country_code, is_currency_code, normalize_code
from procurement.catalogue.models.customs import CustomsRule, DutyRelief
from procurement.customs import rules
from procurement.customs.duty_relief.actions import claim_reliefs
from procurement.customs.models import CustomsClearance, CustomsHold, Declaration
from procurement.customs.screening import CUSTOMS_SCREENING
from procurement.leads.actions.attachments import attach_file_and_flag_companies
from procurement.shipments.actions import (
    event_time_or_now,
    locked_shipment,
    rescreen_shipments,
    schedule_alert_check,
)
from procurement.shipments.models import Shipment, Step
from procurement.shipments.rules import field_label
from procurement.tracking.actions.events import record_step_of_move
from workflow.actors import Actor
from workflow.errors import Refused
from workflow.moves import register_action, select_locked
from workflow.uploads.file_types import Upload

CLEARED_STEP_BY_SIDE = {
    CustomsRule.Side.EXPORT: Step.EXPORT_CLEARED,
    CustomsRule.Side.IMPORT: Step.IMPORT_CLEARED,
}


@dataclass(frozen=True, kw_only=True)
class DeclaredLine:
    """Line of a declaration: ten-digit customs code, country of origin, value, currency and relief."""

    hs_code: str
    origin: str
    value: Decimal
    currency: str
    relief: str = ""


# --- clearances -------------------------------------------------------------------------------------------------
@register_action(rules.FILE_CLEARANCE)
def record_clearance_filing(
    clearance: CustomsClearance,
    *,
    by: Actor,
    at: datetime,
    office: str = "",
    filed_at: datetime | None = None,
) -> CustomsClearance:
    """Record that a clearance was filed with customs, and when.

    An import may be filed before the goods arrive. Refuses a moment in the future.
    """
    with (
        locked_shipment(clearance.shipment) as shipment,
        rules.FILE_CLEARANCE.apply_to(clearance, by=by, at=at) as row,
    ):
        row.filed_at = event_time_or_now(CustomsClearance, "filed_at", filed_at, at)
        row.office = office or row.office
        schedule_alert_check([shipment.pk], at)
    return clearance


@register_action(rules.ADD_DECLARATION)
def add_declaration(
    clearance: CustomsClearance,
    *,
    number: str,
    lines: Sequence[DeclaredLine] = (),
    by: Actor,
    at: datetime,
    office: str = "",
    broker_reference: str = "",
) -> Declaration:
    """Add a declaration to a clearance. An open clearance is filed with it.

    For each line that claims a relief, a relief claim is entered. Refuses a number that exists
    already, a code without ten digits, a value of zero or less, and an unknown origin, currency or
    relief.
    """
    lines = [
        replace(line, origin=normalize_code(line.origin), currency=normalize_code(line.currency))
        for line in lines
    ]
    for line in lines:
        _validate_line(line)
    number = number.strip()
    if not number:
        raise Refused("number_missing", _("Enter the declaration number."), field="number")
    with locked_shipment(clearance.shipment) as shipment:
        with rules.ADD_DECLARATION.apply_to(clearance, by=by, at=at, number=number) as row:
            declaration = _build_declaration(row, number, lines, office, broker_reference, at)
            claim_reliefs(declaration, lines, by=by, at=at)
        if clearance.status == CustomsClearance.Status.OPEN:
            record_clearance_filing(clearance, office=office, by=by, at=at)
        rescreen_shipments([shipment], at, CUSTOMS_SCREENING)
    return declaration


@register_action(rules.RECORD_RELEASE)
def record_customs_release(
    clearance: CustomsClearance, *, by: Actor, at: datetime, released_at: datetime | None = None
) -> CustomsClearance:
    """Record that customs cleared the goods, and when.

    Refuses a clearance on hold, an export that is not packed, an import that has not departed, and a moment in
    the future or before the filing.
    """
    with (
        locked_shipment(clearance.shipment) as shipment,
        rules.RECORD_RELEASE.apply_to(clearance, by=by, at=at) as row,
    ):
        filed = field_label(CustomsClearance, "filed_at")
        row.released_at = event_time_or_now(
            CustomsClearance, "released_at", released_at, at, before=filed, earlier=row.filed_at
        )
        record_step_of_move(
            shipment, CLEARED_STEP_BY_SIDE[CustomsRule.Side(row.side)], row.released_at, by=by, at=at
        )
    return clearance


# --- holds ------------------------------------------------------------------------------------------------------
@register_action(rules.RECORD_HOLD)
def record_hold(
    clearance: CustomsClearance,
    *,
    reason: str,
    question: str = "",
    started_at: datetime | None = None,
    by: Actor,
    at: datetime,
) -> CustomsHold:
    """Record that customs holds the clearance: since when, why, and the question asked.

    Refuses a missing reason, a released clearance, and a start in the future.
    """
    if not reason.strip():
        raise Refused("reason_missing", _("Enter the reason customs gave."), field="reason")
    with locked_shipment(clearance.shipment) as shipment:
        row = select_locked(clearance)
        held = CustomsHold(
            clearance=row,
            city_id=row.city_id,
            broker_id=row.broker_id,
            reason=reason,
            question=question,
            started_at=event_time_or_now(CustomsHold, "started_at", started_at, at),
        )
        rules.RECORD_HOLD.create(held, by=by, at=at, clearance=row.reference)
        _count_holds(row, shipment)
    return held


@register_action(rules.ANSWER_CUSTOMS)
def record_hold_answer(held: CustomsHold, *, answer: str, by: Actor, at: datetime) -> CustomsHold:
    """Record the answer given to customs. Refuses an empty answer."""
    if not answer.strip():
        raise Refused("answer_missing", _("Enter the answer given to customs."), field="answer")
    with locked_shipment(held.clearance.shipment), rules.ANSWER_CUSTOMS.apply_to(held, by=by, at=at) as row:
        row.answer = answer
    return held


def reply_to_customs(
    held: CustomsHold, *, answer: str, upload: Upload | None = None, by: Actor, at: datetime
) -> CustomsHold:
    """Record the answer given to customs, with the file sent along, if any.

    Refuses an empty answer, a hold that has ended, and a file that cannot be taken. If it refuses, nothing is stored.
    """
    with transaction.atomic():
        if upload is not None:
            attach_file_and_flag_companies(held, upload, by=by, at=at)
        return record_hold_answer(held, answer=answer, by=by, at=at)


@register_action(rules.END_HOLD)
def record_hold_end(
    held: CustomsHold, *, by: Actor, at: datetime, answer: str = "", ended_at: datetime | None = None
) -> CustomsHold:
    """Record the end of a customs hold. Refuses an end in the future, and one before the start."""
    with locked_shipment(held.clearance.shipment) as shipment:
        clearance = select_locked(held.clearance)
        with rules.END_HOLD.apply_to(held, by=by, at=at) as row:
            began = field_label(CustomsHold, "started_at")
            row.ended_at = event_time_or_now(
                CustomsHold, "ended_at", ended_at, at, before=began, earlier=row.started_at
            )
            row.answer = answer or row.answer
        _count_holds(clearance, shipment)
    return held


def _count_holds(clearance: CustomsClearance, shipment: Shipment) -> None:
    clearance.holds_open = clearance.holds.filter(status=CustomsHold.Status.ACTIVE).count()
    clearance.save(update_fields=["holds_open"])
    shipment.held = shipment.clearances.filter(holds_open__gt=0).exists()
    shipment.save(update_fields=["held"])


def _build_declaration(
    row: CustomsClearance,
    number: str,
    lines: Sequence[DeclaredLine],
    office: str,
    broker_reference: str,
    at: datetime,
) -> Declaration:
    if row.declarations.filter(number=number).exists():
        raise Refused("declared_already", _("This declaration already exists."), field="number")
    return Declaration.objects.create(
        clearance=row,
        city_id=row.city_id,
        broker_id=row.broker_id,
        number=number,
        office=office or row.office,
        filed_at=at,
        broker_reference=broker_reference,
        lines=[{**asdict(line), "value": str(line.value)} for line in lines],
    )


def _validate_line(line: DeclaredLine) -> None:
    def bad(words: Any, field: str) -> Refused:
        return Refused("bad_line", words, field=field)

    if not re.fullmatch(r"[0-9]{10}", line.hs_code):
        raise bad(_("Enter a customs code of ten digits."), "hs_code")
    if not is_country_code(line.origin):
        raise bad(_("Enter the country of origin as a two-letter code, such as CN."), "origin")
    if line.value <= 0:
        raise bad(_("Enter the true value, above zero. Customs requires it even for donations."), "value")
    if not is_currency_code(line.currency):
        raise bad(_("Enter the three-letter currency code, such as CAD."), "currency")
    if line.relief and not DutyRelief.objects.filter(code=line.relief).exists():
        raise bad(_("This relief does not exist."), "relief")
