"""Queries for a landed cost: offer, freight rates, tariffs, reliefs, entered exchange rates."""

from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from typing import Any, NamedTuple

from django.conf import settings
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Q

from partners.cities.models import City
from procurement.catalogue.models.customs import DutyRelief
from procurement.catalogue.models.prices import DutyRate, PublishedFreightRate
from procurement.catalogue.models.products import TariffCode
from procurement.catalogue.models.reference_rows import (
    AcquisitionType,
    EndUserType,
    Validity,
    market_of_country,
)
from procurement.catalogue.rules.duty_reliefs import applicable_reliefs
from procurement.catalogue.rules.prices import CRISIS_START
from procurement.leads import currency_conversion
from procurement.leads.currency_conversion import Rate
from procurement.leads.models.exchange_rates import ManualRate
from procurement.leads.models.leads import SupplierLead
from procurement.leads.queries.origins import origin_of_lead
from procurement.leads.rules.landed_cost import (
    SEA_ONLY_INCOTERMS,
    CartonData,
    CostBasis,
    DutyCharge,
    FreightRate,
    LandedCost,
    OfferTerms,
    TransportMode,
    landed_cost,
)
from workflow.errors import Refused

MAX_RATE_AGE_DAYS = 365  # days for which an outdated freight rate is still used; pages always show its dates
MAX_SOURCE_LENGTH = 600


class LazyRates:
    """The exchange rates a city entered, read only when an amount in another currency needs them."""

    def __init__(self, city: City) -> None:
        self.city = city

    @cached_property
    def entered_rates(self) -> tuple[Rate, ...]:
        """Rates that the city entered and uses, read once."""
        return manual_rates(self.city)


class MoneyContext(NamedTuple):
    """Target currency of amounts, the day of conversion, and the rates the city entered."""

    currency: str
    conversion_date: date
    rates: LazyRates | None = None

    def convert(self, amount: Decimal | None, currency: str) -> Decimal | None:
        """Return the amount, given in this currency, in the target currency; None without an amount or a rate."""
        if amount is None or not currency:
            return None
        if currency == self.currency:
            return amount
        known = self.rates.entered_rates if self.rates else ()
        try:
            return currency_conversion.convert(
                amount, currency, self.currency, self.conversion_date, known
            ).amount
        except Refused:
            return None


def manual_rates(city: City) -> tuple[Rate, ...]:
    """Return the rates that a city entered and uses."""
    rows = ManualRate.objects.filter(city=city, status=ManualRate.Status.ACTIVE).order_by("on", "pk")
    return tuple(Rate(row.currency, row.into, row.rate, row.on, row.source) for row in rows)


def landed_cost_of(lead: SupplierLead, mode: TransportMode, at: datetime, currency: str = "") -> LandedCost:
    """Return the landed cost of a piece by one mode, in the city's currency or another one."""
    return landed_costs_by_mode(lead, at, currency)[mode]


def landed_costs_by_mode(
    lead: SupplierLead, at: datetime, currency: str = "", rates: LazyRates | None = None
) -> dict[TransportMode, LandedCost]:
    """Return the landed cost by each mode."""
    on = lead.city.day_at(at)
    into = MoneyContext(currency or lead.city.currency, lead.rate_on or on, rates or LazyRates(lead.city))
    duty, anchors = _duty_charge(lead, on), _published_freight(lead, on)
    return {
        mode: landed_cost(_offer_terms(lead, mode, into, duty, anchors.get(mode), on))
        for mode in TransportMode
    }


def usual_mode(lead: SupplierLead) -> TransportMode:
    """Return the mode used to compare the offer's price: sea for sea terms or sea figures only, else air."""
    by_air = lead.air_days is not None or lead.air_freight is not None
    by_sea = lead.sea_days is not None or lead.sea_freight is not None
    return (
        TransportMode.SEA
        if lead.incoterm.upper() in SEA_ONLY_INCOTERMS - {"FOB"} or (by_sea and not by_air)
        else TransportMode.AIR
    )


def stored_landed_cost(lead: SupplierLead, at: datetime, rates: LazyRates | None = None) -> dict[str, Any]:
    """Return the landed cost as JSON to store on the offer. Amounts are text.

    Lists, comparisons and API clients read it without computing it again.
    """
    costs_by_mode = landed_costs_by_mode(lead, at, rates=rates)
    used = costs_by_mode[usual_mode(lead)]
    if not any(cost.is_priced for cost in costs_by_mode.values()):
        return {}
    return {
        "on": lead.city.day_at(at).isoformat(),
        "currency": used.currency,
        "mode": used.mode.value,
        "arrived": _amount_text(used.price_with_freight),
        "comparable": used.comparable,
        "origin": _amount_text(used.ex_works_price),
        "by": {mode.value: _cost_as_json(cost) for mode, cost in costs_by_mode.items()},
    }


def _cost_as_json(cost: LandedCost) -> dict[str, Any]:
    parts = [
        {
            "name": part.name.value,
            "amount": _amount_text(part.amount),
            "basis": part.basis.value,
            "why": part.note_code,
            "source": part.source,
            "day": part.rate_date.isoformat() if part.rate_date else None,
            "least": part.is_lower_bound,
        }
        for part in cost.parts
    ]
    return {"total": _amount_text(cost.total), "complete": cost.complete, "parts": parts}


