"""Landed cost of a piece: goods, pre-carriage, freight, insurance, duty, inspection.

Each part states its basis. An unknown part is never counted as zero: the total is then "at least". The
Incoterm decides which costs the price includes (Incoterms 2020 of the International Chamber of
Commerce, rules A9 and B9, from memory).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal
from enum import StrEnum
from typing import NamedTuple

FOUR_PLACES = Decimal("0.0001")
VOLUMETRIC_FACTOR = Decimal("0.167")  # minimum kilograms per litre by air: IATA, 167 kg per cubic metre
INSURED_FACTOR = Decimal("1.10")  # of the value, as CIF and CIP ask (Incoterms 2020, A5)


class TransportMode(StrEnum):
    """Mode of long-distance freight."""

    AIR = "air"
    SEA = "sea"


class CostBasis(StrEnum):
    """Basis of the amount of a part."""

    OFFERED = "offered"  # stated in the offer
    INCLUDED = "inside"  # included in the price by its Incoterm
    PUBLISHED = "anchor"  # a published rate with its days
    ASSUMED = "assumed"  # our own assumption, not a figure of the offer
    TARIFF = "tariff"  # a row of a customs tariff
    RELIEF = "relief"  # a duty the city need not pay
    GIFT = "gift"  # no charge
    UNKNOWN = "unknown"


class CostElement(StrEnum):
    """Elements of the landed cost, in the order in which they are paid."""

    GOODS = "goods"
    PRE_CARRIAGE = "origin"  # from the seller's premises to the carrier, with export clearance
    FREIGHT = "freight"
    INSURANCE = "insurance"
    DUTY = "duty"
    INSPECTION = "inspection"


BUYER_COLLECTS_INCOTERMS = frozenset({"EXW"})  # the buyer collects the goods and clears them for export
INCOTERMS_WITHOUT_FREIGHT = frozenset({"", "EXW", "FCA", "FAS", "FOB"})
SEA_ONLY_INCOTERMS = frozenset({"FAS", "FOB", "CFR", "CIF"})
INCLUDED_COSTS: dict[str, frozenset[CostElement]] = {
    **dict.fromkeys(INCOTERMS_WITHOUT_FREIGHT, frozenset[CostElement]()),
    **dict.fromkeys(("CFR", "CPT"), frozenset({CostElement.FREIGHT})),
    # Under the D terms the seller bears the transport risk, so the buyer insures nothing.
    **dict.fromkeys(("CIF", "CIP", "DAP", "DPU"), frozenset({CostElement.FREIGHT, CostElement.INSURANCE})),
    "DDP": frozenset({CostElement.FREIGHT, CostElement.INSURANCE, CostElement.DUTY}),
}


OUTDATED_RATE_REASONS = frozenset({"carried", "before_crisis"})  # reasons why the freight may cost more today


class FreightRate(NamedTuple):
    """A freight rate in the currency of the landed cost: by air per kilogram, by sea per pallet.

    `rate_date`: the day of the rate. `valid_until`: the last day of a rate that is no longer current.
    `is_pre_crisis`: True if that day was before the crisis.
    """

    rate: Decimal
    basis: CostBasis
    source: str = ""
    rate_date: date | None = None
    valid_until: date | None = None
    is_pre_crisis: bool = False


class CartonData(NamedTuple):
    """Content, weight and volume of a carton. `is_from_catalogue`: the figures are usual ones, not the offer's."""

    pieces: int | None = None
    kilograms: Decimal | None = None
    litres: Decimal | None = None
    cartons_per_pallet: int | None = None
    is_from_catalogue: bool = False


NO_CARTON = CartonData()


class DutyCharge(NamedTuple):
    """Customs duty in percent of the value; zero under a relief."""

    percent: Decimal
    basis: CostBasis
    source: str = ""
    tariff_date: date | None = None


@dataclass(frozen=True, kw_only=True)
class OfferTerms:
    """Known terms of one offer for one mode of freight, in one currency.

    `price` is per piece, `inspection_cost` for the whole lot.
    """

    mode: TransportMode
    currency: str
    price: Decimal | None
    incoterm: str = ""
    is_donation: bool = False
    freight: FreightRate | None = None
    carton: CartonData = NO_CARTON
    insurance_percent: Decimal | None = None
    assumed_insurance_percent: Decimal = Decimal(0)
    duty: DutyCharge | None = None
    inspection_cost: Decimal | None = None
    pieces: int = 0


