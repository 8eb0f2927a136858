"""What a city thinks of a company, and the interest a person has in one."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from partners.models import City
from procurement.suppliers.actions.companies import note_change
from procurement.suppliers.models import Interest, Standing, Supplier
from procurement.suppliers.rules import judgements as rules
from workflow.actors import Actor
from workflow.errors import Refused


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
    """Say what this city thinks of a company, from when to when. The city's own; nobody else sees it. Its offers may need other checks.

    Refuses an end before its beginning.
    """
    if ends_on is not None and ends_on < starts_on:
        words = _("The judgement ends before it begins. Correct one of the two days.")
        raise Refused("bad_day", words, field="ends_on")
    note_change(supplier, at, "needed")
    standing = Standing.objects.filter(supplier=supplier, city=city).first()
    if standing is None:
        fresh = Standing(
            supplier=supplier, city=city, status=status, starts_on=starts_on, ends_on=ends_on, reason=reason
        )
        return rules.JUDGE.start(fresh, by=by, at=at, reason=reason)
    move = next(move for move in rules.STANDING_MOVES if move.target == status)
    with move.on(standing, by=by, at=at, reason=reason) as row:
        row.starts_on = starts_on
        row.ends_on = ends_on
        row.reason = reason
    return standing


def declare_interest(
    supplier: Supplier, person: User, *, words: str = "", by: Actor, at: datetime
) -> Interest:
    """Note that a company concerns a person (a share, a post, a relative): they report on it no more. Again changes nothing."""
    known = Interest.objects.filter(supplier=supplier, person=person).first()
    if known is None:
        fresh = Interest(supplier=supplier, person=person, words=words)
        return rules.DECLARE.start(fresh, by=by, at=at, reason=words)
    if known.status == Interest.Status.DECLARED:
        return known
    with rules.DECLARE_AGAIN.on(known, by=by, at=at, reason=words) as row:
        row.words = words
    return known


def end_interest(interest: Interest, *, reason: str, by: Actor, at: datetime) -> Interest:
    """Note that it concerns them no more. Refuses the person themself: somebody else says so."""
    with rules.END.on(interest, by=by, at=at, reason=reason):
        pass
    return interest
