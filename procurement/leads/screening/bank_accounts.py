"""Screening of the seller's bank accounts."""

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from procurement.leads.screening.offer_data import BLOCK, WARN, FindingData, OfferData
from workflow.errors import Words


def screen_bank_accounts(offer: OfferData) -> Iterator[FindingData]:
    """Yield findings on the accounts: holder, country, use by another company, and change.

    A changed account blocks (FBI, March 2020: a hard stop).
    """
    for account in offer.accounts:
        named = {"account": account.shown}
        if account.others:
            yield FindingData(
                code="account_elsewhere",
                severity=BLOCK,
                subject=account.key,
                figures={**named, "others": ", ".join(account.others)},
            )
        if not account.holder_fits:
            yield FindingData(
                code="account_holder",
                severity=WARN,
                subject=account.key,
                figures={**named, "holder": account.holder},
            )
        if account.country != offer.country:
            yield FindingData(
                code="account_country",
                severity=WARN,
                subject=account.key,
                figures={**named, "country": account.country, "home": offer.country},
            )
        if account.waiting:
            yield FindingData(code="account_changed", severity=BLOCK, subject=account.key, figures=named)


SENTENCES: dict[str, Words] = {
    "account_elsewhere": _("The account %(account)s is that of another company too (%(others)s)."),
    "account_holder": _("The account %(account)s is in the name of %(holder)s, not of the company."),
    "account_country": _("The account %(account)s is in %(country)s, the company in %(home)s."),
    "account_changed": _("Another account was named since: %(account)s. Call back before anything is paid."),
}
