"""Actions on allocation plans: ask for one, record its result, change rows, accept rows, cancel."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from django.db import transaction

from accounts.models import ActingUser
from procurement.allocations.actions import allocate
from procurement.allocations.plans import rules
from procurement.allocations.plans.models import AllocationPlan, PlanLine, PlanRow
from procurement.allocations.plans.queries import plan_leads, plan_lines
from procurement.allocations.rules import other_line_in_need
from procurement.leads.models.leads import SupplierLead
from procurement.requests.models import RequestLine
from workflow.actors import SYSTEM, Actor
from workflow.errors import Refused
from workflow.moves import register_action

BATCH_SIZE = 2_000


@register_action(rules.CREATE)
def create_plan(
    lines: Sequence[RequestLine],
    leads: Sequence[SupplierLead],
    *,
    rule: str = AllocationPlan.Rule.FAIR,
    unverified: bool = False,
    author: ActingUser,
    by: Actor,
    at: datetime,
) -> AllocationPlan:
    """Ask for a plan over these need lines and offers. The periodic job calculates it.

    Covered lines, lines of closed needs and offers without free goods are left out, and so are offers that are not
    verified yet, unless `unverified` is True. Refuses a plan without lines or offers, lines in different units, and
    lines of a city for which the person may not allocate.
    """
    used_lines = plan_lines(line.pk for line in lines)
    used_leads = plan_leads((lead.pk for lead in leads), at, unverified=unverified)
    refused = rules.invalid_choice_refusal(used_lines, len(used_leads))
    if refused is not None:
        raise refused
    cities = {line.city_id: line.city for line in used_lines}
    plan = AllocationPlan(
        city=used_lines[0].city if len(cities) == 1 else None,
        city_ids=sorted(cities),
        author=author,
        rule=rule,
        rule_date=rules.RULES_EFFECTIVE_DATE,
        unverified=unverified,
    )
    with transaction.atomic():
        rules.CREATE.create(plan, by=by, at=at)
        plan.lines.set(used_lines)
        plan.leads.set(used_leads)
    return plan


class CalculatedPlan(NamedTuple):
    """Result of a plan: its lines and rows, not saved yet, and the digest of its input."""

    lines: list[PlanLine]
    rows: list[PlanRow]
    digest: str


def finish_plan(plan: AllocationPlan, result: CalculatedPlan, *, at: datetime) -> AllocationPlan:
    """Store the calculated lines and rows of a plan."""
    with rules.FINISH.apply_to(plan, by=SYSTEM, at=at) as row:
        row.ready_at, row.digest = at, result.digest
        PlanLine.objects.bulk_create(result.lines, batch_size=BATCH_SIZE)
        PlanRow.objects.bulk_create(result.rows, batch_size=BATCH_SIZE)
    return plan


def fail_plan(plan: AllocationPlan, *, at: datetime) -> AllocationPlan:
    """Record that the plan could not be calculated."""
    with rules.FAIL.apply_to(plan, by=SYSTEM, at=at):
        pass
    return plan


@register_action(rules.CANCEL)
def cancel_plan(plan: AllocationPlan, *, by: Actor, at: datetime) -> AllocationPlan:
    """Stop the calculation of a plan, or discard its result. Accepted rows stay allocated."""
    with rules.CANCEL.apply_to(plan, by=by, at=at):
        pass
    return plan


@register_action(rules.CHANGE_ROW)
def change_plan_row(
    plan: AllocationPlan, row: int, quantity: int, *, reason: str, by: Actor, at: datetime
) -> AllocationPlan:
    """Change the quantity of a row, with a reason. `row` is its id.

    Refuses to change an accepted row, and a quantity above what the other rows of the plan leave free in the offer
    or uncovered in the line.
    """
    with transaction.atomic():
        changed = plan.rows.select_related("lead", "line").filter(pk=row).first()
        if changed is None:
            raise Refused("no_such_row", rules.ROW_MISSING_MESSAGE, field="row")
        facts = {"before_quantity": changed.quantity, "quantity": quantity, "lead": changed.lead.reference}
        with rules.CHANGE_ROW.apply_to(plan, by=by, at=at, reason=reason, row=row, **facts):
            changed.refresh_from_db(fields=["quantity", "allocation"])
            others = plan.rows.exclude(pk=row).filter(allocation=None)
            free = changed.lead.free_quantity - sum(one.quantity for one in others.filter(lead=changed.lead))
            uncovered = changed.line.unallocated_quantity - sum(
                one.quantity for one in others.filter(line=changed.line)
            )
            refused = rules.row_change_refusal(changed, quantity, max(0, free), max(0, uncovered))
            if refused is not None:
                raise refused
            changed.quantity, changed.change_reason, changed.changed_by_id = quantity, reason, by.user_id
            changed.save(update_fields=["quantity", "change_reason", "changed_by"])
    return plan


@register_action(rules.ACCEPT)
def accept_plan_rows(
    plan: AllocationPlan, rows: Sequence[int], *, author: ActingUser, by: Actor, at: datetime
) -> AllocationPlan:
    """Allocate these rows of the plan, by their ids: all or none. Rows of 0 units and accepted ones are left out.

    Refuses rows of another plan and, like every allocation, an offer that is no longer verified or free, and a
    line that no longer needs it. The refusal names the row. The reason of an allocation is the one for which a person
    changed the row, else the plan, if the goods were offered for another need that still needs goods.
    """
    with rules.ACCEPT.apply_to(plan, by=by, at=at, rows=len(rows)):
        chosen = plan.rows.filter(pk__in=rows).select_related(
            "lead__city", "lead__line__supply_request", "line__supply_request"
        )
        open_rows = [
            row for row in chosen.order_by("lead", "pk") if row.allocation_id is None and row.quantity
        ]
        if not open_rows or len(chosen) != len(set(rows)):
            raise Refused("nothing_chosen", rules.ROW_MISSING_MESSAGE, field="rows")
        for row in open_rows:
            try:
                other = other_line_in_need(row.lead, row.line)
                reason = row.change_reason or ("" if other is None else plan.reference)
                row.allocation = allocate(
                    row.lead, row.line, row.quantity, reason=reason, author=author, by=by, at=at
                )
            except Refused as refused:
                raise rules.row_allocation_refusal(row, refused) from refused
            row.save(update_fields=["allocation"])
    return plan
