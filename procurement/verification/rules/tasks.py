"""The life of a check: who may give it out, make and judge it, and when it is called off or made anew."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from partners.roles import Power
from procurement.leads.models.offer import SupplierLead
from procurement.outreach.rules.days import MOST_CHASES
from procurement.outreach.rules.people import leaves_alone
from procurement.suppliers.models.issuer_check import IssuerCheck
from procurement.suppliers.models.judgement import Interest
from procurement.suppliers.rules.judgements import uninvolved
from procurement.verification.models.checks import Check, VerificationTask
from procurement.verification.models.reports import Report
from procurement.verification.questions import ANSWERS, QuestionSet
from workflow.actors import Actor
from workflow.errors import NOT_ALLOWED, Refused, Words
from workflow.models.evidence import File
from workflow.moves import Move, Moves, not_ready, one_of

ASKED_FOR = 4  # days for a check, to the end of a working day of whoever makes it
ASKED_AGAIN_FOR = 2  # days for the answer to a question about it


def may_assign(by: Actor, task: VerificationTask) -> bool:
    """Officers and verifiers of the city."""
    return by.may(Power.ASSIGN_CHECK, task)


def may_report(by: Actor, task: VerificationTask) -> bool:
    """The contact who was asked, by their link."""
    return by.may(Power.REPORT, task)


def may_judge(by: Actor, task: VerificationTask) -> bool | Refused:
    """Officers and verifiers of the city; nobody judges their own report, nor one about a company that concerns them."""
    if not by.may(Power.JUDGE_REPORT, task):
        return False
    if task.reports.filter(by=by.user_id).exists():
        return Refused(NOT_ALLOWED, _("You made this report, so somebody else judges it."), show=True)
    return uninvolved_in(by, task) or True


def uninvolved_in(by: Actor, task: VerificationTask) -> Refused | None:
    """Why somebody decides nothing about a check: the company concerns them, or who makes the goods where that is another."""
    return uninvolved(by, task.supplier_id, task.lead.maker_id) if by.concerned else None


def lead_is_open(task: VerificationTask) -> Refused | None:
    """Nobody is sent out for an offer that has ended."""
    if task.lead.status in SupplierLead.LIVE:
        return None
    return not_ready(
        _("The offer %(lead)s has ended, so it is not checked any more.") % {"lead": task.lead.reference}
    )


def reminders_left(task: VerificationTask) -> Refused | None:
    """Three reminders at most for one check in one person's hands, a returned report included; then somebody phones."""
    if (peace := wants_no_more(task)) is not None:
        return peace
    if task.chases < MOST_CHASES:
        return None
    return not_ready(_("Three reminders went out. Please phone."))


def wants_no_more(task: VerificationTask) -> Refused | None:
    """Whoever asked to be left alone is reminded of nothing, and given no other day."""
    return None if task.contact is None else leaves_alone(task.contact)


def may_be_redated(task: VerificationTask) -> Refused | None:
    """Another day is given to somebody who takes mail, for an offer that stands."""
    return wants_no_more(task) or lead_is_open(task)


def phone_due(task: VerificationTask) -> bool:
    """Whether every reminder went out without a report: then a person should phone, unless they want to be left alone."""
    waits = task.status in VerificationTask.WAITING and task.contact is not None
    return waits and task.chases >= MOST_CHASES and wants_no_more(task) is None


def issuers_answer(check: str, answers: Mapping[str, Any]) -> str | None:
    """What the issuer of a certificate says, by a report on that check; None where it was not asked."""
    asked, said = (answers.get(code) or {} for code in ("asked_issuer", "issuer_confirms"))
    if check != Check.CERTIFICATE or asked.get("answer") != "yes":
        return None
    results = {"yes": IssuerCheck.Result.CONFIRMS, "no": IssuerCheck.Result.DIFFERS}
    return results.get(said.get("answer", ""), IssuerCheck.Result.NO_ANSWER)


def answer_faults(asked: QuestionSet, answers: Mapping[str, Any]) -> dict[str, Words]:
    """What is missing or wrong in a report's answers, by question code. "Could not check" is a good answer."""
    faults: dict[str, Words] = {}
    for question in asked:
        given = answers.get(question.code) or {}
        if given.get("answer") not in ANSWERS:
            faults[question.code] = _("Choose yes, no, or could not check.")
    for code in answers.keys() - asked.codes:
        faults[code] = _("This check has no such question.")
    return faults


def disinterested(task: VerificationTask) -> Refused | None:
    """Nobody reports on a company they have an interest in, nor on goods that it makes."""
    contact = task.contact
    if contact is None or not Interest.objects.between(contact.user_id, task.supplier_id, task.lead.maker_id):
        return None
    words = _("%(person)s has an interest in %(company)s, so somebody else reports on it.")
    told = {"person": contact.user.name, "company": task.supplier}
    return not_ready(words % told, field="contact")


def reported(task: VerificationTask) -> Refused | None:
    """There is a report to judge, and more than one through a link that was carried by hand: nobody knows whose hands it came to."""
    came = list(Report.objects.filter(task=task).values_list("by_copied_link", "by"))
    beside = (
        File.objects.about(task).filter(status=File.Status.CLEAN).exclude(by__in=[by for _copied, by in came])
    )
    if not all(copied for copied, _by in came) or beside.exists():
        return None
    return not_ready(
        _(
            "This report came through a copied link, which is never the only proof. Return it, and a link of their own goes to the "
            "contact; or add a file that proves it."
        )
    )


