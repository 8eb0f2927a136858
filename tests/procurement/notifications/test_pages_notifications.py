"""Tests of the notifications, on the page and through the API.

Each is linked to its object, and can be marked as read and as unread again.
"""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation
from django.utils.html import escape

from accounts.actions.links import issue_link, report_misdirected_link
from accounts.actions.people import PersonEdit, edit_person, mark_bounced
from accounts.actors import CONSOLE_ACTOR
from partners.memberships.actions import end_role
from procurement.notifications.in_app_text import DETAIL_RELATIONS, render_notifications
from procurement.notifications.table_lookup import table_rows_for_entry
from procurement.outreach.actions.inquiries import draft_inquiry
from tests.procurement.api.program import Program
from tests.worlds import cities
from tests.worlds.cities import powers_for
from tests.worlds.need_to_order import AT
from tests.worlds.notifications import notifications_of, notify_of_comment
from tests.worlds.one_of_each.played_city import PlayedCity
from workflow.clock import clear_instance_cache, real_now
from workflow.errors import Refused
from workflow.journal.entries import history_of
from workflow.journal.models import Entry
from workflow.outbox.in_app_notifications import mark_read, mark_unread
from workflow.outbox.models import Notification

pytestmark = pytest.mark.django_db
PAGE = "/notifications/"


@pytest.fixture
def story(db) -> PlayedCity:
    voyage = PlayedCity()
    voyage.practise()
    yield voyage
    clear_instance_cache()


@pytest.fixture
def need(story):
    return story.line().supply_request


@pytest.fixture
def notice(story, need) -> Notification:
    return notify_of_comment(need, story)


@pytest.fixture
def browser(story) -> Client:
    client = Client()
    client.force_login(story.officer.user)
    return client


def page_html(browser: Client, path: str = PAGE) -> str:
    answer = browser.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def post_change(browser: Client, notice: Notification, verb: str, **data: str):
    return browser.post(reverse("change_notification", args=[notice.pk, verb]), data)


