"""Screening for signs of a counterfeit or a borrowed name: foreign numbers and marks, false terms."""

import re
from collections.abc import Iterator

from procurement.leads.screening.offer_data import WARN, FindingData, OfferData

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


def screen_marks(offer: OfferData) -> Iterator[FindingData]:
    """Yield findings on impossible claims. They only warn, since an honest company may have an answer."""
    if offer.number_region is not None:
        figures = {
            "number": offer.makers_number,
            "region": offer.number_region,
            "place": offer.makers_region or "",
        }
        yield FindingData(code="uscc_region", severity=WARN, figures=figures, source="GB 32100-2015")
    if offer.no_business:
        yield FindingData(code="uscc_no_business", severity=WARN, figures={"number": offer.no_business})
    if offer.mark_country:
        yield FindingData(code="mark_other_country", severity=WARN, figures={"country": offer.mark_country})
    for flaw, words in MARK_PATTERNS.items():
        said = next((found[0] for text in offer.words if (found := words.search(text))), "")
        if said:
            yield FindingData(
                code="words_of_no_paper", severity=WARN, subject=flaw, figures={"said": said, "flaw": flaw}
            )
