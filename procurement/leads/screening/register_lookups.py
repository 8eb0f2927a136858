"""Rules on register lookups about seller and manufacturer. A finding follows the recorded answer.

Only an answer from an official register, or of the manufacturer itself, blocks.
"""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext_lazy as _

from procurement.catalogue.models.reference_rows import DeclaredUse
from procurement.leads.screening import rationales, remedies, sources
from procurement.leads.screening.certificate_issuers import ISSUER_ANSWER_VALIDITY_NUMBER
from procurement.leads.screening.offer_data import BLOCK, WARN, FindingData, LookupResult, OfferData
from procurement.leads.screening.rule_types import RuleNumber, ScreeningRule
from procurement.leads.screening.seller import (
    MAX_INTERMEDIARIES,
    MAX_INTERMEDIARIES_NUMBER,
    NEW_COMPANY_DAYS,
    NEW_COMPANY_DAYS_NUMBER,
)
from procurement.suppliers.models.register_lookups import RegisterLookup
from procurement.suppliers.rules.register_lookups import LISTS_FRESH_FOR

Answer, Kind = RegisterLookup.Answer, RegisterLookup.Kind
MISSING_LICENCE_ANSWERS = frozenset({Answer.NO_LICENCE, Answer.LICENCE_ENDED})

LIST_ANSWER_VALIDITY_NUMBER = RuleNumber(
    _("Validity of an answer from a list of goods or manufacturers (days)"), LISTS_FRESH_FOR.days
)


def screen_lookups(offer: OfferData) -> Iterator[FindingData]:
    """Yield a finding for each lookup against the offer, and for a long chain without confirmation."""
    for row in offer.register_lookups:
        yield from _screen_answer(row, offer)
        yield from _screen_against_offer(row, offer)
        yield from _screen_answer_age(row)
    yield from _screen_unconfirmed_chain(offer)


