"""What looks wrong about an offer: findings with a code, a severity, figures and a source. Pure: judges values, reads no rows.

A finding explains itself and decides nothing. Only what rests on a firm source, or on the offer's own figures, may block.
Each threshold below is named, with its source where it has one.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from statistics import median
from typing import Any

from django.utils.translation import gettext_lazy as _

from procurement.catalogue.models import Use
from procurement.leads.models import Finding, SupplierLead
from workflow.errors import Words
from workflow.tongues import Figure, InThreeLanguages, read

BLOCK, WARN, NOTE = Finding.Severity.BLOCK, Finding.Severity.WARN, Finding.Severity.NOTE

ENOUGH_QUOTES, ENOUGH_CITIES = 5, 2
ROBUST_LIMIT = Decimal("3.5")  # of the modified z-score, after Iglewicz and Hoaglin (1993)
CONSISTENCY = Decimal("0.6745")  # makes the median absolute deviation comparable with a standard deviation
FLAT_LIMIT = Decimal("0.25")  # share of the median, where the deviation is zero
MOST_PREPAID = 30  # percent
STOCK_DAYS = 60  # of capacity, that a maker plausibly keeps
YOUNG_DAYS = 183
LONGEST_CHAIN = 2
FREE_MAIL = frozenset(
    ["163.com", "126.com", "qq.com", "foxmail.com", "sina.com", "gmail.com", "hotmail.com"]
    + ["outlook.com", "yahoo.com", "aliyun.com", "protonmail.com"]
)

SENTENCES: dict[str, Words] = {
    "uscc_malformed": _("The company number %(number)s cannot be real: %(fault)s."),
    "uscc_missing": _("No company number is given."),
    "certificate_malformed": _("%(kind)s %(number)s cannot be real: %(why)s"),
    "certificate_worthless": _("%(kind)s proves nothing for these goods: %(why)s"),
    "certificate_elsewhere": _("The number %(number)s is also shown by another company (%(other)s)."),
    "certificate_expired": _("%(kind)s %(number)s ends on %(ends)s, before the goods would arrive."),
    "certificate_body": _("%(kind)s %(number)s: the notified body %(body)s does not hold. %(why)s"),
    "certificate_doubted": _("%(kind)s %(number)s was judged “%(status)s”."),
    "certificate_missing": _("No certificate was shown."),
    "standard_below": _("%(offered)s does not meet %(asked)s: %(why)s"),
    "standard_neighbour": _("%(offered)s is comparable with %(asked)s, not equal to it: %(why)s"),
    "standard_unknown": _("The offer does not say which standard the goods meet."),
    "price_high": _(
        "%(price)s %(currency)s a piece is far above the middle of %(quotes)s quotes, %(median)s %(currency)s."
    ),
    "price_low": _(
        "%(price)s %(currency)s a piece is far below the middle of %(quotes)s quotes, %(median)s %(currency)s."
    ),
    "price_above_band": _(
        "%(price)s %(currency)s a piece is above twice the highest price known for these days, %(high)s."
    ),
    "price_four_times": _(
        "%(price)s %(currency)s a piece is above four times the highest price known for these days, %(high)s."
    ),
    "price_under_floor": _("%(price)s %(currency)s a piece is below what the material costs, %(floor)s."),
    "price_above_limit": _("%(price)s %(currency)s a piece is more than the need allows, %(limit)s."),
    "price_few": _("Too few quotes to judge the price: %(quotes)s. Cities they come from: %(cities)s."),
    "prepayment_high": _(
        "%(percent)s %% is asked before anything is shipped; %(most)s %% is the most that is usual."
    ),
    "free_mail": _("The company writes from a free address (%(domain)s)."),
    "duplicate_company": _("The company looks like %(others)s."),
    "use_mismatch": _("The goods are declared for %(declared)s, the need is for %(needed)s."),
    "stock_implausible": _(
        "%(stock)s pieces in stock are more than %(days)s days of what is made in a day, %(capacity)s."
    ),
    "capacity_missing": _("A maker says neither what is in stock nor what is made in a day."),
    "company_young": _("The company was founded on %(founded)s, less than half a year before the offer."),
    "chain_long": _("The offer came through %(links)s hands: %(chain)s."),
}
# What later stages find: they judge it and clear it, screening leaves it alone.
LATER: dict[str, Words] = {
    "customs_doubt": _("Customs may stop %(shipment)s: %(what)s. %(why)s"),
    "no_hand_over": _(
        "%(shipment)s is said to have left on %(departed)s, but no carrier has confirmed it took the goods."
    ),
    "parcels_short": _(
        "%(parcels)s parcels of %(shipment)s were handed to the carrier and have not arrived."
    ),
    "came_short": _(
        "Of %(shipment)s, %(missing)s pieces were missing and %(rejected)s were rejected at the door."
    ),
}

# Figures that are codes, and their words.
LABELS: dict[str, dict[str, Words]] = {
    "fault": {
        "length": _("it must have 18 characters"),
        "characters": _("it has characters that no such number has"),
        "check_digit": _("its check digit is wrong"),
    },
    "declared": {choice.value: choice.label for choice in Use},
    "needed": {choice.value: choice.label for choice in Use},
}


@dataclass(frozen=True, kw_only=True)
class Found:
    """One thing noticed. `subject` tells apart several of one code; `figures` fill the sentence."""

    code: str
    severity: str
    subject: str = ""
    figures: dict[str, Any] = field(default_factory=dict)
    source: str = ""


@dataclass(frozen=True, kw_only=True)
class Paper:
    """A certificate as far as screening needs it; the verdicts come from the catalogue's rules."""

    reference: str
    kind: InThreeLanguages
    number: str
    form_fault: InThreeLanguages | None = None
    form_firm: bool = False
    worthless: InThreeLanguages | None = None
    worthless_firm: bool = False
    elsewhere: str = ""
    ends: date | None = None
    body: str = ""
    body_fault: InThreeLanguages | None = None
    body_firm: bool = False
    status: str = ""
    doubted: bool = False
    source: str = ""


