"""Queries for the need lines and offers of an allocation plan."""

from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, NamedTuple

from django.db.models import OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from procurement.allocations.plans.models import AllocationPlan, PlanLine
from procurement.allocations.plans.rules import ASSUMED_SUPPLY_DAYS
from procurement.catalogue.goods_text import goods_text
from procurement.catalogue.models.products import Product
from procurement.leads.models.leads import SupplierLead
from procurement.leads.rules.leads import expired_offer_refusal
from procurement.requests.alternatives.queries import ACCEPTED_GOODS
from procurement.requests.models import RequestLine, SupplyRequest


def plan_goods(plans: Iterable[AllocationPlan]) -> dict[int, str]:
    """Return the goods of these plans in words, by the ids of the plans. One query.

    A plan without lines is named by its reference.
    """
    names = {plan.pk: plan.reference for plan in plans}
    chosen_line = AllocationPlan.lines.through
    needed = PlanLine.objects.filter(plan=OuterRef("allocationplan"), line=OuterRef("requestline"))
    rows: QuerySet[Any] = chosen_line.objects.filter(allocationplan__in=list(names)).annotate(
        pieces=Coalesce(Subquery(needed.values("needed")), "requestline__quantity")
    )
    quantities: dict[int, Counter[Product]] = {}
    for row in rows.select_related("requestline__product").order_by("requestline_id"):
        quantities.setdefault(row.allocationplan_id, Counter())[row.requestline.product] += row.pieces
    return names | {pk: goods_text(found) for pk, found in quantities.items()}


class LineSupply(NamedTuple):
    """Days of supply of a line before the plan, and its use per day. `is_use_assumed`: the use was not stated."""

    days_of_supply: float
    use_per_day: float
    is_use_assumed: bool


def plan_lines(lines: Iterable[int]) -> list[RequestLine]:
    """Return those of these lines whose need is open and which are not fully covered, ordered by id."""
    rows = RequestLine.objects.filter(pk__in=list(lines), supply_request__status=SupplyRequest.Status.OPEN)
    named = rows.select_related("supply_request__city", "product", "city").prefetch_related(*ACCEPTED_GOODS)
    return [line for line in named.order_by("pk") if line.unallocated_quantity > 0]


def plan_leads(leads: Iterable[int], at: datetime, *, unverified: bool = False) -> list[SupplierLead]:
    """Return those of these offers that have free pieces and have not ended, ordered by id.

    With `unverified`, offers that are not verified yet (offered or under review) are included.
    """
    statuses = SupplierLead.LIVE_STATUSES if unverified else (SupplierLead.Status.VERIFIED,)
    rows = SupplierLead.objects.filter(pk__in=list(leads), status__in=statuses)
    named = rows.select_related("city", "product", "standard", "supplier__place", "maker__place", "line")
    return [
        lead
        for lead in named.order_by("pk")
        if lead.free_quantity > 0 and expired_offer_refusal(lead, at) is None
    ]


def line_supply(line: RequestLine, today: date) -> LineSupply:
    """Return the days of supply of a line and its use per day.

    If the use is not stated, the line's quantity is assumed to last for `ASSUMED_SUPPLY_DAYS`. If the days of supply are
    unknown, they count as 0, so that a line gets no less because its stock was not counted.
    """
    stated, days = line.use_per_day, line.days_left(today) or 0
    use = float(stated) if stated else line.quantity / ASSUMED_SUPPLY_DAYS
    return LineSupply(days + line.allocated / use, use, is_use_assumed=not stated)


def progress_task_name(plan: AllocationPlan) -> str:
    """Return the task name under which the progress of a plan is published."""
    return f"plan{plan.pk}"
