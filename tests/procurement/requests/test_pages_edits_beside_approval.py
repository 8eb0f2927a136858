"""Pages and API of approvals of what was read, and of edits beside them: facts that changed, and needs opened wider."""

import pytest

from procurement.requests.actions.lines import set_lines
from procurement.requests.approval.actions import approve_request, submit_request
from procurement.requests.models import SupplyRequest
from tests.browsing import Browser
from tests.procurement.api.program import Program
from tests.procurement.requests.need_approval_steps import (
    need_with_change,
    require_approval,
    submitted_need,
    wanted_lines,
)
from tests.procurement.requests.test_needs import need_with_line
from tests.worlds.need_to_order import AT, Story

pytestmark = pytest.mark.django_db


@pytest.fixture
def story() -> Story:
    story = Story()
    story.practise()
    return story


def saved(need):
    return SupplyRequest.objects.get(pk=need.pk)


@pytest.mark.parametrize(
    ("reach", "verb"), [(submitted_need, "approve"), (need_with_change, "approve-change")]
)
def test_approval_states_since_when_it_waited_on_page_and_in_api(story, reach, verb):
    need = reach(story)
    approver = Program(story.approver.user)
    for body in ({}, {"waiting_since": None}, {"waiting_since": ""}):
        refused = approver.refused(f"supply-requests/{need.reference}/{verb}/", body)
        assert refused["errors"][0]["pointer"] == "#/waiting_since"
    page = Browser(story.approver.user)
    shown = page.open(need)
    refused = shown.press("Approve and post" if verb == "approve" else "Approve change", waiting_since="")
    assert refused.status == 422
    assert saved(need).waiting_since == need.waiting_since


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("needed_by", "2020-05-29"),
        ("deliver_to", "Dock 4"),
        ("accepts", ["donation"]),
        ("visibility", "partner_cities"),
    ],
)
def test_change_is_not_approved_beside_facts_that_changed_after_they_were_read(story, name, value):
    need = need_with_line(story, visibility="network")
    require_approval(story)
    submit_request(need, by=story.officer.by, at=AT)
    approve_request(need, by=story.approver.by, at=AT)
    set_lines(need, wanted_lines(250), by=story.officer.by, at=AT, reason="A second ward")
    where, approver = f"supply-requests/{need.reference}/", Program(story.approver.user)
    page, read = Browser(story.approver.user).open(need), approver.get(where)["waiting_since"]
    officer = Program(story.officer.user)
    officer.post(f"{where}edit/", {"notes": "Sealed cartons only.", "reason": "Dust"})
    assert approver.get(where)["waiting_since"] == read, "the card does not show the notes"
    officer.post(f"{where}edit/", {name: value, "reason": "The council decided."})
    refused = page.press("Approve change")
    assert (refused.status, "Read it again before you decide." in refused.alert) == (422, True)
    assert approver.refused(f"{where}approve-change/", {"waiting_since": read})["code"] == "sent_again"
    assert need.lines.get().quantity == 100
    Browser(story.approver.user).open(need).press("Approve change")
    assert need.lines.get().quantity == 250


@pytest.mark.parametrize(
    ("edit", "field"),
    [
        ({"accepts": ["donation", "purchase"]}, "accepts"),
        ({"visibility": "network"}, "visibility"),
        ({"visibility": "public"}, "visibility"),
    ],
)
def test_posted_need_is_not_opened_for_purchase_or_more_cities_without_approval(story, edit, field):
    need = need_with_line(story, accepts=["donation"], visibility="partner_cities")
    require_approval(story)
    submit_request(need, by=story.officer.by, at=AT)
    officer, where = Program(story.officer.user), f"supply-requests/{need.reference}"
    approve_request(need, by=story.approver.by, at=AT)
    refused = officer.refused(f"{where}/edit/", {**edit, "reason": "Prices fell."})
    assert (refused["code"], refused["errors"][0]["pointer"]) == ("needs_approval", f"#/{field}")
    assert (saved(need).accepts, saved(need).visibility) == (["donation"], "partner_cities")
    page = Browser(story.officer.user).open(f"{need.get_absolute_url()}edit/")
    assert page.root.xpath(f'//*[@name="{field}"]') == [], "the page has no such field"
    require_approval(story, "none")
    assert officer.post(f"{where}/edit/", {**edit, "reason": "Prices fell."})[field] == edit[field]


def test_posted_need_is_narrowed_without_approval(story):
    need = need_with_line(story, accepts=["donation", "purchase"], visibility="public")
    require_approval(story)
    submit_request(need, by=story.officer.by, at=AT)
    approve_request(need, by=story.approver.by, at=AT)
    narrow = {"accepts": ["donation"], "visibility": "partner_cities", "reason": "Enough money is gone."}
    row = Program(story.officer.user).post(f"supply-requests/{need.reference}/edit/", narrow)
    assert (row["accepts"], row["visibility"]) == (["donation"], "partner_cities")


def test_draft_is_opened_for_purchase_and_more_cities(story):
    require_approval(story)
    need = need_with_line(story, accepts=["donation"], visibility="partner_cities")
    row = Program(story.officer.user).post(
        f"supply-requests/{need.reference}/edit/", {"accepts": ["purchase"], "visibility": "network"}
    )
    assert (row["accepts"], row["visibility"]) == (["purchase"], "network")
