"""Registration of the decisions on watchlist matches that need the consent of another city."""

from procurement.sanctions.rules.matches import CONFIRM_MATCH, DISMISS, REJECT_DISMISSAL, REOPEN
from procurement.suppliers.actions import changes

changes.PROPOSABLE_MOVES.update({move: {} for move in (DISMISS, REJECT_DISMISSAL, CONFIRM_MATCH, REOPEN)})
