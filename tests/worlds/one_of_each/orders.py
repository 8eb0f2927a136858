"""Order with its payment and memo, a draft, an order that waits for approval, and a donation."""

from procurement.orders.actions.approve import submit_order
from procurement.orders.decision_memos.actions import create_memo
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
    things["memo"] = create_memo(order, **story.as_officer)
