"""Registration of the decisions on watchlist matches that another city must agree to."""

from procurement.sanctions.rules.matches import CLEAR, CONFIRM, REOPEN, TURN_DOWN
from procurement.suppliers.actions import changes

changes.PROPOSABLE.update({move: {} for move in (CLEAR, TURN_DOWN, CONFIRM, REOPEN)})
