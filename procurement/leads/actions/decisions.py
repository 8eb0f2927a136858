"""Actions that start the checks of an offer, and that reopen, reject, withdraw or expire it.

They update its need line.
"""

from datetime import datetime
from typing import Any

from django.db import transaction

from procurement.leads.actions.counters import recalculate_offered_totals
from procurement.leads.models.leads import SupplierLead
from procurement.leads.rules import leads
from workflow.actors import SYSTEM, Actor
from workflow.due_rows import process_due
from workflow.moves import register_action
from workflow.outbox import queue


def begin_checks(lead: SupplierLead, *, by: Actor, at: datetime) -> SupplierLead:
    """Move the offer to checking. Called by the verification package when it opens the checks."""
    with leads.BEGIN_CHECKS.apply_to(lead, by=by, at=at):
        pass
    return lead


@register_action(leads.REOPEN)
def reopen_lead(lead: SupplierLead, *, reason: str, by: Actor, at: datetime) -> SupplierLead:
    """Send a verified offer back to checking, with a reason."""
    with transaction.atomic():
        with leads.REOPEN.apply_to(lead, by=by, at=at, reason=reason):
            pass
        recalculate_offered_totals(lead)
    return lead


@register_action(leads.REJECT)
def reject_lead(lead: SupplierLead, *, reason: str, by: Actor, at: datetime) -> SupplierLead:
    """Reject the offer, with a reason. Refuses while some pieces are allocated."""
    return _end_lead(leads.REJECT, lead, reason, by, at)


def mark_withdrawn(lead: SupplierLead, *, reason: str, by: Actor, at: datetime) -> SupplierLead:
    """Record that the offer is withdrawn. Called by the allocations package, which has undone its allocations."""
    return _end_lead(leads.WITHDRAW, lead, reason, by, at)


@register_action(leads.MESSAGE_CITY)
def record_contact_message(lead: SupplierLead, *, reason: str, by: Actor, at: datetime) -> SupplierLead:
    """Record a contact's message to the city about an offer that they can no longer change."""
    with leads.MESSAGE_CITY.apply_to(lead, by=by, at=at, reason=reason):
        pass
    return lead


def expire_lead(lead: SupplierLead, *, by: Actor, at: datetime) -> SupplierLead:
    """Expire an offer after its last day. Refuses while some pieces are allocated."""
    return _end_lead(leads.EXPIRE, lead, "", by, at)


def expire_overdue_leads(at: datetime) -> int:
    """Expire all offers past their last day. Return their number."""
    old = SupplierLead.objects.overdue_unallocated(at).order_by("pk")
    return process_due(old, lambda lead: expire_lead(lead, by=SYSTEM, at=at))


def ask_if_still_valid(lead: SupplierLead, *, by: Actor, at: datetime) -> SupplierLead:
    """Ask the responsible officer and the contact whether the offer is still valid, once for each last day."""
    with leads.ASK_VALIDITY.apply_to(lead, by=by, at=at, ends_on=lead.valid_until) as row:
        row.validity_asked_for = row.valid_until
    return lead


def ask_about_ending_offers(at: datetime) -> int:
    """Ask about all offers that end within two days. Return their number."""
    near = SupplierLead.objects.ending_soon(at).order_by("pk")
    return process_due(near, lambda lead: ask_if_still_valid(lead, by=SYSTEM, at=at))


def _end_lead(move: Any, lead: SupplierLead, reason: str, by: Actor, at: datetime) -> SupplierLead:
    with transaction.atomic():
        with move.apply_to(lead, by=by, at=at, reason=reason) as row:
            queue.cancel_messages_about(row)
        recalculate_offered_totals(lead)
    return lead
