"""What a piece costs landed: goods, way to the port, freight, insurance, duty, inspection. Pure: values in, parts out.

Every part says what it rests on, and a part that nobody knows is unknown, never nothing: the total is then "at least". Which costs are
inside a price is told by its Incoterm (Incoterms 2020 of the International Chamber of Commerce, rules A9 and B9, as remembered).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal
from enum import StrEnum
from typing import NamedTuple

FOUR_PLACES = Decimal("0.0001")
VOLUMETRIC = Decimal("0.167")  # kilograms a litre weighs at least by air: IATA, 167 kg a cubic metre
INSURED = Decimal("1.10")  # of the value, as CIF and CIP ask (Incoterms 2020, A5)


class Mode(StrEnum):
    """How goods are carried over the long way."""

    AIR = "air"
    SEA = "sea"


class Basis(StrEnum):
    """What the amount of a part rests on."""

    OFFERED = "offered"  # the offer says so
    INSIDE = "inside"  # the price has it, by its Incoterm
    ANCHOR = "anchor"  # a rate somebody printed, with its days
    ASSUMED = "assumed"  # a value of this office, no figure of the offer
    TARIFF = "tariff"  # a row of a customs tariff
    RELIEF = "relief"  # a duty the city need not pay
    GIFT = "gift"  # nothing is asked for it
    UNKNOWN = "unknown"


class Name(StrEnum):
    """The parts, in the order they are paid."""

    GOODS = "goods"
    ORIGIN = "origin"  # from the door to the carrier, and export clearance
    FREIGHT = "freight"
    INSURANCE = "insurance"
    DUTY = "duty"
    INSPECTION = "inspection"


BY_BUYER = frozenset({"EXW"})  # who buys so fetches the goods and clears them for export
NO_FREIGHT = frozenset({"", "EXW", "FCA", "FAS", "FOB"})
SEA_ONLY = frozenset({"FAS", "FOB", "CFR", "CIF"})
INSIDE: dict[str, frozenset[Name]] = {
    **dict.fromkeys(NO_FREIGHT, frozenset[Name]()),
    **dict.fromkeys(("CFR", "CPT"), frozenset({Name.FREIGHT})),
    # Under the D terms the seller bears the risk of the way: there is nothing for the buyer to insure.
    **dict.fromkeys(("CIF", "CIP", "DAP", "DPU"), frozenset({Name.FREIGHT, Name.INSURANCE})),
    "DDP": frozenset({Name.FREIGHT, Name.INSURANCE, Name.DUTY}),
}


OLD_RATE = frozenset({"carried", "before_crisis"})  # why a freight may be more by now


class Freight(NamedTuple):
    """A freight rate in the reader's currency: by air a kilogram, by sea a pallet. `until` where it is of days gone by, `normal` where
    those were before the crisis, and the day is in it.
    """

    rate: Decimal
    basis: Basis
    source: str = ""
    day: date | None = None
    until: date | None = None
    normal: bool = False


class Carton(NamedTuple):
    """What a carton holds and weighs; `catalogue` where not the offer but the goods in general say so."""

    pieces: int | None = None
    kilograms: Decimal | None = None
    litres: Decimal | None = None
    on_pallet: int | None = None
    catalogue: bool = False


NO_CARTON = Carton()


class Duty(NamedTuple):
    """What customs asks of the value, in per cent; nothing where a relief holds."""

    percent: Decimal
    basis: Basis
    source: str = ""
    day: date | None = None


@dataclass(frozen=True, kw_only=True)
class Terms:
    """What is known of one offer by one mode. Amounts in one currency; the price is of a piece, the inspection of the whole lot."""

    mode: Mode
    currency: str
    price: Decimal | None
    incoterm: str = ""
    gift: bool = False
    freight: Freight | None = None
    carton: Carton = NO_CARTON
    insurance_percent: Decimal | None = None
    assumed_percent: Decimal = Decimal(0)
    duty: Duty | None = None
    inspection: Decimal | None = None
    pieces: int = 0


class Part(NamedTuple):
    """One part of the price of a piece. `why` is a code: what is missing, or what to know about it. `least`: it may be more."""

    name: Name
    amount: Decimal | None
    basis: Basis
    why: str = ""
    source: str = ""
    day: date | None = None
    least: bool = False

    @property
    def known(self) -> bool:
        """Whether nothing of this part is open."""
        return self.amount is not None and not self.least


@dataclass(frozen=True)
class LandedCost:
    """The price of a piece landed by a mode. `arrived`: goods and freight; `origin`: at the door, without what freight is known."""

    mode: Mode
    currency: str
    parts: Sequence[Part]
    arrived: Decimal | None = None
    origin: Decimal | None = None

    @property
    def comparable(self) -> bool:
        """Whether prices with this freight may be held against others: not where a rate of days gone by makes one look cheap."""
        return not any(part.why in OLD_RATE for part in self.parts)

    @property
    def total(self) -> Decimal:
        """What is known of it, added up."""
        return sum((part.amount for part in self.parts if part.amount is not None), Decimal(0))

    @property
    def open(self) -> list[Part]:
        """The parts that are unknown or may be more."""
        return [part for part in self.parts if not part.known]

    @property
    def whole(self) -> bool:
        """Whether nothing is open; else the total is "at least"."""
        return not self.open

    @property
    def priced(self) -> bool:
        """Whether there is a price to add to, or a gift that asks none."""
        return self.parts[0].amount is not None


def point(incoterm: str) -> str:
    """Up to where a price goes: `origin`, `carried` (with the freight) or `duty_paid`. Only prices of one point are held together."""
    if incoterm == "DDP":
        return "duty_paid"
    return "carried" if Name.FREIGHT in INSIDE.get(incoterm, frozenset()) else "origin"


def landed_cost(terms: Terms) -> LandedCost:
    """What a piece costs by the offer's terms, part by part."""
    parts = list(_parts(terms))
    way = _carriage(terms)
    arrived = origin = None
    if terms.price is not None and not terms.gift:
        where = point(terms.incoterm)
        freight = next(part for part in parts if part.name is Name.FREIGHT)
        if where != "duty_paid" and freight.amount is not None:
            arrived = _cents(terms.price + freight.amount)
        inside = where != "origin" and way.amount is not None
        origin = max(Decimal(0), terms.price - (way.amount or 0)) if inside else terms.price
    return LandedCost(terms.mode, terms.currency, parts, arrived, origin)