@dataclass(frozen=True, kw_only=True)
class Price:
    """The price per piece and what it is held against, all in the asking city's currency. `peers` leaves the offer itself out."""

    value: Decimal
    currency: str
    peers: Sequence[Decimal] = ()
    peer_cities: int = 0
    high: Decimal | None = None
    floor: Decimal | None = None
    limit: Decimal | None = None
    source: str = ""


@dataclass(frozen=True, kw_only=True)
class Offer:
    """An offer's facts as claimed, gathered by `gathering.py`. Dates in the story's time."""

    on: date
    arrives_on: date | None = None
    country: str = ""
    number: str = ""
    number_fault: str = ""
    founded_on: date | None = None
    role: str = ""
    email: str = ""
    duplicates: Sequence[str] = ()
    chain: Sequence[str] = ()
    meets: str = SupplierLead.Meets.UNKNOWN
    meets_why: InThreeLanguages | None = None
    meets_firm: bool = False
    meets_source: str = ""
    asked: str = ""
    offered: str = ""
    papers: Sequence[Paper] = ()
    price: Price | None = None
    prepayment: int | None = None
    declared_use: str = ""
    needed_use: str = ""
    stock: int = 0
    capacity: int = 0


def screen(offer: Offer) -> list[Found]:
    """Everything that looks wrong, in the order a reader should meet it."""
    rules = (_company, _standard, _certificates, _price, _quantities, _terms)
    return [found for rule in rules for found in rule(offer)]


def sentence(code: str, figures: dict[str, Any]) -> str:
    """A finding in words, in the reader's language."""
    return str((SENTENCES | LATER)[code]) % {name: _shown(name, value) for name, value in figures.items()}


def _shown(name: str, value: Any) -> Any:
    """A figure as the reader sees it: a text in three languages in theirs, a code by its label."""
    if isinstance(value, dict):
        return read(value)
    if isinstance(value, int):
        return Figure(value)
    labels = LABELS.get(name, {})
    return labels.get(value, value)


def _company(offer: Offer) -> Iterator[Found]:
    if offer.country == "CN" and not offer.number:
        yield Found(code="uscc_missing", severity=WARN)
    if offer.number_fault:
        malformed = {"number": offer.number, "fault": offer.number_fault}
        yield Found(code="uscc_malformed", severity=BLOCK, figures=malformed, source="GB 32100-2015")
    if offer.founded_on and (offer.on - offer.founded_on).days < YOUNG_DAYS:
        yield Found(code="company_young", severity=WARN, figures={"founded": offer.founded_on.isoformat()})
    if offer.duplicates:
        yield Found(code="duplicate_company", severity=WARN, figures={"others": ", ".join(offer.duplicates)})
    domain = offer.email.rpartition("@")[2].lower()
    if domain in FREE_MAIL:
        yield Found(code="free_mail", severity=NOTE, figures={"domain": domain})
    if len(offer.chain) > LONGEST_CHAIN:
        figures = {"links": len(offer.chain), "chain": " → ".join(offer.chain)}
        yield Found(code="chain_long", severity=WARN, figures=figures)


def _standard(offer: Offer) -> Iterator[Found]:
    figures = {"offered": offer.offered, "asked": offer.asked, "why": offer.meets_why or ""}
    match offer.meets:
        case SupplierLead.Meets.NO:
            severity = BLOCK if offer.meets_firm else WARN
            yield Found(code="standard_below", severity=severity, figures=figures, source=offer.meets_source)
        case SupplierLead.Meets.NEIGHBOUR:
            yield Found(code="standard_neighbour", severity=WARN, figures=figures, source=offer.meets_source)
        case SupplierLead.Meets.UNKNOWN if offer.asked:
            yield Found(code="standard_unknown", severity=WARN)


