"""Tests of a mail preference changed between a notification and its mail.

The waiting mail then goes at once, with the daily digest, or not at all.
"""

from datetime import timedelta

from procurement import tasks
from procurement.tasks import deliver_messages, plan_messages, run_tick
from tests.procurement.tasks.daily_mail.mail_reader import (
    MORNING,
    NOON,
    choose_delivery,
    comment_as_colleague,
    mail_to,
)
from tests.worlds.need_to_order import AT
from workflow.outbox import queue
from workflow.outbox.in_app_notifications import hold_for_digest
from workflow.outbox.models import Message, Notification


class TestPreferenceChanges:
    def test_change_from_digest_to_at_once_sends_waiting_notifications(self, story, need, officer, sink):
        comment_as_colleague(story, need, "One", NOON)
        comment_as_colleague(story, need, "Two", NOON)
        run_tick(NOON)
        choose_delivery(officer, NOON, comments="at_once")
        run_tick(NOON)
        (mail,) = mail_to(sink, officer)
        assert mail["Subject"] == "2 notifications for you"
        comment_as_colleague(story, need, "Three", NOON)
        run_tick(NOON + timedelta(minutes=1))
        assert "New comment" in str(mail_to(sink, officer)[1]["Subject"])
        run_tick(MORNING)
        assert len(mail_to(sink, officer)) == 2

    def test_change_to_at_once_sends_waiting_notifications_after_the_days_digest(
        self, story, need, officer, sink
    ):
        choose_delivery(officer, NOON, offers="digest")
        comment_as_colleague(story, need, "One", NOON)
        run_tick(NOON)
        run_tick(MORNING)
        comment_as_colleague(story, need, "Two", MORNING)
        run_tick(MORNING)
        choose_delivery(officer, MORNING, comments="at_once")
        run_tick(MORNING + timedelta(minutes=1))
        assert len(mail_to(sink, officer)) == 2

    def test_change_from_digest_to_no_mail_keeps_only_the_notifications(self, story, need, officer, sink):
        comment_as_colleague(story, need, "One", NOON)
        run_tick(NOON)
        choose_delivery(officer, NOON, comments="off")
        run_tick(MORNING)
        assert mail_to(sink, officer) == []
        assert Notification.objects.filter(recipient=officer).unread().count() == 1

    def test_change_from_at_once_to_digest_moves_planned_mail_into_the_digest(
        self, story, need, officer, sink
    ):
        choose_delivery(officer, NOON, comments="at_once")
        evening = NOON + timedelta(hours=10)
        comment_as_colleague(story, need, "One", evening)
        run_tick(evening)
        assert Message.objects.get(recipient=officer).state == Message.State.PLANNED
        choose_delivery(officer, evening, comments="digest")
        assert Message.objects.get(recipient=officer).state == Message.State.CANCELLED
        run_tick(MORNING)
        (mail,) = mail_to(sink, officer)
        assert mail["Subject"] == "1 notification for you"

    def test_change_from_at_once_to_no_mail_drops_planned_mail(self, story, need, officer, sink):
        choose_delivery(officer, NOON, comments="at_once")
        evening = NOON + timedelta(hours=10)
        comment_as_colleague(story, need, "One", evening)
        run_tick(evening)
        choose_delivery(officer, evening, comments="off")
        run_tick(MORNING)
        assert mail_to(sink, officer) == []

    def test_preference_changed_while_a_sender_holds_the_mail_is_respected(self, story, need, officer, sink):
        choose_delivery(officer, NOON, comments="at_once")
        comment_as_colleague(story, need, "One", NOON)
        plan_messages(NOON)
        (held,) = queue.claim_due_messages(5, NOON, timedelta(0))  # a sender took it and died
        choose_delivery(officer, NOON, comments="digest")
        Message.objects.filter(pk=held.pk).update(leased_until=AT)
        run_tick(NOON)
        assert mail_to(sink, officer) == []
        assert Notification.objects.get(recipient=officer).digest_at == MORNING
        run_tick(MORNING)
        assert len(mail_to(sink, officer)) == 1

    def test_mail_whose_notification_waits_for_the_digest_is_not_sent_separately(
        self, story, need, officer, sink
    ):
        """The sender was killed after it stored the waiting notification and before it dropped the message."""
        choose_delivery(officer, NOON, comments="at_once")
        comment_as_colleague(story, need, "One", NOON)
        plan_messages(NOON)
        hold_for_digest(Message.objects.get(recipient=officer), MORNING)
        deliver_messages(NOON)
        assert mail_to(sink, officer) == []
        assert Message.objects.get(recipient=officer).state == Message.State.CANCELLED

    def test_preference_changed_after_planning_is_respected_by_the_digest(self, story, need, officer, sink):
        comment_as_colleague(story, need, "One", NOON)
        run_tick(NOON)
        officer.notification_preferences.update(delivery="off")
        run_tick(MORNING)
        assert mail_to(sink, officer) == []
        assert not Notification.objects.waiting_for_digest().exists()

    def test_planned_digest_no_longer_wanted_is_not_sent(self, story, need, officer, sink):
        comment_as_colleague(story, need, "One", NOON)
        run_tick(NOON)
        tasks.create_digests(MORNING)
        plan_messages(MORNING)
        choose_delivery(officer, MORNING, comments="off")
        deliver_messages(MORNING)
        assert mail_to(sink, officer) == []
