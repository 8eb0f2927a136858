"""Commands that make events for a webhook, for the fault test, by actions.

`python -m tests.faults.worker.many_webhooks add URL SECRET_FILE` adds a webhook and writes its secret into a file.
`... events N` stops needs and takes offers for them again, until there are N events. `... marks_first` is the negative
control: a sender that records an event as delivered and then sends it.
"""

import os
import sys
import time
from itertools import cycle, islice
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from accounts.models import User
from procurement.requests.actions.requests import resume_offers, stop_request
from procurement.requests.models import SupplyRequest
from procurement.webhooks.actions import queue, sending
from procurement.webhooks.actions.endpoints import add_webhook, reveal_secret
from procurement.webhooks.http_sender import ATTEMPT_SECONDS
from procurement.webhooks.models import EventKind, WebhookDelivery
from tests.worlds import cities
from tests.worlds.need_to_order import Story
from workflow import clock
from workflow.clock import create_instance, real_now
from workflow.installation_models import Instance
from workflow.journal.hash_chain import seal_entries

NEEDS = 12
SECONDS_UNSENT = 0.5  # between record and send in the control, long enough to be killed there


def add(url: str, secret_file: str) -> None:
    """Post some needs of a city, and add a webhook for its needs."""
    create_instance(Instance.Kind.REAL)
    for _person in range(User.objects.count()):  # other tests have used these numbers in this database
        next(cities.numbers)
    story = Story("markham")
    for number in range(NEEDS):
        story.line(1_000 + number)
    user = cities.member("administrator", story.city)
    by = {"by": cities.powers_for(user), "at": clock.now()}
    endpoint = add_webhook(
        story.city,
        description="Stock system",
        url=url,
        event_kinds=[EventKind.SUPPLY_REQUEST],
        author=user,
        **by,
    )
    Path(secret_file).write_text(reveal_secret(endpoint, **by, real_at=real_now()), encoding="utf-8")


def make_events(count: int) -> None:
    """Stop each need and take offers for it again, in turn; a need that is stopped already is resumed first."""
    needs = list(SupplyRequest.objects.filter(city__slug="markham").order_by("pk"))
    officer = cities.powers_for(needs[0].author)
    for need in islice(cycle(needs), count):
        need.refresh_from_db(fields=["stopped"])
        if need.stopped:
            resume_offers(need, by=officer, at=clock.now())
        else:
            stop_request(need, reason="Enough", by=officer, at=clock.now())


def mark_then_send() -> None:
    """Send each due event after it was recorded as delivered."""
    while True:
        seal_entries()
        queue.plan_deliveries(real_now())
        for delivery in queue.claim_due(1, real_now()):
            request = sending._prepare(delivery, clock.now(), real_now())
            queue.record_result(delivery, WebhookDelivery.State.DELIVERED)
            assert request is not None
            time.sleep(SECONDS_UNSENT)
            request.send(real_now(), ATTEMPT_SECONDS)


COMMANDS = {
    "add": lambda: add(*sys.argv[2:]),
    "events": lambda: make_events(int(sys.argv[2])),
    "marks_first": mark_then_send,
}
if __name__ == "__main__":
    COMMANDS[sys.argv[1]]()
