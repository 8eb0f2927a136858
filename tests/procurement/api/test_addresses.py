"""Tests of the API's addresses: their list, who may use each, and what a stranger cannot find out."""

import inspect
from dataclasses import fields
from datetime import timedelta
from typing import Any, get_args

import pytest
from django.test import Client
from django.urls import get_resolver, reverse

from procurement.requests.actions.requests import draft_request
from procurement.shared_api.all_collections import COLLECTIONS
from tests.procurement.api.program import ROOT, Program, problem
from tests.worlds import cities
from tests.worlds.cities import powers_for
from tests.worlds.need_to_order import AT
from tests.worlds.shipments import Journey
from workflow import clock
from workflow.edits import edit_class
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
    "procurement.supplyrequest": {
        "draft": "POST on the collection",
        "propose_change": "lines that ask for more, where the city approves needs",
        "remind": "the clock, on working days while an approver is to decide",
        "ask_to_reconfirm": "the clock, two days before its day to reconfirm",
        "announce": "the clock, an hour after its change",
        "lapse": "the clock, a second period after its day to reconfirm",
    },
    "procurement.inquiry": {
        "propose": "POST on the collection",
        "chase": "the clock, a day after the question",
        "inform": "the clock, once the city answered",
        "recompose": "the clock, once its need has changed",
        "restate": "the clock, once its need has changed",
        "pause": "the clock, once its need is stopped",
        "resume": "the clock, once its need takes offers again",
        "allow_alternates": "the clock, a working day after the day hoped for",
        "give_up": "the clock, long after the partner city's day",
        "return_to_partner": "the clock, once the earlier consent is lost",
    },
    "procurement.introductionconsent": {
        "grant": "given with the consent to an inquiry",
        "expire": "the clock, after its last day",
        "end": "the clock, once an agreement or the giver is lost",
        "announce_end": "the clock, two weeks before its last day",
        "report_uses": "the clock, after inquiries were sent with it",
    },
    "procurement.supplier": {"list": "POST on the collection"},
    "procurement.certificate": {
        "claim": "POST on the collection",
        "claim_again": "a correction of what it says makes it",
        "pass_format": "the number is judged as it is entered",
        "suspect": "the number is judged as it is entered",
        "announce_end": "the clock, 30 and 7 days before its end",
    },
    "procurement.supplierchange": {
        "propose": "POST on the collection",
        "agree": "accepting agrees, while others decide",
    },
    "procurement.registerlookup": {"record": "POST on the collection"},
    "procurement.unwantedgoods": {"add": "POST on the collection"},
    "procurement.lettertemplate": {
        "add": "POST on the collection",
        "replace": "POST on the collection, with the template it replaces",
    },
    "procurement.manualrate": {"enter": "POST on the collection"},
    "procurement.watchlist": {
        "upload": "a file, on its page",
        "activate": "the clock, once every name is compared",
        "fail": "the clock, where comparing fails",
        "replace": "a newer version comes in force",
    },
    "procurement.watchlistmatch": dict.fromkeys("raise raise_again follow delist".split(), "the comparison"),
    "procurement.supplierfact": {
        "record": "POST on the collection",
        "deselect": "settling for another source ends it",
    },
    "procurement.bankaccount": {"propose": "POST on the collection"},
    "procurement.supplierlead": {
        "draft": "POST on the collection",
        "change": "`edit`, where verified facts change",
        "remark": "`edit`, where no verified fact changes",
        "ask_validity": "the clock, two days before its end",
        "expire": "the clock",
    },
    "procurement.finding": {
        "find": "screening",
        "raise_again": "screening",
        "restate": "screening",
        "resolve": "screening",
        "remind": "the clock, while it waits",
    },
    "procurement.verificationtask": {
        "propose": "POST on the collection",
        "outdate": "the clock",
        "reuse": "another city's check is lent",
    },
    "procurement.allocation": {
        "propose": "POST on the collection",
        "order": "writing an order",
        "return_part": "an order or a shipment gives back",
        "return_all": "an order or a shipment gives back",
        "reallocate": "a receipt that is taken back",
        "fulfil": "completing an order",
    },
    "procurement.allocationplan": {
        "create": "POST on the collection",
        "finish": "the tick, once it is calculated",
        "fail": "the tick, if it cannot be calculated",
    },
    "procurement.order": {
        "draft": "POST on the collection",
        "offer": "POST on the collection",
        "remind": "the clock, while it waits",
    },
    "procurement.payment": {
        "plan": "writing an order",
        "recalculate": "the order's total changes",
        "fall_due": "the tick, once its event has happened",
        "cancel": "the order is cancelled or lost",
        "remind": "the clock, while it waits",
    },
    "procurement.orderacknowledgement": {
        "request": "POST on the collection",
        "confirm": "its link",
        "propose": "its link",
        "decline": "its link",
        "close": "`confirm`, `cancel` or `write-off` of the order",
    },
    "procurement.decisionmemo": {"freeze": "POST on the collection"},
    "procurement.generateddocument": {"freeze": "POST on the collection"},
    "procurement.auditfile": {
        "request": "POST on the collection",
        "finish": "the machine, once all of it is in",
        "fail": "the machine, where something is in the way",
    },
    "procurement.shipment": {"plan": "POST on the collection"},
    "procurement.webhookendpoint": {
        "add": "POST on the collection",
        "suspend": "the sender, where events cannot be delivered",
    },
    "procurement.customsclearance": {
        "open": "planning a shipment",
        "redirect": "`reroute` of the shipment",
        "notify_complete": "the program, once all of its papers are there",
    },
    "procurement.documentrequest": {
        "request": "POST on the collection",
        "report_unavailable": "its link",
        "finish": "the program, once all are in hand",
        "reopen": "the program, once one is needed again",
        "notify_complete": "the program, once all papers of a lane are there",
    },
    "procurement.documentsubmission": {
        "submit": "its link, or the page of the paper",
        "replace": "its link, with a newer one",
    },
    "procurement.customshold": {"hold": "POST on the collection"},
    "procurement.customsdocument": {
        "require": "planning a shipment",
        "mark_not_required": "`reroute` of the shipment",
        "require_again": "`reroute` or `review-documents` of the shipment",
        "restate": "`reroute` of the shipment",
    },
    "procurement.lot": {
        "quarantine": "counting",
        "add": "counting",
        "warn": "the clock, where another city recalled the same lot of the same company",
    },
    "procurement.goodsreceipt": {"record": "POST on the collection"},
    "procurement.discrepancy": {
        "open": "counting",
        "reverse": "a receipt that is taken back",
        "remind": "the clock, while it waits",
    },
    "procurement.destruction": {"note": "`destroy` of the shipment"},
    "procurement.distribution": {
        "distribute": "POST on the collection",
        "send_recall_notice": "`recall` of the lot",
    },
    "procurement.reliefclaim": {
        "claim": "declaring a line with a relief",
        "claim_freely": "declaring a line with a relief",
        "remind": "the clock, before the deadline",
    },
    "procurement.thankyou": {
        "make_ready": "the delivery",
        "choose": "its page: the photo is looked at",
        "send": "its page: what is said to whom is looked at before it goes",
    },
    "procurement.thankyoumessage": {"send": "sending the pack"},
    "partners.twinningagreement": {"add": "POST on the collection", "remind": "the calendar"},
    "partners.correction": {"propose": "POST on the collection"},
    "partners.dispute": {"dispute": "its page", "claim": "its page"},
    "partners.contact": {"invite": "POST on the collection"},
    "workflow.file": dict.fromkeys(
        ("receive", "check", "pass", "reject", "skip_check"), "the machinery opens files"
    ),
}
# Addresses that are not a move in the life cycle of the object, with the reason.
NOT_MOVES = {
    "supply-requests": {"lines": "`edit` of the lines"},
    "suppliers": {"set_status": "a move of the city's standing"},
    "supplier-leads": {"cut": "gives back promises, then edits"},
    "cities": {"correct": "a place has no life cycle"},
    "exchanges": {"correct": "an exchange has no life cycle"},
    "organizations": {"correct": "an office has no life cycle"},
    "customs-clearances": {"hold": "begins a hold"},
    "notifications": {"read": "a bookmark of its reader's", "unread": "the same"},
}


