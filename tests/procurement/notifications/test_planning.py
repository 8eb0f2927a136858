"""Tests of the messages planned for an entry: recipients, times, links, and relevance when sent."""

from datetime import timedelta

import pytest

from accounts.actions.links import issue_link, request_email_code
from accounts.actions.people import PersonEdit, edit_person, stop_mail
from accounts.actors import CONSOLE_ACTOR
from procurement.notifications.builder import build_messages, is_relevant
from procurement.notifications.table_lookup import load_item
from procurement.outreach.actions.inquiries import send_inquiry
from procurement.outreach.actions.reminders import remind_contact
from procurement.outreach.actions.replies import decline_inquiry, record_answer
from tests.worlds import cities
from tests.worlds.cities import own_link
from tests.worlds.need_to_order import AT
from workflow.actors import SYSTEM
from workflow.clock import real_now
from workflow.comments_and_files.actions import add_comment
from workflow.journal.entries import history_of
from workflow.journal.models import Entry
from workflow.outbox import queue


class TestPlanning:
    def messages(self, thing, verb):
        return build_messages(history_of(thing).filter(verb=verb).first(), AT)

    def test_inquiry_email_is_planned_in_the_contacts_language_and_morning_with_a_link(self, story, inquiry):
        contact = story.contact
        edit_person(
            contact.user, PersonEdit(language="zh-hans", time_zone="Asia/Shanghai"), by=CONSOLE_ACTOR, at=AT
        )
        inquiry.refresh_from_db()
        send_inquiry(inquiry, by=story.officer.by, at=AT)
        (message,) = self.messages(inquiry, "send")
        assert message.recipient == contact.user
        assert message.address == contact.user.email
        assert message.language == "zh-hans"
        assert message.subject == "能否协助？"
        assert "我们需要口罩" in message.body
        assert "we need masks" in message.body, "and in the words of who asks"
        assert queue.LINK_PLACEHOLDER in message.body
        assert message.link == {"purpose": "answer"}
        assert message.city_id == story.city.pk
        assert message.next_try_at == AT + timedelta(hours=8), "at eight in the morning there, a Friday"
        assert message.expires_at == message.next_try_at + timedelta(days=7)

    def test_author_of_a_comment_gets_no_message_but_the_officer_does(self, story, inquiry):
        add_comment(inquiry, "Note to myself", by=story.officer.by, at=AT, language="en")
        assert self.messages(inquiry, "comment") == []
        add_comment(inquiry, "A question", by=story.second_officer.by, at=AT, language="en")
        (message,) = self.messages(inquiry, "comment")
        assert message.recipient == story.officer.user
        assert message.subject == f"{inquiry.reference} · New comment"
        assert message.link == {}

    def test_thank_you_is_sent_at_once_with_a_link_to_the_contacts_own_page(self, story, inquiry):
        send_inquiry(inquiry, by=story.officer.by, at=AT)
        record_answer(inquiry, by=own_link(story.contact), at=AT)
        thanks, told = self.messages(inquiry, "answer")
        assert thanks.recipient == story.contact.user
        assert thanks.next_try_at == AT
        assert thanks.link["thing_label"] == "partners.contact"
        assert thanks.link["thing_id"] == story.contact.pk
        assert told.recipient == story.officer.user

    def test_officer_is_asked_to_phone_after_the_third_reminder(self, story, inquiry):
        send_inquiry(inquiry, by=story.officer.by, at=AT)
        for number in range(3):
            remind_contact(inquiry, by=SYSTEM, at=AT + timedelta(days=number))
        for_third, *earlier = history_of(inquiry).filter(verb="remind")
        inquiry.reminder_count = 1
        people_told = {message.recipient for message in build_messages(for_third, AT)}
        assert {story.officer.user, story.contact.user} <= people_told
        assert len(earlier) == 2

    def test_coordinators_of_the_city_are_also_asked_to_phone_after_the_third_reminder(self, story, inquiry):
        network, abroad = cities.member("coordinator"), cities.member("coordinator", cities.city("ontario"))
        send_inquiry(inquiry, by=story.officer.by, at=AT)
        for number in range(2):
            remind_contact(inquiry, by=story.officer.by, at=AT + timedelta(days=number))
        second = history_of(inquiry).filter(verb="remind").first()
        assert network not in {message.recipient for message in build_messages(second, AT)}
        remind_contact(inquiry, by=SYSTEM, at=AT + timedelta(days=3))
        third = history_of(inquiry).filter(verb="remind").first()
        told = {message.recipient for message in build_messages(third, AT)}
        assert {network, story.officer.user} <= told
        assert abroad not in told

    def test_no_person_gets_two_messages_for_one_answer(self, story, inquiry):
        send_inquiry(inquiry, by=story.officer.by, at=AT)
        record_answer(inquiry, by=own_link(story.contact), at=AT)
        people_told = [message.recipient_id for message in self.messages(inquiry, "answer")]
        assert len(people_told) == len(set(people_told))

    def test_person_who_stopped_mail_gets_only_messages_they_requested(self, story, inquiry):
        send_inquiry(inquiry, by=story.officer.by, at=AT)
        stop_mail(story.contact.user, by=CONSOLE_ACTOR, at=AT)
        assert self.messages(inquiry, "send") == []
        link = issue_link(
            story.contact.user, purpose="answer", thing_label="procurement.inquiry", thing_id=inquiry.pk, by=CONSOLE_ACTOR,
            at=AT, real_at=real_now(),
        ).link  # fmt: skip
        request_email_code(link, at=AT, real_at=real_now())
        (message,) = self.messages(link, "ask_for_code")
        assert message.link == {"purpose": "code"}
        assert message.expires_at == AT + timedelta(minutes=10)

    def test_event_excluded_from_notification_plans_no_message(self, story, inquiry):
        assert self.messages(inquiry, "propose") == []

    def test_entry_about_a_deleted_object_plans_no_message(self, story, inquiry):
        entry = Entry(thing_label="procurement.inquiry", thing_id=0, verb="send", at=AT)
        assert build_messages(entry, AT) == []
        assert load_item("procurement.inquiry", 0) is None


class TestRelevant:
    @pytest.fixture
    def message(self, story, inquiry):
        send_inquiry(inquiry, by=story.officer.by, at=AT)
        (message,) = build_messages(history_of(inquiry).get(verb="send"), AT)
        return message

    def test_inquiry_email_is_relevant_while_the_inquiry_is_open(self, message):
        assert is_relevant(message)

    def test_inquiry_email_is_not_relevant_after_the_inquiry_is_declined(self, story, inquiry, message):
        decline_inquiry(inquiry, by=own_link(story.contact), at=AT)
        assert not is_relevant(message)

    def test_inquiry_email_is_not_relevant_after_the_recipient_stopped_mail(self, story, message):
        stop_mail(message.recipient, by=CONSOLE_ACTOR, at=AT)
        assert not is_relevant(message)

    def test_message_with_an_unknown_template_is_not_relevant(self, message):
        message.template = "of an older release"
        assert not is_relevant(message)

    def test_comment_notification_stays_relevant_in_any_status(self, story, inquiry):
        add_comment(inquiry, "A question", by=story.second_officer.by, at=AT, language="en")
        (message,) = build_messages(history_of(inquiry).get(verb="comment"), AT)
        assert is_relevant(message)
