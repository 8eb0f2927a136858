"""Tests of the daily digest: waiting notifications arrive once, in the reader's morning."""

from datetime import timedelta

from accounts.actions.people import PersonEdit, edit_person, stop_mail
from accounts.actors import CONSOLE_ACTOR
from partners.memberships.actions import end_role
from procurement.orders.actions.approve import return_to_author, submit_order
from procurement.tasks import run_tick
from tests.procurement.tasks.daily_mail.mail_reader import (
    MONDAY,
    MORNING,
    NOON,
    choose_delivery,
    comment_as_colleague,
    mail_to,
)
from tests.worlds.cities import powers_for
from tests.worlds.need_to_order import AT
from workflow.outbox.models import Notification


class TestDailyDigest:
    def test_waiting_notifications_come_in_one_grouped_morning_mail(
        self, story, need, officer, sink, settings
    ):
        comment_as_colleague(story, need, "One", NOON)
        comment_as_colleague(story, need, "Two", NOON)
        run_tick(NOON)
        run_tick(NOON + timedelta(hours=9))
        assert mail_to(sink, officer) == []
        run_tick(MORNING)
        (mail,) = mail_to(sink, officer)
        assert mail["Subject"] == "2 notifications for you"
        text = mail.get_content()
        assert text.count("New comment") == 2
        assert text.index("Comments") < text.index(need.reference)
        assert settings.BASE_URL + need.get_absolute_url() in text
        assert "/account/notifications/" in text
        assert "/stop/one/" in mail["List-Unsubscribe"]
        assert not Notification.objects.waiting_for_digest().exists()

    def test_digest_is_not_sent_empty_or_twice(self, story, need, officer, sink):
        comment_as_colleague(story, need, "One", NOON)
        for hours in range(0, 96, 6):
            run_tick(NOON + timedelta(hours=hours))
            run_tick(NOON + timedelta(hours=hours))
        assert len(mail_to(sink, officer)) == 1

    def test_digest_is_not_sent_on_a_weekend(self, story, need, officer, sink):
        run_tick(MORNING)
        comment_as_colleague(story, need, "On Friday", MORNING + timedelta(hours=1))
        for hours in range(0, 72, 6):
            run_tick(MORNING + timedelta(hours=hours, minutes=30))
        assert mail_to(sink, officer) == []
        run_tick(MONDAY)
        assert len(mail_to(sink, officer)) == 1

    def test_one_digest_a_day_is_sent_after_a_night_without_runs(self, story, need, officer, sink):
        comment_as_colleague(story, need, "One", NOON)
        run_tick(NOON)
        night = MORNING + timedelta(hours=15)  # 23:00: the machine runs again
        run_tick(night)
        assert mail_to(sink, officer) == [], "no one is written to at night"
        comment_as_colleague(story, need, "Two", night)
        run_tick(night)
        run_tick(MONDAY)
        (mail,) = mail_to(sink, officer)
        assert mail["Subject"] == "2 notifications for you"

    def test_second_digest_waits_for_another_day(self, story, need, officer, sink):
        comment_as_colleague(story, need, "One", NOON)
        run_tick(NOON)
        run_tick(MORNING)
        comment_as_colleague(story, need, "Two", NOON + timedelta(days=1))
        run_tick(NOON + timedelta(days=1))
        Notification.objects.waiting_for_digest().update(
            digest_at=NOON + timedelta(days=1)
        )  # announced late, say
        run_tick(NOON + timedelta(days=1))
        assert len(mail_to(sink, officer)) == 1
        run_tick(MONDAY)
        assert len(mail_to(sink, officer)) == 2

    def test_digest_omits_settled_notifications(self, story, need, officer, sink):
        approver = story.approver.user
        edit_person(approver, PersonEdit(time_zone="America/Vancouver"), by=CONSOLE_ACTOR, at=AT)
        choose_delivery(approver, NOON, orders="digest")
        order = submit_order(story.draft(), by=story.officer.by, at=NOON)
        run_tick(NOON)
        assert Notification.objects.waiting_for_digest().filter(recipient=approver).count() == 1
        return_to_author(order, reason="Not now", by=story.person("approver").by, at=NOON)
        run_tick(MORNING)
        assert mail_to(sink, approver) == []
        assert not Notification.objects.waiting_for_digest().exists()

    def test_digest_does_not_name_objects_no_longer_visible(self, story, need, officer, sink):
        comment_as_colleague(story, need, "One", NOON)
        run_tick(NOON)
        for role in officer.memberships.all():
            end_role(role, by=CONSOLE_ACTOR, at=NOON)
        run_tick(MORNING)
        (mail,) = mail_to(sink, officer)
        assert need.reference not in mail.get_content()
        assert "that you can no longer see" in mail.get_content()

    def test_person_who_stopped_mail_gets_no_digest(self, story, need, officer, sink):
        comment_as_colleague(story, need, "One", NOON)
        run_tick(NOON)
        stop_mail(officer, by=CONSOLE_ACTOR, at=NOON)
        run_tick(MORNING)
        assert mail_to(sink, officer) == []
        assert not Notification.objects.waiting_for_digest().exists()


def test_digest_leaves_the_unread_count_unchanged(story, need, officer, sink):
    comment_as_colleague(story, need, "One", NOON)
    run_tick(NOON)
    run_tick(MORNING)
    by = powers_for(officer)
    assert Notification.objects.visible_to(by).unread().count() == 1
