"""Reading what a price landed is made of: the offer's figures, printed freight rates, tariffs, reliefs, the rates a city entered."""

from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from typing import Any, NamedTuple

from django.conf import settings
from django.db.models import Q

from partners.models.cities import City
from procurement.catalogue.models.customs import DutyRelief
from procurement.catalogue.models.facts import Dealing, Holds, Receiver, market_of
from procurement.catalogue.models.prices import DutyRate, FreightAnchor
from procurement.catalogue.rules.prices import CRISIS_BEGAN
from procurement.catalogue.rules.reliefs import reliefs_for
from procurement.leads import money
from procurement.leads.gathering.origins import origin_of
from procurement.leads.models.offer import SupplierLead
from procurement.leads.models.rate import EnteredRate
from procurement.leads.money import Rate
from procurement.leads.rules.landed import (
    SEA_ONLY,
    Basis,
    Carton,
    Duty,
    Freight,
    LandedCost,
    Mode,
    Terms,
    landed_cost,
)
from workflow.errors import Refused

OLDEST_ANCHOR = 365  # days a printed freight rate is carried on; its days are always shown
LONGEST_SOURCE = 600


class Rates:
    """The rates a city entered, read when the first amount in another currency asks for them."""

    def __init__(self, city: City) -> None:
        self.city = city

    @cached_property
    def known(self) -> tuple[Rate, ...]:
        """Those in use."""
        return entered(self.city)


class Money(NamedTuple):
    """The currency amounts are told in, the day they are converted on, and the rates a city entered for it."""

    currency: str
    on: date
    rates: Rates | None = None

    def of(self, amount: Decimal | None, currency: str) -> Decimal | None:
        """The amount in this currency; None without an amount or a rate."""
        if amount is None or not currency:
            return None
        if currency == self.currency:
            return amount
        known = self.rates.known if self.rates else ()
        try:
            return money.convert(amount, currency, self.currency, self.on, known).amount
        except Refused:
            return None


def entered(city: City) -> tuple[Rate, ...]:
    """The rates a city entered and has in use."""
    rows = EnteredRate.objects.filter(city=city, status=EnteredRate.Status.ENTERED).order_by("on", "pk")
    return tuple(Rate(row.currency, row.into, row.rate, row.on, row.source) for row in rows)


def landed_cost_of(lead: SupplierLead, mode: Mode, at: datetime, currency: str = "") -> LandedCost:
    """The price of a piece of an offer landed by a mode, as of a moment, in the city's currency or another."""
    return both(lead, at, currency)[mode]


def both(
    lead: SupplierLead, at: datetime, currency: str = "", rates: Rates | None = None
) -> dict[Mode, LandedCost]:
    """The price landed by each mode."""
    on = lead.city.day_at(at)
    into = Money(currency or lead.city.currency, lead.rate_on or on, rates or Rates(lead.city))
    duty, anchors = _duty(lead, on), _anchors(lead, on)
    return {mode: landed_cost(_terms(lead, mode, into, duty, anchors.get(mode), on)) for mode in Mode}


def usual_mode(lead: SupplierLead) -> Mode:
    """By which mode an offer's price is held against others: by sea where only that is spoken of, else by air."""
    by_air = lead.air_days is not None or lead.air_freight is not None
    by_sea = lead.sea_days is not None or lead.sea_freight is not None
    return Mode.SEA if lead.incoterm.upper() in SEA_ONLY - {"FOB"} or (by_sea and not by_air) else Mode.AIR


def stored(lead: SupplierLead, at: datetime, rates: Rates | None = None) -> dict[str, Any]:
    """What an offer keeps of its price landed: lists, comparisons and programs read it without reckoning. Amounts as text."""
    ways = both(lead, at, rates=rates)
    used = ways[usual_mode(lead)]
    if not any(way.priced for way in ways.values()):
        return {}
    return {
        "on": lead.city.day_at(at).isoformat(),
        "currency": used.currency,
        "mode": used.mode.value,
        "arrived": _text(used.arrived),
        "comparable": used.comparable,
        "origin": _text(used.origin),
        "by": {mode.value: _way(way) for mode, way in ways.items()},
    }


def _way(way: LandedCost) -> dict[str, Any]:
    parts = [
        {
            "name": part.name.value,
            "amount": _text(part.amount),
            "basis": part.basis.value,
            "why": part.why,
            "source": part.source,
            "day": part.day.isoformat() if part.day else None,
            "least": part.least,
        }
        for part in way.parts
    ]
    return {"total": _text(way.total), "whole": way.whole, "parts": parts}


def _text(amount: Decimal | None) -> str | None:
    return None if amount is None else f"{amount:.4f}"