def _parts(terms: Terms) -> Iterator[Part]:
    goods = _goods(terms)
    freight = _freight(terms)
    insurance = _insurance(terms, goods, freight)
    yield goods
    yield _to_carrier(terms)
    yield freight
    yield insurance
    yield _duty(terms, (goods, freight, insurance))
    yield _inspection(terms)


def _goods(terms: Terms) -> Part:
    if terms.gift:
        return Part(Name.GOODS, Decimal(0), Basis.GIFT)
    if terms.price is None:
        return Part(Name.GOODS, None, Basis.UNKNOWN, "no_price")
    strange = "" if terms.incoterm in INSIDE and terms.incoterm else "no_incoterm"
    return Part(Name.GOODS, terms.price, Basis.OFFERED, strange)


def _to_carrier(terms: Terms) -> Part:
    if terms.incoterm in BY_BUYER:
        return Part(Name.ORIGIN, None, Basis.UNKNOWN, "no_origin")
    if not terms.incoterm or terms.incoterm not in INSIDE:
        return Part(Name.ORIGIN, None, Basis.UNKNOWN, "no_term")
    return Part(Name.ORIGIN, Decimal(0), Basis.INSIDE)


def _inside(terms: Terms, name: Name) -> bool:
    return name in INSIDE.get(terms.incoterm, frozenset())


def _freight(terms: Terms) -> Part:
    if not _inside(terms, Name.FREIGHT):
        return _carriage(terms)
    if terms.mode is Mode.AIR and terms.incoterm in SEA_ONLY:
        return Part(Name.FREIGHT, None, Basis.UNKNOWN, "by_sea")
    return Part(Name.FREIGHT, Decimal(0), Basis.INSIDE)


