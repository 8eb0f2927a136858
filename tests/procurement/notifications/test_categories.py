"""Tests of the categories of notifications, and of mail by the preference of the reader for each category."""

from datetime import timedelta

import pytest
from django.utils import translation

from accounts.actions.notification_preferences import set_preferences
from accounts.actions.people import PersonEdit, deactivate, edit_person, stop_mail
from accounts.actors import CONSOLE_ACTOR, SelfActor
from procurement.notifications import table_lookup
from procurement.notifications.builder import build_messages, build_notifications_for_entry
from procurement.notifications.categories import (
    NOTIFICATION_CATEGORY_CHOICES,
    NotificationCategory,
    category_of,
)
from procurement.notifications.digest import delivery_channel_of, unsubscribe_category
from procurement.notifications.notices import STAFF_TEMPLATE
from procurement.notifications.table_lookup import table_row_of
from procurement.outreach.actions.inquiries import send_inquiry
from procurement.outreach.actions.replies import record_answer
from tests.worlds.cities import own_link
from tests.worlds.need_to_order import AT
from workflow.comments_and_files.actions import add_comment
from workflow.journal.entries import history_of
from workflow.outbox.models import Message, Notification


def staff_rows():
    return [
        (label, verb, row) for (label, verb), rows in table_lookup.NOTICES.items() for row in rows if row.template == STAFF_TEMPLATE
    ]  # fmt: skip


class TestCategories:
    def test_every_staff_notification_has_a_category_that_can_be_chosen(self):
        found = {(label, verb): category_of(label, verb, row) for label, verb, row in staff_rows()}
        assert {pair for pair, kind in found.items() if kind == NotificationCategory.ACCOUNT} == set()
        assert set(found.values()) | {NotificationCategory.ACCOUNT} == set(NotificationCategory), (
            "each kind is used"
        )

    @pytest.mark.parametrize(
        ("label", "verb", "kind"),
        [
            ("procurement.lot", "recall", NotificationCategory.RECALLS),
            ("procurement.lot", "refuse", NotificationCategory.GOODS),
            ("*", "comment", NotificationCategory.COMMENTS),
            ("*", "undelivered", NotificationCategory.UNDELIVERED),
            ("procurement.order", "submit", NotificationCategory.ORDERS),
            ("partners.correction", "propose", NotificationCategory.REGISTER),
            ("procurement.finding", "find", NotificationCategory.OFFERS),
            ("procurement.verificationtask", "submit", NotificationCategory.CHECKS),
            ("procurement.inquiry", "answer", NotificationCategory.INQUIRIES),
        ],
    )
    def test_notification_belongs_to_the_expected_category(self, label, verb, kind):
        rows = [row for row in table_lookup.NOTICES[label, verb] if row.template == STAFF_TEMPLATE]
        assert [category_of(label, verb, row) for row in rows] == [kind]

    def test_request_to_phone_is_a_call_and_reminder_to_the_partner_city_a_question(self):
        rows = [
            row
            for row in table_lookup.NOTICES["procurement.inquiry", "remind"]
            if row.template == STAFF_TEMPLATE
        ]
        kinds = [category_of("procurement.inquiry", "remind", row) for row in rows]
        assert kinds == [
            NotificationCategory.PHONE_CALLS,
            NotificationCategory.INQUIRIES,
            NotificationCategory.PHONE_CALLS,
        ]

    def test_messages_to_contacts_belong_to_the_account_category(self):
        rows = [
            (pair, row)
            for pair, rows in table_lookup.NOTICES.items()
            for row in rows
            if row.template != STAFF_TEMPLATE
        ]
        assert {category_of(*pair, row) for pair, row in rows} == {NotificationCategory.ACCOUNT}

    @pytest.mark.parametrize("language", ["en", "fr-ca", "zh-hans"])
    def test_every_notification_category_has_a_distinct_label_in_each_language(self, language):
        with translation.override(language):
            said = [
                str(words)
                for kind in NOTIFICATION_CATEGORY_CHOICES
                for words in (kind.label, kind.description)
            ]
        assert len(set(said)) == 2 * len(NOTIFICATION_CATEGORY_CHOICES)


