"""Input of the solver: builds arrays of numbers from offers and need lines, and finds the admissible pairs.

Only worker processes import this module.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from hashlib import sha256
from typing import Any

import numpy as np

from procurement.allocations.plans.obstacles import comes_by_sea
from procurement.allocations.plans.pair_facts import (
    TRANSPORT_MODES,
    Arrival,
    OfferFacts,
    line_facts,
    offer_facts,
)
from procurement.allocations.plans.queries import line_supply
from procurement.allocations.plans.rules import PRIORITY_WEIGHTS, are_goods_suitable
from procurement.allocations.plans.solver.admissible import (
    AdmissiblePairs,
    LineColumns,
    OfferColumns,
    admissible_pairs,
)
from procurement.allocations.plans.solver.problem import MAX_COST, BoolArray, FloatArray, IntArray, Problem
from procurement.leads.models.leads import SupplierLead
from procurement.requests.alternatives.queries import accepted_goods_of_lines
from procurement.requests.models import RequestLine

COST_STEPS_PER_CURRENCY_UNIT = 10_000  # of a unit of currency: the solver counts whole hundredths of a cent


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
    offered = [offer_facts(lead, at) for lead in leads]
    wanted = [line_facts(line, at) for line in lines]
    arrivals, costs = _arrivals_and_costs(offered)
    offers = OfferColumns(
        goods_number=lead_classes,
        city=_int_array(cities.get(one.city, -1) for one in offered),
        is_donation=_bool_array(one.is_donation for one in offered),
        donation_need=_int_array(one.donation_need for one in offered),
        is_usable=np.ones(len(leads), bool),
        price=_float_array(one.price for one in offered),
        arrival_day=_int_array(one.arrival_day for one in offered),
        free_pieces=_int_array(one.free_pieces for one in offered),
        minimum_order=_int_array(one.minimum_order for one in offered),
        pack_size=_int_array(one.pack_size for one in offered),
    )
    columns = LineColumns(
        wanted_goods_number=wants,
        city=_int_array(cities[one.city] for one in wanted),
        request_number=_int_array(one.request_number for one in wanted),
        takes_sale=_bool_array(one.takes_sale for one in wanted),
        takes_donation=_bool_array(one.takes_donation for one in wanted),
        highest_price=_float_array(one.highest_price for one in wanted),
        needed_by=_int_array(one.needed_by for one in wanted),
        needed_pieces=_int_array(one.needed_pieces for one in wanted),
    )
    pairs = admissible_pairs(offers, columns, fits)
    by_sea = comes_by_sea(
        arrivals[pairs.offer_index, 0],
        arrivals[pairs.offer_index, 1],
        costs[pairs.offer_index, 0],
        costs[pairs.offer_index, 1],
        columns.needed_by[pairs.line_index],
    )
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


def _arrivals_and_costs(offers: Sequence[OfferFacts]) -> tuple[IntArray, IntArray]:
    """Return the day of arrival and the landed cost of a piece, for each offer by each of `TRANSPORT_MODES`.

    An offer of unknown cost counts as the dearest of all.
    """
    shape = len(offers), len(TRANSPORT_MODES)
    arrivals = _int_array(day for one in offers for day in one.arrival_days).reshape(shape)
    costs = _int_array(
        -1 if cost is None else int(cost * COST_STEPS_PER_CURRENCY_UNIT)
        for one in offers
        for cost in one.unit_costs
    ).reshape(shape)
    dearest = int(costs.max(initial=0)) + 1
    return arrivals, np.where(costs < 0, dearest, costs)


def _int_array(values: Iterable[int]) -> IntArray:
    return np.fromiter(values, np.int64)


def _float_array(values: Iterable[float]) -> FloatArray:
    return np.fromiter(values, np.float64)


def _bool_array(values: Iterable[bool]) -> BoolArray:
    return np.fromiter(values, bool)
