"""The bell: what the reader was told, each linked to its thing, put aside and taken up again; on the page and through the API."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from accounts.actions import links, people
from accounts.actions.links import not_for_me
from accounts.actions.people import mark_bounced
from accounts.actors import CONSOLE
from partners.actions.roles import end_role
from procurement.notices.entries import for_entry
from procurement.notices.telling import NAMED, tell_all
from procurement.outreach.actions import writing
from tests import world
from tests.procurement.api.program import Program
from tests.procurement.one_of_each import play
from tests.procurement.shipments.play import Voyage
from tests.procurement.story import AT
from tests.procurement.told import told, told_of_a_comment
from tests.world import powers_for
from workflow import clock
from workflow.clock import real_now
from workflow.errors import Refused
from workflow.journal.entries import history_of
from workflow.models.bell import InAppNotice
from workflow.models.journal import Entry
from workflow.outbox import bell

pytestmark = pytest.mark.django_db
PAGE = "/notices/"


@pytest.fixture
def story(db) -> Voyage:
    voyage = Voyage()
    voyage.practise()
    yield voyage
    clock.forget()


@pytest.fixture
def need(story):
    return story.line().supply_request


@pytest.fixture
def notice(story, need) -> InAppNotice:
    return told_of_a_comment(need, story)


@pytest.fixture
def browser(story) -> Client:
    client = Client()
    client.force_login(story.officer.user)
    return client


def words(browser: Client, path: str = PAGE) -> str:
    answer = browser.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def change(browser: Client, notice: InAppNotice, verb: str, **data: str):
    return browser.post(reverse("change_notice", args=[notice.pk, verb]), data)


class TestThePage:
    def test_with_nothing_told_it_says_what_will_stand_here(self, browser):
        page = words(browser)
        assert "No notices yet." in page
        assert "Notices: 0 unread" in page
        assert "Mark all as read" not in page

    def test_a_notice_says_what_happened_and_the_bell_counts_it(self, story, need, notice, browser):
        page = words(browser)
        assert f"{story.second_officer.user} wrote a comment on {need.reference}." in page
        assert "Notices: 1 unread" in page
        assert "Notices: 1 unread" in words(browser, "/needs/"), "on every page"

    def test_its_words_are_those_of_the_reader_now(self, story, notice, browser):
        people.edit(story.officer.user, language="fr-ca", by=CONSOLE, at=AT)
        assert "A comment" not in words(browser)

    def test_opening_it_puts_it_aside_and_leads_to_its_thing(self, need, notice, browser):
        assert change(browser, notice, "open")["Location"] == need.get_absolute_url()
        notice.refresh_from_db()
        assert notice.read_at is not None

    def test_it_is_put_aside_and_taken_up_again_where_the_reader_stood(self, notice, browser):
        here = f"{PAGE}?show=unread"
        assert change(browser, notice, "read", next=here)["Location"] == here
        assert "Notices: 0 unread" in words(browser)
        assert "Mark as unread" in words(browser)
        elsewhere = change(browser, notice, "unread", next="https://elsewhere.example/")
        assert elsewhere["Location"] == PAGE
        assert "Notices: 1 unread" in words(browser)

    def test_reading_it_twice_keeps_the_first_moment(self, story, notice):
        by = story.officer.by
        bell.read(notice, by=by, at=AT)
        bell.read(notice, by=by, at=AT + timedelta(days=1))
        notice.refresh_from_db()
        assert notice.read_at == AT

    def test_all_are_put_aside_at_once_and_come_back_with_undo(self, story, need, notice, browser):
        bell.read(notice, by=story.officer.by, at=AT)
        for _turn in range(3):
            told_of_a_comment(need, story)
        answer = browser.post(reverse("read_notices"), {"newest": ""})
        page = words(browser, answer["Location"])
        assert "All are marked as read." in page
        undo = browser.get(answer["Location"]).context["undo"]
        assert InAppNotice.objects.unread().count() == 0
        assert browser.post(reverse("read_notices"), {"undo": undo})["Location"] == PAGE
        assert InAppNotice.objects.unread().count() == 3, "the one that was read before stays read"

    def test_what_came_after_the_page_was_shown_stays_unread(self, story, need, notice, browser):
        told_of_a_comment(need, story)
        browser.post(reverse("read_notices"), {"newest": str(notice.pk)})
        assert InAppNotice.objects.unread().count() == 1

    def test_all_means_also_what_the_filter_and_the_page_at_hand_leave_out(
        self, story, need, notice, browser
    ):
        newest = told_of_a_comment(need, story)
        bell.read(newest, by=story.officer.by, at=AT)
        bell.unread(newest, by=story.officer.by, at=AT)
        for query in ("?kind=recalls", f"?cursor={browser.get(PAGE).context['page'].next}"):
            assert browser.get(f"{PAGE}{query}").context["newest"] == newest.pk

    def test_where_none_is_unread_nothing_is_to_be_undone(self, browser):
        assert browser.post(reverse("read_notices"), {"newest": "x"})["Location"] == PAGE

    @pytest.mark.parametrize("undo", ["never", "2020-04-16", "2020-99-99T00:00:00Z"])
    def test_an_undo_that_is_no_moment_is_none(self, browser, undo):
        assert "All are marked" not in words(browser, f"{PAGE}?undo={undo}")

    def test_it_is_filtered_by_kind_and_by_what_is_unread(self, story, notice, browser):
        assert "A comment" in words(browser, f"{PAGE}?kind=comments&show=unread")
        assert "No notice matches." in words(browser, f"{PAGE}?kind=recalls")
        bell.read(notice, by=story.officer.by, at=AT)
        assert "No notice matches." in words(browser, f"{PAGE}?show=unread")
        assert "A comment" in words(browser, f"{PAGE}?kind=of-an-old-bookmark")

    def test_it_pages_and_asks_as_often_for_many_as_for_one(self, story, need, notice, browser):
        def asked(path):
            browser.get(path)
            with CaptureQueriesContext(connection) as queries:
                browser.get(path)
            return len(queries)

        few = asked(PAGE)
        for _turn in range(30):
            told_of_a_comment(need, story)
        assert asked(PAGE) == few
        following = browser.get(PAGE).context["page"].next
        assert len(browser.get(f"{PAGE}?cursor={following}").context["told"]) == 6

    def test_the_figure_stops_at_a_hundred(self, story, need, notice, browser):
        entry, me = notice.entry, story.officer.user
        for _turn in range(120):
            entry.pk = None
            entry.save(force_insert=True)
            InAppNotice.objects.create(
                entry=entry, recipient=me, kind="comments", thing_label=notice.thing_label, thing_id=need.pk, at=AT
            )  # fmt: skip
        assert "99+" in words(browser)

    def test_a_verb_nobody_knows_is_404_and_somebody_elses_notice_too(self, story, notice, browser):
        assert change(browser, notice, "burn").status_code == 404
        other = Client()
        other.force_login(story.second_officer.user)
        for verb in ("open", "read", "unread"):
            assert change(other, notice, verb).status_code == 404
        with pytest.raises(Refused, match="your own notices"):
            bell.read(notice, by=story.second_officer.by, at=AT)


def statements(rows, by):
    with translation.override("fr-ca"), CaptureQueriesContext(connection) as queries:
        tell_all(rows, by)
    return [query["sql"][:200] for query in queries]


class TestWhatIsTold:
    def test_of_a_thing_that_was_lost_from_sight_only_that_there_was_something(
        self, story, need, notice, browser
    ):
        for role in story.officer.user.memberships.all():
            end_role(role, by=CONSOLE, at=AT)
        page = words(browser)
        assert "you may no longer see" in page
        assert need.reference not in page
        assert change(browser, notice, "open")["Location"] == PAGE

    def test_of_a_notice_that_the_table_no_longer_knows_too(self, story, notice):
        notice.entry.verb = "of an older release"
        (one,) = tell_all([notice], story.officer.by)
        assert (str(one.subject), one.url) == ("Comments", "")

    def test_of_an_address_that_does_not_work_it_leads_to_the_contact(self, story, need):
        contact = story.contact
        writing.propose(
            need, contact, subject="a", body="b", author=story.officer.user, by=story.officer.by, at=AT
        )
        world.twinning(story.city, contact.city)
        mark_bounced(contact.user, by=CONSOLE, at=AT)
        (notice,) = told(history_of(contact.user).get(verb="bounce"))
        by = powers_for(story.officer.user)
        (one,) = tell_all([notice], by)
        assert one.url == contact.get_absolute_url()
        assert str(contact) in str(one.says)

    def test_what_names_nothing_is_told_whatever_became_of_the_link(self, story, need, browser):
        inquiry = writing.propose(
            need, story.contact, subject="a", body="b", author=story.officer.user, by=story.officer.by, at=AT
        )
        link = links.issue(
            story.contact.user, purpose="answer", thing_label="procurement.inquiry", thing_id=inquiry.pk, by=CONSOLE,
            at=AT, real_at=real_now(),
        ).link  # fmt: skip
        not_for_me(link, at=AT, real_at=real_now())
        told(history_of(link).get(verb="not_for_me"))
        page = words(browser)
        assert "was not meant for them" in page
        assert "you may no longer see" not in page

    def test_each_kind_of_thing_is_read_with_what_its_words_name(self, story):
        """For two notices about things of one kind as many statements as for one: `NAMED` lists every relation."""
        play(story, "busy")
        entries = [entry for entry in Entry.objects.order_by("pk") if for_entry(entry)]
        for entry in entries:
            thing = {"thing_label": entry.thing_label, "thing_id": entry.thing_id}
            InAppNotice.objects.create(
                entry=entry, recipient=story.officer.user, kind="orders", at=AT, **thing
            )
        by = powers_for(story.officer.user)
        labels = list(InAppNotice.objects.values_list("thing_label", flat=True).distinct())
        assert len(labels) > 5
        for label in labels:
            rows = list(InAppNotice.objects.filter(thing_label=label).select_related("entry")[:10])
            once = statements(rows[:1], by)
            assert len(once) <= 3, (label, once)  # the things; for some, who acted and for which cities
            assert len(statements(rows, by)) <= max(1, len(once)), label
        assert set(NAMED) >= {"procurement.inquiry", "partners.correction"}


class TestTheApi:
    def test_they_are_listed_and_marked(self, story, need, notice):
        program = Program(story.officer.user)
        (row,) = program.get("notices/")["results"]
        assert row["about"] == f"supply-requests/{need.reference}"
        assert (row["kind"], row["subject"], row["read_at"]) == ("comments", "A comment", None)
        assert need.reference in row["says"]
        read = program.post(f"notices/{notice.pk}/read/")
        assert read["read_at"] == "2020-04-16T16:00:00Z" or read["read_at"].startswith("2020-04-16T16:0")
        assert program.get("notices/?unread=true")["results"] == []
        assert len(program.get("notices/?unread=false")["results"]) == 1
        assert program.post(f"notices/{notice.pk}/unread/")["read_at"] is None

    def test_they_are_found_by_what_they_are_about(self, story, need, notice):
        program = Program(story.officer.user)
        about = f"supply-requests/{need.reference}"
        for query in (
            f"about={about}",
            f"search={need.reference}",
            "kind=comments",
            f"after={notice.pk - 1}",
        ):
            assert len(program.get(f"notices/?{query}")["results"]) == 1, query
        for query in ("search=SR-2020-9999", "search=", "kind=recalls", f"after={notice.pk}"):
            many = 1 if query == "search=" else 0
            assert len(program.get(f"notices/?{query}")["results"]) == many, query

    def test_of_what_is_out_of_sight_nothing_is_named(self, story, need, notice):
        for role in story.officer.user.memberships.all():
            end_role(role, by=CONSOLE, at=AT)
        (row,) = Program(story.officer.user).get("notices/")["results"]
        assert row["about"] is None
        assert need.reference not in str(row)

    def test_somebody_elses_does_not_exist(self, story, notice):
        other = Program(story.second_officer.user)
        assert other.ask("get", f"notices/{notice.pk}/").status_code == 404
        assert other.ask("post", f"notices/{notice.pk}/read/").status_code == 404
        assert not Entry.objects.filter(verb="read").exists()
