"""What becomes of an offer: checked, sent back, turned down, taken back, run out. Its line's figures follow."""

from datetime import datetime
from typing import Any

from django.db import transaction

from procurement.leads.actions.counters import recount
from procurement.leads.models.offer import SupplierLead
from procurement.leads.rules import leads
from workflow.actors import CLOCK, Actor
from workflow.due import work_off
from workflow.outbox import ledger


def begin_checks(lead: SupplierLead, *, by: Actor, at: datetime) -> SupplierLead:
    """The lead is being checked. Called by the verification stage when it opens the checks."""
    with leads.CHECK.on(lead, by=by, at=at):
        pass
    return lead


def reopen(lead: SupplierLead, *, reason: str, by: Actor, at: datetime) -> SupplierLead:
    """Send a verified lead back to checking."""
    with transaction.atomic():
        with leads.REOPEN.on(lead, by=by, at=at, reason=reason):
            pass
        recount(lead)
    return lead


def reject(lead: SupplierLead, *, reason: str, by: Actor, at: datetime) -> SupplierLead:
    """Turn the offer down, with a reason. Refuses while a part of it is allocated."""
    return _end(leads.REJECT, lead, reason, by, at)


def withdraw(lead: SupplierLead, *, reason: str, by: Actor, at: datetime) -> SupplierLead:
    """Take the offer back. Refuses while a part of it is allocated."""
    return _end(leads.WITHDRAW, lead, reason, by, at)


def expire(lead: SupplierLead, *, by: Actor, at: datetime) -> SupplierLead:
    """Its day passed. Never while a part of it is allocated."""
    return _end(leads.EXPIRE, lead, "", by, at)


def expire_old(at: datetime) -> int:
    """Let offers expire whose day has passed. Returns how many."""
    old = SupplierLead.objects.out_of_date(at).order_by("pk")
    return work_off(old, lambda lead: expire(lead, by=CLOCK, at=at))


def _end(move: Any, lead: SupplierLead, reason: str, by: Actor, at: datetime) -> SupplierLead:
    with transaction.atomic():
        with move.on(lead, by=by, at=at, reason=reason) as row:
            ledger.cancel(row)
        recount(lead)
    return lead
