"""Calculation of pending allocation plans by the periodic job. Only worker processes import this module."""

import logging
from contextlib import suppress
from datetime import datetime
from decimal import Decimal

from django.db import transaction

from procurement.allocations.plans.actions import CalculatedPlan, fail_plan, finish_plan
from procurement.allocations.plans.models import AllocationPlan, PlanLine, PlanRow
from procurement.allocations.plans.queries import line_supply, plan_leads, plan_lines, progress_task_name
from procurement.allocations.plans.solver.explain import explain_lines, explain_pairs
from procurement.allocations.plans.solver.problem import IntArray
from procurement.allocations.plans.solver.shares import Rule, share_goods
from procurement.allocations.plans.solver_input import (
    COST_STEPS_PER_CURRENCY_UNIT,
    PlanInput,
    input_digest,
    plan_input,
)
from workflow.errors import Refused, database_is_unavailable
from workflow.progress import report_progress

MAX_PLANS_PER_RUN = 2  # plans in one run of the periodic job
log = logging.getLogger(__name__)


class PlanCancelled(Exception):
    """Raised during the calculation of a plan that is no longer pending."""


def calculate_plans(at: datetime) -> int:
    """Calculate the pending plans, each in its own transaction. Return their number.

    Holds no lock while the solver works, so that a plan can be cancelled meanwhile.
    """
    done = 0
    for plan in AllocationPlan.objects.due().select_related("city")[:MAX_PLANS_PER_RUN]:
        try:
            with transaction.atomic():
                _calculate(plan, at)
            done += 1
        except (PlanCancelled, Refused):  # cancelled, or calculated by another worker
            continue
        except Exception as error:
            if database_is_unavailable(error):
                raise
            log.exception("plan %s could not be calculated", plan)
            with suppress(Refused):  # cancelled meanwhile
                fail_plan(plan, at=at)
    return done


def _calculate(plan: AllocationPlan, at: datetime) -> None:
    def report(done: int, total: int) -> None:
        report_progress(progress_task_name(plan), done, total)
        if not AllocationPlan.objects.due().filter(pk=plan.pk).exists():
            raise PlanCancelled

    report(0, 1)
    found = plan_input(
        plan_lines(plan.lines.values_list("pk", flat=True)),
        plan_leads(plan.leads.values_list("pk", flat=True), at, unverified=plan.unverified),
        at,
    )
    pieces = share_goods(found.problem, Rule(plan.rule), report)
    result = CalculatedPlan(
        _build_plan_lines(plan, found, pieces, at),
        _build_plan_rows(plan, found, pieces),
        input_digest(found, plan.rule),
    )
    finish_plan(plan, result, at=at)


def _build_plan_lines(
    plan: AllocationPlan, found: PlanInput, pieces: IntArray, at: datetime
) -> list[PlanLine]:
    explained = explain_lines(found.problem, pieces, found.pairs)
    rows = []
    for line, why in zip(found.lines, explained, strict=True):
        supply = line_supply(line, line.city.day_at(at))
        rows.append(
            PlanLine(
                plan=plan,
                line=line,
                needed=line.unallocated_quantity,
                days_before=supply.days_of_supply,
                use_per_day=supply.use_per_day,
                use_assumed=supply.is_use_assumed,
                reason=why.reason.value,
                lot=why.smallest_unfit_lot,
                kept_away={obstacle.name.lower(): count for obstacle, count in why.obstacle_counts.items()},
            )
        )
    return rows


def _build_plan_rows(plan: AllocationPlan, found: PlanInput, pieces: IntArray) -> list[PlanRow]:
    used = [pair for pair in range(len(pieces)) if pieces[pair] > 0]
    rows = []
    for pair, why in zip(used, explain_pairs(found.problem, pieces), strict=True):
        arrival = found.arrival(pair)
        rows.append(
            PlanRow(
                plan=plan,
                line=found.lines[found.pairs.line_index[pair]],
                lead=found.leads[found.pairs.offer_index[pair]],
                proposed=int(pieces[pair]),
                quantity=int(pieces[pair]),
                cost=Decimal(int(found.problem.pair_cost[pair])) / COST_STEPS_PER_CURRENCY_UNIT,
                mode=arrival.mode.value,
                arrives_on=arrival.day,
                reason=why.value,
            )
        )
    return rows
