"""Data types of screening: the facts of an offer that the rules read, and a finding.

`leads/queries/screening_data.py` builds the input. A source is firm if it is reliable enough to let a finding block.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from procurement.leads.models.findings import Finding
from procurement.requests.alternatives.models import GoodsMatchLevel
from workflow.i18n import Translations

BLOCK, WARN, NOTE = Finding.Severity.BLOCK, Finding.Severity.WARN, Finding.Severity.NOTE


@dataclass(frozen=True, kw_only=True)
class FindingData:
    """One result of screening.

    `subject`: separates several results of one code. `figures`: values for the sentence. `downgrade_reason`: the code
    of the reason why the finding warns instead of blocking, because its source is not reliable; else "".
    """

    code: str
    severity: str
    subject: str = ""
    figures: dict[str, Any] = field(default_factory=dict)
    source: str = ""
    downgrade_reason: str = ""

    @property
    def blocks(self) -> bool:
        """True if the result blocks the offer."""
        return self.severity == BLOCK


@dataclass(frozen=True, kw_only=True)
class AccountData:
    """A bank account for screening, with its number masked (`masked_number`).

    `holder_matches_company`: the holder has a name of the company. `other_companies`: other companies with the same
    account. `is_callback_open`: the account was named beside another one, and the call-back is still open.
    """

    account_id: str
    masked_number: str
    holder: str
    holder_matches_company: bool = True
    country: str = ""
    is_callback_open: bool = False
    other_companies: Sequence[str] = ()


@dataclass(frozen=True)
class PublishedPrice:
    """Published price that a finding quotes: basis, first and last day, confidence, and note of the source."""

    basis: str
    first_day: date
    last_day: date
    confidence: str
    note: Translations


@dataclass(frozen=True, kw_only=True)
class PriceList:
    """A manufacturer's list price, from its cheapest to its dearest model.

    `manufacturer_known`: the manufacturer of the goods is known, and the list is theirs. `source_is_reliable`: the
    source is reliable as well. `paid_range`: the lowest and the highest price that others paid at that time.
    """

    maker: str
    low: Decimal
    high: Decimal
    source_is_reliable: bool = False
    manufacturer_known: bool = False
    source: str = ""
    paid_range: tuple[Decimal, Decimal] | None = None
    published_price: PublishedPrice | None = None


@dataclass(frozen=True, kw_only=True)
class LookupResult:
    """A recorded answer of a register or a manufacturer.

    - `party`: whom it is about. `about_company_itself`: it is about the seller, not its parent, owner or manufacturer.
    - `official`: it comes from an official register. `is_in_order`: it reports nothing adverse.
    - `existing_piece_count`: the number of pieces that exist, as the manufacturer states it.
    - `outdated_after_days`: the validity of such an answer in days if it is outdated, else 0.
    """

    reference: str
    company: Translations
    kind: str
    answer: str
    answered_on: date
    party: str = "itself"
    about_company_itself: bool = True
    official: bool = False
    effective_since: date | None = None
    existing_piece_count: int | None = None
    address: str = ""
    register_name: Translations | None = None
    is_in_order: bool = False
    outdated_after_days: int = 0


@dataclass(frozen=True, kw_only=True)
class WatchlistHit:
    """A watchlist match for a name of the seller or manufacturer, possible or confirmed.

    `name` is the name of the company, `listed_name` the name on the watchlist, and `score` their similarity in per cent.
    """

    reference: str
    name: str
    name_source: str
    listed_name: str
    watchlist: str
    score: int
    confirmed: bool = False
    source: str = ""


@dataclass(frozen=True, kw_only=True)
class PriceData:
    """The price per piece and the figures to compare it with, in the asking city's currency.

    - `price_at_peer_point`: the price up to `peer_delivery_point`, the point of delivery of the `peer_prices`.
      `price_at_market_point`: the price up to the point of the market prices. `ex_works_price`: at most the
      ex works price, without freight. None means the bare price.
    - `peer_prices`: prices of other offers.
    - `highest_known_price`: the highest last known price. `highest_reliable_price`: the highest from a reliable
      source. `lowest_known_price`: the lowest. Each has its printed figure.
    - `pieces_per_carton`: the pieces in the offer's own carton.
    """

    unit_price: Decimal
    currency: str
    price_at_peer_point: Decimal | None = None
    peer_delivery_point: str = ""
    price_at_market_point: Decimal | None = None
    market_delivery_point: str = ""
    ex_works_price: Decimal | None = None
    peer_prices: Sequence[Decimal] = ()
    peer_cities: int = 0
    highest_known_price: Decimal | None = None
    highest_price_source: str = ""
    highest_published_price: PublishedPrice | None = None
    lowest_known_price: Decimal | None = None
    pieces_per_carton: int = 0
    highest_reliable_price: Decimal | None = None
    reliable_price_source: str = ""
    reliable_published_price: PublishedPrice | None = None
    price_floor: Decimal | None = None
    floor_source: str = ""
    price_floor_published: PublishedPrice | None = None
    manufacturer_price_list: PriceList | None = None
    price_limit: Decimal | None = None


@dataclass(frozen=True, kw_only=True)
class FalseUse:
    """A customs rule that the declared use contradicts, given the users of the goods.

    `end_users`: the users in words, None if not stated.
    """

    need_reference: str
    rule_name: Translations
    is_blocking: bool  # True if the rule blocks; only a rule from a firm source does
    end_users: Translations | None = None
    source: str = ""


@dataclass(frozen=True, kw_only=True)
class CertificateData:
    """Certificate data for screening. The verdicts come from the catalogue's rules.

    A flag whose name ends in "firm" is True if its verdict rests on a reliable source, so that it may block. A text whose
    name ends in "source" is the source of a verdict; `source` is that of `type_acceptance_reason`.

    - `number_format_fault`: what is wrong with the form of the number. `has_known_number_format`: the type has a known number format.
    - `type_acceptance_reason`: what the certificate type is worth for these goods. `covers_offered_standard`: it
      covers the offered standard.
    - `signer`: the signer. `signer_unsuitable_reason`: why it may not sign. `signer_lookup_advice`: what must be looked up about it.
      `signer_warning`: a warning about it. `signer_acceptance_reason`: why it may sign. `notified_body_missing`: the type needs a
      signer, and none is named.
    - `company_with_same_number`: another company that shows the number. `shared_number_reason`: why it may
      honestly do so; "letter" if the holder's letter allows it, "" if both companies claim the certificate.
    - `other_models`: other models for which the same report is shown. `report_number_missing`: the report's
      own number is missing.
    - `held_by_importer`: it belongs to an importer, and the company imports nothing here.
    - `rejection_reason`: why the certificate type proves nothing for these goods.
    - `invalidated`: its status says that it could not be confirmed, was altered or is for other goods.
    - `class_one_body_number`: the number of a notified body on a device of class I.
    - `number_names_other_party`: the number names a laboratory, a body or a company.
    - `held_by_company`: the holder is the company, or is not stated. `unauthorized_holder`: another holder without a
      letter. `held_by_manufacturer`: that holder is the manufacturer. `authorization_impossible`: no letter can
      help. `holder_in_other_script`: a holder in a script in which the company has no name.
    - `differing_manufacturer`: the manufacturer it names, if the offer's `offer_manufacturer` is another.
    - `number_year`: the year in its number. `wrong_product_group`, `wrong_number_office`: product group and province in
      it, if wrong.
    - `wrong_declarant`: the issuer of a manufacturer's declaration, if not the manufacturer.
    - `stated_device_class`: its class of device, if the goods need a higher one, `required_device_class`.
    - `line_standard_match`: how its standards meet those of the line; "" if the offer's own standard decides.
    - `covers_model`: its models cover the offered one; None if either is missing.
    - `differing_module`: the module it names, if not the one of its type.
    - `max_validity_years`: the longest validity of the type in years, 0 if the type names no end.
    - `issuer_asked_on`, `issuer_result`: the latest issuer check.
    """

    reference: str
    kind: Translations
    number: str
    number_format_fault: Translations | None = None
    format_source_is_reliable: bool = False
    rejection_reason: Translations | None = None
    rejection_source_is_reliable: bool = False
    wrong_declarant: str = ""
    stated_device_class: str = ""
    required_device_class: str = ""
    class_source_is_reliable: bool = False
    class_source: str = ""
    company_with_same_number: str = ""
    shared_number_reason: str = ""
    issued: date | None = None
    valid_until: date | None = None
    number_year: int | None = None
    wrong_product_group: str = ""
    wrong_number_office: Translations | None = None
    held_by_company: bool = True
    unauthorized_holder: str = ""
    signer: str = ""
    signer_unsuitable_reason: Translations | None = None
    signer_source_is_reliable: bool = False
    signer_lookup_advice: Translations | None = None
    notified_body_missing: bool = False
    status: str = ""
    invalidated: bool = False
    standards: str = ""
    covers_offered_standard: bool = True
    module: str = ""
    differing_module: str = ""
    module_of_type: str = ""
    other_province: Translations | None = None
    manufacturer_place: str = ""
    source: str = ""
    has_known_number_format: bool = False
    format_source: str = ""
    type_acceptance_reason: Translations | None = None
    signer_source: str = ""
    signer_warning: Translations | None = None
    signer_acceptance_reason: Translations | None = None
    products: Translations | None = None
    line_standard_match: str = ""
    line_match_is_reliable: bool = False
    line_match_reason: Translations | None = None
    line_match_source: str = ""
    models: str = ""
    covers_model: bool | None = None
    held_by_manufacturer: bool = False
    authorization_impossible: bool = False
    holder_in_other_script: str = ""
    number_names_other_party: bool = False
    report_number_missing: bool = False
    other_models: str = ""
    held_by_importer: bool = False
    class_one_body_number: str = ""
    stated_holder: str = ""
    differing_manufacturer: str = ""
    offer_manufacturer: Translations | None = None
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

    `source_is_reliable`: the source is reliable. `needs_list_lookup`: the certificate shown for it rests on a published list that was
    not looked up as of the day.
    """

    kind_code: str
    kind: Translations
    market: str
    reason: Translations
    source_is_reliable: bool
    source: str = ""
    needs_list_lookup: bool = False


