"""Order with its payment and memo, a draft, an order that waits for approval, and a donation."""

from procurement.allocations.plans.actions import CalculatedPlan, create_plan, finish_plan
from procurement.allocations.plans.models import PlanLine, PlanRow
from procurement.orders.actions.approve import submit_order
from procurement.orders.decision_memos.actions import create_memo
from tests.worlds.need_to_order import AT
from tests.worlds.one_of_each.marked_city import MarkedCity


def play_orders(story: MarkedCity) -> None:
    """Place the order, and leave others at earlier steps."""
    things = story.things
    fields = (
        *("authority_reference", "budget_line", "few_offers_reason", "incoterm_place"),
        "offers_sought_reason",
    )
    terms = story.texts("order", *fields)
    things["allocation"] = story.allocated()
    order = things["order"] = story.ready(things["allocation"], **terms)
    things |= {"order line": order.lines.get(), "payment": order.payments.order_by("pk").first()}
    given = story.offer("lead", things["line"], kind="donation")
    things["free allocation"] = story.allocated()
    things["draft order"] = story.draft(story.allocated(), **terms)
    things["waiting order"] = submit_order(story.draft(story.allocated(), **terms), **story.by_officer)
    things["gift"] = story.gift(story.allocated(given), budget_line=story.say("gift"))
    play_plan(story)
    things["memo"] = create_memo(order, **story.as_officer)


def play_plan(story: MarkedCity) -> None:
    """Leave an allocation plan with a row that a person changed."""
    things = story.things
    line, lead = things["line"], things["lead"]
    plan = things["plan"] = create_plan([line], [lead], **story.as_officer)
    supply = PlanLine(
        plan=plan, line=line, needed=line.quantity, days_before=2, use_per_day=300, reason="shared"
    )
    row = PlanRow(
        plan=plan,
        line=line,
        lead=lead,
        proposed=1_000,
        quantity=500,
        cost=1,
        mode="air",
        arrives_on=AT.date(),
        reason="share",
        change_reason=story.say("plan"),
        changed_by=story.officer.user,
    )
    finish_plan(plan, CalculatedPlan([supply], [row], "a" * 64), at=AT)
    things["plan row"] = row
