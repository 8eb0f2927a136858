"""Asking for help abroad and taking the answer. The only writer of inquiries. By noun."""

from procurement.outreach.actions.answering import (
    answer,
    copy_link,
    decline,
    note_call,
)
from procurement.outreach.actions.asking import (
    ByOffice,
    ask_partner,
    consent,
    hand_over,
    refuse,
    send,
)
from procurement.outreach.actions.settling import (
    chase,
    lapse_old,
    settle,
)
from procurement.outreach.actions.waiting import (
    cancel,
    go_on,
    lapse,
    pause,
    remind,
)
from procurement.outreach.actions.writing import (
    propose,
    revise,
)

__all__ = [
    "ByOffice",
    "answer",
    "ask_partner",
    "cancel",
    "chase",
    "consent",
    "copy_link",
    "decline",
    "go_on",
    "hand_over",
    "lapse",
    "lapse_old",
    "note_call",
    "pause",
    "propose",
    "refuse",
    "remind",
    "revise",
    "send",
    "settle",
]
