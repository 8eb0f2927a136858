"""Rules on the seller's bank accounts: holder, country, use by another company, and change."""

from collections.abc import Iterator
from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from procurement.leads.screening import rationales, remedies, sources
from procurement.leads.screening.offer_data import BLOCK, WARN, FindingData, OfferData
from procurement.leads.screening.rule_types import RuleNumber, ScreeningRule
from procurement.suppliers.rules.bank_accounts import WAITING_PERIOD

WAITING_HOURS = RuleNumber(
    _("Waiting time before paying into an account confirmed by callback (hours)"),
    WAITING_PERIOD // timedelta(hours=1),
)

ACCOUNT_SHARED = ScreeningRule(
    code="account_elsewhere",
    severities=(BLOCK,),
    description=_("Account used by another company"),
    message=_("Account %(account)s also belongs to another company (%(others)s)."),
    rationale=rationales.SHARED_BY_COMPANIES,
    remedy=remedies.CALL_BACK,
    sources=(sources.NRW_SCAM_ARRESTS, sources.NRW_SCAM_PAYMENTS),
)
ACCOUNT_HOLDER_DIFFERS = ScreeningRule(
    code="account_holder",
    severities=(WARN,),
    description=_("Name of the account holder"),
    message=_("Account %(account)s is in the name of %(holder)s, not of the supplier."),
    rationale=rationales.MAY_BE_LEGITIMATE,
    remedy=remedies.WRITTEN_RESPONSE,
    sources=(sources.NRW_SCAM_ARRESTS, sources.NRW_SCAM_PAYMENTS),
)
ACCOUNT_COUNTRY_DIFFERS = ScreeningRule(
    code="account_country",
    severities=(WARN,),
    description=_("Account outside the supplier’s country"),
    message=_("Account %(account)s is in %(country)s, but the supplier is in %(home)s."),
    rationale=rationales.MAY_BE_LEGITIMATE,
    remedy=remedies.WRITTEN_RESPONSE,
    sources=(sources.NRW_SCAM_ARRESTS, sources.NRW_SCAM_PAYMENTS),
)
ACCOUNT_CHANGED = ScreeningRule(
    code="account_changed",
    severities=(BLOCK,),
    description=_("Different account provided later"),
    message=_(
        "A different account was provided later: %(account)s. Call the supplier back before paying anything."
    ),
    rationale=rationales.CALL_BACK,
    remedy=remedies.CALL_BACK_AND_WAIT,
    numbers=(WAITING_HOURS,),
    sources=(sources.FBI_ADVANCE_FEE_ALERT, sources.FBI_HOSPITAL_ALERT),
)


def screen_bank_accounts(offer: OfferData) -> Iterator[FindingData]:
    """Yield findings on the accounts. A changed account blocks (FBI, March 2020: a hard stop)."""
    for account in offer.accounts:
        key, shown = account.account_id, account.masked_number
        if account.other_companies:
            yield ACCOUNT_SHARED.finding(
                subject=key, account=shown, others=", ".join(account.other_companies)
            )
        if not account.holder_matches_company:
            yield ACCOUNT_HOLDER_DIFFERS.finding(subject=key, account=shown, holder=account.holder)
        if account.country != offer.seller_country:
            yield ACCOUNT_COUNTRY_DIFFERS.finding(
                subject=key, account=shown, country=account.country, home=offer.seller_country
            )
        if account.is_callback_open:
            yield ACCOUNT_CHANGED.finding(subject=key, account=shown)
