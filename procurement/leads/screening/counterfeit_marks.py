"""Rules on signs of a counterfeit or a borrowed name: foreign numbers and marks, false terms.

They only warn, since an honest company may have an answer.
"""

import re
from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from procurement.leads.screening import rationales, remedies, sources
from procurement.leads.screening.offer_data import WARN, FindingData, OfferData
from procurement.leads.screening.rule_types import ScreeningRule


def screen_marks(offer: OfferData) -> Iterator[FindingData]:
    """Yield findings on impossible claims."""
    yield from _screen_registration_number(offer)
    yield from _screen_country_mark(offer)
    yield from _screen_false_terms(offer)


USCC_REGION_DIFFERS = ScreeningRule(
    code="uscc_region",
    severities=(WARN,),
    description=_("Province in the manufacturer’s registration number compared with that of its factory"),
    message=_(
        "Registration number %(number)s was issued in %(region)s, but the factory is reported to "
        "be in %(place)s. Ask for the factory’s own business licence."
    ),
    rationale=rationales.MAY_BE_LEGITIMATE,
    remedy=remedies.WRITTEN_RESPONSE,
    sources=(sources.REFERENCE_ROW,),
)
USCC_NOT_A_BUSINESS = ScreeningRule(
    code="uscc_no_business",
    severities=(WARN,),
    description=_("Registration number of a seller in China that is not a business number"),
    message=_(
        "Registration number %(number)s does not start with 9, so it is not that of a business. "
        "Ask who sells the goods, and ask for that company’s licence."
    ),
    rationale=rationales.MAY_BE_LEGITIMATE,
    remedy=remedies.WRITTEN_RESPONSE,
    sources=(sources.REFERENCE_ROW,),
)


def _screen_registration_number(offer: OfferData) -> Iterator[FindingData]:
    if offer.number_region is not None:
        yield USCC_REGION_DIFFERS.finding(
            source="GB 32100-2015",
            number=offer.manufacturer_number,
            region=offer.number_region,
            place=offer.manufacturer_region or "",
        )
    if offer.non_business_number:
        yield USCC_NOT_A_BUSINESS.finding(number=offer.non_business_number)


MARK_OTHER_COUNTRY = ScreeningRule(
    code="mark_other_country",
    severities=(WARN,),
    description=_("Mark on the goods that only manufacturers in another country can use"),
    message=_(
        "Only manufacturers in %(country)s can use this mark (not confirmed), and this "
        "manufacturer is in another country. Check with the authority in %(country)s whether the "
        "manufacturer is approved."
    ),
    rationale=rationales.DERIVED_FIGURE,
    remedy=remedies.WRITTEN_RESPONSE,
    sources=(sources.FIGURE_FROM_MEMORY,),
)


def _screen_country_mark(offer: OfferData) -> Iterator[FindingData]:
    if offer.only_mark_country:
        yield MARK_OTHER_COUNTRY.finding(country=offer.only_mark_country)


# Words typical of false certificates and packs, by their flaw. Sources: certificates in facts/, and case 20.
MARK_PATTERNS: dict[str, re.Pattern[str]] = {
    "fda": re.compile(
        r"(?<!not )(?<!no )(?<!without )(?<!non-)\bFDA[\s-]*(?:certificate|certified|approval|approved|registration certificate)\b"
        r"|(?:certificat|agréé|homologué|approuvé)\w*\s+(?:de la\s+|par la\s+)?FDA\b|FDA\s*(?:认证|证书|批准)",
        re.IGNORECASE,
    ),
    "status": re.compile(
        r"\b(?:certificate|attestation) of compliance\b|\bcertificate of (?:notification|registration)\b|\bdocumentation review\b",
        re.IGNORECASE,
    ),
    "niosh": re.compile(r"\bNIOSH\s+certificate\b|\bN[IO]{2}SCH\b|\bNOISH\b|\bNISOH\b", re.IGNORECASE),
}

FALSE_DOCUMENT_TERMS = ScreeningRule(
    code="words_of_no_paper",
    severities=(WARN,),
    description=_("Wording in the offer or a document that no genuine document uses"),
    message=_("The offer or a document says “%(said)s”. %(flaw)s Ask for the document itself and check it."),
    rationale=rationales.MAY_BE_LEGITIMATE,
    remedy=remedies.SHOW_CERTIFICATE,
    sources=(sources.REFERENCE_ROW, sources.FDA_CERTIFICATE_WARNING, sources.COUNTERFEIT_NIOSH),
)


def _screen_false_terms(offer: OfferData) -> Iterator[FindingData]:
    for flaw, words in MARK_PATTERNS.items():
        said = next((found[0] for text in offer.free_texts if (found := words.search(text))), "")
        if said:
            yield FALSE_DOCUMENT_TERMS.finding(subject=flaw, said=said, flaw=flaw)
