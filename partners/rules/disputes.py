"""The life of a disagreement of sources: opened by the first claim, settled by whoever keeps that part of the register, reopenable."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from partners.models.disputes import Dispute
from partners.rules.corrections import keeps
from workflow.moves import Move, Moves, one_of

S = Dispute.Status

DISPUTE = Move[Dispute](
    verb="dispute",
    label=_("Add what a source says"),
    past=_("noted that sources disagree"),
    target=S.OPEN,
    allowed=keeps,
)
CLAIM = Move[Dispute](
    verb="claim",
    label=_("Add what a source says"),
    past=_("added what a source says"),
    source=one_of(S.OPEN),
    allowed=keeps,
)
SETTLE = Move[Dispute](
    verb="settle",
    label=_("Settle"),
    past=pgettext_lazy("a disagreement of sources", "settled it"),
    source=one_of(S.OPEN),
    target=S.SETTLED,
    allowed=keeps,
    reason=True,
)
REOPEN = Move[Dispute](
    verb="reopen",
    label=_("Open again"),
    past=pgettext_lazy("a disagreement of sources", "opened it again"),
    source=one_of(S.SETTLED),
    target=S.OPEN,
    allowed=keeps,
    reason=True,
)

MOVES = Moves(Dispute, DISPUTE, CLAIM, SETTLE, REOPEN, ends={})
