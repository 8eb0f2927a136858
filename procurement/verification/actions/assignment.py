"""Actions that assign a check to a contact, and the contact's answers: accept, forward or decline."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from partners.contacts.actions import increment_open_tasks
from partners.contacts.models import Contact
from partners.contacts.working_hours import (
    closing_time_after,
    due_time_within_hours,
    next_contact_time,
    next_working_time,
)
from procurement.outreach.rules.dates import invalid_due_time_refusal
from procurement.outreach.rules.people import (
    contact_has_no_room_refusal,
    unaskable_colleague_refusal,
    unaskable_contact_refusal,
    unexplained_choice_refusal,
)
from procurement.suppliers.actions.statuses import declare_interest
from procurement.verification.actions.checks import (
    assigned_contact,
    next_reminder_after_request,
    next_reminder_time,
    stop_reminders,
)
from procurement.verification.actions.findings import update_report_findings
from procurement.verification.models import VerificationTask
from procurement.verification.rules import tasks
from workflow.actors import SYSTEM, Actor
from workflow.due_rows import process_due
from workflow.errors import Refused
from workflow.journal.models import Entry
from workflow.moves import register_action
from workflow.outbox import queue


@register_action(tasks.REQUEST_CHECK)
def request_check(
    task: VerificationTask,
    contact: Contact,
    *,
    reasons: Sequence[dict[str, Any]] = (),
    best: Contact | None = None,
    chosen_because: str = "",
    due_at: datetime | None = None,
    by: Actor,
    at: datetime,
) -> VerificationTask:
    """Ask a contact to make the check by `due_at` (UTC).

    Without `due_at` the contact has four days. A time outside the contact's working hours becomes the end of
    their next working day. `best` is the contact that routing ranks first. Refuses a contact who takes no
    questions or has an interest in the company, an offer that has ended, and less than a working day. Requires a
    written reason, kept in the journal entry, for another contact than the best and for one with no room for
    another question.
    """
    first = best.pk if best is not None else None
    with tasks.REQUEST_CHECK.apply_to(
        task, by=by, at=at, reason=chosen_because, suggested_first=first
    ) as row:
        # After the permission check, because the refusal reveals facts about the contact.
        refused = unaskable_contact_refusal(row.city_id, contact) or unexplained_choice_refusal(
            contact, best, chosen_because
        )
        if refused is not None:
            raise refused
        row.contact = contact
        refused = tasks.contact_interest_refusal(row)
        if refused is None and due_at is not None:
            refused = invalid_due_time_refusal(due_at, at)
        if refused is not None:
            raise refused
        row.reasons = list(reasons)
        row.offered_at = at
        closing = closing_time_after(contact, at, tasks.CHECK_DUE_DAYS)
        row.due_at = due_time_within_hours(contact, due_at) if due_at else closing
        row.reminder_count = _reminders_received(row, contact)
        row.next_reminder_at = next_reminder_time(row, at)
        increment_open_tasks(contact, above_limit=bool(chosen_because.strip()))
    return task


@register_action(tasks.ACCEPT_CHECK)
def accept_check(task: VerificationTask, *, by: Actor, at: datetime) -> VerificationTask:
    """Record that the contact will make the check."""
    with tasks.ACCEPT_CHECK.apply_to(task, by=by, at=at) as row:
        row.taken_at = at
    return task


@register_action(tasks.DECLINE)
def decline_check(
    task: VerificationTask, *, remark: str = "", interest: bool = False, by: Actor, at: datetime
) -> VerificationTask:
    """Record that the contact cannot make the check, and their `interest` in the company if that is why.

    The check still counts as open until another contact makes it.
    """
    with tasks.DECLINE.apply_to(task, by=by, at=at, reason=remark) as row:
        row.remark = remark
        stop_reminders(row, at, answered=by is not SYSTEM)
        if interest:
            person = assigned_contact(row).user
            declare_interest(row.supplier, person, words=remark, by=by, at=at)
    return task


@register_action(tasks.REOPEN)
def reopen_check(task: VerificationTask, *, by: Actor, at: datetime) -> VerificationTask:
    """Open a declined check for another contact, without the report and question of the former contact."""
    with tasks.REOPEN.apply_to(task, by=by, at=at) as row:
        row.contact = None
        row.reminder_count = 0
        row.submitted_at = None
        row.question = ""
    return task


@register_action(tasks.FORWARD)
def forward_check(
    task: VerificationTask, *, to: Contact, remark: str = "", by: Actor, at: datetime
) -> VerificationTask:
    """Hand the check over to a colleague in the same city. Return the colleague's new check.

    The new check is linked to this one. Refuses a contact of another city, one who takes no questions, and one
    who has an interest in the company.
    """
    with tasks.FORWARD.apply_to(task, by=by, at=at, reason=remark, to=to.pk) as row:
        forwarder = assigned_contact(row)
        if to.city_id != forwarder.city_id or to.user_id == forwarder.user_id:  # also at another office
            raise Refused(
                "another_city",
                _("A check can be transferred only to a colleague in the same city."),
                field="to",
            )
        if (not_them := unaskable_colleague_refusal(row.city_id, to)) is not None:
            raise not_them
        row.remark = remark
        stop_reminders(row, at)
        onward = tasks.PROPOSE_CHECK.create(copy_of_check(row, row.why), by=SYSTEM, at=at)
        reasons = [{"code": "handed_over", "by": str(assigned_contact(row))}]
        again = at + timedelta(days=tasks.DUE_DAYS_AFTER_RETURN)  # the colleague is asked only now
        hoped_for = closing_time_after(to, max(row.due_at or at, again), 0)
        try:
            request_check(onward, to, reasons=reasons, due_at=hoped_for, by=SYSTEM, at=at)
        except Refused as refused:
            raise contact_has_no_room_refusal(refused, to, "to") from refused
    return onward


@register_action(tasks.REMIND)
def remind_contact(task: VerificationTask, *, by: Actor, at: datetime) -> VerificationTask:
    """Send a reminder with a new link and plan the next one.

    Refuses a fourth reminder; then a person should phone.
    """
    with tasks.REMIND.apply_to(
        task, by=by, at=at, reminder=task.reminder_count + 1, to=task.contact_id
    ) as row:
        row.reminder_count += 1
        row.next_reminder_at = next_reminder_time(row, next_contact_time(assigned_contact(row).user, at))
    return task


@register_action(tasks.CHANGE_DUE_TIME)
def change_due_time(task: VerificationTask, *, due_at: datetime, by: Actor, at: datetime) -> VerificationTask:
    """Change the due time of an assigned check and notify the contact.

    Plans the reminders again; those already sent still count. A time outside the contact's working hours becomes
    the end of their next working day. Refuses less than a working day and an offer that has ended.
    """
    with tasks.CHANGE_DUE_TIME.apply_to(task, by=by, at=at) as row:
        refused = invalid_due_time_refusal(due_at, at)
        if refused is not None:
            raise refused
        queue.cancel_messages_about(
            row
        )  # messages with the old date; the one about the new date repeats the request
        row.due_at = due_time_within_hours(assigned_contact(row), due_at)
        row.next_reminder_at = next_reminder_after_request(row, at)
    return task


@register_action(tasks.CANCEL)
def cancel_check(task: VerificationTask, *, reason: str, by: Actor, at: datetime) -> VerificationTask:
    """Cancel the check.

    A needed check still counts: the offer stays unverified until another check of its kind is accepted.
    """
    with transaction.atomic():
        with tasks.CANCEL.apply_to(task, by=by, at=at, reason=reason) as row:
            if row.status in VerificationTask.WAITING_STATUSES:
                stop_reminders(row, at, answered=False)
        if task.reports.exists():
            update_report_findings(task.lead, at)
    return task


def send_reminders(at: datetime) -> int:
    """Send the reminders that are due, oldest first, within the contacts' working hours.

    Returns the number of checks handled.
    """
    due = VerificationTask.objects.reminder_due(at).order_by("next_reminder_at", "pk")
    return process_due(due, lambda task: _remind_or_postpone(task, at))


def _remind_or_postpone(row: VerificationTask, at: datetime) -> None:
    """Remind the contact now, or postpone to their next working time.

    The periodic job may be late, and working hours and absences may change.
    """
    there = next_working_time(assigned_contact(row), at)
    if there > at:
        VerificationTask.objects.filter(pk=row.pk).update(next_reminder_at=there)
    else:
        remind_contact(row, by=SYSTEM, at=at)


def _reminders_received(row: VerificationTask, contact: Contact) -> int:
    """Return the number of reminders this contact already received for this check.

    A contact who declined and is asked again does not receive three more.
    """
    reminders = Entry.objects.filter(thing_label=row._meta.label_lower, thing_id=row.pk, verb="remind")
    return reminders.filter(facts__to=contact.pk).count()


def copy_of_check(task: VerificationTask, why: str) -> VerificationTask:
    """Return an unsaved copy of the check, linked to it as its successor.

    `why` is the reason for the new check; if empty, that of the old one.
    """
    return VerificationTask(
        city=task.city,
        lead=task.lead,
        supplier=task.supplier,
        certificate=task.certificate,
        check_kind=task.check_kind,
        requested_certificate_type=task.requested_certificate_type,
        needed=task.needed,
        why=why or task.why,
        previous=task,
    )
