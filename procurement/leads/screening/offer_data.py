"""Data types of screening: the facts of an offer that the rules read, and a finding.

`leads/queries/screening_data.py` builds the input. A source is firm if it is reliable enough to let a finding block.
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
    of the reason why the finding warns instead of blocking, because its source is not reliable; else "".
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
    """A bank account for screening, with its number masked (`shown`).

    `holder_fits`: the holder has a name of the company. `others`: other companies with the same account. `waiting`: the
    account was named beside another one, and the call-back is still open.
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

    `manufacturer_known`: the manufacturer of the goods is known, and the list is theirs. `firm`: the source is reliable as
    well. `paid`: the lowest and the highest price that others paid at that time.
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

    - `party`: whom it is about. `about_company_itself`: it is about the seller, not its parent, owner or manufacturer.
    - `official`: it comes from an official register. `in_order`: it reports nothing adverse.
    - `count`: the number of pieces that exist, as the manufacturer states it.
    - `outdated_after_days`: the validity of such an answer in days if it is outdated, else 0.
    """

    reference: str
    company: Translations
    kind: str
    answer: str
    on: date
    party: str = "itself"
    about_company_itself: bool = True
    official: bool = False
    since: date | None = None
    count: int | None = None
    address: str = ""
    what: Translations | None = None
    in_order: bool = False
    outdated_after_days: int = 0


@dataclass(frozen=True, kw_only=True)
class WatchlistHit:
    """A watchlist match for a name of the seller or manufacturer, possible or confirmed.

    `name` is the name of the company, `listed` the name on the watchlist, and `score` their similarity in per cent.
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

    - `price_at_peer_point`: the price up to `point`, the point of delivery of the `peers`.
      `price_at_market_point`: the price up to the point of the market prices. `ex_works_price`: at most the
      ex works price, without freight. None means the bare price.
    - `peers`: prices of other offers.
    - `high`: the highest last known price. `firm_high`: the highest from a reliable source. `low`: the lowest.
      Each has its printed figure.
    - `carton`: the pieces in the offer's own carton.
    """

    value: Decimal
    currency: str
    price_at_peer_point: Decimal | None = None
    point: str = ""
    price_at_market_point: Decimal | None = None
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

    A flag whose name ends in "firm" is True if its verdict rests on a reliable source, so that it may block. A text whose
    name ends in "source" is the source of a verdict; `source` is that of `worth`.

    - `form_fault`: what is wrong with the form of the number. `form_known`: the type has a known number format.
    - `worth`: what the certificate type is worth for these goods. `for_standard`: it covers the offered standard.
    - `body`: the signer. `body_unsuitable`: why it may not sign. `body_to_check`: what must be looked up about it.
      `body_warning`: a warning about it. `body_holds`: why it may sign. `notified_body_missing`: the type needs a
      signer, and none is named.
    - `company_with_same_number`: another company that shows the number. `shared_number_reason`: why it may
      honestly do so; "letter" if the holder's letter allows it, "" if both companies claim the certificate.
    - `other_models`: other models for which the same report is shown. `report_number_missing`: the report's
      own number is missing.
    - `held_by_importer`: it belongs to an importer, and the company imports nothing here.
    - `not_accepted_because`: why the certificate type proves nothing for these goods.
    - `invalidated`: its status says that it could not be confirmed, was altered or is for other goods.
    - `class_one_body`: the number of a notified body on a device of class I.
    - `number_names_other_party`: the number names a laboratory, a body or a company.
    - `held_by_company`: the holder is the company, or is not stated. `holder`: another holder without a
      letter. `held_by_manufacturer`: that holder is the manufacturer. `letter_not_possible`: no letter can
      help. `holder_in_other_script`: a holder in a script in which the company has no name.
    - `manufacturer`: the manufacturer it names, if the offer's `maker` is another.
    - `number_year`: the year in its number. `number_group`, `number_office`: product group and province in
      it, if wrong.
    - `declared_by`: the issuer of a manufacturer's declaration, if not the manufacturer.
    - `class_stated`: its class of device, if the goods need a higher one, `class_needed`.
    - `for_line`: how its standards meet those of the line; "" if the offer's own standard decides.
    - `covers_model`: its models cover the offered one; None if either is missing.
    - `module_stated`: the module it names, if not the one of its type.
    - `max_validity_years`: the longest validity of the type in years, 0 if the type names no end.
    - `issuer_asked_on`, `issuer_result`: the latest issuer check.
    """

    reference: str
    kind: Translations
    number: str
    form_fault: Translations | None = None
    form_firm: bool = False
    not_accepted_because: Translations | None = None
    not_accepted_firm: bool = False
    declared_by: str = ""
    class_stated: str = ""
    class_needed: str = ""
    class_firm: bool = False
    class_source: str = ""
    company_with_same_number: str = ""
    shared_number_reason: str = ""
    issued: date | None = None
    ends: date | None = None
    number_year: int | None = None
    number_group: str = ""
    number_office: Translations | None = None
    held_by_company: bool = True
    holder: str = ""
    body: str = ""
    body_unsuitable: Translations | None = None
    body_firm: bool = False
    body_to_check: Translations | None = None
    notified_body_missing: bool = False
    status: str = ""
    invalidated: bool = False
    standards: str = ""
    for_standard: bool = True
    module: str = ""
    module_stated: str = ""
    module_of_type: str = ""
    other_province: Translations | None = None
    manufacturer_place: str = ""
    source: str = ""
    form_known: bool = False
    form_source: str = ""
    worth: Translations | None = None
    body_source: str = ""
    body_warning: Translations | None = None
    body_holds: Translations | None = None
    products: Translations | None = None
    for_line: str = ""
    for_line_firm: bool = False
    for_line_why: Translations | None = None
    for_line_source: str = ""
    models: str = ""
    covers_model: bool | None = None
    held_by_manufacturer: bool = False
    letter_not_possible: bool = False
    holder_in_other_script: str = ""
    number_names_other_party: bool = False
    report_number_missing: bool = False
    other_models: str = ""
    held_by_importer: bool = False
    class_one_body: str = ""
    holder_stated: str = ""
    manufacturer: str = ""
    maker: Translations | None = None
    max_validity_years: int = 0
    issuer_asked_on: date | None = None
    issuer_result: str = ""


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

    `firm`: the source is reliable. `on_list`: the certificate shown for it rests on a published list that was
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
    - `meets`: how the offered standard (`offered`) meets those asked for (`asked`), with the reason and the source.
      `meets_firm`: True if this verdict may block.
    - `registration_number_error`: the code of what is wrong with a Chinese number. `malformed_number_type`: the
      name of the country's company numbers, if this number does not have their format.
    - `duplicates`: references of similar companies. `duplicate_reasons`: the facts that they share.
    - `companies_with_same_files`: other companies that showed the same files. `shared_file_hashes`: the
      hashes of these files.
    - `advance_named`, `advance_stated`: the payment terms ask for an advance, and its percentage, None if not
      stated.
    - `full_payment_time_unstated`: the terms ask for the full price but do not state when.
      `presses_for_payment`: the words press for payment.
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
    registration_number_error: str = ""
    malformed_number_type: str = ""
    founded_on: date | None = None
    role: str = ""
    email: str = ""
    duplicates: Sequence[str] = ()
    duplicate_reasons: Sequence[str] = ()
    accounts: Sequence[AccountData] = ()
    register_lookups: Sequence[LookupResult] = ()
    watchlist_hits: Sequence[WatchlistHit] = ()
    intermediaries: Sequence[str] = ()
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
    companies_with_same_files: Sequence[str] = ()
    shared_file_hashes: Sequence[str] = ()
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
    full_payment_time_unstated: bool = False
    presses_for_payment: bool = False
    class_one_body: str = ""
    features_differ: Sequence[tuple[str, str | list[str]]] = ()
    counterfeit_signs: Sequence[str] = ()
