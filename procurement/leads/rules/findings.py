"""Who answers what screening noticed, and when it is noticed again."""

from django.utils.translation import gettext_lazy as _

from partners.roles import Power
from procurement.leads.models import Finding
from procurement.suppliers.rules import uninvolved
from workflow.actors import Actor
from workflow.errors import Refused
from workflow.moves import Move, Moves, one_of

F = Finding.Status


def may_answer(by: Actor, finding: Finding) -> bool | Refused:
    """Officers and verifiers of the city, but nobody whom the company concerns."""
    return by.may(Power.JUDGE_LEAD, finding) and (uninvolved(by, finding.lead.supplier_id) or True)


def nobody(by: Actor, thing: object) -> bool:
    """Only the machine makes this move."""
    return False


FIND = Move[Finding](
    verb="find", label=_("Find"), past=_("noticed"), target=F.OPEN, allowed=nobody, clock=True
)
ANSWER = Move[Finding](
    verb="answer",
    label=_("Answer in writing"),
    past=_("answered the finding"),
    source=one_of(F.OPEN),
    target=F.ANSWERED,
    allowed=may_answer,
    reason=True,
)
UPHOLD = Move[Finding](
    verb="uphold",
    label=_("It stands"),
    past=_("upheld it"),
    source=one_of(F.OPEN, F.ANSWERED),
    target=F.UPHELD,
    allowed=may_answer,
    reason=True,
)
RAISE_AGAIN = Move[Finding](
    verb="raise_again",
    label=_("Raise again"),
    past=_("noticed it again"),
    source=one_of(F.ANSWERED, F.GONE),
    target=F.OPEN,
    allowed=nobody,
    clock=True,
)
RESTATE = Move[Finding](
    verb="restate",
    label=_("State anew"),
    past=_("noticed other figures"),
    source=one_of(F.OPEN, F.UPHELD),
    allowed=nobody,
    clock=True,
)
CLEAR = Move[Finding](
    verb="clear",
    label=_("No longer so"),
    past=_("noticed that it is no longer so"),
    source=one_of(F.OPEN, F.ANSWERED, F.UPHELD),
    target=F.GONE,
    allowed=nobody,
    clock=True,
)
FINDING_MOVES = Moves(
    Finding,
    FIND,
    ANSWER,
    UPHOLD,
    RAISE_AGAIN,
    RESTATE,
    CLEAR,
    ends={},
)
