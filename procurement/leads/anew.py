"""Judging offers anew when what they rest on has changed: their company, its papers, the line they are for, the day. For the tick.

The change notes its moment on the company or the line; it is taken away once every offer was judged by what was read here. No lock is
held from one offer to the next, so nothing waits for anything out of order.
"""

from datetime import datetime

from django.db import transaction

from procurement.leads.actions.findings import look_again
from procurement.leads.actions.offers import company_changed, name_anew
from procurement.leads.gathering import days
from procurement.leads.models.offer import SupplierLead, SupplierLeadQuerySet
from procurement.leads.rules import facts
from procurement.requests.actions import counters
from procurement.requests.models import RequestLine
from procurement.suppliers.actions import companies
from procurement.suppliers.models.company import Supplier
from workflow.moves import locked

MOST = 50  # companies and lines in one go
OF_A_MAKER = frozenset(
    {"listing", "origin"}
)  # looked up about a maker, it touches what others offer of its goods


def rescreen_changed(at: datetime) -> int:
    """Judge anew the live offers of changed companies and lines, and those that a day has changed. Returns how many were judged."""
    done = 0
    for supplier in Supplier.objects.filter(changed_at__isnull=False).order_by("changed_at", "pk")[:MOST]:
        rows = supplier.rows
        offers = SupplierLead.objects.filter(supplier__in=rows)
        made = SupplierLead.objects.filter(maker__in=rows).exclude(supplier__in=rows)
        done += _judge(offers, supplier.changed_facts, at)
        done += _judge(
            made, [fact for fact in supplier.changed_facts if fact.partition("@")[0] in OF_A_MAKER], at
        )
        _name(offers)
        companies.judged(supplier)
    for line in RequestLine.objects.filter(changed_at__isnull=False).order_by("changed_at", "pk")[:MOST]:
        done += _judge(SupplierLead.objects.filter(line=line), ["needed"], at)
        counters.judged(line)
    return done + rescreen_date_dependent(SupplierLead.objects.filter(allocated=0), at)


def rescreen_date_dependent(offers: SupplierLeadQuerySet, at: datetime) -> int:
    """Judge anew those of some offers that a day has changed. Returns how many were judged.

    Of offers of which nothing is promised; what is waits for an order, whose stage asks for it as long as that is to be decided on.
    What was ordered is not held against a rule that began when the goods had left.
    """
    return _judge(SupplierLead.objects.filter(pk__in=days.passed(offers, at)), [], at)


def _name(offers: SupplierLeadQuerySet) -> None:
    """Let every offer of a company, ended ones too, be found by the names it has now."""
    for lead in offers.select_related("supplier", "product").order_by("pk").iterator(chunk_size=500):
        if lead.named != facts.names(lead):
            name_anew(lead)


def _of(fact: str, lead: SupplierLead) -> str:
    """What changed, where it counts for the offer's city; "" where it is another city's (`note_change`)."""
    name, _at, city_id = fact.partition("@")
    return name if city_id in ("", str(lead.city_id)) else ""


def _judge(offers: SupplierLeadQuerySet, changed: list[str], at: datetime) -> int:
    keys = list(offers.live().order_by("pk").values_list("pk", flat=True))
    for key in keys:
        with transaction.atomic():
            lead = locked(SupplierLead(pk=key))
            company_changed(lead, [one for one in (_of(fact, lead) for fact in changed) if one])
            look_again(lead, at=at)
    return len(keys)
