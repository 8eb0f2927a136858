"""Tests of the pages that only a practice site has: the step to the next morning, and the outbox with all its mail."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.mail import EmailMultiAlternatives, mailers
from django.test import Client

from accounts.actions.people import PersonEdit, edit_person
from accounts.actors import CONSOLE_ACTOR
from procurement import tasks
from procurement.outreach.actions.inquiries import draft_inquiry, send_inquiry
from tests.worlds import cities
from tests.worlds.need_to_order import AT, Story
from workflow import clock
from workflow.clock import advance_clock, create_instance, next_morning
from workflow.installation_models import Instance
from workflow.journal.models import Entry
from workflow.outbox.file_backend import mail_key, newest_mails
from workflow.outbox.models import Message

pytestmark = pytest.mark.django_db
EVENING = AT.replace(hour=23)  # four in the afternoon in Vancouver, seven in the morning in Zhongshan
COLLEAGUE = b"From: a@b.example\r\nSubject: Forwarded\r\n\r\nHello.\r\n"


@pytest.fixture
def mail_folder(settings, tmp_path):
    settings.MAIL_DIR = tmp_path / "mail"
    settings.MEDIA_ROOT = tmp_path / "files"
    settings.NUDGE = ""
    settings.MAILERS = {
        "default": {
            "BACKEND": "workflow.outbox.file_backend.FileEmailBackend",
            "OPTIONS": {"folder": settings.MAIL_DIR},
        }
    }


@pytest.fixture
def practice(mail_folder):
    create_instance(Instance.Kind.PRACTICE, EVENING)


@pytest.fixture
def client():
    client = Client()
    client.force_login(cities.member("observer", cities.city("burnaby")))
    return client


def write(subject="Papers", **more) -> EmailMultiAlternatives:
    return EmailMultiAlternatives(
        subject, "In plain words.", "us@twinlane.example", ["li@abroad.example"], **more
    )


def send(mail) -> None:
    mailers.default.send_messages([mail])


class TestNextMorning:
    def test_next_morning_moves_the_clock_to_nine_and_sends_due_mail(self, practice, client):
        story = Story()
        edit_person(story.contact.user, PersonEdit(time_zone="Asia/Shanghai"), by=CONSOLE_ACTOR, at=EVENING)
        Entry.objects.update(announced_at=EVENING)
        line = story.line()
        made = draft_inquiry(
            line.supply_request, story.contact, subject="Can you help?", body="Please.",
            author=story.officer.user, by=story.officer.by, at=EVENING,
        )  # fmt: skip
        send_inquiry(made, by=story.officer.by, at=EVENING)
        answer = client.post("/practice/next-morning/", headers={"Referer": "http://testserver/needs/"})
        assert (answer.status_code, answer["Location"]) == (302, "http://testserver/needs/")
        assert clock.now() - timedelta(minutes=1) < next_morning() - timedelta(days=1) <= clock.now()
        message = Message.objects.get(template="inquiry")
        assert message.state == Message.State.SENT
        there = message.sent_at.astimezone(ZoneInfo("Asia/Shanghai"))
        assert 8 <= there.hour < 12, "in the morning where it is read"
        assert "Can you help?" in client.get("/outbox/").content.decode()

    def test_two_people_moving_to_the_next_morning_at_once_both_succeed(self, practice, client, monkeypatch):
        moved = advance_clock

        def somebody_was_faster(to):
            moved(to + timedelta(minutes=5))
            return moved(to)

        monkeypatch.setattr(tasks, "advance_clock", somebody_was_faster)
        assert client.post("/practice/next-morning/").status_code == 302

    def test_next_morning_requires_post_and_a_practice_instance(self, mail_folder, client):
        assert client.post("/practice/next-morning/").status_code == 404
        create_instance(Instance.Kind.PRACTICE, EVENING)
        assert client.get("/practice/next-morning/").status_code == 405


class TestOutbox:
    def test_practice_mail_is_shown_as_sent_with_parts_and_source(self, practice, client):
        mail = write(headers={"X-Number": "42"})
        mail.attach_alternative("<p>In <b>bold</b> words.</p>", "text/html")
        mail.attach("清单.csv", "a,b\r\n", "text/csv")
        mail.attach("forwarded.eml", COLLEAGUE, "message/rfc822")
        send(mail)
        index = client.get("/outbox/").content.decode()
        assert "In plain words." not in index
        (shown,) = client.get("/outbox/").context["mails"]
        assert f'href="/outbox/{shown.key}/">Papers</a>' in index
        page = client.get(f"/outbox/{shown.key}/").content.decode()
        for words in ("Papers", "li@abroad.example", "In plain words.", "X-Number", "Message-ID", "清单.csv"):
            assert words in page
        assert "In &lt;b&gt;bold&lt;/b&gt; words." in page
        assert [(file.name, file.content_type) for file in shown.attachments] == [
            ("清单.csv", "text/csv"),
            ("forwarded.eml", "message/rfc822"),
        ]
        first = client.get(f"/practice/outbox/{shown.key}/0/")
        assert first.content == b"a,b\r\n"
        assert first["Content-Disposition"].startswith("attachment")
        assert b"Subject: Forwarded" in client.get(f"/practice/outbox/{shown.key}/1/").content
        assert client.get(f"/practice/outbox/{shown.key}/2/").status_code == 404
        source = client.get(f"/practice/outbox/{shown.key}/")
        assert source["Content-Type"] == "message/rfc822"
        assert b"X-Number: 42" in source.content

    def test_practice_outbox_is_paged(self, practice, client):
        for number in range(31):
            send(write(f"Letter {number}"))
        first = client.get("/outbox/")
        assert len(first.context["mails"]) == 30
        assert 'rel="next"' in first.content.decode()
        last = client.get("/outbox/?page=2")
        assert [mail.subject for mail in last.context["mails"]] == ["Letter 0"]
        assert 'rel="prev"' in last.content.decode()
        for odd in ("0", "-1", "x", "²"):
            assert len(client.get(f"/outbox/?page={odd}").context["mails"]) == 30

    def test_practice_mail_is_found_by_subject_address_and_text(self, practice, client):
        for number in range(32):
            send(write(f"Letter {number}"))
        send(write("Rain"))
        for words, found in (("rain", 1), ("LETTER plain", 30), ("abroad.example letter 31", 1), ("snow", 0)):
            page = client.get("/outbox/", {"q": words})
            assert len(page.context["mails"]) == found, words
        assert "No messages match." in page.content.decode()
        assert len(client.get("/outbox/?page=2&q=letter").context["mails"]) == 2
        assert "?page=2&amp;q=letter" in client.get("/outbox/?q=letter").content.decode()

    def test_practice_mail_without_text_is_shown(self, practice, client):
        send(EmailMultiAlternatives(to=["li@abroad.example"], headers={"Message-ID": "<1@x>"}))
        (shown,) = client.get("/outbox/").context["mails"]
        assert client.get(f"/outbox/{shown.key}/").status_code == 200

    def test_missing_practice_mail_gets_404(self, practice, client):
        assert client.get("/outbox/nothing/").status_code == 404
        assert client.get("/practice/outbox/nothing/").status_code == 404
        assert client.get("/practice/outbox/nothing/0/").status_code == 404

    @pytest.mark.parametrize("path", ["x/", "x/0/"])
    def test_real_instance_has_no_practice_outbox(self, mail_folder, client, path):
        create_instance(Instance.Kind.REAL)
        send(write())
        assert client.get(f"/practice/outbox/{path}").status_code == 404
        assert client.get("/outbox/x/").status_code == 404

    def test_anonymous_reader_sees_no_practice_mail(self, practice):
        send(write())
        (mail,) = newest_mails(0, 1)
        assert Client().get("/outbox/").status_code == 302
        for path in (f"{mail_key(mail)}/", f"{mail_key(mail)}/0/"):
            assert Client().get(f"/practice/outbox/{path}").status_code == 302
