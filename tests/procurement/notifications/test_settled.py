"""Tests of settled notifications: one rule ends them on the page, in the API and in the daily digest."""

from datetime import timedelta

import pytest
from django.test import Client

from accounts.actions.notification_preferences import set_preferences
from partners.memberships import actions
from partners.memberships.actions import end_delegation
from procurement.notifications import table_lookup
from procurement.notifications.builder import build_notifications_for_entry
from procurement.notifications.categories import NotificationCategory
from procurement.notifications.digest import digest_groups
from procurement.notifications.notices import NotificationRule
from procurement.orders.actions.approve import approve_order, return_to_author, submit_order
from procurement.outreach.actions.reminders import expire_inquiry
from procurement.outreach.actions.replies import decline_inquiry
from procurement.tasks import run_tick
from tests.procurement.api.program import Program
from tests.worlds import cities
from tests.worlds.cities import own_link
from tests.worlds.need_to_order import AT
from tests.worlds.shipments import Journey
from workflow.clock import clear_instance_cache
from workflow.comments_and_files.actions import add_comment
from workflow.journal.entries import history_of
from workflow.journal.models import Entry
from workflow.outbox.models import Message, Notification

pytestmark = pytest.mark.django_db
SOON = AT + timedelta(hours=1)


@pytest.fixture
def story(db) -> Journey:
    voyage = Journey("richmond")
    voyage.practise()
    cities.twinning(voyage.city, voyage.partner_place)
    yield voyage
    clear_instance_cache()


ALL_NOTIFICATIONS_URL = "/notifications/?show=all"


def page_html(user, path: str = "/notifications/") -> str:
    browser = Client()
    browser.force_login(user)
    return browser.get(path).content.decode()


class TestNotifications:
    def test_approval_request_is_settled_for_all_approvers_once_one_approves(self, story):
        story.limit("1")
        order = story.draft()
        submit_order(order, by=story.officer.by, at=AT)
        approver, other = story.approver, story.person("approver")
        run_tick(AT)
        assert "Notifications: 1 unread" in page_html(other.user)
        approve_order(order, by=approver.by, at=SOON)
        run_tick(SOON)
        told = page_html(other.user, ALL_NOTIFICATIONS_URL)
        assert "Notifications: 0 unread" in told
        assert f"Settled: {approver.user} approved" not in page_html(other.user), "what is settled is gone"
        assert f"Settled: {approver.user} approved" in told
        assert "No matching notifications." in page_html(other.user, "/notifications/?show=unread")

    def test_notification_stays_unread_while_its_matter_is_open(self, story):
        asked = story.asked(story.line())
        decline_inquiry(asked, by=own_link(story.contact), at=AT)
        run_tick(AT)
        add_comment(asked, "Pity.", by=story.officer.by, at=SOON, language="en")
        run_tick(SOON)
        assert "Notifications: 1 unread" in page_html(story.officer.user)
        assert "Settled:" not in page_html(story.officer.user)

    def test_order_submitted_again_notifies_the_approver_once_more(self, story):
        story.limit("1")
        approver = story.approver
        order = story.draft()
        for turn in range(2):
            at = AT + timedelta(hours=turn)
            submit_order(order, by=story.officer.by, at=at)
            run_tick(at)
            if turn == 0:
                return_to_author(order, reason="Which account?", by=approver.by, at=SOON)
                run_tick(SOON)
        assert "Notifications: 1 unread" in page_html(approver.user)
        assert Notification.objects.filter(recipient=approver.user, entry__verb="submit").count() == 2

    def test_api_lists_a_settled_notification_as_read_with_its_reason(self, story):
        story.limit("1")
        approver, other = story.approver, story.person("approver")
        order = story.draft()
        submit_order(order, by=story.officer.by, at=AT)
        run_tick(AT)
        program = Program(other.user)
        (row,) = program.get("notifications/?unread=true")["results"]
        assert row["settled"] is None
        approve_order(order, by=approver.by, at=SOON)
        run_tick(SOON)
        assert program.get("notifications/?unread=true")["results"] == []
        (row,) = program.get("notifications/?unread=false")["results"]
        assert "approved" in row["settled"]

    def test_notification_shows_the_current_status_before_the_next_periodic_run(self, story):
        story.limit("1")
        approver, other = story.approver, story.person("approver")
        order = story.draft()
        submit_order(order, by=story.officer.by, at=AT)
        run_tick(AT)
        approve_order(order, by=approver.by, at=SOON)
        assert "Settled: the status is now “Approved”." in page_html(other.user, ALL_NOTIFICATIONS_URL)

    def test_settled_notification_can_still_be_opened_and_marked_as_read(self, story):
        asked = story.asked(story.line())
        expire_inquiry(asked, by=story.officer.by, at=AT)
        keeper = story.officer.user
        entry = Entry.objects.about(asked).get(verb="expire")
        notice = Notification(
            entry=entry, recipient=keeper, kind=NotificationCategory.INQUIRIES, thing_label=entry.thing_label, thing_id=asked.pk,
            at=AT, settled_by=entry,
        )  # fmt: skip
        notice.save()
        browser = Client()
        browser.force_login(keeper)
        assert browser.post(f"/notifications/{notice.pk}/open/")["Location"] == asked.get_absolute_url()
        notice.refresh_from_db()
        assert notice.read_at is not None

    def test_revoked_delegation_is_shown_as_settled_before_and_after_the_next_periodic_run(self, story):
        today, deputy = story.city.day_at(AT), story.logistics.user
        given = actions.delegate_approvals(
            story.city, deputy=deputy, starts_on=today, ends_on=today + timedelta(days=9), by=story.approver.by, at=AT
        )  # fmt: skip
        run_tick(AT)
        end_delegation(given, by=story.approver.by, at=SOON)
        assert "Settled." in page_html(deputy, ALL_NOTIFICATIONS_URL)
        program = Program(deputy)
        assert [row["settled"] for row in program.get("notifications/")["results"]][-1] == "Settled."
        run_tick(SOON)
        assert f"Settled: {story.approver.user} " in page_html(deputy, ALL_NOTIFICATIONS_URL)
        assert "Notifications: 1 unread" in page_html(deputy)  # the notice that it has ended


