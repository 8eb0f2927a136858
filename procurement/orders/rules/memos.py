"""When a decision memo may be made, and by whom. It begins frozen, and nothing changes it afterwards."""

from django.utils.translation import gettext_lazy as _

from partners.roles import Power
from procurement.orders.models.memo import Memo
from procurement.orders.models.order import Order
from workflow.actors import Actor
from workflow.errors import Refused
from workflow.moves import Move, Moves, not_ready


def may_make(by: Actor, memo: Memo) -> bool:
    """Who writes the city's orders, and who approves them. An auditor reads it, and asks them for another."""
    return by.may(Power.ORDER, memo) or by.may(Power.APPROVE, memo)


def decided_on(memo: Memo) -> Refused | None:
    """A memo is of an order that somebody handed in: a draft says nothing yet that anybody decided."""
    if memo.order.status == Order.Status.DRAFT:
        return not_ready(
            _("%(order)s is still a draft. Send it to an approver, or approve it, then make its memo.")
            % {"order": memo.order}
        )
    return None


MAKE = Move[Memo](
    verb="freeze",
    label=_("Make a decision memo"),
    past=_("made the decision memo"),
    target=Memo.Status.FROZEN,
    allowed=may_make,
    ready=decided_on,
)

MEMO_MOVES = Moves(
    Memo, MAKE, ends={Memo.Status.FROZEN: "it says for good what it said; a later memo stands beside it"}
)
