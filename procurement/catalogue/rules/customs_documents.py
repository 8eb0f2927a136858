"""Customs documents and steps that a consignment needs on a day, by the rules of its route.

Pure functions on loaded rows. The rules are data (data/customs_rules.csv). A rule blocks only if its row is
reliable (`Confidence.RELIABLE`) and surely in force, and if it surely applies to the goods. A rule for certain customs codes or device
classes only warns while the code or class of the goods is unknown or from memory. If goods have several
receivers, one that treats patients decides.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from procurement.catalogue.models.customs import CustomsRule
from procurement.catalogue.models.products import Product, ProductClassification, TariffCode
from procurement.catalogue.models.reference_rows import EndUserType, Validity, market_of_country
from procurement.catalogue.rules.sources import (
    RatedSource,
    ReliabilityReason,
    SourceConfidence,
    rated_sources,
    reliability_reason,
)

DEVICE_CLASS_DEPENDS = ProductClassification.DeviceClass.DEPENDS_ON_CLAIMS


class DoubtReason(StrEnum):
    """Reason why a rule only warns."""

    NONE = ""
    RULE_ONLY_WARNS = "warns"  # the rule itself asks for no more
    UNCONFIRMED = "unconfirmed"  # not confirmed for two years
    NO_SOURCE = "memory"  # it has no source
    UNSOURCED_DATES = "days"  # its first or last day has no source
    WEAK_SOURCE = "weak"
    UNKNOWN_GOODS_CODE = "goods"  # the goods' code or class is not known, or from memory
    UNKNOWN_RECEIVER = "receiver"  # the user of the goods is unknown


@dataclass(frozen=True)
class DeclaredGoods:
    """One product of a consignment as customs sees it: declared use, purchase or donation, and customs codes.

    `unsourced_hs_numbers` holds the customs codes without a source. `device_classes` maps a market to the device class and True
    if that class has a source. `end_user_type` is the kind of place that will use the goods: "" if unknown, None if
    it is the consignee of the whole consignment.
    """

    product: str
    family: str
    use: str
    acquisition_type: str
    hs_numbers: frozenset[str] = frozenset()
    unsourced_hs_numbers: frozenset[str] = frozenset()
    device_classes: Mapping[str, tuple[str, bool]] = field(default_factory=dict)
    end_user_type: str | None = None


@dataclass(frozen=True)
class Consignment:
    """Goods that cross a border together.

    Countries are ISO 3166-1 codes. `consignee` is a kind of receiver, "" if unknown.
    """

    origin: str
    destination: str
    goods: tuple[DeclaredGoods, ...]
    consignee: str
    mode: str


@dataclass(frozen=True)
class Requirement:
    """Document, step or contradiction that a rule raises for some products of a consignment.

    `is_blocking`: True if it must be satisfied before the goods move on. `doubt_reason` is the reason if it does not block.
    """

    rule: CustomsRule
    products: tuple[str, ...]
    is_blocking: bool
    source_confidence: SourceConfidence
    doubt_reason: DoubtReason
    year_last_confirmed: int | None  # the year it was last seen in force

    @property
    def document_code(self) -> str:
        """Code of the document."""
        return self.rule.document_code

    @property
    def sources(self) -> list[RatedSource]:
        """Sources of the rule with publisher and grade, official ones first."""
        return rated_sources(self.rule.source_urls)

    @property
    def is_conflict(self) -> bool:
        """True if no document can satisfy the rule, so that the consignment must change."""
        return self.rule.category == CustomsRule.Category.CONFLICT


def declared_goods(
    product: Product,
    *,
    use: str,
    acquisition_type: str,
    codes: Iterable[TariffCode],
    on: date,
    classes: Iterable[ProductClassification] = (),
    end_user_type: str | None = None,
) -> DeclaredGoods:
    """Build the goods of a consignment from a product and its rows.

    Keeps the customs codes that apply to the declared use on the day, and the device class of each market.
    """
    known = [code for code in codes if code.use in {"", use} and code.validity_on(on) is not Validity.NO]
    return DeclaredGoods(
        product.code,
        product.family,
        use,
        acquisition_type,
        frozenset(code.number for code in known),
        frozenset(code.number for code in known if code.is_unsourced("number")),
        {row.market: (row.device_class, not row.is_unsourced("device_class")) for row in classes},
        end_user_type,
    )


def requirements_of_rules(
    rules: Iterable[CustomsRule], consignment: Consignment, *, on: date
) -> list[Requirement]:
    """Return the documents and steps that the rules require of a consignment on a day.

    Each document appears once per side; a blocking rule takes precedence over a warning one. Contradictions are
    included (`is_conflict`): no document satisfies them, so the consignment must change.
    """
    wanted: dict[tuple[str, str], Requirement] = {}
    for rule in rules:
        found = _build_requirement(rule, consignment, on)
        key = (rule.side, rule.document_code)
        if found is not None and (key not in wanted or (found.is_blocking and not wanted[key].is_blocking)):
            wanted[key] = found
    return sorted(wanted.values(), key=lambda one: (one.rule.side, one.rule.position, one.rule.code))


def ended_rules(rules: Iterable[CustomsRule], consignment: Consignment, *, on: date) -> list[CustomsRule]:
    """Return the rules that would apply to this consignment but ended before a day, latest first."""
    over = [
        (rule.valid_to, rule)
        for rule in rules
        if rule.valid_to and rule.valid_to < on and _matching_products(rule, consignment)
    ]
    return [
        rule
        for _last, rule in sorted(over, key=lambda one: (-one[0].toordinal(), one[1].side, one[1].position))
    ]


def _build_requirement(rule: CustomsRule, consignment: Consignment, on: date) -> Requirement | None:
    if rule.validity_on(on) is Validity.NO:
        return None
    meant = _matching_products(rule, consignment)
    if not meant:
        return None
    source_confidence = SourceConfidence.from_row(rule, on, "effect")
    since = rule.year_last_confirmed(on)
    doubt = _doubt(rule, source_confidence, since, sure=any(meant.values()))
    if doubt is DoubtReason.UNKNOWN_GOODS_CODE and _is_end_user_unknown(rule, consignment, meant):
        doubt = DoubtReason.UNKNOWN_RECEIVER
    return Requirement(rule, tuple(meant), doubt is DoubtReason.NONE, source_confidence, doubt, since)


def _doubt(
    rule: CustomsRule, source_confidence: SourceConfidence, since: int | None, *, sure: bool
) -> DoubtReason:
    """Return the most important reason why a rule only warns, or `NONE` if it blocks."""
    if since is not None:
        return DoubtReason.UNCONFIRMED
    if rule.is_unsourced("effect"):
        return DoubtReason.NO_SOURCE
    if (
        not rule.is_reliable or reliability_reason(rule) is ReliabilityReason.NONE
    ):  # cities could keep such rules as firm before this was refused
        return DoubtReason.WEAK_SOURCE
    if not source_confidence.is_reliable:
        return DoubtReason.UNSOURCED_DATES
    if rule.effect != CustomsRule.Effect.BLOCKS:
        return DoubtReason.RULE_ONLY_WARNS
    return DoubtReason.NONE if sure else DoubtReason.UNKNOWN_GOODS_CODE


def _matching_products(rule: CustomsRule, consignment: Consignment) -> dict[str, bool]:
    """Return the products that a rule applies to, each with True if it surely applies."""
    if not _applies_to_route(rule, consignment):
        return {}
    home = consignment.destination if rule.side == CustomsRule.Side.IMPORT else consignment.origin
    meant: dict[str, bool] = {}
    for goods in consignment.goods:
        sure = _applies_to_goods(rule, goods, market_of_country(home), _end_user_of(goods, consignment))
        if sure is not None:
            meant[goods.product] = sure or meant.get(goods.product, False)
    return meant


def _applies_to_route(rule: CustomsRule, consignment: Consignment) -> bool:
    origin, destination = market_of_country(consignment.origin), market_of_country(consignment.destination)
    within = origin == destination == "EU"  # there is no customs border between its members
    return (
        not (within and "EU" in {rule.origin, rule.destination})
        and rule.origin in {"", consignment.origin, origin}
        and rule.destination in {"", consignment.destination, destination}
        and (not rule.modes or consignment.mode in rule.modes)
    )


def _end_user_of(goods: DeclaredGoods, consignment: Consignment) -> str:
    return consignment.consignee if goods.end_user_type is None else goods.end_user_type


def _is_end_user_unknown(rule: CustomsRule, consignment: Consignment, meant: Iterable[str]) -> bool:
    """Return True if a rule depends on the receiver and the receiver of such goods is unknown."""
    named = [_end_user_of(goods, consignment) for goods in consignment.goods if goods.product in set(meant)]
    return bool(rule.consignees) and "" in named


def _applies_to_goods(
    rule: CustomsRule, goods: DeclaredGoods, market: str, end_user_type: str
) -> bool | None:
    """Return True if a rule surely applies to these goods, False if it may apply, None if it does not.

    It may apply if the code, class or receiver of the goods is unknown.
    """
    named = (
        not (rule.families or rule.products)
        or goods.family in rule.families
        or goods.product in rule.products
    )
    if (
        not named
        or rule.use not in {"", goods.use}
        or rule.acquisition_type not in {"", goods.acquisition_type}
    ):
        return None
    classed = _applies_to_class(rule, goods, market)
    if (
        rule.device_classes
        and rule.category == CustomsRule.Category.CONFLICT
        and not _has_class(goods, market)
    ):
        return None  # an unknown class cannot contradict the declaration
    answers = (_applies_to_codes(rule, goods), classed, _applies_to_end_user(rule, end_user_type))
    return None if None in answers else all(answers)


def _applies_to_end_user(rule: CustomsRule, end_user_type: str) -> bool | None:
    """Return the answer of `_applies_to_goods` for the receiver alone. An unknown receiver gives False."""
    if not rule.consignees or end_user_type in rule.consignees:
        return True
    return None if end_user_type else False


def _applies_to_codes(rule: CustomsRule, goods: DeclaredGoods) -> bool | None:
    """Return the answer of `_applies_to_goods` for the customs codes alone.

    A code shorter than the rule's codes is ignored, because the full code is unknown.
    """
    if not rule.hs_numbers:
        return True
    shortest = min(len(number) for number in rule.hs_numbers)
    known = {number for number in goods.hs_numbers if len(number) >= shortest}
    if not known:
        return False
    meant = {number for number in known if number.startswith(tuple(rule.hs_numbers))}
    return bool(meant - goods.unsourced_hs_numbers) if meant else None


def _has_class(goods: DeclaredGoods, market: str) -> bool:
    return goods.device_classes.get(market, (DEVICE_CLASS_DEPENDS, False))[0] != DEVICE_CLASS_DEPENDS


def _applies_to_class(rule: CustomsRule, goods: DeclaredGoods, market: str) -> bool | None:
    """Return the answer of `_applies_to_goods` for the device class alone.

    Uses the class in the market whose customs apply the rule. A class that depends on the product's claims gives
    False.
    """
    if not rule.device_classes:
        return True
    known, sourced = goods.device_classes.get(market, (DEVICE_CLASS_DEPENDS, False))
    if known == DEVICE_CLASS_DEPENDS:
        return False
    return sourced if known in rule.device_classes else None


def strictest_end_user_type(kinds: Iterable[str]) -> str:
    """Return the kind of receiver that decides the customs rules, or "" if none is named.

    A receiver that treats patients comes before all others; otherwise the first one counts.
    """
    named = list(kinds)
    return next((kind for kind in named if is_medical_end_user(kind)), named[0] if named else "")


def is_medical_end_user(kind: str) -> bool:
    """Return True if this kind of receiver uses goods on patients. False if the receiver is unknown ("")."""
    return kind in EndUserType and EndUserType(kind).is_medical
