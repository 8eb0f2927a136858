"""Facts of an offer and of a need line that decide whether the offer may serve the line, as figures.

Days are date ordinals; prices are those of a piece in the currency of the city.
"""

from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple

from procurement.allocations.plans.obstacles import NO_DEADLINE_DAY
from procurement.catalogue.models.reference_rows import AcquisitionType
from procurement.leads.models.leads import SupplierLead
from procurement.leads.queries.screening_data import usual_travel_days
from procurement.leads.rules.comparison import arrival_day
from procurement.leads.rules.landed_cost import TransportMode
from procurement.requests.models import RequestLine

TRANSPORT_MODES = (TransportMode.SEA, TransportMode.AIR)
NO_DONATION_NEED = -1


class Arrival(NamedTuple):
    """Transport mode, and earliest day on which the goods of an offer reach the city of a need line."""

    mode: TransportMode
    day: date


class OfferFacts(NamedTuple):
    """Facts of an offer.

    `donation_need` is the need for which a donation was given, or -1. `arrival_days` are the days by each of
    `TRANSPORT_MODES`, `NO_DEADLINE_DAY` for a mode that is not known; `arrival_day` is the earliest. `unit_costs` are the
    landed costs by each mode, or None if unknown. `is_travel_known`: the offer or the usual days of the route tell how
    long the goods travel.
    """

    city: int
    is_donation: bool
    donation_need: int
    is_usable: bool
    price: float
    arrival_day: int
    free_pieces: int
    minimum_order: int
    pack_size: int
    arrival_days: tuple[int, int]
    unit_costs: tuple[Decimal | None, Decimal | None]
    is_travel_known: bool


class LineFacts(NamedTuple):
    """Facts of a need line. `needed_by` is `NO_DEADLINE_DAY` without a day, `highest_price` infinite without one."""

    city: int
    request_number: int
    takes_sale: bool
    takes_donation: bool
    highest_price: float
    needed_by: int
    needed_pieces: int


def offer_facts(lead: SupplierLead, at: datetime) -> OfferFacts:
    """Return the facts of an offer. It is usable if it is verified.

    Reads no row if supplier, manufacturer, their places, city and line of the offer are loaded.
    """
    on = lead.city.day_at(at)
    travel = _travel_days(lead, on)
    days = [
        arrival_day(on, ready_on=lead.ready_on, lead_days=lead.lead_days, travel=mode_days)
        for mode_days in travel or (None, 0)
    ]
    sea, air = (NO_DEADLINE_DAY if day is None else day.toordinal() for day in days)
    return OfferFacts(
        city=lead.city_id,
        is_donation=lead.kind == SupplierLead.Kind.DONATION,
        donation_need=_need_of_donation(lead),
        is_usable=lead.status == SupplierLead.Status.VERIFIED,
        price=_unit_price(lead),
        arrival_day=min(sea, air),
        free_pieces=lead.free_quantity,
        minimum_order=max(1, lead.min_order_quantity),
        pack_size=lead.carton_pieces or 1,
        arrival_days=(sea, air),
        unit_costs=(_unit_cost(lead, TransportMode.SEA), _unit_cost(lead, TransportMode.AIR)),
        is_travel_known=travel is not None,
    )


def line_facts(line: RequestLine, at: datetime) -> LineFacts:
    """Return the facts of a need line. Reads no row if its need with the city is loaded."""
    need = line.supply_request
    return LineFacts(
        city=line.city_id,
        request_number=line.supply_request_id,
        takes_sale=AcquisitionType.PURCHASE in need.accepts,
        takes_donation=AcquisitionType.DONATION in need.accepts,
        highest_price=_price_cap(line),
        needed_by=_needed_by(line, at),
        needed_pieces=line.unallocated_quantity,
    )


def _travel_days(lead: SupplierLead, on: date) -> tuple[int | None, int | None] | None:
    """Return the days of travel by sea and by air, or None if nothing is known.

    Without days for any mode, the usual days of the route count as air.
    """
    if lead.sea_days is not None or lead.air_days is not None:
        return lead.sea_days, lead.air_days
    usual = usual_travel_days(lead, on)
    return None if usual is None else (None, usual)


class UnitLandedCost(NamedTuple):
    """Landed cost of a piece by one mode, in the currency of the offer's city. Incomplete: it is at least this much."""

    total: Decimal
    is_complete: bool


def unit_landed_cost(lead: SupplierLead, mode: TransportMode) -> UnitLandedCost | None:
    """Return the landed cost of a piece by one mode, or None if no part of it is known."""
    cost = lead.landed.get("by", {}).get(mode.value)
    if cost is None or not (Decimal(cost["total"]) or cost["complete"]):
        return None
    return UnitLandedCost(Decimal(cost["total"]), cost["complete"])


def _unit_cost(lead: SupplierLead, mode: TransportMode) -> Decimal | None:
    """Return the landed cost of a piece by one mode, else its price; None if neither is known."""
    landed = unit_landed_cost(lead, mode)
    if landed is not None:
        return landed.total
    return Decimal(0) if lead.kind == SupplierLead.Kind.DONATION else lead.price_in_city_currency


def _need_of_donation(lead: SupplierLead) -> int:
    """Return the need for which a donation was given, or -1."""
    donated = lead.kind == SupplierLead.Kind.DONATION and lead.line is not None
    return lead.line.supply_request_id if donated and lead.line else NO_DONATION_NEED


def _unit_price(lead: SupplierLead) -> float:
    """Return the price of a piece in the city's currency. An unknown one is above every cap."""
    return float("inf") if lead.price_in_city_currency is None else float(lead.price_in_city_currency)


def _price_cap(line: RequestLine) -> float:
    """Return the highest price of a line. A cap in another currency than the city's is not compared."""
    foreign = line.currency not in ("", line.supply_request.city.currency)
    return float("inf") if line.max_unit_price is None or foreign else float(line.max_unit_price)


def _needed_by(line: RequestLine, at: datetime) -> int:
    """Return the day by which a line needs its goods. A day that has passed is no limit."""
    day = line.needed_by or line.supply_request.needed_by
    today = line.supply_request.city.day_at(at)
    return NO_DEADLINE_DAY if day is None or day < today else day.toordinal()
