"""Giving a check out, and what the person asked says to it: I will, my colleague will, I cannot."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from partners.actions.people import begin_question
from partners.models.people import Contact
from partners.rules.hours import back_at_work, closing_after, decent_hour, due_within
from procurement.outreach.rules.days import due_holds
from procurement.outreach.rules.people import (
    leaves_alone,
    needs_a_reason,
    no_room,
    reachable,
    still_asks,
    takes_over,
)
from procurement.suppliers.actions.judgements import declare_interest
from procurement.verification.actions import findings
from procurement.verification.actions.counting import contact_of, end, next_from, next_reminder
from procurement.verification.models.checks import VerificationTask
from procurement.verification.rules import tasks
from workflow.actors import CLOCK, Actor
from workflow.due import work_off
from workflow.errors import Refused
from workflow.models.journal import Entry
from workflow.outbox import ledger


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
    """Ask a contact to make the check, by `due_at` (UTC; four days where nothing is said; outside their working hours, by the end of
    the working day that follows). `best` is whom routing puts first.

    Refuses somebody who takes no questions or has an interest in the company, an offer that has ended, less than a working day, and,
    without a written reason, which the entry keeps, somebody else than the best or somebody with no room for another question.
    """
    first = best.pk if best is not None else None
    with tasks.OFFER.on(task, by=by, at=at, reason=chosen_because, suggested_first=first) as row:
        _takes_questions(
            contact, row.city_id
        )  # not before: whoever may not give a check out is told nothing of anybody
        refused = needs_a_reason(contact, best, chosen_because)
        if refused is not None:
            raise refused
        row.contact = contact
        refused = tasks.disinterested(row)
        if refused is None and due_at is not None:
            refused = due_holds(due_at, at)
        if refused is not None:
            raise refused
        row.reasons = list(reasons)
        row.offered_at = at
        row.due_at = due_within(contact, due_at) if due_at else closing_after(contact, at, tasks.ASKED_FOR)
        row.chases = _reminded(row, contact)
        row.chase_at = next_reminder(row, at)
        begin_question(contact, above_limit=bool(chosen_because.strip()))
    return task


def _takes_questions(contact: Contact, city_id: int) -> None:
    """Refuse somebody who did not agree to be asked, wants no mail, whom the city asks nothing more, or whose mail comes back."""
    if contact.status != Contact.Status.ACTIVE:
        words = _("%(contact)s does not take questions.")
        raise Refused("not_asked", words % {"contact": contact}, field="contact")
    refused = leaves_alone(contact) or still_asks(city_id, contact) or reachable(contact)
    if refused is not None:
        raise refused


def accept_check(task: VerificationTask, *, by: Actor, at: datetime) -> VerificationTask:
    """The contact will do it."""
    with tasks.TAKE.on(task, by=by, at=at) as row:
        row.taken_at = at
    return task


def decline(
    task: VerificationTask, *, remark: str = "", interest: bool = False, by: Actor, at: datetime
) -> VerificationTask:
    """The contact cannot: for any reason, or because they have an `interest` in the company, which is kept.

    The check still counts as open until somebody else makes it.
    """
    with tasks.DECLINE.on(task, by=by, at=at, reason=remark) as row:
        row.remark = remark
        end(row, at, answered=by is not CLOCK)
        if interest:
            person = contact_of(row).user
            declare_interest(row.supplier, person, words=remark, by=by, at=at)
    return task


def reopen(task: VerificationTask, *, by: Actor, at: datetime) -> VerificationTask:
    """Look for somebody else to make a declined check. What the one before reported, and was asked back, is theirs alone."""
    with tasks.OPEN_AGAIN.on(task, by=by, at=at) as row:
        row.contact = None
        row.chases = 0
        row.submitted_at = None
        row.question = ""
    return task


def forward(
    task: VerificationTask, *, to: Contact, remark: str = "", by: Actor, at: datetime
) -> VerificationTask:
    """A colleague in the same city will. They get their own check, linked to this one. Returns the new one.

    Refuses somebody of another city, who takes no questions, or who has an interest in the company.
    """
    with tasks.HAND_OVER.on(task, by=by, at=at, reason=remark, to=to.pk) as row:
        giver = contact_of(row)
        if to.city_id != giver.city_id or to.user_id == giver.user_id:  # at no office of theirs
            raise Refused(
                "another_city", _("A check can be handed to a colleague in the same city."), field="to"
            )
        if (not_them := takes_over(row.city_id, to)) is not None:
            raise not_them
        row.remark = remark
        end(row, at)
        onward = tasks.PROPOSE.start(copy_of(row, row.why), by=CLOCK, at=at)
        reasons = [{"code": "handed_over", "by": str(contact_of(row))}]
        again = at + timedelta(days=tasks.ASKED_AGAIN_FOR)  # the colleague hears of it only now
        hoped_for = closing_after(to, max(row.due_at or at, again), 0)
        try:
            request_check(onward, to, reasons=reasons, due_at=hoped_for, by=CLOCK, at=at)
        except Refused as refused:
            raise no_room(refused, to, "to") from refused
    return onward


def remind(task: VerificationTask, *, by: Actor, at: datetime) -> VerificationTask:
    """Send a reminder with a fresh link and plan the next. Refuses a fourth: then somebody phones."""
    with tasks.REMIND.on(task, by=by, at=at, chase=task.chases + 1, to=task.contact_id) as row:
        row.chases += 1
        row.chase_at = next_reminder(row, decent_hour(contact_of(row).user, at))
    return task


def change_due_time(task: VerificationTask, *, due_at: datetime, by: Actor, at: datetime) -> VerificationTask:
    """Give who makes the check another day, and tell them. Reminders are planned anew by it; those that went out still count.

    A moment outside their working hours becomes the end of the working day that follows. Refuses less than a working day, and an
    offer that has ended.
    """
    with tasks.REDATE.on(task, by=by, at=at) as row:
        refused = due_holds(due_at, at)
        if refused is not None:
            raise refused
        ledger.cancel(row)  # what names the old day; the message about the new one asks for the check as well
        row.due_at = due_within(contact_of(row), due_at)
        row.chase_at = next_from(row, at)
    return task


def cancel(task: VerificationTask, *, reason: str, by: Actor, at: datetime) -> VerificationTask:
    """Call the check off. A needed one still counts: the offer stays unverified until one of its kind is accepted."""
    with transaction.atomic():
        with tasks.CANCEL.on(task, by=by, at=at, reason=reason) as row:
            if row.status in VerificationTask.WAITING:
                end(row, at, answered=False)
        if task.reports.exists():
            findings.judge(task.lead, at)
    return task


def send_reminders(at: datetime) -> int:
    """Send the reminders that are due, oldest first, each in its reader's hours. Returns how many were dealt with."""
    due = VerificationTask.objects.due_for_chasing(at).order_by("chase_at", "pk")
    return work_off(due, lambda task: _remind_or_wait(task, at))


def _remind_or_wait(row: VerificationTask, at: datetime) -> None:
    """Remind now, or as soon as they are at work again: the tick may be late, and hours and absences change."""
    there = back_at_work(contact_of(row), at)
    if there > at:
        VerificationTask.objects.filter(pk=row.pk).update(chase_at=there)
    else:
        remind(row, by=CLOCK, at=at)


def _reminded(row: VerificationTask, contact: Contact) -> int:
    """How often this person was reminded of this check before: who could not, and is asked once more, is not chased anew."""
    reminders = Entry.objects.filter(thing_label=row._meta.label_lower, thing_id=row.pk, verb="remind")
    return reminders.filter(facts__to=contact.pk).count()


def copy_of(task: VerificationTask, why: str) -> VerificationTask:
    """The same check once more, linked to the one before."""
    return VerificationTask(
        city=task.city,
        lead=task.lead,
        supplier=task.supplier,
        certificate=task.certificate,
        check_kind=task.check_kind,
        needed=task.needed,
        why=why or task.why,
        previous=task,
    )
