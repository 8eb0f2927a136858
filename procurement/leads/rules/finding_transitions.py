"""Moves of a finding: raised, answered, upheld, updated and closed, with the people who may make each."""

from django.utils.translation import gettext_lazy as _

from partners.powers import Power
from procurement.leads.hooks import screening_rules
from procurement.leads.models.findings import Finding
from procurement.suppliers.rules.statuses import person_with_interest_refusal
from workflow.actors import Actor
from workflow.errors import Refused
from workflow.moves import Move, Moves, not_ready_refusal, one_of, system_only


def may_answer(by: Actor, finding: Finding) -> bool | Refused:
    """Return True for officers and verifiers of the offer's city.

    Refuses those with a declared interest in the supplier or the manufacturer.
    """
    lead = finding.lead
    return by.may(Power.REVIEW_LEAD, finding) and (
        person_with_interest_refusal(by, lead.supplier_id, lead.maker_id) or True
    )


def is_settled_only_by_remedy(code: str) -> bool:
    """Return True if neither an answer nor an override settles findings of this code (docs/rules/orders.md).

    Such a finding is settled by a decision elsewhere: on the watchlist match, the bank account, the declared
    use or the manufacturer.
    """
    return bool(screening_rules.get()[code].remedy.refusal)


def finding_answer_refusal(finding: Finding) -> Refused | None:
    """Return a refusal, in the words of its rule's remedy, for a finding that is settled elsewhere, else None."""
    if not is_settled_only_by_remedy(finding.code):
        return None
    remedy = screening_rules.get()[finding.code].remedy
    named = {remedy.subject_figure_name: finding.subject} if remedy.subject_figure_name else {}
    return not_ready_refusal(remedy.refusal % named if named else remedy.refusal, **named)


RAISE_FINDING = Move[Finding](
    verb="find",
    label=_("Raise finding"),
    past_tense=_("raised the finding"),
    target=Finding.Status.OPEN,
    allowed=system_only,
    allowed_for_system=True,
)
ANSWER = Move[Finding](
    verb="answer",
    label=_("Respond to the finding"),
    past_tense=_("responded to the finding"),
    source=one_of(Finding.Status.OPEN),
    target=Finding.Status.EXPLAINED,
    allowed=may_answer,
    ready=finding_answer_refusal,
    requires_reason=True,
)
UPHOLD = Move[Finding](
    verb="uphold",
    label=_("Uphold finding"),
    past_tense=_("upheld the finding"),
    source=one_of(Finding.Status.OPEN, Finding.Status.EXPLAINED),
    target=Finding.Status.UPHELD,
    allowed=may_answer,
    requires_reason=True,
)
RAISE_AGAIN = Move[Finding](
    verb="raise_again",
    label=_("Raise finding again"),
    past_tense=_("raised the finding again"),
    source=one_of(Finding.Status.EXPLAINED, Finding.Status.RESOLVED),
    target=Finding.Status.OPEN,
    allowed=system_only,
    allowed_for_system=True,
)
UPDATE_FINDING = Move[Finding](
    verb="restate",
    label=_("Update finding"),
    past_tense=_("updated the finding with new figures"),
    source=one_of(Finding.Status.OPEN, Finding.Status.UPHELD),
    allowed=system_only,
    allowed_for_system=True,
)
RESOLVE = Move[Finding](
    verb="resolve",
    label=_("Close finding"),
    past_tense=_("noted that the finding no longer applies"),
    source=one_of(Finding.Status.OPEN, Finding.Status.EXPLAINED, Finding.Status.UPHELD),
    target=Finding.Status.RESOLVED,
    allowed=system_only,
    allowed_for_system=True,
)
REMIND = Move[Finding](
    verb="remind",
    label=_("Send reminder"),
    past_tense=_("sent a reminder"),
    source=one_of(Finding.Status.OPEN),
    allowed=system_only,
    allowed_for_system=True,
)
FINDING_MOVES = Moves(
    Finding,
    RAISE_FINDING,
    ANSWER,
    UPHOLD,
    RAISE_AGAIN,
    UPDATE_FINDING,
    RESOLVE,
    REMIND,
    ends={},
)