def _amount_text(amount: Decimal | None) -> str | None:
    return None if amount is None else f"{amount:.4f}"


def _offer_terms(
    lead: SupplierLead,
    mode: TransportMode,
    into: MoneyContext,
    duty: DutyCharge | None,
    anchor: PublishedFreightRate | None,
    on: date,
) -> OfferTerms:
    price = lead.price_in_city_currency
    if into.currency != lead.city.currency:
        price = into.convert(lead.unit_price, lead.currency)
    return OfferTerms(
        mode=mode,
        currency=into.currency,
        price=price,
        is_donation=lead.kind == SupplierLead.Kind.DONATION,
        incoterm=lead.incoterm.upper(),
        freight=_freight_rate(lead, mode, into, anchor, on),
        carton=_carton_data(lead),
        insurance_percent=lead.insurance_percent,
        assumed_insurance_percent=settings.ASSUMED_INSURANCE_PERCENT,
        duty=duty,
        inspection_cost=into.convert(lead.inspection_cost, lead.currency),
        pieces=_inspected_pieces(lead),
    )


def _inspected_pieces(lead: SupplierLead) -> int:
    """Return the pieces that share the cost of an inspection: the line's quantity, at most the supply."""
    return min(lead.line.quantity, lead.supply) if lead.line else lead.supply


def _carton_data(lead: SupplierLead) -> CartonData:
    """Return the offer's carton, or the catalogue's usual one if no weight or volume is given."""
    if lead.carton_kg is None and lead.carton_litres is None and lead.product.units_per_carton:
        product = lead.product
        return CartonData(
            product.units_per_carton, product.carton_kg, None, lead.pallet_cartons, is_from_catalogue=True
        )
    return CartonData(lead.carton_pieces, lead.carton_kg, lead.carton_litres, lead.pallet_cartons)


def _published_freight(lead: SupplierLead, on: date) -> dict[str, PublishedFreightRate]:
    """Return the printed freight rate for the offer's route on a day, by mode. One query."""
    printed = Q(mode=TransportMode.AIR, per=PublishedFreightRate.RateUnit.KILOGRAM) | Q(
        mode=TransportMode.SEA, per=PublishedFreightRate.RateUnit.PALLET
    )
    origin = origin_of_lead(lead)
    routes = origin.foreign_origins(lead.city.country)
    known = PublishedFreightRate.objects.to_country(lead.city.country).filter(
        printed, origin=routes[0][0] if routes else origin.country, valid_from__lte=on
    )
    last: dict[str, PublishedFreightRate] = {}
    for row in known:
        last.setdefault(row.mode, row)
    return last


def _freight_rate(
    lead: SupplierLead, mode: TransportMode, into: MoneyContext, last: PublishedFreightRate | None, on: date
) -> FreightRate | None:
    own = into.convert(lead.air_freight if mode is TransportMode.AIR else lead.sea_freight, lead.currency)
    if own is not None:
        return FreightRate(own, CostBasis.OFFERED)
    if last is None or last.valid_to is None or (on - last.valid_to).days > MAX_RATE_AGE_DAYS:
        return None
    rate = into.convert(last.amount, last.currency)
    if rate is None:
        return None
    source = " ".join(last.source_urls)[:MAX_SOURCE_LENGTH]
    until = last.valid_to if last.valid_to < on else None
    normal = last.valid_to < CRISIS_START <= on
    return FreightRate(rate, CostBasis.PUBLISHED, source, last.valid_from, until, normal)


def _duty_charge(lead: SupplierLead, on: date) -> DutyCharge | None:
    """Return zero duty under a relief that surely applies, else the tariff rate, or None if none is known."""
    relief = next((row for row in _open_reliefs(lead, on) if row.validity_on(on) is Validity.YES), None)
    if relief is not None:
        return DutyCharge(Decimal(0), CostBasis.RELIEF, f"{relief.code}: {relief.basis}", relief.valid_from)
    rates = DutyRate.objects.for_import(lead.city.country, lead.product, on)
    rate = next((row for row in rates if row.validity_on(on) is Validity.YES), None)
    if rate is None:
        return None
    return DutyCharge(
        rate.percent, CostBasis.TARIFF, " ".join(rate.source_urls)[:MAX_SOURCE_LENGTH], rate.valid_from
    )


def _open_reliefs(lead: SupplierLead, on: date) -> list[DutyRelief]:
    """Return the duty reliefs open to every receiver of the goods, for a purchase or a gift.

    If the need names no receivers, the municipality counts as the receiver.
    """
    kinds = lead.line.supply_request.facility_kinds if lead.line is not None else ()
    acquisition_type = (
        AcquisitionType.DONATION if lead.kind == SupplierLead.Kind.DONATION else AcquisitionType.PURCHASE
    )
    country = lead.city.country
    rows = DutyRelief.objects.possibly_in_force(on).filter(
        country__in={country, market_of_country(country)}, relieves_duty=True
    )
    codes = TariffCode.objects.filter(product=lead.product_id, scheme="CA8").order_by("pk").values("number")
    known: list[Any] = list(rows.annotate(goods=ArraySubquery(codes)).order_by("code"))
    numbers: list[str] = known[0].goods if known else []  # those of the product: the same beside each relief
    return applicable_reliefs(
        known,
        destination=country,
        acquisition_type=acquisition_type,
        importers=kinds or [EndUserType.MUNICIPALITY],
        numbers=numbers,
        on=on,
    )
