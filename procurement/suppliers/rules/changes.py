"""The life of a proposed change of what cities share about a company: the cities that deal with the company decide (ADR 92)."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from partners.roles import Power
from procurement.suppliers.models.change import CompanyChange
from workflow.actors import Actor
from workflow.moves import Move, Moves, one_of


def may_propose(by: Actor, _change: CompanyChange) -> bool:
    """Who entered it, or who would change it, in their own name. The move they propose says who may make it."""
    return by.user_id is not None


def decides(by: Actor, change: CompanyChange) -> bool:
    """Officers of a city that is asked."""
    return bool(by.where(Power.EDIT_SUPPLIER) & frozenset(change.asked))


def agrees(by: Actor, change: CompanyChange) -> bool:
    """Officers of a city that is asked, while another one has still to agree."""
    mine = by.where(Power.EDIT_SUPPLIER) & change.waits_for
    return bool(mine) and mine != change.waits_for


def accepts(by: Actor, change: CompanyChange) -> bool:
    """Officers of the last city that has still to agree."""
    return change.waits_for <= by.where(Power.EDIT_SUPPLIER) and decides(by, change)


def is_own(by: Actor, change: CompanyChange) -> bool:
    """Who proposed it."""
    return by.user_id == change.author_id and by.via != "link"


PROPOSE = Move[CompanyChange](
    verb="propose",
    label=_("Propose a change"),
    past=pgettext_lazy("a correction", "proposed it"),
    target=CompanyChange.Status.PROPOSED,
    allowed=may_propose,
)
AGREE = Move[CompanyChange](
    verb="agree",
    label=pgettext_lazy("a correction", "Agree"),
    past=pgettext_lazy("a correction", "agreed to it"),
    source=one_of(CompanyChange.Status.PROPOSED),
    allowed=agrees,
)
ACCEPT = Move[CompanyChange](
    verb="accept",
    label=pgettext_lazy("a correction", "Accept"),
    past=pgettext_lazy("a correction", "accepted it"),
    source=one_of(CompanyChange.Status.PROPOSED),
    target=CompanyChange.Status.ACCEPTED,
    allowed=accepts,
)
DECLINE = Move[CompanyChange](
    verb="decline",
    label=pgettext_lazy("a correction", "Decline"),
    past=pgettext_lazy("a correction", "declined it"),
    source=one_of(CompanyChange.Status.PROPOSED),
    target=CompanyChange.Status.DECLINED,
    allowed=decides,
    reason=True,
)
REOPEN = Move[CompanyChange](
    verb="reopen",
    label=_("Decide again"),
    past=pgettext_lazy("a correction", "took the decision back"),
    source=one_of(CompanyChange.Status.DECLINED),
    target=CompanyChange.Status.PROPOSED,
    allowed=decides,
    reason=True,
)
WITHDRAW = Move[CompanyChange](
    verb="withdraw",
    label=pgettext_lazy("a correction", "Withdraw"),
    past=pgettext_lazy("a correction", "withdrew it"),
    source=one_of(CompanyChange.Status.PROPOSED),
    target=CompanyChange.Status.WITHDRAWN,
    allowed=is_own,
)

CHANGE_MOVES = Moves(
    CompanyChange,
    PROPOSE,
    AGREE,
    ACCEPT,
    DECLINE,
    REOPEN,
    WITHDRAW,
    ends={
        CompanyChange.Status.ACCEPTED: "it is applied; another proposal undoes it",
        CompanyChange.Status.WITHDRAWN: "its proposer took it back",
    },
)
