"""What waits for the daily mail and has settled itself: an answered question is no more reminded of, nor one that was given time."""

from datetime import timedelta

import pytest

from accounts.actions import choices, people
from accounts.actors import CONSOLE, Oneself
from procurement import tasks
from procurement.outreach.actions import answering
from procurement.outreach.actions.waiting import give_way, pause, redate, remind
from procurement.requests.actions import needs
from tests.procurement.outreach.test_questions import by_link
from tests.procurement.story import AT
from workflow import actions
from workflow.actors import CLOCK
from workflow.models.bell import InAppNotice
from workflow.models.post import Message

NOON = AT + timedelta(hours=3)  # in Vancouver
MORNING = AT + timedelta(hours=23)  # eight o'clock there, on Friday


@pytest.fixture
def reader(story, inquiry, sink):
    """The officer who keeps the question wants all of it once a day."""
    user = story.officer.user
    people.edit(user, time_zone="America/Vancouver", by=CONSOLE, at=AT)
    daily = {"questions": "digest", "calls": "digest", "comments": "digest"}
    choices.choose(user, daily, by=Oneself(user), at=AT)
    tasks.announce(AT)  # what came before is of no interest here
    Message.objects.all().delete()
    return user


@pytest.fixture
def to_phone(story, inquiry, reader):
    """Three reminders went out, and the daily mail is to say: please phone."""
    for _time in range(3):
        remind(inquiry, by=CLOCK, at=AT)
        tasks.announce(NOON)
    assert waiting(reader, "remind") == 1
    return inquiry


def waiting(reader, verb):
    return InAppNotice.objects.waiting().filter(recipient=reader, entry__verb=verb).count()


def daily_mail(sink, reader):
    for minute in range(2):  # one mail per person and tick
        tasks.run(MORNING + timedelta(minutes=minute))
    return "".join(mail.get_content() for mail in sink.got if str(mail["To"]) == reader.email)


def other_day(story, inquiry):
    redate(inquiry, due_at=AT + timedelta(days=9), by=story.officer.by, at=NOON)


def stop(story, inquiry):
    needs.stop(inquiry.supply_request, reason="enough", by=story.officer.by, at=NOON)
    inquiry.refresh_from_db()
    pause(inquiry, by=CLOCK, at=NOON)


def answered(story, inquiry):
    answering.answer(inquiry, by=by_link(inquiry), at=NOON)


@pytest.mark.parametrize("settled", [other_day, stop, answered])
def test_nobody_is_asked_to_phone_about_what_was_answered_paused_or_given_time(
    story, to_phone, reader, sink, settled
):
    settled(story, to_phone)
    assert waiting(reader, "remind") == 0
    assert "Please phone" not in daily_mail(sink, reader)
    assert InAppNotice.objects.filter(recipient=reader, entry__verb="remind", read_at=None).count() == 1


def test_somebody_else_is_not_offered_any_more_once_there_is_another_day(story, inquiry, reader, sink):
    give_way(inquiry, by=CLOCK, at=NOON)
    tasks.announce(NOON)
    assert waiting(reader, "give_way") == 1
    other_day(story, inquiry)
    assert "Somebody else may be asked" not in daily_mail(sink, reader)


def test_it_stays_taken_back_when_its_reader_then_wants_mail_at_once(story, to_phone, reader, sink):
    other_day(story, to_phone)
    choices.choose(reader, {"calls": "at_once"}, by=Oneself(reader), at=NOON)
    assert "Please phone" not in daily_mail(sink, reader)


@pytest.mark.parametrize("way", ["digest", "at_once"])
def test_what_somebody_said_is_told_whatever_becomes_of_the_question(story, inquiry, reader, sink, way):
    choices.choose(reader, {"comments": way}, by=Oneself(reader), at=AT)
    night = NOON + timedelta(hours=10)
    actions.comment(inquiry, "Their office moved", by=story.second_officer.by, at=night, language="en")
    tasks.announce(night)
    answered(story, inquiry)
    tasks.announce(night)
    assert "A comment" in daily_mail(sink, reader) + "".join(
        mail["Subject"] for mail in sink.got if str(mail["To"]) == reader.email
    )
    assert not Message.objects.filter(entry__verb="comment", state="cancelled").exists()
