"""What the API says to whoever may not, to what is not there, and to what is wrong: problem documents with a code and a place."""

import inspect
import json
from typing import Any

import pytest
from django.test import Client
from django.urls import get_resolver, reverse

from procurement.api.records import COLLECTIONS
from procurement.requests import actions as requests
from tests import world
from tests.procurement.api.program import ROOT, Program, problem
from tests.procurement.shipments.play import Voyage
from tests.procurement.story import AT
from workflow.moves import Moves

pytestmark = pytest.mark.django_db

# Open to everyone, with the reason.
PUBLIC = {
    "api": "leads to the description",
    "api-docs": "says what can be asked, and holds nothing of anybody",
    "api-docs-chapter": "the same, one collection at a time",
    "api-schema": "the same, for programs",
}
# Moves without an address of their own, with the reason.
NO_ADDRESS = {
    "procurement.supplyrequest": {"draft": "POST on the collection"},
    "procurement.inquiry": {
        "propose": "POST on the collection",
        "pause": "the clock, once its need is stopped",
        "go_on": "the clock, once its need takes offers again",
    },
    "procurement.supplier": {"list": "POST on the collection"},
    "procurement.certificate": {
        "claim": "POST on the collection",
        "pass_format": "the number is judged as it is entered",
        "suspect": "the number is judged as it is entered",
    },
    "procurement.bankaccount": {"propose": "POST on the collection"},
    "procurement.supplierlead": {
        "draft": "POST on the collection",
        "change": "`edit`, where verified facts change",
        "remark": "`edit`, where no verified fact changes",
        "expire": "the clock",
    },
    "procurement.finding": {
        "find": "screening",
        "raise_again": "screening",
        "restate": "screening",
        "clear": "screening",
    },
    "procurement.verificationtask": {"propose": "POST on the collection", "outdate": "the clock"},
    "procurement.allocation": {
        "propose": "POST on the collection",
        "order": "writing an order",
        "return_part": "an order or a shipment gives back",
        "return_all": "an order or a shipment gives back",
        "promise_again": "a receipt that is taken back",
        "fulfil": "completing an order",
    },
    "procurement.order": {"draft": "POST on the collection", "offer": "POST on the collection"},
    "procurement.payment": {
        "plan": "writing an order",
        "reckon": "the order's total changes",
        "cancel": "the order is cancelled or lost",
    },
    "procurement.shipment": {"plan": "POST on the collection"},
    "procurement.customslane": {"open": "planning a shipment"},
    "procurement.customshold": {"hold": "POST on the collection"},
    "procurement.customspaper": {"ask": "planning a shipment"},
    "procurement.lot": {"quarantine": "counting", "add": "counting"},
    "procurement.receipt": {"record": "POST on the collection"},
    "partners.twinning": {"twin": "POST on the collection"},
    "partners.contact": {"invite": "POST on the collection"},
    "workflow.file": dict.fromkeys(
        ("receive", "check", "pass", "reject", "leave"), "the machinery opens files"
    ),
}
# Addresses that are no move of the thing's own life, with the reason.
NOT_MOVES = {
    "supply-requests": {"lines": "`edit` of the lines"},
    "suppliers": {"judge": "a move of the city's standing"},
    "supplier-leads": {"cut": "gives back promises, then edits"},
    "cities": {"correct": "a place has no life cycle"},
    "exchanges": {"correct": "an exchange has no life cycle"},
    "organisations": {"correct": "an office has no life cycle"},
    "customs-lanes": {"hold": "begins a hold"},
}


def addresses() -> list[tuple[str, str]]:
    """Every address of the API with an example in it, and the name of its pattern."""
    found = []
    resolver = get_resolver().url_patterns
    (api,) = [pattern for pattern in resolver if str(pattern.pattern) == "api/v1/"]

    def walk(patterns: Any, before: str) -> None:
        for pattern in patterns:
            path = before + str(pattern.pattern)
            if hasattr(pattern, "url_patterns"):
                walk(pattern.url_patterns, path)
            else:
                found.append((path, pattern.name))

    walk(api.url_patterns, ROOT)
    for kind, example in (
        ("<reference:reference>", "SR-2020-0001"),
        ("<slug:slug>", "burnaby"),
        ("<slug:key>", "abc"),
        ("<slug:name>", "cities"),
        ("<code:code>", "MASK_SURG"),
        ("<int:id>", "1"),
        ("<path:rest>", "nothing/of/the/kind"),
    ):
        found = [(path.replace(kind, example), name) for path, name in found]
    return found


