"""Offers and need lines as the columns from which a plan is calculated. Only the worker loads this."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from decimal import Decimal
from hashlib import sha256
from typing import Any, NamedTuple

import numpy as np

from procurement.allocations.plans.queries import line_supply
from procurement.allocations.plans.rules import FACTORS, goods_fit
from procurement.allocations.plans.solver.admissible import (
    NO_DAY,
    Admissible,
    LineColumns,
    OfferColumns,
    admissible_pairs,
)
from procurement.allocations.plans.solver.problem import MOST_COST, Flags, Problem, Real, Whole
from procurement.catalogue.models.reference_rows import AcquisitionType, market_of
from procurement.catalogue.models.standards import StandardEquivalence
from procurement.leads.models.leads import SupplierLead
from procurement.leads.queries.screening_data import travel_days
from procurement.leads.rules.comparison import arrival_day
from procurement.leads.rules.landed_cost import TransportMode
from procurement.requests.models import RequestLine

PARTS_OF_A_CENT = 10_000  # of a unit of currency: the solver counts whole hundredths of a cent
MODES = (TransportMode.SEA, TransportMode.AIR)


class Arrival(NamedTuple):
    """How a pair's goods come: by which mode, and on which day at the earliest."""

    mode: TransportMode
    day: date


@dataclass(frozen=True)
class PlanInput:
    """Offers and lines in the order of the columns, the admissible pairs, and the problem to solve."""

    leads: Sequence[SupplierLead]
    lines: Sequence[RequestLine]
    pairs: Admissible
    problem: Problem
    arrivals: Whole  # ordinals of days, offers x `MODES`
    by_sea: Flags  # of each pair: the goods come by sea, which is in time

    def arrival(self, pair: int) -> Arrival:
        """Return how the goods of a pair come."""
        mode = 0 if self.by_sea[pair] else 1
        ordinal = int(self.arrivals[self.pairs.offer[pair], mode])
        return Arrival(MODES[mode], date.fromordinal(ordinal))


def input_digest(found: PlanInput, rule: str) -> str:
    """Return a digest that is the same for the same input and rule."""
    columns = (
        column.name.encode() + getattr(found.problem, column.name).tobytes()
        for column in fields(found.problem)
    )
    return sha256(rule.encode() + b"".join(columns)).hexdigest()


def plan_input(lines: Sequence[RequestLine], leads: Sequence[SupplierLead], at: datetime) -> PlanInput:
    """Return what the solver needs to know about these lines and offers."""
    cities = {city: place for place, city in enumerate(sorted({line.city_id for line in lines}))}
    lead_classes, wants, fits = _goods(lines, leads, at)
    arrivals, costs = _ways(leads, at)
    offers = OfferColumns(
        goods=lead_classes,
        city=_whole(cities.get(lead.city_id, -1) for lead in leads),
        donation=_flags(lead.kind == SupplierLead.Kind.DONATION for lead in leads),
        for_need=_whole(_given_for(lead) for lead in leads),
        usable=np.ones(len(leads), bool),
        price=_real(_price(lead) for lead in leads),
        arrives=arrivals.min(axis=1, initial=NO_DAY),
        free=_whole(lead.free for lead in leads),
        least=_whole(max(1, lead.min_order_quantity) for lead in leads),
        pack=_whole(lead.carton_pieces or 1 for lead in leads),
    )
    columns = LineColumns(
        wants=wants,
        city=_whole(cities[line.city_id] for line in lines),
        request=_whole(line.supply_request_id for line in lines),
        takes_sale=_flags(AcquisitionType.PURCHASE in line.supply_request.accepts for line in lines),
        takes_donation=_flags(AcquisitionType.DONATION in line.supply_request.accepts for line in lines),
        highest_price=_real(_cap(line) for line in lines),
        needed_by=_whole(_needed_by(line, at) for line in lines),
        need=_whole(line.uncovered for line in lines),
    )
    pairs = admissible_pairs(offers, columns, fits)
    in_time = arrivals[pairs.offer, 0] <= columns.needed_by[pairs.line]
    by_sea = in_time & (costs[pairs.offer, 0] <= costs[pairs.offer, 1])
    cost = np.where(by_sea, costs[pairs.offer, 0], costs[pairs.offer, 1])
    problem = _problem(lines, leads, offers, columns, pairs, np.minimum(cost, MOST_COST), at)
    return PlanInput(leads, lines, pairs, problem, arrivals, by_sea)


def _problem(
    lines: Sequence[RequestLine],
    leads: Sequence[SupplierLead],
    offers: OfferColumns,
    columns: LineColumns,
    pairs: Admissible,
    cost: Whole,
    at: datetime,
) -> Problem:
    supplies = [line_supply(line, line.city.day_at(at)) for line in lines]
    posted = sorted(range(len(lines)), key=lambda n: (lines[n].supply_request.posted_at or at, lines[n].pk))
    came = np.empty(len(lines), np.int64)
    came[posted] = np.arange(len(lines))
    return Problem(
        free=offers.free,
        least=offers.least,
        pack=offers.pack,
        need=columns.need,
        days=_real(supply.days for supply in supplies),
        use=_real(supply.use for supply in supplies),
        factor=_real(FACTORS[RequestLine.Priority(line.priority)] for line in lines),
        came=came,
        offer=pairs.offer,
        line=pairs.line,
        cost=cost,
        offer_key=_whole(lead.pk for lead in leads),
        line_key=_whole(line.pk for line in lines),
    )


