"""What looks wrong about an offer: findings with a code, a severity, figures and a source. Pure: judges values, reads no rows.

A finding explains itself and decides nothing. Only what rests on a firm source, or on the offer's own figures, may block.
"""

from procurement.leads.screening import offers, papers
from procurement.leads.screening.accounts import screen_bank_accounts
from procurement.leads.screening.companies import looked_up
from procurement.leads.screening.lists import screen_watchlists
from procurement.leads.screening.marks import screen_marks
from procurement.leads.screening.prices import screen_prices
from procurement.leads.screening.values import Found, Offer


def screen(offer: Offer) -> list[Found]:
    """Everything that looks wrong, in the order a reader should meet it."""
    rules = (
        screen_watchlists,
        offers.company,
        looked_up,
        papers.standard,
        papers.certificates,
        screen_marks,
        screen_prices,
        offers.features,
        offers.quantities,
        offers.terms,
        offers.together,
        screen_bank_accounts,
    )
    return [found for rule in rules for found in rule(offer)]