class CostPart(NamedTuple):
    """One part of the landed cost of a piece.

    `note_code` is a code for what is missing or worth knowing. `is_lower_bound`: the amount is a lower bound.
    """

    name: CostElement
    amount: Decimal | None
    basis: CostBasis
    note_code: str = ""
    source: str = ""
    rate_date: date | None = None
    is_lower_bound: bool = False

    @property
    def is_final(self) -> bool:
        """True if the amount is known and final."""
        return self.amount is not None and not self.is_lower_bound


@dataclass(frozen=True)
class LandedCost:
    """Landed cost of a piece by one mode.

    `price_with_freight`: price plus freight. `ex_works_price`: price ex works, without the freight as far as that is known.
    """

    mode: TransportMode
    currency: str
    parts: Sequence[CostPart]
    price_with_freight: Decimal | None = None
    ex_works_price: Decimal | None = None

    @property
    def comparable(self) -> bool:
        """True if the price with freight may be compared with others.

        An outdated freight rate would make a price look cheap.
        """
        return not any(part.note_code in OUTDATED_RATE_REASONS for part in self.parts)

    @property
    def total(self) -> Decimal:
        """Sum of all known parts."""
        return sum((part.amount for part in self.parts if part.amount is not None), Decimal(0))

    @property
    def uncertain_parts(self) -> list[CostPart]:
        """Parts that are unknown or may cost more."""
        return [part for part in self.parts if not part.is_final]

    @property
    def complete(self) -> bool:
        """True if all parts are known; otherwise the total is "at least"."""
        return not self.uncertain_parts

    @property
    def is_priced(self) -> bool:
        """True if there is a price to add to, or the goods are a gift."""
        return self.parts[0].amount is not None


def delivery_point(incoterm: str) -> str:
    """Return the delivery point that the price covers: `origin`, `carried` (with freight) or `duty_paid`.

    Only prices of the same point are compared.
    """
    if incoterm == "DDP":
        return "duty_paid"
    return "carried" if CostElement.FREIGHT in INCLUDED_COSTS.get(incoterm, frozenset()) else "origin"


def landed_cost(terms: OfferTerms) -> LandedCost:
    """Return the landed cost of a piece by the offer's terms, part by part."""
    parts = list(_cost_parts(terms))
    carriage = _carriage_cost(terms)
    arrived = origin = None
    if terms.price is not None and not terms.is_donation:
        where = delivery_point(terms.incoterm)
        freight = next(part for part in parts if part.name is CostElement.FREIGHT)
        if where != "duty_paid" and freight.amount is not None:
            arrived = _round_to_cents(terms.price + freight.amount)
        inside = where != "origin" and carriage.amount is not None
        origin = max(Decimal(0), terms.price - (carriage.amount or 0)) if inside else terms.price
    return LandedCost(terms.mode, terms.currency, parts, arrived, origin)


def _cost_parts(terms: OfferTerms) -> Iterator[CostPart]:
    goods = _goods_cost(terms)
    freight = _freight_cost(terms)
    insurance = _insurance_cost(terms, goods, freight)
    yield goods
    yield _pre_carriage_cost(terms)
    yield freight
    yield insurance
    yield _duty_cost(terms, (goods, freight, insurance))
    yield _inspection_cost(terms)


def _goods_cost(terms: OfferTerms) -> CostPart:
    if terms.is_donation:
        return CostPart(CostElement.GOODS, Decimal(0), CostBasis.GIFT)
    if terms.price is None:
        return CostPart(CostElement.GOODS, None, CostBasis.UNKNOWN, "no_price")
    strange = "" if terms.incoterm in INCLUDED_COSTS and terms.incoterm else "no_incoterm"
    return CostPart(CostElement.GOODS, terms.price, CostBasis.OFFERED, strange)


def _pre_carriage_cost(terms: OfferTerms) -> CostPart:
    if terms.incoterm in BUYER_COLLECTS_INCOTERMS:
        return CostPart(CostElement.PRE_CARRIAGE, None, CostBasis.UNKNOWN, "no_origin")
    if not terms.incoterm or terms.incoterm not in INCLUDED_COSTS:
        return CostPart(CostElement.PRE_CARRIAGE, None, CostBasis.UNKNOWN, "no_term")
    return CostPart(CostElement.PRE_CARRIAGE, Decimal(0), CostBasis.INCLUDED)


def _is_included(terms: OfferTerms, name: CostElement) -> bool:
    return name in INCLUDED_COSTS.get(terms.incoterm, frozenset())


def _freight_cost(terms: OfferTerms) -> CostPart:
    if not _is_included(terms, CostElement.FREIGHT):
        return _carriage_cost(terms)
    if terms.mode is TransportMode.AIR and terms.incoterm in SEA_ONLY_INCOTERMS:
        return CostPart(CostElement.FREIGHT, None, CostBasis.UNKNOWN, "by_sea")
    return CostPart(CostElement.FREIGHT, Decimal(0), CostBasis.INCLUDED)


