"""The life of a list: uploaded, in force, replaced by a newer version; withdrawn by two persons, for that lifts blocks."""

from django.utils.translation import gettext_lazy as _

from partners.roles import Power
from procurement.lists.models.watch_list import WatchList
from workflow.actors import Actor
from workflow.errors import NOT_ALLOWED, Refused
from workflow.moves import Move, Moves, one_of


def may_keep(by: Actor, watch_list: WatchList | None = None) -> bool:
    """Whoever keeps the register, of any city or of the network: a list is everybody's."""
    return by.may(Power.EDIT_REGISTER, watch_list)


def second_person(by: Actor, watch_list: WatchList) -> bool | Refused:
    """A list is withdrawn by somebody else than who proposed it."""
    if not may_keep(by, watch_list):
        return False
    if by.user_id == watch_list.withdrawn_by_id:
        return Refused(NOT_ALLOWED, _("You proposed to withdraw it, so a second person agrees."), show=True)
    return True


def nobody(by: Actor, thing: object) -> bool:
    """Only the machine makes this move."""
    return False


UPLOAD = Move[WatchList](
    verb="upload",
    label=_("Upload a list"),
    past=_("uploaded the list"),
    target=WatchList.Status.UPLOADED,
    allowed=may_keep,
)
COME_IN_FORCE = Move[WatchList](
    verb="come_in_force",
    label=_("Bring into force"),
    past=_("compared the list with all names, and brought it into force"),
    source=one_of(WatchList.Status.UPLOADED),
    target=WatchList.Status.IN_FORCE,
    allowed=nobody,
    clock=True,
)
FAIL = Move[WatchList](
    verb="fail",
    label=_("Compare nothing"),
    past=_("could not compare the list"),
    source=one_of(WatchList.Status.UPLOADED),
    target=WatchList.Status.FAILED,
    allowed=nobody,
    clock=True,
)
TRY_AGAIN = Move[WatchList](
    verb="try_again",
    label=_("Compare it again"),
    past=_("had the list compared again"),
    source=one_of(WatchList.Status.FAILED),
    target=WatchList.Status.UPLOADED,
    allowed=may_keep,
)
REPLACE = Move[WatchList](
    verb="replace",
    label=_("Replace"),
    past=_("replaced the list by a newer version"),
    source=one_of(WatchList.Status.IN_FORCE, WatchList.Status.WITHDRAWING),
    target=WatchList.Status.REPLACED,
    allowed=nobody,
    clock=True,
)
DROP = Move[WatchList](
    verb="drop",
    label=_("Do not bring it into force"),
    past=_("dropped the list before it was in force"),
    source=one_of(WatchList.Status.UPLOADED, WatchList.Status.FAILED),
    target=WatchList.Status.WITHDRAWN,
    allowed=may_keep,
    reason=True,
)
PROPOSE_WITHDRAWAL = Move[WatchList](
    verb="propose_withdrawal",
    label=_("Propose to withdraw it"),
    past=_("proposed to withdraw the list"),
    source=one_of(WatchList.Status.IN_FORCE),
    target=WatchList.Status.WITHDRAWING,
    allowed=may_keep,
    reason=True,
)
KEEP = Move[WatchList](
    verb="keep",
    label=_("Keep it in force"),
    past=_("kept the list in force"),
    source=one_of(WatchList.Status.WITHDRAWING),
    target=WatchList.Status.IN_FORCE,
    allowed=may_keep,
    reason=True,
)
WITHDRAW = Move[WatchList](
    verb="withdraw",
    label=_("Withdraw it"),
    past=_("withdrew the list"),
    source=one_of(WatchList.Status.WITHDRAWING),
    target=WatchList.Status.WITHDRAWN,
    allowed=second_person,
    reason=True,
)
LIST_MOVES = Moves(
    WatchList,
    UPLOAD,
    COME_IN_FORCE,
    FAIL,
    TRY_AGAIN,
    REPLACE,
    DROP,
    PROPOSE_WITHDRAWAL,
    KEEP,
    WITHDRAW,
    ends={
        WatchList.Status.REPLACED: "a newer version is in force",
        WatchList.Status.WITHDRAWN: "its names stay readable",
    },
)