class TestPage:
    def test_empty_notification_page_explains_itself_and_counts_zero_unread(self, browser):
        page = page_html(browser)
        assert "No notifications yet." in page
        assert "Notifications: 0 unread" in page
        assert "Mark all as read" not in page

    def test_notification_states_the_event_and_the_unread_count_is_on_every_page(
        self, story, need, notice, browser
    ):
        page = page_html(browser)
        assert f"{story.second_officer.user} commented on {need.reference}." in page
        assert escape(need.title) in page, "the need is named, not only numbered"
        assert "Notifications: 1 unread" in page
        assert "Notifications: 1 unread" in page_html(browser, "/needs/"), "on every page"

    def test_notification_is_written_in_the_readers_current_language(self, story, notice, browser):
        edit_person(story.officer.user, PersonEdit(language="fr-ca"), by=CONSOLE_ACTOR, at=AT)
        assert "New comment" not in page_html(browser)

    def test_opening_a_notification_marks_it_as_read_and_leads_to_its_object(self, need, notice, browser):
        assert post_change(browser, notice, "open")["Location"] == need.get_absolute_url()
        notice.refresh_from_db()
        assert notice.read_at is not None

    def test_notification_is_marked_read_and_unread_and_returns_to_the_same_local_page(self, notice, browser):
        here = f"{PAGE}?show=unread"
        assert post_change(browser, notice, "read", next=here)["Location"] == here
        assert "Notifications: 0 unread" in page_html(browser)
        assert "Mark as unread" in page_html(browser)
        elsewhere = post_change(browser, notice, "unread", next="https://elsewhere.example/")
        assert elsewhere["Location"] == PAGE
        assert "Notifications: 1 unread" in page_html(browser)

    def test_marking_a_notification_as_read_twice_keeps_the_first_time(self, story, notice):
        by = story.officer.by
        mark_read(notice, by=by, at=AT)
        mark_read(notice, by=by, at=AT + timedelta(days=1))
        notice.refresh_from_db()
        assert notice.read_at == AT

    def test_all_notifications_are_marked_as_read_and_restored_with_undo(self, story, need, notice, browser):
        mark_read(notice, by=story.officer.by, at=AT)
        for _turn in range(3):
            notify_of_comment(need, story)
        answer = browser.post(reverse("read_notifications"), {"newest": ""})
        page = page_html(browser, answer["Location"])
        assert "All notifications are marked as read." in page
        undo = browser.get(answer["Location"]).context["undo"]
        assert Notification.objects.unread().count() == 0
        assert browser.post(reverse("read_notifications"), {"undo": undo})["Location"] == PAGE
        assert Notification.objects.unread().count() == 3, "the one that was read before stays read"

    def test_notification_that_arrived_after_the_page_was_shown_stays_unread(
        self, story, need, notice, browser
    ):
        notify_of_comment(need, story)
        browser.post(reverse("read_notifications"), {"newest": str(notice.pk)})
        assert Notification.objects.unread().count() == 1

    def test_mark_all_as_read_includes_notifications_outside_the_filter_and_page(
        self, story, need, notice, browser
    ):
        newest = notify_of_comment(need, story)
        mark_read(newest, by=story.officer.by, at=AT)
        mark_unread(newest, by=story.officer.by, at=AT)
        for query in ("?kind=recalls", f"?cursor={browser.get(PAGE).context['page'].next_cursor}"):
            assert browser.get(f"{PAGE}{query}").context["newest"] == newest.pk

    def test_marking_all_as_read_without_unread_ones_offers_no_undo(self, browser):
        assert browser.post(reverse("read_notifications"), {"newest": "x"})["Location"] == PAGE

    @pytest.mark.parametrize("undo", ["never", "2020-04-16", "2020-99-99T00:00:00Z"])
    def test_invalid_undo_time_is_ignored(self, browser, undo):
        assert "All notifications are marked as read" not in page_html(browser, f"{PAGE}?undo={undo}")

    def test_notifications_are_filtered_by_category_and_unread(self, story, notice, browser):
        assert "New comment" in page_html(browser, f"{PAGE}?kind=comments&show=unread")
        assert "No matching notifications." in page_html(browser, f"{PAGE}?kind=recalls")
        mark_read(notice, by=story.officer.by, at=AT)
        assert "No matching notifications." in page_html(browser, f"{PAGE}?show=unread")
        assert "New comment" in page_html(browser, f"{PAGE}?kind=of-an-old-bookmark")

    def test_notifications_about_one_object_are_grouped_and_read_together(self, story, need, notice, browser):
        newest = notify_of_comment(need, story)
        other = story.line().supply_request
        notify_of_comment(other, story)
        groups = browser.get(PAGE).context["groups"]
        assert [len(group.notices) for group in groups] == [1, 2]
        assert groups[1].newest.notice == newest
        post_change(browser, newest, "read")
        assert Notification.objects.unread().filter(recipient=story.officer.user).count() == 1
        post_change(browser, newest, "unread")
        assert browser.get(PAGE).context["groups"][1].unread_count == 1

    def test_opening_an_object_marks_the_readers_own_notifications_about_it_as_read(
        self, story, need, notice, browser
    ):
        notify_of_comment(story.line().supply_request, story)
        page = page_html(browser, need.get_absolute_url())
        seen = reverse("mark_object_read", args=["procurement.supplyrequest", need.pk])
        assert f'data-hx-post="{seen}"' in page
        assert Notification.objects.unread().count() == 2, "a GET writes nothing"
        assert browser.post(seen).status_code == 204
        assert [one.thing_id == need.pk for one in Notification.objects.unread()] == [False]
        assert browser.get(seen).status_code == 405
        other = Client()
        other.force_login(story.second_officer.user)
        mark_unread(notice, by=story.officer.by, at=AT)
        other.post(seen)
        notice.refresh_from_db()
        assert notice.read_at is None, "each reader has their own notices"

    def test_settled_notification_is_shown_only_under_all(self, story, need, notice, browser):
        Notification.objects.filter(pk=notice.pk).update(settled_by=notice.entry)
        assert "No matching notifications." in page_html(browser, f"{PAGE}?show=unread")
        assert browser.get(PAGE).context["groups"] == []
        assert [group.is_settled for group in browser.get(f"{PAGE}?show=all").context["groups"]] == [True]

    def test_notification_page_is_paginated_with_a_constant_number_of_queries(
        self, story, need, notice, browser
    ):
        def asked(path):
            browser.get(path)
            with CaptureQueriesContext(connection) as queries:
                browser.get(path)
            return len(queries)

        few = asked(PAGE)
        for _turn in range(30):
            notify_of_comment(need, story)
        assert asked(PAGE) == few
        following = browser.get(PAGE).context["page"].next_cursor
        assert len(browser.get(f"{PAGE}?cursor={following}").context["notices"]) == 6

    def test_unread_count_above_99_is_shown_as_99_plus(self, story, need, notice, browser):
        entry, me = notice.entry, story.officer.user
        for _turn in range(120):
            entry.pk = None
            entry.save(force_insert=True)
            Notification.objects.create(
                entry=entry, recipient=me, kind="comments", thing_label=notice.thing_label, thing_id=need.pk, at=AT
            )  # fmt: skip
        assert "99+" in page_html(browser)

    def test_unknown_action_or_another_persons_notification_gets_404(self, story, notice, browser):
        assert post_change(browser, notice, "burn").status_code == 404
        other = Client()
        other.force_login(story.second_officer.user)
        for verb in ("open", "read", "unread"):
            assert post_change(other, notice, verb).status_code == 404
        with pytest.raises(Refused, match="mark only your own notifications as read"):
            mark_read(notice, by=story.second_officer.by, at=AT)


def statements(rows, by):
    with translation.override("fr-ca"), CaptureQueriesContext(connection) as queries:
        render_notifications(rows, by)
    return [query["sql"][:200] for query in queries]


