"""What looks wrong about where they want to be paid."""

from collections.abc import Iterator

from procurement.leads.screening.values import BLOCK, WARN, Found, Offer


def screen_bank_accounts(offer: Offer) -> Iterator[Found]:
    """Where they want to be paid: whose account it is, where it lies, and whether it changed (FBI, March 2020: a hard stop)."""
    for account in offer.accounts:
        named = {"account": account.shown}
        if account.others:
            yield Found(
                code="account_elsewhere",
                severity=BLOCK,
                subject=account.key,
                figures={**named, "others": ", ".join(account.others)},
            )
        if not account.holder_fits:
            yield Found(
                code="account_holder",
                severity=WARN,
                subject=account.key,
                figures={**named, "holder": account.holder},
            )
        if account.country != offer.country:
            yield Found(
                code="account_country",
                severity=WARN,
                subject=account.key,
                figures={**named, "country": account.country, "home": offer.country},
            )
        if account.waiting:
            yield Found(code="account_changed", severity=BLOCK, subject=account.key, figures=named)
