"""Recording what a register or a maker answered about a company. What it speaks against is judged and checked anew."""

from datetime import date, datetime
from typing import Any

from django.db import transaction

from accounts.models import User
from procurement.suppliers.actions import counting
from procurement.suppliers.actions.companies import note_change
from procurement.suppliers.models.company import Supplier
from procurement.suppliers.models.lookup import LookUp
from procurement.suppliers.rules import lookups
from procurement.suppliers.rules.lookups import source_key, speaks_against
from workflow.actors import Actor
from workflow.days import latest_day


def record_lookup(
    supplier: Supplier,
    kind: str,
    *,
    answer: str,
    answered_on: date,
    address: str,
    entered_by: User,
    by: Actor,
    at: datetime,
    **facts: Any,
) -> LookUp:
    """Record the answer of a register, or of a maker who was asked, about a company.

    Its open offers are judged anew by the tick; the checks that rest on such an answer are made again where it speaks against the
    company. Refuses an answer the kind does not have, one without the address opened, and a day that has not come.
    """
    row = LookUp(
        supplier=supplier.current,
        kind=kind,
        answer=answer,
        answered_on=answered_on,
        address=address.strip(),
        source_key=source_key(address),
        entered_by=entered_by,
        **facts,
    )
    if (no := lookups.fault(row, latest_day(at))) is not None:
        raise no
    with transaction.atomic():
        asked = counting.withhold(row, [row.supplier], by=by)
        only = counting.mine(by) if row.not_for else None
        note_change(row.supplier, at, *([lookups.FACTS[kind]] if speaks_against(row) else []), only=only)
        lookups.RECORD.start(row, by=by, at=at)
        counting.ask(row, asked, why=row.words, author=entered_by, by=by, at=at)
    return row


def take_back_look_up(look_up: LookUp, *, reason: str, by: Actor, at: datetime) -> LookUp:
    """Say that a look-up was entered by mistake: it counts no more, and stays to be read. The offers are judged anew."""
    with transaction.atomic():
        with lookups.TAKE_BACK.on(look_up, by=by, at=at, reason=reason):
            pass
        note_change(look_up.supplier, at)
    return look_up
