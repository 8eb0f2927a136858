"""Saying that an offer holds: judged by the day first, since a paper may have ended and an issuer's word grown old overnight."""

from datetime import datetime

from django.db import transaction

from accounts.models import User
from procurement.leads.actions.counters import recount
from procurement.leads.actions.findings import look_again
from procurement.leads.models.offer import SupplierLead
from procurement.leads.rules import leads
from procurement.leads.rules.leads import may_verify
from workflow.actors import Actor


def judge_by_the_day(lead: SupplierLead, *, at: datetime) -> None:
    """Screen an offer that is to be decided on, unless that was done today and nothing it rests on has changed since."""
    if not SupplierLead.objects.filter(pk=lead.pk).judged(lead.city.day_at(at)).exists():
        look_again(lead, at=at)


def verify(lead: SupplierLead, *, verifier: User, by: Actor, at: datetime) -> SupplierLead:
    """Say that the offer holds. Refuses whoever entered it, open checks, open blocking findings and changed facts.

    What is found now stays, also where it is what refuses: it is judged in a transaction of its own. Where a door undoes a refused
    request whole, the tick finds it again.
    """
    lead.refresh_from_db(fields=["status"])
    if lead.status in leads.VERIFY.source and may_verify(by, lead) is True:
        judge_by_the_day(lead, at=at)
    with transaction.atomic():
        with leads.VERIFY.on(lead, by=by, at=at) as row:
            row.verified_by = verifier
            row.verified_at = at
        recount(lead)
    return lead
