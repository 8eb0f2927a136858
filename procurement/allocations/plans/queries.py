"""Reads of the need lines and offers of an allocation plan."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import NamedTuple

from procurement.allocations.plans.models import AllocationPlan
from procurement.allocations.plans.rules import ASSUMED_DAYS
from procurement.leads.models.leads import SupplierLead
from procurement.leads.rules.leads import refuse_expired_offer
from procurement.requests.models import RequestLine, SupplyRequest


class LineSupply(NamedTuple):
    """Days of supply of a line before the plan and its use a day; `assumed` if the use is not stated."""

    days: float
    use: float
    assumed: bool


def plan_lines(lines: Iterable[int]) -> list[RequestLine]:
    """Return these lines, if their needs are open and something is still uncovered, in the order of their ids."""
    rows = RequestLine.objects.filter(pk__in=list(lines), supply_request__status=SupplyRequest.Status.OPEN)
    named = rows.select_related("supply_request", "product", "city").prefetch_related("standards")
    return [line for line in named.order_by("pk") if line.uncovered > 0]


def plan_leads(leads: Iterable[int], at: datetime, *, unverified: bool = False) -> list[SupplierLead]:
    """Return these offers, if something of them is free and they have not ended, in the order of their ids.

    `unverified` takes along offers that are offered or under review.
    """
    statuses = SupplierLead.LIVE if unverified else (SupplierLead.Status.VERIFIED,)
    rows = SupplierLead.objects.filter(pk__in=list(leads), status__in=statuses)
    named = rows.select_related("city", "product", "standard", "supplier__place", "maker__place", "line")
    return [lead for lead in named.order_by("pk") if lead.free > 0 and refuse_expired_offer(lead, at) is None]


def line_supply(line: RequestLine, today: date) -> LineSupply:
    """Return the days of supply of a line and its use a day.

    A use that is not stated is assumed: the line's quantity lasts for `ASSUMED_DAYS`. Unknown days count as none, so
    that a line is not passed over because no one counted.
    """
    stated, days = line.use_per_day, line.days_left(today) or 0
    use = float(stated) if stated else line.quantity / ASSUMED_DAYS
    return LineSupply(days + line.allocated / use, use, assumed=not stated)


def progress_name(plan: AllocationPlan) -> str:
    """Return the task name under which the progress of a plan is published."""
    return f"plan{plan.pk}"