class TestMail:
    def test_digest_leaves_out_a_revoked_delegation(self, story):
        today, deputy = story.city.day_at(AT), story.logistics.user
        given = actions.delegate_approvals(
            story.city, deputy=deputy, starts_on=today, ends_on=today + timedelta(days=9), by=story.approver.by, at=AT
        )  # fmt: skip
        entry = history_of(given).get(verb="delegate")
        for notice in build_notifications_for_entry(entry, AT).notices:
            notice.digest = entry
            notice.save()
        assert digest_groups(entry, deputy)
        end_delegation(given, by=story.approver.by, at=SOON)
        assert digest_groups(entry, deputy) == []

    def test_order_approved_before_the_first_periodic_run_is_not_announced_to_approvers(self, story):
        story.limit("1")
        approver = story.approver
        order = story.draft()
        submit_order(order, by=story.officer.by, at=AT)
        approve_order(order, by=approver.by, at=AT)
        run_tick(AT)
        assert not Message.objects.about(order).filter(entry__verb="submit").exists()
        assert "Notifications: 0 unread" in page_html(approver.user)

    def test_digest_leaves_out_orders_already_approved(self, story):
        story.limit("1")
        approver = story.approver
        set_preferences(approver.user, {NotificationCategory.ORDERS: "digest"}, by=approver.by, at=AT)
        order = story.draft()
        submit_order(order, by=story.officer.by, at=AT)
        run_tick(AT)
        approve_order(order, by=story.person("approver").by, at=SOON)
        for hour in range(4, 80, 4):
            run_tick(AT + timedelta(hours=hour))
        assert not Message.objects.filter(recipient=approver.user, template="digest").exists()


def test_every_notification_row_states_until_when_it_is_true():
    for (label, verb), rows in table_lookup.NOTICES.items():
        for row in rows:
            assert row.valid_statuses or row.never_becomes_invalid or row.valid_if.__name__ != "always", (
                label,
                verb,
            )
    with pytest.raises(TypeError, match="until when"):
        NotificationRule(audience=lambda _thing: [])
