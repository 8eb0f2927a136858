"""Data types of screening: the facts of an offer that the rules read, and a finding.

`leads/queries/screening_data.py` builds the input.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from procurement.leads.models.findings import Finding
from procurement.leads.models.leads import SupplierLead
from workflow.i18n import Translations

BLOCK, WARN, NOTE = Finding.Severity.BLOCK, Finding.Severity.WARN, Finding.Severity.NOTE


@dataclass(frozen=True, kw_only=True)
class FindingData:
    """One result of screening.

    `subject`: separates several results of one code. `figures`: values for the sentence. `unsure`: the code
    for why it only warns, where a firm source would let it block.
    """

    code: str
    severity: str
    subject: str = ""
    figures: dict[str, Any] = field(default_factory=dict)
    source: str = ""
    unsure: str = ""

    @property
    def blocks(self) -> bool:
        """True if the result blocks the offer."""
        return self.severity == BLOCK


@dataclass(frozen=True, kw_only=True)
class AccountData:
    """A bank account for screening, with its number masked.

    `waiting`: it was named beside another account, and the call-back is still open.
    """

    key: str
    shown: str
    holder: str
    holder_fits: bool = True
    country: str = ""
    waiting: bool = False
    others: Sequence[str] = ()


@dataclass(frozen=True)
class PublishedPrice:
    """Published price that a finding quotes: basis, first and last day, confidence, and note of the source."""

    basis: str
    since: date
    until: date
    grade: str
    note: Translations


@dataclass(frozen=True, kw_only=True)
class PriceList:
    """A manufacturer's list price, from its cheapest to its dearest model.

    `firm`: the goods are surely that manufacturer's. `paid`: the prices others paid at that time.
    """

    maker: str
    low: Decimal
    high: Decimal
    firm: bool = False
    manufacturer_known: bool = False
    source: str = ""
    paid: tuple[Decimal, Decimal] | None = None
    printed: PublishedPrice | None = None


@dataclass(frozen=True, kw_only=True)
class LookupResult:
    """A recorded answer of a register or a manufacturer.

    `itself`: it is about the seller, not its parent, owner or manufacturer. `official`: it comes from an
    official register. `count`: the pieces that exist, by the manufacturer. `clear`: nothing is wrong.
    `old_after`: the days after which such an answer is looked up again, 0 until then.
    """

    reference: str
    company: Translations
    kind: str
    answer: str
    on: date
    party: str = "itself"
    itself: bool = True
    official: bool = False
    since: date | None = None
    count: int | None = None
    address: str = ""
    what: Translations | None = None
    clear: bool = False
    old_after: int = 0


@dataclass(frozen=True, kw_only=True)
class WatchlistHit:
    """A watchlist match for a name of the seller or manufacturer, possible or confirmed.

    `score` in percent.
    """

    reference: str
    name: str
    name_source: str
    listed: str
    watchlist: str
    score: int
    confirmed: bool = False
    source: str = ""


@dataclass(frozen=True, kw_only=True)
class PriceData:
    """The price per piece and the figures to compare it with, in the asking city's currency.

    - `compared`: the price up to `point`, the point of delivery of the `peers`. `in_market`: the price up
      to the point of the market prices. `ex_works_price`: at most the ex works price, without freight. None means
      the bare price.
    - `peers`: prices of other offers.
    - `high`: the highest last known price. `firm_high`: the highest from a firm source. `low`: the lowest.
      Each has its printed figure.
    - `carton`: the pieces in the offer's own carton.
    """

    value: Decimal
    currency: str
    compared: Decimal | None = None
    point: str = ""
    in_market: Decimal | None = None
    market_point: str = ""
    ex_works_price: Decimal | None = None
    peers: Sequence[Decimal] = ()
    peer_cities: int = 0
    high: Decimal | None = None
    high_source: str = ""
    high_printed: PublishedPrice | None = None
    low: Decimal | None = None
    carton: int = 0
    firm_high: Decimal | None = None
    firm_source: str = ""
    firm_printed: PublishedPrice | None = None
    floor: Decimal | None = None
    floor_source: str = ""
    floor_printed: PublishedPrice | None = None
    listed: PriceList | None = None
    limit: Decimal | None = None


@dataclass(frozen=True, kw_only=True)
class FalseUse:
    """A customs rule that the declared use contradicts, given the users of the goods.

    `receivers`: the users in words, None if not stated.
    """

    need: str
    what: Translations
    firm: bool  # True if the rule blocks; only a rule from a firm source does
    receivers: Translations | None = None
    source: str = ""


@dataclass(frozen=True, kw_only=True)
class CertificateData:
    """Certificate data for screening. The verdicts come from the catalogue's rules.

    - `shared`: why another company may honestly show the number; "letter" if the holder's letter allows it,
      "" if both companies claim it.
    - `other_models`: other models for which the same report is shown. `report_open`: the report's own
      number is missing.
    - `importers`: it belongs to an importer, and the company imports nothing here.
    - `class_one_body`: the number of a notified body on a device of class I.
    - `number_is_anothers`: the number names a laboratory, a body or a company.
    - `own`: the holder is the company, or is not stated. `holder`: another holder without a letter.
      `makers`: that holder is the manufacturer. `not_lent`: no letter can help. `holder_unread`: a holder
      in a script in which the company has no name.
    - `manufacturer`: the manufacturer it names, if the offer's `maker` is another.
    - `number_year`: the year in its number. `number_group`, `number_office`: product group and province in
      it, if wrong.
    - `declared_by`: the issuer of a manufacturer's declaration, if not the manufacturer.
    - `class_stated`: its class of device, if the goods need a higher one, `class_needed`.
    - `for_line`: how its standards meet those of the line; "" if the offer's own standard decides.
    - `covers`: its models cover the offered one; None if either is missing.
    - `module_stated`: the module it names, if not the one of its type.
    - `holds_years`: the longest validity of the type in years, 0 if the type names no end.
    - `asked_on`, `asked_result`: the latest issuer check.
    """

    reference: str
    kind: Translations
    number: str
    form_fault: Translations | None = None
    form_firm: bool = False
    worthless: Translations | None = None
    worthless_firm: bool = False
    declared_by: str = ""
    class_stated: str = ""
    class_needed: str = ""
    class_firm: bool = False
    class_source: str = ""
    elsewhere: str = ""
    shared: str = ""
    issued: date | None = None
    ends: date | None = None
    number_year: int | None = None
    number_group: str = ""
    number_office: Translations | None = None
    own: bool = True
    holder: str = ""
    body: str = ""
    body_fault: Translations | None = None
    body_firm: bool = False
    body_look: Translations | None = None
    unsigned: bool = False
    status: str = ""
    doubted: bool = False
    standards: str = ""
    for_standard: bool = True
    module: str = ""
    module_stated: str = ""
    kinds_module: str = ""
    other_province: Translations | None = None
    manufacturer_place: str = ""
    source: str = ""
    form_known: bool = False
    form_source: str = ""
    worth: Translations | None = None
    body_source: str = ""
    body_watched: Translations | None = None
    body_holds: Translations | None = None
    products: Translations | None = None
    for_line: str = ""
    for_line_firm: bool = False
    for_line_why: Translations | None = None
    for_line_source: str = ""
    models: str = ""
    covers: bool | None = None
    makers: bool = False
    not_lent: bool = False
    holder_unread: str = ""
    number_is_anothers: bool = False
    report_open: bool = False
    other_models: str = ""
    importers: bool = False
    class_one_body: str = ""
    holder_stated: str = ""
    manufacturer: str = ""
    maker: Translations | None = None
    holds_years: int = 0
    asked_on: date | None = None
    asked_result: str = ""


@dataclass(frozen=True, kw_only=True)
class OtherGoodsCertificate:
    """A certificate that names only other goods."""

    reference: str
    kind: Translations
    number: str
    products: Translations


@dataclass(frozen=True, kw_only=True)
class MissingCertificate:
    """A missing certificate type that the goods need in a market, with the reason and its source.

    `firm`: the source is firm. `on_list`: the certificate shown for it rests on a published list that was
    not looked up as of the day.
    """

    kind_code: str
    kind: Translations
    market: str
    why: Translations
    firm: bool
    source: str = ""
    on_list: bool = False


@dataclass(frozen=True, kw_only=True)
class OfferData:
    """Facts of an offer as claimed, built by `leads/queries`. `company` is the seller's reference.

    - `travel_days`: the usual days, if the offer names none; else None.
    - `file_elsewhere`: other companies that showed the same files. `files_elsewhere`: the hashes of these
      files.
    - `advance_named`, `advance_stated`: the payment terms ask for an advance, and its percentage, None if not
      stated.
    - `in_full_unstated`: the terms ask for the full price but do not state when. `pressed`: the words press for
      payment.
    - `features_differ`: features asked for, each with what the offer names instead. `counterfeit_signs`:
      features that are signs of a counterfeit.
    - `class_one_body`: the number behind a CE mark on a class I device without a sterility certificate.
    """

    on: date
    company: str = ""
    arrives_on: date | None = None
    travel_days: int | None = None
    country: str = ""
    number: str = ""
    number_fault: str = ""
    number_kind: str = ""  # name of company numbers in its country, if this number is malformed
    founded_on: date | None = None
    role: str = ""
    email: str = ""
    duplicates: Sequence[str] = ()
    same: Sequence[str] = ()
    accounts: Sequence[AccountData] = ()
    register_lookups: Sequence[LookupResult] = ()
    on_lists: Sequence[WatchlistHit] = ()
    chain: Sequence[str] = ()
    meets: str = SupplierLead.Meets.UNKNOWN
    meets_why: Translations | None = None
    meets_firm: bool = False
    meets_source: str = ""
    asked: str = ""
    offered: str = ""
    standard_ended: Translations | None = None
    number_region: Translations | None = None
    manufacturer_region: Translations | None = None
    manufacturer_number: str = ""
    no_business: str = ""
    mark_country: str = ""
    words: Sequence[str] = ()
    certificates: Sequence[CertificateData] = ()
    other_certificates: Sequence[OtherGoodsCertificate] = ()
    required_certificates: Sequence[MissingCertificate] = ()
    model: str = ""
    file_elsewhere: Sequence[str] = ()
    files_elsewhere: Sequence[str] = ()
    files: int = 0
    price: PriceData | None = None
    prepayment: int | None = None
    declared_use: str = ""
    needed_use: str = ""
    false_uses: Sequence[FalseUse] = ()
    stock: int = 0
    capacity: int = 0
    family: str = ""
    payment_terms: str = ""
    advance_named: bool = False
    advance_stated: int | None = None
    in_full_unstated: bool = False
    pressed: bool = False
    class_one_body: str = ""
    features_differ: Sequence[tuple[str, str | list[str]]] = ()
    counterfeit_signs: Sequence[str] = ()