def test_nobody_anonymous_gets_anywhere_but_to_the_description(story: Voyage) -> None:
    for path, name in addresses():
        for method in ("get", "post", "put", "patch", "delete"):
            answer = getattr(Client(), method)(path)
            if name in PUBLIC:
                assert answer.status_code in (200, 302, 405), path
            else:
                assert (answer.status_code, problem(answer)["code"]) == (401, "not_signed_in"), (
                    f"{method} {path}"
                )
                assert answer["WWW-Authenticate"].startswith("Bearer")


def test_a_wrong_token_is_401_even_where_nothing_is(story: Voyage) -> None:
    answer = Client().get(f"{ROOT}nothing/", headers={"authorization": "Bearer tl_00000000_nonsense"})
    assert problem(answer)["code"] == "bad_token"


def test_a_token_does_what_its_scopes_cover(story: Voyage) -> None:
    reader, writer = Program(story.officer.user, ("read",)), Program(story.officer.user, ("write",))
    reader.get("supply-requests/")
    assert reader.refused("supply-requests/", {"city": "burnaby", "title": "x"})["code"] == "not_allowed"
    assert problem(writer.ask("get", "supply-requests/"))["status"] == 403
    writer.post("supply-requests/", {"city": "burnaby", "title": "x"})


def test_what_a_stranger_does_not_see_is_like_what_does_not_exist(story: Voyage, stranger: Program) -> None:
    story.closed()
    for collection in COLLECTIONS:
        rows = collection.model._default_manager.all()[:1]
        missing = {
            "reference": "XX-2020-9999",
            "slug": "nowhere",
            "code": "NOTHING",
            "key": "none",
            "id": "999999",
        }
        for row in rows:
            seen = collection.model._default_manager.visible_to(world.powers_for(stranger.user)).filter(
                pk=row.pk
            )
            if seen.exists():
                continue
            foreign = stranger.ask("get", f"{collection.path}/{getattr(row, collection.key)}/")
            nothing = stranger.ask("get", f"{collection.path}/{missing[collection.key]}/")
            assert foreign.status_code == nothing.status_code == 404
            assert foreign.json() == nothing.json()
            for verb in collection.verbs:
                moved = stranger.ask("post", f"{collection.path}/{getattr(row, collection.key)}/{verb}/")
                assert moved.status_code == 404, verb


def test_another_citys_private_facts_are_withheld_from_a_posted_need(
    story: Voyage, officer: Program, stranger: Program
) -> None:
    line = story.line(visibility="network")
    need = line.supply_request.reference
    officer.post(
        f"supply-requests/{need}/lines/",
        {"lines": [{"product": "MASK_SURG", "quantity": 5, "max_unit_price": "0.9", "days_left": 3}]},
    )
    own, foreign = (program.get(f"supply-requests/{need}/") for program in (officer, stranger))
    assert (own["lines"][0]["max_unit_price"], own["lines"][0]["days_left"]) == ("0.9000", 3)
    assert (foreign["lines"][0]["max_unit_price"], foreign["lines"][0]["days_left"]) == (None, None)
    assert foreign["available_moves"] == []
    assert foreign["shared_with"] is None