def _goods(
    lines: Sequence[RequestLine], leads: Sequence[SupplierLead], at: datetime
) -> tuple[Whole, Whole, Flags]:
    """Return the class of each offer's goods and of each line's wishes, and which classes fit."""
    goods: dict[Any, tuple[int, SupplierLead]] = {}
    of_lead = [
        goods.setdefault((lead.product_id, lead.standard_id, lead.declared_use), (len(goods), lead))[0]
        for lead in leads
    ]
    wishes: dict[Any, tuple[int, RequestLine]] = {}
    of_line = [wishes.setdefault(_wish(line), (len(wishes), line))[0] for line in lines]
    rows: dict[int, list[StandardEquivalence]] = {}
    for row in StandardEquivalence.objects.select_related("ground", "asked", "offered"):
        rows.setdefault(row.offered_id, []).append(row)
    fits = np.zeros((len(wishes), len(goods)), bool)
    for wish, line in wishes.values():
        market, on = market_of(line.city.country), line.city.day_at(at)
        standards = list(line.standards.all())
        for kind, lead in goods.values():
            about = rows.get(lead.standard_id or 0, [])
            fits[wish, kind] = goods_fit(lead, line, standards, market=market, rows=about, on=on)
    return _whole(of_lead), _whole(of_line), fits


def _wish(line: RequestLine) -> tuple[Any, ...]:
    standards = tuple(sorted(one.pk for one in line.standards.all()))
    need = line.supply_request
    return line.product_id, standards, need.declared_use, line.alternatives_allowed, line.city.country


def _ways(leads: Sequence[SupplierLead], at: datetime) -> tuple[Whole, Whole]:
    """Return the day of arrival and the landed cost of a piece, for each offer by sea and by air.

    A mode without days of travel never arrives. Without days for any mode, the usual days of the route count as air,
    else the day on which the goods are ready. An offer of unknown cost counts as the dearest of all.
    """
    arrivals = np.full((len(leads), len(MODES)), NO_DAY, np.int64)
    costs = np.full((len(leads), len(MODES)), -1, np.int64)
    for place, lead in enumerate(leads):
        on = lead.city.day_at(at)
        named = (lead.sea_days, lead.air_days)
        travel = named if any(days is not None for days in named) else (None, travel_days(lead, on) or 0)
        for mode, days in enumerate(travel):
            day = arrival_day(on, ready_on=lead.ready_on, lead_days=lead.lead_days, travel=days)
            if day is not None:
                arrivals[place, mode] = day.toordinal()
            costs[place, mode] = _cost(lead, MODES[mode])
    dearest = int(costs.max(initial=0)) + 1
    return arrivals, np.where(costs < 0, dearest, costs)


def _cost(lead: SupplierLead, mode: TransportMode) -> int:
    """Return the landed cost of a piece by one mode, else its price; -1 if neither is known."""
    way = lead.landed.get("by", {}).get(mode.value)
    if way is not None and (Decimal(way["total"]) or way["complete"]):
        return int(Decimal(way["total"]) * PARTS_OF_A_CENT)
    if lead.kind == SupplierLead.Kind.DONATION:
        return 0
    return -1 if lead.price_in_city_currency is None else int(lead.price_in_city_currency * PARTS_OF_A_CENT)


def _given_for(lead: SupplierLead) -> int:
    """Return the need for which a donation was given, or -1."""
    donated = lead.kind == SupplierLead.Kind.DONATION and lead.line is not None
    return lead.line.supply_request_id if donated and lead.line else -1


def _price(lead: SupplierLead) -> float:
    """Return the price of a piece in the city's currency. An unknown one is above every cap."""
    return float("inf") if lead.price_in_city_currency is None else float(lead.price_in_city_currency)


def _cap(line: RequestLine) -> float:
    """Return the highest price of a line. A cap in another currency than the city's is not compared."""
    foreign = line.currency not in ("", line.city.currency)
    return float("inf") if line.max_unit_price is None or foreign else float(line.max_unit_price)


def _needed_by(line: RequestLine, at: datetime) -> int:
    """Return the day by which a line needs its goods. A day that has passed closes nothing: it is needed all the more."""
    day = line.needed_by or line.supply_request.needed_by
    return NO_DAY if day is None or day < line.city.day_at(at) else day.toordinal()


def _whole(values: Iterable[int]) -> Whole:
    return np.fromiter(values, np.int64)


def _real(values: Iterable[float]) -> Real:
    return np.fromiter(values, np.float64)


def _flags(values: Iterable[bool]) -> Flags:
    return np.fromiter(values, bool)
