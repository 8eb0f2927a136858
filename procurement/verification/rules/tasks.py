"""Moves of a check: permissions to assign, make and review it, and conditions of each move."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from partners.powers import Power
from procurement.leads.models.leads import SupplierLead
from procurement.outreach.rules import people
from procurement.outreach.rules.dates import MAX_REMINDERS
from procurement.suppliers.models.certificates import Certificate
from procurement.suppliers.models.issuer_checks import IssuerCheck
from procurement.suppliers.rules import statuses
from procurement.suppliers.rules.statuses import person_with_interest_refusal
from procurement.verification.models import CheckKind, VerificationTask
from procurement.verification.questions import ANSWER_LABELS, QuestionSet
from workflow.actors import NO_CITIES, Actor
from workflow.errors import NOT_ALLOWED, LazyText, Refused
from workflow.moves import Move, Moves, not_ready_refusal, one_of, system_only
from workflow.uploads.models import File

CHECK_DUE_DAYS = 4  # days for a check, until the end of a working day of the contact
DUE_DAYS_AFTER_RETURN = 2  # days to answer a question about the report


def may_assign(by: Actor, task: VerificationTask) -> bool:
    """Return True for officers and verifiers of the city."""
    return by.may(Power.ASSIGN_CHECK, task)


def may_report(by: Actor, task: VerificationTask) -> bool:
    """Return True for the contact who was asked, who acts through their link."""
    return by.may(Power.REPORT_ON_CHECK, task)


def may_review(by: Actor, task: VerificationTask) -> bool | Refused:
    """Return True for officers and verifiers of the city.

    Refuses the author of the report, and an actor with a declared interest in the company.
    """
    if not by.may(Power.REVIEW_REPORT, task):
        return False
    if any(report.by_id == by.user_id for report in task.reports.all()):
        return Refused(NOT_ALLOWED, _("You made this report, so someone else must review it."), show=True)
    return reviewer_interest_refusal(by, task) or True


def reviewer_interest_refusal(by: Actor, task: VerificationTask) -> Refused | None:
    """Return a refusal for an actor with a declared interest in the company or the manufacturer, else None."""
    return (
        person_with_interest_refusal(by, task.supplier_id, task.lead.maker_id)
        if by.companies_with_interest
        else None
    )


def ended_lead_refusal(task: VerificationTask) -> Refused | None:
    """Return a refusal for a check of an offer that has ended, else None."""
    if task.lead.status in SupplierLead.LIVE_STATUSES:
        return None
    return not_ready_refusal(
        _("The offer %(lead)s has ended, so it can no longer be checked.") % {"lead": task.lead.reference}
    )


def fourth_reminder_refusal(task: VerificationTask) -> Refused | None:
    """Return a refusal for a fourth reminder to one contact about one check, else None: a person should then phone.

    Reminders about a returned report count as well. Also refuses to remind a contact who asked to be left alone.
    """
    if (peace := opted_out_contact_refusal(task)) is not None:
        return peace
    if task.reminder_count < MAX_REMINDERS:
        return None
    return not_ready_refusal(_("Three reminders have been sent. Phone the contact."))


def opted_out_contact_refusal(task: VerificationTask) -> Refused | None:
    """Return a refusal for a contact who asked to be left alone, else None.

    Such a contact gets no reminder and no new due time.
    """
    return None if task.contact is None else people.opted_out_contact_refusal(task.contact)


def due_time_change_refusal(task: VerificationTask) -> Refused | None:
    """Return a refusal of a new due time if the contact asked to be left alone or the offer has ended, else None."""
    return opted_out_contact_refusal(task) or ended_lead_refusal(task)


def needs_phone_call(task: VerificationTask) -> bool:
    """Return True if all reminders were sent without a report, so that a person should phone.

    False for a contact who asked to be left alone.
    """
    waits = task.status in VerificationTask.WAITING_STATUSES and task.contact is not None
    return waits and task.reminder_count >= MAX_REMINDERS and opted_out_contact_refusal(task) is None


def issuer_answer_in_report(check: str, answers: Mapping[str, Any]) -> str | None:
    """Return the issuer's answer in a report on a certificate, or None if the issuer was not asked."""
    asked, said = (answers.get(code) or {} for code in ("asked_issuer", "issuer_confirms"))
    if check != CheckKind.CERTIFICATE or asked.get("answer") != "yes":
        return None
    results = {"yes": IssuerCheck.Result.CONFIRMED, "no": IssuerCheck.Result.INFORMATION_DIFFERS}
    return results.get(said.get("answer", ""), IssuerCheck.Result.NO_ANSWER)


