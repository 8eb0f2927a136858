"""Rules on watchlist matches. The findings follow the state of each match."""

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from procurement.leads.screening import rationales, remedies, sources
from procurement.leads.screening.offer_data import BLOCK, FindingData, OfferData
from procurement.leads.screening.rule_types import RuleNumber, ScreeningRule, codes_of
from procurement.sanctions.rules.scoring import MATCH_THRESHOLD

MIN_SIMILARITY = RuleNumber(_("Minimum similarity (percent)"), MATCH_THRESHOLD)

WATCHLIST_MATCH_OPEN = ScreeningRule(
    code="list_match",
    severities=(BLOCK,),
    description=_("Every name linked to the offer, compared with sanctions and forced-labour lists"),
    message=_(
        "“%(name)s” (%(name_source)s) may be “%(listed)s” on the list “%(list)s” (similarity "
        "%(score)s%%). Two people must review %(match)s in writing."
    ),
    rationale=rationales.DECIDED_BY_TWO,
    remedy=remedies.TWO_PERSON_REVIEW,
    numbers=(MIN_SIMILARITY,),
    sources=(sources.REFERENCE_ROW,),
)
WATCHLIST_MATCH_CONFIRMED = ScreeningRule(
    code="list_confirmed",
    severities=(BLOCK,),
    description=_("Names that two people have confirmed to be on a list"),
    message=_(
        "“%(name)s” (%(name_source)s) is “%(listed)s” on the list “%(list)s”: %(match)s was confirmed in writing."
    ),
    rationale=rationales.DECIDED_BY_TWO,
    remedy=remedies.TWO_PERSON_REVIEW,
    sources=(sources.REFERENCE_ROW,),
)


def watchlist_findings(offer: OfferData) -> Iterator[FindingData]:
    """Yield a blocking finding for each match: possible until two persons clear it, or confirmed."""
    for match in offer.watchlist_hits:
        rule = WATCHLIST_MATCH_CONFIRMED if match.confirmed else WATCHLIST_MATCH_OPEN
        yield rule.finding(
            subject=match.reference,
            source=match.source,
            name=match.name,
            name_source=match.name_source,
            listed=match.listed_name,
            list=match.watchlist,
            score=match.score,
            match=match.reference,
        )


WATCHLIST_CODES = codes_of((WATCHLIST_MATCH_OPEN, WATCHLIST_MATCH_CONFIRMED))
