"""Screening of an offer: runs all screening rules and returns their findings. Pure.

A finding explains itself and decides nothing. Only a finding that rests on a firm source, or on the offer's
own figures, may block.
"""

from procurement.leads.screening.bank_accounts import screen_bank_accounts
from procurement.leads.screening.certificates import screen_certificates, screen_standard
from procurement.leads.screening.counterfeit_marks import screen_marks
from procurement.leads.screening.offer_data import FindingData, OfferData
from procurement.leads.screening.prices import screen_prices
from procurement.leads.screening.register_lookups import screen_lookups
from procurement.leads.screening.seller_and_terms import (
    screen_combined_flags,
    screen_features,
    screen_quantities,
    screen_seller,
    screen_terms,
)
from procurement.leads.screening.watchlists import screen_watchlists


def screen_offer(offer: OfferData) -> list[FindingData]:
    """Return all findings about the offer, in reading order."""
    rules = (
        screen_watchlists,
        screen_seller,
        screen_lookups,
        screen_standard,
        screen_certificates,
        screen_marks,
        screen_prices,
        screen_features,
        screen_quantities,
        screen_terms,
        screen_combined_flags,
        screen_bank_accounts,
    )
    return [found for rule in rules for found in rule(offer)]
