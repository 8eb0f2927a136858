"""The tick: what is due happens by itself, once, whatever else fails; and every mail arrives with its link."""

import os
import re
import signal
import subprocess
import sys
import threading
import time
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.conf import settings as django_settings
from django.core.management import call_command
from django.db import OperationalError, connection
from django.test import Client

from accounts.actions import links, people
from accounts.actors import CONSOLE
from accounts.models import Link
from partners.actions import roles
from procurement import notices, tasks
from procurement.notices.notice import staff
from procurement.outreach import actions as outreach
from procurement.outreach.models import Inquiry
from tests import world
from tests.procurement.story import AT, Story
from tests.smtp import Sink
from workflow import actions, clock, journal, outbox
from workflow.journal import seals
from workflow.models import Entry, IdempotencyKey, Instance, Message

S = Message.State
MORNING = AT + timedelta(hours=8)  # eight o'clock in Zhongshan


@pytest.fixture
def sink(settings):
    with Sink() as it:
        options = {"host": "127.0.0.1", "port": it.port, "timeout": 1}
        settings.MAILERS = {"default": {"BACKEND": "workflow.outbox.post.Smtp", "OPTIONS": options}}
        settings.NUDGE = ""
        yield it


@pytest.fixture
def story(db, settings, tmp_path) -> Story:
    settings.MEDIA_ROOT = tmp_path / "files"
    return Story()


@pytest.fixture
def inquiry(story) -> Inquiry:
    people.edit(story.contact.user, language="zh-hans", time_zone="Asia/Shanghai", by=CONSOLE, at=AT)
    made = outreach.propose(
        story.line().supply_request,
        story.contact,
        subject="能否协助？",
        body="尊敬的李先生：\n\n我们需要口罩。",
        author=story.officer.user,
        by=story.officer.by,
        at=AT,
    )
    Entry.objects.update(announced_at=AT)  # what came before is of no interest here
    return outreach.send(made, by=story.officer.by, at=AT)


def link_in(mail) -> str:
    return re.search(r"http://\S+", mail.get_content()).group()


