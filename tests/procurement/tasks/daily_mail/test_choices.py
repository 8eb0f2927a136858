"""A choice made between a notice and its mail counts: what waited goes at once, with the daily mail, or not at all."""

from datetime import timedelta

from procurement import tasks
from tests.procurement.story import AT
from tests.procurement.tasks.daily_mail.reading import MORNING, NOON, choose, say, to
from workflow.models.bell import InAppNotice
from workflow.models.post import Message
from workflow.outbox import bell, ledger


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
        assert Message.objects.get(recipient=officer).state == Message.State.PLANNED
        choose(officer, evening, comments="digest")
        assert Message.objects.get(recipient=officer).state == Message.State.CANCELLED
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
        assert Message.objects.get(recipient=officer).state == Message.State.CANCELLED

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
