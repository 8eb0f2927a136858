"""Rules on the use declared to customs, compared with the use and the end users of the need."""

from collections.abc import Iterable, Iterator

from django.utils.translation import gettext_lazy as _

from procurement.catalogue.models.reference_rows import DeclaredUse
from procurement.leads.screening import rationales, remedies, sources
from procurement.leads.screening.offer_data import BLOCK, NOTE, WARN, FalseUse, FindingData, OfferData
from procurement.leads.screening.rule_types import ScreeningRule


def screen_declared_use(offer: OfferData) -> Iterator[FindingData]:
    """Yield findings on the declared use."""
    yield from _screen_needed_use(offer)
    yield from screen_end_users(offer.false_uses)


USE_MISMATCH = ScreeningRule(
    code="use_mismatch",
    severities=(BLOCK,),
    description=_("Declared export use compared with the use stated in the need"),
    message=_(
        "Declared use: %(declared)s. Use stated in the need: %(needed)s. Choose other goods, or "
        "correct the declared use of the offer or of the need."
    ),
    rationale=rationales.CONTRADICTION,
    remedy=remedies.CORRECT_FACT,
    sources=(sources.OFFER_TEXT, sources.FINLAND_DECLARATION, sources.FINLAND_BANNED_MASKS),
)
NEED_USE_STRICTER = ScreeningRule(
    code="use_stricter",
    severities=(NOTE,),
    description=_("Medical goods offered for a non-medical need"),
    message=_(
        "Declared use: %(declared)s. Use stated in the need: %(needed)s. The goods are suitable "
        "for the need, but customs asks for the documents required for medical goods, and the "
        "order and the declaration must say “medical”."
    ),
    rationale=rationales.NOTHING_WRONG,
    remedy=remedies.NO_ACTION_NEEDED,
    sources=(sources.OFFER_TEXT,),
)


def _screen_needed_use(offer: OfferData) -> Iterator[FindingData]:
    if offer.declared_use and offer.need_declared_use and offer.declared_use != offer.need_declared_use:
        rule = NEED_USE_STRICTER if offer.declared_use == DeclaredUse.MEDICAL else USE_MISMATCH
        yield rule.finding(declared=offer.declared_use, needed=offer.need_declared_use)


USE_FALSE = ScreeningRule(
    code="use_false",
    severities=(BLOCK, WARN),
    description=_("Declared export use compared with who will use the goods"),
    message=_(
        "%(what)s: %(need)s is for %(receivers)s. The importer would be signing a false "
        "declaration. Choose medical goods, or correct the users stated in %(need)s."
    ),
    rationale=rationales.PUBLISHED_SOURCE,
    remedy=remedies.CORRECT_USE,
    sources=(sources.REFERENCE_ROW,),
)
END_USER_UNSTATED = ScreeningRule(
    code="receiver_unstated",
    severities=(WARN,),
    description=_("Goods declared as non-medical, with no users stated in the need"),
    message=_(
        "%(need)s does not state who will use the goods. They are declared as non-medical, and the "
        "importer must confirm in writing that they will not be used for medical purposes. State the users "
        "in %(need)s."
    ),
    rationale=rationales.STILL_MISSING,
    remedy=remedies.CORRECT_FACT,
    sources=(sources.REFERENCE_ROW,),
)


def screen_end_users(false_uses: Iterable[FalseUse]) -> Iterator[FindingData]:
    """Yield findings if the declared use is false, or unproven, for the users of the goods.

    An importer signs for it (customs.md 1.1, Announcement 12).
    """
    for one in false_uses:
        if one.end_users is None:
            yield END_USER_UNSTATED.finding(need=one.need_reference, what=one.rule_name, source=one.source)
        else:
            yield USE_FALSE.finding(
                BLOCK if one.is_blocking else WARN,
                unsure="rule",
                source=one.source,
                need=one.need_reference,
                what=one.rule_name,
                receivers=one.end_users,
            )