class TestMail:
    def test_a_question_waits_for_the_morning_there_and_brings_a_link_that_opens(self, story, inquiry, sink):
        assert not tasks.run(AT)
        assert sink.got == []
        assert Message.objects.get().state == S.PLANNED
        tasks.run(MORNING)
        (mail,) = sink.got
        assert mail["Subject"] == "能否协助？"
        token = link_in(mail).rstrip("/").rpartition("/")[2]
        assert token not in Message.objects.get().body, "kept nowhere"
        link = Link.objects.get()
        assert (link.thing_id, link.user) == (inquiry.pk, story.contact.user)
        assert link.message_id == Message.objects.get().pk
        assert Client().get(link_in(mail).removeprefix(django_settings.BASE_URL)).status_code == 200

    def test_a_second_tick_does_nothing_twice(self, story, inquiry, sink):
        for _ in range(3):
            tasks.run(MORNING)
        assert len(sink.got) == 1

    def test_reminders_go_out_at_half_time_when_due_and_two_days_after_and_then_the_officer_phones(
        self, story, inquiry, sink
    ):
        asked = []
        for day in range(16):
            before = len(sink.got)
            tasks.run(MORNING + timedelta(days=day))
            tasks.run(
                MORNING + timedelta(days=day, hours=9)
            )  # 09:00 to 18:00 in Vancouver: the officer's mail as well
            asked += [(day, str(mail["Subject"])) for mail in sink.got[before:]]
        to_contact = [day for day, subject in asked if "能否协助" in subject]
        assert len(to_contact) == 4, "the question and three reminders"
        assert any("Please phone" in subject for _day, subject in asked)
        assert any("No answer came" in subject for _day, subject in asked), "in the end nobody waits any more"
        inquiry.refresh_from_db()
        assert inquiry.status == Inquiry.Status.LAPSED

    def test_two_reminders_that_a_weekend_held_up_become_one(self, story, inquiry, sink):
        tasks.run(MORNING)
        night = MORNING + timedelta(hours=16)  # midnight there
        for _ in range(2):
            Inquiry.objects.update(chase_at=night)
            tasks.run(night)
        morning = Message.objects.filter(state=S.PLANNED, template="inquiry_reminder")
        assert morning.count() == 2
        assert not notices.relevant(morning.earliest("entry"))
        assert notices.relevant(morning.latest("entry"))

    def test_an_answered_question_is_not_reminded_of(self, story, inquiry, sink):
        tasks.run(MORNING)
        outreach.decline(inquiry, by=world.own_link(story.contact), at=MORNING)
        for day in range(1, 9):
            tasks.run(MORNING + timedelta(days=day))
        assert [str(mail["To"]) for mail in sink.got] == [story.contact.user.email, story.officer.user.email]

    def test_a_question_taken_back_before_the_morning_is_never_sent(self, story, inquiry, sink):
        tasks.run(AT)
        outreach.cancel(inquiry, by=story.officer.by, at=AT)
        tasks.run(MORNING)
        subjects = [str(mail["Subject"]) for mail in sink.got]
        assert "能否协助？" not in subjects

    def test_a_dead_address_is_noted_and_the_officer_is_asked_whom_to_ask_instead(self, story, inquiry, sink):
        sink.script = lambda address: "rcpt 550" if address == story.contact.user.email else ""
        tasks.run(MORNING)
        story.contact.user.refresh_from_db()
        assert story.contact.user.bounced_at == MORNING
        sink.script = lambda address: ""
        tasks.run(MORNING + timedelta(minutes=1))
        tasks.run(MORNING + timedelta(hours=12))
        assert ["comes back" in mail.get_content() for mail in sink.got] == [True]

    def test_what_could_not_be_sent_in_time_is_told_through_the_things_own_history(
        self, story, inquiry, sink
    ):
        sink.script = lambda address: "rcpt 451" if address == story.contact.user.email else ""
        at = MORNING
        while not Message.objects.filter(state=S.DEAD).exists():
            tasks.run(at)
            at += timedelta(hours=4)
        entry = journal.history(inquiry).get(verb="undelivered")
        assert entry.facts["to"] == str(story.contact.user)
        for hours in range(4, 120, 4):  # the officer works on Monday, and gets one mail a tick
            tasks.run(at + timedelta(hours=hours))
        assert any("A message did not arrive" in str(mail["Subject"]) for mail in sink.got)

    def test_a_report_of_that_kind_that_fails_itself_is_only_counted(self, story, inquiry, sink):
        tasks.run(MORNING)
        actions.report_undelivered(Message.objects.get(), inquiry, at=MORNING)
        tasks.run(MORNING + timedelta(minutes=1))
        Message.objects.filter(state=S.PLANNED).update(expires_at=MORNING, next_try_at=MORNING)
        tasks.run(MORNING + timedelta(days=1))
        assert journal.history(inquiry).filter(verb="undelivered").count() == 1
        assert outbox.figures(MORNING)['messages{state="expired"}'] == 1

    def test_what_did_not_arrive_and_is_in_no_citys_care_is_told_to_who_waits_or_to_the_network(
        self, story, inquiry, sink
    ):
        tasks.run(MORNING)
        overseer = world.member("coordinator", None)
        link, message = Link.objects.get(), Message.objects.get()
        for thing in (link, story.observer.user):  # a code that was asked for; a new password that was told
            actions.report_undelivered(message, thing, at=MORNING)
        tasks.announce(MORNING)
        assert not Entry.objects.filter(announced_at=None).exists()
        told = Message.objects.filter(entry__verb="undelivered").order_by("entry")
        assert [each.recipient for each in told] == [story.officer.user, overseer]

    def test_an_invitation_brings_a_link_that_only_its_mail_holds(self, story, sink):
        facts = {"name": "New", "city": story.city, "at": AT, "real_at": clock.real_now()}
        by = story.person("administrator").by
        roles.invite(email="new@cast.example", role="officer", by=by, **facts)
        roles.invite(email="first@cast.example", role="administrator", by=CONSOLE, **facts)
        tasks.run(AT)
        mails = {str(mail["To"]): mail for mail in sink.got}
        for address in ("new@cast.example", "first@cast.example"):
            link = link_in(mails[address]).removeprefix(django_settings.BASE_URL)
            assert Client().get(link).status_code == 200
        assert str(mails["first@cast.example"]["Subject"]) == "The administrator invites you to Twinlane"

    def test_six_digits_come_at_once_at_any_hour(self, story, inquiry, sink):
        tasks.run(MORNING)
        link = Link.objects.get()
        links.ask_for_code(link, at=MORNING + timedelta(hours=15), real_at=clock.real_now())
        tasks.run(MORNING + timedelta(hours=15))
        assert re.search(r"\s\d{6}\s", sink.got[-1].get_content())


