"""Asking for help abroad and taking the answer. The only writer of inquiries. By noun."""

from procurement.outreach.actions.answering import (
    answer,
    copy_link,
    decline,
    note_call,
)
from procurement.outreach.actions.asking import (
    ByOffice,
    ask_next,
    ask_partner,
    consent,
    hand_over,
    keep_thanks,
    refuse,
    send,
)
from procurement.outreach.actions.settling import (
    chase,
    give_way_old,
    lapse_old,
    settle,
)
from procurement.outreach.actions.waiting import (
    cancel,
    give_up,
    give_way,
    go_on,
    lapse,
    pause,
    redate,
    remind,
)
from procurement.outreach.actions.writing import (
    propose,
    revise,
)

__all__ = [
    "ByOffice",
    "answer",
    "ask_next",
    "ask_partner",
    "cancel",
    "chase",
    "consent",
    "copy_link",
    "decline",
    "give_up",
    "give_way",
    "give_way_old",
    "go_on",
    "hand_over",
    "keep_thanks",
    "lapse",
    "lapse_old",
    "note_call",
    "pause",
    "propose",
    "redate",
    "refuse",
    "remind",
    "revise",
    "send",
    "settle",
]
