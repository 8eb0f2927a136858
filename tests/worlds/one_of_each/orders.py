"""Order with its payment and memo, a draft, an order that waits for approval, and a donation."""

from datetime import date
from typing import Any

from procurement.allocations.plans.actions import CalculatedPlan, create_plan, finish_plan
from procurement.allocations.plans.models import PlanLine, PlanRow
from procurement.orders.acknowledgements.actions.answers import propose_terms
from procurement.orders.acknowledgements.actions.requests import request_acknowledgement
from procurement.orders.acknowledgements.queries import terms_version
from procurement.orders.acknowledgements.rules import SellerActor
from procurement.orders.actions.approve import record_confirmation, submit_order
from procurement.orders.decision_memos.actions import create_memo
from procurement.suppliers.models.suppliers import Supplier
from tests.worlds.acknowledgements import generate_purchase_order
from tests.worlds.need_to_order import AT, MAKER_NUMBER
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
    order = things["order"] = story.placed(things["allocation"], **terms)
    said = story.texts("order", "supplier_reference", "confirmed_by_name")
    record_confirmation(order, confirmation_method="phone", ready=True, **said, **story.by_officer)
    things |= {"order line": order.lines.get(), "payment": order.payments.order_by("pk").first()}
    play_acknowledgement(story, terms)
    given = story.offer("lead", things["line"], kind="donation")
    things["free allocation"] = story.allocated()
    things["draft order"] = story.draft(story.allocated(), **terms)
    things["waiting order"] = submit_order(story.draft(story.allocated(), **terms), **story.by_officer)
    things["gift"] = story.gift(story.allocated(given), budget_line=story.say("gift"))
    play_plan(story)
    things["memo"] = create_memo(order, **story.as_officer)


def play_acknowledgement(story: MarkedCity, terms: dict[str, Any]) -> None:
    """Send a placed order to its supplier, who proposes other terms."""
    things = story.things
    sent = things["sent order"] = story.placed(story.allocated(quantity=500), **terms)
    # Written directly: where another city relies on the company, a correction would wait for that city.
    reached = {"email": f"orders@{story.city.slug}.example", "uscc": MAKER_NUMBER}
    Supplier.objects.filter(pk=story.supplier.pk).update(**reached)
    story.supplier.refresh_from_db()
    generate_purchase_order(sent, story.officer)
    asked = things["acknowledgement"] = request_acknowledgement(sent, **story.as_officer)
    propose_terms(
        asked,
        delivery_on=date(2020, 6, 12),
        seen_version=terms_version(asked),
        **story.texts(
            "acknowledgement", "proposed_terms", "reason", "answered_by_name", "supplier_reference"
        ),
        by=SellerActor(asked, asked.person_id),
        at=AT,
    )


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
