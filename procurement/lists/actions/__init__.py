"""Every change to lists and matches: a list comes and goes, names are compared, persons judge. By noun."""

from procurement.lists.actions.matches import clear, confirm, reopen, turn_down
from procurement.suppliers.actions import changes
from procurement.suppliers.actions.changes import Proposable

changes.PROPOSABLE.update(
    {
        ("procurement.listmatch", "clear"): Proposable(clear, "judged_by"),
        ("procurement.listmatch", "turn_down"): Proposable(turn_down, "judged_by"),
        ("procurement.listmatch", "confirm"): Proposable(confirm, "judged_by"),
        ("procurement.listmatch", "reopen"): Proposable(reopen),
    }
)
