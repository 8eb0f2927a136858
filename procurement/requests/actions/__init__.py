"""Every change to a need and its lines. One module per noun; callers use the names below."""

from procurement.requests.actions.counters import judged, progress, set_offers
from procurement.requests.actions.lines import LineFacts, add_line, change_line, remove_line, set_lines
from procurement.requests.actions.needs import (
    ask_again,
    ask_again_due,
    draft,
    edit,
    fulfil,
    post,
    reconfirm,
    reopen,
    resume,
    share,
    stop,
    withdraw,
)

__all__ = [
    "LineFacts",
    "add_line",
    "ask_again",
    "ask_again_due",
    "change_line",
    "draft",
    "edit",
    "fulfil",
    "judged",
    "post",
    "progress",
    "reconfirm",
    "remove_line",
    "reopen",
    "resume",
    "set_lines",
    "set_offers",
    "share",
    "stop",
    "withdraw",
]
