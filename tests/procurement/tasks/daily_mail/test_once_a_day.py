"""The daily mail: what waited comes once, in the reader’s morning."""

from datetime import timedelta

from accounts.actions import people
from accounts.actions.people import stop_mail
from accounts.actors import CONSOLE
from partners.actions.roles import end_role
from procurement import tasks
from procurement.orders.actions import deciding
from procurement.orders.actions.deciding import send_back
from tests.procurement.story import AT
from tests.procurement.tasks.daily_mail.reading import MONDAY, MORNING, NOON, choose, say, to
from tests.world import powers_for
from workflow.models.bell import InAppNotice


class TestOnceADay:
    def test_what_waited_comes_in_the_morning_in_one_mail_grouped_and_linked(
        self, story, need, officer, sink, settings
    ):
        say(story, need, "One", NOON)
        say(story, need, "Two", NOON)
        tasks.run(NOON)
        tasks.run(NOON + timedelta(hours=9))
        assert to(sink, officer) == []
        tasks.run(MORNING)
        (mail,) = to(sink, officer)
        assert mail["Subject"] == "2 notices for you"
        text = mail.get_content()
        assert text.count("A comment") == 2
        assert text.index("Comments") < text.index(need.reference)
        assert settings.BASE_URL + need.get_absolute_url() in text
        assert "/account/notices/" in text
        assert "/stop/one/" in mail["List-Unsubscribe"]
        assert not InAppNotice.objects.waiting().exists()

    def test_nothing_is_sent_where_nothing_waits_and_nothing_twice(self, story, need, officer, sink):
        say(story, need, "One", NOON)
        for hours in range(0, 96, 3):
            tasks.run(NOON + timedelta(hours=hours))
            tasks.run(NOON + timedelta(hours=hours))
        assert len(to(sink, officer)) == 1

    def test_a_weekend_is_left_alone(self, story, need, officer, sink):
        tasks.run(MORNING)
        say(story, need, "On Friday", MORNING + timedelta(hours=1))
        for hours in range(0, 72, 3):
            tasks.run(MORNING + timedelta(hours=hours, minutes=30))
        assert to(sink, officer) == []
        tasks.run(MONDAY)
        assert len(to(sink, officer)) == 1

    def test_after_a_night_without_a_tick_there_is_still_one_mail_a_day(self, story, need, officer, sink):
        say(story, need, "One", NOON)
        tasks.run(NOON)
        night = MORNING + timedelta(hours=15)  # 23:00: the machine comes back
        tasks.run(night)
        assert to(sink, officer) == [], "nobody is written to at night"
        say(story, need, "Two", night)
        tasks.run(night)
        tasks.run(MONDAY)
        (mail,) = to(sink, officer)
        assert mail["Subject"] == "2 notices for you"

    def test_a_second_mail_waits_for_another_day(self, story, need, officer, sink):
        say(story, need, "One", NOON)
        tasks.run(NOON)
        tasks.run(MORNING)
        say(story, need, "Two", NOON + timedelta(days=1))
        tasks.run(NOON + timedelta(days=1))
        InAppNotice.objects.waiting().update(digest_at=NOON + timedelta(days=1))  # announced late, say
        tasks.run(NOON + timedelta(days=1))
        assert len(to(sink, officer)) == 1
        tasks.run(MONDAY)
        assert len(to(sink, officer)) == 2

    def test_what_has_settled_itself_is_left_out(self, story, need, officer, sink):
        approver = story.approver.user
        people.edit(approver, time_zone="America/Vancouver", by=CONSOLE, at=AT)
        choose(approver, NOON, orders="digest")
        order = deciding.submit(story.draft(), by=story.officer.by, at=NOON)
        tasks.run(NOON)
        assert InAppNotice.objects.waiting().filter(recipient=approver).count() == 1
        send_back(order, reason="Not now", by=story.person("approver").by, at=NOON)
        tasks.run(MORNING)
        assert to(sink, approver) == []
        assert not InAppNotice.objects.waiting().exists()

    def test_what_is_out_of_the_readers_sight_by_then_is_not_named(self, story, need, officer, sink):
        say(story, need, "One", NOON)
        tasks.run(NOON)
        for role in officer.memberships.all():
            end_role(role, by=CONSOLE, at=NOON)
        tasks.run(MORNING)
        (mail,) = to(sink, officer)
        assert need.reference not in mail.get_content()
        assert "you may no longer see" in mail.get_content()

    def test_who_was_shut_out_or_stopped_mail_gets_none(self, story, need, officer, sink):
        say(story, need, "One", NOON)
        tasks.run(NOON)
        stop_mail(officer, by=CONSOLE, at=NOON)
        tasks.run(MORNING)
        assert to(sink, officer) == []
        assert not InAppNotice.objects.waiting().exists()


def test_the_figure_under_the_bell_stays_whatever_the_mail_does(story, need, officer, sink):
    say(story, need, "One", NOON)
    tasks.run(NOON)
    tasks.run(MORNING)
    by = powers_for(officer)
    assert InAppNotice.objects.visible_to(by).unread().count() == 1
