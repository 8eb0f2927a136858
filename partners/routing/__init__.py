"""Who can answer this? Rank contacts for a question, each rank with its reason in words. Pure: the door gathers the candidates.

Nobody is ranked through a tie that has ended. Degrees come first, then what makes an answer likely, good and soon.
"""

from partners.routing.order import Ranked, next_to_ask, rank
from partners.routing.reasons import Reason
from partners.routing.values import Candidate, Degree, Link, Path, Place, Question

__all__ = [
    "Candidate",
    "Degree",
    "Link",
    "Path",
    "Place",
    "Question",
    "Ranked",
    "Reason",
    "next_to_ask",
    "rank",
]
