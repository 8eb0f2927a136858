"""Moves of a proposed change of shared facts about a supplier.

The cities that deal with the supplier decide (ADR 92).
"""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from partners.powers import Power
from procurement.suppliers.models.changes import SupplierChange
from workflow.actors import Actor
from workflow.moves import Move, Moves, one_of


def may_propose(by: Actor, _change: SupplierChange) -> bool:
    """Return True for any person. The rules of the proposed move decide who may make it."""
    return by.user_id is not None


def may_decide_change(by: Actor, change: SupplierChange) -> bool:
    """Return True for officers of a city that is asked."""
    return bool(by.cities_with(Power.EDIT_SUPPLIER) & frozenset(change.asked))


def may_agree_to_change(by: Actor, change: SupplierChange) -> bool:
    """Return True for officers of an asked city while another city has not agreed yet."""
    mine = by.cities_with(Power.EDIT_SUPPLIER) & change.undecided_city_ids
    return bool(mine) and mine != change.undecided_city_ids


def may_accept_change(by: Actor, change: SupplierChange) -> bool:
    """Return True for officers of the last cities that have not agreed yet."""
    return change.undecided_city_ids <= by.cities_with(Power.EDIT_SUPPLIER) and may_decide_change(by, change)


def may_withdraw_proposal(by: Actor, change: SupplierChange) -> bool:
    """Return True for the author of the proposal, but not by link."""
    return by.user_id == change.author_id and by.via != "link"


PROPOSE = Move[SupplierChange](
    verb="propose",
    label=_("Propose a change"),
    past_tense=pgettext_lazy("a correction", "proposed the correction"),
    target=SupplierChange.Status.PROPOSED,
    allowed=may_propose,
)
AGREE = Move[SupplierChange](
    verb="agree",
    label=pgettext_lazy("a correction", "Agree to the change"),
    past_tense=pgettext_lazy("a correction", "agreed to the change"),
    source=one_of(SupplierChange.Status.PROPOSED),
    allowed=may_agree_to_change,
)
ACCEPT = Move[SupplierChange](
    verb="accept",
    label=pgettext_lazy("a correction", "Accept correction"),
    past_tense=pgettext_lazy("a correction", "accepted the correction"),
    source=one_of(SupplierChange.Status.PROPOSED),
    target=SupplierChange.Status.ACCEPTED,
    allowed=may_accept_change,
)
DECLINE = Move[SupplierChange](
    verb="decline",
    label=pgettext_lazy("a correction", "Decline correction"),
    past_tense=pgettext_lazy("a correction", "declined the correction"),
    source=one_of(SupplierChange.Status.PROPOSED),
    target=SupplierChange.Status.DECLINED,
    allowed=may_decide_change,
    requires_reason=True,
    undo_verb="reopen",
)
REOPEN = Move[SupplierChange](
    verb="reopen",
    label=_("Reopen decision"),
    past_tense=pgettext_lazy("a correction", "reopened the decision"),
    source=one_of(SupplierChange.Status.DECLINED),
    target=SupplierChange.Status.PROPOSED,
    allowed=may_decide_change,
    requires_reason=True,
)
WITHDRAW = Move[SupplierChange](
    verb="withdraw",
    label=pgettext_lazy("a correction", "Withdraw correction"),
    past_tense=pgettext_lazy("a correction", "withdrew the correction"),
    source=one_of(SupplierChange.Status.PROPOSED),
    target=SupplierChange.Status.WITHDRAWN,
    allowed=may_withdraw_proposal,
)

CHANGE_MOVES = Moves(
    SupplierChange,
    PROPOSE,
    AGREE,
    ACCEPT,
    DECLINE,
    REOPEN,
    WITHDRAW,
    ends={
        SupplierChange.Status.ACCEPTED: "applied; undone only by another proposal",
        SupplierChange.Status.WITHDRAWN: "withdrawn by its author",
    },
)