class TestDelivery:
    @pytest.fixture
    def commented(self, story, inquiry):
        add_comment(inquiry, "A question", by=story.second_officer.by, at=AT, language="en")
        return history_of(inquiry).get(verb="comment")

    def choose(self, user, **ways):
        set_preferences(user, ways, by=SelfActor(user), at=AT)

    def test_comment_is_mailed_and_notified_at_once_by_default(self, story, commented):
        plan = build_notifications_for_entry(commented, AT)
        (message,), (notice,), letters = plan
        assert letters == []
        assert message.recipient == notice.recipient == story.officer.user
        assert (notice.kind, notice.entry, notice.digest_at) == ("comments", commented, None)

    def test_comment_in_digest_preference_is_due_at_the_start_of_the_next_working_day(self, story, commented):
        edit_person(story.officer.user, PersonEdit(time_zone="America/Vancouver"), by=CONSOLE_ACTOR, at=AT)
        self.choose(story.officer.user, comments="digest")
        plan = build_notifications_for_entry(commented, AT)
        assert plan.messages == []
        assert plan.notices[0].digest_at == AT + timedelta(hours=23), "Friday, eight in the morning"

    def test_comment_with_mail_switched_off_is_only_a_notification(self, story, commented):
        self.choose(story.officer.user, comments="off")
        plan = build_notifications_for_entry(commented, AT)
        assert plan.messages == []
        assert [notice.digest_at for notice in plan.notices] == [None]

    def test_person_who_stopped_all_mail_gets_only_notifications(self, story, commented):
        stop_mail(story.officer.user, by=CONSOLE_ACTOR, at=AT)
        plan = build_notifications_for_entry(commented, AT)
        assert (len(plan.messages), len(plan.notices)) == (0, 1)

    def test_deactivated_person_gets_neither_mail_nor_notification(self, story, inquiry):
        left = story.officer.user
        deactivate(left, reason="left", by=CONSOLE_ACTOR, at=AT, real_at=AT)
        add_comment(inquiry, "A question", by=story.second_officer.by, at=AT, language="en")
        plan = build_notifications_for_entry(history_of(inquiry).get(verb="comment"), AT)
        assert left not in {one.recipient for one in (*plan.messages, *plan.notices)}

    def test_contact_gets_mail_but_no_notification(self, story, inquiry):
        send_inquiry(inquiry, by=story.officer.by, at=AT)
        plan = build_notifications_for_entry(history_of(inquiry).get(verb="send"), AT)
        assert (len(plan.messages), plan.notices) == (1, [])

    def test_stored_notification_is_matched_to_its_template_row(self, story, inquiry):
        send_inquiry(inquiry, by=story.officer.by, at=AT)
        record_answer(inquiry, by=own_link(story.contact), at=AT)
        (notice,) = build_notifications_for_entry(history_of(inquiry).get(verb="answer"), AT).notices
        assert str(table_row_of(notice).subject) == "A reply was received"
        notice.entry.verb = "of an older release"
        assert table_row_of(notice) is None

    def test_inquiry_email_is_sent_regardless_of_notification_preferences(self, story, inquiry):
        send_inquiry(inquiry, by=story.officer.by, at=AT)
        (message,) = build_messages(history_of(inquiry).get(verb="send"), AT)
        assert delivery_channel_of(message) == "at_once"
        assert unsubscribe_category(message) == ""

    def test_unsubscribe_link_concerns_the_category_when_it_may_be_switched_off(
        self, story, inquiry, commented
    ):
        (message,), (notice,), _letters = build_notifications_for_entry(commented, AT)
        notice.save()
        assert unsubscribe_category(message) == "comments"
        Notification.objects.update(kind="recalls")
        assert unsubscribe_category(message) == "", "then it is about all mail"
        assert isinstance(message, Message)
