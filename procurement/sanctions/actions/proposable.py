"""Registration of the decisions on watchlist matches that another city must agree to."""

from procurement.sanctions.actions.matches import confirm_match, dismiss_match, reject_dismissal, reopen_match
from procurement.suppliers.actions import changes
from procurement.suppliers.actions.changes import Proposable

changes.PROPOSABLE.update(
    {
        ("procurement.watchlistmatch", "clear"): Proposable(dismiss_match, "reviewed_by"),
        ("procurement.watchlistmatch", "turn_down"): Proposable(reject_dismissal, "reviewed_by"),
        ("procurement.watchlistmatch", "confirm"): Proposable(confirm_match, "reviewed_by"),
        ("procurement.watchlistmatch", "reopen"): Proposable(reopen_match),
    }
)
