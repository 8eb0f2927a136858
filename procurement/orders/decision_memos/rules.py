"""Rules for decision memos: who may create one, and when. A memo never changes."""

from django.utils.translation import gettext_lazy as _

from partners.powers import Power
from procurement.orders.decision_memos.models import DecisionMemo
from procurement.orders.models import Order
from workflow.actors import Actor
from workflow.errors import Refused
from workflow.moves import Move, Moves, not_ready_refusal


def may_create_memo(by: Actor, memo: DecisionMemo) -> bool:
    """Return True for people who write or approve the city's orders.

    Auditors only read memos; they ask these people for another one.
    """
    return by.may(Power.ORDER, memo) or by.may(Power.APPROVE, memo)


def draft_order_refusal(memo: DecisionMemo) -> Refused | None:
    """Return a refusal for a draft order, which contains no decision yet, else None."""
    if memo.order.status == Order.Status.DRAFT:
        return not_ready_refusal(
            _("%(order)s is still a draft. Send it for approval, or approve it, before you create its memo.")
            % {"order": memo.order}
        )
    return None


CREATE_MEMO = Move[DecisionMemo](
    verb="freeze",
    label=_("Create decision memo"),
    past_tense=_("created the decision memo"),
    target=DecisionMemo.Status.FINAL,
    allowed=may_create_memo,
    ready=draft_order_refusal,
)

MEMO_MOVES = Moves(
    DecisionMemo,
    CREATE_MEMO,
    ends={DecisionMemo.Status.FINAL: "never changes; a later memo is added beside it"},
)
