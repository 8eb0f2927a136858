"""Tests of notifications that wait for the daily digest and are settled before it is sent."""

from datetime import timedelta

import pytest

from accounts.actions.notification_preferences import set_preferences
from accounts.actions.people import PersonEdit, edit_person
from accounts.actors import CONSOLE_ACTOR, SelfActor
from procurement.outreach.actions.reminders import (
    allow_other_contact,
    change_due_time,
    pause_inquiry,
    remind_contact,
)
from procurement.outreach.actions.replies import record_answer
from procurement.requests.actions.requests import stop_request
from procurement.tasks import plan_messages, run_tick
from tests.procurement.outreach.test_inquiries import powers_by_own_link
from tests.worlds.need_to_order import AT
from workflow.actors import SYSTEM
from workflow.comments_and_files.actions import add_comment
from workflow.outbox.models import Message, Notification

NOON = AT + timedelta(hours=3)  # in Vancouver
MORNING = AT + timedelta(hours=23)  # eight o'clock there, on Friday


@pytest.fixture
def digest_reader(story, inquiry, sink):
    """Return the officer responsible for the inquiry, who wants all mail in the daily digest."""
    user = story.officer.user
    edit_person(user, PersonEdit(time_zone="America/Vancouver"), by=CONSOLE_ACTOR, at=AT)
    daily = {"questions": "digest", "calls": "digest", "comments": "digest"}
    set_preferences(user, daily, by=SelfActor(user), at=AT)
    plan_messages(AT)  # earlier entries are not part of the test
    Message.objects.all().delete()
    return user


@pytest.fixture
def inquiry_to_phone_about(story, inquiry, digest_reader):
    """Return an inquiry after three reminders, with "please phone" waiting for the daily digest."""
    for _time in range(3):
        remind_contact(inquiry, by=SYSTEM, at=AT)
        plan_messages(NOON)
    assert waiting_count(digest_reader, "remind") == 1
    return inquiry


def waiting_count(digest_reader, verb):
    return Notification.objects.waiting_for_digest().filter(recipient=digest_reader, entry__verb=verb).count()


def daily_mail(sink, digest_reader):
    for minute in range(2):  # each person gets one mail per run
        run_tick(MORNING + timedelta(minutes=minute))
    return "".join(mail.get_content() for mail in sink.got if str(mail["To"]) == digest_reader.email)


def move_due_day(story, inquiry):
    change_due_time(inquiry, due_at=AT + timedelta(days=9), by=story.officer.by, at=NOON)


def pause_need(story, inquiry):
    stop_request(inquiry.supply_request, reason="enough", by=story.officer.by, at=NOON)
    inquiry.refresh_from_db()
    pause_inquiry(inquiry, by=SYSTEM, at=NOON)


def answer_inquiry(story, inquiry):
    record_answer(inquiry, by=powers_by_own_link(inquiry), at=NOON)


@pytest.mark.parametrize("settled", [move_due_day, pause_need, answer_inquiry])
def test_phone_call_notice_is_dropped_when_answered_paused_or_rescheduled(
    story, inquiry_to_phone_about, digest_reader, sink, settled
):
    settled(story, inquiry_to_phone_about)
    assert waiting_count(digest_reader, "remind") == 0
    assert "Phone call needed" not in daily_mail(sink, digest_reader)
    assert (
        Notification.objects.filter(recipient=digest_reader, entry__verb="remind", read_at=None).count() == 1
    )


def test_notice_that_another_contact_may_be_asked_is_dropped_after_a_new_due_date(
    story, inquiry, digest_reader, sink
):
    allow_other_contact(inquiry, by=SYSTEM, at=NOON)
    plan_messages(NOON)
    assert waiting_count(digest_reader, "allow_alternates") == 1
    move_due_day(story, inquiry)
    assert waiting_count(digest_reader, "allow_alternates") == 0
    assert "You can ask someone else" not in daily_mail(sink, digest_reader)


def test_dropped_notice_stays_dropped_when_mail_at_once_is_chosen(
    story, inquiry_to_phone_about, digest_reader, sink
):
    move_due_day(story, inquiry_to_phone_about)
    set_preferences(digest_reader, {"calls": "at_once"}, by=SelfActor(digest_reader), at=NOON)
    assert "Phone call needed" not in daily_mail(sink, digest_reader)


@pytest.mark.parametrize("way", ["digest", "at_once"])
def test_comment_notice_is_mailed_whatever_happens_to_the_inquiry(story, inquiry, digest_reader, sink, way):
    set_preferences(digest_reader, {"comments": way}, by=SelfActor(digest_reader), at=AT)
    night = NOON + timedelta(hours=10)
    add_comment(inquiry, "Their office moved", by=story.second_officer.by, at=night, language="en")
    plan_messages(night)
    answer_inquiry(story, inquiry)
    plan_messages(night)
    assert "New comment" in daily_mail(sink, digest_reader) + "".join(
        mail["Subject"] for mail in sink.got if str(mail["To"]) == digest_reader.email
    )
    assert not Message.objects.filter(entry__verb="comment", state="cancelled").exists()
