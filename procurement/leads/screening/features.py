"""Rules on the features named in the offer's text and photos, compared with those of the need."""

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from procurement.leads.screening import rationales, remedies, sources
from procurement.leads.screening.offer_data import WARN, FindingData, OfferData
from procurement.leads.screening.rule_types import ScreeningRule

FEATURE_DIFFERS = ScreeningRule(
    code="feature_differs",
    severities=(WARN,),
    description=_(
        "Straps, loops or ties, valve, sterility, size, level and age group in the offer text and "
        "photo names, compared with the need"
    ),
    message=_(
        "The need specifies “%(asked_feature)s”, but the offer mentions “%(feature)s”. Ask for a "
        "photo of the goods before ordering."
    ),
    rationale=rationales.MAY_BE_LEGITIMATE,
    remedy=remedies.CORRECT_FACT,
    sources=(sources.EMERGENCY_PROCUREMENT, sources.UK_PRICE_RISES),
)
COUNTERFEIT_SIGN = ScreeningRule(
    code="counterfeit_sign",
    severities=(WARN,),
    description=_("Ear loops or a children’s size on NIOSH-approved respirators"),
    message=_(
        "The offer mentions “%(feature)s”. On a NIOSH-approved respirator, that is a sign of a "
        "counterfeit. Check the number in the NIOSH list and ask for a photo of the goods."
    ),
    rationale=rationales.MAY_BE_LEGITIMATE,
    remedy=remedies.WRITTEN_RESPONSE,
    sources=(sources.COUNTERFEIT_NIOSH,),
)


def screen_features(offer: OfferData) -> Iterator[FindingData]:
    """Yield findings on features that differ from those the need asks for, and on signs of a counterfeit."""
    for needed, instead in offer.feature_differences:
        yield FEATURE_DIFFERS.finding(subject=needed, asked_feature=needed, feature=instead)
    for sign in offer.counterfeit_signs:
        yield COUNTERFEIT_SIGN.finding(subject=sign, feature=sign)
