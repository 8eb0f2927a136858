"""Next step for a need, as a sentence and a button."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from partners.permissions.permissions import Permissions
from partners.powers import Power
from procurement.allocations.forms import quantity_field_name
from procurement.allocations.models import Allocation
from procurement.leads.models.leads import SupplierLead
from procurement.leads.rules.leads import expired_offer_refusal
from procurement.requests.alternatives.models import COUNTED_LEVELS
from procurement.requests.approval.rules import needs_approval
from procurement.requests.models import SupplyRequest
from workflow import clock
from workflow.formatting import format_quantity
from workflow.i18n import LocalizedCount

LEAD_STATUSES_TO_CHECK = (SupplierLead.Status.RECEIVED, SupplierLead.Status.UNDER_REVIEW)


def next_step(
    thing: SupplyRequest, by: Permissions, promised: Sequence[Allocation], offers: Sequence[SupplierLead]
) -> dict[str, Any] | None:
    """Return the reader's next step for this need as text and button, or None if there is none.

    `promised` are the allocations of the need that the page has read, and `offers` its offers.
    """
    if not by.may(Power.POST_REQUEST, thing):
        return None
    base = thing.get_absolute_url()
    if thing.status == SupplyRequest.Status.DRAFT and thing.sent_back_at is not None:
        again = needs_approval(thing.city, thing.lines.all())
        return {
            "text": _("An approver sent this need back. Correct it, then send it for approval again.")
            if again
            else _(
                "An approver sent this need back. Correct it, then post it: it no longer requires approval."
            ),
            "action": _("Correct need"),
            "url": reverse("review_need", args=[thing.reference]),
        }
    if thing.status == SupplyRequest.Status.DRAFT:
        return {
            "text": _("This need is a draft. No one else can see it yet."),
            "action": _("Continue"),
            "url": f"{base}write/1/",
        }
    if thing.status != SupplyRequest.Status.OPEN:
        return None
    lead = _oldest_offer(one for one in offers if _only_verification_left(one))
    if lead is not None:
        text = _(
            "All checks on %(lead)s are accepted. Verify the offer so that its goods can be allocated."
        ) % {"lead": lead.reference}
        return {"text": text, "action": _("View offer"), "url": lead.get_absolute_url()}
    found = _next_step_by_coverage(
        thing, by, base, offers, _allocations_for_one_order(promised) if by.may(Power.ORDER, thing) else []
    )
    return found or _check_offer_step(thing, offers)


def _oldest_offer(offers: Iterable[SupplierLead]) -> SupplierLead | None:
    return min(offers, key=lambda lead: lead.pk, default=None)


def _only_verification_left(lead: SupplierLead) -> bool:
    """Return True if only the verification of the offer is left to do."""
    waits = lead.recheck or lead.checks_open or lead.blocking_findings
    return lead.status == SupplierLead.Status.UNDER_REVIEW and not waits and lead.checks_accepted > 0


def _next_step_by_coverage(
    thing: SupplyRequest, by: Permissions, base: str, offers: Sequence[SupplierLead], waiting: list[int]
) -> dict[str, Any] | None:
    lines = thing.lines.all()
    free = next((line for line in lines if line.verified_free and line.allocated < line.quantity), None)
    if free is not None:
        one_click = _allocate_step(thing, by, base, offers)
        if one_click is not None:
            return one_click
        words = _("%(product)s: verified goods are available. Allocate them before they go to another need.")
        named = words % {"product": free.product.name}
        return {"text": named, "action": _("Allocate goods"), "url": f"{base}allocate/"}
    if waiting:
        text = _("Allocated goods are waiting to be ordered.")
        chosen = urlencode({"allocation": waiting}, doseq=True)
        return {"text": text, "action": _("Create order"), "url": f"{reverse('add_order')}?{chosen}"}
    if not thing.stopped and not thing.inquiries.exists():
        text = _("No one has been asked yet. Your partner cities can find suppliers and check them on site.")
        return {"text": text, "action": _("Ask partners"), "url": f"{base}ask/"}
    short = max(lines, key=lambda line: line.quantity_to_find, default=None)
    if short is not None and short.quantity_to_find and not thing.stopped:
        words = _("%(product)s: %(missing)s %(unit)s still to find. Ask another city.")
        facts = {
            "product": short.product.name,
            "missing": LocalizedCount(short.quantity_to_find),
            "unit": short.product.unit_for_count(short.quantity_to_find),
        }
        return {"text": words % facts, "action": _("Ask another city"), "url": f"{base}ask/"}
    return None


def _check_offer_step(thing: SupplyRequest, offers: Sequence[SupplierLead]) -> dict[str, Any] | None:
    """Return the step to check the oldest offer that is not verified yet, or None.

    There is nothing to check for lines that are allocated in full.
    """
    lead = _oldest_offer(one for one in offers if one.status in LEAD_STATUSES_TO_CHECK)
    if lead is None or all(line.allocated >= line.quantity for line in thing.lines.all()):
        return None
    text = _("%(lead)s has not been verified yet. Check the offer so that its goods can be allocated.")
    return {
        "text": text % {"lead": lead.reference},
        "action": _("View offer"),
        "url": lead.get_absolute_url(),
    }


def _allocate_step(
    thing: SupplyRequest, by: Permissions, base: str, offers: Sequence[SupplierLead]
) -> dict[str, Any] | None:
    """Return a button that allocates the smaller of the free and the needed quantity, or None.

    Only if exactly one of the need's offers is verified, free and of the product that an open line asks for, in a
    standard that meets it: the sentence names no other goods, and the press accepts none. Otherwise a person
    chooses on the page that allocates, which also lists offers made for other needs.
    """
    if not by.may(Power.ALLOCATE, thing):
        return None
    short = {line.pk: line for line in thing.lines.all() if line.unallocated_quantity > 0}
    at = clock.now()
    fitting = [one for one in offers if one.line_id in short and _can_be_allocated(one, at)]
    if len(fitting) != 1:
        return None
    lead = fitting[0]
    line = short[lead.line_id or 0]
    if lead.product_id != line.product_id:
        return None
    quantity = min(lead.free_quantity, line.unallocated_quantity)
    if quantity < lead.min_order_quantity:
        return None
    words = _("%(product)s: one verified offer for this need, from %(supplier)s, meets it.")
    return {
        "text": words % {"product": line.product.name, "supplier": lead.supplier.name},
        "action": _("Allocate %(pieces)s") % {"pieces": format_quantity(quantity)},
        "url": f"{base}allocate/",
        "post": True,
        "fields": [(quantity_field_name(line, lead), quantity)],
    }


def _can_be_allocated(lead: SupplierLead, at: datetime) -> bool:
    """Return True if an offer is verified, not fully allocated and not expired, and counts in full for its line."""
    return (
        lead.status == SupplierLead.Status.VERIFIED
        and lead.free_quantity > 0
        and lead.meets in COUNTED_LEVELS
        and expired_offer_refusal(lead, at) is None
    )


def _allocations_for_one_order(promised: Sequence[Allocation]) -> list[int]:
    """Return the ids of confirmed allocations that may go into one order, oldest first.

    They have the supplier and the kind of the oldest one, because an order is to one supplier.
    """
    waiting = [one for one in promised if one.status == Allocation.Status.CONFIRMED]
    waiting.sort(key=lambda one: one.pk)
    whose = {one.pk: (one.lead.supplier_id, one.lead.kind) for one in waiting}
    return [one.pk for one in waiting if whose[one.pk] == whose[waiting[0].pk]]
