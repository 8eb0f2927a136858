"""Moves of a watchlist match, and permission to decide on it.

Two persons clear a match in writing; one is enough to confirm it.
"""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from partners.powers import Power
from procurement.sanctions.models import WatchlistMatch
from procurement.suppliers.models.suppliers import Supplier
from procurement.suppliers.rules.dependent_cities import allowed_unless_shared
from procurement.suppliers.rules.statuses import person_with_interest_refusal
from workflow.actors import Actor
from workflow.errors import NOT_ALLOWED, Refused
from workflow.moves import Move, Moves, one_of, system_only


def may_review(by: Actor, match: WatchlistMatch) -> bool | Refused:
    """Return True for officers and verifiers of any city, because cities share the facts of companies.

    A match from a city's own offer is for that city only. Refuses an actor with a declared interest in the
    company.
    """
    return by.may(Power.REVIEW_LEAD, match) and (person_with_interest_refusal(by, match.supplier_id) or True)


def may_decide_match(by: Actor, match: WatchlistMatch) -> bool | Refused:
    """Return True if the actor may review the match and entered neither the company nor its offers."""
    if (may := may_review(by, match)) is not True:
        return may
    # Offers belong to a package above this one, so they are reached only through the company's relation.
    rows = Supplier.objects.filter(pk__in=match.supplier.row_ids)
    mine = Q(entered_by=by.user_id) | Q(leads__author=by.user_id)
    if rows.filter(mine).exists():
        words = _(
            "You entered this company or one of its offers, so others must decide whether it is on the list."
        )
        return Refused(NOT_ALLOWED, words, show=True)
    return True


def may_dismiss_match(by: Actor, match: WatchlistMatch) -> bool | Refused:
    """Return True if the actor may decide on the match and did not propose to dismiss it."""
    if by.user_id == match.proposed_by_id and by.may(Power.REVIEW_LEAD, match):
        return Refused(
            NOT_ALLOWED, _("You proposed the dismissal, so another person must agree to it."), show=True
        )
    return may_decide_match(by, match)


RAISE_MATCH = Move[WatchlistMatch](
    verb="raise",
    label=_("Record possible match"),
    past_tense=_("recorded a possible match"),
    target=WatchlistMatch.Status.POSSIBLE,
    allowed=system_only,
    allowed_for_system=True,
)
PROPOSE_DISMISSAL = Move[WatchlistMatch](
    verb="propose_dismissal",
    label=_("Not the same company"),
    past_tense=_("proposed to dismiss the match"),
    source=one_of(WatchlistMatch.Status.POSSIBLE),
    target=WatchlistMatch.Status.DISMISSAL_PROPOSED,
    allowed=may_decide_match,
    requires_reason=True,
)
DISMISS = Move[WatchlistMatch](
    verb="dismiss",
    label=_("Dismiss match (second review)"),
    past_tense=_("dismissed the match"),
    source=one_of(WatchlistMatch.Status.DISMISSAL_PROPOSED),
    target=WatchlistMatch.Status.DISMISSED,
    allowed=allowed_unless_shared(may_dismiss_match),
    requires_reason=True,
)
REJECT_DISMISSAL = Move[WatchlistMatch](
    verb="reject_dismissal",
    label=_("Refuse dismissal"),
    past_tense=_("refused the dismissal"),
    source=one_of(WatchlistMatch.Status.DISMISSAL_PROPOSED),
    target=WatchlistMatch.Status.POSSIBLE,
    allowed=allowed_unless_shared(may_review),
    requires_reason=True,
)
CONFIRM_MATCH = Move[WatchlistMatch](
    verb="confirm",
    label=_("Confirm match"),
    past_tense=_("confirmed the match"),
    source=WatchlistMatch.Status.open,
    target=WatchlistMatch.Status.CONFIRMED,
    allowed=allowed_unless_shared(may_review),
    requires_reason=True,
    undo_verb="reopen",
)
REOPEN = Move[WatchlistMatch](
    verb="reopen",
    label=_("Reopen match"),
    past_tense=_("reopened the match"),
    source=WatchlistMatch.Status.done,
    target=WatchlistMatch.Status.POSSIBLE,
    allowed=allowed_unless_shared(may_review),
    requires_reason=True,
)
RAISE_AGAIN = Move[WatchlistMatch](
    verb="raise_again",
    label=_("Raise match again"),
    past_tense=_("raised the match again because the facts behind the decision have changed"),
    source=one_of(
        WatchlistMatch.Status.DISMISSAL_PROPOSED,
        WatchlistMatch.Status.DISMISSED,
        WatchlistMatch.Status.DELISTED,
    ),
    target=WatchlistMatch.Status.POSSIBLE,
    allowed=system_only,
    allowed_for_system=True,
)
MOVE_TO_NEW_VERSION = Move[WatchlistMatch](
    verb="follow",
    label=_("Update match to the new list"),
    past_tense=_("updated the match to the newer version of the list"),
    source=one_of(
        WatchlistMatch.Status.POSSIBLE,
        WatchlistMatch.Status.DISMISSAL_PROPOSED,
        WatchlistMatch.Status.DISMISSED,
        WatchlistMatch.Status.CONFIRMED,
    ),
    allowed=system_only,
    allowed_for_system=True,
)
DELIST = Move[WatchlistMatch](
    verb="delist",
    label=_("Mark as no longer listed"),
    past_tense=_("found that the name is no longer on the list"),
    source=one_of(
        WatchlistMatch.Status.POSSIBLE,
        WatchlistMatch.Status.DISMISSAL_PROPOSED,
        WatchlistMatch.Status.DISMISSED,
        WatchlistMatch.Status.CONFIRMED,
    ),
    target=WatchlistMatch.Status.DELISTED,
    allowed=system_only,
    allowed_for_system=True,
)
MATCH_MOVES = Moves(
    WatchlistMatch,
    RAISE_MATCH,
    PROPOSE_DISMISSAL,
    DISMISS,
    REJECT_DISMISSAL,
    CONFIRM_MATCH,
    REOPEN,
    RAISE_AGAIN,
    MOVE_TO_NEW_VERSION,
    DELIST,
    ends={},
)
