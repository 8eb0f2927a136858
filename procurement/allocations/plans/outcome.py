"""Outcome of a plan: the supply of each need line and city before and after it, and the day each line runs out."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

from django.utils.translation import gettext as _

from partners.cities.models import City
from procurement.allocations.plans.models import AllocationPlan, PlanLine, PlanRow
from procurement.allocations.plans.reason_sentences import line_obstacles, line_reason, row_reason
from procurement.catalogue.models.products import Product
from procurement.requests.models import RequestLine
from workflow.charts.bars import BarPlot, bar_plot
from workflow.formatting import bilingual_name, format_quantity

MAX_SUPPLY_DAYS = 3_650  # a supply that lasts longer has no day on which it runs out


@dataclass(frozen=True)
class LineOutcome:
    """Need line of a plan (`plan_line`) with the pieces that the rows of the plan give it now."""

    plan_line: PlanLine
    pieces_given: int
    today: date

    @property
    def days_after(self) -> float:
        """Days of supply with these pieces."""
        return self.plan_line.days_before + self.pieces_given / self.plan_line.use_per_day

    @property
    def runs_out_before(self) -> date | None:
        """Day on which the supply ends without the plan, or None if it lasts for years."""
        return _run_out_day(self.today, self.plan_line.days_before)

    @property
    def runs_out_after(self) -> date | None:
        """Day on which the supply ends with the plan, or None if it lasts for years."""
        return _run_out_day(self.today, self.days_after)

    @property
    def reason(self) -> str:
        """Why the rule gives this much."""
        return line_reason(self.plan_line)

    @property
    def obstacles(self) -> list[str]:
        """Reasons why offers of suitable goods cannot serve the line, each with the number of offers."""
        return line_obstacles(self.plan_line)


@dataclass(frozen=True)
class RowOutcome:
    """Row of a plan, with the reason for its quantity in words."""

    plan_row: PlanRow

    @property
    def is_acceptable(self) -> bool:
        """True if the row can be accepted."""
        return self.plan_row.allocation_id is None and self.plan_row.quantity > 0

    @property
    def reason(self) -> str:
        """Why the quantity of the row is not larger."""
        return row_reason(self.plan_row)


class ProductTotal(NamedTuple):
    """Pieces of one product that the lines need, and that the rows give them."""

    product: Product
    pieces_given: int
    pieces_needed: int


class CitySupplyDays(NamedTuple):
    """Fewest days of supply that any need line of a city has, before and after the plan."""

    city: City
    days_before: float
    days_after: float


@dataclass(frozen=True)
class PlanOutcome:
    """Result of a plan as its rows are now: lines with the fewest days first, open rows first."""

    plan: AllocationPlan
    lines: Sequence[LineOutcome]
    rows: Sequence[RowOutcome]

    @property
    def product_totals(self) -> list[ProductTotal]:
        """Sums for each product of the lines. Unlike goods are not added."""
        given: Counter[Product] = Counter()
        needed: Counter[Product] = Counter()
        for one in self.lines:
            given[one.plan_line.line.product] += one.pieces_given
            needed[one.plan_line.line.product] += one.plan_line.needed
        return [ProductTotal(product, given[product], needed[product]) for product in needed]

    @property
    def costs(self) -> list[tuple[str, Decimal]]:
        """Landed cost of all rows in each currency of their cities."""
        sums: dict[str, Decimal] = {}
        for one in self.rows:
            currency = one.plan_row.line.city.currency
            sums[currency] = sums.get(currency, Decimal(0)) + one.plan_row.quantity * one.plan_row.cost
        return sorted(sums.items())

    @property
    def fewest_days_before(self) -> float:
        """Fewest days of supply that any line has before the plan."""
        return min((one.plan_line.days_before for one in self.lines), default=0.0)

    @property
    def fewest_days_after(self) -> float:
        """Fewest days of supply that any line has after the plan."""
        return min((one.days_after for one in self.lines), default=0.0)

    @property
    def open_row_count(self) -> int:
        """Number of rows that can be accepted."""
        return sum(one.is_acceptable for one in self.rows)

    @property
    def city_supply_days(self) -> list[CitySupplyDays]:
        """Fewest days of supply in each city."""
        lines: dict[City, list[LineOutcome]] = {}
        for one in self.lines:
            lines.setdefault(one.plan_line.line.city, []).append(one)
        return [
            CitySupplyDays(
                city, min(one.plan_line.days_before for one in rows), min(one.days_after for one in rows)
            )
            for city, rows in sorted(lines.items(), key=lambda item: item[0].slug)
        ]

    @property
    def chart(self) -> BarPlot:
        """Fewest days of supply of each city before and after the plan."""
        bars = []
        for one in self.city_supply_days:
            for words, days in (
                (_("%(city)s, without the plan"), one.days_before),
                (_("%(city)s, with the plan"), one.days_after),
            ):
                label = words % {"city": bilingual_name(one.city).text}
                bars.append((label, Decimal(f"{days:.1f}"), format_quantity(int(days))))
        return bar_plot(bars)


def plan_outcome(plan: AllocationPlan) -> PlanOutcome:
    """Return the result of a plan. Two queries."""
    named = ("line__supply_request", "line__product", "line__city")
    found = plan.rows.select_related(*named, "lead__supplier", "allocation").order_by("line", "pk")
    shares = [RowOutcome(row) for row in found]
    given: Counter[int] = Counter()
    for one in shares:
        given[one.plan_row.line_id] += one.plan_row.quantity
    at = plan.ready_at or plan.created_at
    lines = [
        LineOutcome(row, given[row.line_id], row.line.city.day_at(at))
        for row in plan.plan_lines.select_related(*named).order_by("pk")
    ]
    lines.sort(key=lambda one: one.days_after)
    shares.sort(key=lambda one: not one.is_acceptable)
    return PlanOutcome(plan, lines, shares)


class ComparedLine(NamedTuple):
    """Need line with its outcome in each of two plans: None for a plan without the line."""

    line: RequestLine
    outcomes: tuple[LineOutcome | None, LineOutcome | None]

    @property
    def differs(self) -> bool:
        """True if the plans give the line different quantities."""
        first, second = ((side.pieces_given if side else None) for side in self.outcomes)
        return first != second


def compare_lines(first: PlanOutcome, second: PlanOutcome) -> list[ComparedLine]:
    """Return the lines of either plan; those with different quantities come first."""
    one, two = ({found.plan_line.line_id: found for found in outcome.lines} for outcome in (first, second))
    lines = {found.plan_line.line_id: found.plan_line.line for found in (*first.lines, *second.lines)}
    rows = [ComparedLine(line, (one.get(pk), two.get(pk))) for pk, line in lines.items()]
    return sorted(rows, key=lambda row: not row.differs)


def _run_out_day(today: date, days: float) -> date | None:
    return None if days > MAX_SUPPLY_DAYS else today + timedelta(days=int(days))
