"""Promising a part of a lead to a line, and giving it back; fixing criteria. The only writer of allocations.

Moves the lead's and the line's counters under their locks, always lead before line.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F, OuterRef, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from accounts.models import User
from partners.roles import Power
from procurement.allocations import rules
from procurement.allocations.models import Allocation, Criteria
from procurement.allocations.rules import Point, in_time
from procurement.leads.actions import counters, offers
from procurement.leads.models.offer import SupplierLead
from procurement.requests.actions.counters import progress
from procurement.requests.models import MOST, RequestLine
from workflow.actors import CLOCK, Actor
from workflow.due import work_off
from workflow.errors import NOT_ALLOWED, Refused
from workflow.journal import entries
from workflow.moves import locked
from workflow.tongues import Figure


def propose(
    lead: SupplierLead, line: RequestLine, quantity: int, *, author: User, by: Actor, at: datetime
) -> Allocation:
    """Propose a promise: it counts for nothing yet. Refuses an unverified offer, another product where the line takes no alternatives,
    a closed need, and more than the offer has free or the line still needs now.
    """
    if not 1 <= quantity <= MOST:
        words = _("Give a quantity from 1 to %(most)s pieces.") % {"most": Figure(MOST)}
        raise Refused("bad_quantity", words, field="quantity")
    allocation = Allocation(city=line.city, lead=lead, line=line, quantity=quantity, author=author)
    with transaction.atomic():
        made = rules.PROPOSE.start(allocation, by=by, at=at)
        refused = rules.enough(quantity, locked(lead), locked(line))
        if refused is not None:
            raise refused
    return made


def confirm(allocation: Allocation, *, by: Actor, at: datetime) -> Allocation:
    """Make the promise. Refuses more than the lead has free and more than the line still needs, with the figures."""
    with transaction.atomic():
        with rules.CONFIRM.on(allocation, by=by, at=at) as row:
            _promise(row, row.quantity)
            row.confirmed_at = at
        counters.recount(allocation.lead)
    return allocation


def allocate(
    lead: SupplierLead, line: RequestLine, quantity: int, *, author: User, by: Actor, at: datetime
) -> Allocation:
    """Propose and confirm in one go: the officer's Allocate button."""
    with transaction.atomic():
        return confirm(propose(lead, line, quantity, author=author, by=by, at=at), by=by, at=at)


def drop(allocation: Allocation, *, by: Actor, at: datetime) -> Allocation:
    """Forget a proposal."""
    with rules.DROP.on(allocation, by=by, at=at):
        pass
    return allocation


def release(allocation: Allocation, *, reason: str, by: Actor, at: datetime) -> Allocation:
    """Give the whole promise back to the lead and the line, with a reason. Refuses what is ordered: the order gives it back."""
    with transaction.atomic():
        with rules.RELEASE.on(allocation, by=by, at=at, reason=reason) as row:
            _give_back(row, row.quantity)
        counters.recount(allocation.lead)
    return allocation


def lower(allocation: Allocation, by_pieces: int, *, reason: str, by: Actor, at: datetime) -> Allocation:
    """Give a part of the promise back; all of it is `release`. Refuses a part that is not smaller than the whole."""
    if by_pieces == allocation.quantity:
        return release(allocation, reason=reason, by=by, at=at)
    with transaction.atomic():
        with rules.LOWER.on(allocation, by=by, at=at, reason=reason, pieces=by_pieces) as row:
            if not 1 <= by_pieces < row.quantity:
                words = _("Give back at least 1 and less than %(quantity)s.") % {
                    "quantity": Figure(row.quantity)
                }
                raise Refused("bad_quantity", words, field="by_pieces")
            _give_back(row, by_pieces)
            row.quantity -= by_pieces
        counters.recount(allocation.lead)
    return allocation


def mark_ordered(allocation: Allocation, *, by: Actor, at: datetime) -> Allocation:
    """The promise is in an order now. Called by the orders stage."""
    with rules.ORDER.on(allocation, by=by, at=at):
        pass
    return allocation


def give_back(allocation: Allocation, pieces: int, *, reason: str, by: Actor, at: datetime) -> Allocation:
    """Give back so many pieces of what was ordered. Called by the orders and shipments stages, which keep their own figures."""
    with transaction.atomic():
        whole = locked(allocation).quantity == pieces
        move = rules.RETURN_ALL if whole else rules.RETURN_PART
        with move.on(allocation, by=by, at=at, reason=reason, pieces=pieces) as row:
            _give_back(row, pieces)
            if not whole:
                row.quantity -= pieces
        counters.recount(allocation.lead)
    return allocation


