"""Every change to an order, its lines, payments, memos and papers in one file. By noun; callers use the names below."""

from procurement.orders.actions.bundles import (
    Made,
    ask_again,
    ask_for_bundle,
    drop_bundle,
    fail_bundle,
    finish_bundle,
    forget_bundles,
)
from procurement.orders.actions.deciding import (
    accept,
    approve,
    confirm,
    override,
    place,
    ready,
    send_back,
    submit,
)
from procurement.orders.actions.ending import cancel, complete, decline, lose, settle, shorten, thank
from procurement.orders.actions.making import MOST_COST, MOST_PRICE, draft, edit, offer, use_account
from procurement.orders.actions.memos import make_memo
from procurement.orders.actions.payments import goods_moved, pay, propose, set_due, share, take_back, urge
from procurement.orders.actions.pieces import Delta, lock_orders, lock_promises, locked_lines, move

__all__ = [
    "MOST_COST",
    "MOST_PRICE",
    "Delta",
    "Made",
    "accept",
    "approve",
    "ask_again",
    "ask_for_bundle",
    "cancel",
    "complete",
    "confirm",
    "decline",
    "draft",
    "drop_bundle",
    "edit",
    "fail_bundle",
    "finish_bundle",
    "forget_bundles",
    "goods_moved",
    "lock_orders",
    "lock_promises",
    "locked_lines",
    "lose",
    "make_memo",
    "move",
    "offer",
    "override",
    "pay",
    "place",
    "propose",
    "ready",
    "send_back",
    "set_due",
    "settle",
    "share",
    "shorten",
    "submit",
    "take_back",
    "thank",
    "urge",
    "use_account",
]
