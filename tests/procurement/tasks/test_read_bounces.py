"""`manage.py read_bounces` marks addresses that take no mail, from a mail on standard input or from a Maildir."""

import io
import mailbox
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command

from procurement.notifications.builder import build_messages
from tests.workflow.outbox.bounce_samples import OUR_ID, SAMPLES
from tests.worlds.need_to_order import AT
from workflow.journal.entries import history_of
from workflow.journal.models import Entry
from workflow.outbox import queue
from workflow.outbox.models import Message


@pytest.fixture
def mail(story, inquiry):
    queue.enqueue(build_messages(history_of(inquiry).get(verb="send"), AT))
    Message.objects.update(state="sent", sent_at=AT + timedelta(hours=8))
    return Message.objects.get()


def bounce_of(mail, name="unknown user") -> bytes:
    return SAMPLES[name][0].replace(OUR_ID, str(mail.pk)).encode()


def read(monkeypatch, raw: bytes) -> str:
    """Give a mail to the command on standard input; return what it says."""
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(raw)))
    output = io.StringIO()
    call_command("read_bounces", stdout=output)
    return output.getvalue().strip()


def test_bounce_marks_mail_and_address_once(mail, monkeypatch):
    assert read(monkeypatch, bounce_of(mail)) == "1 read, 1 recorded."
    assert read(monkeypatch, bounce_of(mail)) == "1 read, 0 recorded."
    mail.refresh_from_db()
    assert mail.result == "550 5.1.1 user unknown"
    mail.recipient.refresh_from_db()
    assert mail.recipient.bounced_at is not None
    assert Entry.objects.filter(verb="bounce").count() == 1


def test_full_mailbox_is_reported_and_the_address_stays(mail, monkeypatch):
    assert read(monkeypatch, bounce_of(mail, "mailbox full")) == "1 read, 1 recorded."
    mail.recipient.refresh_from_db()
    assert mail.recipient.bounced_at is None
    assert Entry.objects.filter(verb="undelivered").count() == 1


@pytest.mark.parametrize("name", ["delayed", "away"])
def test_delay_and_automatic_reply_change_nothing(mail, monkeypatch, name):
    assert read(monkeypatch, bounce_of(mail, name)) == "1 read, 0 recorded."
    mail.refresh_from_db()
    assert (mail.bounced_at, mail.delivered_at) == (None, None)


def test_bounce_of_a_mail_that_was_never_sent_changes_nothing(mail, monkeypatch):
    assert read(monkeypatch, SAMPLES["unknown user"][0].encode()) == "1 read, 0 recorded."


def test_each_new_mail_of_a_maildir_is_read_once(mail, tmp_path):
    box = mailbox.Maildir(tmp_path / "bounces")
    for name in ("ordinary reply", "unknown user"):
        box.add(bounce_of(mail, name))
    output = io.StringIO()
    for _again in range(2):
        call_command("read_bounces", "--maildir", str(tmp_path / "bounces"), stdout=output)
    assert output.getvalue().splitlines() == ["2 read, 1 recorded.", "0 read, 0 recorded."]
    assert len(box) == 2


def test_folder_that_is_no_maildir_is_refused(tmp_path):
    with pytest.raises(CommandError, match="is not a Maildir"):
        call_command("read_bounces", "--maildir", str(tmp_path))