COMPANY_UNREGISTERED = ScreeningRule(
    code="company_unregistered",
    severities=(BLOCK, WARN),
    description=_("Company not found in the company register"),
    message=_("%(company)s (%(party)s): not found in the register (%(look_up)s, %(day)s)."),
    rationale=rationales.OFFICIAL_ANSWER,
    remedy=remedies.LOOK_UP_AGAIN,
    sources=(sources.US_UNPROVEN_VENDORS, sources.US_NO_BID_CONTRACTS),
)
COMPANY_STRUCK_OFF = ScreeningRule(
    code="company_struck_off",
    severities=(BLOCK, WARN),
    description=_("Company registration ended"),
    message=_("%(company)s (%(party)s): the registration ended on %(since)s (%(look_up)s, %(day)s)."),
    rationale=rationales.OFFICIAL_ANSWER,
    remedy=remedies.LOOK_UP_AGAIN,
    sources=(sources.US_UNPROVEN_VENDORS, sources.US_NO_BID_CONTRACTS),
)
# A company in debt may still deliver; pay it nothing in advance.
COMPANY_DEBTS = ScreeningRule(
    code="company_debts",
    severities=(WARN,),
    description=_("Court-recorded debts of the company or its owner"),
    message=_(
        "%(company)s (%(party)s): court records show debts (%(look_up)s, %(day)s). Pay nothing in advance."
    ),
    rationale=rationales.MAY_BE_LEGITIMATE,
    remedy=remedies.LOOK_UP_AGAIN,
    sources=(sources.FINLAND_RESIGNATION, sources.FINLAND_POLICE_PROBE),
)
COMPANY_INSOLVENT = ScreeningRule(
    code="company_insolvent",
    severities=(BLOCK, WARN),
    description=_("Entry in the insolvency register"),
    message=_(
        "%(company)s (%(party)s): insolvent according to the insolvency register (%(look_up)s, %(day)s)."
    ),
    rationale=rationales.OFFICIAL_ANSWER,
    remedy=remedies.LOOK_UP_AGAIN,
    sources=(sources.US_UNPROVEN_VENDORS, sources.US_NO_BID_CONTRACTS),
)
MANUFACTURER_UNLICENSED = ScreeningRule(
    code="maker_unlicensed",
    severities=(BLOCK, WARN),
    description=_("Manufacturer’s licence to make these goods"),
    message=_(
        "%(company)s has no licence to make these goods (%(look_up)s, %(day)s). A foreign mark does "
        "not replace a licence."
    ),
    rationale=rationales.OFFICIAL_ANSWER,
    remedy=remedies.LOOK_UP_AGAIN,
    sources=(sources.EUROPE_FAULTY_MASKS, sources.EUROPE_REFUSED_SUPPLIES),
)
LICENCE_ENDED = ScreeningRule(
    code="licence_ended",
    severities=(BLOCK, WARN),
    description=_("Expiry of the licence to make these goods"),
    message=_("%(company)s’s licence to make these goods expired on %(since)s (%(look_up)s, %(day)s)."),
    rationale=rationales.OFFICIAL_ANSWER,
    remedy=remedies.LOOK_UP_AGAIN,
    sources=(sources.EUROPE_FAULTY_MASKS, sources.EUROPE_REFUSED_SUPPLIES),
)
NOT_ON_LIST = ScreeningRule(
    code="not_on_list",
    severities=(BLOCK, WARN),
    description=_("Goods not on the authority’s list"),
    message=_("The goods of %(company)s are not on the authority’s list (%(look_up)s, %(day)s)."),
    rationale=rationales.OFFICIAL_ANSWER,
    remedy=remedies.LOOK_UP_AGAIN,
    sources=(sources.COUNTERFEIT_NIOSH, sources.FDA_RESPIRATOR_LIST),
)
REMOVED_FROM_LIST = ScreeningRule(
    code="cut_from_list",
    severities=(BLOCK, WARN),
    description=_("Goods removed from the authority’s list"),
    message=_(
        "The goods of %(company)s were removed from the authority’s list on %(since)s (%(look_up)s, %(day)s)."
    ),
    rationale=rationales.OFFICIAL_ANSWER,
    remedy=remedies.LOOK_UP_AGAIN,
    sources=(sources.FDA_RESPIRATOR_LIST, sources.HEALTH_CANADA_HEARING),
)
DOMAIN_OWNER_DIFFERS = ScreeningRule(
    code="domain_owner",
    severities=(WARN,),
    description=_("Web domain registered to another party"),
    message=_(
        "The web domain of %(company)s is registered to another party (%(look_up)s, %(day)s). "
        "Call a number from the register."
    ),
    rationale=rationales.FRAUD_ALERT_ADVICE,
    remedy=remedies.LOOK_UP_AGAIN,
    sources=(sources.NRW_SCAM_ARRESTS, sources.NRW_SCAM_PAYMENTS),
)
NO_STAFF = ScreeningRule(
    code="no_staff",
    severities=(WARN,),
    description=_("No staff or business activity"),
    message=_("%(company)s (%(party)s): no staff or business activity was found (%(look_up)s, %(day)s)."),
    rationale=rationales.UNOFFICIAL_STATEMENT,
    remedy=remedies.LOOK_UP_AGAIN,
    sources=(sources.US_UNPROVEN_VENDORS, sources.US_NO_BID_CONTRACTS),
)
TRADES_ONLY_OTHER_GOODS = ScreeningRule(
    code="other_goods",
    severities=(WARN,),
    description=_("Trading history of the company"),
    message=_("%(company)s has traded only in other goods (%(look_up)s, %(day)s)."),
    rationale=rationales.UNOFFICIAL_STATEMENT,
    remedy=remedies.LOOK_UP_AGAIN,
    sources=(sources.TANGO_LAWSUIT, sources.TANGO_SELLER),
)
NO_TRADE = ScreeningRule(
    code="no_trade",
    severities=(WARN,),
    description=_("No trading activity"),
    message=_("No trading activity of %(company)s was found (%(look_up)s, %(day)s)."),
    rationale=rationales.UNOFFICIAL_STATEMENT,
    remedy=remedies.LOOK_UP_AGAIN,
    sources=(sources.FINLAND_RESIGNATION, sources.FINLAND_POLICE_PROBE),
)
DISTRIBUTOR_UNKNOWN = ScreeningRule(
    code="distributor_unknown",
    severities=(BLOCK,),
    description=_("Distributor unknown to the manufacturer"),
    message=_(
        "The manufacturer does not know this distributor: %(company)s (%(look_up)s, %(day)s). Do "
        "not order until the manufacturer confirms the seller."
    ),
    rationale=rationales.ISSUER_ANSWER,
    remedy=remedies.ASK_MANUFACTURER_AGAIN,
    sources=(sources.PRICE_GOUGING_SUIT, sources.LIST_PRICE_SUIT),
)
LOT_UNKNOWN = ScreeningRule(
    code="lot_unknown",
    severities=(BLOCK,),
    description=_("Lot that the manufacturer does not recognize as its own"),
    message=_(
        "The manufacturer says that the lot offered by %(company)s is not its own (%(look_up)s, "
        "%(day)s). Do not order until the manufacturer confirms the lot."
    ),
    rationale=rationales.ISSUER_ANSWER,
    remedy=remedies.ASK_MANUFACTURER_AGAIN,
    sources=(sources.FBI_ADVANCE_FEE_ALERT,),
)

