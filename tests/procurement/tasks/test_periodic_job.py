"""Tests of the periodic job ("tick"): everything due happens once, even if one step fails."""

import os
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

from accounts.actions.people import PersonEdit, edit_person
from accounts.actors import CONSOLE_ACTOR
from procurement import tasks
from procurement.notifications import table_lookup
from procurement.notifications.builder import build_notifications_for_entry
from procurement.notifications.notices import staff_notice
from procurement.outreach.actions.inquiries import draft_inquiry, send_inquiry
from procurement.outreach.actions.reminders import remind_contact
from procurement.tasks import check_counters, clean_up, deliver_messages, plan_messages, run_tick
from tests.procurement.tasks.conftest import MORNING
from tests.worlds import cities
from tests.worlds.need_to_order import AT, Story
from workflow.clock import create_instance, real_now
from workflow.comments_and_files.actions import add_comment
from workflow.http.models import IdempotencyKey
from workflow.installation_models import Instance
from workflow.journal import entries
from workflow.journal.entries import history_of
from workflow.journal.hash_chain import verify_chain
from workflow.journal.models import Entry
from workflow.outbox.metrics import tick_age
from workflow.outbox.models import Message


class TestSteps:
    def test_error_in_one_reminder_step_stops_no_other(self, story, inquiry, sink, monkeypatch, caplog):
        def broken(at):
            raise LookupError("a fault")

        monkeypatch.setattr(tasks, "REMINDER_STEPS", (broken, *tasks.REMINDER_STEPS))
        run_tick(MORNING)
        assert len(sink.got) == 1
        assert "a fault" in caplog.text

    def test_error_in_one_job_step_stops_no_other(self, story, inquiry, sink, settings, caplog):
        settings.MEDIA_ROOT = 7  # tidying fails with this
        Message.objects.all().delete()
        settings.MAILERS = {}  # delivering fails with this
        run_tick(MORNING)
        assert "step deliver_messages failed" in caplog.text
        assert verify_chain().seal_count == 1

    def test_periodic_job_stops_with_error_when_database_is_unavailable(self, story, monkeypatch):
        def away(at):
            raise OperationalError("gone")

        monkeypatch.setattr(tasks, "REMINDER_STEPS", (away,))
        with pytest.raises(OperationalError):
            run_tick(AT)

    def test_journal_entry_without_possible_notification_does_not_delay_other_entries(
        self, story, inquiry, sink, caplog, monkeypatch
    ):
        def faulty(entry, at, tell=build_notifications_for_entry):
            if entry.verb == "comment":
                raise KeyError("a word the template does not know")
            return tell(entry, at)

        monkeypatch.setattr(tasks, "build_notifications_for_entry", faulty)
        add_comment(inquiry, "Hello", by=story.officer.by, at=AT, language="en")
        later = remind_contact(inquiry, by=story.officer.by, at=AT)
        plan_messages(MORNING)
        assert "could not be announced" in caplog.text
        assert Entry.objects.filter(announced_at=None).count() == 1
        assert history_of(later).get(verb="remind").announced_at == MORNING

    def test_planning_reports_that_more_entries_wait(self, story, monkeypatch):
        monkeypatch.setattr(tasks, "JOURNAL_ENTRIES_PER_RUN", 1)
        assert plan_messages(AT)

    def test_delivery_exceeding_its_time_reports_that_more_waits(self, story, inquiry, sink, monkeypatch):
        monkeypatch.setattr(tasks, "MAX_MAIL_SENDING_TIME", timedelta(0))
        assert deliver_messages(MORNING)

    def test_clean_up_deletes_expired_idempotency_keys(self, story, time_machine):
        IdempotencyKey.objects.create(key="old", fingerprint="x", created_at=real_now() - timedelta(days=2))
        time_machine.move_to(real_now().replace(minute=0))
        assert not clean_up(AT)
        assert not IdempotencyKey.objects.exists()

    def test_wrong_counter_is_logged_by_the_check(self, db, monkeypatch, caplog):
        assert check_counters() == 0
        monkeypatch.setattr(tasks, "COUNTER_CHECKS", (lambda: ["lead SL-2020-0001: 5 is not 6"],))
        assert check_counters() == 1
        assert "5 is not 6" in caplog.text


class TestTick:
    def test_task_runs_at_the_practice_time_and_is_recorded(self, story, inquiry, sink):
        create_instance(Instance.Kind.PRACTICE, MORNING)
        tasks.tick()
        assert len(sink.got) == 1
        assert tick_age() < timedelta(seconds=30)

    def test_task_repeats_itself_while_more_waits(self, story, monkeypatch, settings):
        settings.NUDGE = ""
        monkeypatch.setattr(tasks, "JOURNAL_ENTRIES_PER_RUN", 1)
        assert Entry.objects.filter(announced_at=None).count() > 1
        tasks.tick()
        assert Entry.objects.filter(announced_at=None).exists()

    def test_tick_command_runs_until_nothing_is_left(self, story, inquiry, sink, monkeypatch):
        monkeypatch.setattr(tasks, "JOURNAL_ENTRIES_PER_RUN", 1)
        create_instance(Instance.Kind.PRACTICE, MORNING)
        call_command("tick")
        assert not Entry.objects.filter(announced_at=None).exists()
        assert len(sink.got) == 1


@pytest.mark.django_db(transaction=True)
def test_database_lost_while_announcing_ends_the_run(monkeypatch):
    def dies(_thing):
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")

    monkeypatch.setitem(
        table_lookup.NOTICES, ("accounts.user", "add"), (staff_notice(dies, "", "", no_end=True),)
    )
    cities.user()
    with pytest.raises(OperationalError):
        plan_messages(AT)
    connection.close()
    assert Entry.objects.filter(announced_at=None).exists()


@pytest.mark.django_db(transaction=True)
class TestConcurrency:
    def test_concurrent_announcers_and_senders_produce_one_mail_per_message(self, settings, tmp_path, sink):
        settings.MEDIA_ROOT = tmp_path
        story = Story()
        for number in range(12):
            contact = cities.contact("zhongshan", name=f"Contact {number}")
            edit_person(contact.user, PersonEdit(time_zone="Asia/Shanghai"), by=CONSOLE_ACTOR, at=AT)
            made = draft_inquiry(
                story.line().supply_request, contact, subject=f"Question {number}", body="Please help.",
                author=story.officer.user, by=story.officer.by, at=AT,
            )  # fmt: skip
            send_inquiry(made, by=story.officer.by, at=AT)

        def work():
            try:
                for _ in range(3):
                    run_tick(MORNING)
            finally:
                connection.close()

        threads = [threading.Thread(target=work) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        numbers = sorted(str(mail["Subject"]) for mail in sink.got if "Question" in str(mail["Subject"]))
        assert numbers == sorted(f"Question {number}" for number in range(12))
        assert verify_chain().problem == ""


@pytest.mark.django_db(transaction=True)
def test_loop_runs_without_redis_and_stops_on_sigterm(settings, tmp_path):
    entries.record(cities.user(), "comment", by=CONSOLE_ACTOR, at=AT)
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
    create_instance(Instance.Kind.PRACTICE, AT)
    with subprocess.Popen(line, cwd=Path(django_settings.BASE_DIR), env=environ) as process:
        until = time.monotonic() + 30
        while tick_age() is None and time.monotonic() < until:
            time.sleep(0.1)
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0
    assert tick_age() is not None