def test_a_move_that_may_not_be_made_is_403_409_or_422_and_changes_nothing(
    story: Voyage, officer: Program, stranger: Program
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


def test_each_wrong_field_is_pointed_at(officer: Program) -> None:
    told = officer.refused(
        "supply-requests/",
        {
            "city": "nowhere",
            "title": "x" * 161,
            "accepts": ["barter"],
            "lines": [{"product": "MASK_SURG", "quantity": 1}, {"product": 5, "quantity": 0}],
        },
    )
    assert (told["status"], told["code"]) == (422, "invalid")
    assert {one["pointer"]: one["code"] for one in told["errors"]} == {
        "#/city": "does_not_exist",
        "#/title": "max_length",
        "#/accepts/0": "invalid_choice",
        "#/lines/1/product": "invalid",
        "#/lines/1/quantity": "min_value",
    }


def test_a_body_that_is_no_object_or_cannot_be_read_is_refused(officer: Program) -> None:
    assert officer.refused("supply-requests/", [1, 2])["errors"][0]["pointer"] == "#"
    broken = officer.client.post(
        f"{ROOT}supply-requests/", data="{", content_type="application/json", headers=officer.headers
    )
    assert (problem(broken)["status"], problem(broken)["code"]) == (400, "malformed")
    form = officer.client.post(f"{ROOT}supply-requests/", data={"title": "x"}, headers=officer.headers)
    assert problem(form)["code"] == "wrong_content_type"
    assert problem(officer.ask("get", "supply-requests/", accept="text/csv"))["code"] == "not_acceptable"
    assert problem(officer.ask("put", "supply-requests/"))["code"] == "method_not_allowed"


def test_who_may_not_is_told_so_before_what_the_body_lacks(story: Voyage, officer: Program) -> None:
    need = story.line(visibility="network").supply_request.reference
    observer = Program(story.person("observer").user)
    assert observer.refused(f"supply-requests/{need}/stop/", {})["status"] == 403
    draft = officer.post("supply-requests/", {"city": "burnaby", "title": "x"})["reference"]
    assert officer.refused(f"supply-requests/{draft}/stop/", {"raeson": "x"})["status"] == 409
    assert officer.refused(f"supply-requests/{need}/stop/", {})["errors"][0]["pointer"] == "#/reason"


def test_what_to_do_instead_is_said_in_the_readers_language(story: Voyage, officer: Program) -> None:
    chinese = Program(story.officer.user, language="zh-CN")
    assert problem(officer.ask("put", "products/"))["detail"] == (
        "This address does not take PUT. It takes: GET, HEAD."
    )
    assert problem(chinese.ask("put", "products/"))["detail"] == "此地址不接受 PUT。可用方法：GET, HEAD。"
    other = officer.client.post(
        f"{ROOT}files/", data="{}", content_type="application/json", headers=officer.headers
    )
    assert "multipart/form-data" in problem(other)["detail"]
    assert "application/json" in problem(officer.ask("get", "products/", accept="text/csv"))["detail"]
    assert "Authorization: Bearer" in problem(Client().get(f"{ROOT}products/"))["detail"]
    told = problem(officer.ask("get", "products"))
    assert (told["status"], "/api/v1/products/" in told["detail"]) == (404, True)


def test_an_answer_that_is_missing_is_pointed_at(story: Voyage, officer: Program) -> None:
    world.twinning("burnaby", "zhongshan")
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
    told = contact.refused(f"{at}/submit/", report)
    assert {one["pointer"] for one in told["errors"]} == {
        f"#/answers/{code}" for code in (*asked, "is_it_true")
    }


def test_a_count_that_does_not_add_up_is_pointed_at_as_the_body_names_it(story: Voyage) -> None:
    shipment = story.delivered()
    allocation = shipment.lines.get().order_line.allocation.reference
    count = {"allocation": allocation, "accepted": 1, "lot_number": "L-1"}
    told = Program(story.logistics.user).refused(
        "receipts/", {"shipment": shipment.reference, "counts": [count]}
    )
    assert (told["code"], told["errors"][0]["pointer"]) == ("does_not_add_up", "#/counts")


def test_an_address_that_is_none_is_a_problem_document_too(story: Voyage, officer: Program) -> None:
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
        ("en", "There is nothing here, or nothing that you may see."),
        ("fr-ca", None),
        ("zh-hans", None),
    ],
)
def test_sentences_come_in_the_language_asked_for(story: Voyage, language: str, sentence: str | None) -> None:
    program = Program(story.officer.user, language=language)
    told = problem(program.ask("get", "supply-requests/SR-2020-9999/"))
    assert told["code"] == "not_found"
    assert sentence is None or told["detail"] == sentence


