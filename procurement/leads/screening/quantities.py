"""Rules on the offered quantity, compared with capacity, age and role of the company."""

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from procurement.leads.screening import rationales, remedies, sources
from procurement.leads.screening.offer_data import WARN, FindingData, OfferData
from procurement.leads.screening.rule_types import RuleNumber, ScreeningRule

MAX_DAYS_IN_STOCK = 60  # days of production that a manufacturer plausibly keeps in stock
YEAR_DAYS = 365
LARGE_DAILY_PRODUCTION = 500_000  # pieces: about ten automatic mask lines, which a young company seldom has
# Pieces an old company may offer without a stated capacity. For masks, the 99th percentile is 1-2 million
# (facts/processes.md 3); the figures for other goods are our own.
USUAL_STOCK = {
    "": 500_000,
    "mask": 2_000_000,
    "respirator": 2_000_000,
    "glove": 20_000_000,
    "gown": 500_000,
    "coverall": 300_000,
    "eye_face": 1_000_000,
    "test": 2_000_000,
    "hygiene": 1_000_000,
    "device": 10_000,
}
NEW_COMPANY_DIVISOR = 20  # a company in its first year may have one twentieth of that
TRADING_ROLES = frozenset({"trader", "broker"})

USUAL_MASK_STOCK = RuleNumber(
    _("Usual maximum stock of masks and respirators at an established company"), USUAL_STOCK["mask"]
)
USUAL_OTHER_STOCK = RuleNumber(
    _("Usual maximum stock of other goods (units), if nothing else is known"), USUAL_STOCK[""]
)
NEW_COMPANY_DIVISOR_NUMBER = RuleNumber(
    _("Divisor of the usual maximum stock for a company in its first year"), NEW_COMPANY_DIVISOR
)
NEW_COMPANY_AGE_NUMBER = RuleNumber(_("Age below which a company counts as new (days)"), YEAR_DAYS)
MAX_STOCK_DAYS = RuleNumber(_("Maximum stock in days of production"), MAX_DAYS_IN_STOCK)
LARGE_DAILY_PRODUCTION_NUMBER = RuleNumber(
    _("Daily production considered large (units)"), LARGE_DAILY_PRODUCTION
)


def screen_quantities(offer: OfferData) -> Iterator[FindingData]:
    """Yield findings on implausible quantities."""
    yield from _screen_stock(offer)
    yield from _screen_stock_without_capacity(offer)
    yield from _screen_capacity(offer)


STOCK_IMPLAUSIBLE = ScreeningRule(
    code="stock_implausible",
    severities=(WARN,),
    description=_("Stock compared with daily production"),
    message=_(
        "A stock of %(stock)s units is more than %(days)s days of production at %(capacity)s units a day."
    ),
    rationale=rationales.OWN_FIGURE,
    remedy=remedies.WRITTEN_RESPONSE,
    numbers=(MAX_STOCK_DAYS,),
    sources=(sources.PHANTOM_STOCK_FBI, sources.PHANTOM_STOCK_HOSPITALS),
)


def _screen_stock(offer: OfferData) -> Iterator[FindingData]:
    if offer.capacity and offer.stock > MAX_DAYS_IN_STOCK * offer.capacity:
        yield STOCK_IMPLAUSIBLE.finding(stock=offer.stock, days=MAX_DAYS_IN_STOCK, capacity=offer.capacity)


STOCK_UNPROVEN = ScreeningRule(
    code="stock_unproven",
    severities=(WARN,),
    description=_("Large stock with no stated capacity, assessed by the company’s age and goods"),
    message=_(
        "%(stock)s units are offered, but the production capacity is not stated. Such a company usually "
        "has at most %(usual)s (our own estimate). Ask for the daily production, and have the stock "
        "counted."
    ),
    rationale=rationales.OWN_FIGURE,
    remedy=remedies.CORRECT_FACT,
    numbers=(USUAL_MASK_STOCK, USUAL_OTHER_STOCK, NEW_COMPANY_DIVISOR_NUMBER, NEW_COMPANY_AGE_NUMBER),
    sources=(sources.PHANTOM_STOCK_FBI, sources.PHANTOM_STOCK_HOSPITALS),
)
STOCK_UNCONFIRMED = ScreeningRule(
    code="stock_unconfirmed",
    severities=(WARN,),
    description=_("Large stock at a trader or intermediary"),
    message=_(
        "%(stock)s units are offered by a trader or intermediary, and the production capacity is not "
        "stated. Such a company usually has at most %(usual)s (our own estimate). Ask the manufacturer to "
        "confirm that the goods exist, and have the stock counted."
    ),
    rationale=rationales.OWN_FIGURE,
    remedy=remedies.ASK_MANUFACTURER,
    numbers=(USUAL_MASK_STOCK, USUAL_OTHER_STOCK, NEW_COMPANY_DIVISOR_NUMBER, NEW_COMPANY_AGE_NUMBER),
    sources=(sources.PHANTOM_STOCK_FBI, sources.PHANTOM_STOCK_HOSPITALS),
)


def _screen_stock_without_capacity(offer: OfferData) -> Iterator[FindingData]:
    """Yield a finding for a large stock without a stated capacity.

    None if the stock is usual for such a company, or if the manufacturer confirmed as many pieces.
    """
    counted = any(
        row.existing_piece_count is not None and row.existing_piece_count >= offer.stock
        for row in offer.register_lookups
    )
    usual = usual_stock(offer)
    if offer.capacity or offer.stock <= usual or counted:
        return
    rule = STOCK_UNCONFIRMED if offer.seller_role in TRADING_ROLES else STOCK_UNPROVEN
    yield rule.finding(stock=offer.stock, usual=usual)


def usual_stock(offer: OfferData) -> int:
    """Return the usual stock of such goods, in pieces, for a company of this age.

    A company of unknown age counts as half an old one.
    """
    most = USUAL_STOCK.get(offer.family, USUAL_STOCK[""])
    if offer.founded_on is None:
        return most // 2
    return most // NEW_COMPANY_DIVISOR if (offer.as_of - offer.founded_on).days < YEAR_DAYS else most


CAPACITY_OF_NEW_COMPANY = ScreeningRule(
    code="capacity_young",
    severities=(WARN,),
    description=_("Large capacity of a new company"),
    message=_(
        "%(capacity)s units a day is a lot for a company less than a year old (founded on %(founded)s)."
    ),
    rationale=rationales.OWN_FIGURE,
    remedy=remedies.WRITTEN_RESPONSE,
    numbers=(LARGE_DAILY_PRODUCTION_NUMBER, NEW_COMPANY_AGE_NUMBER),
    sources=(sources.OWN_FIGURE,),
)
CAPACITY_MISSING = ScreeningRule(
    code="capacity_missing",
    severities=(WARN,),
    description=_("Manufacturer that states neither its stock nor its daily production"),
    message=_("The manufacturer states neither its stock nor its daily production."),
    rationale=rationales.STILL_MISSING,
    remedy=remedies.CORRECT_FACT,
    sources=(sources.FBI_ADVANCE_FEE_ALERT,),
)


def _screen_capacity(offer: OfferData) -> Iterator[FindingData]:
    if (
        offer.founded_on
        and (offer.as_of - offer.founded_on).days < YEAR_DAYS
        and offer.capacity >= LARGE_DAILY_PRODUCTION
    ):
        yield CAPACITY_OF_NEW_COMPANY.finding(capacity=offer.capacity, founded=offer.founded_on.isoformat())
    if offer.seller_role == "maker" and not offer.stock and not offer.capacity:
        yield CAPACITY_MISSING.finding(company=offer.seller_reference)
