"""Tests of `If-Match`: the change applies to the version that was read, or is refused."""

from typing import Any

import pytest

from procurement.allocations import actions
from procurement.leads.models.leads import SupplierLead
from procurement.requests.actions.lines import LineFacts, change_line
from procurement.requests.actions.requests import ask_to_reconfirm
from tests.procurement.api.program import Program, problem
from tests.worlds.need_to_order import AT
from tests.worlds.shipments import Journey
from workflow.actors import SYSTEM
from workflow.comments_and_files.actions import add_comment

pytestmark = pytest.mark.django_db


@pytest.fixture
def offer(story: Journey) -> SupplierLead:
    return story.lead(story.line(10_000))


@pytest.fixture
def colleague(story: Journey) -> Program:
    return Program(story.second_officer.user)


def version_of(program: Program, path: str) -> dict[str, str]:
    return {"if-match": program.ask("get", path)["ETag"]}


def test_edit_of_the_version_read_succeeds_and_returns_the_next_version(
    officer: Program, offer: SupplierLead
) -> None:
    path = f"supplier-leads/{offer.reference}/"
    read = version_of(officer, path)
    changed = officer.ask("post", f"{path}edit/", {"remark": "In Foshan."}, **read)
    assert (changed.status_code, changed.json()["remark"]) == (200, "In Foshan.")
    assert changed["ETag"] != read["if-match"]
    assert version_of(officer, path) == {"if-match": changed["ETag"]}
    again = officer.ask("post", f"{path}edit/", {"remark": "In Wuhan."}, **{"if-match": changed["ETag"]})
    assert again.status_code == 200


def test_edit_of_an_older_version_gets_412_with_the_changes_since(
    story: Journey, officer: Program, colleague: Program, offer: SupplierLead
) -> None:
    path = f"supplier-leads/{offer.reference}/"
    read = version_of(officer, path)
    colleague.post(f"{path}edit/", {"stock_quantity": 33_000})
    answer = officer.ask("post", f"{path}edit/", {"remark": "In Foshan."}, **read)
    refusal = problem(answer)
    assert (answer.status_code, refusal["code"]) == (412, "changed_meanwhile")
    (since,) = [one for one in refusal["facts"]["changed"] if "stock_quantity" in one["fields"]]
    assert since["by"] == str(story.second_officer.user.name)
    offer.refresh_from_db()
    assert (offer.remark, offer.stock_quantity) == ("", 33_000)
    assert version_of(officer, path) == {"if-match": refusal["facts"]["etag"]}


@pytest.mark.parametrize(
    ("verb", "theirs"), [("edit", {"stock_quantity": 33_000}), ("withdraw", {"reason": "Sold."})]
)
def test_outdated_edit_gets_412_even_when_invalid_or_too_late(
    officer: Program, colleague: Program, offer: SupplierLead, verb: str, theirs: dict[str, Any]
) -> None:
    path = f"supplier-leads/{offer.reference}/"
    read = version_of(officer, path)
    colleague.post(f"{path}{verb}/", theirs)
    for remark in ("In Foshan.", 17 * ["x"]):
        answer = officer.ask("post", f"{path}edit/", {"remark": remark}, **read)
        assert (answer.status_code, problem(answer)["code"]) == (412, "changed_meanwhile")
    now = version_of(officer, path)
    assert officer.ask("post", f"{path}edit/", {"remark": 17 * ["x"]}, **now).status_code != 412


def test_edit_without_a_version_sets_only_the_fields_sent(
    officer: Program, colleague: Program, offer: SupplierLead
) -> None:
    path = f"supplier-leads/{offer.reference}/"
    officer.get(path)
    colleague.post(f"{path}edit/", {"stock_quantity": 33_000})
    data = officer.post(f"{path}edit/", {"remark": "In Foshan."})
    assert (data["stock_quantity"], data["remark"]) == (33_000, "In Foshan.")


def test_allocations_and_comments_leave_the_version_unchanged(
    story: Journey, officer: Program, offer: SupplierLead
) -> None:
    path = f"supplier-leads/{offer.reference}/"
    read = version_of(officer, path)
    actions.allocate(offer, offer.line, 4_000, author=story.officer.user, by=story.officer.by, at=AT)
    add_comment(offer, "Ring them.", by=story.officer.by, at=AT, language="en")
    assert version_of(officer, path) == read
    assert officer.ask("post", f"{path}edit/", {"remark": "Soon."}, **read).status_code == 200


def test_edited_line_changes_the_version_of_its_need(story: Journey, officer: Program) -> None:
    line = story.line(10_000)
    path = f"supply-requests/{line.supply_request.reference}/"
    read = version_of(officer, path)
    facts = LineFacts(product=line.product, quantity=9_000)
    change_line(line, facts, by=story.second_officer.by, at=AT)
    refusal = problem(officer.ask("post", f"{path}edit/", {"title": "Masks for May"}, **read))
    assert refusal["status"] == 412
    assert ["lines"] in [one["fields"] for one in refusal["facts"]["changed"]]


def test_automatic_action_changes_the_version_and_is_reported(officer: Program, story: Journey) -> None:
    line = story.line(10_000, reconfirm_by=AT.date())
    path = f"supply-requests/{line.supply_request.reference}/"
    read = version_of(officer, path)
    assert ask_to_reconfirm(line.supply_request, by=SYSTEM, at=AT)
    assert version_of(officer, path) != read
    refusal = problem(officer.ask("post", f"{path}edit/", {"title": "Masks for May"}, **read))
    assert refusal["status"] == 412
    assert [one["verb"] for one in refusal["facts"]["changed"]] == ["ask_to_reconfirm"]


@pytest.mark.parametrize("stale", ['"0"', '"x"', "17", 'W/"0"', '""'])
def test_invalid_version_gets_412(officer: Program, offer: SupplierLead, stale: str) -> None:
    path = f"supplier-leads/{offer.reference}/edit/"
    assert officer.ask("post", path, {"remark": "x"}, **{"if-match": stale}).status_code == 412


def test_any_version_matches_a_star_and_one_of_several_suffices(
    officer: Program, offer: SupplierLead
) -> None:
    path = f"supplier-leads/{offer.reference}/"
    assert officer.ask("post", f"{path}edit/", {"remark": "a"}, **{"if-match": "*"}).status_code == 200
    several = f'"1", {version_of(officer, path)["if-match"]}'
    assert officer.ask("post", f"{path}edit/", {"remark": "b"}, **{"if-match": several}).status_code == 200


def test_person_who_may_not_edit_gets_403_whatever_the_version(story: Journey, offer: SupplierLead) -> None:
    path = f"supplier-leads/{offer.reference}/edit/"
    observer = Program(story.observer.user)
    assert observer.ask("post", path, {"remark": "x"}, **{"if-match": '"0"'}).status_code == 403