def _carriage(terms: Terms) -> Part:
    """What carrying a piece costs by the rate that is known, whoever pays it."""
    freight, carton = terms.freight, terms.carton
    if freight is None:
        return Part(Name.FREIGHT, None, Basis.UNKNOWN, "no_freight")
    source, day, old = freight.source, freight.until or freight.day, freight.until is not None
    why = "before_crisis" if freight.normal else "carried" if old else ""
    if terms.mode is Mode.SEA:
        if not carton.pieces or not carton.on_pallet:
            return Part(Name.FREIGHT, None, Basis.UNKNOWN, "no_pallet")
        amount = freight.rate / (carton.pieces * carton.on_pallet)
        return Part(Name.FREIGHT, _cents(amount), freight.basis, why, source, day, least=old)
    weight = chargeable(carton)
    if not carton.pieces or weight is None:
        return Part(Name.FREIGHT, None, Basis.UNKNOWN, "no_carton")
    unsure = not carton.catalogue and (carton.litres is None or carton.kilograms is None)
    why = why or ("catalogue_carton" if carton.catalogue else "half_carton" if unsure else "")
    amount = freight.rate * weight / carton.pieces
    return Part(Name.FREIGHT, _cents(amount), freight.basis, why, source, day, least=unsure or old)


def chargeable(carton: Carton) -> Decimal | None:
    """The kilograms a carton is charged for by air: its weight, or its volume at 167 kg a cubic metre where that is more (IATA)."""
    known = [carton.kilograms, carton.litres * VOLUMETRIC if carton.litres is not None else None]
    return max((weight for weight in known if weight is not None), default=None)


def _insurance(terms: Terms, goods: Part, freight: Part) -> Part:
    if _inside(terms, Name.INSURANCE) and freight.basis is Basis.INSIDE:
        return Part(Name.INSURANCE, Decimal(0), Basis.INSIDE)
    if goods.amount is None or terms.gift:
        return Part(Name.INSURANCE, None, Basis.UNKNOWN, "no_value")
    percent, basis = terms.insurance_percent, Basis.OFFERED
    if percent is None:
        percent, basis = terms.assumed_percent, Basis.ASSUMED
    value = goods.amount + (freight.amount or 0)
    amount = _cents(value * INSURED * percent / 100)
    return Part(Name.INSURANCE, amount, basis, least=not freight.known)


def _duty(terms: Terms, value: Sequence[Part]) -> Part:
    """Of goods, freight and insurance, as Japan reckons: the only country whose rates are known."""
    if _inside(terms, Name.DUTY):
        return Part(Name.DUTY, Decimal(0), Basis.INSIDE)
    duty = terms.duty
    if duty is None:
        return Part(Name.DUTY, None, Basis.UNKNOWN, "no_tariff")
    if not duty.percent:
        return Part(Name.DUTY, Decimal(0), duty.basis, "", duty.source, duty.day)
    if terms.gift or value[0].amount is None:
        return Part(Name.DUTY, None, Basis.UNKNOWN, "no_value")
    amount = sum((part.amount or Decimal(0) for part in value), Decimal(0)) * duty.percent / 100
    least = any(not part.known for part in value)
    return Part(Name.DUTY, _cents(amount), duty.basis, "", duty.source, duty.day, least)


def _inspection(terms: Terms) -> Part:
    if terms.inspection is None:
        return Part(Name.INSPECTION, None, Basis.UNKNOWN, "no_inspection")
    if not terms.pieces:
        return Part(Name.INSPECTION, None, Basis.UNKNOWN, "no_pieces")
    return Part(Name.INSPECTION, _cents(terms.inspection / terms.pieces), Basis.OFFERED)


def _cents(amount: Decimal) -> Decimal:
    return amount.quantize(FOUR_PLACES, ROUND_HALF_EVEN)
