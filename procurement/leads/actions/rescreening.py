"""Repeated screening of offers after their company, documents or need line changed, or a day has passed.

Run by the periodic job. A change stores its time in `changed_at` of the company or the need line. That time
is cleared once every affected offer was screened with the facts read here. No lock is held from one offer to
the next, so no deadlock can arise.
"""

from datetime import datetime

from django.db import transaction

from procurement.leads.actions.findings import rescreen_lead
from procurement.leads.actions.leads import mark_supplier_change, update_search_names
from procurement.leads.models.leads import SupplierLead, SupplierLeadQuerySet
from procurement.leads.queries.date_dependent_offers import date_affected_offer_ids
from procurement.leads.rules.lead_facts import search_names
from procurement.requests.actions import counters
from procurement.requests.models import RequestLine
from procurement.suppliers.actions.suppliers import clear_supplier_changed_at
from procurement.suppliers.models.suppliers import Supplier
from workflow.moves import select_locked

MAX_RESCREENED_PER_RUN = 50  # companies, and need lines, per run
MANUFACTURER_FACTS = frozenset(
    {"listing", "origin"}
)  # facts of a manufacturer that affect the offers of its goods by other companies


def rescreen_changed_offers(at: datetime) -> int:
    """Screen the live offers affected by a changed company, a changed need line or the date.

    At most 50 companies and 50 need lines per run. Returns the number of offers screened.
    """
    done = 0
    for supplier in Supplier.objects.filter(changed_at__isnull=False).order_by("changed_at", "pk")[
        :MAX_RESCREENED_PER_RUN
    ]:
        rows = supplier.row_ids
        offers = SupplierLead.objects.filter(supplier__in=rows)
        created = SupplierLead.objects.filter(maker__in=rows).exclude(supplier__in=rows)
        done += _rescreen(offers, supplier.changed_facts, at)
        done += _rescreen(
            created,
            [fact for fact in supplier.changed_facts if fact.partition("@")[0] in MANUFACTURER_FACTS],
            at,
        )
        _update_search_names(offers)
        clear_supplier_changed_at(supplier)
    for line in RequestLine.objects.filter(changed_at__isnull=False).order_by("changed_at", "pk")[
        :MAX_RESCREENED_PER_RUN
    ]:
        done += _rescreen(SupplierLead.objects.filter(line=line), ["needed"], at)
        counters.clear_line_changed_at(line)
    return done + rescreen_date_dependent_offers(SupplierLead.objects.filter(allocated=0), at)


def rescreen_date_dependent_offers(offers: SupplierLeadQuerySet, at: datetime) -> int:
    """Screen those of the given offers whose result may have changed with the date. Return their number.

    The periodic job passes only offers without allocations. For the offers of an order, the orders package calls
    this as long as the order is undecided. Ordered goods are not measured against a rule that began after they
    had left.
    """
    return _rescreen(SupplierLead.objects.filter(pk__in=date_affected_offer_ids(offers, at)), [], at)


def _update_search_names(offers: SupplierLeadQuerySet) -> None:
    """Store the company's current names on all its offers, also ended ones, so that a search finds them."""
    for lead in offers.select_related("supplier", "product").order_by("pk").iterator(chunk_size=500):
        if lead.named != search_names(lead):
            update_search_names(lead)


def _relevant_fact(fact: str, lead: SupplierLead) -> str:
    """Return the name of the changed fact if it counts for the offer's city, else "" (see `request_rescreening`)."""
    name, _at, city_id = fact.partition("@")
    return name if city_id in ("", str(lead.city_id)) else ""


def _rescreen(offers: SupplierLeadQuerySet, changed: list[str], at: datetime) -> int:
    keys = list(offers.live().order_by("pk").values_list("pk", flat=True))
    for key in keys:
        with transaction.atomic():
            lead = select_locked(SupplierLead(pk=key))
            mark_supplier_change(
                lead, [one for one in (_relevant_fact(fact, lead) for fact in changed) if one]
            )
            rescreen_lead(lead, at=at)
    return len(keys)
