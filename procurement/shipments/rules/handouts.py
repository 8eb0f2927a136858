"""Handing a released lot out, taking it back, and telling its places of a recall."""

from django.utils.translation import gettext_lazy as _

from partners.roles import Power
from procurement.shipments.models.arrival import Lot
from procurement.shipments.models.handouts import HandOut
from workflow.actors import Actor
from workflow.errors import Refused
from workflow.moves import Move, Moves, not_ready, one_of
from workflow.tongues import Figure

IN_USE = frozenset({Lot.Status.RELEASED, Lot.Status.CONDITIONAL})


def may_hand_out(by: Actor, out: HandOut) -> bool:
    """Whoever receives for the city."""
    return by.may(Power.RECEIVE, out)


def nobody(_by: Actor, _out: HandOut) -> bool:
    """It follows from the recall of the lot."""
    return False


def is_in_use(out: HandOut) -> Refused | None:
    """Only what was released leaves the store."""
    if out.lot.status in IN_USE:
        return None
    words = _("%(lot)s is not released: nothing of it is handed out.")
    return not_ready(words % {"lot": out.lot.reference})


def is_recalled(out: HandOut) -> Refused | None:
    """A place is told once, of a lot that is recalled."""
    if out.lot.status != Lot.Status.RECALLED:
        return not_ready(_("%(lot)s is not recalled.") % {"lot": out.lot.reference})
    return not_ready(_("%(place)s has been told.") % {"place": out.where}) if out.told_at else None


def fits(lot: Lot, gone: int, quantity: int) -> Refused | None:
    """Never more than was released: what stands handed out and what is to be, in pieces."""
    if quantity < 1:
        return Refused("bad_quantity", _("Hand out one piece at least."), field="quantity")
    left = lot.quantity - gone
    if quantity <= left:
        return None
    words = _("%(left)s of the lot are left: %(quantity)s cannot be handed out.")
    figures = {"left": Figure(left), "quantity": Figure(quantity)}
    return Refused("more_than_left", words % figures, **figures, field="quantity")


HAND_OUT = Move[HandOut](
    verb="hand_out",
    label=_("Hand out"),
    past=_("handed pieces out"),
    target=HandOut.Status.HANDED_OUT,
    allowed=may_hand_out,
    ready=is_in_use,
)
CALL_BACK = Move[HandOut](
    verb="call_back",
    label=_("Call back"),
    past=_("wrote to the place that the lot is recalled"),
    source=one_of(HandOut.Status.HANDED_OUT),
    allowed=nobody,
    clock=True,
)
TELL = Move[HandOut](
    verb="tell",
    label=_("They have been told"),
    past=_("told the place of the recall"),
    source=one_of(HandOut.Status.HANDED_OUT),
    allowed=may_hand_out,
    ready=is_recalled,
)
FETCH = Move[HandOut](
    verb="take_back",
    label=_("Take back"),
    past=_("took the pieces back"),
    source=one_of(HandOut.Status.HANDED_OUT),
    target=HandOut.Status.TAKEN_BACK,
    allowed=may_hand_out,
    reason=True,
)
HAND_OUT_MOVES = Moves(
    HandOut,
    HAND_OUT,
    CALL_BACK,
    TELL,
    FETCH,
    ends={HandOut.Status.TAKEN_BACK: "the pieces are in the store again"},
)
