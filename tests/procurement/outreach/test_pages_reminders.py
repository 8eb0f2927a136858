"""Tests of the page for writing a reminder: both languages, the time of sending, and the reasons against one."""

import re

import pytest

from accounts.actions.people import PersonEdit, edit_person
from accounts.actors import CONSOLE_ACTOR
from procurement.outreach.actions.inquiries import draft_inquiry, send_inquiry
from procurement.outreach.actions.reminders import remind_contact
from procurement.outreach.actions.replies import record_phone_reply
from tests.browsing import Browser
from tests.worlds import cities
from tests.worlds.need_to_order import AT, Story
from workflow.journal.models import Entry

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def story(once):
    with once():
        story = Story()
        assert story.observer
        cities.twinning("burnaby", "zhongshan")
        edit_person(
            story.contact.user,
            PersonEdit(language="zh-hans", time_zone="Asia/Shanghai"),
            by=CONSOLE_ACTOR,
            at=AT,
        )
        story.need = story.line(50_000).supply_request
        yield story


@pytest.fixture
def sent_inquiry(story):
    who = story.officer
    made = draft_inquiry(
        story.need,
        story.contact,
        subject="口罩",
        body="口罩",
        subject_own="Masks",
        body_own="Masks",
        author=who.user,
        by=who.by,
        at=AT,
    )
    return send_inquiry(made, by=who.by, at=AT)


@pytest.fixture
def reminder_page(story, sent_inquiry):
    return Browser(story.officer.user).open(f"{story.need.get_absolute_url()}inbox/").follow("Edit text")


def test_reminder_page_shows_the_text_in_both_languages_without_link_and_footer(reminder_page):
    assert "如您不便协助" in reminder_page.value("body")
    assert "would be glad to hear from you" in reminder_page.value("body_own")
    assert reminder_page.value("subject_own") == "Reminder: Masks"
    for text in (reminder_page.value("body"), reminder_page.value("body_own")):
        assert "link" not in text
        assert "Twinlane" not in text
    assert "reminder 1 of up to 3" in reminder_page


def test_reminder_page_says_when_the_reminder_will_be_sent(story, reminder_page):
    assert re.search(
        r"The reminder will be sent at .+ local time, .+ your time\.|The reminder will be sent immediately\.",
        reminder_page.text,
    )
    after = reminder_page.press("Send a reminder", body="李先生您好：请问有消息吗？", body_own="")
    assert after.heading == "Replies and reminders"
    assert re.search(r"during the recipient’s working hours|The message is being sent", after.text)


def test_custom_reminder_from_the_page_is_sent_as_written_and_shown_in_the_history(
    story, sent_inquiry, reminder_page
):
    body, own = f"{reminder_page.value('body')}\n\n谢谢！", f"{reminder_page.value('body_own')}\n\nThank you!"
    looked = reminder_page.press("Preview", body=body, body_own=own)
    assert "Changes from the draft" in looked
    looked.press("Send a reminder")  # the browser of these tests sends it a second time
    sent_inquiry.refresh_from_db()
    assert sent_inquiry.reminder_count == 1
    entry = Entry.objects.get(thing_id=sent_inquiry.pk, verb="remind")
    assert entry.facts["body"].replace("\r\n", "\n") == body
    page = Browser(story.officer.user).activity(sent_inquiry)
    assert "谢谢！" in page
    assert "Thank you!" in page


def test_reminder_with_differing_figures_is_refused_with_a_warning(reminder_page):
    warned = reminder_page.press(
        "Send a reminder", body="请问五万只（50,000）口罩有消息吗？", body_own="Any news?"
    )
    assert warned.status == 422
    assert "A number appears in one version only" in warned.alert


def test_reminder_page_offers_no_form_after_three_reminders(story, sent_inquiry):
    for _time in range(3):
        remind_contact(sent_inquiry, by=story.officer.by, at=AT)
    page = Browser(story.officer.user).open(f"/inbox/{sent_inquiry.reference}/words/")
    assert "Three reminders have been sent. Phone the contact." in page.alert
    assert "Send a reminder" not in page.buttons


def test_reminder_is_refused_after_a_reply_and_the_written_text_is_kept(story, sent_inquiry, reminder_page):
    record_phone_reply(
        sent_inquiry, stated_by="Li Wei", stated_at=AT, remark="yes", by=story.officer.by, at=AT
    )
    refused = reminder_page.press("Send a reminder", body="请问有消息吗？", body_own="")
    assert refused.status == 409
    assert "Answered" in refused.alert
    assert refused.value("body") == "请问有消息吗？"


def test_reminder_page_is_403_for_an_observer(story, sent_inquiry):
    assert (
        Browser(story.observer.user).client.get(f"/inbox/{sent_inquiry.reference}/words/").status_code == 403
    )