def test_available_moves_say_what_is_open_and_why_not(story: Voyage, officer: Program) -> None:
    need = officer.post("supply-requests/", {"city": "burnaby", "title": "x"})
    moves = {move["verb"]: move for move in need["available_moves"]}
    assert moves["edit"] == {"verb": "edit", "label": "Change", "open": True, "code": None, "reason": None}
    assert moves["post"]["open"] is False
    assert (moves["post"]["code"], "line" in moves["post"]["reason"]) == ("not_ready", True)
    assert "fulfil" not in moves, "it does not start here"


def test_every_move_has_an_address_or_a_reason_why_not() -> None:
    for collection in COLLECTIONS:
        label = collection.model._meta.label_lower
        moves = Moves.registry[label] if collection.has_moves() else ()
        verbs = {move.verb for move in moves}
        without = NO_ADDRESS.get(label, {})
        given = {address.replace("-", "_") for address in collection.verbs} - NOT_MOVES.get(
            collection.path, {}
        ).keys()
        assert given | without.keys() == verbs, collection.path
        assert not given & without.keys(), collection.path


def test_every_body_holds_the_arguments_of_its_action(story: Voyage) -> None:
    """What a body may hold is what its action takes: a renamed argument is found here, not by a caller."""
    for collection in COLLECTIONS:
        for verb in filter(None, (collection.begin, *collection.verbs.values())):
            arguments = inspect.signature(verb.action).parameters
            if any(one.kind is one.VAR_KEYWORD for one in arguments.values()):
                continue
            sources = {field.source for field in verb.body().fields.values()}
            given = sources | verb.fixed.keys() | ({verb.me} if verb.me else set()) | {"by", "at"}
            assert given <= arguments.keys(), f"{collection.path}: {given - arguments.keys()}"


def test_a_file_that_is_none_is_refused_with_its_field(officer: Program) -> None:
    need = officer.post("supply-requests/", {"city": "burnaby", "title": "x"})["reference"]
    answer = officer.client.post(
        f"{ROOT}files/", data={"thing": f"supply-requests/{need}"}, headers=officer.headers
    )
    assert problem(answer)["errors"][0]["pointer"] == "#/file"
    assert json.loads(answer.content)["code"] == "invalid"


def test_entries_of_another_city_are_not_told_and_its_people_not_named(
    story: Voyage, officer: Program, stranger: Program
) -> None:
    need = requests.draft(story.city, title="x", author=story.officer.user, by=story.officer.by, at=AT)
    assert [one["by"] for one in officer.all(f"entries/?about=supply-requests/{need.reference}")] == [
        str(story.officer.user)
    ]
    assert (
        problem(stranger.ask("get", f"entries/?about=supply-requests/{need.reference}"))["code"] == "no_thing"
    )
    assert all(one["reference"] != need.reference for one in stranger.all("entries/?page_size=100"))
    tie = world.twinning("burnaby", "zhongshan")
    keeper = Program(world.member("coordinator"))
    keeper.post(f"twinnings/{tie.pk}/suspend/", {"reason": "Council decision"})
    told = {
        program.user: {one["verb"]: one["by"] for one in program.all(f"entries/?about=twinnings/{tie.pk}")}
        for program in (keeper, stranger)
    }
    assert told[keeper.user]["suspend"] == str(keeper.user)
    assert told[stranger.user]["suspend"] is None


def test_every_thing_has_an_address_that_can_be_named() -> None:
    keys = {"reference": "SR-2020-0001", "slug": "burnaby", "code": "MASK_SURG", "key": "abc", "id": 1}
    for collection in COLLECTIONS:
        named = reverse(f"api-{collection.path}-one", kwargs={collection.key: keys[collection.key]})
        assert named == f"{ROOT}{collection.path}/{keys[collection.key]}/"
