"""Tests of needs, inquiries and checks through the API: dates, a paused need, and the actions on offer."""

from datetime import timedelta
from typing import Any

import pytest

from procurement.outreach.actions.periodic import update_inquiries
from procurement.outreach.api.inquiries import InquiryViewSet
from procurement.outreach.views import inquiries
from procurement.requests.api import SupplyRequestViewSet
from procurement.requests.views import requests
from procurement.verification.actions.checks import open_checks
from procurement.verification.api import VerificationTaskViewSet
from procurement.verification.views import checks
from tests.procurement.api.program import Program
from tests.worlds import cities
from tests.worlds.leads import submitted_offer
from tests.worlds.need_to_order import AT
from tests.worlds.shipments import Journey
from workflow.journal.models import Entry

NEED = {
    "city": "burnaby", "title": "Masks", "deliver_to": "Depot", "accepts": ["purchase"], "needed_by": "2020-05-20",
    "facility_kinds": ["hospital"],
    "lines": [{"product": "MASK_SURG", "quantity": 500}, {"product": "MASK_SURG", "quantity": 600}],
}  # fmt: skip


def pointers(problem: Any) -> list[str]:
    return [one["pointer"] for one in problem["errors"]]


@pytest.fixture
def question(story: Journey, officer: Program) -> str:
    """Return the address of an inquiry that is written but not sent."""
    cities.twinning("burnaby", "zhongshan")
    need = story.line().supply_request.reference
    data = officer.post("inquiries/", {"supply_request": need, "contact": story.contact.pk})
    return f"inquiries/{data['reference']}"


@pytest.mark.parametrize("due_at", ["2019-01-01T00:00:00Z", "2020-04-16T18:00:00Z", "2999-12-31T23:59:59Z"])
def test_due_time_that_leaves_no_time_to_reply_is_refused_at_its_field(
    story: Journey, officer: Program, question: str, due_at: str
) -> None:
    assert pointers(officer.refused(f"{question}/send/", {"due_at": due_at})) == ["#/due_at"]
    assert officer.get(f"{question}/")["status"] == "draft"
    task = open_checks(submitted_offer(story), by=story.officer.by, at=AT)[0]
    body = {"contact": story.contact.pk, "due_at": due_at}
    assert pointers(officer.refused(f"verification-tasks/{task.reference}/offer/", body)) == ["#/due_at"]


@pytest.mark.parametrize("day", ["2019-01-01", "2020-04-15", "2999-12-31"])
def test_need_date_in_the_past_or_far_future_is_refused_at_its_line_and_field(
    officer: Program, day: str
) -> None:
    assert pointers(officer.refused("supply-requests/", NEED | {"needed_by": day})) == ["#/needed_by"]
    first, second = NEED["lines"]
    late = [first, {**second, "needed_by": day}]
    assert pointers(officer.refused("supply-requests/", NEED | {"lines": late})) == ["#/lines/1/needed_by"]
    need = f"supply-requests/{officer.post('supply-requests/', NEED)['reference']}"
    assert pointers(officer.refused(f"{need}/lines/", {"lines": late})) == ["#/lines/1/needed_by"]
    assert pointers(officer.refused(f"{need}/edit/", {"needed_by": day})) == ["#/needed_by"]
    officer.post(f"{need}/post/")
    assert pointers(officer.refused(f"{need}/edit/", {"needed_by": day})) == ["#/needed_by"]
    assert pointers(officer.refused(f"{need}/reconfirm/", {"until": day})) == ["#/until"]


def test_draft_need_whose_date_has_passed_cannot_be_posted(officer: Program, time_machine: Any) -> None:
    need = f"supply-requests/{officer.post('supply-requests/', NEED)['reference']}"
    time_machine.move_to("2020-06-01T16:00:00Z", tick=False)
    officer = Program(officer.user)
    problem = officer.refused(f"{need}/post/")
    assert (problem["code"], pointers(problem)) == ("day_past", ["#/needed_by"])


def test_answer_to_an_inquiry_of_a_paused_need_is_refused_until_the_need_resumes(
    story: Journey, officer: Program, question: str
) -> None:
    officer.post(f"{question}/send/")
    asked = officer.get(f"{question}/")
    need = f"supply-requests/{asked['supply_request']}"
    officer.post(f"{need}/stop/", {"reason": "the depot is full"})
    answer = {
        "supplier": story.supplier.reference,
        "product": "MASK_SURG",
        "stock_quantity": 500,
        "line": f"{asked['supply_request']}/1",
    }
    problem = officer.refused(f"{question}/answer/", answer)
    assert (problem["status"], problem["code"]) == (422, "not_ready")
    assert "is not taking new offers" in problem["detail"]
    update_inquiries(AT)
    data = officer.get(f"{question}/")
    assert (data["status"], data["leads"], bool(data["paused_at"]), data["next_reminder_at"]) == (
        "sent",
        0,
        True,
        None,
    )
    closed = {move["verb"] for move in data["available_moves"] if not move["open"]}
    assert {"answer", "forward", "remind"} <= closed
    officer.post(f"{need}/resume/")
    update_inquiries(AT)
    assert officer.get(f"{question}/")["next_reminder_at"]
    officer.post(f"{question}/answer/", answer)


