"""Conditions of notifications about offers, findings, checks and suppliers. Reads only.

Each condition gets the item of a message and the journal entry that causes the message.
"""

from typing import Any

from partners.memberships.models import Membership
from procurement.leads.models.leads import SupplierLead
from procurement.leads.screening.certificates import CERTIFICATE_REQUIRED
from procurement.notifications.conditions.general import MORE_NEEDED_ANNOTATION, annotated_or_computed
from procurement.orders.queries import cities_depending_on_supplier
from procurement.requests import rules
from procurement.verification.models import VerificationTask
from workflow.journal.models import Entry


def asks_for_certificate(thing: Any, _entry: Entry) -> bool:
    """Return True if the city asks the contact for a certificate that the offer lacks."""
    return thing.requested_certificate_type_id is not None


def asks_for_check(thing: Any, _entry: Entry) -> bool:
    """Return True if the city asks the contact to make a check."""
    return thing.requested_certificate_type_id is None


def was_check_requested(thing: Any, _entry: Entry) -> bool:
    """Return True if a contact was asked to make the check and must learn that it is not needed."""
    return thing.offered_at is not None


def is_another_contact_useful(task: Any, _entry: Entry) -> bool:
    """Return True if the offer is live and its need, if any, is not covered without it.

    Then another contact is worth asking.
    """
    lead = task.lead
    if lead.line_id is None or lead.status not in SupplierLead.LIVE_STATUSES:
        return lead.status in SupplierLead.LIVE_STATUSES
    return annotated_or_computed(
        task, MORE_NEEDED_ANNOTATION, lambda: rules.is_more_needed(lead.line.supply_request)
    )


def is_check_still_needed(reuse: Any, entry: Entry) -> bool:
    """Return True if the city that asked to reuse another city's check still has to have the check made itself."""
    return reuse.task.status in VerificationTask.ASSIGNABLE_STATUSES and is_another_contact_useful(
        reuse.task, entry
    )


def is_offer_live(finding: Any, _entry: Entry) -> bool:
    """Return True if the offer of the finding is live: not rejected, withdrawn or expired."""
    return finding.lead.status in SupplierLead.LIVE_STATUSES


def concerns_another_city(thing: Any, entry: Entry) -> bool:
    """Return True if a city that the actor does not work for relies on the company.

    The actor's own cities see the change on the page.
    """
    company = getattr(thing, "supplier", thing).current_row
    own = Membership.objects.active().filter(user=entry.by_id).values_list("city", flat=True)
    return bool(cities_depending_on_supplier(company).keys() - set(own))


def must_other_cities_decide(_change: Any, entry: Entry) -> bool:
    """Return True if, when a proposal was accepted, another city had come to rely on the company.

    That city must then decide as well.
    """
    return bool(entry.facts.get("asks"))


def is_first_blocking_finding(finding: Any, _entry: Entry) -> bool:
    """Return True for the first of the findings that were raised about an offer at one moment.

    They share one e-mail.
    """
    first = finding.open_sibling_findings.order_by("pk").first()
    return first is None or bool(first.pk == finding.pk)


def is_first_reraised_finding(finding: Any, entry: Entry) -> bool:
    """Return True for the first of the findings that were raised again about an offer at one moment.

    They share one e-mail.
    """
    others = Entry.objects.filter(
        thing_label=entry.thing_label, verb=entry.verb, at=entry.at, pk__lt=entry.pk
    )
    return not others.filter(thing_id__in=finding.open_sibling_findings.values("pk")).exists()


def is_blocking_finding(finding: Any, _entry: Entry) -> bool:
    """Return True if the finding blocks the offer. Notes and warnings are only on the page.

    A certificate that was not shown yet is left out: it was mentioned when the offer came in.
    """
    return bool(finding.severity == "block" and finding.code != CERTIFICATE_REQUIRED.code)


def was_entered_by_contact(lead: Any, entry: Entry) -> bool:
    """Return True if the contact of the offer acted, by link or signed in."""
    return lead.contact is not None and entry.by_id == lead.contact.user_id


def is_end_date_unchanged(thing: Any, entry: Entry) -> bool:
    """Return True while the offer or certificate still ends on the day about which the entry's message asks."""
    return thing.valid_until is not None and thing.valid_until.isoformat() == entry.facts["ends_on"]


def is_unsolicited(lead: Any, _entry: Entry) -> bool:
    """Return True if no inquiry asked for the offer and a city has it."""
    return bool(lead.is_unsolicited and not lead.is_without_city)


def is_awaiting_acceptance(lead: Any, _entry: Entry) -> bool:
    """Return True while a city may accept or decline the unsolicited offer."""
    return bool(lead.awaits_acceptance and not lead.is_without_city)


def is_offer_without_city(lead: Any, _entry: Entry) -> bool:
    """Return True if the unsolicited offer waits for a coordinator to pass it on."""
    return bool(lead.awaits_acceptance and lead.is_without_city)