def promise_again(allocation: Allocation, pieces: int, *, reason: str, by: Actor, at: datetime) -> Allocation:
    """Undo a `give_back` that was a mistake at the door. Refuses where the pieces have been promised to somebody else since."""
    with transaction.atomic():
        with rules.PROMISE_AGAIN.on(allocation, by=by, at=at, reason=reason, pieces=pieces) as row:
            _promise(row, pieces, rules.room)
            row.quantity = pieces if row.status == Allocation.Status.RELEASED else row.quantity + pieces
        counters.recount(allocation.lead)
    return allocation


def fulfil(allocation: Allocation, *, by: Actor, at: datetime) -> Allocation:
    """The goods are there and inspected. Called by the shipments stage when it closes."""
    with rules.FULFIL.on(allocation, by=by, at=at):
        pass
    return allocation


def cut(
    lead: SupplierLead,
    cuts: Sequence[tuple[Allocation, int]],
    *,
    reason: str,
    by: Actor,
    at: datetime,
    **facts: Any,
) -> SupplierLead:
    """Change a fact that leaves less than is promised: first give back, of which allocations a person chose, then change the fact.

    Refuses when what is given back is not enough; then nothing is changed.
    """
    with transaction.atomic():
        for allocation, pieces in sorted(cuts, key=lambda pair: pair[0].pk):
            lower(allocation, pieces, reason=reason, by=by, at=at)
        fresh = SupplierLead.objects.get(pk=lead.pk)
        return offers.change(fresh, by=by, at=at, reason=reason, **facts)


def fix_criteria(
    line: RequestLine,
    points: Sequence[Point],
    *,
    author: User,
    by: Actor,
    at: datetime,
    reason: str = "",
) -> Criteria:
    """Fix by what the offers for a line are judged; those before, if any, stay on record as replaced.

    Refuses who does not allocate for the city, criteria that cannot be judged by, and criteria without a reason once two offers have
    come in, something was allocated, or others were fixed before.
    """
    if not by.may(Power.ALLOCATE, line):
        raise Refused(NOT_ALLOWED, _("Only officers of the city fix the criteria."))
    with transaction.atomic():
        row = locked(line)
        came = SupplierLead.objects.filter(line=row, city=row.city_id).exclude(
            status=SupplierLead.Status.DRAFT
        )
        before = Criteria.objects.standing().filter(line=row).first()
        counted = {"offers_in": came.count(), "promised": row.allocated}
        refused = rules.sound(points) or in_time(reason, before=before is not None, **counted)
        if refused is not None:
            raise refused
        if before is not None:
            before.replaced = True
            before.save(update_fields=["replaced"])
            entries.record(before, "replace", by=by, at=at, reason=reason, after={"replaced": True})
        given = [{"words": point.words.strip(), "weight": point.weight} for point in points]
        told = {"author": author, "fixed_at": at, "points": given, "reason": reason.strip()}
        fixed = Criteria.objects.create(city_id=row.city_id, line=row, **told, **counted)
        entries.record(fixed, "fix", by=by, at=at, reason=reason, after=entries.snapshot(fixed))
    return fixed


def settle(at: datetime) -> int:
    """Give back what is promised to needs that were withdrawn and not ordered yet. Returns how many."""
    reason = gettext_noop("The need was withdrawn.")
    moot = Allocation.objects.moot().order_by("pk")
    return work_off(moot, lambda allocation: release(allocation, reason=reason, by=CLOCK, at=at))


def miscounted() -> list[tuple[str, int, int]]:
    """Leads and lines whose counter is not the sum of their promises: (name, counter, sum). Empty unless something is broken."""
    leads_of = SupplierLead.objects.annotate(promised=_promised("lead")).exclude(allocated=F("promised"))
    lines_of = RequestLine.objects.annotate(promised=_promised("line")).exclude(allocated=F("promised"))
    wrong: list[Any] = [*leads_of.order_by("pk"), *lines_of.select_related("supply_request").order_by("pk")]
    return [(str(row), row.allocated, row.promised) for row in wrong]


def _promised(parent: str) -> Coalesce:
    """The sum of what is promised of a lead or to a line."""
    mine = Allocation.objects.promised().filter(**{parent: OuterRef("pk")}).order_by().values(parent)
    return Coalesce(Subquery(mine.annotate(total=Sum("quantity")).values("total")), 0)


def _promise(
    row: Allocation,
    quantity: int,
    judge: Callable[[int, SupplierLead, RequestLine], Refused | None] = rules.enough,
) -> None:
    lead, line = locked(row.lead), locked(row.line)
    refused = judge(quantity, lead, line)
    if refused is not None:
        raise refused
    counters.promise(lead, quantity)
    progress(line, allocated=quantity)


def _give_back(row: Allocation, quantity: int) -> None:
    lead = locked(row.lead)
    counters.promise(lead, -quantity)
    progress(row.line, allocated=-quantity)
