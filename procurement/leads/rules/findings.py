"""Moves of a finding: raised, answered, upheld, updated and closed, with the people who may make each."""

from django.utils.translation import gettext_lazy as _

from partners.powers import Power
from procurement.leads.hooks import screening_rules
from procurement.leads.models.findings import Finding
from procurement.suppliers.rules.statuses import refuse_person_with_interest
from workflow.actors import Actor
from workflow.errors import Refused
from workflow.moves import Move, Moves, not_ready, one_of


def may_answer(by: Actor, finding: Finding) -> bool | Refused:
    """Return True for officers and verifiers of the offer's city.

    Refuses those with a declared interest in the supplier or the manufacturer.
    """
    lead = finding.lead
    return by.may(Power.REVIEW_LEAD, finding) and (
        refuse_person_with_interest(by, lead.supplier_id, lead.maker_id) or True
    )


def is_settled_elsewhere(code: str) -> bool:
    """Return True if neither an answer nor an override settles findings of this code (docs/rules/orders.md).

    Such a finding is settled by a decision elsewhere: on the watchlist match, the bank account, the declared
    use or the manufacturer.
    """
    return bool(screening_rules.get()[code].remedy.refusal)


def refuse_answer_to_finding(finding: Finding) -> Refused | None:
    """Return a refusal, in the words of its rule's remedy, for a finding that is settled elsewhere, else None."""
    if not is_settled_elsewhere(finding.code):
        return None
    remedy = screening_rules.get()[finding.code].remedy
    named = {remedy.subject: finding.subject} if remedy.subject else {}
    return not_ready(remedy.refusal % named if named else remedy.refusal, **named)


def system_only(by: Actor, thing: object) -> bool:
    """Return False: no person may make this move, only the system."""
    return False


FIND = Move[Finding](
    verb="find",
    label=_("Raise finding"),
    past=_("raised the finding"),
    target=Finding.Status.OPEN,
    allowed=system_only,
    by_system=True,
)
ANSWER = Move[Finding](
    verb="answer",
    label=_("Respond to the finding"),
    past=_("responded to the finding"),
    source=one_of(Finding.Status.OPEN),
    target=Finding.Status.EXPLAINED,
    allowed=may_answer,
    ready=refuse_answer_to_finding,
    reason=True,
)
UPHOLD = Move[Finding](
    verb="uphold",
    label=_("Uphold finding"),
    past=_("upheld the finding"),
    source=one_of(Finding.Status.OPEN, Finding.Status.EXPLAINED),
    target=Finding.Status.UPHELD,
    allowed=may_answer,
    reason=True,
)
RAISE_AGAIN = Move[Finding](
    verb="raise_again",
    label=_("Raise finding again"),
    past=_("raised the finding again"),
    source=one_of(Finding.Status.EXPLAINED, Finding.Status.RESOLVED),
    target=Finding.Status.OPEN,
    allowed=system_only,
    by_system=True,
)
RESTATE = Move[Finding](
    verb="restate",
    label=_("Update finding"),
    past=_("updated the finding with new figures"),
    source=one_of(Finding.Status.OPEN, Finding.Status.UPHELD),
    allowed=system_only,
    by_system=True,
)
RESOLVE = Move[Finding](
    verb="resolve",
    label=_("Close finding"),
    past=_("noted that the finding no longer applies"),
    source=one_of(Finding.Status.OPEN, Finding.Status.EXPLAINED, Finding.Status.UPHELD),
    target=Finding.Status.RESOLVED,
    allowed=system_only,
    by_system=True,
)
REMIND = Move[Finding](
    verb="remind",
    label=_("Send reminder"),
    past=_("sent a reminder"),
    source=one_of(Finding.Status.OPEN),
    allowed=system_only,
    by_system=True,
)
FINDING_MOVES = Moves(
    Finding,
    FIND,
    ANSWER,
    UPHOLD,
    RAISE_AGAIN,
    RESTATE,
    RESOLVE,
    REMIND,
    ends={},
)
