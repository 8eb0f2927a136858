"""The counters of an offer: its checks and what is promised of it, and what the offers of a line add up to. Records nothing itself."""

from django.db.models import F, Q, Sum

from procurement.leads.models import SupplierLead
from procurement.requests import actions as requests
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
    requests.set_offers(
        line, offered=sums["offered"], offered_short=short, verified_free=sums["verified_free"]
    )
