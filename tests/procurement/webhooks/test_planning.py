"""Each event is planned once and in order, survives a killed sender, and is sent only with the owner's rights."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from random import Random

import pytest
from django.db import connection
from django.db.models.functions import Now

from accounts.actions.people import deactivate
from accounts.actors import CONSOLE_ACTOR
from partners.memberships.actions import end_role
from partners.memberships.models import Membership
from procurement import tasks
from procurement.requests.actions.requests import stop_request
from procurement.shared_api.object_urls import COLLECTION_BY_LABEL
from procurement.webhooks.actions import queue, sending
from procurement.webhooks.actions.endpoints import (
    add_webhook,
    disable_webhook,
    enable_webhook,
    resend_event,
    resend_failed_events,
    send_test_event,
)
from procurement.webhooks.events import EVENT_OBJECTS, event_type
from procurement.webhooks.http_sender import AttemptResult
from procurement.webhooks.models import EventKind, WebhookCursor, WebhookDelivery, WebhookEndpoint
from procurement.webhooks.rules import MAX_JITTER, RETRY_DELAYS, next_attempt_at
from procurement.webhooks.signing import webhook_id
from tests.procurement.refusals import assert_refused
from tests.procurement.webhooks.conftest import Hooked
from tests.webhook_receiver import Receiver, answer_after, answer_with
from tests.worlds import cities
from tests.worlds.need_to_order import AT, Story
from workflow import clock
from workflow.comments_and_files.actions import add_comment
from workflow.journal.models import Entry

pytestmark = pytest.mark.django_db


def types(hooked: Hooked) -> list[str]:
    return [delivery.event_type for delivery in hooked.deliveries]


def test_event_kinds_name_the_collections_of_the_api():
    for event_object in EVENT_OBJECTS.values():
        collection = COLLECTION_BY_LABEL[event_object.label]
        assert (collection.path, collection.lookup_field) == (
            event_object.collection,
            event_object.lookup_field,
        )
    assert set(EventKind) == set(EVENT_OBJECTS) - {"webhook_endpoint"}


def test_only_moves_of_the_chosen_kinds_in_the_own_city_are_events(hooked: Hooked):
    need = hooked.story.line(8_000).supply_request
    add_comment(need, "Hello", language="en", by=hooked.story.officer.by, at=AT)
    hooked.story.supplier  # noqa: B018 - a supplier belongs to no city
    other = Story("markham")
    other.line(5_000)
    hooked.plan()
    assert types(hooked) == ["supply_request.draft", "supply_request.edit", "supply_request.post"]
    assert {delivery.thing_id for delivery in hooked.deliveries} == {need.pk}
    assert hooked.plan() == hooked.deliveries
    comment = Entry.objects.get(verb="comment")
    assert event_type(comment) is None


def test_events_before_the_webhook_are_not_planned(story, receiver):
    story.line(8_000)
    user = cities.member("administrator", story.city)
    tasks.seal_journal(AT)
    endpoint = add_webhook(
        story.city,
        description="Stock",
        url=receiver.url,
        event_kinds=[EventKind.SUPPLY_REQUEST],
        author=user,
        by=cities.powers_for(user),
        at=AT,
    )
    tasks.plan_webhooks(AT)
    assert not endpoint.deliveries.exists()


def test_planning_in_parts_misses_and_repeats_nothing(hooked: Hooked, monkeypatch):
    monkeypatch.setattr(queue, "ENTRIES_PER_RUN", 2)
    for quantity in (1_000, 2_000, 3_000):
        hooked.story.line(quantity)
    tasks.seal_journal(AT)
    rounds = 1
    while tasks.plan_webhooks(AT):
        rounds += 1
    assert rounds >= 4
    wanted = Entry.objects.filter(thing_label="procurement.supplyrequest", city_id=hooked.story.city.pk)
    planned = list(hooked.endpoint.deliveries.order_by("entry").values_list("entry", flat=True))
    assert planned == list(wanted.order_by("pk").values_list("pk", flat=True))


def test_planning_that_fails_half_way_is_repeated_whole(hooked: Hooked, monkeypatch):
    hooked.story.line(8_000)
    tasks.seal_journal(AT)
    with monkeypatch.context() as broken:
        broken.setattr(WebhookCursor, "save", lambda *_args, **_kwargs: 1 / 0)
        tasks.plan_webhooks(AT)
    assert types(hooked) == []
    tasks.plan_webhooks(AT)
    assert len(types(hooked)) == 3


def test_sender_killed_after_its_claim_leaves_the_event_to_the_next(hooked: Hooked):
    send_test_event(hooked.endpoint, by=hooked.administrator.by, at=AT, real_at=clock.real_now())
    (held,) = queue.claim_due(5, clock.real_now())
    assert queue.claim_due(5, clock.real_now()) == []
    assert not queue.has_work(clock.real_now())
    WebhookDelivery.objects.update(leased_until=Now() - timedelta(seconds=1))
    assert queue.has_work(clock.real_now())
    assert hooked.send() == 1
    assert not queue.renew_lease(held)
    assert not sending.record_attempt(held, AttemptResult("timed_out"), AT, clock.real_now())
    assert hooked.only.state == "delivered"
    assert hooked.receiver.calls[0].number == webhook_id(held.message_id)


def test_sender_paused_beyond_its_lease_does_not_send(hooked: Hooked):
    send_test_event(hooked.endpoint, by=hooked.administrator.by, at=AT, real_at=clock.real_now())
    (held,) = queue.claim_due(5, clock.real_now())
    WebhookDelivery.objects.update(leased_until=Now() - timedelta(seconds=1))
    assert not queue.renew_lease(held)


def test_slow_webhook_delays_no_other(hooked: Hooked, receiver):
    person = hooked.administrator
    hooked.receiver.answer = answer_after(0.8)
    with Receiver() as quick:
        second = add_webhook(
            hooked.story.city,
            description="Quick",
            url=quick.url,
            event_kinds=[EventKind.ORDER],
            author=person.user,
            by=person.by,
            at=AT,
        )
        for endpoint in (hooked.endpoint, second):
            for _number in range(4):
                send_test_event(endpoint, by=person.by, at=AT, real_at=clock.real_now())
        hooked.send()
    done = WebhookDelivery.objects.order_by("tried_at").values_list("endpoint", flat=True)
    assert list(done)[:4] == [second.pk] * 4
    assert WebhookDelivery.objects.filter(state="delivered").count() == 8


# --- rights ---------------------------------------------------------------------------------------------------------
def test_event_is_not_sent_if_its_object_is_hidden_from_the_owner_meanwhile(hooked: Hooked, monkeypatch):
    need = hooked.story.line(8_000).supply_request
    hooked.send()
    sent = len(hooked.receiver.calls)
    stop_request(need, reason="Enough", by=hooked.story.officer.by, at=AT)
    hooked.plan()
    # The need moves to a city whose records the owner may not read.
    type(need).objects.filter(pk=need.pk).update(city=cities.city("oakville"))
    assert hooked.send() == 0
    assert len(hooked.receiver.calls) == sent
    last = hooked.deliveries[-1]
    assert (last.state, last.result) == ("cancelled", "no_rights")


def test_event_of_a_deleted_object_is_not_sent(hooked: Hooked):
    need = hooked.story.line(8_000).supply_request
    hooked.plan()
    need.lines.all().delete()
    type(need).objects.filter(pk=need.pk).delete()
    assert hooked.send() == 0
    assert {one.result for one in hooked.deliveries} == {"no_rights"}


@pytest.mark.parametrize("how", ["role ended", "deactivated"])
def test_webhook_is_disabled_when_its_owner_leaves(hooked: Hooked, how):
    cities.member("administrator", hooked.story.city, "Second administrator")
    hooked.story.line(8_000)
    hooked.plan()
    user = hooked.administrator.user
    if how == "role ended":
        end_role(Membership.objects.get(user=user), by=CONSOLE_ACTOR, at=AT)
    else:
        deactivate(user, by=CONSOLE_ACTOR, at=AT, real_at=clock.real_now(), reason="Left")
    assert hooked.send() == 0
    assert not hooked.receiver.calls
    hooked.endpoint.refresh_from_db()
    assert (hooked.endpoint.status, hooked.endpoint.disabled_reason) == ("disabled", "owner_left")
    assert {one.state for one in hooked.deliveries} == {"cancelled"}


def test_administrator_who_enables_it_becomes_its_owner(hooked: Hooked):
    second = cities.member("administrator", hooked.story.city, "Second administrator")
    end_role(Membership.objects.get(user=hooked.administrator.user), by=CONSOLE_ACTOR, at=AT)
    hooked.story.line(8_000)
    hooked.send()
    enable_webhook(hooked.endpoint, author=second, by=cities.powers_for(second), at=AT)
    by = cities.powers_for(second)
    resend_failed_events(
        hooked.endpoint, since=AT - timedelta(days=1), by=by, at=AT, real_at=clock.real_now()
    )
    assert hooked.send() == 3


# --- disabling and sending again -------------------------------------------------------------------------------------
def test_disabled_webhook_gets_no_events_and_continues_with_later_ones(hooked: Hooked):
    by = {"by": hooked.administrator.by, "at": AT}
    need = hooked.story.line(8_000).supply_request
    hooked.plan()
    disable_webhook(hooked.endpoint, **by)
    assert {one.state for one in hooked.deliveries} == {"cancelled"}
    stop_request(need, reason="Enough", by=hooked.story.officer.by, at=AT)
    assert hooked.send() == 0
    enable_webhook(hooked.endpoint, author=hooked.administrator.user, **by)
    hooked.story.line(5_000)
    assert hooked.send() == 3
    assert "supply_request.stop" not in hooked.receiver.types


def test_event_sent_again_keeps_its_number_and_body(hooked: Hooked):
    by = {"by": hooked.administrator.by, "at": AT, "real_at": clock.real_now()}
    need = hooked.story.line(8_000).supply_request
    hooked.send()
    stop_request(need, reason="Enough", by=hooked.story.officer.by, at=AT)
    first = hooked.deliveries[0]
    resend_event(hooked.endpoint, delivery=first, **by)
    hooked.send()
    original = hooked.receiver.calls[0]
    again = [call for call in hooked.receiver.calls[3:] if call.number == original.number]
    assert [call.body for call in again] == [original.body]


def test_event_that_waits_is_sent_at_once_but_not_one_that_is_being_sent(hooked: Hooked):
    by = {"by": hooked.administrator.by, "at": AT, "real_at": clock.real_now()}
    send_test_event(hooked.endpoint, **by)
    hooked.endpoint.deliveries.update(next_try_at=clock.real_now() + timedelta(hours=20), attempts=8)
    assert hooked.send() == 0
    resend_event(hooked.endpoint, delivery=hooked.only, **by)
    (held,) = queue.claim_due(1, clock.real_now())
    assert held.attempts == 0
    with assert_refused("not_settled"):
        resend_event(hooked.endpoint, delivery=hooked.only, **by)


def test_event_of_another_webhook_is_not_sent_again(hooked: Hooked):
    by = {"by": hooked.administrator.by, "at": AT}
    other = add_webhook(
        hooked.story.city,
        description="Other",
        url=hooked.receiver.url,
        event_kinds=[EventKind.ORDER],
        author=hooked.administrator.user,
        **by,
    )
    send_test_event(other, **by, real_at=clock.real_now())
    hooked.send()
    with assert_refused("not_settled"):
        resend_event(hooked.endpoint, delivery=other.deliveries.get(), **by, real_at=clock.real_now())


def test_failed_events_since_a_moment_are_sent_again_in_order(hooked: Hooked):
    by = {"by": hooked.administrator.by, "at": AT, "real_at": clock.real_now()}
    hooked.story.line(8_000)
    hooked.plan()
    hooked.endpoint.deliveries.update(state="failed", attempts=10)
    old, *others = hooked.deliveries
    early = clock.real_now() - timedelta(days=2)
    WebhookDelivery.objects.filter(pk=old.pk).update(created_at=early)
    resend_failed_events(hooked.endpoint, since=early + timedelta(days=1), **by)
    assert hooked.send() == 2
    assert hooked.receiver.types == [one.event_type for one in others]
    assert hooked.deliveries[0].state == "failed"


def test_settled_deliveries_are_deleted_after_90_days(hooked: Hooked):
    hooked.story.line(8_000)
    hooked.send()
    first, second, third = hooked.deliveries
    old = clock.real_now() - timedelta(days=91)
    WebhookDelivery.objects.filter(pk__in=[first.pk, second.pk]).update(created_at=old)
    WebhookDelivery.objects.filter(pk=second.pk).update(state="planned")
    queue.delete_old_deliveries(clock.real_now() - timedelta(days=90))
    assert [one.pk for one in hooked.deliveries] == [second.pk, third.pk]


# --- schedule ----------------------------------------------------------------------------------------------------------
def test_schedule_has_ten_attempts_over_about_75_hours():
    assert len(RETRY_DELAYS) == 9
    assert timedelta(hours=75) < sum(RETRY_DELAYS, timedelta()) < timedelta(hours=76)
    assert next_attempt_at(10, AT, Random(1)) is None
    waits = {next_attempt_at(2, AT, Random(seed)) - AT for seed in range(50)}
    assert len(waits) == 50
    assert min(waits) >= RETRY_DELAYS[1]
    assert max(waits) <= RETRY_DELAYS[1] * (1 + MAX_JITTER)


# --- notice ---------------------------------------------------------------------------------------------------------
def test_administrators_are_notified_when_a_webhook_is_disabled_by_failures(hooked: Hooked):
    second = cities.member("administrator", hooked.story.city, "Second administrator")
    hooked.receiver.answer = answer_with(410)
    send_test_event(hooked.endpoint, by=hooked.administrator.by, at=AT, real_at=clock.real_now())
    hooked.send()
    tasks.plan_messages(AT)
    told = {(one.recipient_id, one.entry.verb) for one in second.notifications.all()}
    assert told == {(second.pk, "suspend")}
    assert hooked.administrator.user.notifications.filter(entry__verb="suspend").count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_planners_and_two_senders_give_each_event_once(story, receiver):
    user = cities.member("administrator", story.city)
    tasks.seal_journal(AT)
    endpoint = add_webhook(
        story.city,
        description="Stock",
        url=receiver.url,
        event_kinds=[EventKind.SUPPLY_REQUEST],
        author=user,
        by=cities.powers_for(user),
        at=AT,
    )
    for quantity in range(1_000, 9_000, 1_000):
        story.line(quantity)
    tasks.seal_journal(AT)

    def work(_number: int) -> None:
        try:
            tasks.plan_webhooks(AT)
            tasks.send_webhooks()
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(work, range(4)))
    numbers = [call.number for call in receiver.calls]
    assert len(numbers) == len(set(numbers)) == 24
    entries = [call.event["data"]["entry"] for call in receiver.calls]
    assert entries == sorted(entries)
    assert set(endpoint.deliveries.values_list("state", flat=True)) == {"delivered"}
    assert WebhookEndpoint.objects.get().status == "active"


@pytest.mark.django_db(transaction=True)
def test_tick_sends_beside_the_periodic_job(story, receiver, settings):
    settings.NUDGE = ""
    clock.create_instance("real", None)
    user = cities.member("administrator", story.city)
    receiver.answer = answer_after(1)
    endpoint = add_webhook(
        story.city,
        description="Stock",
        url=receiver.url,
        event_kinds=[EventKind.ORDER],
        author=user,
        by=cities.powers_for(user),
        at=AT,
    )
    send_test_event(endpoint, by=cities.powers_for(user), at=AT, real_at=clock.real_now())
    began = clock.real_now()
    tasks.request_webhooks()
    assert clock.real_now() - began < timedelta(seconds=0.8)
    tasks._webhook_sender.wait(10)
    assert endpoint.deliveries.get().state == "delivered"
