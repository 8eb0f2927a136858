"""Opening checks, giving them out, taking reports and judging them. The only writer of checks and reports. By noun."""

from procurement.verification.actions.asking import (
    cancel,
    chase,
    decline,
    hand_over,
    offer,
    open_again,
    redate,
    remind,
    take,
)
from procurement.verification.actions.opening import open_checks, propose
from procurement.verification.actions.reporting import accept, send_back, submit
from procurement.verification.actions.settling import outdate, settle
from procurement.verification.actions.sharing import agree, ask_for_reuse, refuse, reusable, settle_shared

__all__ = [
    "accept",
    "agree",
    "ask_for_reuse",
    "cancel",
    "chase",
    "decline",
    "hand_over",
    "offer",
    "open_again",
    "open_checks",
    "outdate",
    "propose",
    "redate",
    "refuse",
    "remind",
    "reusable",
    "send_back",
    "settle",
    "settle_shared",
    "submit",
    "take",
]