class TestSteps:
    def test_a_fault_in_one_stage_stops_no_other(self, story, inquiry, sink, monkeypatch, caplog):
        def broken(at):
            raise LookupError("a fault")

        monkeypatch.setattr(tasks, "REMIND", (broken, *tasks.REMIND))
        tasks.run(MORNING)
        assert len(sink.got) == 1
        assert "a fault" in caplog.text

    def test_a_fault_in_a_step_stops_no_other(self, story, inquiry, sink, settings, caplog):
        settings.MEDIA_ROOT = 7  # tidying fails on this
        Message.objects.all().delete()
        settings.MAILERS = {}  # delivering fails on this
        tasks.run(MORNING)
        assert "step deliver failed" in caplog.text
        assert seals.verify().seals == 1

    def test_a_database_that_is_away_ends_the_tick(self, story, monkeypatch):
        def away(at):
            raise OperationalError("gone")

        monkeypatch.setattr(tasks, "REMIND", (away,))
        with pytest.raises(OperationalError):
            tasks.run(AT)

    def test_an_entry_that_cannot_be_announced_waits_and_holds_up_no_other(
        self, story, inquiry, sink, caplog, monkeypatch
    ):
        def faulty(entry, at, plan=notices.plan):
            if entry.verb == "comment":
                raise KeyError("a word the template does not know")
            return plan(entry, at)

        monkeypatch.setattr(notices, "plan", faulty)
        actions.comment(inquiry, "Hello", by=story.officer.by, at=AT, language="en")
        later = outreach.remind(inquiry, by=story.officer.by, at=AT)
        tasks.announce(MORNING)
        assert "could not be announced" in caplog.text
        assert Entry.objects.filter(announced_at=None).count() == 1
        assert journal.history(later).get(verb="remind").announced_at == MORNING

    def test_many_entries_say_that_there_is_more(self, story, monkeypatch):
        monkeypatch.setattr(tasks, "ENTRIES", 1)
        assert tasks.announce(AT)

    def test_a_round_that_takes_too_long_is_continued_by_the_next_tick(
        self, story, inquiry, sink, monkeypatch
    ):
        monkeypatch.setattr(tasks, "LONGEST", timedelta(0))
        assert tasks.deliver(MORNING)

    def test_tidying_drops_what_is_over(self, story, time_machine):
        IdempotencyKey.objects.create(
            key="old", fingerprint="x", made_at=clock.real_now() - timedelta(days=2)
        )
        time_machine.move_to(clock.real_now().replace(minute=0))
        assert not tasks.tidy(AT)
        assert not IdempotencyKey.objects.exists()

    def test_counters_are_compared_and_a_wrong_one_is_shouted_about(self, db, monkeypatch, caplog):
        assert tasks.check_counters() == 0
        monkeypatch.setattr(tasks, "COUNTERS", (lambda: ["lead SL-2020-0001: 5 is not 6"],))
        assert tasks.check_counters() == 1
        assert "5 is not 6" in caplog.text


