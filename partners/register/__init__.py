"""What the register says on a day: whether a tie holds, whether it is active, who gave, whom nobody has asked. Pure.

Works on plain values, so that one reading of the rows answers for a city, a page and the whole network.
"""

from partners.register.article import ARTICLE, Article, article_on
from partners.register.giving import Giving, giving
from partners.register.passed import ACTIVE_SINCE, DONATION, Pair, Passed, Tie, active_pairs, gifts
from partners.register.potential import Figures, Untapped, Untried, figures, untapped
from partners.register.reciprocity import SINCE, Unanswered, can_offer, unanswered
from partners.register.standing import ENDED, Agreement, Standing, begun, holds, how_it_ended, status_on
from partners.register.timeline import Year, by_year
from partners.register.totals import GOODS, Amount, Total, same, totals

__all__ = [
    "ACTIVE_SINCE",
    "ARTICLE",
    "DONATION",
    "ENDED",
    "GOODS",
    "SINCE",
    "Agreement",
    "Amount",
    "Article",
    "Figures",
    "Giving",
    "Pair",
    "Passed",
    "Standing",
    "Tie",
    "Total",
    "Unanswered",
    "Untapped",
    "Untried",
    "Year",
    "active_pairs",
    "article_on",
    "begun",
    "by_year",
    "can_offer",
    "figures",
    "gifts",
    "giving",
    "holds",
    "how_it_ended",
    "same",
    "status_on",
    "totals",
    "unanswered",
    "untapped",
]
