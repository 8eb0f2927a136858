"""Tests that bodies are read strictly.

No field is dropped, no value is guessed, and no body causes a server error.
"""

import json
from typing import Any

import pytest

from procurement.requests.models import SupplyRequest
from tests.procurement.api.program import ROOT, Program, problem
from tests.worlds import cities
from tests.worlds.shipments import Journey

pytestmark = pytest.mark.django_db
NEED = {"city": "burnaby", "title": "Masks"}


def post_raw(
    officer: Program, body: bytes | str, content_type: str = "application/json", **headers: str
) -> Any:
    """Post a body exactly as given."""
    given = {**officer.headers, **headers}
    return officer.client.post(f"{ROOT}supply-requests/", data=body, content_type=content_type, headers=given)


def need_with_line(**facts: Any) -> dict[str, Any]:
    return {**NEED, "lines": [{"product": "MASK_SURG", "quantity": 5, **facts}]}


@pytest.mark.parametrize(
    ("body", "pointer", "code"),
    [
        ({**NEED, "colour": "blue"}, "#/colour", "unknown_field"),
        (need_with_line(colour="blue"), "#/lines/0/colour", "unknown_field"),
        ({**NEED, "title": 5}, "#/title", "invalid"),
        ({**NEED, "accepts": [True]}, "#/accepts/0", "invalid_choice"),
        ({**NEED, "facility_kinds": [1]}, "#/facility_kinds/0", "invalid_choice"),
        ({**NEED, "facility_kinds": ["hospital", "ward 7"]}, "#/facility_kinds/1", "invalid_choice"),
        ({**NEED, "facility_kinds": ["customs_broker"]}, "#/facility_kinds/0", "invalid_choice"),
        ({**NEED, "needed_by": "٢٠٢٠-٠٥-٠١"}, "#/needed_by", "invalid"),
        ({**NEED, "needed_by": "20200501"}, "#/needed_by", "invalid"),
        ({**NEED, "needed_by": "0001-01-01"}, "#/needed_by", "invalid"),
        ({**NEED, "needed_by": "9999-12-31"}, "#/needed_by", "invalid"),
        (need_with_line(quantity=1.5), "#/lines/0/quantity", "no_quantity"),
        (need_with_line(quantity="1.5"), "#/lines/0/quantity", "no_quantity"),
        (need_with_line(quantity="५"), "#/lines/0/quantity", "no_quantity"),
        (need_with_line(quantity="boxes of 50"), "#/lines/0/quantity", "no_quantity"),
        (need_with_line(quantity=True), "#/lines/0/quantity", "no_quantity"),
        (need_with_line(quantity=0), "#/lines/0/quantity", "min_value"),
        (need_with_line(quantity=10**9 + 1), "#/lines/0/quantity", "max_value"),
        (need_with_line(quantity="1000000 boxes of 1001"), "#/lines/0/quantity", "max_value"),
        (need_with_line(days_left="5"), "#/lines/0/days_left", "invalid"),
        (need_with_line(priority="1"), "#/lines/0/priority", "invalid_choice"),
        (need_with_line(alternatives="yes"), "#/lines/0/alternatives", "not_a_list"),
        (need_with_line(alternatives_allowed=True), "#/lines/0/alternatives_allowed", "unknown_field"),
        (need_with_line(max_unit_price=0.5), "#/lines/0/max_unit_price", "invalid"),
        (need_with_line(max_unit_price="1e3"), "#/lines/0/max_unit_price", "invalid"),
        (need_with_line(max_unit_price="१"), "#/lines/0/max_unit_price", "invalid"),
        (need_with_line(product="\0"), "#/lines/0/product", "invalid"),
        (need_with_line(currency="ZZZ"), "#/lines/0/currency", "no_currency"),
        (need_with_line(currency="XXX"), "#/lines/0/currency", "no_currency"),
        (need_with_line(currency="¥"), "#/lines/0/currency", "no_currency"),
    ],
)
def test_unintended_body_value_is_refused_at_its_field(
    officer: Program, body: Any, pointer: str, code: str
) -> None:
    refusal = officer.refused("supply-requests/", body)
    assert (refusal["status"], [(one["pointer"], one["code"]) for one in refusal["errors"]]) == (
        422,
        [(pointer, code)],
    )
    assert not SupplyRequest.objects.exists()


def test_all_body_errors_are_reported_at_once(officer: Program) -> None:
    refusal = officer.refused("supply-requests/", {"title": 5, "colour": "blue", "needed_by": "soon"})
    assert {one["pointer"] for one in refusal["errors"]} == {"#/city", "#/title", "#/colour", "#/needed_by"}
    (unknown,) = [one for one in refusal["errors"] if one["code"] == "unknown_field"]
    assert "deliver_to" in unknown["detail"]


def test_action_without_arguments_refuses_any_field(officer: Program) -> None:
    need = officer.post("supply-requests/", NEED)["reference"]
    refusal = officer.refused(f"supply-requests/{need}/post/", {"reason": "x"})
    assert refusal["errors"][0]["code"] == "unknown_field"