def addresses() -> list[tuple[str, str]]:
    """Return every address of the API, filled with an example, and the name of its pattern."""
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


def test_anonymous_api_request_gets_401_except_for_the_description(story: Journey) -> None:
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


def test_invalid_token_gets_401_even_at_an_unknown_address(story: Journey) -> None:
    answer = Client().get(f"{ROOT}nothing/", headers={"authorization": "Bearer tl_00000000_nonsense"})
    assert (answer.status_code, problem(answer)["code"]) == (401, "bad_token")


def test_token_is_limited_to_its_scopes(story: Journey) -> None:
    reader, writer = Program(story.officer.user, ("read",)), Program(story.officer.user, ("write",))
    reader.get("supply-requests/")
    assert reader.refused("supply-requests/", {"city": "burnaby", "title": "x"})["code"] == "not_allowed"
    assert problem(writer.ask("get", "supply-requests/"))["status"] == 403
    writer.post("supply-requests/", {"city": "burnaby", "title": "x"})


def test_invisible_object_and_missing_object_get_the_same_404(story: Journey, stranger: Program) -> None:
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
            seen = collection.model._default_manager.visible_to(powers_for(stranger.user)).filter(pk=row.pk)
            if seen.exists():
                continue
            foreign = stranger.ask("get", f"{collection.path}/{getattr(row, collection.lookup_field)}/")
            nothing = stranger.ask("get", f"{collection.path}/{missing[collection.lookup_field]}/")
            assert foreign.status_code == nothing.status_code == 404
            assert foreign.json() | {"request_id": ""} == nothing.json() | {"request_id": ""}
            for verb in collection.move_actions:
                moved = stranger.ask(
                    "post", f"{collection.path}/{getattr(row, collection.lookup_field)}/{verb}/"
                )
                assert moved.status_code == 404, verb


