"""Actions of the periodic job on checks: cancel them, open them again, or propose new ones.

Checks of ended offers are cancelled. Checks whose facts changed are replaced, and newly needed ones opened.
"""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_noop

from partners.routing.recommendations import former_partners_by_city
from procurement.leads.actions.counters import clear_changed_facts
from procurement.leads.actions.decisions import reopen_lead
from procurement.leads.models.leads import SupplierLead
from procurement.verification.actions.assignment import cancel_check, copy_of_check, decline_check
from procurement.verification.actions.checks import propose_needed_checks, recalculate_counters
from procurement.verification.actions.findings import update_report_findings
from procurement.verification.models import VerificationTask
from procurement.verification.rules import tasks
from procurement.verification.rules.needed_checks import depends_on_changed_fact
from workflow.actors import SYSTEM, Actor
from workflow.due_rows import process_due
from workflow.moves import select_locked

MAX_OFFERS_PER_RUN = 200  # offers per run


def outdate_check(task: VerificationTask, *, by: Actor, at: datetime) -> VerificationTask:
    """Mark an accepted check as out of date, because its facts changed. Return the check that replaces it."""
    with transaction.atomic():
        with tasks.MARK_OUTDATED.apply_to(task, by=by, at=at) as row:
            onward = tasks.PROPOSE_CHECK.create(copy_of_check(row, "again"), by=SYSTEM, at=at)
        update_report_findings(task.lead, at)
        recalculate_counters(task.lead)
    return onward


def update_checks(at: datetime) -> int:
    """Update the checks after changes elsewhere. Return the number of changes made.

    Cancels the checks of ended offers, and requests for certificates that arrived in another way. Replaces
    checks assigned through an ended twinning agreement, checks assigned to a contact whom the city has stopped
    asking, and checks whose facts changed. Declines checks of contacts who asked to be left alone.
    """
    reason = gettext_noop("The offer has ended.")
    moot = VerificationTask.objects.moot().order_by("pk")
    done = process_due(moot, lambda task: cancel_check(task, reason=reason, by=SYSTEM, at=at))
    arrived = gettext_noop("The certificate has arrived.")
    done += process_due(
        VerificationTask.objects.certificate_already_received().order_by("pk"),
        lambda task: cancel_check(task, reason=arrived, by=SYSTEM, at=at),
    )
    done += process_due(
        VerificationTask.objects.of_former_partner_contacts(former_partners_by_city(at)).order_by("pk"),
        lambda task: _ask_other_contact(
            task, gettext_noop("The agreement between the cities has ended."), at
        ),
    )
    done += process_due(
        VerificationTask.objects.of_contacts_no_longer_asked().order_by("pk"),
        lambda task: _ask_other_contact(
            task, gettext_noop("The city stopped its requests to this contact."), at
        ),
    )
    wanted_no_more = gettext_noop("The contact asked to receive no more messages.")
    done += process_due(
        VerificationTask.objects.of_opted_out_contacts().order_by("pk"),
        lambda task: decline_check(task, remark=wanted_no_more, by=SYSTEM, at=at),
    )
    stale = SupplierLead.objects.live().filter(recheck=True).order_by("pk")
    return done + sum(
        _replace_changed_checks(key, at) for key in stale.values_list("pk", flat=True)[:MAX_OFFERS_PER_RUN]
    )


def _ask_other_contact(task: VerificationTask, why: str, at: datetime) -> None:
    cancel_check(task, reason=why, by=SYSTEM, at=at)
    if task.requested_certificate_type_id is not None:
        return  # only the contact who made the offer is asked; the offer's page offers the question again
    tasks.PROPOSE_CHECK.create(copy_of_check(task, task.why), by=SYSTEM, at=at)


def _replace_changed_checks(key: int, at: datetime) -> int:
    """Replace the checks whose facts changed and open newly needed ones.

    Returns 1, or 0 if there was nothing to do. Checks are locked before their offer, as everywhere.
    """
    with transaction.atomic():
        mine = VerificationTask.objects.filter(lead=key).order_by("pk")
        checks = list(mine.select_for_update(of=("self",)))
        lead = select_locked(SupplierLead(pk=key))
        if not lead.recheck:
            return 0
        changed = frozenset(lead.changed_facts)
        for task in checks:
            if depends_on_changed_fact(task.check_kind, changed, task.certificate_id):
                _replace_check(task, at)
        clear_changed_facts(lead)
        propose_needed_checks(lead, by=SYSTEM, at=at)
        lead.refresh_from_db()
        if lead.status == SupplierLead.Status.VERIFIED and lead.checks_open:
            reopen_lead(lead, reason=_reason_text(changed), by=SYSTEM, at=at)
    return 1


def _reason_text(changed: frozenset[str]) -> str:
    if changed - {"needed"}:
        return gettext_noop("The supplier’s details have changed.")
    return gettext_noop("A check that was not needed before is now required.")


def _replace_check(task: VerificationTask, at: datetime) -> None:
    """Replace a check whose facts changed.

    An accepted report becomes out of date. A report that waits for a decision is cancelled, so that it is not
    accepted by mistake.
    """
    if task.status == VerificationTask.Status.ACCEPTED:
        outdate_check(task, by=SYSTEM, at=at)
    elif task.status == VerificationTask.Status.SUBMITTED:
        cancel_check(task, reason=gettext_noop("The facts behind this check have changed."), by=SYSTEM, at=at)
        tasks.PROPOSE_CHECK.create(copy_of_check(task, "again"), by=SYSTEM, at=at)