def invalid_answers(asked: QuestionSet, answers: Mapping[str, Any]) -> dict[str, LazyText]:
    """Return the missing and wrong answers of a report, by question code.

    "Could not check" is a valid answer.
    """
    faults: dict[str, LazyText] = {}
    for question in asked:
        given = answers.get(question.code) or {}
        if given.get("answer") not in ANSWER_LABELS:
            faults[question.code] = _("Choose “Yes”, “No” or “Could not check”.")
    for code in answers.keys() - asked.codes:
        faults[code] = _("This question is not part of this check.")
    return faults


def contact_interest_refusal(task: VerificationTask) -> Refused | None:
    """Return a refusal for a contact with a declared interest in the company or the manufacturer, else None."""
    if task.contact is None:
        return None
    return statuses.contact_with_interest_refusal(task.contact, task.supplier, task.lead.maker_id)


def copied_link_report_refusal(task: VerificationTask) -> Refused | None:
    """Return a refusal for a report that came only through a copied link, else None: anyone may have used that link.

    Accepts it if another report came through the contact's own link, or if a user other than the reports'
    authors added a clean file.
    """
    came = list(task.reports.all())
    beside = (
        File.objects.about(task).filter(status=File.Status.CLEAN).exclude(by__in=[one.by_id for one in came])
    )
    if not all(one.by_copied_link for one in came) or beside.exists():
        return None
    return not_ready_refusal(
        _(
            "This report came through a copied link, which cannot be the only proof. Return the report so "
            "that the contact receives their own link, or add a file as proof."
        )
    )


@dataclass(frozen=True)
class CertificateSenderActor:
    """Actor who enters, by the link of a check, the certificate that the city asked for, and nothing else."""

    task: VerificationTask
    user_id: int
    label: LazyText
    via: str = "link"
    companies_with_interest: frozenset[int] = NO_CITIES

    def may(self, power: str, thing: object) -> bool:
        """Return True for entering a certificate of the check's company, of the type that the check asks for."""
        if power != Power.OFFER_LEAD or not isinstance(thing, Certificate):
            return False
        asked = (self.task.supplier.current_row.pk, self.task.requested_certificate_type_id)
        return (thing.supplier_id, thing.kind_id) == asked

    def cities_with(self, power: str) -> frozenset[int]:
        """Return no city: the actor holds no power over a whole city."""
        return NO_CITIES


