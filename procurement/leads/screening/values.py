"""What screening is given and what it says: plain values, gathered by `gathering/`."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from procurement.leads.models.finding import Finding
from procurement.leads.models.offer import SupplierLead
from procurement.leads.screening.papers_shown import NeededPaper, OthersPaper, Paper
from workflow.tongues import InThreeLanguages

BLOCK, WARN, NOTE = Finding.Severity.BLOCK, Finding.Severity.WARN, Finding.Severity.NOTE


@dataclass(frozen=True, kw_only=True)
class Found:
    """One thing noticed. `subject` tells apart several of one code; `figures` fill the sentence. `unsure` is the code of why it
    only warns, where it would block if its ground were firm.
    """

    code: str
    severity: str
    subject: str = ""
    figures: dict[str, Any] = field(default_factory=dict)
    source: str = ""
    unsure: str = ""

    @property
    def blocks(self) -> bool:
        """Whether it blocks the offer."""
        return self.severity == BLOCK


@dataclass(frozen=True, kw_only=True)
class Account:
    """An account as far as screening needs it, shown masked. `waiting`: named beside another, and nobody has called back yet."""

    key: str
    shown: str
    holder: str
    holder_fits: bool = True
    country: str = ""
    waiting: bool = False
    others: Sequence[str] = ()


@dataclass(frozen=True)
class Printed:
    """A printed figure as a sentence tells it: its kind, its first and last day, how sure it is, and what was printed."""

    basis: str
    since: date
    until: date
    grade: str
    note: InThreeLanguages


@dataclass(frozen=True, kw_only=True)
class PriceList:
    """A maker's list price, lowest and highest model. `firm` where the goods are surely that maker's; `paid`: what others paid then."""

    maker: str
    low: Decimal
    high: Decimal
    firm: bool = False
    maker_known: bool = False
    source: str = ""
    paid: tuple[Decimal, Decimal] | None = None
    printed: Printed | None = None


@dataclass(frozen=True, kw_only=True)
class LookedUp:
    """A recorded answer of a register or a maker. `itself`: it is about the company that offers, and not about its parent, its owner or
    the maker. `official`: an office of the state answers for it. `count`: pieces the maker says exist. `clear`: it says that nothing
    is wrong; `old_after`: the days after which such an answer is looked up again, 0 while it is not that old.
    """

    reference: str
    company: InThreeLanguages
    kind: str
    answer: str
    on: date
    whom: str = "itself"
    itself: bool = True
    official: bool = False
    since: date | None = None
    count: int | None = None
    address: str = ""
    what: InThreeLanguages | None = None
    clear: bool = False
    old_after: int = 0


@dataclass(frozen=True, kw_only=True)
class OnAList:
    """A name of who offers, or of who makes it, that may be somebody on a list, or was confirmed to be. `score` in percent."""

    reference: str
    name: str
    borne: str
    listed: str
    watch_list: str
    score: int
    confirmed: bool = False
    source: str = ""


@dataclass(frozen=True, kw_only=True)
class Price:
    """The price per piece and what it is held against, all in the asking city's currency. `peers` leaves the offer itself out.

    `compared` is the price up to the `point` the peers' prices go to, `in_market` up to that of the market's, `at_door` without the
    freight in it, at most; each None where it is the bare price. `high` is the highest last known, `firm_high` the highest that is
    sure. Each comes with what was `printed`. `low` is the lowest of
    these, `carton` how many pieces the offer's own carton holds.
    """

    value: Decimal
    currency: str
    compared: Decimal | None = None
    point: str = ""
    in_market: Decimal | None = None
    market_point: str = ""
    at_door: Decimal | None = None
    peers: Sequence[Decimal] = ()
    peer_cities: int = 0
    high: Decimal | None = None
    high_source: str = ""
    high_printed: Printed | None = None
    low: Decimal | None = None
    carton: int = 0
    firm_high: Decimal | None = None
    firm_source: str = ""
    firm_printed: Printed | None = None
    floor: Decimal | None = None
    floor_source: str = ""
    floor_printed: Printed | None = None
    listed: PriceList | None = None
    limit: Decimal | None = None


@dataclass(frozen=True, kw_only=True)
class FalseUse:
    """A customs rule that the declared use contradicts, given who will use the goods. `receivers`: in words; none where not stated."""

    need: str
    what: InThreeLanguages
    firm: bool  # whether the rule blocks, which only a rule from a firm source does
    receivers: InThreeLanguages | None = None
    source: str = ""


@dataclass(frozen=True, kw_only=True)
class Offer:
    """An offer's facts as claimed, gathered by `gathering/`. Dates in the story's time. `company` is who offers, by reference.
    `travel_days` are those counted where the offer names none; None where it does. `files_elsewhere` are the hashes of the files that
    `file_elsewhere`, other companies, showed too. `advance_named`, `advance_said`: whether the payment terms, in words, ask for an
    advance, and for how many percent; None where they do not say. `whole_unsaid`: they ask for all of it and do not say when.
    `pressed`: its words press for money.
    `features_differ`: features that the need asks for, each with what the offer names instead;
    `counterfeit_signs`: features that give a counterfeit away. `class_one_body`: the number behind CE in its words, on a device
    of class I that no body certified as sterile.
    """

    on: date
    company: str = ""
    arrives_on: date | None = None
    travel_days: int | None = None
    country: str = ""
    number: str = ""
    number_fault: str = ""
    number_kind: str = ""  # what numbers are called in its country, where this one cannot be one of them
    founded_on: date | None = None
    role: str = ""
    email: str = ""
    duplicates: Sequence[str] = ()
    same: Sequence[str] = ()
    accounts: Sequence[Account] = ()
    looked_up: Sequence[LookedUp] = ()
    on_lists: Sequence[OnAList] = ()
    chain: Sequence[str] = ()
    meets: str = SupplierLead.Meets.UNKNOWN
    meets_why: InThreeLanguages | None = None
    meets_firm: bool = False
    meets_source: str = ""
    asked: str = ""
    offered: str = ""
    standard_ended: InThreeLanguages | None = None
    number_region: InThreeLanguages | None = None
    makers_region: InThreeLanguages | None = None
    makers_number: str = ""
    no_business: str = ""
    mark_country: str = ""
    words: Sequence[str] = ()
    papers: Sequence[Paper] = ()
    others_papers: Sequence[OthersPaper] = ()
    needed_papers: Sequence[NeededPaper] = ()
    model: str = ""
    file_elsewhere: Sequence[str] = ()
    files_elsewhere: Sequence[str] = ()
    files: int = 0
    price: Price | None = None
    prepayment: int | None = None
    declared_use: str = ""
    needed_use: str = ""
    false_uses: Sequence[FalseUse] = ()
    stock: int = 0
    capacity: int = 0
    family: str = ""
    payment_terms: str = ""
    advance_named: bool = False
    advance_said: int | None = None
    whole_unsaid: bool = False
    pressed: bool = False
    class_one_body: str = ""
    features_differ: Sequence[tuple[str, str | list[str]]] = ()
    counterfeit_signs: Sequence[str] = ()
