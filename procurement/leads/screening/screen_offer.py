"""Screening of an offer: runs all screening rules and returns their findings.

A finding explains itself and decides nothing. Only a finding that rests on a reliable source, or on the
offer's own figures, may block. To add a rule, write its `ScreeningRule` above the function that raises its findings, in
the module of its subject, and add it to the rules page (`procurement/rulebook/sections.py`).
"""

from procurement.leads.screening import (
    bank_accounts,
    certificate_acceptability,
    certificate_dates,
    certificate_goods,
    certificate_holders,
    certificate_issuers,
    certificate_numbers,
    certificates,
    counterfeit_marks,
    declared_use,
    features,
    notified_bodies,
    payment_terms,
    prices,
    quantities,
    register_lookups,
    seller,
    standards,
    watchlists,
)
from procurement.leads.screening.offer_data import FindingData, OfferData
from procurement.leads.screening.rule_types import ScreeningRule, codes_of

SCREENING_MODULES = (
    watchlists,
    seller,
    register_lookups,
    standards,
    certificates,
    certificate_numbers,
    certificate_acceptability,
    notified_bodies,
    certificate_dates,
    certificate_holders,
    certificate_goods,
    certificate_issuers,
    counterfeit_marks,
    prices,
    features,
    quantities,
    payment_terms,
    declared_use,
    bank_accounts,
)
OFFER_RULES: tuple[ScreeningRule, ...] = tuple(
    found
    for module in SCREENING_MODULES
    for found in vars(module).values()
    if isinstance(found, ScreeningRule)
)
OFFER_RULE_CODES = codes_of(OFFER_RULES)


def screen_offer(offer: OfferData) -> list[FindingData]:
    """Return all findings about the offer, in reading order."""
    screenings = (
        watchlists.watchlist_findings,
        seller.screen_seller,
        register_lookups.screen_lookups,
        standards.screen_standard,
        certificates.screen_certificates,
        counterfeit_marks.screen_marks,
        prices.screen_prices,
        features.screen_features,
        quantities.screen_quantities,
        payment_terms.screen_payment_terms,
        declared_use.screen_declared_use,
        payment_terms.screen_combined_flags,
        bank_accounts.screen_bank_accounts,
    )
    return [found for screen in screenings for found in screen(offer)]