PROPOSE_CHECK = Move[VerificationTask](
    verb="propose",
    label=_("Open a check"),
    past_tense=_("opened the check"),
    target=VerificationTask.Status.UNASSIGNED,
    allowed=may_assign,
    allowed_for_system=True,
)
REQUEST_CHECK = Move[VerificationTask](
    verb="offer",
    label=_("Assign check"),
    past_tense=_("assigned the check"),
    source=one_of(VerificationTask.Status.UNASSIGNED),
    target=VerificationTask.Status.REQUESTED,
    allowed=may_assign,
    ready=ended_lead_refusal,
    allowed_for_system=True,  # a check handed to a colleague is assigned by the system in the same step
)
ACCEPT_CHECK = Move[VerificationTask](
    verb="take",
    label=_("Accept the check"),
    past_tense=_("accepted the check"),
    source=one_of(VerificationTask.Status.REQUESTED),
    target=VerificationTask.Status.IN_PROGRESS,
    allowed=may_report,
    ready=contact_interest_refusal,
)
SUBMIT_REPORT = Move[VerificationTask](
    verb="submit",
    label=_("Send the report"),
    past_tense=_("sent the report"),
    source=one_of(
        VerificationTask.Status.REQUESTED,
        VerificationTask.Status.IN_PROGRESS,
        VerificationTask.Status.RETURNED,
    ),
    target=VerificationTask.Status.SUBMITTED,
    allowed=may_report,
    ready=contact_interest_refusal,
)
ACCEPT_REPORT = Move[VerificationTask](
    verb="accept",
    label=_("Accept the report"),
    past_tense=_("accepted the report"),
    source=one_of(VerificationTask.Status.SUBMITTED),
    target=VerificationTask.Status.ACCEPTED,
    allowed=may_review,
    ready=copied_link_report_refusal,
)
RETURN_REPORT = Move[VerificationTask](
    verb="return",
    label=_("Return report with a question"),
    past_tense=_("returned the report with a question"),
    source=one_of(VerificationTask.Status.SUBMITTED),
    target=VerificationTask.Status.RETURNED,
    allowed=may_review,
    requires_reason=True,
)
DECLINE = Move[VerificationTask](
    verb="decline",
    label=_("I cannot do this check"),
    past_tense=_("declined the check"),
    source=one_of(
        VerificationTask.Status.REQUESTED,
        VerificationTask.Status.IN_PROGRESS,
        VerificationTask.Status.RETURNED,
    ),
    target=VerificationTask.Status.DECLINED,
    allowed=may_report,
    allowed_for_system=True,  # the system declines for a contact who asked to be left alone
)
FORWARD = Move[VerificationTask](
    verb="forward",
    label=_("A colleague will do it"),
    past_tense=_("transferred the check to a colleague"),
    source=one_of(VerificationTask.Status.REQUESTED, VerificationTask.Status.IN_PROGRESS),
    target=VerificationTask.Status.FORWARDED,
    allowed=may_report,
)
REMIND = Move[VerificationTask](
    verb="remind",
    label=_("Send a reminder"),
    past_tense=_("sent a reminder"),
    source=one_of(
        VerificationTask.Status.REQUESTED,
        VerificationTask.Status.IN_PROGRESS,
        VerificationTask.Status.RETURNED,
    ),
    allowed=may_assign,
    ready=fourth_reminder_refusal,
    allowed_for_system=True,
)
CHANGE_DUE_TIME = Move[VerificationTask](
    verb="redate",
    label=_("Change due date"),
    past_tense=_("changed the due date of the report"),
    source=one_of(
        VerificationTask.Status.REQUESTED,
        VerificationTask.Status.IN_PROGRESS,
        VerificationTask.Status.RETURNED,
    ),
    allowed=may_assign,
    ready=due_time_change_refusal,
)
CANCEL = Move[VerificationTask](
    verb="cancel",
    label=_("Cancel the check"),
    past_tense=_("cancelled the check"),
    source=VerificationTask.Status.open,
    target=VerificationTask.Status.CANCELLED,
    allowed=may_assign,
    allowed_for_system=True,
    requires_reason=True,
)
MARK_OUTDATED = Move[VerificationTask](
    verb="outdate",
    label=_("Mark check as outdated"),
    past_tense=_("marked the check as outdated"),
    source=one_of(VerificationTask.Status.ACCEPTED),
    target=VerificationTask.Status.OUTDATED,
    allowed=system_only,
    allowed_for_system=True,
)
REUSE_CHECK = Move[VerificationTask](
    verb="reuse",
    label=_("Use another city’s check"),
    past_tense=_("used another city’s check"),
    source=one_of(*VerificationTask.ASSIGNABLE_STATUSES),
    target=VerificationTask.Status.ACCEPTED,
    allowed=system_only,
    allowed_for_system=True,  # the system makes this move when the other city agrees
)
REOPEN = Move[VerificationTask](
    verb="reopen",
    label=_("Ask someone else"),
    past_tense=_("reopened the check"),
    source=one_of(VerificationTask.Status.DECLINED),
    target=VerificationTask.Status.UNASSIGNED,
    allowed=may_assign,
)

CHECK_MOVES = Moves(
    VerificationTask,
    PROPOSE_CHECK,
    REQUEST_CHECK,
    ACCEPT_CHECK,
    SUBMIT_REPORT,
    ACCEPT_REPORT,
    RETURN_REPORT,
    DECLINE,
    FORWARD,
    REMIND,
    CHANGE_DUE_TIME,
    CANCEL,
    MARK_OUTDATED,
    REUSE_CHECK,
    REOPEN,
    ends={
        VerificationTask.Status.FORWARDED: "continues as another check",
        VerificationTask.Status.CANCELLED: "kept for the record",
        VerificationTask.Status.OUTDATED: "a new check is proposed in its place",
    },
)
