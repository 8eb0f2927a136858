"""The daily mail: what waited comes once, in the reader's morning; a choice made meanwhile counts; nothing is lost or sent twice."""

import random
import re
from datetime import UTC, datetime, timedelta

import pytest

from accounts.actions import choices, people
from accounts.actors import CONSOLE, Oneself
from partners import actions as partners
from procurement import tasks
from procurement.orders import actions as orders
from tests import world
from tests.procurement.story import AT
from workflow import actions, journal, outbox
from workflow.models import Entry, InAppNotice, Message
from workflow.outbox import bell, ledger

S = Message.State
NOON = datetime(2020, 4, 16, 19, 0, tzinfo=UTC)  # a Thursday in Vancouver
MORNING = datetime(2020, 4, 17, 15, 0, tzinfo=UTC)  # eight o'clock there, on Friday
MONDAY = MORNING + timedelta(days=3)


@pytest.fixture
def officer(story, sink):
    """Reads in Vancouver, and has chosen the daily mail for comments."""
    user = story.officer.user
    people.edit(user, time_zone="America/Vancouver", by=CONSOLE, at=AT)
    choose(user, NOON, comments="digest")
    return user


@pytest.fixture
def need(story, officer):
    made = story.line().supply_request
    Entry.objects.update(announced_at=AT)  # what came before is of no interest here
    return made


def choose(user, at, **ways):
    choices.choose(user, ways, by=Oneself(user), at=at)


def say(story, need, words, at):
    actions.comment(need, words, by=story.second_officer.by, at=at, language="en")
    return journal.history(need).filter(verb="comment").first()


def to(sink, user):
    return [mail for mail in sink.got if str(mail["To"]) == user.email]


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
        order = orders.submit(story.draft(), by=story.officer.by, at=NOON)
        tasks.run(NOON)
        assert InAppNotice.objects.waiting().filter(recipient=approver).count() == 1
        orders.send_back(order, reason="Not now", by=story.person("approver").by, at=NOON)
        tasks.run(MORNING)
        assert to(sink, approver) == []
        assert not InAppNotice.objects.waiting().exists()

    def test_what_is_out_of_the_readers_sight_by_then_is_not_named(self, story, need, officer, sink):
        say(story, need, "One", NOON)
        tasks.run(NOON)
        for role in officer.memberships.all():
            partners.end_role(role, by=CONSOLE, at=NOON)
        tasks.run(MORNING)
        (mail,) = to(sink, officer)
        assert need.reference not in mail.get_content()
        assert "you may no longer see" in mail.get_content()

    def test_who_was_shut_out_or_stopped_mail_gets_none(self, story, need, officer, sink):
        say(story, need, "One", NOON)
        tasks.run(NOON)
        people.stop_mail(officer, by=CONSOLE, at=NOON)
        tasks.run(MORNING)
        assert to(sink, officer) == []
        assert not InAppNotice.objects.waiting().exists()


class TestAChoiceMadeMeanwhile:
    def test_from_daily_to_at_once_sends_what_waited(self, story, need, officer, sink):
        say(story, need, "One", NOON)
        say(story, need, "Two", NOON)
        tasks.run(NOON)
        choose(officer, NOON, comments="at_once")
        tasks.run(NOON)
        (mail,) = to(sink, officer)
        assert mail["Subject"] == "2 notices for you"
        say(story, need, "Three", NOON)
        tasks.run(NOON + timedelta(minutes=1))
        assert "A comment" in str(to(sink, officer)[1]["Subject"])
        tasks.run(MORNING)
        assert len(to(sink, officer)) == 2

    def test_also_on_a_day_that_had_its_daily_mail(self, story, need, officer, sink):
        choose(officer, NOON, offers="digest")
        say(story, need, "One", NOON)
        tasks.run(NOON)
        tasks.run(MORNING)
        say(story, need, "Two", MORNING)
        tasks.run(MORNING)
        choose(officer, MORNING, comments="at_once")
        tasks.run(MORNING + timedelta(minutes=1))
        assert len(to(sink, officer)) == 2

    def test_from_daily_to_no_mail_drops_the_mail_and_leaves_the_bell(self, story, need, officer, sink):
        say(story, need, "One", NOON)
        tasks.run(NOON)
        choose(officer, NOON, comments="off")
        tasks.run(MORNING)
        assert to(sink, officer) == []
        assert InAppNotice.objects.filter(recipient=officer).unread().count() == 1

    def test_from_at_once_to_daily_takes_what_is_planned_along(self, story, need, officer, sink):
        choose(officer, NOON, comments="at_once")
        evening = NOON + timedelta(hours=10)
        say(story, need, "One", evening)
        tasks.run(evening)
        assert Message.objects.get(recipient=officer).state == S.PLANNED
        choose(officer, evening, comments="digest")
        assert Message.objects.get(recipient=officer).state == S.CANCELLED
        tasks.run(MORNING)
        (mail,) = to(sink, officer)
        assert mail["Subject"] == "1 notice for you"

    def test_from_at_once_to_no_mail_sends_nothing_that_was_planned(self, story, need, officer, sink):
        choose(officer, NOON, comments="at_once")
        evening = NOON + timedelta(hours=10)
        say(story, need, "One", evening)
        tasks.run(evening)
        choose(officer, evening, comments="off")
        tasks.run(MORNING)
        assert to(sink, officer) == []

    def test_a_choice_made_while_a_sender_holds_the_mail_counts_too(self, story, need, officer, sink):
        choose(officer, NOON, comments="at_once")
        say(story, need, "One", NOON)
        tasks.announce(NOON)
        (held,) = ledger.claim(5, NOON, timedelta(0))  # a sender took it, and died
        choose(officer, NOON, comments="digest")
        Message.objects.filter(pk=held.pk).update(leased_until=AT)
        tasks.run(NOON)
        assert to(sink, officer) == []
        assert InAppNotice.objects.get(recipient=officer).digest_at == MORNING
        tasks.run(MORNING)
        assert len(to(sink, officer)) == 1

    def test_a_mail_whose_notice_waits_already_does_not_go_by_itself(self, story, need, officer, sink):
        """Its sender was killed after it let the notice wait, before it dropped the message."""
        choose(officer, NOON, comments="at_once")
        say(story, need, "One", NOON)
        tasks.announce(NOON)
        bell.wait(Message.objects.get(recipient=officer), MORNING)
        tasks.deliver(NOON)
        assert to(sink, officer) == []
        assert Message.objects.get(recipient=officer).state == S.CANCELLED

    def test_a_choice_that_was_overlooked_as_it_was_planned_counts_in_the_morning(
        self, story, need, officer, sink
    ):
        say(story, need, "One", NOON)
        tasks.run(NOON)
        officer.notice_choices.update(way="off")
        tasks.run(MORNING)
        assert to(sink, officer) == []
        assert not InAppNotice.objects.waiting().exists()

    def test_a_daily_mail_that_is_planned_and_no_longer_wanted_does_not_go(self, story, need, officer, sink):
        say(story, need, "One", NOON)
        tasks.run(NOON)
        tasks.digest(MORNING)
        tasks.announce(MORNING)
        choose(officer, MORNING, comments="off")
        tasks.deliver(MORNING)
        assert to(sink, officer) == []


