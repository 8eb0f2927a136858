"""The pages of lists and matches: uploading with what is wrong in the reader's words, names as CSV, judging, and the row on Today."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from procurement.lists.actions import lists
from procurement.lists.anew import process_next
from procurement.lists.models.match import ListMatch
from procurement.lists.models.watch_list import WatchList
from procurement.web.today.page import rows
from tests.procurement.lists import play
from tests.procurement.lists.play import in_force
from tests.procurement.story import AT, Story
from workflow import clock
from workflow.clock import create_instance

pytestmark = pytest.mark.django_db


@pytest.fixture
def story():
    clock.forget()
    create_instance("practice", AT)
    yield Story()
    clock.forget()


def as_user(user):
    client = Client()
    client.force_login(user)
    return client


def form(content="Name\nBlackwater Orchid\n", **facts):
    given = {
        "name": "Practice list",
        "kind": "forced_labour",
        "publisher": "Practice office",
        "source": "https://lists.example/a.csv",
        "published_on": "2020-04-01",
        "file": SimpleUploadedFile("a.csv", content.encode()),
    }
    return given | facts


def test_a_list_is_uploaded_compared_and_read(story):
    keeper = as_user(play.keeper().user)
    assert keeper.get(reverse("upload_list")).status_code == 200
    answer = keeper.post(reverse("upload_list"), form("Name,Programme\nBlackwater Orchid,x\n"))
    watch_list = WatchList.objects.get()
    assert (answer.status_code, answer["Location"]) == (303, watch_list.get_absolute_url())
    assert len(watch_list.sha256) == 64
    assert "half a minute" in keeper.get(watch_list.get_absolute_url()).content.decode()
    process_next(AT)
    page = keeper.get(watch_list.get_absolute_url()).content.decode()
    assert "Blackwater Orchid" in page
    assert watch_list.sha256 in page
    assert "Columns that were not read" in page
    assert "Programme" in page
    assert b"Blackwater Orchid" in b"".join(
        keeper.get(f"{watch_list.get_absolute_url()}?as=csv").streaming_content
    )
    assert b"Practice office" in b"".join(keeper.get(f"{reverse('watch_lists')}?as=csv").streaming_content)
    newer = keeper.get(f"{reverse('upload_list')}?newer={watch_list.reference}").content.decode()
    assert "Practice office" in newer
    assert "No name matches" in keeper.get(f"{watch_list.get_absolute_url()}?q=nobody-here").content.decode()


def test_what_is_wrong_is_told_by_row_and_column(story):
    keeper = as_user(play.keeper().user)
    answer = keeper.post(reverse("upload_list"), form("Name,Remark\n,x\nKanghu,\n"))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "This must be filled in." in page
    assert not WatchList.objects.exists()
    assert keeper.post(reverse("upload_list"), {}).status_code == 422
    hostile = form('<!DOCTYPE l [<!ENTITY a "b">]><l>&a;</l>')
    assert "document type" in keeper.post(reverse("upload_list"), hostile).content.decode()


def test_who_keeps_no_register_may_not_upload(story):
    assert as_user(story.officer.user).get(reverse("upload_list")).status_code == 403
    assert as_user(story.contact.user).get(reverse("watch_lists")).status_code == 404
    assert as_user(story.contact.user).get(reverse("list_matches")).status_code == 404


def test_the_moves_of_a_list_are_made_from_its_page(story):
    one, two = play.keeper(), play.keeper()
    watch_list = in_force("Somebody", by=one)
    for who, verb in (
        (one, "propose_withdrawal"),
        (two, "keep"),
        (one, "propose_withdrawal"),
        (two, "withdraw"),
    ):
        at = reverse("watch_list_move", args=[watch_list.reference, verb])
        assert as_user(who.user).get(at).status_code == 200
        assert as_user(who.user).post(at, {"reason": "because"}).status_code == 303
    watch_list.refresh_from_db()
    assert watch_list.status == "withdrawn"
    other = play.uploaded("Another", name="Other", by=one)
    at = reverse("watch_list_move", args=[other.reference, "drop"])
    as_user(one.user).post(at, {"reason": "because"})
    other.refresh_from_db()
    assert other.status == "withdrawn"


def test_a_stumble_is_told_and_tried_again(story):
    one = play.keeper()
    watch_list = play.uploaded("Somebody", by=one)
    lists.fail(watch_list, at=AT)
    page = as_user(one.user)
    assert "stumbled" in page.get(watch_list.get_absolute_url()).content.decode()
    page.post(reverse("watch_list_move", args=[watch_list.reference, "try_again"]))
    watch_list.refresh_from_db()
    assert watch_list.status == "uploaded"


def test_a_match_is_judged_by_two_from_its_page(story):
    match = play.matched(story)
    for who, verb in ((story.verifier, "propose_clearing"), (story.second_officer, "clear")):
        page = as_user(who.user)
        shown = page.get(match.get_absolute_url()).content.decode()
        assert play.LISTED in shown
        at = reverse("list_match_move", args=[match.reference, verb])
        assert page.get(at).status_code == 200
        assert page.post(at, {"reason": ""}).status_code == 422
        page.post(at, {"reason": f"{verb} because"})
    match.refresh_from_db()
    assert (match.status, match.judgement) == ("cleared", "clear because")
    assert "clear because" in as_user(story.officer.user).get(match.get_absolute_url()).content.decode()
    as_user(story.verifier.user).post(
        reverse("list_match_move", args=[match.reference, "reopen"]), {"reason": "again"}
    )
    assert ListMatch.objects.get().status == "possible"


def test_matches_stand_on_the_worklist_the_company_the_order_and_today(story):
    order = story.draft()
    match = play.matched(story)
    page = as_user(story.verifier.user)
    for address in (
        reverse("list_matches"),
        f"{reverse('list_matches')}?status=possible",
        story.supplier.get_absolute_url(),
        order.get_absolute_url(),
        match.listed.watch_list.get_absolute_url(),
    ):
        assert match.reference in page.get(address).content.decode(), address
    assert match.reference not in page.get(f"{reverse('list_matches')}?status=gone").content.decode()
    assert match.reference.encode() in b"".join(
        page.get(f"{reverse('list_matches')}?as=csv").streaming_content
    )
    assert (
        match.listed.watch_list.name in page.get(f"{reverse('watch_lists')}?status=in_force").content.decode()
    )
    play.proposed(story, match)
    told = {
        who: [row.reference for row in rows(getattr(story, who).by, AT)]
        for who in ("verifier", "second_officer", "approver")
    }
    assert match.reference not in told["verifier"]  # who proposed it waits for somebody else
    assert match.reference in told["second_officer"]
    assert match.reference not in told["approver"]
    asked = next(row for row in rows(story.second_officer.by, AT) if row.reference == match.reference)
    assert f"“{match.listed_as}”" in str(asked.what), "two names of one list are told apart"
