"""What the register says on a day: whether a tie holds, whether it is active, who gave, whom nobody has asked. Pure.

Works on plain values, so that one reading of the rows answers for a city, a page and the whole network.
"""

from partners.register.article import ARTICLE, Article, article_on
from partners.register.giving import Giving, giving
from partners.register.passed import ACTIVE_SINCE, DONATION, Pair, Passed, Tie, active_pairs, gifts
from partners.register.potential import Figures, Untapped, Untried, figures, never_asked, untapped
from partners.register.standing import ENDED, Agreement, Standing, begun, holds, status_on

__all__ = [
    "ACTIVE_SINCE",
    "ARTICLE",
    "DONATION",
    "ENDED",
    "Agreement",
    "Article",
    "Figures",
    "Giving",
    "Pair",
    "Passed",
    "Standing",
    "Tie",
    "Untapped",
    "Untried",
    "active_pairs",
    "article_on",
    "begun",
    "figures",
    "gifts",
    "giving",
    "holds",
    "never_asked",
    "status_on",
    "untapped",
]
