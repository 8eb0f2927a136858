"""Tests of the API's refusals: problem documents with a code and a pointer to the field."""

import json

import pytest
from django.test import Client

from tests.procurement.api.program import ROOT, Program, problem
from tests.worlds import cities
from tests.worlds.shipments import Journey

pytestmark = pytest.mark.django_db


def test_refused_action_gets_403_409_or_422_and_changes_nothing(
    story: Journey, officer: Program, stranger: Program
) -> None:
    need = officer.post("supply-requests/", {"city": "burnaby", "title": "Masks", "visibility": "network"})[
        "reference"
    ]
    at = f"supply-requests/{need}"
    missing = officer.refused(f"{at}/post/")
    assert (missing["status"], missing["code"]) == (422, "not_ready")
    assert missing["errors"][0]["pointer"] == "#/lines"
    wrong = officer.refused(f"{at}/fulfil/")
    assert (wrong["status"], wrong["code"], wrong["facts"]) == (409, "wrong_status", {"status": "draft"})
    posted = story.line(visibility="network").supply_request.reference
    foreign = stranger.refused(f"supply-requests/{posted}/stop/", {"reason": "x"})
    assert (foreign["status"], foreign["code"]) == (403, "not_allowed")
    assert officer.get(f"{at}/")["status"] == "draft"
    assert officer.get(f"supply-requests/{posted}/")["stopped"] is False


def test_each_invalid_body_field_is_pointed_at(officer: Program) -> None:
    refusal = officer.refused(
        "supply-requests/",
        {
            "city": "nowhere",
            "title": "x" * 161,
            "accepts": ["barter"],
            "lines": [{"product": "MASK_SURG", "quantity": 1}, {"product": 5, "quantity": 0}],
        },
    )
    assert (refusal["status"], refusal["code"]) == (422, "invalid")
    assert {one["pointer"]: one["code"] for one in refusal["errors"]} == {
        "#/city": "does_not_exist",
        "#/title": "max_length",
        "#/accepts/0": "invalid_choice",
        "#/lines/1/product": "invalid",
        "#/lines/1/quantity": "min_value",
    }


def test_body_that_is_no_object_or_unreadable_is_refused(officer: Program) -> None:
    assert officer.refused("supply-requests/", [1, 2])["errors"][0]["pointer"] == "#"
    broken = officer.client.post(
        f"{ROOT}supply-requests/", data="{", content_type="application/json", headers=officer.headers
    )
    assert (problem(broken)["status"], problem(broken)["code"]) == (400, "malformed")
    form = officer.client.post(f"{ROOT}supply-requests/", data={"title": "x"}, headers=officer.headers)
    assert problem(form)["code"] == "wrong_content_type"


def test_unsupported_accept_header_or_method_is_refused(officer: Program) -> None:
    csv = problem(officer.ask("get", "supply-requests/", accept="text/csv"))
    assert (csv["status"], csv["code"]) == (406, "not_acceptable")
    put = problem(officer.ask("put", "supply-requests/"))
    assert (put["status"], put["code"]) == (405, "method_not_allowed")


def test_missing_permission_is_reported_before_invalid_fields(story: Journey, officer: Program) -> None:
    need = story.line(visibility="network").supply_request.reference
    observer = Program(story.person("observer").user)
    assert observer.refused(f"supply-requests/{need}/stop/", {})["status"] == 403
    draft = officer.post("supply-requests/", {"city": "burnaby", "title": "x"})["reference"]
    assert officer.refused(f"supply-requests/{draft}/stop/", {"raeson": "x"})["status"] == 409
    assert officer.refused(f"supply-requests/{need}/stop/", {})["errors"][0]["pointer"] == "#/reason"


