"""Every change to lists and matches: a list comes and goes, names are compared, persons judge. By noun."""

from procurement.lists.actions.lists import (
    come_in_force,
    drop,
    fail,
    keep,
    propose_withdrawal,
    try_again,
    upload,
    withdraw,
)
from procurement.lists.actions.matches import clear, confirm, propose_clearing, reopen, turn_down
from procurement.lists.actions.screening import screen, screen_chain
from procurement.suppliers import actions as suppliers

suppliers.PROPOSABLE.update(
    {
        ("procurement.listmatch", "clear"): suppliers.Proposable(clear, "judged_by"),
        ("procurement.listmatch", "turn_down"): suppliers.Proposable(turn_down, "judged_by"),
        ("procurement.listmatch", "confirm"): suppliers.Proposable(confirm, "judged_by"),
        ("procurement.listmatch", "reopen"): suppliers.Proposable(reopen),
    }
)

__all__ = [
    "clear",
    "come_in_force",
    "confirm",
    "drop",
    "fail",
    "keep",
    "propose_clearing",
    "propose_withdrawal",
    "reopen",
    "screen",
    "screen_chain",
    "try_again",
    "turn_down",
    "upload",
    "withdraw",
]
