"""Moves of a dispute: the first claim opens it, an editor of the register settles and reopens it."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from partners.corrections.rules import may_decide
from partners.disputes.models import Dispute
from workflow.moves import Move, Moves, one_of

OPEN_DISPUTE = Move[Dispute](
    verb="dispute",
    label=_("Add a source"),
    past_tense=_("recorded that sources disagree"),
    target=Dispute.Status.OPEN,
    allowed=may_decide,
)
ADD_CLAIM = Move[Dispute](
    verb="claim",
    label=_("Add a source"),
    past_tense=_("added a source"),
    source=one_of(Dispute.Status.OPEN),
    allowed=may_decide,
)
SETTLE = Move[Dispute](
    verb="settle",
    label=_("Settle disagreement"),
    past_tense=pgettext_lazy("a disagreement of sources", "settled the disagreement"),
    source=one_of(Dispute.Status.OPEN),
    target=Dispute.Status.SETTLED,
    allowed=may_decide,
    requires_reason=True,
    undo_verb="reopen",
)
REOPEN = Move[Dispute](
    verb="reopen",
    label=_("Reopen disagreement"),
    past_tense=pgettext_lazy("a disagreement of sources", "reopened the disagreement"),
    source=one_of(Dispute.Status.SETTLED),
    target=Dispute.Status.OPEN,
    allowed=may_decide,
    requires_reason=True,
)

DISPUTE_MOVES = Moves(Dispute, OPEN_DISPUTE, ADD_CLAIM, SETTLE, REOPEN, ends={})
