"""What looks wrong about an offer: findings with a code, a severity, figures and a source. Pure: judges values, reads no rows.

A finding explains itself and decides nothing. Only what rests on a firm source, or on the offer's own figures, may block.
"""

from procurement.leads.screening import accounts, companies, lists, marks, offers, papers, prices
from procurement.leads.screening.looking import Look, Outcome, looked_at
from procurement.leads.screening.offers import MOST_PREPAID, receivers
from procurement.leads.screening.papers import NOT_SHOWN_YET
from procurement.leads.screening.papers_shown import NeededPaper, OthersPaper, Paper
from procurement.leads.screening.prices import ENOUGH_CITIES, ENOUGH_QUOTES, stands_out
from procurement.leads.screening.sentences import LATER, POINTS, SENTENCES, UNSURE, sentence
from procurement.leads.screening.values import (
    Account,
    FalseUse,
    Found,
    LookedUp,
    Offer,
    OnAList,
    Price,
    PriceList,
    Printed,
)

__all__ = [
    "ENOUGH_CITIES",
    "ENOUGH_QUOTES",
    "LATER",
    "MOST_PREPAID",
    "NOT_SHOWN_YET",
    "POINTS",
    "SENTENCES",
    "UNSURE",
    "Account",
    "FalseUse",
    "Found",
    "Look",
    "LookedUp",
    "NeededPaper",
    "Offer",
    "OnAList",
    "OthersPaper",
    "Outcome",
    "Paper",
    "Price",
    "PriceList",
    "Printed",
    "looked_at",
    "receivers",
    "screen",
    "sentence",
    "stands_out",
]


def screen(offer: Offer) -> list[Found]:
    """Everything that looks wrong, in the order a reader should meet it."""
    rules = (
        lists.lists,
        offers.company,
        companies.looked_up,
        papers.standard,
        papers.certificates,
        marks.marks,
        prices.prices,
        offers.features,
        offers.quantities,
        offers.terms,
        offers.together,
        accounts.accounts,
    )
    return [found for rule in rules for found in rule(offer)]