@pytest.mark.parametrize(
    ("typed", "pieces"),
    [
        (7, 7),
        ("200 boxes of 50", 10_000),
        ("200 boîtes de 50", 10_000),
        ("200盒，每盒50个", 10_000),
        ("10 000", 10_000),
    ],
)
def test_quantity_in_boxes_is_stored_in_pieces(officer: Program, typed: Any, pieces: int) -> None:
    data = officer.post("supply-requests/", need_with_line(quantity=typed, currency="cad", max_unit_price=1))
    assert data["lines"][0]["quantity"] == pieces
    assert (data["lines"][0]["currency"], data["lines"][0]["max_unit_price"]) == ("CAD", "1.0000")


def test_time_without_a_zone_is_refused(story: Journey) -> None:
    shipment = story.delivered()
    logistics = Program(story.logistics.user)
    heard = {"shipment": shipment.reference, "code_system": "own", "code": "x"}
    for moment in ("2020-04-01T10:00:00", "2020-04-01", "9999-12-31T23:59:59Z", "0001-01-01T00:00:00+14:00"):
        refusal = logistics.refused("tracking-events/", {**heard, "occurred_at": moment})
        assert refusal["errors"][0]["pointer"] == "#/occurred_at", moment
    kept = logistics.post("tracking-events/", {**heard, "occurred_at": "2020-04-01T10:00:00+08:00"})
    assert kept["occurred_at"] == "2020-04-01T02:00:00Z"


def test_unstorable_character_is_refused_at_its_field(story: Journey) -> None:
    cities.twinning("burnaby", "zhongshan")
    need = story.line().supply_request.reference
    question = {"supply_request": need, "contact": story.contact.pk, "subject": "x", "body": "y"}
    for reasons in ([{"code": "\0"}], [{"\0": 1}], [{"in": [{"deep": "\0"}]}]):
        refusal = Program(story.officer.user).refused("inquiries/", {**question, "reasons": reasons})
        assert refusal["errors"][0]["pointer"].startswith("#/reasons/0")


@pytest.mark.parametrize(
    "body",
    [
        "{",
        "[" * 100_000,
        '{"a":' * 100_000,
        '{"a":' * 30 + "1" + "}" * 30,
        '{"city": NaN}',
        '{"city": ' + "9" * 5000 + "}",
        '{"title": "\\ud800"}',
        '{"\\uDC00": 1}',
        '{"city": "burnaby", "title": "Masks", "title": "Gowns"}',
        '{"city": "burnaby", "title": "x", "lines": [{"quantity": 5, "quantity": 500}]}',
        b"\xff\xfe{}",
        b"\xff\xfe{\x00}\x00",
    ],
    ids=[
        "open",
        "lists without an end",
        "objects without an end",
        "too deep",
        "no number",
        "a number without an end",
        "half a character",
        "a name of half a character",
        "a name twice",
        "a name twice inside",
        "a mark of UTF-16",
        "UTF-16",
    ],
)
def test_body_that_is_not_json_is_refused_as_malformed(officer: Program, body: Any) -> None:
    for key in ({}, {"idempotency-key": "k-1"}):
        refusal = problem(post_raw(officer, body, **key))
        assert (refusal["status"], refusal["code"]) == (400, "malformed")


def test_json_body_that_is_no_object_is_refused(officer: Program) -> None:
    for body in ("null", "[]", '"x"', "5"):
        refusal = problem(post_raw(officer, body))
        assert (refusal["status"], refusal["errors"][0]["pointer"]) == (422, "#")


def test_body_above_the_size_limit_gets_413(officer: Program, settings: Any) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 2**20
    body = json.dumps({**NEED, "notes": "x" * 2**20})
    for key in ({}, {"idempotency-key": "k-1"}):
        refusal = problem(post_raw(officer, body, **key))
        assert (refusal["status"], refusal["code"], "1 MB" in refusal["detail"]) == (413, "too_large", True)
    assert not SupplyRequest.objects.exists()


def test_surrogate_pair_is_decoded_as_one_character(officer: Program) -> None:
    answer = post_raw(officer, '{"city": "burnaby", "title": "\\ud83d\\ude37 masks"}')
    assert answer.json()["title"] == "😷 masks"


def test_unknown_country_and_negative_amount_are_refused(officer: Program) -> None:
    company = {"legal_name_local": "康护 DEMO", "country": "XX"}
    assert officer.refused("suppliers/", company)["errors"][0]["code"] == "no_country"
    assert officer.post("suppliers/", {**company, "country": "cn"})["country"] == "CN"
    refusal = officer.refused("supply-requests/", need_with_line(max_unit_price="-1"))
    assert refusal["errors"][0]["code"] == "min_value"


def test_body_with_too_many_lines_or_overlong_text_is_refused(officer: Program) -> None:
    many = {**NEED, "lines": [{"product": "MASK_SURG", "quantity": 1}] * 201}
    assert officer.refused("supply-requests/", many)["errors"][0]["pointer"] == "#/lines"
    long = officer.refused("supply-requests/", {**NEED, "notes": "x" * 2001})
    assert long["errors"][0] == {
        "pointer": "#/notes",
        "detail": "Ensure this field has no more than 2000 characters.",
        "code": "max_length",
    }


def test_body_of_unknown_length_gets_411(officer: Program) -> None:
    answer = officer.client.generic(
        "POST",
        f"{ROOT}supply-requests/",
        content_type="application/json",
        headers={**officer.headers, "transfer-encoding": "chunked"},
    )
    refusal = problem(answer)
    assert (refusal["status"], refusal["errors"][0]["header"]) == (411, "Content-Length")