def _carriage_cost(terms: OfferTerms) -> CostPart:
    """Return the freight of a piece by the known rate, regardless of who pays it."""
    freight, carton = terms.freight, terms.carton
    if freight is None:
        return CostPart(CostElement.FREIGHT, None, CostBasis.UNKNOWN, "no_freight")
    source, day, old = (
        freight.source,
        freight.valid_until or freight.rate_date,
        freight.valid_until is not None,
    )
    why = "before_crisis" if freight.is_pre_crisis else "carried" if old else ""
    if terms.mode is TransportMode.SEA:
        if not carton.pieces or not carton.cartons_per_pallet:
            return CostPart(CostElement.FREIGHT, None, CostBasis.UNKNOWN, "no_pallet")
        amount = freight.rate / (carton.pieces * carton.cartons_per_pallet)
        return CostPart(
            CostElement.FREIGHT, _round_to_cents(amount), freight.basis, why, source, day, is_lower_bound=old
        )
    weight = chargeable_weight(carton)
    if not carton.pieces or weight is None:
        return CostPart(CostElement.FREIGHT, None, CostBasis.UNKNOWN, "no_carton")
    unsure = not carton.is_from_catalogue and (carton.litres is None or carton.kilograms is None)
    why = why or ("catalogue_carton" if carton.is_from_catalogue else "half_carton" if unsure else "")
    amount = freight.rate * weight / carton.pieces
    return CostPart(
        CostElement.FREIGHT,
        _round_to_cents(amount),
        freight.basis,
        why,
        source,
        day,
        is_lower_bound=unsure or old,
    )


def chargeable_weight(carton: CartonData) -> Decimal | None:
    """Return the chargeable weight of a carton by air, in kilograms.

    It is the weight, or the volume at 167 kg per cubic metre if that is more (IATA).
    """
    known = [carton.kilograms, carton.litres * VOLUMETRIC_FACTOR if carton.litres is not None else None]
    return max((weight for weight in known if weight is not None), default=None)


def _insurance_cost(terms: OfferTerms, goods: CostPart, freight: CostPart) -> CostPart:
    if _is_included(terms, CostElement.INSURANCE) and freight.basis is CostBasis.INCLUDED:
        return CostPart(CostElement.INSURANCE, Decimal(0), CostBasis.INCLUDED)
    if goods.amount is None or terms.is_donation:
        return CostPart(CostElement.INSURANCE, None, CostBasis.UNKNOWN, "no_value")
    percent, basis = terms.insurance_percent, CostBasis.OFFERED
    if percent is None:
        percent, basis = terms.assumed_insurance_percent, CostBasis.ASSUMED
    value = goods.amount + (freight.amount or 0)
    amount = _round_to_cents(value * INSURED_FACTOR * percent / 100)
    return CostPart(CostElement.INSURANCE, amount, basis, is_lower_bound=not freight.is_final)


def _duty_cost(terms: OfferTerms, value: Sequence[CostPart]) -> CostPart:
    """Return the duty on goods, freight and insurance, as in Japan, the only country with known rates."""
    if _is_included(terms, CostElement.DUTY):
        return CostPart(CostElement.DUTY, Decimal(0), CostBasis.INCLUDED)
    duty = terms.duty
    if duty is None:
        return CostPart(CostElement.DUTY, None, CostBasis.UNKNOWN, "no_tariff")
    if not duty.percent:
        return CostPart(CostElement.DUTY, Decimal(0), duty.basis, "", duty.source, duty.tariff_date)
    if terms.is_donation or value[0].amount is None:
        return CostPart(CostElement.DUTY, None, CostBasis.UNKNOWN, "no_value")
    amount = sum((part.amount or Decimal(0) for part in value), Decimal(0)) * duty.percent / 100
    least = any(not part.is_final for part in value)
    return CostPart(
        CostElement.DUTY, _round_to_cents(amount), duty.basis, "", duty.source, duty.tariff_date, least
    )


def _inspection_cost(terms: OfferTerms) -> CostPart:
    if terms.inspection_cost is None:
        return CostPart(CostElement.INSPECTION, None, CostBasis.UNKNOWN, "no_inspection")
    if not terms.pieces:
        return CostPart(CostElement.INSPECTION, None, CostBasis.UNKNOWN, "no_pieces")
    return CostPart(
        CostElement.INSPECTION, _round_to_cents(terms.inspection_cost / terms.pieces), CostBasis.OFFERED
    )


def _round_to_cents(amount: Decimal) -> Decimal:
    return amount.quantize(FOUR_PLACES, ROUND_HALF_EVEN)
