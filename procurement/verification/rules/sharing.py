"""Which checks one city may lend another, how long a check stays good enough for that, and the life of a question about it.

How long is our own choice, with the day from which it holds: no source says it. A change is another row, never another number.
"""

from datetime import date, datetime, timedelta
from typing import NamedTuple

from django.utils.translation import gettext_lazy as _

from partners.roles import Power
from procurement.leads.models.offer import SupplierLead
from procurement.verification.models.checks import Check, VerificationTask
from procurement.verification.models.sharing import Reuse
from procurement.verification.rules.tasks import uninvolved_in
from workflow.actors import Actor
from workflow.errors import Refused
from workflow.moves import Move, Moves, first_refusal, not_ready, one_of

OPEN = (
    VerificationTask.Status.PROPOSED,
    VerificationTask.Status.DECLINED,
)  # nobody has it in hand, so another city's may stand in its place


class Validity(NamedTuple):
    """From `since` on, a check of a kind may be lent for `days` after it was accepted."""

    since: date
    days: int


FIRST = date(2020, 1, 1)
VALID: dict[str, tuple[Validity, ...]] = {
    Check.BUSINESS_LICENCE: (Validity(FIRST, 180),),
    Check.CERTIFICATE: (Validity(FIRST, 90),),
    Check.VISIT: (Validity(FIRST, 60),),
    Check.SAMPLE: (Validity(FIRST, 90),),
    Check.EXPORT: (Validity(FIRST, 30),),  # in April 2020 its rules changed within weeks
    Check.BANK: (Validity(FIRST, 30),),
    Check.PRICE: (),  # a price is explained to the city it was asked of
}
OF_COMPANY = frozenset({Check.BUSINESS_LICENCE, Check.BANK})  # these are about no goods


def valid_days(check: str, on: date) -> int:
    """For how many days after it was accepted a check of a kind may be lent, by the rule of a day; 0 where it may not."""
    return next((rule.days for rule in reversed(VALID[check]) if rule.since <= on), 0)


def valid_until(task: VerificationTask, on: date) -> date | None:
    """The last day on which an accepted check may be lent, by the rule of a day. None where it may not, or is not accepted."""
    days = valid_days(task.check_kind, on)
    if task.status != VerificationTask.Status.ACCEPTED or task.judged_at is None or not days:
        return None
    return task.city.day_at(task.judged_at) + timedelta(days=days)


def fits(task: VerificationTask, other: VerificationTask) -> bool:
    """Whether another check looked at what this one would: the same certificate, and the same goods where it is about goods."""
    if task.certificate_id != other.certificate_id:
        return False
    mine, theirs = task.lead, other.lead
    same = (mine.product_id, mine.model, mine.standard_id) == (
        theirs.product_id,
        theirs.model,
        theirs.standard_id,
    )
    return task.check_kind in OF_COMPANY or same


def may_ask(by: Actor, reuse: Reuse) -> bool | Refused:
    """Whoever gives checks out for the asking city, but nobody whom the company concerns."""
    task = reuse.task
    return by.may(Power.ASSIGN_CHECK, task) and (uninvolved_in(by, task) or True)


def may_answer(by: Actor, reuse: Reuse) -> bool | Refused:
    """Whoever judges reports for the city that is asked, but nobody whom the company concerns."""
    return by.may(Power.JUDGE_REPORT, reuse) and (uninvolved_in(by, reuse.task) or True)


def still_wanted(reuse: Reuse) -> Refused | None:
    """The asking city has still to make the check, for an offer that stands; the other's is accepted, and its own."""
    task, origin = reuse.task, reuse.origin
    return first_refusal(
        (
            None
            if task.status in OPEN and task.lead.status in SupplierLead.LIVE
            else not_ready(_("The city that asked no longer needs it.")),
            None
            if origin.status == VerificationTask.Status.ACCEPTED and origin.reused_from_id is None
            else not_ready(_("The check no longer stands.")),
        )
    )


def still_valid(reuse: Reuse, at: datetime) -> Refused | None:
    """It is not too old by the day it would be used."""
    today = reuse.city.day_at(at)
    until = valid_until(reuse.origin, today)
    return None if until is not None and today <= until else not_ready(_("The check is too old by now."))


ASK = Move[Reuse](
    verb="ask",
    label=_("Ask whether your city may use it"),
    past=_("asked for the use of the check"),
    target=Reuse.Status.ASKED,
    allowed=may_ask,
    ready=still_wanted,
)
AGREE = Move[Reuse](
    verb="agree",
    label=_("Let them use it"),
    past=_("let another city use the check"),
    source=one_of(Reuse.Status.ASKED),
    target=Reuse.Status.AGREED,
    allowed=may_answer,
    ready=still_wanted,
)
REFUSE = Move[Reuse](
    verb="refuse",
    label=_("Rather not"),
    past=_("would rather not share the check"),
    source=one_of(Reuse.Status.ASKED),
    target=Reuse.Status.REFUSED,
    allowed=may_answer,
)
CANCEL = Move[Reuse](
    verb="cancel",
    label=_("No longer needed"),
    past=_("no longer needed the check"),
    source=one_of(Reuse.Status.ASKED),
    target=Reuse.Status.CANCELLED,
    allowed=lambda by, reuse: False,
    clock=True,
)
REUSE_MOVES = Moves(
    Reuse,
    ASK,
    AGREE,
    REFUSE,
    CANCEL,
    ends={
        Reuse.Status.AGREED: "the check counts for the other city, until its facts change",
        Reuse.Status.REFUSED: "the other city makes its own",
        Reuse.Status.CANCELLED: "kept for the record",
    },
)