def _terms(
    lead: SupplierLead, mode: Mode, into: Money, duty: Duty | None, anchor: FreightAnchor | None, on: date
) -> Terms:
    price = lead.price_here
    if into.currency != lead.city.currency:
        price = into.of(lead.unit_price, lead.currency)
    return Terms(
        mode=mode,
        currency=into.currency,
        price=price,
        gift=lead.kind == SupplierLead.Kind.DONATION,
        incoterm=lead.incoterm.upper(),
        freight=_freight(lead, mode, into, anchor, on),
        carton=_carton(lead),
        insurance_percent=lead.insurance_percent,
        assumed_percent=settings.ASSUMED_INSURANCE_PERCENT,
        duty=duty,
        inspection=into.of(lead.inspection_cost, lead.currency),
        pieces=_pieces(lead),
    )


def _pieces(lead: SupplierLead) -> int:
    """Over how many pieces the cost of an inspection is spread: what the need asks for, as far as there are so many."""
    return min(lead.line.quantity, lead.supply) if lead.line else lead.supply


def _carton(lead: SupplierLead) -> Carton:
    """The offer's own carton; where it says nothing of the weight, that of the goods in general."""
    if lead.carton_kg is None and lead.carton_litres is None and lead.product.units_per_carton:
        product = lead.product
        return Carton(product.units_per_carton, product.carton_kg, None, lead.pallet_cartons, catalogue=True)
    return Carton(lead.carton_pieces, lead.carton_kg, lead.carton_litres, lead.pallet_cartons)


def _anchors(lead: SupplierLead, on: date) -> dict[str, FreightAnchor]:
    """The printed freight rate that counts for an offer on a day, of each mode that has one. One query."""
    printed = Q(mode=Mode.AIR, per=FreightAnchor.Per.KILOGRAM) | Q(
        mode=Mode.SEA, per=FreightAnchor.Per.PALLET
    )
    origin = origin_of(lead)
    routes = origin.routes(lead.city.country)
    known = FreightAnchor.objects.towards(lead.city.country).filter(
        printed, origin=routes[0][0] if routes else origin.country, valid_from__lte=on
    )
    last: dict[str, FreightAnchor] = {}
    for row in known:
        last.setdefault(row.mode, row)
    return last


def _freight(
    lead: SupplierLead, mode: Mode, into: Money, last: FreightAnchor | None, on: date
) -> Freight | None:
    own = into.of(lead.air_freight if mode is Mode.AIR else lead.sea_freight, lead.currency)
    if own is not None:
        return Freight(own, Basis.OFFERED)
    if last is None or last.valid_to is None or (on - last.valid_to).days > OLDEST_ANCHOR:
        return None
    rate = into.of(last.amount, last.currency)
    if rate is None:
        return None
    source = " ".join(last.source_urls)[:LONGEST_SOURCE]
    until = last.valid_to if last.valid_to < on else None
    normal = last.valid_to < CRISIS_BEGAN <= on
    return Freight(rate, Basis.ANCHOR, source, last.valid_from, until, normal)


def _duty(lead: SupplierLead, on: date) -> Duty | None:
    """A relief that surely holds for a city's purchase or gift, else the tariff's rate where a row has it, else unknown."""
    relief = next((row for row in _reliefs(lead, on) if row.holds_on(on) is Holds.YES), None)
    if relief is not None:
        return Duty(Decimal(0), Basis.RELIEF, f"{relief.code}: {relief.basis}", relief.valid_from)
    rates = DutyRate.objects.into(lead.city.country, lead.product, on)
    rate = next((row for row in rates if row.holds_on(on) is Holds.YES), None)
    if rate is None:
        return None
    return Duty(rate.percent, Basis.TARIFF, " ".join(rate.source_urls)[:LONGEST_SOURCE], rate.valid_from)


def _reliefs(lead: SupplierLead, on: date) -> list[DutyRelief]:
    """The reliefs from duty that every receiver may use for goods bought or given; where none is named, that is the municipality."""
    kinds = lead.line.supply_request.facility_kinds if lead.line is not None else ()
    dealing = Dealing.DONATION if lead.kind == SupplierLead.Kind.DONATION else Dealing.PURCHASE
    country = lead.city.country
    rows = DutyRelief.objects.possible_on(on).filter(
        country__in={country, market_of(country)}, relieves_duty=True
    )
    numbers = [code.number for code in lead.product.tariff_codes.filter(scheme="CA8").order_by("pk")]
    return reliefs_for(
        rows.order_by("code"),
        destination=country,
        dealing=dealing,
        importers=kinds or [Receiver.MUNICIPALITY],
        numbers=numbers,
        on=on,
    )
