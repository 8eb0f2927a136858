"""Webhook of the city, and a test event to it that failed."""

from procurement.webhooks.actions.endpoints import add_webhook, send_test_event
from procurement.webhooks.actions.queue import claim_due, record_result
from procurement.webhooks.models import EventKind
from tests.worlds.need_to_order import AT
from tests.worlds.one_of_each.marked_city import MarkedCity

# A public address, so that no name must be looked up. Nothing is sent there: no test leaves the machine.
PUBLIC_URL = "https://93.184.216.34/"


def play_webhook(story: MarkedCity) -> None:
    """Add a webhook, and give up its test event."""
    by = {"by": story.administrator.by, "at": AT}
    path = story.marks.word("webhook", story.city.slug)
    endpoint = story.things["webhook"] = add_webhook(
        story.city,
        description=story.say("webhook"),
        url=f"{PUBLIC_URL}{path}",
        event_kinds=[EventKind.ORDER],
        author=story.administrator.user,
        **by,
    )
    send_test_event(endpoint, **by, real_at=AT)
    for claimed in claim_due(1, AT):
        record_result(claimed, "failed", attempts=10, tried_at=AT, result="refused", response_status=500)
    story.things["webhook delivery"] = endpoint.deliveries.get()
