"""Actions on a city's supplier status, and on the declared interests of people."""

from datetime import date, datetime

from django.db import transaction

from accounts.models import User
from partners.cities.models import City
from procurement.suppliers.actions.suppliers import request_rescreening
from procurement.suppliers.models.statuses import InterestDeclaration, SupplierStatus
from procurement.suppliers.models.suppliers import Supplier
from procurement.suppliers.rules import statuses
from procurement.suppliers.rules.statuses import invalid_status_refusal
from workflow.actors import Actor
from workflow.moves import register_action


@register_action(statuses.APPROVE, statuses.PUT_ON_WATCH, statuses.SUSPEND, statuses.BAN, statuses.SET_STATUS)
@transaction.atomic
def set_status(
    supplier: Supplier,
    city: City,
    status: str,
    *,
    reason: str,
    starts_on: date,
    ends_on: date | None = None,
    by: Actor,
    at: datetime,
) -> SupplierStatus:
    """Set this city's supplier status, for all rows of the supplier, with its period.

    Only this city sees it. Its offers may need other checks. Refuses an end before the start, a future
    start while another status is in force today, and an end before the end of another, stricter status.
    """
    company = supplier.current_row
    known = list(SupplierStatus.objects.filter(supplier__in=company.row_ids, city=city).order_by("pk"))
    no = invalid_status_refusal(known, status, starts_on=starts_on, ends_on=ends_on, today=city.day_at(at))
    if no is not None:
        raise no
    request_rescreening(company, at, "needed")
    move = next(move for move in statuses.SUPPLIER_STATUS_MOVES if move.target == status)
    for one in known:
        with move.apply_to(one, by=by, at=at, reason=reason) as row:
            row.starts_on, row.ends_on, row.reason = starts_on, ends_on, reason
    supplier_status = next((one for one in known if one.supplier_id == company.pk), None)
    if supplier_status is None:  # only a merged row had a status, and it may be separated again
        fresh = SupplierStatus(
            supplier=company,
            city=city,
            status=status,
            starts_on=starts_on,
            ends_on=ends_on,
            reason=reason,
        )
        supplier_status = statuses.SET_STATUS.create(fresh, by=by, at=at, reason=reason)
    return supplier_status


@register_action(statuses.DECLARE_INTEREST, statuses.DECLARE_INTEREST_AGAIN)
def declare_interest(
    supplier: Supplier, person: User, *, words: str = "", by: Actor, at: datetime
) -> InterestDeclaration:
    """Record that a person has an interest in a supplier (a share, a post, a relative).

    They then no longer report on it. A second call changes nothing.
    """
    known = InterestDeclaration.objects.filter(supplier=supplier, person=person).first()
    if known is None:
        fresh = InterestDeclaration(supplier=supplier, person=person, words=words)
        return statuses.DECLARE_INTEREST.create(fresh, by=by, at=at, reason=words)
    if known.status == InterestDeclaration.Status.DECLARED:
        return known
    with statuses.DECLARE_INTEREST_AGAIN.apply_to(known, by=by, at=at, reason=words) as row:
        row.words = words
    return known


@register_action(statuses.END_INTEREST)
def end_interest(
    interest: InterestDeclaration, *, reason: str, by: Actor, at: datetime
) -> InterestDeclaration:
    """Record that a declared interest has ended. Refuses the person themself: another person must do this."""
    with statuses.END_INTEREST.apply_to(interest, by=by, at=at, reason=reason):
        pass
    return interest
