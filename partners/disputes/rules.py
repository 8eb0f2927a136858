"""Moves of a dispute: the first claim opens it, an editor of the register settles and reopens it."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from partners.corrections.rules import may_decide
from partners.disputes.models import Dispute
from workflow.moves import Move, Moves, one_of

OPEN_DISPUTE = Move[Dispute](
    verb="dispute",
    label=_("Add a source"),
    past=_("recorded that sources disagree"),
    target=Dispute.Status.OPEN,
    allowed=may_decide,
)
ADD_CLAIM = Move[Dispute](
    verb="claim",
    label=_("Add a source"),
    past=_("added a source"),
    source=one_of(Dispute.Status.OPEN),
    allowed=may_decide,
)
SETTLE = Move[Dispute](
    verb="settle",
    label=_("Settle disagreement"),
    past=pgettext_lazy("a disagreement of sources", "settled the disagreement"),
    source=one_of(Dispute.Status.OPEN),
    target=Dispute.Status.SETTLED,
    allowed=may_decide,
    reason=True,
    undo="reopen",
)
REOPEN = Move[Dispute](
    verb="reopen",
    label=_("Reopen disagreement"),
    past=pgettext_lazy("a disagreement of sources", "reopened the disagreement"),
    source=one_of(Dispute.Status.SETTLED),
    target=Dispute.Status.OPEN,
    allowed=may_decide,
    reason=True,
)

DISPUTE_MOVES = Moves(Dispute, OPEN_DISPUTE, ADD_CLAIM, SETTLE, REOPEN, ends={})
