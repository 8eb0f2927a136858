"""Status changes (moves) of a watchlist: upload it, bring it into force, replace it, and withdraw it.

Two persons withdraw a list, because that lifts blocks.
"""

from django.utils.translation import gettext_lazy as _

from partners.powers import Power
from procurement.sanctions.models import Watchlist
from workflow.actors import Actor
from workflow.errors import NOT_ALLOWED, Refused
from workflow.moves import Move, Moves, one_of, system_only


def may_maintain(by: Actor, watchlist: Watchlist | None = None) -> bool:
    """Return True for those who edit the register, of any city or the network. Lists are shared by all."""
    return by.may(Power.EDIT_REGISTER, watchlist)


def may_withdraw_watchlist(by: Actor, watchlist: Watchlist) -> bool | Refused:
    """Return True if the actor may keep lists and is not the one who proposed the withdrawal."""
    if not may_maintain(by, watchlist):
        return False
    if by.user_id == watchlist.withdrawn_by_id:
        return Refused(
            NOT_ALLOWED, _("You proposed the withdrawal, so another person must agree to it."), show=True
        )
    return True


UPLOAD = Move[Watchlist](
    verb="upload",
    label=_("Upload a list"),
    past_tense=_("uploaded the list"),
    target=Watchlist.Status.UPLOADED,
    allowed=may_maintain,
)
ACTIVATE = Move[Watchlist](
    verb="activate",
    label=_("Bring list into force"),
    past_tense=_("compared the list with all names and brought it into force"),
    source=one_of(Watchlist.Status.UPLOADED),
    target=Watchlist.Status.ACTIVE,
    allowed=system_only,
    allowed_for_system=True,
)
MARK_SCREENING_FAILED = Move[Watchlist](
    verb="fail",
    label=_("Mark comparison as failed"),
    past_tense=_("could not compare the list"),
    source=one_of(Watchlist.Status.UPLOADED),
    target=Watchlist.Status.SCREENING_FAILED,
    allowed=system_only,
    allowed_for_system=True,
)
RETRY = Move[Watchlist](
    verb="retry",
    label=_("Compare list again"),
    past_tense=_("requested a new comparison of the list"),
    source=one_of(Watchlist.Status.SCREENING_FAILED),
    target=Watchlist.Status.UPLOADED,
    allowed=may_maintain,
)
REPLACE = Move[Watchlist](
    verb="replace",
    label=_("Replace list"),
    past_tense=_("replaced the list with a newer version"),
    source=one_of(Watchlist.Status.ACTIVE, Watchlist.Status.WITHDRAWAL_PROPOSED),
    target=Watchlist.Status.SUPERSEDED,
    allowed=system_only,
    allowed_for_system=True,
)
DISCARD = Move[Watchlist](
    verb="discard",
    label=_("Discard list"),
    past_tense=_("discarded the list before it came into force"),
    source=one_of(Watchlist.Status.UPLOADED, Watchlist.Status.SCREENING_FAILED),
    target=Watchlist.Status.WITHDRAWN,
    allowed=may_maintain,
    requires_reason=True,
)
PROPOSE_WITHDRAWAL = Move[Watchlist](
    verb="propose_withdrawal",
    label=_("Propose withdrawal"),
    past_tense=_("proposed to withdraw the list"),
    source=one_of(Watchlist.Status.ACTIVE),
    target=Watchlist.Status.WITHDRAWAL_PROPOSED,
    allowed=may_maintain,
    requires_reason=True,
    undo_verb="keep",
)
REJECT_WITHDRAWAL = Move[Watchlist](
    verb="keep",
    label=_("Keep list in force"),
    past_tense=_("kept the list in force"),
    source=one_of(Watchlist.Status.WITHDRAWAL_PROPOSED),
    target=Watchlist.Status.ACTIVE,
    allowed=may_maintain,
    requires_reason=True,
)
WITHDRAW = Move[Watchlist](
    verb="withdraw",
    label=_("Withdraw list"),
    past_tense=_("withdrew the list"),
    source=one_of(Watchlist.Status.WITHDRAWAL_PROPOSED),
    target=Watchlist.Status.WITHDRAWN,
    allowed=may_withdraw_watchlist,
    requires_reason=True,
)
WATCHLIST_MOVES = Moves(
    Watchlist,
    UPLOAD,
    ACTIVATE,
    MARK_SCREENING_FAILED,
    RETRY,
    REPLACE,
    DISCARD,
    PROPOSE_WITHDRAWAL,
    REJECT_WITHDRAWAL,
    WITHDRAW,
    ends={
        Watchlist.Status.SUPERSEDED: "a newer version is in force",
        Watchlist.Status.WITHDRAWN: "its names remain readable",
    },
)
