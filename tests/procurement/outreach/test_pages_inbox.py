"""Tests of the inbox of a need: the state of each inquiry, reminders, copied links, and phone replies."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.actions.links import issue_link, record_link_opened
from accounts.actions.people import PersonEdit, edit_person
from accounts.actors import CONSOLE_ACTOR
from accounts.models import ActionLink
from partners.contacts.actions import decrement_open_tasks
from partners.permissions.permissions import permissions_by_link
from procurement.outreach.actions.inquiries import draft_inquiry, send_inquiry
from procurement.outreach.actions.reminders import create_link_to_copy
from procurement.outreach.actions.replies import record_answer, record_phone_reply
from procurement.outreach.models.inquiries import Inquiry
from tests.browsing import Browser
from tests.procurement.refusals import assert_refused
from tests.worlds import cities
from tests.worlds.need_to_order import AT, Story
from workflow.clock import real_now
from workflow.journal.models import Entry

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def story(once):
    with once():
        story = Story()
        assert story.observer
        cities.twinning("burnaby", "zhongshan")
        edit_person(story.contact.user, PersonEdit(language="zh-hans"), by=CONSOLE_ACTOR, at=AT)
        story.need = story.line(50_000).supply_request
        yield story


@pytest.fixture
def sent_inquiry(story):
    made = draft_inquiry(
        story.need, story.contact, subject="口罩", body="口罩", author=story.officer.user, by=story.officer.by, at=AT
    )  # fmt: skip
    return send_inquiry(made, by=story.officer.by, at=AT)


def open_inbox(story, who="officer"):
    return Browser(getattr(story, who).user).open(f"{story.need.get_absolute_url()}inbox/")


def record_reply(inquiry, story, **facts):
    given = {"stated_by": "Li Wei", "stated_at": AT + timedelta(hours=6), "remark": "一家厂有货", **facts}
    return record_phone_reply(inquiry, **given, by=story.officer.by, at=AT + timedelta(hours=8))


def test_phone_reply_in_the_first_hour_is_shown_as_within_an_hour(story, sent_inquiry):
    record_reply(sent_inquiry, story, stated_at=AT + timedelta(minutes=20))
    assert "within an hour" in open_inbox(story)


def test_phone_reply_is_recorded_without_a_stated_time(story, sent_inquiry):
    open_inbox(story).follow("Record phone reply").press("Record phone reply", remark="一家厂有货")
    sent_inquiry.refresh_from_db()
    assert sent_inquiry.answered_at is not None


def test_inbox_shows_usual_response_times_of_the_contact_and_their_city_to_officers_only(story, sent_inquiry):
    for contact, hours in ((sent_inquiry.contact, 20), (cities.contact("zhongshan", "Zhao Min"), 31)):
        decrement_open_tasks(contact, hours=hours, at=AT)
    page = open_inbox(story)
    assert "usually replies within 20 hours · contacts in Zhongshan within 26 hours" in page
    assert "usually replies" not in open_inbox(story, "observer")


def test_inbox_without_inquiries_says_that_no_one_has_been_asked(story):
    assert "No one has been asked yet." in open_inbox(story)


def test_inbox_shows_the_reminder_in_both_languages_and_sends_it(story, sent_inquiry):
    page = open_inbox(story)
    for told in (
        "What the contact will receive",
        "In your language",
        "asked for your help",
        "Next reminders",
    ):
        assert told in page
    assert "如您不便协助，或由同事答复更为合适" in page
    assert "（您的专属链接）" in page
    assert "{{" not in page.text
    page.press("Send a reminder")
    sent_inquiry.refresh_from_db()
    assert sent_inquiry.reminder_count == 1


def test_observer_sees_the_inbox_without_text_to_copy(story, sent_inquiry):
    page = open_inbox(story, "observer")
    assert "Li Wei" in page
    assert "Copy for WeChat" not in page


def test_link_copied_for_wechat_is_issued_for_the_contact_and_recorded_in_the_journal(story, sent_inquiry):
    page = open_inbox(story).press("Copy for WeChat")
    made = ActionLink.objects.get(thing_label="procurement.inquiry", thing_id=sent_inquiry.pk)
    assert (made.copied_by, made.user) == (story.officer.user, story.contact.user)
    assert "/l/" in page
    entry = Entry.objects.get(thing_label="accounts.actionlink", thing_id=made.pk, verb="issue")
    assert (entry.by, entry.facts["copied"]) == (story.officer.user, True)


def test_link_cannot_be_copied_after_the_reply_or_by_an_observer(story, sent_inquiry):
    record_reply(sent_inquiry, story)
    with assert_refused("wrong_status", sent_inquiry):
        create_link_to_copy(
            sent_inquiry, user=story.officer.user, by=story.officer.by, at=AT, real_at=real_now()
        )
    with assert_refused("not_allowed", sent_inquiry):
        create_link_to_copy(
            sent_inquiry, user=story.observer.user, by=story.observer.by, at=AT, real_at=real_now()
        )


def test_inbox_shows_when_the_contact_opened_the_link(story, sent_inquiry):
    real_at = real_now()
    made = issue_link(
        story.contact.user, purpose="answer", thing_label="procurement.inquiry", thing_id=sent_inquiry.pk,
        by=CONSOLE_ACTOR, at=AT, real_at=real_at,
    )  # fmt: skip
    later = AT + timedelta(hours=2)
    record_link_opened(made.link, at=later, real_at=real_at + timedelta(minutes=1))
    assert Inquiry.objects.with_opened_at().get().opened_at == later


def test_recorded_phone_reply_answers_the_inquiry_and_stops_reminders(story, sent_inquiry):
    record_reply(sent_inquiry, story)
    sent_inquiry.refresh_from_db()
    assert (sent_inquiry.status, sent_inquiry.next_reminder_at, sent_inquiry.phone_respondent) == (
        "answered",
        None,
        "Li Wei",
    )
    assert sent_inquiry.answered_at == AT + timedelta(hours=6)
    story.contact.refresh_from_db()
    assert (story.contact.open_questions, story.contact.answers) == (0, 1)
    page = open_inbox(story)
    assert "after 6 hours" in page
    assert "by phone: Li Wei" in page
    assert "Send a reminder" not in page
    by = permissions_by_link(story.contact.user, story.contact, ("procurement.inquiry", sent_inquiry.pk))
    assert (
        record_answer(sent_inquiry, by=by, at=AT + timedelta(days=1)).leads == 1
    )  # the goods they named become an offer


@pytest.mark.parametrize(
    ("stated_at", "code"),
    [(AT + timedelta(hours=9), "call_to_come"), (AT - timedelta(hours=1), "call_before_question")],
)
def test_phone_reply_dated_in_the_future_or_before_the_inquiry_is_refused(
    story, sent_inquiry, stated_at, code
):
    with assert_refused(code, sent_inquiry):
        record_reply(sent_inquiry, story, stated_at=stated_at)


def test_inbox_is_downloaded_as_csv(story, sent_inquiry):
    client = Browser(story.officer.user).client
    answer = client.get(f"{story.need.get_absolute_url()}inbox/?as=csv")
    assert sent_inquiry.reference in b"".join(answer.streaming_content).decode()


def test_inbox_query_count_does_not_grow_with_the_number_of_inquiries(story, sent_inquiry):
    browser, path = Browser(story.officer.user), f"{story.need.get_absolute_url()}inbox/"
    browser.open(path)
    with CaptureQueriesContext(connection) as one:
        browser.open(path)
    for name in ("Wang Fang", "Chen Jing", "Zhou Yan"):
        made = draft_inquiry(
            story.need, cities.contact("zhongshan", name), subject="a", body="b", author=story.officer.user,
            by=story.officer.by, at=AT,
        )  # fmt: skip
        send_inquiry(made, by=story.officer.by, at=AT)
    with CaptureQueriesContext(connection) as four:
        browser.open(path)
    assert len(four) == len(one)
