"""Input of the solver: builds arrays of numbers from offers and need lines, and finds the admissible pairs.

Only worker processes import this module.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from decimal import Decimal
from hashlib import sha256
from typing import Any, NamedTuple

import numpy as np

from procurement.allocations.plans.queries import line_supply
from procurement.allocations.plans.rules import PRIORITY_WEIGHTS, are_goods_suitable
from procurement.allocations.plans.solver.admissible import (
    NO_DEADLINE_DAY,
    AdmissiblePairs,
    LineColumns,
    OfferColumns,
    admissible_pairs,
)
from procurement.allocations.plans.solver.problem import MAX_COST, BoolArray, FloatArray, IntArray, Problem
from procurement.catalogue.models.reference_rows import AcquisitionType
from procurement.leads.models.leads import SupplierLead
from procurement.leads.queries.screening_data import usual_travel_days
from procurement.leads.rules.comparison import arrival_day
from procurement.leads.rules.landed_cost import TransportMode
from procurement.requests.alternatives.queries import accepted_goods_of_lines
from procurement.requests.models import RequestLine

COST_STEPS_PER_CURRENCY_UNIT = 10_000  # of a unit of currency: the solver counts whole hundredths of a cent
TRANSPORT_MODES = (TransportMode.SEA, TransportMode.AIR)


class Arrival(NamedTuple):
    """Transport mode, and earliest day on which the goods of an offer reach the city of a need line."""

    mode: TransportMode
    day: date


@dataclass(frozen=True)
class PlanInput:
    """Offers and lines in the order of the arrays, the admissible pairs, and the problem to solve."""

    leads: Sequence[SupplierLead]
    lines: Sequence[RequestLine]
    pairs: AdmissiblePairs
    problem: Problem
    arrival_days: IntArray  # ordinals of days, offers x `TRANSPORT_MODES`
    is_by_sea: BoolArray  # of each pair: the goods come by sea, which is in time

    def arrival(self, pair: int) -> Arrival:
        """Return the transport mode and the day of arrival for the pair with this index."""
        mode = 0 if self.is_by_sea[pair] else 1
        ordinal = int(self.arrival_days[self.pairs.offer_index[pair], mode])
        return Arrival(TRANSPORT_MODES[mode], date.fromordinal(ordinal))


def input_digest(found: PlanInput, rule: str) -> str:
    """Return a digest that is the same for the same input and rule."""
    columns = (
        column.name.encode() + getattr(found.problem, column.name).tobytes()
        for column in fields(found.problem)
    )
    return sha256(rule.encode() + b"".join(columns)).hexdigest()


def plan_input(lines: Sequence[RequestLine], leads: Sequence[SupplierLead], at: datetime) -> PlanInput:
    """Return the input of the solver for these lines and offers."""
    cities = {city: place for place, city in enumerate(sorted({line.city_id for line in lines}))}
    lead_classes, wants, fits = _goods_classes(lines, leads, at)
    arrivals, costs = _arrivals_and_costs(leads, at)
    offers = OfferColumns(
        goods_number=lead_classes,
        city=_int_array(cities.get(lead.city_id, -1) for lead in leads),
        is_donation=_bool_array(lead.kind == SupplierLead.Kind.DONATION for lead in leads),
        donation_need=_int_array(_need_of_donation(lead) for lead in leads),
        is_usable=np.ones(len(leads), bool),
        price=_float_array(_unit_price(lead) for lead in leads),
        arrival_day=arrivals.min(axis=1, initial=NO_DEADLINE_DAY),
        free_pieces=_int_array(lead.free_quantity for lead in leads),
        minimum_order=_int_array(max(1, lead.min_order_quantity) for lead in leads),
        pack_size=_int_array(lead.carton_pieces or 1 for lead in leads),
    )
    columns = LineColumns(
        wanted_goods_number=wants,
        city=_int_array(cities[line.city_id] for line in lines),
        request_number=_int_array(line.supply_request_id for line in lines),
        takes_sale=_bool_array(AcquisitionType.PURCHASE in line.supply_request.accepts for line in lines),
        takes_donation=_bool_array(AcquisitionType.DONATION in line.supply_request.accepts for line in lines),
        highest_price=_float_array(_price_cap(line) for line in lines),
        needed_by=_int_array(_needed_by(line, at) for line in lines),
        needed_pieces=_int_array(line.unallocated_quantity for line in lines),
    )
    pairs = admissible_pairs(offers, columns, fits)
    in_time = arrivals[pairs.offer_index, 0] <= columns.needed_by[pairs.line_index]
    by_sea = in_time & (costs[pairs.offer_index, 0] <= costs[pairs.offer_index, 1])
    cost = np.where(by_sea, costs[pairs.offer_index, 0], costs[pairs.offer_index, 1])
    problem = _build_problem(lines, leads, offers, columns, pairs, np.minimum(cost, MAX_COST), at)
    return PlanInput(leads, lines, pairs, problem, arrivals, by_sea)


def _build_problem(
    lines: Sequence[RequestLine],
    leads: Sequence[SupplierLead],
    offers: OfferColumns,
    columns: LineColumns,
    pairs: AdmissiblePairs,
    cost: IntArray,
    at: datetime,
) -> Problem:
    supplies = [line_supply(line, line.city.day_at(at)) for line in lines]
    posted = sorted(range(len(lines)), key=lambda n: (lines[n].supply_request.posted_at or at, lines[n].pk))
    came = np.empty(len(lines), np.int64)
    came[posted] = np.arange(len(lines))
    return Problem(
        free_pieces=offers.free_pieces,
        minimum_order=offers.minimum_order,
        pack_size=offers.pack_size,
        needed_pieces=columns.needed_pieces,
        supply_days=_float_array(supply.days_of_supply for supply in supplies),
        use_per_day=_float_array(supply.use_per_day for supply in supplies),
        priority_weight=_float_array(PRIORITY_WEIGHTS[RequestLine.Priority(line.priority)] for line in lines),
        first_come_position=came,
        pair_offer=pairs.offer_index,
        pair_line=pairs.line_index,
        pair_cost=cost,
        offer_key=_int_array(lead.pk for lead in leads),
        line_key=_int_array(line.pk for line in lines),
    )


def _goods_classes(
    lines: Sequence[RequestLine], leads: Sequence[SupplierLead], at: datetime
) -> tuple[IntArray, IntArray, BoolArray]:
    """Return the class of each offer's goods and of each line's wishes, and which classes fit."""
    goods: dict[Any, tuple[int, SupplierLead]] = {}
    of_lead = [
        goods.setdefault((lead.product_id, lead.standard_id, lead.declared_use), (len(goods), lead))[0]
        for lead in leads
    ]
    wishes: dict[Any, tuple[int, RequestLine]] = {}
    of_line = [wishes.setdefault(_accepted_goods_key(line), (len(wishes), line))[0] for line in lines]
    accepted = accepted_goods_of_lines([line for _number, line in wishes.values()], at)
    fits = np.zeros((len(wishes), len(goods)), bool)
    for wish, line in wishes.values():
        for kind, lead in goods.values():
            fits[wish, kind] = are_goods_suitable(lead, accepted[line.pk])
    return _int_array(of_lead), _int_array(of_line), fits


def _accepted_goods_key(line: RequestLine) -> tuple[Any, ...]:
    standards = tuple(sorted(one.pk for one in line.standards.all()))
    need = line.supply_request
    alternatives = tuple((one.product_id, one.standard_id) for one in line.alternatives.all())
    return line.product_id, standards, need.declared_use, alternatives, line.city.country


def _arrivals_and_costs(leads: Sequence[SupplierLead], at: datetime) -> tuple[IntArray, IntArray]:
    """Return the day of arrival and the landed cost of a piece, for each offer by sea and by air.

    A mode without days of travel never arrives. Without days for any mode, the usual days of the route count as air,
    else the day on which the goods are ready. An offer of unknown cost counts as the dearest of all.
    """
    arrivals = np.full((len(leads), len(TRANSPORT_MODES)), NO_DEADLINE_DAY, np.int64)
    costs = np.full((len(leads), len(TRANSPORT_MODES)), -1, np.int64)
    for place, lead in enumerate(leads):
        on = lead.city.day_at(at)
        named = (lead.sea_days, lead.air_days)
        travel = (
            named if any(days is not None for days in named) else (None, usual_travel_days(lead, on) or 0)
        )
        for mode, days in enumerate(travel):
            day = arrival_day(on, ready_on=lead.ready_on, lead_days=lead.lead_days, travel=days)
            if day is not None:
                arrivals[place, mode] = day.toordinal()
            costs[place, mode] = _unit_cost(lead, TRANSPORT_MODES[mode])
    dearest = int(costs.max(initial=0)) + 1
    return arrivals, np.where(costs < 0, dearest, costs)


def _unit_cost(lead: SupplierLead, mode: TransportMode) -> int:
    """Return the landed cost of a piece by one mode, else its price; -1 if neither is known."""
    cost = lead.landed.get("by", {}).get(mode.value)
    if cost is not None and (Decimal(cost["total"]) or cost["complete"]):
        return int(Decimal(cost["total"]) * COST_STEPS_PER_CURRENCY_UNIT)
    if lead.kind == SupplierLead.Kind.DONATION:
        return 0
    return (
        -1
        if lead.price_in_city_currency is None
        else int(lead.price_in_city_currency * COST_STEPS_PER_CURRENCY_UNIT)
    )


def _need_of_donation(lead: SupplierLead) -> int:
    """Return the need for which a donation was given, or -1."""
    donated = lead.kind == SupplierLead.Kind.DONATION and lead.line is not None
    return lead.line.supply_request_id if donated and lead.line else -1


def _unit_price(lead: SupplierLead) -> float:
    """Return the price of a piece in the city's currency. An unknown one is above every cap."""
    return float("inf") if lead.price_in_city_currency is None else float(lead.price_in_city_currency)


def _price_cap(line: RequestLine) -> float:
    """Return the highest price of a line. A cap in another currency than the city's is not compared."""
    foreign = line.currency not in ("", line.city.currency)
    return float("inf") if line.max_unit_price is None or foreign else float(line.max_unit_price)


def _needed_by(line: RequestLine, at: datetime) -> int:
    """Return the day by which a line needs its goods. A day that has passed is no limit."""
    day = line.needed_by or line.supply_request.needed_by
    return NO_DEADLINE_DAY if day is None or day < line.city.day_at(at) else day.toordinal()


def _int_array(values: Iterable[int]) -> IntArray:
    return np.fromiter(values, np.int64)


def _float_array(values: Iterable[float]) -> FloatArray:
    return np.fromiter(values, np.float64)


def _bool_array(values: Iterable[bool]) -> BoolArray:
    return np.fromiter(values, bool)