class TestContent:
    def test_notification_about_an_object_no_longer_visible_does_not_name_it(
        self, story, need, notice, browser
    ):
        for role in story.officer.user.memberships.all():
            end_role(role, by=CONSOLE_ACTOR, at=AT)
        page = page_html(browser)
        assert "deleted or that you can no longer see" in page
        assert need.reference not in page
        assert post_change(browser, notice, "open")["Location"] == PAGE

    def test_notification_of_an_outdated_type_shows_only_its_category(self, story, notice):
        notice.entry.verb = "of an older release"
        (one,) = render_notifications([notice], story.officer.by)
        assert (str(one.subject), one.url) == ("Comments", "")

    def test_notification_of_a_bounced_address_leads_to_the_contact(self, story, need):
        contact = story.contact
        draft_inquiry(
            need, contact, subject="a", body="b", author=story.officer.user, by=story.officer.by, at=AT
        )
        cities.twinning(story.city, contact.city)
        mark_bounced(contact.user, by=CONSOLE_ACTOR, at=AT)
        (notice,) = notifications_of(history_of(contact.user).get(verb="bounce"))
        by = powers_for(story.officer.user)
        (one,) = render_notifications([notice], by)
        assert one.url == contact.get_absolute_url()
        assert str(contact) in str(one.body)

    def test_notification_of_a_misdirected_link_is_shown_even_after_the_link_is_gone(
        self, story, need, browser
    ):
        inquiry = draft_inquiry(
            need, story.contact, subject="a", body="b", author=story.officer.user, by=story.officer.by, at=AT
        )
        link = issue_link(
            story.contact.user, purpose="answer", thing_label="procurement.inquiry", thing_id=inquiry.pk, by=CONSOLE_ACTOR,
            at=AT, real_at=real_now(),
        ).link  # fmt: skip
        report_misdirected_link(link, at=AT, real_at=real_now())
        notifications_of(history_of(link).get(verb="not_for_me"))
        page = page_html(browser)
        assert "was not meant for them" in page
        assert "deleted or that you can no longer see" not in page

    def test_notifications_of_one_kind_are_loaded_with_a_constant_number_of_queries(self, story):
        """Two notifications about objects of one kind take as many queries as one.

        `DETAIL_RELATIONS` lists every relation that is read.
        """
        story.play(whole=True)
        # An offer in answer to an inquiry notifies no one.
        quiet = ("procurement.supplierlead", "offer")
        entries = [
            entry
            for entry in Entry.objects.order_by("pk")
            if table_rows_for_entry(entry) and (entry.thing_label, entry.verb) != quiet
        ]
        for entry in entries:
            thing = {"thing_label": entry.thing_label, "thing_id": entry.thing_id}
            facts = {"kind": "orders", "at": AT, **thing}
            Notification.objects.get_or_create(entry=entry, recipient=story.officer.user, defaults=facts)
        by = powers_for(story.officer.user)
        labels = list(Notification.objects.values_list("thing_label", flat=True).distinct())
        assert len(labels) > 5
        for label in labels:
            rows = list(Notification.objects.filter(thing_label=label).select_related("entry")[:10])
            once = statements(rows[:1], by)
            assert len(once) <= 3, (label, once)  # the objects; for some, the actor and their cities
            assert len(statements(rows, by)) <= max(1, len(once)), label
        assert set(DETAIL_RELATIONS) >= {"procurement.inquiry", "partners.correction"}


class TestApi:
    def test_notifications_are_listed_and_marked_through_the_api(self, story, need, notice):
        program = Program(story.officer.user)
        (row,) = program.get("notifications/")["results"]
        assert row["about"] == f"supply-requests/{need.reference}"
        assert (row["kind"], row["subject"], row["read_at"]) == ("comments", "New comment", None)
        assert need.reference in row["says"]
        read = program.post(f"notifications/{notice.pk}/read/")
        assert read["read_at"] == "2020-04-16T16:00:00Z" or read["read_at"].startswith("2020-04-16T16:0")
        assert program.get("notifications/?unread=true")["results"] == []
        assert len(program.get("notifications/?unread=false")["results"]) == 1
        assert program.post(f"notifications/{notice.pk}/unread/")["read_at"] is None

    def test_notifications_are_filtered_through_the_api_by_object_and_category(self, story, need, notice):
        program = Program(story.officer.user)
        about = f"supply-requests/{need.reference}"
        for query in (
            f"about={about}",
            f"search={need.reference}",
            "kind=comments",
            f"after={notice.pk - 1}",
        ):
            assert len(program.get(f"notifications/?{query}")["results"]) == 1, query
        for query in ("search=SR-2020-9999", "search=", "kind=recalls", f"after={notice.pk}"):
            many = 1 if query == "search=" else 0
            assert len(program.get(f"notifications/?{query}")["results"]) == many, query

    def test_api_notification_about_a_hidden_object_does_not_name_it(self, story, need, notice):
        for role in story.officer.user.memberships.all():
            end_role(role, by=CONSOLE_ACTOR, at=AT)
        (row,) = Program(story.officer.user).get("notifications/")["results"]
        assert row["about"] is None
        assert need.reference not in str(row)

    def test_api_returns_404_for_another_persons_notification(self, story, notice):
        other = Program(story.second_officer.user)
        assert other.ask("get", f"notifications/{notice.pk}/").status_code == 404
        assert other.ask("post", f"notifications/{notice.pk}/read/").status_code == 404
        assert not Entry.objects.filter(verb="read").exists()
