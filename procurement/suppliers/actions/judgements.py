"""What a city thinks of a company, and the interest a person has in one."""

from datetime import date, datetime

from django.db import transaction

from accounts.models import User
from partners.models.cities import City
from procurement.suppliers.actions.companies import note_change
from procurement.suppliers.models.company import Supplier
from procurement.suppliers.models.judgement import Interest, Standing
from procurement.suppliers.rules import judgements
from workflow.actors import Actor


@transaction.atomic
def judge(
    supplier: Supplier,
    city: City,
    status: str,
    *,
    reason: str,
    starts_on: date,
    ends_on: date | None = None,
    by: Actor,
    at: datetime,
) -> Standing:
    """Say what this city thinks of a company, under each of its rows, from when to when. The city's own; nobody else sees it. Its
    offers may need other checks.

    Refuses an end before its beginning, a day to come while something holds today, and an end before that of another, harder word.
    """
    company = supplier.current
    known = list(Standing.objects.filter(supplier__in=company.rows, city=city).order_by("pk"))
    no = judgements.fault(known, status, starts_on=starts_on, ends_on=ends_on, today=city.day_at(at))
    if no is not None:
        raise no
    note_change(company, at, "needed")
    move = next(move for move in judgements.STANDING_MOVES if move.target == status)
    for one in known:
        with move.on(one, by=by, at=at, reason=reason) as row:
            row.starts_on, row.ends_on, row.reason = starts_on, ends_on, reason
    standing = next((one for one in known if one.supplier_id == company.pk), None)
    if standing is None:  # where only a merged row was judged: it may part again
        fresh = Standing(
            supplier=company,
            city=city,
            status=status,
            starts_on=starts_on,
            ends_on=ends_on,
            reason=reason,
        )
        standing = judgements.JUDGE.start(fresh, by=by, at=at, reason=reason)
    return standing


def declare_interest(
    supplier: Supplier, person: User, *, words: str = "", by: Actor, at: datetime
) -> Interest:
    """Note that a company concerns a person (a share, a post, a relative): they report on it no more. Again changes nothing."""
    known = Interest.objects.filter(supplier=supplier, person=person).first()
    if known is None:
        fresh = Interest(supplier=supplier, person=person, words=words)
        return judgements.DECLARE.start(fresh, by=by, at=at, reason=words)
    if known.status == Interest.Status.DECLARED:
        return known
    with judgements.DECLARE_AGAIN.on(known, by=by, at=at, reason=words) as row:
        row.words = words
    return known


def end_interest(interest: Interest, *, reason: str, by: Actor, at: datetime) -> Interest:
    """Note that it concerns them no more. Refuses the person themself: somebody else says so."""
    with judgements.END.on(interest, by=by, at=at, reason=reason):
        pass
    return interest
