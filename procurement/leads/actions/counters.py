"""The counters of an offer: its checks and what is promised of it, and what the offers of a line add up to. Records nothing itself."""

from collections.abc import Iterable

from django.db.models import F, Q, Sum

from procurement.leads.models.offer import SupplierLead
from procurement.requests.actions.counters import set_offers
from workflow.moves import locked


def set_checks(lead: SupplierLead, *, still_open: int, accepted: int, by_others: int) -> None:
    """Store how many needed checks are open, how many were accepted, and how many of those somebody else made than who brought the
    offer; counted by the verification stage under the lead's lock.
    """
    SupplierLead.objects.filter(pk=lead.pk).update(
        checks_open=still_open, checks_accepted=accepted, checks_by_others=by_others
    )


def rechecked(lead: SupplierLead) -> None:
    """The checks that rested on changed facts are open again. Called by the verification stage."""
    SupplierLead.objects.filter(pk=lead.pk).update(recheck=False, changed_facts=[])


def to_be_rechecked(row: SupplierLead, facts: Iterable[str]) -> None:
    """Note what changed since it was checked: verification.settle opens anew the checks that rest on it, and those needed since.

    "needed" is the fact that no check rests on: the rule of which checks an offer needs may say otherwise by now.
    """
    row.changed_facts = sorted({*row.changed_facts, *facts})
    row.recheck = row.recheck or bool(row.changed_facts)


def limit_changed(city_id: int) -> None:
    """The city set another limit: its offers may need other checks. Called by the partners room (`above.limit_changed`), which locks
    the city after this, as everybody does.
    """
    checked = SupplierLead.objects.filter(city=city_id, status__in=SupplierLead.CHECKED).order_by("pk")
    keys = list(checked.select_for_update(of=("self",)).values_list("pk", flat=True))
    SupplierLead.objects.filter(pk__in=keys).update(recheck=True)


def promise(lead: SupplierLead, delta: int) -> SupplierLead:
    """Move `allocated` under the lead's lock, for the allocations stage, which has checked that there is enough."""
    row = locked(lead)
    row.allocated += delta
    row.save(update_fields=["allocated"])
    return row


def recount(lead: SupplierLead) -> None:
    """Add up what the leads of a line offer, and store it on the line. Only what meets the standard counts; the rest stands apart."""
    if lead.line is None:
        return
    line = locked(lead.line)
    live = SupplierLead.objects.live().filter(line=line)
    free = Sum(F("supply") - F("allocated"), default=0)
    meets = Q(meets=SupplierLead.Meets.EQUAL)
    verified = Q(status=SupplierLead.Status.VERIFIED)
    sums = live.aggregate(
        offered=Sum(F("supply") - F("allocated"), filter=meets & ~verified, default=0),
        verified_free=Sum(F("supply") - F("allocated"), filter=meets & verified, default=0),
        everything=free,
    )
    short = sums["everything"] - sums["offered"] - sums["verified_free"]
    set_offers(line, offered=sums["offered"], offered_short=short, verified_free=sums["verified_free"])
