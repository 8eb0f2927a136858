"""Rules on the offered standard, compared with the standards of the need line."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext_lazy as _

from procurement.leads.screening import rationales, remedies, sources
from procurement.leads.screening.offer_data import BLOCK, WARN, FindingData, OfferData
from procurement.leads.screening.rule_types import ScreeningRule
from procurement.requests.alternatives.models import GoodsMatchLevel


def screen_standard(offer: OfferData) -> Iterator[FindingData]:
    """Yield findings if the goods do not meet the standard that the line asks for."""
    if offer.outdated_standard:
        yield STANDARD_EDITION_OUTDATED.finding(why=offer.outdated_standard)
        if offer.offered_standard in offer.required_standards.split(", "):
            return
    yield from _screen_against_line(offer)


STANDARD_EDITION_OUTDATED = ScreeningRule(
    code="standard_ended",
    severities=(WARN,),
    description=_("Outdated edition of the offered standard"),
    message=_("%(why)s Ask when the goods were made, and ask for a test report to the current edition."),
    rationale=rationales.STILL_MISSING,
    remedy=remedies.WRITTEN_RESPONSE,
    sources=(sources.REFERENCE_ROW,),
)
STANDARD_BELOW = ScreeningRule(
    code="standard_below",
    severities=(BLOCK, WARN),
    description=_("Offered standard that meets none of those accepted for the need line"),
    message=_("%(offered)s does not meet %(asked)s: %(why)s"),
    rationale=rationales.PUBLISHED_SOURCE,
    remedy=remedies.CORRECT_FACT,
    sources=(sources.REFERENCE_ROW, sources.EMERGENCY_PROCUREMENT, sources.UK_PRICE_RISES),
)
OTHER_PRODUCT_OFFERED = ScreeningRule(
    code="goods_other",
    severities=(WARN,),
    description=_("Goods of a different type from those requested on the need line"),
    message=_(
        "These goods are not those requested on the need line, so they do not count toward that line. "
        "Offer them for a separate line."
    ),
    rationale=rationales.MAY_BE_LEGITIMATE,
    remedy=remedies.CORRECT_FACT,
    sources=(sources.OFFER_TEXT,),
)
STANDARD_COMPARABLE = ScreeningRule(
    code="standard_neighbour",
    severities=(WARN,),
    description=_("Offered standard that is comparable but not equivalent"),
    message=_("%(offered)s is comparable but not equivalent to %(asked)s: %(why)s"),
    rationale=rationales.MAY_BE_LEGITIMATE,
    remedy=remedies.WRITTEN_RESPONSE,
    sources=(sources.REFERENCE_ROW,),
)
STANDARD_UNKNOWN = ScreeningRule(
    code="standard_unknown",
    severities=(WARN,),
    description=_("Standard not stated in the offer"),
    message=_("The offer does not state which standard the goods meet."),
    rationale=rationales.STILL_MISSING,
    remedy=remedies.CORRECT_FACT,
    sources=(sources.EMERGENCY_PROCUREMENT,),
)


def _screen_against_line(offer: OfferData) -> Iterator[FindingData]:
    figures: dict[str, Any] = {
        "offered": offer.offered_standard,
        "asked": offer.required_standards,
        "why": offer.standard_match_reason or "",
    }
    match offer.standard_match:
        case GoodsMatchLevel.BELOW_STANDARD:
            yield STANDARD_BELOW.finding(
                BLOCK if offer.standard_match_is_reliable else WARN,
                unsure="rule",
                source=offer.standard_match_source,
                **figures,
            )
        case GoodsMatchLevel.OTHER_PRODUCT:
            yield OTHER_PRODUCT_OFFERED.finding()
        case GoodsMatchLevel.COMPARABLE:
            yield STANDARD_COMPARABLE.finding(source=offer.standard_match_source, **figures)
        case GoodsMatchLevel.UNKNOWN if offer.required_standards:
            yield STANDARD_UNKNOWN.finding()
