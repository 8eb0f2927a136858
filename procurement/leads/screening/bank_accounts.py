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
ACCOUNT_HOLDER = ScreeningRule(
    code="account_holder",
    severities=(WARN,),
    description=_("Name of the account holder"),
    message=_("Account %(account)s is in the name of %(holder)s, not of the supplier."),
    rationale=rationales.MAY_BE_LEGITIMATE,
    remedy=remedies.ANSWER,
    sources=(sources.NRW_SCAM_ARRESTS, sources.NRW_SCAM_PAYMENTS),
)
ACCOUNT_COUNTRY = ScreeningRule(
    code="account_country",
    severities=(WARN,),
    description=_("Account outside the supplier’s country"),
    message=_("Account %(account)s is in %(country)s, but the supplier is in %(home)s."),
    rationale=rationales.MAY_BE_LEGITIMATE,
    remedy=remedies.ANSWER,
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
        key, shown = account.key, account.shown
        if account.others:
            yield ACCOUNT_SHARED.finding(subject=key, account=shown, others=", ".join(account.others))
        if not account.holder_fits:
            yield ACCOUNT_HOLDER.finding(subject=key, account=shown, holder=account.holder)
        if account.country != offer.country:
            yield ACCOUNT_COUNTRY.finding(
                subject=key, account=shown, country=account.country, home=offer.country
            )
        if account.waiting:
            yield ACCOUNT_CHANGED.finding(subject=key, account=shown)