def _certificates(offer: Offer) -> Iterator[Found]:
    if not offer.papers:
        yield Found(code="certificate_missing", severity=WARN)
    for paper in offer.papers:
        yield from _paper(paper, offer)


def _paper(paper: Paper, offer: Offer) -> Iterator[Found]:
    named = {"kind": paper.kind, "number": paper.number}

    def found(code: str, *, blocks: bool, **figures: Any) -> Found:
        severity = BLOCK if blocks else WARN
        return Found(
            code=code,
            severity=severity,
            subject=paper.reference,
            figures={**named, **figures},
            source=paper.source,
        )

    if paper.form_fault:
        yield found("certificate_malformed", blocks=paper.form_firm, why=paper.form_fault)
    if paper.worthless:
        yield found("certificate_worthless", blocks=paper.worthless_firm, why=paper.worthless)
    if paper.elsewhere:
        yield found("certificate_elsewhere", blocks=True, other=paper.elsewhere)
    if paper.body_fault:
        yield found("certificate_body", blocks=paper.body_firm, body=paper.body, why=paper.body_fault)
    if paper.ends and paper.ends < (offer.arrives_on or offer.on):
        yield found("certificate_expired", blocks=paper.ends < offer.on, ends=paper.ends.isoformat())
    if paper.doubted:
        yield found("certificate_doubted", blocks=True, status=paper.status)


def _price(offer: Offer) -> Iterator[Found]:
    price = offer.price
    if price is None:
        return
    shown = {"price": f"{price.value:.2f}", "currency": price.currency}
    yield from _against_bounds(price, shown)
    if len(price.peers) < ENOUGH_QUOTES or price.peer_cities < ENOUGH_CITIES:
        figures = {"quotes": len(price.peers), "cities": price.peer_cities}
        yield Found(code="price_few", severity=NOTE, figures=figures)
    elif stands_out(price.value, price.peers):
        middle = median(price.peers)
        code = "price_high" if price.value > middle else "price_low"
        yield Found(
            code=code, severity=WARN, figures={**shown, "quotes": len(price.peers), "median": f"{middle:.2f}"}
        )


def _against_bounds(price: Price, shown: dict[str, str]) -> Iterator[Found]:
    if price.high is not None and price.value > 4 * price.high:
        figures = {**shown, "high": f"{price.high:.2f}"}
        yield Found(code="price_four_times", severity=BLOCK, figures=figures, source=price.source)
    elif price.high is not None and price.value > 2 * price.high:
        figures = {**shown, "high": f"{price.high:.2f}"}
        yield Found(code="price_above_band", severity=WARN, figures=figures, source=price.source)
    if price.floor is not None and price.value < price.floor:
        figures = {**shown, "floor": f"{price.floor:.2f}"}
        yield Found(code="price_under_floor", severity=WARN, figures=figures, source=price.source)
    if price.limit is not None and price.value > price.limit:
        yield Found(code="price_above_limit", severity=WARN, figures={**shown, "limit": f"{price.limit:.2f}"})


def stands_out(value: Decimal, peers: Iterable[Decimal]) -> bool:
    """Whether a price is far from its peers: |0.6745 (x - median) / MAD| > 3.5; with MAD 0, a quarter away from the median."""
    others = list(peers)
    middle = median(others)
    spread = median(abs(other - middle) for other in others)
    away = abs(value - middle)
    return away > FLAT_LIMIT * middle if spread == 0 else CONSISTENCY * away / spread > ROBUST_LIMIT


def _quantities(offer: Offer) -> Iterator[Found]:
    if offer.capacity and offer.stock > STOCK_DAYS * offer.capacity:
        figures = {"stock": offer.stock, "days": STOCK_DAYS, "capacity": offer.capacity}
        yield Found(code="stock_implausible", severity=WARN, figures=figures)
    if offer.role == "maker" and not offer.stock and not offer.capacity:
        yield Found(code="capacity_missing", severity=WARN)


def _terms(offer: Offer) -> Iterator[Found]:
    if offer.prepayment is not None and offer.prepayment > MOST_PREPAID:
        figures = {"percent": offer.prepayment, "most": MOST_PREPAID}
        yield Found(code="prepayment_high", severity=WARN, figures=figures)
    if offer.declared_use and offer.needed_use and offer.declared_use != offer.needed_use:
        uses = {"declared": offer.declared_use, "needed": offer.needed_use}
        yield Found(code="use_mismatch", severity=BLOCK, figures=uses)
