"""Tests of the pages of watchlists and matches: upload with errors, search, decisions, and the row on the start page ("Today")."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from procurement.dashboard.views import todo_items
from procurement.sanctions.actions.periodic import activate_next_watchlist
from procurement.sanctions.actions.watchlists import fail_watchlist
from procurement.sanctions.models import Watchlist, WatchlistMatch
from tests.browsing import Browser
from tests.worlds import watchlists
from tests.worlds.need_to_order import AT, Story
from tests.worlds.watchlists import activate_list
from workflow.clock import clear_instance_cache, create_instance

pytestmark = pytest.mark.django_db


@pytest.fixture
def story():
    clear_instance_cache()
    create_instance("practice", AT)
    yield Story()
    clear_instance_cache()


def browser_of(user):
    client = Client()
    client.force_login(user)
    return client


def upload_fields(content="Name\nBlackwater Orchid\n", **facts):
    given = {
        "name": "Practice list",
        "kind": "forced_labour",
        "publisher": "Practice office",
        "source": "https://lists.example/a.csv",
        "published_on": "2020-04-01",
        "file": SimpleUploadedFile("a.csv", content.encode()),
    }
    return given | facts


def test_watchlist_is_uploaded_activated_and_searched_on_its_page(story):
    keeper = browser_of(watchlists.register_coordinator().user)
    assert keeper.get(reverse("upload_watchlist")).status_code == 200
    answer = keeper.post(reverse("upload_watchlist"), upload_fields("Name,Programme\nBlackwater Orchid,x\n"))
    watchlist = Watchlist.objects.get()
    assert (answer.status_code, answer["Location"]) == (303, watchlist.get_absolute_url())
    assert len(watchlist.sha256) == 64
    assert "within 30 seconds" in keeper.get(watchlist.get_absolute_url()).content.decode()
    activate_next_watchlist(AT)
    page = keeper.get(watchlist.get_absolute_url()).content.decode()
    assert "Blackwater Orchid" in page
    assert watchlist.sha256 in page
    assert "Columns not read" in page
    assert "Programme" in page
    assert b"Blackwater Orchid" in b"".join(
        keeper.get(f"{watchlist.get_absolute_url()}?as=csv").streaming_content
    )
    assert b"Practice office" in b"".join(keeper.get(f"{reverse('watchlists')}?as=csv").streaming_content)
    newer = keeper.get(f"{reverse('upload_watchlist')}?newer={watchlist.reference}").content.decode()
    assert "Practice office" in newer
    assert "No names match." in keeper.get(f"{watchlist.get_absolute_url()}?q=nobody-here").content.decode()


def test_watchlist_errors_are_shown_by_row_and_column_on_the_page(story):
    keeper = browser_of(watchlists.register_coordinator().user)
    answer = keeper.post(reverse("upload_watchlist"), upload_fields("Name,Remark\n,x\nKanghu,\n"))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "This cell is required." in page
    assert not Watchlist.objects.exists()
    assert keeper.post(reverse("upload_watchlist"), {}).status_code == 422
    hostile = upload_fields('<!DOCTYPE l [<!ENTITY a "b">]><l>&a;</l>')
    assert "document type" in keeper.post(reverse("upload_watchlist"), hostile).content.decode()


def test_watchlist_upload_is_403_for_officers_and_404_for_contacts(story):
    assert browser_of(story.officer.user).get(reverse("upload_watchlist")).status_code == 403
    assert browser_of(story.contact.user).get(reverse("watchlists")).status_code == 404
    assert browser_of(story.contact.user).get(reverse("watchlist_matches")).status_code == 404


def test_watchlist_is_withdrawn_and_discarded_on_its_page(story):
    one, two = watchlists.register_coordinator(), watchlists.register_coordinator()
    watchlist = activate_list("Somebody", by=one)
    for who, verb in (
        (one, "propose_withdrawal"),
        (two, "keep"),
        (one, "propose_withdrawal"),
        (two, "withdraw"),
    ):
        at = reverse("watchlist_move", args=[watchlist.reference, verb])
        assert browser_of(who.user).get(at).status_code == 200
        assert browser_of(who.user).post(at, {"reason": "because"}).status_code == 303
    watchlist.refresh_from_db()
    assert watchlist.status == "withdrawn"
    other = watchlists.upload_list("Another", name="Other", by=one)
    at = reverse("watchlist_move", args=[other.reference, "discard"])
    browser_of(one.user).post(at, {"reason": "because"})
    other.refresh_from_db()
    assert other.status == "withdrawn"


def test_failed_watchlist_is_shown_and_retried(story):
    one = watchlists.register_coordinator()
    watchlist = watchlists.upload_list("Somebody", by=one)
    fail_watchlist(watchlist, at=AT)
    page = browser_of(one.user)
    assert "The list could not be processed" in page.get(watchlist.get_absolute_url()).content.decode()
    page.post(reverse("watchlist_move", args=[watchlist.reference, "retry"]))
    watchlist.refresh_from_db()
    assert watchlist.status == "uploaded"


def test_watchlist_match_is_dismissed_by_two_people_on_its_page(story):
    match = watchlists.matched_watchlist_entry(story)
    for who, verb in ((story.verifier, "propose_dismissal"), (story.second_officer, "dismiss")):
        page = browser_of(who.user)
        html = page.get(match.get_absolute_url()).content.decode()
        assert watchlists.LISTED_NAME in html
        at = reverse("watchlist_match_move", args=[match.reference, verb])
        assert page.get(at).status_code == 200
        assert page.post(at, {"reason": ""}).status_code == 422
        page.post(at, {"reason": f"{verb} because"})
    match.refresh_from_db()
    assert (match.status, match.review_note) == ("dismissed", "dismiss because")
    assert "dismiss because" in browser_of(story.officer.user).get(match.get_absolute_url()).content.decode()
    browser_of(story.verifier.user).post(
        reverse("watchlist_match_move", args=[match.reference, "reopen"]), {"reason": "again"}
    )
    assert WatchlistMatch.objects.get().status == "possible"


def test_matches_with_one_list_entry_are_one_note_on_the_company_page(story):
    match = watchlists.matched_watchlist_entry(story)
    same_name, other_name = match.name, "Kanghu Trading"
    for number, (name, source) in enumerate(((same_name, "referral"), (other_name, "number")), start=1):
        match.pk, match.reference, match.name, match.name_source = None, f"LM-1999-000{number}", name, source
        match.save(force_insert=True)
    notes = Browser(story.officer.user).open(story.supplier).main.xpath(".//*[contains(@class, 'note-red')]")
    assert len(notes) == 1
    text = notes[0].text_content()
    assert (text.count(same_name), text.count(other_name)) == (1 + (same_name == match.listed_as), 1)


def test_watchlist_matches_are_on_worklist_company_order_and_today(story):
    order = story.draft()
    match = watchlists.matched_watchlist_entry(story)
    page = browser_of(story.verifier.user)
    for address in (
        reverse("watchlist_matches"),
        f"{reverse('watchlist_matches')}?status=possible",
        story.supplier.get_absolute_url(),
        order.get_absolute_url(),
        match.entry.watchlist.get_absolute_url(),
    ):
        assert match.reference in page.get(address).content.decode(), address
    assert match.reference not in page.get(f"{reverse('watchlist_matches')}?status=delisted").content.decode()
    assert match.reference.encode() in b"".join(
        page.get(f"{reverse('watchlist_matches')}?as=csv").streaming_content
    )
    assert match.entry.watchlist.name in page.get(f"{reverse('watchlists')}?status=active").content.decode()
    watchlists.propose_to_clear(story, match)
    told = {
        who: [row.reference for row in todo_items(getattr(story, who).by, AT)]
        for who in ("verifier", "second_officer", "approver")
    }
    assert match.reference not in told["verifier"]  # the author of the proposal waits for another person
    assert match.reference in told["second_officer"]
    assert match.reference not in told["approver"]
    asked = next(row for row in todo_items(story.second_officer.by, AT) if row.reference == match.reference)
    assert f"“{match.listed_as}”" in str(asked.sentence), "two names of one list are told apart"
