"""Actions that open the checks an offer needs by rule, and additional ones, with their due times."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from partners.contacts.actions import decrement_open_tasks
from partners.contacts.models import Contact
from partners.contacts.working_hours import next_working_time
from procurement.catalogue.models.reference_rows import DeclaredUse
from procurement.leads.actions.counters import set_check_counters
from procurement.leads.actions.decisions import begin_checks
from procurement.leads.models.findings import Finding
from procurement.leads.models.leads import SupplierLead
from procurement.leads.queries.certificates import certificates_for_product
from procurement.leads.rules.leads import BEGIN_CHECKS
from procurement.leads.screening.payment_terms import MAX_PREPAID_PERCENT
from procurement.leads.screening.prices import LOW_PRICE_CODES, UNUSUAL_PRICE_CODES
from procurement.outreach.rules.dates import next_reminder_at
from procurement.suppliers.models.statuses import SupplierStatus
from procurement.verification.models import CheckKind, VerificationTask
from procurement.verification.rules import tasks
from procurement.verification.rules.needed_checks import CheckFactors, NeededCheck, needed_checks
from workflow.actors import Actor
from workflow.errors import Refused
from workflow.moves import register_action, select_locked
from workflow.outbox import queue


@register_action(BEGIN_CHECKS)
def open_checks(lead: SupplierLead, *, by: Actor, at: datetime) -> list[VerificationTask]:
    """Open the checks this offer needs by rule. Return the new checks.

    The offer is then under review.
    """
    with transaction.atomic():
        begin_checks(lead, by=by, at=at)
        return propose_needed_checks(lead, by=by, at=at)


@register_action(tasks.PROPOSE_CHECK)
def propose_check(
    lead: SupplierLead, check: str, *, why: str = "", needed: bool = True, by: Actor, at: datetime
) -> VerificationTask:
    """Open one additional check on an offer. With `needed`, the offer stays unverified until it is accepted.

    Refuses a kind of check that is already open, and a missing certificate, which is requested from the contact.
    """
    if check == CheckKind.MISSING_CERTIFICATE:
        words = _("To ask the contact for a missing certificate, go to the offer’s page.")
        raise Refused("bad_check", words, field="check")
    others = lead.checks.filter(check_kind=check).exclude(status__in=VerificationTask.Status.void)
    with transaction.atomic():
        task = _add_check(lead, NeededCheck(check, why), by=by, at=at, counts=needed)
        if others.exclude(pk=task.pk).exists():  # last, because it reveals which checks are open
            raise Refused("check_open", _("This check is already open."), field="check")
    return task


def propose_needed_checks(lead: SupplierLead, *, by: Actor, at: datetime) -> list[VerificationTask]:
    """Open each needed check that the offer never had. Return the new checks.

    A cancelled check is not opened again, because it was cancelled for a reason.
    """
    known = set(lead.checks.filter(needed=True).values_list("check_kind", "certificate"))
    wanted = needed_checks(check_factors(lead, lead.city.day_at(at)))
    new = [needed for needed in wanted if (needed.check, needed.certificate_id) not in known]
    return [_add_check(lead, needed, by=by, at=at) for needed in new]


def check_factors(lead: SupplierLead, on: date) -> CheckFactors:
    """Return the facts that decide which checks an offer needs on a day.

    The origin is the country of the manufacturer, not that of the seller.
    """
    noticed = lead.findings.exclude(status=Finding.Status.RESOLVED)
    price = set(noticed.filter(code__in=UNUSUAL_PRICE_CODES).values_list("code", flat=True))
    use = lead.line.supply_request.declared_use if lead.line else lead.declared_use
    company = lead.supplier.current_row
    certificates = certificates_for_product(company, lead.product, lead.city_id)
    return CheckFactors(
        quantity=lead.supply,
        certificate_ids=tuple(certificate.pk for certificate in certificates),
        supplier_role=company.role,
        country_of_origin=(lead.maker.current_row if lead.maker else company).country,
        is_medical=use == DeclaredUse.MEDICAL,
        product_family=lead.product.family,
        lead_kind=lead.kind,
        is_price_unusual=bool(price),
        is_below_cost=not LOW_PRICE_CODES.isdisjoint(price),
        is_high_value=_is_high_value(lead),
        supplier_status=_supplier_status(lead, on),
    )


def _is_high_value(lead: SupplierLead) -> bool:
    """Return True if the possible order exceeds the city's limit or the prepayment is unusually high.

    A price that cannot be converted into the city's currency counts as above the limit.
    """
    if (lead.prepayment_percent or 0) > MAX_PREPAID_PERCENT:
        return True
    if lead.unit_price is None:
        return False
    pieces = min(lead.supply, lead.line.quantity) if lead.line else lead.supply
    limit = lead.city.approval_limit
    return (
        limit is None or lead.price_in_city_currency is None or pieces * lead.price_in_city_currency > limit
    )


def _supplier_status(lead: SupplierLead, on: date) -> str:
    """Return the supplier status that the city set for a day, or an empty string."""
    said = SupplierStatus.objects.strictest_in_force(lead.supplier, lead.city, on)
    return said.status if said is not None else ""


def _add_check(
    lead: SupplierLead, needed: NeededCheck, *, by: Actor, at: datetime, counts: bool = True
) -> VerificationTask:
    task = VerificationTask(
        city=lead.city,
        lead=lead,
        supplier=lead.supplier,
        certificate_id=needed.certificate_id,
        check_kind=needed.check,
        why=needed.reason_code,
        needed=counts,
    )
    with transaction.atomic():
        tasks.PROPOSE_CHECK.create(task, by=by, at=at)
        recalculate_counters(lead)
    return task


def recalculate_counters(lead: SupplierLead) -> None:
    """Recount the checks of an offer under its lock: open, accepted, and accepted from other people.

    A needed check counts as open until one of its kind is accepted, even if it was cancelled or declined. Other
    people are all except the contact who made the offer and the user who entered it, at any of their offices.
    A certificate that a contact sent on request proves nothing by itself, so its check is not counted.
    """
    row = select_locked(lead)
    counted = row.checks.exclude(check_kind=CheckKind.MISSING_CERTIFICATE)
    checks = list(counted.select_related("contact", "reused_from__contact").order_by("pk"))
    needed = {(check.check_kind, check.certificate_id) for check in checks if check.needed}
    accepted = [check for check in checks if check.status == VerificationTask.Status.ACCEPTED]
    done = {(check.check_kind, check.certificate_id) for check in accepted}
    brought = {row.author_id, row.contact.user_id if row.contact else None} - {None}
    others = [check for check in accepted if _user_who_made(check) not in brought]
    set_check_counters(row, still_open=len(needed - done), accepted=len(accepted), by_others=len(others))


def _user_who_made(check: VerificationTask) -> int | None:
    """Return the user who made the check, or the original check if it reuses another city's."""
    contact = check.contact if check.reused_from is None else check.reused_from.contact
    return contact.user_id if contact else None


