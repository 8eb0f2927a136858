"""The queue of due messages: each is planned once, claimed under a lease, and marked only by the holder of the lease."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models.functions import Now

from tests.workflow.conftest import AT
from workflow.journal.models import Entry
from workflow.outbox import delivery, queue
from workflow.outbox.in_app_notifications import _build_digest_for
from workflow.outbox.models import Message, Notification
from workflow.outbox.queue import mark_sending, next_attempt_at, record_result, requeue

NO_PACE = timedelta()
pytestmark = pytest.mark.django_db


def claim(limit=10, at=AT, pace=NO_PACE):
    return queue.claim_due_messages(limit, at, pace)


def test_same_message_to_same_recipient_is_planned_once(plan, user):
    first = plan(recipient=user)
    plan(recipient=user, subject="Again")
    assert [message.pk for message in Message.objects.all()] == [first.pk]


def test_two_entries_plan_two_messages_to_one_person(plan, user, another_entry):
    plan(recipient=user)
    plan(recipient=user, entry=another_entry())
    assert Message.objects.count() == 2


def test_due_message_is_claimed_with_a_lease_on_database_time(plan):
    message = plan()
    (claimed,) = claim()
    assert claimed.pk == message.pk
    assert claimed.state == Message.State.SENDING
    left = Message.objects.annotate(left=queue.F("leased_until") - Now()).get().left
    assert timedelta(seconds=100) < left <= timedelta(seconds=120)


def test_message_not_yet_due_is_not_claimed(plan):
    plan(next_try_at=AT + timedelta(seconds=1))
    assert claim() == []


def test_claim_takes_the_oldest_messages_up_to_its_limit(plan):
    late, early = plan(), plan(next_try_at=AT - timedelta(hours=1))
    assert [message.pk for message in claim(limit=1)] == [early.pk]
    assert [message.pk for message in claim(limit=1)] == [late.pk]
    assert claim() == []


def test_one_message_per_person_is_claimed_at_a_time(plan, user, another_entry):
    first = plan(recipient=user, next_try_at=AT - timedelta(hours=1))
    plan(recipient=user, entry=another_entry())
    assert [message.pk for message in claim()] == [first.pk]
    assert claim() == [], "the first is still on its way"


def test_second_message_to_a_person_waits_for_the_next_round(plan, user, another_entry, office):
    plan(recipient=user)
    plan(recipient=user, entry=another_entry())
    assert delivery.deliver(10, AT, office.hooks).sent_count == 1
    assert delivery.deliver(10, AT, office.hooks).sent_count == 0
    assert delivery.deliver(10, AT + timedelta(seconds=30), office.hooks).sent_count == 1


def test_two_messages_due_at_once_do_not_block_each_other(plan, user, another_entry):
    plan(recipient=user)
    plan(recipient=user, entry=another_entry())
    assert len(claim()) == 1


def let_lease_lapse(message):
    Message.objects.filter(pk=message.pk).update(leased_until=Now() - timedelta(seconds=1))


def test_lapsed_claim_of_a_dead_sender_is_claimed_again(plan):
    plan()
    (first,) = claim()
    assert claim() == []
    let_lease_lapse(first)
    (second,) = claim()
    assert second.pk == first.pk
    assert second.claim != first.claim


def test_stale_sender_can_neither_renew_nor_send_nor_record(plan):
    plan()
    (stale,) = claim()
    let_lease_lapse(stale)
    claim()
    assert not queue.renew_lease(stale)
    assert not mark_sending(stale)
    assert not record_result(stale, Message.State.SENT, "", sent_at=AT)
    assert Message.objects.get().state == Message.State.SENDING


def test_lapsed_lease_prevents_sending(plan):
    plan()
    (message,) = claim()
    let_lease_lapse(message)
    assert not mark_sending(message)


def test_cancelling_an_objects_messages_prevents_their_claim(plan, user):
    message = plan(recipient=user)
    assert queue.cancel_messages_about(user) == 1
    message.refresh_from_db()
    assert message.state == Message.State.CANCELLED
    assert claim() == []


def test_claimed_message_can_be_cancelled_before_sending(plan, user):
    plan(recipient=user)
    (message,) = claim()
    assert queue.cancel_messages_about(user) == 1
    assert not mark_sending(message)


def test_message_already_being_sent_cannot_be_cancelled(plan, user):
    plan(recipient=user)
    (message,) = claim()
    assert mark_sending(message)
    assert queue.cancel_messages_about(user) == 0
    assert record_result(message, Message.State.SENT, "", sent_at=AT)


def test_requeued_message_can_be_claimed_again(plan):
    plan()
    requeue(claim())
    assert Message.objects.get().state == Message.State.PLANNED
    assert len(claim()) == 1


@pytest.mark.parametrize(("attempts", "minutes"), [(1, 1), (2, 2), (3, 4), (9, 240), (500, 240)])
def test_retry_delay_doubles_up_to_four_hours_with_jitter(attempts, minutes):
    waits = [next_attempt_at(attempts, AT) - AT for _ in range(200)]
    assert min(waits) >= timedelta(minutes=minutes * 2 / 3)
    assert max(waits) <= timedelta(minutes=minutes * 4 / 3)
    assert len(set(waits)) > 100


@pytest.mark.parametrize(
    "facts",
    [
        {"state": Message.State.SENT},
        {"state": Message.State.PLANNED, "sent_at": AT},
        {"state": Message.State.SENDING},
        {"state": Message.State.PLANNED, "claim": uuid4(), "leased_until": AT},
    ],
)
def test_database_rejects_a_message_state_without_its_facts(plan, facts):
    message = plan()
    with pytest.raises(IntegrityError), transaction.atomic():
        Message.objects.filter(pk=message.pk).update(**facts)


def test_claim_query_uses_the_partial_index(plan):
    plan()
    due = Message.objects.filter(state=Message.State.PLANNED, next_try_at__lte=AT).order_by(
        "next_try_at", "id"
    )[:20]
    with connection.cursor() as cursor:
        cursor.execute(
            "SET LOCAL enable_seqscan = off; SET LOCAL enable_sort = off"
        )  # PostgreSQL would scan a small table
    assert "message_planned" in due.explain()


def test_notification_is_named_by_category_and_object():
    assert (
        str(Notification(kind="offers", thing_label="procurement.lead", thing_id=7))
        == "offers procurement.lead 7"
    )


def test_digest_for_a_deleted_person_is_not_built():
    _build_digest_for(0, AT, lambda *_what: pytest.fail("no one is read for"))
    assert not Entry.objects.exists()
