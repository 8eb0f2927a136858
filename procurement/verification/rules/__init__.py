"""Which checks an offer needs, who makes and judges them, and when somebody is reminded. By noun."""

from procurement.outreach.rules import MOST_CHASES, at_field, due_holds, next_chase
from procurement.verification.rules import needed, tasks
from procurement.verification.rules.needed import RESTS_ON, WHY, Case, Needed, needed_checks, rests_on
from procurement.verification.rules.tasks import MOVES, answer_faults, phone_due

__all__ = [
    "MOST_CHASES",
    "MOVES",
    "RESTS_ON",
    "WHY",
    "Case",
    "Needed",
    "answer_faults",
    "at_field",
    "due_holds",
    "needed",
    "needed_checks",
    "next_chase",
    "phone_due",
    "rests_on",
    "tasks",
]