# The rule for each answer that means the same for every offer.
RULE_BY_ANSWER: dict[str, ScreeningRule] = {
    Answer.NOT_REGISTERED: COMPANY_UNREGISTERED,
    Answer.STRUCK_OFF: COMPANY_STRUCK_OFF,
    Answer.DEBTS: COMPANY_DEBTS,
    Answer.INSOLVENT: COMPANY_INSOLVENT,
    Answer.NO_LICENCE: MANUFACTURER_UNLICENSED,
    Answer.LICENCE_ENDED: LICENCE_ENDED,
    Answer.NOT_LISTED: NOT_ON_LIST,
    Answer.REMOVED_FROM_LIST: REMOVED_FROM_LIST,
    Answer.OWNER_DIFFERS: DOMAIN_OWNER_DIFFERS,
    Answer.NO_STAFF: NO_STAFF,
    Answer.OTHER_GOODS: TRADES_ONLY_OTHER_GOODS,
    Answer.NO_TRADE: NO_TRADE,
}
# The rule for each question that the manufacturer itself answers no, as an issuer denies a certificate.
RULE_BY_DENIAL: dict[str, ScreeningRule] = {
    Kind.DISTRIBUTOR_CONFIRMATION: DISTRIBUTOR_UNKNOWN,
    Kind.LOT_CONFIRMATION: LOT_UNKNOWN,
}


def _screen_answer(row: LookupResult, offer: OfferData) -> Iterator[FindingData]:
    if row.answer == Answer.UNKNOWN_TO_MANUFACTURER:
        if denial := RULE_BY_DENIAL.get(row.kind):
            yield _lookup_finding(denial, row)
    elif rule := RULE_BY_ANSWER.get(row.answer):
        unsure = _warning_reason(rule, row, offer)
        blocks = row.official and BLOCK in rule.severities and not unsure
        yield _lookup_finding(rule, row, BLOCK if blocks else WARN, unsure=unsure if row.official else "")


def _warning_reason(rule: ScreeningRule, row: LookupResult, offer: OfferData) -> str:
    """Return the code for why an official answer only warns, or "" if it may block.

    It only warns if it is about another party, or if the goods may not need the licence or the list.
    """
    if BLOCK not in rule.severities:
        return ""
    if row.kind in (Kind.COMPANY_REGISTER, Kind.INSOLVENCY) and not row.about_company_itself:
        return "other_party"
    if row.kind == Kind.EXPORT_LIST:
        return "list_of_day"
    used = offer.need_declared_use or offer.declared_use
    return "use" if row.answer in MISSING_LICENCE_ANSWERS and used == DeclaredUse.NON_MEDICAL else ""


