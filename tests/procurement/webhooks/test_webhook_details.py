"""Tests of the details that a webhook must have: what it is for, and the kinds of events that it gets."""

import pytest

from procurement.webhooks.actions.endpoints import WebhookEdit, add_webhook, edit_webhook
from procurement.webhooks.models import EventKind, WebhookEndpoint
from tests.procurement.refusals import assert_refused
from tests.procurement.webhooks.conftest import Hooked
from tests.worlds.need_to_order import AT
from workflow import clock

pytestmark = pytest.mark.django_db
WRONG_DETAILS = [
    ({"description": " \t"}, "text_missing", "description"),
    ({"event_kinds": []}, "no_such_event", "event_kinds"),
    ({"event_kinds": [EventKind.LOT, "contact"]}, "no_such_event", "event_kinds"),
]


@pytest.mark.parametrize(("wrong", "code", "field"), WRONG_DETAILS)
def test_webhook_without_a_purpose_or_a_known_kind_of_event_is_not_added(hooked: Hooked, wrong, code, field):
    person = hooked.administrator
    right = {"description": "Depot", "url": hooked.receiver.url, "event_kinds": [EventKind.LOT]}
    with assert_refused(code) as no:
        add_webhook(hooked.story.city, **right | wrong, author=person.user, by=person.by, at=AT)
    assert no.value.details["field"] == field
    assert WebhookEndpoint.objects.get() == hooked.endpoint


@pytest.mark.parametrize(("wrong", "code", "field"), WRONG_DETAILS)
def test_webhook_keeps_its_purpose_and_kinds_of_events_if_the_new_ones_are_wrong(
    hooked: Hooked, wrong, code, field
):
    person = hooked.administrator
    with assert_refused(code, hooked.endpoint) as no:
        edit_webhook(
            hooked.endpoint,
            edit=WebhookEdit(**wrong),
            author=person.user,
            by=person.by,
            at=AT,
            real_at=clock.real_now(),
        )
    assert no.value.details["field"] == field
    stored = WebhookEndpoint.objects.get()
    assert (stored.description, stored.event_kinds) == ("Stock system", ["supply_request", "order"])
