"""Opening checks, giving them out, taking reports and judging them. The only writer of checks and reports."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from partners import actions as partners
from partners.models import Contact
from procurement.catalogue.models import Use
from procurement.leads import actions as leads
from procurement.leads.models import Finding, SupplierLead
from procurement.verification import rules
from procurement.verification.models import Report, VerificationTask
from workflow import outbox
from workflow.actors import CLOCK, Actor
from workflow.due import work_off
from workflow.errors import Refused
from workflow.moves import locked

PRICE_CODES = ("price_high", "price_low", "price_above_band", "price_four_times", "price_under_floor")


def open_checks(lead: SupplierLead, *, by: Actor, at: datetime) -> list[VerificationTask]:
    """Open the checks this offer needs, by rule. The lead is being checked from now on. Returns the new checks."""
    with transaction.atomic():
        leads.begin_checks(lead, by=by, at=at)
        return [_propose(lead, needed, by=by, at=at) for needed in rules.needed_checks(_case(lead))]


def propose(
    lead: SupplierLead, check: str, *, why: str = "", needed: bool = True, by: Actor, at: datetime
) -> VerificationTask:
    """Open one more check on an offer. Refuses one that is open already."""
    open_already = lead.checks.filter(check_kind=check).exclude(status__in=rules.MOVES.ends)
    if open_already.exists():
        raise Refused("check_open", _("This check is open already."), field="check")
    return _propose(lead, rules.Needed(check, why), by=by, at=at, counts=needed)


def offer(
    task: VerificationTask,
    contact: Contact,
    *,
    reasons: Sequence[dict[str, Any]] = (),
    due_at: datetime | None = None,
    by: Actor,
    at: datetime,
) -> VerificationTask:
    """Ask a contact to make the check, until a day. Refuses somebody who takes no questions and an offer that has ended."""
    if contact.status != Contact.Status.ACTIVE:
        raise Refused(
            "not_asked", _("%(contact)s does not take questions.") % {"contact": contact}, field="contact"
        )
    with rules.OFFER.on(task, by=by, at=at) as row:
        row.contact = contact
        row.reasons = list(reasons)
        row.offered_at = at
        row.due_at = due_at or at + rules.ASKED_FOR
        row.chases = 0
        row.chase_at = _next(row)
        partners.begin_question(contact)
    return task


def take(task: VerificationTask, *, by: Actor, at: datetime) -> VerificationTask:
    """The contact will do it."""
    with rules.TAKE.on(task, by=by, at=at) as row:
        row.taken_at = at
    return task


def submit(
    task: VerificationTask,
    *,
    answers: Mapping[str, Any],
    method: str,
    seen_on: date,
    confidence: int,
    place: str = "",
    summary: str = "",
    language: str = "",
    files: Sequence[int] = (),
    author: User,
    by_copied_link: bool = False,
    by: Actor,
    at: datetime,
) -> Report:
    """Send in what was seen. Refuses answers that are missing; "could not check" is an answer. Returns the report."""
    with rules.SUBMIT.on(task, by=by, at=at) as row:
        faults = rules.answer_faults(row.check_kind, answers)
        if faults:
            details = {f"answers.{code}": str(words) for code, words in faults.items()}
            raise Refused("answers_missing", _("Some questions are not answered yet."), fields=details)
        report = Report.objects.create(
            task=row,
            answers=dict(answers),
            method=method,
            place=place,
            seen_on=seen_on,
            confidence=confidence,
            summary=summary,
            language=language or author.language,
            file_ids=list(files),
            by=author,
            by_copied_link=by_copied_link,
            at=at,
        )
        row.submitted_at = at
        _end(row, at)
    return report


def accept(task: VerificationTask, *, judge: User, by: Actor, at: datetime) -> VerificationTask:
    """The city is satisfied with the report. Refuses whoever made it."""
    with transaction.atomic():
        with rules.ACCEPT.on(task, by=by, at=at) as row:
            row.judged_by = judge
            row.judged_at = at
        _recount(task.lead)
    return task


def send_back(task: VerificationTask, *, question: str, by: Actor, at: datetime) -> VerificationTask:
    """Return the report with a question; the contact gets a fresh link and two more days."""
    with rules.RETURN.on(task, by=by, at=at, reason=question) as row:
        row.question = question
        row.due_at = at + timedelta(days=2)
        row.chases = 0
        row.chase_at = rules.next_chase(at, row.due_at, 0)
        partners.begin_question(_contact(row))
    return task


def decline(task: VerificationTask, *, remark: str = "", by: Actor, at: datetime) -> VerificationTask:
    """The contact cannot. The check still counts as open until somebody else makes it or it is cancelled."""
    with rules.DECLINE.on(task, by=by, at=at, reason=remark) as row:
        row.remark = remark
        _end(row, at)
    return task


def open_again(task: VerificationTask, *, by: Actor, at: datetime) -> VerificationTask:
    """Look for somebody else to make a declined check."""
    with rules.OPEN_AGAIN.on(task, by=by, at=at) as row:
        row.contact = None
        row.chases = 0
    return task


def hand_over(
    task: VerificationTask, *, to: Contact, remark: str = "", by: Actor, at: datetime
) -> VerificationTask:
    """A colleague in the same city will. They get their own check, linked to this one. Returns the new one."""
    with rules.HAND_OVER.on(task, by=by, at=at, reason=remark, to=to.pk) as row:
        if to.city_id != _contact(row).city_id or to.pk == row.contact_id:
            raise Refused(
                "another_city", _("A check can be handed to a colleague in the same city."), field="to"
            )
        row.remark = remark
        _end(row, at)
        onward = rules.PROPOSE.start(_copy(row, row.why), by=CLOCK, at=at)
        reasons = [{"code": "handed_over", "by": str(_contact(row))}]
        offer(onward, to, reasons=reasons, due_at=row.due_at, by=CLOCK, at=at)
    return onward


def remind(task: VerificationTask, *, by: Actor, at: datetime) -> VerificationTask:
    """Send a reminder with a fresh link and plan the next. Refuses a fourth: then somebody phones."""
    with rules.REMIND.on(task, by=by, at=at, chase=task.chases + 1) as row:
        row.chases += 1
        row.chase_at = _next(row)
    return task


def cancel(task: VerificationTask, *, reason: str, by: Actor, at: datetime) -> VerificationTask:
    """Call the check off. A needed one still counts: the offer stays unverified until one of its kind is accepted."""
    with rules.CANCEL.on(task, by=by, at=at, reason=reason) as row:
        if row.status in VerificationTask.WAITING:
            _end(row, at)
    return task


def outdate(task: VerificationTask, *, by: Actor, at: datetime) -> VerificationTask:
    """The facts this check rested on have changed: a new one takes its place. Returns the new one."""
    with transaction.atomic(), rules.OUTDATE.on(task, by=by, at=at) as row:
        onward = rules.PROPOSE.start(_copy(row, "again"), by=CLOCK, at=at)
    _recount(task.lead)
    return onward


def chase(at: datetime) -> int:
    """Send the reminders that are due, oldest first. Returns how many."""
    due = VerificationTask.objects.due_for_chasing(at).order_by("chase_at", "pk")
    return work_off(due, lambda task: remind(task, by=CLOCK, at=at))


def settle(at: datetime) -> int:
    """Cancel the checks of offers that ended, and open anew those whose facts changed. Returns how many moves were made."""
    reason = str(_("The offer has ended."))
    moot = VerificationTask.objects.moot().order_by("pk")
    done = work_off(moot, lambda task: cancel(task, reason=reason, by=CLOCK, at=at))
    stale = SupplierLead.objects.live().filter(recheck=True).order_by("pk")
    return done + work_off(stale, lambda lead: _recheck(lead, at))


def _recheck(lead: SupplierLead, at: datetime) -> None:
    for task in lead.checks.filter(status=VerificationTask.Status.ACCEPTED).order_by("pk"):
        outdate(task, by=CLOCK, at=at)
    leads.rechecked(lead)


def _propose(
    lead: SupplierLead, needed: rules.Needed, *, by: Actor, at: datetime, counts: bool = True
) -> VerificationTask:
    task = VerificationTask(
        city=lead.city,
        lead=lead,
        supplier=lead.supplier,
        check_kind=needed.check,
        why=needed.why,
        needed=counts,
    )
    with transaction.atomic():
        rules.PROPOSE.start(task, by=by, at=at)
        _recount(lead)
    return task


def _case(lead: SupplierLead) -> rules.Case:
    stands_out = lead.findings.filter(code__in=PRICE_CODES).exclude(status=Finding.Status.GONE)
    use = lead.line.supply_request.declared_use if lead.line else lead.declared_use
    return rules.Case(
        quantity=lead.supply,
        claims_certificate=lead.supplier.certificates.exists(),
        role=lead.supplier.role,
        origin=lead.supplier.country,
        medical=use == Use.MEDICAL,
        price_stands_out=stands_out.exists(),
    )


def _copy(task: VerificationTask, why: str) -> VerificationTask:
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


def _recount(lead: SupplierLead) -> None:
    """Count, under the lead's lock, the needed checks of which none of their kind is accepted; cancelled and declined ones count."""
    row = locked(lead)
    tasks = list(row.checks.values_list("check_kind", "certificate_id", "status", "needed"))
    needed = {(check, certificate) for check, certificate, _status, counts in tasks if counts}
    accepted = [task for task in tasks if task[2] == VerificationTask.Status.ACCEPTED]
    done = {(check, certificate) for check, certificate, *_rest in accepted}
    leads.set_checks(row, still_open=len(needed - done), accepted=len(accepted))


def _end(row: VerificationTask, at: datetime) -> None:
    """No more reminders; what is planned is taken back; the contact has one open question less."""
    row.chase_at = None
    outbox.cancel(row)
    waited = (at - row.offered_at).total_seconds() / 3600 if row.offered_at else None
    partners.end_question(_contact(row), waited, at=at)


def _next(row: VerificationTask) -> datetime | None:
    assert row.offered_at is not None and row.due_at is not None  # check_given_to_somebody
    return rules.next_chase(row.offered_at, row.due_at, row.chases)


def _contact(row: VerificationTask) -> Contact:
    assert row.contact is not None  # check_given_to_somebody
    return row.contact