@dataclass(frozen=True, kw_only=True)
class OfferData:
    """Facts of an offer as claimed, built by `leads/queries`. `seller_reference` is the seller's reference.

    - `travel_days`: the usual days, if the offer names none; else None.
    - `standard_match`: how the offered standard (`offered_standard`) meets those asked for (`required_standards`),
      with the reason and the source. `standard_match_is_reliable`: True if this verdict may block.
    - `registration_number_error`: the code of what is wrong with a Chinese number. `malformed_number_type`: the
      name of the country's company numbers, if this number does not have their format.
    - `similar_companies`: references of similar companies. `duplicate_reasons`: the facts that they share.
    - `companies_with_same_files`: other companies that showed the same files. `shared_file_hashes`: the
      hashes of these files.
    - `mentions_advance`, `stated_advance_percent`: the payment terms ask for an advance, and its percentage, None if not
      stated.
    - `full_payment_time_unstated`: the terms ask for the full price but do not state when.
      `presses_for_payment`: the words press for payment.
    - `feature_differences`: features asked for, each with what the offer names instead. `counterfeit_signs`:
      features that are signs of a counterfeit.
    - `class_one_body_number`: the number behind a CE mark on a class I device without a sterility certificate.
    """

    as_of: date
    seller_reference: str = ""
    arrives_on: date | None = None
    travel_days: int | None = None
    seller_country: str = ""
    registration_number: str = ""
    registration_number_error: str = ""
    malformed_number_type: str = ""
    founded_on: date | None = None
    seller_role: str = ""
    email: str = ""
    similar_companies: Sequence[str] = ()
    duplicate_reasons: Sequence[str] = ()
    accounts: Sequence[AccountData] = ()
    register_lookups: Sequence[LookupResult] = ()
    watchlist_hits: Sequence[WatchlistHit] = ()
    intermediaries: Sequence[str] = ()
    standard_match: str = GoodsMatchLevel.UNKNOWN
    standard_match_reason: Translations | None = None
    standard_match_is_reliable: bool = False
    standard_match_source: str = ""
    required_standards: str = ""
    offered_standard: str = ""
    outdated_standard: Translations | None = None
    number_region: Translations | None = None
    manufacturer_region: Translations | None = None
    manufacturer_number: str = ""
    non_business_number: str = ""
    only_mark_country: str = ""
    free_texts: Sequence[str] = ()
    certificates: Sequence[CertificateData] = ()
    other_certificates: Sequence[OtherGoodsCertificate] = ()
    required_certificates: Sequence[MissingCertificate] = ()
    model: str = ""
    companies_with_same_files: Sequence[str] = ()
    shared_file_hashes: Sequence[str] = ()
    file_count: int = 0
    price: PriceData | None = None
    prepayment_percent: int | None = None
    declared_use: str = ""
    need_declared_use: str = ""
    false_uses: Sequence[FalseUse] = ()
    stock: int = 0
    capacity: int = 0
    family: str = ""
    payment_terms: str = ""
    mentions_advance: bool = False
    stated_advance_percent: int | None = None
    full_payment_time_unstated: bool = False
    presses_for_payment: bool = False
    class_one_body_number: str = ""
    feature_differences: Sequence[tuple[str, str | list[str]]] = ()
    counterfeit_signs: Sequence[str] = ()
