"""Fixtures: an example purchase, a receiving system on loopback, and a webhook of the city that sends to it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pytest

from procurement.tasks import plan_webhooks, seal_journal
from procurement.webhooks.actions.endpoints import add_webhook
from procurement.webhooks.actions.sending import send_due_events
from procurement.webhooks.models import EventKind, WebhookDelivery, WebhookEndpoint
from procurement.webhooks.signing import decrypt_secret
from tests.webhook_receiver import Receiver, is_genuine
from tests.worlds import cities
from tests.worlds.need_to_order import AT, Person, Story
from workflow import clock

SECONDS = 1.0  # for each attempt


@dataclass
class Hooked:
    """A story whose city has a webhook."""

    story: Story
    administrator: Person
    receiver: Receiver
    endpoint: WebhookEndpoint

    def another(self, description: str, url: str) -> WebhookEndpoint:
        """Return another webhook of the city, for the same kinds of events."""
        return add_webhook(
            self.story.city,
            description=description,
            url=url,
            event_kinds=self.endpoint.event_kinds,
            author=self.administrator.user,
            by=self.administrator.by,
            at=AT,
        )

    def plan(self) -> list[WebhookDelivery]:
        """Seal the journal and plan its events; return the deliveries in their order."""
        seal_journal(AT)
        plan_webhooks(AT)
        return self.deliveries

    def send(self) -> int:
        """Plan and send what is due, and return how many events were delivered."""
        self.plan()
        return send_due_events(lambda: AT, clock.real_now, seconds=SECONDS)

    @property
    def deliveries(self) -> list[WebhookDelivery]:
        """Deliveries of the webhook in the order of the journal."""
        return list(self.endpoint.deliveries.order_by("entry"))

    @property
    def only(self) -> WebhookDelivery:
        """The one delivery."""
        (found,) = self.deliveries
        return found

    def is_genuine(self, call: Any, at: datetime | None = None) -> bool:
        """Return True if the receiving system accepts the signature of a request with the current secret."""
        self.endpoint.refresh_from_db()
        now = (at or clock.real_now()).timestamp()
        return is_genuine(decrypt_secret(self.endpoint.secret), call.headers, call.body, now)


def administrator_of(story: Story) -> Person:
    """Return an administrator of the story's city."""
    user = cities.member("administrator", story.city)
    return Person(user, cities.powers_for(user))


@pytest.fixture
def receiver(settings: Any) -> Iterator[Receiver]:
    settings.WEBHOOK_INTERNAL_HOSTS, settings.WEBHOOK_ALLOW_HTTP = ["127.0.0.1"], True
    with Receiver() as running:
        yield running


@pytest.fixture
def hooked(story: Story, receiver: Receiver) -> Hooked:
    person = administrator_of(story)
    seal_journal(AT)
    endpoint = add_webhook(
        story.city,
        description="Stock system",
        url=receiver.url,
        event_kinds=[EventKind.SUPPLY_REQUEST, EventKind.ORDER],
        author=person.user,
        by=person.by,
        at=AT,
    )
    return Hooked(story, person, receiver, endpoint)