PROPOSE = Move[VerificationTask](
    verb="propose",
    label=_("Open a check"),
    past=_("opened the check"),
    target=VerificationTask.Status.PROPOSED,
    allowed=may_assign,
    clock=True,
)
OFFER = Move[VerificationTask](
    verb="offer",
    label=_("Ask somebody"),
    past=_("asked for the check"),
    source=one_of(VerificationTask.Status.PROPOSED),
    target=VerificationTask.Status.OFFERED,
    allowed=may_assign,
    ready=lead_is_open,
    clock=True,  # a check handed to a colleague is offered to them at once
)
TAKE = Move[VerificationTask](
    verb="take",
    label=_("I will do it"),
    past=_("took the check on"),
    source=one_of(VerificationTask.Status.OFFERED),
    target=VerificationTask.Status.TAKEN,
    allowed=may_report,
    ready=disinterested,
)
SUBMIT = Move[VerificationTask](
    verb="submit",
    label=_("Send the report"),
    past=_("sent the report"),
    source=one_of(
        VerificationTask.Status.OFFERED, VerificationTask.Status.TAKEN, VerificationTask.Status.RETURNED
    ),
    target=VerificationTask.Status.SUBMITTED,
    allowed=may_report,
    ready=disinterested,
)
ACCEPT = Move[VerificationTask](
    verb="accept",
    label=_("Accept the report"),
    past=_("accepted the report"),
    source=one_of(VerificationTask.Status.SUBMITTED),
    target=VerificationTask.Status.ACCEPTED,
    allowed=may_judge,
    ready=reported,
)
RETURN = Move[VerificationTask](
    verb="return",
    label=_("Return with a question"),
    past=_("returned the report with a question"),
    source=one_of(VerificationTask.Status.SUBMITTED),
    target=VerificationTask.Status.RETURNED,
    allowed=may_judge,
    reason=True,
)
DECLINE = Move[VerificationTask](
    verb="decline",
    label=_("I cannot"),
    past=_("cannot make the check"),
    source=one_of(
        VerificationTask.Status.OFFERED, VerificationTask.Status.TAKEN, VerificationTask.Status.RETURNED
    ),
    target=VerificationTask.Status.DECLINED,
    allowed=may_report,
    clock=True,  # whoever asked to be left alone has said no to it
)
HAND_OVER = Move[VerificationTask](
    verb="hand_over",
    label=_("My colleague will"),
    past=_("handed the check to a colleague"),
    source=one_of(VerificationTask.Status.OFFERED, VerificationTask.Status.TAKEN),
    target=VerificationTask.Status.HANDED_OVER,
    allowed=may_report,
)
REMIND = Move[VerificationTask](
    verb="remind",
    label=_("Send a reminder"),
    past=_("sent a reminder"),
    source=one_of(
        VerificationTask.Status.OFFERED, VerificationTask.Status.TAKEN, VerificationTask.Status.RETURNED
    ),
    allowed=may_assign,
    ready=reminders_left,
    clock=True,
)
REDATE = Move[VerificationTask](
    verb="redate",
    label=_("Give another day"),
    past=_("gave another day for the report"),
    source=one_of(
        VerificationTask.Status.OFFERED, VerificationTask.Status.TAKEN, VerificationTask.Status.RETURNED
    ),
    allowed=may_assign,
    ready=may_be_redated,
)
CANCEL = Move[VerificationTask](
    verb="cancel",
    label=_("Cancel the check"),
    past=_("cancelled the check"),
    source=one_of(
        VerificationTask.Status.PROPOSED,
        VerificationTask.Status.OFFERED,
        VerificationTask.Status.TAKEN,
        VerificationTask.Status.SUBMITTED,
        VerificationTask.Status.RETURNED,
        VerificationTask.Status.DECLINED,
    ),
    target=VerificationTask.Status.CANCELLED,
    allowed=may_assign,
    clock=True,
    reason=True,
)
OUTDATE = Move[VerificationTask](
    verb="outdate",
    label=_("Out of date"),
    past=_("found the check out of date"),
    source=one_of(VerificationTask.Status.ACCEPTED),
    target=VerificationTask.Status.OUTDATED,
    allowed=lambda by, task: False,
    clock=True,
)
TAKE_OVER = Move[VerificationTask](
    verb="take_over",
    label=_("Use another city's check"),
    past=_("took over another city's check"),
    source=one_of(VerificationTask.Status.PROPOSED, VerificationTask.Status.DECLINED),
    target=VerificationTask.Status.ACCEPTED,
    allowed=lambda by, task: False,
    clock=True,  # the other city's agreement lets it happen
)
OPEN_AGAIN = Move[VerificationTask](
    verb="open_again",
    label=_("Ask somebody else"),
    past=_("opened the check again"),
    source=one_of(VerificationTask.Status.DECLINED),
    target=VerificationTask.Status.PROPOSED,
    allowed=may_assign,
)

MOVES = Moves(
    VerificationTask,
    PROPOSE,
    OFFER,
    TAKE,
    SUBMIT,
    ACCEPT,
    RETURN,
    DECLINE,
    HAND_OVER,
    REMIND,
    REDATE,
    CANCEL,
    OUTDATE,
    TAKE_OVER,
    OPEN_AGAIN,
    ends={
        VerificationTask.Status.HANDED_OVER: "goes on as another check",
        VerificationTask.Status.CANCELLED: "kept for the record",
        VerificationTask.Status.OUTDATED: "a new check is proposed in its place",
    },
)