FEWER_PRODUCED_THAN_OFFERED = ScreeningRule(
    code="made_fewer",
    severities=(WARN,),
    description=_("Quantity that exists according to the manufacturer, compared with the quantity offered"),
    message=_(
        "%(stock)s units are offered, but according to the manufacturer only %(count)s exist (%(look_up)s, "
        "%(day)s)."
    ),
    rationale=rationales.UNOFFICIAL_STATEMENT,
    remedy=remedies.ASK_MANUFACTURER,
    sources=(sources.PHANTOM_STOCK_FBI, sources.PHANTOM_STOCK_HOSPITALS),
)
DOMAIN_YOUNG = ScreeningRule(
    code="domain_young",
    severities=(WARN,),
    description=_("Age of the web domain"),
    message=_(
        "The web domain of %(company)s was registered only on %(since)s, less than six months "
        "before the lookup (%(look_up)s, %(day)s). Copied websites usually use new domains."
    ),
    rationale=rationales.FRAUD_ALERT_ADVICE,
    remedy=remedies.LOOK_UP_AGAIN,
    numbers=(NEW_COMPANY_DAYS_NUMBER,),
    sources=(sources.NRW_SCAM_ARRESTS, sources.NRW_SCAM_PAYMENTS),
)


def _screen_against_offer(row: LookupResult, offer: OfferData) -> Iterator[FindingData]:
    """Yield findings from comparing with the offer: fewer pieces counted than offered, a young web domain."""
    if row.existing_piece_count is not None and row.existing_piece_count < offer.stock:
        yield _lookup_finding(
            FEWER_PRODUCED_THAN_OFFERED, row, count=row.existing_piece_count, stock=offer.stock
        )
    if (
        row.kind == Kind.DOMAIN
        and row.effective_since
        and (row.answered_on - row.effective_since).days < NEW_COMPANY_DAYS
    ):
        yield _lookup_finding(DOMAIN_YOUNG, row)


LOOKUP_OUTDATED = ScreeningRule(
    code="looked_up_long_ago",
    severities=(WARN,),
    description=_("Time since a register, a list or the manufacturer was last consulted"),
    message=_(
        "%(what)s: the answer about %(company)s dates from %(day)s, more than %(days)s days ago "
        "(%(look_up)s). Check again."
    ),
    rationale=rationales.OWN_FIGURE,
    remedy=remedies.LOOK_UP_AGAIN,
    numbers=(ISSUER_ANSWER_VALIDITY_NUMBER, LIST_ANSWER_VALIDITY_NUMBER),
    sources=(sources.RECORDED_ANSWER, sources.FDA_RESPIRATOR_LIST, sources.HEALTH_CANADA_RESPIRATORS),
)


def _screen_answer_age(row: LookupResult) -> Iterator[FindingData]:
    if row.is_in_order and row.outdated_after_days:
        yield _lookup_finding(
            LOOKUP_OUTDATED, row, what=row.register_name or "", days=row.outdated_after_days
        )


MANUFACTURER_UNCONFIRMED = ScreeningRule(
    code="maker_unconfirmed",
    severities=(WARN,),
    description=_("Manufacturer not asked about the seller, despite many intermediaries"),
    message=_(
        "The offer passed through %(links)s intermediaries, and no one has asked the manufacturer "
        "whether it knows the seller."
    ),
    rationale=rationales.FRAUD_ALERT_ADVICE,
    remedy=remedies.ASK_MANUFACTURER,
    numbers=(MAX_INTERMEDIARIES_NUMBER,),
    sources=(sources.FBI_ADVANCE_FEE_ALERT, sources.FBI_HOSPITAL_ALERT),
)


def _screen_unconfirmed_chain(offer: OfferData) -> Iterator[FindingData]:
    """Yield a finding for a long chain if the manufacturer was not asked about the seller."""
    confirmed = any(row.kind == Kind.DISTRIBUTOR_CONFIRMATION for row in offer.register_lookups)
    if len(offer.intermediaries) > MAX_INTERMEDIARIES and not confirmed:
        yield MANUFACTURER_UNCONFIRMED.finding(links=len(offer.intermediaries))


def _lookup_finding(
    rule: ScreeningRule, row: LookupResult, severity: str = "", *, unsure: str = "", **figures: Any
) -> FindingData:
    since = {"since": row.effective_since.isoformat()} if row.effective_since else {}
    named = {
        "company": row.company,
        "party": row.party,
        "day": row.answered_on.isoformat(),
        "look_up": row.reference,
    }
    return rule.finding(
        severity,
        subject=row.reference,
        source=row.address,
        unsure=unsure,
        **{**named, **since, **figures},
    )