def test_refusal_is_explained_in_the_readers_language(story: Journey, officer: Program) -> None:
    chinese = Program(story.officer.user, language="zh-CN")
    assert problem(officer.ask("put", "products/"))["detail"] == (
        "This URL does not accept PUT. It accepts: GET, HEAD."
    )
    assert problem(chinese.ask("put", "products/"))["detail"] == "此网址不接受PUT。可用方法：GET, HEAD。"
    other = officer.client.post(
        f"{ROOT}files/", data="{}", content_type="application/json", headers=officer.headers
    )
    assert "multipart/form-data" in problem(other)["detail"]
    assert "application/json" in problem(officer.ask("get", "products/", accept="text/csv"))["detail"]
    assert "Authorization: Bearer" in problem(Client().get(f"{ROOT}products/"))["detail"]
    refusal = problem(officer.ask("get", "products"))
    assert (refusal["status"], "/api/v1/products/" in refusal["detail"]) == (404, True)


def test_missing_report_answers_are_pointed_at(story: Journey, officer: Program) -> None:
    cities.twinning("burnaby", "zhongshan")
    lead = story.lead(story.line())
    check = officer.post("verification-tasks/", {"lead": lead.reference, "check": "sample_test"})
    at = f"verification-tasks/{check['reference']}"
    officer.post(f"{at}/offer/", {"contact": story.contact.pk})
    contact = Program(story.contact.user)
    asked = [question["code"] for question in contact.get(f"{at}/")["questions"]]
    report = {
        "answers": {"is_it_true": {"answer": "yes"}},
        "method": "visit",
        "seen_on": "2020-04-15",
        "confidence": 2,
    }
    refusal = contact.refused(f"{at}/submit/", report)
    assert {one["pointer"] for one in refusal["errors"]} == {
        f"#/answers/{code}" for code in (*asked, "is_it_true")
    }


def test_counts_that_do_not_add_up_are_pointed_at(story: Journey) -> None:
    shipment = story.delivered()
    allocation = shipment.lines.get().order_line.allocation.reference
    count = {"allocation": allocation, "accepted": 1, "lot_number": "L-1"}
    refusal = Program(story.logistics.user).refused(
        "goods-receipts/", {"shipment": shipment.reference, "counts": [count]}
    )
    assert (refusal["code"], refusal["errors"][0]["pointer"]) == ("does_not_add_up", "#/counts")


def test_unknown_api_address_gets_a_problem_document(story: Journey, officer: Program) -> None:
    need = officer.post("supply-requests/", {"city": "burnaby", "title": "x"})["reference"]
    for path in (
        "nothing/",
        "supply-requests/SR-1/",
        f"supply-requests/{need}/conjure/",
        "supply-requests/%00/",
    ):
        for method in ("get", "post"):
            assert problem(officer.ask(method, path))["code"] == "not_found", path


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", "Not found, or you do not have access."),
        ("fr-ca", None),
        ("zh-hans", None),
    ],
)
def test_problem_documents_are_written_in_the_requested_language(
    story: Journey, language: str, sentence: str | None
) -> None:
    program = Program(story.officer.user, language=language)
    refusal = problem(program.ask("get", "supply-requests/SR-2020-9999/"))
    assert refusal["code"] == "not_found"
    assert sentence is None or refusal["detail"] == sentence


def test_available_actions_state_whether_open_and_why_not(story: Journey, officer: Program) -> None:
    need = officer.post("supply-requests/", {"city": "burnaby", "title": "x"})
    moves = {move["verb"]: move for move in need["available_moves"]}
    assert moves["edit"] == {
        "verb": "edit",
        "label": "Edit details",
        "open": True,
        "code": None,
        "reason": None,
    }
    assert moves["post"]["open"] is False
    assert (moves["post"]["code"], "line" in moves["post"]["reason"]) == ("not_ready", True)
    assert "fulfil" not in moves, "it does not start here"


def test_upload_without_a_file_is_refused_at_its_field(officer: Program) -> None:
    need = officer.post("supply-requests/", {"city": "burnaby", "title": "x"})["reference"]
    answer = officer.client.post(
        f"{ROOT}files/", data={"thing": f"supply-requests/{need}"}, headers=officer.headers
    )
    assert problem(answer)["errors"][0]["pointer"] == "#/file"
    assert json.loads(answer.content)["code"] == "invalid"