class Killed(BaseException):
    """A process that ends at this point."""


PLACES = (
    (bell, "ring"),
    (bell, "gather"),
    (bell, "_had_one"),
    (bell, "wait"),
    (outbox, "announce"),
    (ledger, "begin"),
    (ledger, "renew"),
)


class Trigger:
    """Pulled, it kills the process at one of the places where that could hurt, by chance."""

    def __init__(self, dice, monkeypatch):
        self.dice, self.armed = dice, False
        for module, name in PLACES:
            monkeypatch.setattr(module, name, self.deadly(getattr(module, name)))

    def deadly(self, real):
        def dies(*args, **kwargs):
            if self.armed and self.dice.random() < 0.5:
                self.armed = False
                raise Killed
            return real(*args, **kwargs)

        return dies

    def tick(self, at):
        self.armed = self.dice.random() < 0.4
        try:
            tasks.run(at)
        except Killed:
            Message.objects.filter(state=S.CLAIMED).update(leased_until=AT)  # its lease runs out
        self.armed = False


def a_week(dice, trigger, story, need, officer):
    """Comments, choices, ticks and kills at random; then quiet days. How many comments there were."""
    said, at = 0, NOON
    for number in range(60):
        step = dice.choice(("say", "say", "tick", "tick", "tick", "choose", "wait"))
        if step == "say":
            say(story, need, f"Word {number}", at)
            said += 1
        elif step == "choose":
            choose(officer, at, comments=dice.choice(("at_once", "digest", "digest")))
        elif step == "wait":
            at += timedelta(hours=dice.choice((1, 5, 9, 14)))
        else:
            trigger.tick(at)
    for _turn in range(60):
        at += timedelta(hours=4)
        tasks.run(at)
    return said


@pytest.mark.parametrize("seed", range(6))
def test_whatever_dies_and_whatever_is_chosen_each_is_told_once(
    story, need, officer, sink, monkeypatch, seed
):
    dice = random.Random(seed)
    said = a_week(dice, Trigger(dice, monkeypatch), story, need, officer)
    mails = to(sink, officer)
    daily = [
        int(found[1]) for mail in mails if (found := re.match(r"(\d+) notices? for you", mail["Subject"]))
    ]
    alone = [mail for mail in mails if "A comment" in str(mail["Subject"])]
    assert sum(daily) + len(alone) == said
    assert len(daily) + len(alone) == len(mails) == len({str(mail["Message-ID"]) for mail in mails})
    assert InAppNotice.objects.filter(recipient=officer).count() == said
    assert not InAppNotice.objects.waiting().exists()
    assert not Message.objects.exclude(state__in=(S.SENT, S.CANCELLED)).exists()


def test_two_who_gather_at_once_make_one_mail(story, need, officer, sink):
    say(story, need, "One", NOON)
    tasks.run(NOON)
    for _turn in range(3):
        tasks.digest(MORNING)
    assert Entry.objects.filter(verb="digest").count() == 1


def test_the_figure_under_the_bell_stays_whatever_the_mail_does(story, need, officer, sink):
    say(story, need, "One", NOON)
    tasks.run(NOON)
    tasks.run(MORNING)
    by = world.powers_for(officer)
    assert InAppNotice.objects.visible_to(by).unread().count() == 1
