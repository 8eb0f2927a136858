"""Rules on the certificates of an offer as a set, and the order in which each one is screened."""

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from procurement.leads.models.findings import Finding
from procurement.leads.screening import rationales, remedies, sources
from procurement.leads.screening.certificate_acceptability import screen_acceptability, screen_class_one_mark
from procurement.leads.screening.certificate_dates import screen_dates
from procurement.leads.screening.certificate_goods import screen_goods, screen_other_goods
from procurement.leads.screening.certificate_holders import screen_holder
from procurement.leads.screening.certificate_issuers import screen_issuer
from procurement.leads.screening.certificate_numbers import screen_number, screen_shared_number
from procurement.leads.screening.notified_bodies import screen_body, screen_modules
from procurement.leads.screening.offer_data import BLOCK, WARN, CertificateData, FindingData, OfferData
from procurement.leads.screening.rule_types import RuleNumber, ScreeningRule

MIN_NUMBER_DIGITS = 3  # fewest digits of a real number; a name such as "N95" has two

MIN_DIGITS_RULE_NUMBER = RuleNumber(_("Minimum number of digits in a certificate number"), MIN_NUMBER_DIGITS)


def screen_certificates(offer: OfferData) -> Iterator[FindingData]:
    """Yield findings on the certificates: whether each is acceptable and about these goods, and which are missing."""
    yield from _screen_no_certificate(offer)
    yield from screen_class_one_mark(offer)
    for certificate in offer.certificates:
        yield from _screen_certificate(certificate, offer)
    yield from screen_modules(offer.certificates)
    yield from _screen_missing_certificates(offer)
    yield from screen_other_goods(offer)
    yield from _screen_shared_files(offer)


def _screen_certificate(certificate: CertificateData, offer: OfferData) -> Iterator[FindingData]:
    yield from screen_number(certificate)
    yield from screen_acceptability(certificate)
    yield from screen_shared_number(certificate)
    yield from screen_body(certificate)
    yield from screen_dates(certificate, offer)
    yield from screen_holder(certificate)
    yield from screen_goods(certificate, offer)
    yield from screen_issuer(certificate, offer)


CERTIFICATE_MISSING = ScreeningRule(
    code="certificate_missing",
    severities=(WARN,),
    description=_("No certificate provided"),
    message=_("No certificate was provided."),
    rationale=rationales.STILL_MISSING,
    remedy=remedies.SHOW_CERTIFICATE,
    sources=(sources.PHANTOM_STOCK_HOSPITALS,),
)


def _screen_no_certificate(offer: OfferData) -> Iterator[FindingData]:
    if not offer.certificates:
        yield CERTIFICATE_MISSING.finding(company=offer.seller_reference)


CERTIFICATE_REQUIRED = ScreeningRule(
    code=Finding.CERTIFICATE_REQUIRED_CODE,
    severities=(BLOCK, WARN),
    description=_("Documents required by law where the goods are made and used"),
    message=_("Missing (%(market)s): %(kind)s. %(why)s"),
    rationale=rationales.PUBLISHED_SOURCE,
    remedy=remedies.SHOW_CERTIFICATE,
    numbers=(MIN_DIGITS_RULE_NUMBER,),
    sources=(sources.REFERENCE_ROW,),
)


def _screen_missing_certificates(offer: OfferData) -> Iterator[FindingData]:
    for needed in offer.required_certificates:
        yield CERTIFICATE_REQUIRED.finding(
            BLOCK if needed.source_is_reliable and not needed.needs_list_lookup else WARN,
            subject=f"{needed.market or '*'}/{needed.kind_code}",
            source=needed.source,
            unsure="list" if needed.needs_list_lookup else "rule",
            kind=needed.kind,
            market=needed.market,
            why=needed.reason,
        )


FILE_SHARED = ScreeningRule(
    code="file_elsewhere",
    severities=(WARN,),
    description=_("Same file provided for another company (SHA-256)"),
    message=_("The same file was provided for another company (%(others)s)."),
    rationale=rationales.MAY_BE_LEGITIMATE,
    remedy=remedies.WRITTEN_RESPONSE,
    sources=(sources.OFFER_TEXT,),
)


def _screen_shared_files(offer: OfferData) -> Iterator[FindingData]:
    if offer.companies_with_same_files:
        yield FILE_SHARED.finding(
            others=", ".join(offer.companies_with_same_files), files=list(offer.shared_file_hashes)
        )
