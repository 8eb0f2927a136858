"""Which checks an offer needs, who makes and judges them, and when somebody is reminded. By noun."""

from procurement.outreach.rules import MOST_CHASES, due_holds, next_chase, no_room
from procurement.verification.rules import needed, sharing, tasks
from procurement.verification.rules.needed import (
    RESTS_ON,
    WHY,
    WHY_NOT,
    Case,
    Decision,
    Needed,
    decisions,
    needed_checks,
    rests_on,
)
from procurement.verification.rules.sharing import REUSE_MOVES
from procurement.verification.rules.tasks import MOVES, answer_faults, phone_due

__all__ = [
    "MOST_CHASES",
    "MOVES",
    "RESTS_ON",
    "REUSE_MOVES",
    "WHY",
    "WHY_NOT",
    "Case",
    "Decision",
    "Needed",
    "answer_faults",
    "decisions",
    "due_holds",
    "needed",
    "needed_checks",
    "next_chase",
    "no_room",
    "phone_due",
    "rests_on",
    "sharing",
    "tasks",
]
