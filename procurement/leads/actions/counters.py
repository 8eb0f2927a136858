"""Counters of offers (checks, allocated pieces) and totals of need lines.

Writes no journal entries.
"""

from collections.abc import Iterable

from django.db.models import F, Q, Sum

from procurement.leads.models.leads import SupplierLead
from procurement.requests.actions.counters import set_offer_totals
from procurement.requests.alternatives.models import COUNTED_LEVELS
from workflow.moves import select_locked


def set_check_counters(lead: SupplierLead, *, still_open: int, accepted: int, by_others: int) -> None:
    """Store the offer's check counters. Called by the verification package under the offer's lock.

    `still_open`: needed checks that are open; `accepted`: accepted checks; `by_others`: accepted checks made by
    someone other than the person who made the offer.
    """
    SupplierLead.objects.filter(pk=lead.pk).update(
        checks_open=still_open, checks_accepted=accepted, checks_by_others=by_others
    )


def clear_changed_facts(lead: SupplierLead) -> None:
    """Clear the changed facts once their checks are open again. Called by the verification package."""
    SupplierLead.objects.filter(pk=lead.pk).update(recheck=False, changed_facts=[])


def mark_for_recheck(row: SupplierLead, facts: Iterable[str]) -> None:
    """Mark changed facts on the row, so that their checks open again. Does not save.

    The periodic job of verification opens the checks. The fact "needed" belongs to no check: it asks for a new look
    at which checks the offer needs.
    """
    row.changed_facts = sorted({*row.changed_facts, *facts})
    row.recheck = row.recheck or bool(row.changed_facts)


def mark_offers_for_recheck(city_id: int) -> None:
    """Mark all checked offers of the city: its new approval limit may change which checks they need.

    Called by the partners package (`approval_limit_changed` in `partners/hooks.py`), which then locks the city, in the
    usual lock order.
    """
    checked = SupplierLead.objects.filter(city=city_id, status__in=SupplierLead.CHECKED_STATUSES).order_by(
        "pk"
    )
    keys = list(checked.select_for_update(of=("self",)).values_list("pk", flat=True))
    SupplierLead.objects.filter(pk__in=keys).update(recheck=True)


def change_allocated_quantity(lead: SupplierLead, delta: int) -> SupplierLead:
    """Change the allocated quantity under the offer's lock.

    Called by the allocations package, which has checked the free supply.
    """
    row = select_locked(lead)
    row.allocated += delta
    row.save(update_fields=["allocated"])
    return row


def recalculate_offered_totals(lead: SupplierLead) -> None:
    """Store the totals of the live offers on their need line. Goods that do not count in full are summed separately."""
    if lead.line is None:
        return
    line = select_locked(lead.line)
    live = SupplierLead.objects.live().filter(line=line)
    free = Sum(F("supply") - F("allocated"), default=0)
    meets = Q(meets__in=COUNTED_LEVELS)
    verified = Q(status=SupplierLead.Status.VERIFIED)
    sums = live.aggregate(
        offered=Sum(F("supply") - F("allocated"), filter=meets & ~verified, default=0),
        verified_free=Sum(F("supply") - F("allocated"), filter=meets & verified, default=0),
        everything=free,
    )
    short = sums["everything"] - sums["offered"] - sums["verified_free"]
    set_offer_totals(line, offered=sums["offered"], offered_short=short, verified_free=sums["verified_free"])