def test_private_fields_of_a_posted_need_are_withheld_from_other_cities(
    story: Journey, officer: Program, stranger: Program
) -> None:
    line = story.line(visibility="network")
    need = line.supply_request.reference
    officer.post(
        f"supply-requests/{need}/lines/",
        {
            "lines": [
                {
                    "product": "MASK_SURG",
                    "quantity": 5,
                    "max_unit_price": "0.9",
                    "stock": 90,
                    "use_per_day": 30,
                }
            ]
        },
    )
    own, foreign = (program.get(f"supply-requests/{need}/") for program in (officer, stranger))
    assert (own["lines"][0]["max_unit_price"], own["lines"][0]["runs_out_on"]) == (
        "0.9000",
        (line.city.day_at(clock.now()) + timedelta(days=3)).isoformat(),
    )
    assert (own["lines"][0]["use_per_day"], foreign["lines"][0]["use_per_day"]) == (30, None)
    assert (foreign["lines"][0]["max_unit_price"], foreign["lines"][0]["runs_out_on"]) == (None, None)
    assert foreign["available_moves"] == []
    assert foreign["shared_with"] is None


def test_every_action_has_an_api_address_or_a_stated_reason() -> None:
    for collection in COLLECTIONS:
        label = collection.model._meta.label_lower
        moves = Moves.registry[label] if collection.has_moves() else ()
        verbs = {move.verb for move in moves}
        without = NO_ADDRESS.get(label, {})
        given = {address.replace("-", "_") for address in collection.move_actions} - NOT_MOVES.get(
            collection.path, {}
        ).keys()
        assert given | without.keys() == verbs, collection.path
        assert not given & without.keys(), collection.path


def test_every_request_body_field_matches_an_argument_of_its_action(story: Journey) -> None:
    """A body holds the arguments of its action: this test finds a renamed argument before a caller does."""
    for collection in COLLECTIONS:
        for verb in filter(None, (collection.create_action, *collection.move_actions.values())):
            arguments = inspect.signature(verb.action).parameters
            edit = edit_class(verb.action)
            names = arguments.keys() | ({one.name for one in fields(edit)} if edit else set())
            if more := [one for one in arguments.values() if one.kind is one.VAR_KEYWORD]:
                typed = get_args(more[0].annotation)  # Unpack[…Facts]; other names are not known here
                if not typed:
                    continue
                names |= typed[0].__annotations__.keys()
            sources = {field.source for field in verb.body().fields.values()}
            given = (
                sources
                | verb.fixed.keys()
                | verb.arguments.request_filled
                | ({verb.arguments.acting_person_argument} - {""})
            )
            assert given <= names, f"{collection.path}: {given - names}"


def test_journal_entries_hide_people_of_other_cities(
    story: Journey, officer: Program, stranger: Program
) -> None:
    need = draft_request(story.city, title="x", author=story.officer.user, by=story.officer.by, at=AT)
    assert [one["by"] for one in officer.all(f"entries/?about=supply-requests/{need.reference}")] == [
        str(story.officer.user)
    ]
    assert (
        problem(stranger.ask("get", f"entries/?about=supply-requests/{need.reference}"))["code"] == "no_thing"
    )
    assert all(one["reference"] != need.reference for one in stranger.all("entries/?page_size=100"))
    agreement = cities.twinning("burnaby", "zhongshan")
    keeper = Program(cities.member("coordinator"))
    keeper.post(f"agreements/{agreement.pk}/suspend/", {"reason": "Council decision"})
    told = {
        program.user: {
            one["verb"]: one["by"] for one in program.all(f"entries/?about=agreements/{agreement.pk}")
        }
        for program in (keeper, stranger)
    }
    assert told[keeper.user]["suspend"] == str(keeper.user)
    assert told[stranger.user]["suspend"] is None


def test_every_object_has_a_named_api_address() -> None:
    keys = {"reference": "SR-2020-0001", "slug": "burnaby", "code": "MASK_SURG", "key": "abc", "id": 1}
    for collection in COLLECTIONS:
        named = reverse(
            f"api-{collection.path}-one", kwargs={collection.lookup_field: keys[collection.lookup_field]}
        )
        assert named == f"{ROOT}{collection.path}/{keys[collection.lookup_field]}/"
