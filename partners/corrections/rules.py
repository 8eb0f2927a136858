"""Moves of a proposed correction: every signed-in user proposes, an editor of the register decides."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from partners.corrections.models import Correction, RegisterFact
from partners.powers import may_edit_register_of
from workflow.actors import Actor
from workflow.moves import Move, Moves, one_of


def may_propose(by: Actor, _correction: Correction) -> bool:
    """Return True for signed-in users and their API tokens. A link is for one object only."""
    return by.user_id is not None and by.via != "link"


def may_decide(by: Actor, about: RegisterFact) -> bool:
    """Return True for register editors of either side of the entry, and for coordinators."""
    return may_edit_register_of(by, about.side_a_id, about.side_b_id or about.side_a_id)


def is_proposer(by: Actor, correction: Correction) -> bool:
    """Return True for the author of the correction, unless they come through a link."""
    return by.user_id == correction.author_id and by.via != "link"


PROPOSE = Move[Correction](
    verb="propose",
    label=_("Propose a correction"),
    past_tense=pgettext_lazy("a correction", "proposed the correction"),
    target=Correction.Status.PROPOSED,
    allowed=may_propose,
)
ACCEPT = Move[Correction](
    verb="accept",
    label=pgettext_lazy("a correction", "Accept correction"),
    past_tense=pgettext_lazy("a correction", "accepted the correction"),
    source=one_of(Correction.Status.PROPOSED),
    target=Correction.Status.ACCEPTED,
    allowed=may_decide,
    undo_verb="reopen",
)
DECLINE = Move[Correction](
    verb="decline",
    label=pgettext_lazy("a correction", "Decline correction"),
    past_tense=pgettext_lazy("a correction", "declined the correction"),
    source=one_of(Correction.Status.PROPOSED),
    target=Correction.Status.DECLINED,
    allowed=may_decide,
    requires_reason=True,
    undo_verb="reopen",
)
REOPEN = Move[Correction](
    verb="reopen",
    label=_("Reopen decision"),
    past_tense=pgettext_lazy("a correction", "reopened the decision"),
    source=one_of(Correction.Status.ACCEPTED, Correction.Status.DECLINED),
    target=Correction.Status.PROPOSED,
    allowed=may_decide,
    requires_reason=True,
)
WITHDRAW = Move[Correction](
    verb="withdraw",
    label=pgettext_lazy("a correction", "Withdraw correction"),
    past_tense=pgettext_lazy("a correction", "withdrew the correction"),
    source=one_of(Correction.Status.PROPOSED),
    target=Correction.Status.WITHDRAWN,
    allowed=is_proposer,
)

MOVES = Moves(
    Correction,
    PROPOSE,
    ACCEPT,
    DECLINE,
    REOPEN,
    WITHDRAW,
    ends={Correction.Status.WITHDRAWN: "withdrawn by its author, who may propose again"},
)
