"""Moves of a distribution: distribute, undo, and inform the place of a recall."""

from django.utils.translation import gettext_lazy as _

from partners.powers import Power
from procurement.distribution.models import Distribution
from procurement.quality.models import Lot
from workflow.actors import Actor
from workflow.errors import Refused
from workflow.i18n import LocalizedCount
from workflow.moves import Move, Moves, not_ready_refusal, one_of, system_only


def may_distribute(by: Actor, out: Distribution) -> bool:
    """Return True if the actor may receive for the city."""
    return by.may(Power.RECEIVE, out)


def unreleased_lot_refusal(out: Distribution) -> Refused | None:
    """Return a refusal if the lot is not released."""
    if out.lot.status in Lot.Status.done:
        return None
    words = _("%(lot)s has not been released, so it cannot be distributed.")
    return not_ready_refusal(words % {"lot": out.lot.reference})


def no_pending_recall_refusal(out: Distribution) -> Refused | None:
    """Return a refusal if the lot is not recalled, or if the place was informed already."""
    if out.lot.status != Lot.Status.RECALLED:
        return not_ready_refusal(_("%(lot)s has not been recalled.") % {"lot": out.lot.reference})
    return (
        not_ready_refusal(_("%(place)s has already been informed.") % {"place": out.place_name})
        if out.informed_at
        else None
    )


def above_released_refusal(lot: Lot, gone: int, quantity: int) -> Refused | None:
    """Return a refusal for more pieces than are left of the lot.

    `gone` are the pieces already distributed.
    """
    if quantity < 1:
        return Refused("bad_quantity", _("Enter a quantity of at least one."), field="quantity")
    left = lot.quantity - gone
    if quantity <= left:
        return None
    words = _("Only %(left)s units of this lot are left. You cannot distribute %(quantity)s.")
    figures = {"left": LocalizedCount(left), "quantity": LocalizedCount(quantity)}
    return Refused("more_than_left", words % figures, **figures, field="quantity")


DISTRIBUTE = Move[Distribution](
    verb="distribute",
    label=_("Distribute"),
    past_tense=_("distributed goods from the lot"),
    target=Distribution.Status.DISTRIBUTED,
    allowed=may_distribute,
    ready=unreleased_lot_refusal,
)
SEND_RECALL_NOTICE = Move[Distribution](
    verb="send_recall_notice",
    label=_("Send recall notice"),
    past_tense=_("sent this facility a recall notice"),
    source=one_of(Distribution.Status.DISTRIBUTED),
    allowed=system_only,
    allowed_for_system=True,
)
MARK_INFORMED = Move[Distribution](
    verb="mark_informed",
    label=_("Mark as informed"),
    past_tense=_("informed this facility of the recall"),
    source=one_of(Distribution.Status.DISTRIBUTED),
    allowed=may_distribute,
    ready=no_pending_recall_refusal,
)
UNDO = Move[Distribution](
    verb="undo",
    label=_("Undo distribution"),
    past_tense=_("undid the distribution"),
    source=one_of(Distribution.Status.DISTRIBUTED),
    target=Distribution.Status.UNDONE,
    allowed=may_distribute,
    requires_reason=True,
)
DISTRIBUTION_MOVES = Moves(
    Distribution,
    DISTRIBUTE,
    SEND_RECALL_NOTICE,
    MARK_INFORMED,
    UNDO,
    ends={Distribution.Status.UNDONE: "the pieces are back in stock"},
)
