"""Actions that record what a register or a manufacturer answered about a supplier, or retract it.

Offers are screened again, and checks are repeated where the answer is unfavourable.
"""

from datetime import date, datetime
from typing import TypedDict, Unpack

from django.db import transaction

from accounts.models import ActingUser
from procurement.catalogue.models.products import Product
from procurement.suppliers.actions.fact_acceptance import (
    ask_cities_to_accept,
    cities_of_actor,
    exclude_other_cities,
)
from procurement.suppliers.actions.suppliers import request_rescreening
from procurement.suppliers.models.register_lookups import RegisterLookup
from procurement.suppliers.models.suppliers import Supplier
from procurement.suppliers.rules import register_lookups
from procurement.suppliers.rules.register_lookups import invalid_lookup_refusal, is_adverse, source_key
from workflow.actors import Actor
from workflow.days import latest_day
from workflow.moves import register_action


class LookupFacts(TypedDict, total=False):
    """Further facts in the answer of a register: the party it names, the first day, the number of pieces."""

    party: str
    product: Product | None
    model: str
    since: date | None
    count: int | None
    words: str


@register_action(register_lookups.RECORD_LOOKUP)
def record_lookup(
    supplier: Supplier,
    kind: str,
    *,
    answer: str,
    answered_on: date,
    address: str,
    entered_by: ActingUser,
    by: Actor,
    at: datetime,
    **facts: Unpack[LookupFacts],
) -> RegisterLookup:
    """Record the answer of a register, or of a manufacturer who was asked, about a supplier.

    The periodic job screens the supplier's open offers again. Checks based on such an answer are
    repeated if it is unfavourable. Refuses an answer that the kind does not have, one without the
    address opened, and a date in the future.
    """
    row = RegisterLookup(
        supplier=supplier.current_row,
        kind=kind,
        answer=answer,
        answered_on=answered_on,
        address=address.strip(),
        source_key=source_key(address),
        entered_by=entered_by,
        **facts,
    )
    if (no := invalid_lookup_refusal(row, latest_day(at))) is not None:
        raise no
    with transaction.atomic():
        asked = exclude_other_cities(row, [row.supplier], by=by)
        only = cities_of_actor(by) if row.excluded_city_ids else None
        request_rescreening(
            row.supplier,
            at,
            *([register_lookups.CHANGED_FACT_BY_KIND[kind]] if is_adverse(row) else []),
            only=only,
        )
        register_lookups.RECORD_LOOKUP.create(row, by=by, at=at)
        ask_cities_to_accept(row, asked, why=row.words, author=entered_by, by=by, at=at)
    return row


@register_action(register_lookups.RETRACT)
def retract_lookup(look_up: RegisterLookup, *, reason: str, by: Actor, at: datetime) -> RegisterLookup:
    """Retract a register lookup that was entered by mistake. The supplier's offers are screened again.

    It no longer counts but can still be read.
    """
    with transaction.atomic():
        with register_lookups.RETRACT.apply_to(look_up, by=by, at=at, reason=reason):
            pass
        request_rescreening(look_up.supplier, at)
    return look_up