def test_change_of_an_inquired_need_requires_a_reason_and_is_listed(
    officer: Program, question: str, time_machine: Any
) -> None:
    officer.post(f"{question}/send/")
    time_machine.move_to(AT + timedelta(hours=2), tick=False)
    data = officer.get(f"{question}/")
    assert data["changes"] == []
    need = f"supply-requests/{data['supply_request']}"
    lines = {"lines": [{"product": "MASK_SURG", "quantity": 400}]}
    for address, body in (("lines", lines), ("edit", {"needed_by": "2020-05-28"})):
        problem = officer.refused(f"{need}/{address}/", body)
        assert (problem["code"], pointers(problem)) == ("reason_missing", ["#/reason"])
        officer.post(f"{need}/{address}/", {**body, "reason": "Half was found."})
    quantity, day = officer.get(f"{question}/")["changes"]
    assert [one["quantity"] for one in (quantity["before"]["lines"][0], quantity["after"]["lines"][0])] == [
        10_000,
        400,
    ]
    assert (day["before"], day["after"]) == ({"needed_by": "2020-05-20"}, {"needed_by": "2020-05-28"})
    assert {quantity["reason"], day["reason"]} == {"Half was found."}


def test_only_a_sent_inquiry_can_be_closed_as_not_answered(officer: Program, question: str) -> None:
    assert officer.refused(f"{question}/expire/")["code"] == "wrong_status"
    officer.post(f"{question}/send/")
    assert officer.post(f"{question}/expire/")["status"] == "no_reply"


def test_custom_message_in_one_language_is_sent_without_the_standard_letter(
    story: Journey, officer: Program
) -> None:
    cities.twinning("burnaby", "zhongshan")
    need, other = (story.line().supply_request.reference for _ in range(2))
    body = {"supply_request": need, "contact": story.contact.pk, "subject": "口罩", "body": "尊敬的李先生"}
    assert officer.post("inquiries/", body)["body_own"] == ""
    both = officer.post("inquiries/", {**body, "supply_request": other, "body_own": "Dear Mr Li"})
    assert (both["body"], both["body_own"]) == ("尊敬的李先生", "Dear Mr Li")
    at = f"inquiries/{both['reference']}/revise/"
    assert pointers(officer.refused(at, {"body": "您好"})) == ["#/body_own"]
    assert officer.post(at, {"body": "您好", "body_own": "Good day"})["body_own"] == "Good day"


# Moves that only the API or only the pages offer, or that the pages offer elsewhere or by another name.
BY_LINK = {"answer", "forward", "query"}  # an officer records an answer as an offer of their own
ELSEWHERE = {
    "supply-requests": {"post", "submit", "lines"},  # the check page of a draft; the pages of its lines
    "inquiries": BY_LINK,
    "verification-tasks": {
        "offer",
        "take",
        "submit",
        "decline",
        "forward",
    },  # choosing the contact; the contact's own pages
}


@pytest.mark.parametrize(
    ("collection", "steps"),
    [
        (SupplyRequestViewSet, requests.NEED_MOVE_OPTIONS),
        (InquiryViewSet, inquiries.INQUIRY_MOVE_OPTIONS),
        (VerificationTaskViewSet, checks.CHECK_MOVE_OPTIONS),
    ],
)
def test_inquiry_pages_and_api_offer_the_same_actions(collection: Any, steps: dict[str, Any]) -> None:
    on_pages = {verb.replace("_", "-") for verb in steps}
    assert on_pages | ELSEWHERE[collection.path] == set(collection.move_actions)
    assert not on_pages & ELSEWHERE[collection.path]


def test_reminder_with_custom_text_is_sent_and_a_subject_without_text_is_refused(
    officer: Program, question: str
) -> None:
    officer.post(f"{question}/send/")
    assert pointers(officer.refused(f"{question}/remind/", {"subject": "Again"})) == ["#/body"]
    assert pointers(officer.refused(f"{question}/remind/", {"body": "x" * 5001})) == ["#/body"]
    assert (
        officer.post(f"{question}/remind/", {"body": "再问一次", "body_own": "Once more"})["reminder_count"]
        == 1
    )
    facts = Entry.objects.get(verb="remind").facts
    assert (facts["body"], facts["body_own"]) == ("再问一次", "Once more")
