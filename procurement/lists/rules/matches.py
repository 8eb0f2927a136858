"""Who judges whether a company is somebody on a list. Two persons clear it in writing; one is enough to say that it is them."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from partners.roles import Power
from procurement.lists.models.match import ListMatch
from procurement.suppliers.models.company import Supplier
from procurement.suppliers.rules.judgements import uninvolved
from procurement.suppliers.rules.relying import alone
from workflow.actors import Actor
from workflow.errors import NOT_ALLOWED, Refused
from workflow.moves import Move, Moves, one_of


def may_judge(by: Actor, match: ListMatch) -> bool | Refused:
    """Officers and verifiers of any city: facts of companies are shared. Of the one city, where the name is from its own offer.

    Nobody whom the company concerns.
    """
    return by.may(Power.JUDGE_LEAD, match) and (uninvolved(by, match.supplier_id) or True)


def disinterested(by: Actor, match: ListMatch) -> bool | Refused:
    """Somebody who judges, and who neither entered the company nor wrote an offer of it."""
    if (may := may_judge(by, match)) is not True:
        return may
    # Offers are rows of a later stage, known here by their key to the company alone.
    rows = Supplier.objects.filter(pk__in=match.supplier.rows)
    mine = Q(entered_by=by.user_id) | Q(leads__author=by.user_id)
    if rows.filter(mine).exists():
        words = _("You entered this company or an offer of it, so others judge whether it is on the list.")
        return Refused(NOT_ALLOWED, words, show=True)
    return True


def second_person(by: Actor, match: ListMatch) -> bool | Refused:
    """Never whoever proposed it."""
    if by.user_id == match.proposed_by_id and by.may(Power.JUDGE_LEAD, match):
        return Refused(NOT_ALLOWED, _("You proposed to clear it, so a second person agrees."), show=True)
    return disinterested(by, match)


def nobody(by: Actor, thing: object) -> bool:
    """Only the machine makes this move."""
    return False


RAISE = Move[ListMatch](
    verb="raise",
    label=_("Note a possible match"),
    past=_("noted a possible match"),
    target=ListMatch.Status.POSSIBLE,
    allowed=nobody,
    clock=True,
)
PROPOSE = Move[ListMatch](
    verb="propose_clearing",
    label=_("It is somebody else"),
    past=_("proposed to clear the match"),
    source=one_of(ListMatch.Status.POSSIBLE),
    target=ListMatch.Status.CLEARING,
    allowed=disinterested,
    reason=True,
)
CLEAR = Move[ListMatch](
    verb="clear",
    label=_("Clear it as the second person"),
    past=_("cleared the match"),
    source=one_of(ListMatch.Status.CLEARING),
    target=ListMatch.Status.CLEARED,
    allowed=alone(second_person),
    reason=True,
)
TURN_DOWN = Move[ListMatch](
    verb="turn_down",
    label=_("Do not clear it"),
    past=_("did not clear the match"),
    source=one_of(ListMatch.Status.CLEARING),
    target=ListMatch.Status.POSSIBLE,
    allowed=alone(may_judge),
    reason=True,
)
CONFIRM = Move[ListMatch](
    verb="confirm",
    label=_("It is them"),
    past=_("confirmed the match"),
    source=one_of(ListMatch.Status.POSSIBLE, ListMatch.Status.CLEARING),
    target=ListMatch.Status.CONFIRMED,
    allowed=alone(may_judge),
    reason=True,
)
REOPEN = Move[ListMatch](
    verb="reopen",
    label=_("Judge it anew"),
    past=_("opened the match again"),
    source=one_of(ListMatch.Status.CLEARED, ListMatch.Status.CONFIRMED),
    target=ListMatch.Status.POSSIBLE,
    allowed=alone(may_judge),
    reason=True,
)
RAISE_AGAIN = Move[ListMatch](
    verb="raise_again",
    label=_("Raise again"),
    past=_("raised the match again: what it was judged by has changed"),
    source=one_of(ListMatch.Status.CLEARING, ListMatch.Status.CLEARED, ListMatch.Status.GONE),
    target=ListMatch.Status.POSSIBLE,
    allowed=nobody,
    clock=True,
)
FOLLOW = Move[ListMatch](
    verb="follow",
    label=_("Follow the list"),
    past=_("followed it to the newer version of the list"),
    source=one_of(
        ListMatch.Status.POSSIBLE,
        ListMatch.Status.CLEARING,
        ListMatch.Status.CLEARED,
        ListMatch.Status.CONFIRMED,
    ),
    allowed=nobody,
    clock=True,
)
LAPSE = Move[ListMatch](
    verb="lapse",
    label=_("No longer listed"),
    past=_("found that it is no longer so"),
    source=one_of(
        ListMatch.Status.POSSIBLE,
        ListMatch.Status.CLEARING,
        ListMatch.Status.CLEARED,
        ListMatch.Status.CONFIRMED,
    ),
    target=ListMatch.Status.GONE,
    allowed=nobody,
    clock=True,
)
MATCH_MOVES = Moves(
    ListMatch, RAISE, PROPOSE, CLEAR, TURN_DOWN, CONFIRM, REOPEN, RAISE_AGAIN, FOLLOW, LAPSE, ends={}
)
