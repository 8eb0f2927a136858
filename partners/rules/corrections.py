"""The life of a proposed correction: anybody who is signed in proposes, whoever keeps that part of the register decides."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from partners.models.corrections import About, Correction
from partners.rules.ties import may_edit_for
from workflow.actors import Actor
from workflow.moves import Move, Moves, one_of


def may_propose(by: Actor, _correction: Correction) -> bool:
    """Whoever is signed in, or writes a program with their token: in their own name, and never by a link, which is for one thing."""
    return by.user_id is not None and by.via != "link"


def keeps(by: Actor, about: About) -> bool:
    """Either side of what it is about keeps it; so does who coordinates the network."""
    return may_edit_for(by, about.side_a_id, about.side_b_id or about.side_a_id)


def is_own(by: Actor, correction: Correction) -> bool:
    """Whoever proposed it."""
    return by.user_id == correction.author_id and by.via != "link"


PROPOSE = Move[Correction](
    verb="propose",
    label=_("Propose a correction"),
    past=pgettext_lazy("a correction", "proposed it"),
    target=Correction.Status.PROPOSED,
    allowed=may_propose,
)
ACCEPT = Move[Correction](
    verb="accept",
    label=pgettext_lazy("a correction", "Accept"),
    past=pgettext_lazy("a correction", "accepted it"),
    source=one_of(Correction.Status.PROPOSED),
    target=Correction.Status.ACCEPTED,
    allowed=keeps,
)
DECLINE = Move[Correction](
    verb="decline",
    label=pgettext_lazy("a correction", "Decline"),
    past=pgettext_lazy("a correction", "declined it"),
    source=one_of(Correction.Status.PROPOSED),
    target=Correction.Status.DECLINED,
    allowed=keeps,
    reason=True,
)
REOPEN = Move[Correction](
    verb="reopen",
    label=_("Decide again"),
    past=pgettext_lazy("a correction", "took the decision back"),
    source=one_of(Correction.Status.ACCEPTED, Correction.Status.DECLINED),
    target=Correction.Status.PROPOSED,
    allowed=keeps,
    reason=True,
)
WITHDRAW = Move[Correction](
    verb="withdraw",
    label=pgettext_lazy("a correction", "Withdraw"),
    past=pgettext_lazy("a correction", "withdrew it"),
    source=one_of(Correction.Status.PROPOSED),
    target=Correction.Status.WITHDRAWN,
    allowed=is_own,
)

MOVES = Moves(
    Correction,
    PROPOSE,
    ACCEPT,
    DECLINE,
    REOPEN,
    WITHDRAW,
    ends={Correction.Status.WITHDRAWN: "its proposer took it back; they may propose again"},
)
