"""The life of an order's papers in one file: asked for, put together by the machine, kept for some days, then deleted."""

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from partners.roles import Power
from procurement.orders.models.bundle import Bundle
from workflow.actors import Actor
from workflow.moves import Move, Moves, one_of

KEPT = timedelta(days=7)  # then it is deleted, and asked for again if it is wanted


def may_ask(by: Actor, bundle: Bundle) -> bool:
    """Whoever reads the city's orders, auditors among them: it tells them nothing that they may not see page by page."""
    return by.may(Power.SEE, bundle) and by.user_id == bundle.by_id


def nobody(_by: Actor, _bundle: Bundle) -> bool:
    """Only the machine makes this move."""
    return False


ASK = Move[Bundle](
    verb="ask",
    label=_("Put every paper into one file"),
    past=_("asked for every paper in one file"),
    target=Bundle.Status.ASKED,
    allowed=may_ask,
)
AGAIN = Move[Bundle](
    verb="ask_again",
    label=_("Put it together anew"),
    past=_("asked for every paper in one file again"),
    source=one_of(Bundle.Status.READY, Bundle.Status.FAILED, Bundle.Status.GONE),
    target=Bundle.Status.ASKED,
    allowed=may_ask,
)
FINISH = Move[Bundle](
    verb="finish",
    label=_("Put every paper into one file"),
    past=_("put every paper into one file"),
    source=one_of(Bundle.Status.ASKED),
    target=Bundle.Status.READY,
    allowed=nobody,
    clock=True,
)
FAIL = Move[Bundle](
    verb="fail",
    label=_("Put nothing together"),
    past=_("could not put the papers into one file"),
    source=one_of(Bundle.Status.ASKED),
    target=Bundle.Status.FAILED,
    allowed=nobody,
    clock=True,
)
DROP = Move[Bundle](
    verb="drop",
    label=_("Delete the file"),
    past=_("deleted the file"),
    source=one_of(Bundle.Status.ASKED, Bundle.Status.READY, Bundle.Status.FAILED),
    target=Bundle.Status.GONE,
    allowed=may_ask,
    clock=True,
)

BUNDLE_MOVES = Moves(Bundle, ASK, FINISH, FAIL, DROP, AGAIN, ends={})
