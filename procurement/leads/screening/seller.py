"""Rules on the seller: company number, age, similar companies, mail address and intermediaries."""

import re
from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from procurement.leads.screening import rationales, remedies, sources
from procurement.leads.screening.offer_data import BLOCK, NOTE, WARN, FindingData, OfferData
from procurement.leads.screening.rule_types import RuleNumber, ScreeningRule

NEW_COMPANY_DAYS = 183
MAX_INTERMEDIARIES = 2
FREE_MAIL_DOMAINS = frozenset(
    ["163.com", "126.com", "yeah.net", "vip.163.com", "qq.com", "vip.qq.com", "foxmail.com", "sina.com"]
    + ["sina.cn", "sohu.com", "139.com", "189.cn", "21cn.com", "aliyun.com", "naver.com", "hanmail.net"]
    + ["gmail.com", "googlemail.com", "icloud.com", "me.com", "msn.com", "aol.com", "mail.com", "proton.me"]
    + ["protonmail.com", "tutanota.com", "zoho.com", "web.de", "laposte.net", "mail.ru", "yandex.ru"]
)
FREE_MAIL_PROVIDERS = (
    "gmx",
    "hotmail",
    "live",
    "outlook",
    "yahoo",
)  # in every country: yahoo.co.jp, hotmail.fr
FREE_MAIL_PATTERN = re.compile(
    rf"(?:{'|'.join(FREE_MAIL_PROVIDERS)})\.(?:com|net|[a-z]{{2}}|com?\.[a-z]{{2}})"
)

FREE_MAIL_NUMBER = RuleNumber(
    _("Free email providers"),
    ", ".join(sorted([*FREE_MAIL_DOMAINS, *(f"{name}.*" for name in FREE_MAIL_PROVIDERS)])),
)
NEW_COMPANY_DAYS_NUMBER = RuleNumber(_("Age below which a company counts as new (days)"), NEW_COMPANY_DAYS)
MAX_INTERMEDIARIES_NUMBER = RuleNumber(_("Maximum number of intermediaries"), MAX_INTERMEDIARIES)


def screen_seller(offer: OfferData) -> Iterator[FindingData]:
    """Yield findings on the seller."""
    yield from _screen_registration_number(offer)
    yield from _screen_company_age(offer)
    yield from _screen_duplicates(offer)
    yield from _screen_mail_address(offer)
    yield from _screen_intermediaries(offer)


USCC_MISSING = ScreeningRule(
    code="uscc_missing",
    severities=(WARN,),
    description=_("Company in China without a registration number"),
    message=_("No registration number was provided."),
    rationale=rationales.STILL_MISSING,
    remedy=remedies.CORRECT_FACT,
    sources=(sources.US_UNPROVEN_VENDORS, sources.US_NO_BID_CONTRACTS),
)
USCC_MALFORMED = ScreeningRule(
    code="uscc_malformed",
    severities=(BLOCK,),
    description=_("Format and check digit of a Chinese registration number"),
    message=_("Registration number %(number)s cannot be real: %(fault)s."),
    rationale=rationales.PUBLISHED_SOURCE,
    remedy=remedies.CORRECT_FACT,
    sources=(sources.GB_32100,),
)
COMPANY_NUMBER_MALFORMED = ScreeningRule(
    code="number_malformed",
    severities=(WARN,),
    description=_("Format of a registration number from another country"),
    message=_("Registration number %(number)s does not have the format of a %(number_kind)s."),
    rationale=rationales.DERIVED_FIGURE,
    remedy=remedies.CORRECT_FACT,
    sources=(sources.STDNUM,),
)


def _screen_registration_number(offer: OfferData) -> Iterator[FindingData]:
    if offer.seller_country == "CN" and not offer.registration_number:
        yield USCC_MISSING.finding(company=offer.seller_reference)
    if offer.registration_number_error:
        yield USCC_MALFORMED.finding(
            number=offer.registration_number, fault=offer.registration_number_error, source="GB 32100-2015"
        )
    if offer.malformed_number_type:
        yield COMPANY_NUMBER_MALFORMED.finding(
            number=offer.registration_number, number_kind=offer.malformed_number_type, source="python-stdnum"
        )


COMPANY_NEW = ScreeningRule(
    code="company_young",
    severities=(WARN,),
    description=_("Age of the company"),
    message=_("The company was founded on %(founded)s, less than six months before the offer."),
    rationale=rationales.OWN_FIGURE,
    remedy=remedies.WRITTEN_RESPONSE,
    numbers=(NEW_COMPANY_DAYS_NUMBER,),
    sources=(sources.US_UNPROVEN_VENDORS, sources.US_NO_BID_CONTRACTS),
)


def _screen_company_age(offer: OfferData) -> Iterator[FindingData]:
    if offer.founded_on and (offer.as_of - offer.founded_on).days < NEW_COMPANY_DAYS:
        yield COMPANY_NEW.finding(founded=offer.founded_on.isoformat())


DUPLICATE_COMPANY = ScreeningRule(
    code="duplicate_company",
    severities=(WARN,),
    description=_("Another company with the same number, phone, address or name"),
    message=_("The company resembles %(others)s. Both have the same %(same)s."),
    rationale=rationales.MAY_BE_LEGITIMATE,
    remedy=remedies.MERGE_DUPLICATES,
    sources=(sources.NRW_SCAM_PAYMENTS,),
)


def _screen_duplicates(offer: OfferData) -> Iterator[FindingData]:
    if offer.similar_companies:
        yield DUPLICATE_COMPANY.finding(
            others=", ".join(offer.similar_companies), same=list(offer.duplicate_reasons)
        )


FREE_MAIL = ScreeningRule(
    code="free_mail",
    severities=(NOTE,),
    description=_("Free email address"),
    message=_("The company uses a free email address (%(domain)s)."),
    rationale=rationales.FRAUD_ALERT_ADVICE,
    remedy=remedies.NO_ACTION_NEEDED,
    numbers=(FREE_MAIL_NUMBER,),
    sources=(sources.FBI_ADVANCE_FEE_ALERT, sources.FBI_HOSPITAL_ALERT),
)


def _screen_mail_address(offer: OfferData) -> Iterator[FindingData]:
    if is_free_mail(offer.email):
        yield FREE_MAIL.finding(domain=_mail_domain(offer.email))


def is_free_mail(email: str) -> bool:
    """Return True if the mail address belongs to a free mail service."""
    domain = _mail_domain(email)
    return domain in FREE_MAIL_DOMAINS or bool(FREE_MAIL_PATTERN.fullmatch(domain))


def _mail_domain(email: str) -> str:
    return email.rpartition("@")[2].lower()


TOO_MANY_INTERMEDIARIES = ScreeningRule(
    code="chain_long",
    severities=(WARN,),
    description=_("Number of intermediaries"),
    message=_("The offer passed through %(links)s intermediaries: %(chain)s."),
    rationale=rationales.OWN_FIGURE,
    remedy=remedies.WRITTEN_RESPONSE,
    numbers=(MAX_INTERMEDIARIES_NUMBER,),
    sources=(sources.PHANTOM_STOCK_FBI, sources.PHANTOM_STOCK_HOSPITALS),
)


def _screen_intermediaries(offer: OfferData) -> Iterator[FindingData]:
    if len(offer.intermediaries) > MAX_INTERMEDIARIES:
        yield TOO_MANY_INTERMEDIARIES.finding(
            links=len(offer.intermediaries), chain=" → ".join(offer.intermediaries)
        )