class TestTick:
    def test_the_task_runs_the_tick_at_the_storys_moment_and_notes_it(self, story, inquiry, sink):
        clock.create_instance(Instance.Kind.PRACTICE, MORNING)
        tasks.tick()
        assert len(sink.got) == 1
        assert outbox.tick_age() < timedelta(seconds=30)

    def test_while_there_is_more_it_wakes_itself(self, story, monkeypatch, settings):
        settings.NUDGE = ""
        monkeypatch.setattr(tasks, "ENTRIES", 1)
        assert Entry.objects.filter(announced_at=None).count() > 1
        tasks.tick()
        assert Entry.objects.filter(announced_at=None).exists()

    def test_the_command_goes_on_until_nothing_is_left(self, story, inquiry, sink, monkeypatch):
        monkeypatch.setattr(tasks, "ENTRIES", 1)
        clock.create_instance(Instance.Kind.PRACTICE, MORNING)
        call_command("tick")
        assert not Entry.objects.filter(announced_at=None).exists()
        assert len(sink.got) == 1


@pytest.mark.django_db(transaction=True)
def test_a_database_that_goes_away_while_announcing_ends_the_tick(monkeypatch):
    def dies(_thing):
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")

    monkeypatch.setitem(notices.NOTICES, ("accounts.user", "add"), (staff(dies, "", ""),))
    world.user()
    with pytest.raises(OperationalError):
        tasks.announce(AT)
    connection.close()
    assert Entry.objects.filter(announced_at=None).exists()


@pytest.mark.django_db(transaction=True)
class TestAtTheSameTime:
    def test_four_announcers_and_four_senders_give_one_mail_for_each_effect(self, settings, tmp_path, sink):
        settings.MEDIA_ROOT = tmp_path
        story = Story()
        for number in range(12):
            contact = world.contact("zhongshan", name=f"Contact {number}")
            people.edit(contact.user, time_zone="Asia/Shanghai", by=CONSOLE, at=AT)
            made = outreach.propose(
                story.line().supply_request, contact, subject=f"Question {number}", body="Please help.",
                author=story.officer.user, by=story.officer.by, at=AT,
            )  # fmt: skip
            outreach.send(made, by=story.officer.by, at=AT)

        def work():
            try:
                for _ in range(3):
                    tasks.run(MORNING)
            finally:
                connection.close()

        threads = [threading.Thread(target=work) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        numbers = sorted(str(mail["Subject"]) for mail in sink.got if "Question" in str(mail["Subject"]))
        assert numbers == sorted(f"Question {number}" for number in range(12))
        assert seals.verify().problem == ""


@pytest.mark.django_db(transaction=True)
def test_the_loop_works_without_redis_and_stops_at_a_signal(settings, tmp_path):
    journal.record(world.user(), "comment", by=CONSOLE, at=AT)
    server = urlsplit(os.environ["DATABASE_URL"])
    environ = {
        **os.environ,
        "DATABASE_URL": server._replace(path=f"/{connection.settings_dict['NAME']}").geturl(),
        "REDIS_URL": "redis://127.0.0.1:1/0",
        "PRACTICE": "1",
        "DATA_DIR": str(tmp_path),
        "TICK_SECONDS": "1",
    }
    line = [sys.executable, "manage.py", "tick", "--loop"]
    clock.create_instance(Instance.Kind.PRACTICE, AT)
    with subprocess.Popen(line, cwd=Path(django_settings.BASE_DIR), env=environ) as process:
        until = time.monotonic() + 30
        while outbox.tick_age() is None and time.monotonic() < until:
            time.sleep(0.1)
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0
    assert outbox.tick_age() is not None