def stop_reminders(row: VerificationTask, at: datetime, *, answered: bool = True) -> None:
    """Stop the reminders of a check, and cancel its planned messages.

    The contact then has one open question less. With `answered`, the time since the request counts as their
    response time; a check that was cancelled does not count.
    """
    row.next_reminder_at = None
    queue.cancel_messages_about(row)
    waited = (at - row.offered_at).total_seconds() / 3600 if answered and row.offered_at else None
    decrement_open_tasks(assigned_contact(row), waited, at=at)


def next_reminder_time(row: VerificationTask, at: datetime) -> datetime | None:
    """Return the time of the next reminder, planned from assignment and due time."""
    assert row.offered_at is not None and row.due_at is not None  # constraint check_assigned_to_a_person
    return _within_working_hours(row, next_reminder_at(row.offered_at, row.due_at, row.reminder_count, at))


def next_reminder_after_request(row: VerificationTask, at: datetime) -> datetime | None:
    """Return the time of the next reminder if the contact was asked again at `at`.

    Used after a question about the report and after a change of the due time.
    """
    assert row.due_at is not None  # constraint check_assigned_to_a_person
    return _within_working_hours(row, next_reminder_at(at, row.due_at, row.reminder_count, at))


def _within_working_hours(row: VerificationTask, planned: datetime | None) -> datetime | None:
    return None if planned is None else next_working_time(assigned_contact(row), planned)


def assigned_contact(row: VerificationTask) -> Contact:
    """Return the contact who was asked."""
    assert row.contact is not None  # constraint check_assigned_to_a_person
    return row.contact
