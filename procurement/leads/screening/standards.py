"""Rules on the offered standard, beside those of the need line."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext_lazy as _

from procurement.leads.models.leads import SupplierLead
from procurement.leads.screening import rationales, remedies, sources
from procurement.leads.screening.offer_data import BLOCK, WARN, FindingData, OfferData
from procurement.leads.screening.rule import ScreeningRule


def screen_standard(offer: OfferData) -> Iterator[FindingData]:
    """Yield findings if the goods do not meet what the line asks for."""
    if offer.standard_ended:
        yield STANDARD_ENDED.finding(why=offer.standard_ended)
        if offer.offered in offer.asked.split(", "):
            return
    yield from _against_line(offer)


STANDARD_ENDED = ScreeningRule(
    code="standard_ended",
    severities=(WARN,),
    description=_("Whether the edition of the standard that is offered still holds"),
    says=_("%(why)s Ask when the goods were made, and for a test report to the edition that holds now."),
    rationale=rationales.STILL_MISSING,
    remedy=remedies.ANSWER,
    sources=(sources.REFERENCE_ROW,),
)
STANDARD_BELOW = ScreeningRule(
    code="standard_below",
    severities=(BLOCK, WARN),
    description=_("Whether the offered standard meets one the line takes"),
    says=_("%(offered)s does not meet %(asked)s: %(why)s"),
    rationale=rationales.PUBLISHED_SOURCE,
    remedy=remedies.CORRECT_FACT,
    sources=(sources.REFERENCE_ROW, sources.F37, sources.F38),
)
GOODS_OTHER = ScreeningRule(
    code="goods_other",
    severities=(WARN,),
    description=_("Whether the goods are of the kind that the line asks for"),
    says=_(
        "These are other goods than the line asks for, so they do not count for it. Offer them for a line of their own."
    ),
    rationale=rationales.MAYBE_HONEST,
    remedy=remedies.CORRECT_FACT,
    sources=(sources.OWN_WORDS,),
)
STANDARD_NEIGHBOUR = ScreeningRule(
    code="standard_neighbour",
    severities=(WARN,),
    description=_("Whether the offered standard is comparable and not equal"),
    says=_("%(offered)s is comparable with %(asked)s, not equal to it: %(why)s"),
    rationale=rationales.MAYBE_HONEST,
    remedy=remedies.ANSWER,
    sources=(sources.REFERENCE_ROW,),
)
STANDARD_UNKNOWN = ScreeningRule(
    code="standard_unknown",
    severities=(WARN,),
    description=_("Whether the offer says which standard the goods meet"),
    says=_("The offer does not say which standard the goods meet."),
    rationale=rationales.STILL_MISSING,
    remedy=remedies.CORRECT_FACT,
    sources=(sources.F37,),
)


def _against_line(offer: OfferData) -> Iterator[FindingData]:
    figures: dict[str, Any] = {"offered": offer.offered, "asked": offer.asked, "why": offer.meets_why or ""}
    match offer.meets:
        case SupplierLead.Meets.NO:
            yield STANDARD_BELOW.finding(
                BLOCK if offer.meets_firm else WARN, unsure="rule", source=offer.meets_source, **figures
            )
        case SupplierLead.Meets.OTHER:
            yield GOODS_OTHER.finding()
        case SupplierLead.Meets.NEIGHBOUR:
            yield STANDARD_NEIGHBOUR.finding(source=offer.meets_source, **figures)
        case SupplierLead.Meets.UNKNOWN if offer.asked:
            yield STANDARD_UNKNOWN.finding()
