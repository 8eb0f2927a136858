"""Rules for sharing a check with another city: which checks, for how long, and the moves of a request.

The periods are a choice of this project, each with the first day on which it applies; there is no source for
them. A change adds a row and never alters an existing number.
"""

from datetime import date, datetime, timedelta
from typing import NamedTuple

from django.utils.translation import gettext_lazy as _

from partners.powers import Power
from procurement.leads.models.leads import SupplierLead
from procurement.verification.models import CheckKind, CheckReuse, VerificationTask
from procurement.verification.rules.tasks import reviewer_interest_refusal
from workflow.actors import Actor
from workflow.errors import Refused
from workflow.moves import Move, Moves, first_refusal, not_ready_refusal, one_of, system_only


class ReusePeriod(NamedTuple):
    """Period in `days` after acceptance in which a check may be shared. The rule applies from `valid_from` on."""

    valid_from: date
    days: int


FIRST_RULE_DAY = date(2020, 1, 1)
REUSE_PERIODS: dict[str, tuple[ReusePeriod, ...]] = {
    CheckKind.BUSINESS_LICENCE: (ReusePeriod(FIRST_RULE_DAY, 180),),
    CheckKind.CERTIFICATE: (ReusePeriod(FIRST_RULE_DAY, 90),),
    CheckKind.VISIT: (ReusePeriod(FIRST_RULE_DAY, 60),),
    CheckKind.SAMPLE_TEST: (ReusePeriod(FIRST_RULE_DAY, 90),),
    CheckKind.EXPORT_PERMISSION: (
        ReusePeriod(FIRST_RULE_DAY, 30),
    ),  # in April 2020 its rules changed within weeks
    CheckKind.BANK_ACCOUNT: (ReusePeriod(FIRST_RULE_DAY, 30),),
    CheckKind.PRICE_EXPLANATION: (),  # a price is explained to one city only
    CheckKind.MISSING_CERTIFICATE: (),  # the certificate itself counts for every city that accepts it
}
COMPANY_CHECKS = frozenset(
    {CheckKind.BUSINESS_LICENCE, CheckKind.BANK_ACCOUNT}
)  # checks of the company, not of goods


def reuse_days(check: str, on: date) -> int:
    """Return the number of days after acceptance in which a kind of check may be shared, 0 if never.

    Uses the rule in force on the day.
    """
    return next((rule.days for rule in reversed(REUSE_PERIODS[check]) if rule.valid_from <= on), 0)


def reusable_until(task: VerificationTask, on: date) -> date | None:
    """Return the last day on which an accepted check may be shared, by the rule in force on a day.

    None if it may not be shared or is not accepted.
    """
    days = reuse_days(task.check_kind, on)
    if task.status != VerificationTask.Status.ACCEPTED or task.reviewed_at is None or not days:
        return None
    return task.city.day_at(task.reviewed_at) + timedelta(days=days)


def is_covered_by(task: VerificationTask, other: VerificationTask) -> bool:
    """Return True if the other check covers what this one needs.

    Both must be about the same certificate and, unless the check is about the company only, the same goods.
    """
    if task.certificate_id != other.certificate_id:
        return False
    mine, theirs = task.lead, other.lead
    same = (mine.product_id, mine.model, mine.standard_id) == (
        theirs.product_id,
        theirs.model,
        theirs.standard_id,
    )
    return task.check_kind in COMPANY_CHECKS or same


def may_request_reuse(by: Actor, reuse: CheckReuse) -> bool | Refused:
    """Return True for users who assign checks for the asking city, unless they have an interest in the company."""
    task = reuse.task
    return by.may(Power.ASSIGN_CHECK, task) and (reviewer_interest_refusal(by, task) or True)


def may_answer_reuse(by: Actor, reuse: CheckReuse) -> bool | Refused:
    """Return True for users who review reports for the city asked, unless they have an interest in the company."""
    return by.may(Power.REVIEW_REPORT, reuse) and (reviewer_interest_refusal(by, reuse.task) or True)


def unneeded_reuse_refusal(reuse: CheckReuse) -> Refused | None:
    """Return a refusal if the asking city no longer needs the check or the other check is not usable, else None.

    The asking city needs it while its own check waits to be assigned and the offer has not ended. The other
    check must be accepted, and must not itself be based on another city's check.
    """
    task, origin = reuse.task, reuse.origin
    return first_refusal(
        (
            None
            if task.status in VerificationTask.ASSIGNABLE_STATUSES
            and task.lead.status in SupplierLead.LIVE_STATUSES
            else not_ready_refusal(_("The city that asked no longer needs the check.")),
            None
            if origin.status == VerificationTask.Status.ACCEPTED and origin.reused_from_id is None
            else not_ready_refusal(_("The check is no longer valid.")),
        )
    )


def outdated_check_refusal(reuse: CheckReuse, at: datetime) -> Refused | None:
    """Return a refusal if the check is too old on the day it would be used, else None."""
    today = reuse.city.day_at(at)
    until = reusable_until(reuse.origin, today)
    return None if until is not None and today <= until else not_ready_refusal(_("The check is now too old."))


REQUEST_REUSE = Move[CheckReuse](
    verb="request",
    label=_("Ask to use this check"),
    past_tense=_("asked to use the check"),
    target=CheckReuse.Status.PENDING,
    allowed=may_request_reuse,
    ready=unneeded_reuse_refusal,
)
AGREE_TO_REUSE = Move[CheckReuse](
    verb="agree",
    label=_("Allow use of the check"),
    past_tense=_("allowed another city to use the check"),
    source=one_of(CheckReuse.Status.PENDING),
    target=CheckReuse.Status.AGREED,
    allowed=may_answer_reuse,
    ready=unneeded_reuse_refusal,
)
REFUSE_REUSE = Move[CheckReuse](
    verb="refuse",
    label=_("Decline"),
    past_tense=_("declined to share the check"),
    source=one_of(CheckReuse.Status.PENDING),
    target=CheckReuse.Status.DECLINED,
    allowed=may_answer_reuse,
)
CANCEL_REUSE = Move[CheckReuse](
    verb="cancel",
    label=_("Cancel request"),
    past_tense=_("cancelled the request to use the check"),
    source=one_of(CheckReuse.Status.PENDING),
    target=CheckReuse.Status.CANCELLED,
    allowed=system_only,
    allowed_for_system=True,
)
REUSE_MOVES = Moves(
    CheckReuse,
    REQUEST_REUSE,
    AGREE_TO_REUSE,
    REFUSE_REUSE,
    CANCEL_REUSE,
    ends={
        CheckReuse.Status.AGREED: "the check counts for the other city, until its facts change",
        CheckReuse.Status.DECLINED: "the other city makes its own check",
        CheckReuse.Status.CANCELLED: "kept for the record",
    },
)
