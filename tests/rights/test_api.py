"""Every operation of the API on own, shared, foreign and public objects, asked by three people with tokens."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from procurement.shared_api import all_collections
from procurement.shared_api.object_urls import COLLECTION_BY_PATH
from tests.procurement.api.program import ROOT, Program
from tests.rights.api_table import (
    ANSWERS,
    COLLECTIONS,
    CREATIONS,
    OBJECT_FILTERS,
    PLAIN,
    PUBLIC,
    REFERENCE,
    SEARCHES,
    UNKNOWN_ADDRESS,
    Creation,
)
from tests.rights.http_requests import (
    Differences,
    World,
    count_written_rows,
    identifier_of,
    one_of_each_relation,
    operations,
    people_to_ask,
    rolled_back,
    without_identifier,
)
from tests.rights.reading_rights_table import EVERYONE, SEES
from tests.worlds.leak_markers import ACCOUNTS
from workflow.journal.models import Entry
from workflow.outbox.models import Message

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("rights")]


REQUEST_ID = re.compile(rb'"request_id": ?"\w+"')  # differs in every answer
BY_NAME = {built.path: built for built in all_collections.COLLECTIONS}


def collections_and_objects() -> Iterator[tuple[str, str]]:
    """Yield every collection with each of its objects."""
    for path, names in COLLECTIONS.items():
        for name in names:
            yield path, name


def test_api_permission_table_covers_every_collection_filter_and_creation():
    paths = {path.split("/")[0] for name, path in operations() if name not in PUBLIC | {UNKNOWN_ADDRESS}}
    assert paths == set(COLLECTIONS) | REFERENCE | ANSWERS
    assert {built.path for built in all_collections.COLLECTIONS if built.create_action} == set(CREATIONS)
    searched = {
        built.path
        for built in all_collections.COLLECTIONS
        if "search" in getattr(built.filterset_class, "base_filters", ())
    }
    assert searched - REFERENCE == set(SEARCHES) == set(COLLECTIONS)
    filters = {
        name
        for built in all_collections.COLLECTIONS
        if built.filterset_class
        for name in built.filterset_class.base_filters
    }
    assert filters - set(OBJECT_FILTERS) - PLAIN == set()


def test_api_details_are_visible_by_permission_table(world):
    wrong = Differences()
    for path, thing in collections_and_objects():
        url = f"{path}/{identifier_of(world.things[thing])}/"
        for who in people_to_ask(SEES[thing]):
            status = world.visitors[who].api("get", url).status_code
            if status != (200 if who in SEES[thing] else 404):
                wrong.add(path, thing, who, status)
        if world.stranger.api("get", url).status_code != 401:
            wrong.add(path, thing, "anonymous")
    assert wrong == []


def test_api_lists_contain_exactly_records_user_may_see(world):
    """`Visitor.searched` finds objects that are not the reader's; this test looks for each that is.

    One person of each relation to the city reads each list.
    """
    wrong = Differences()
    for path, names in COLLECTIONS.items():
        key = (
            COLLECTION_BY_PATH[path].lookup_field
            if path in COLLECTION_BY_PATH
            else ("key" if path == "files" else "id")
        )
        for who in one_of_each_relation():
            found = {str(row[key]) for row in all_rows(world.visitors[who], f"{path}/?page_size=100")}
            for thing in names:
                if (identifier_of(world.things[thing]) in found) != (who in SEES[thing]):
                    wrong.add(path, thing, who)
        if world.stranger.api("get", f"{path}/").status_code != 401:
            wrong.add(path, "anonymous")
    assert wrong == []


def all_rows(visitor: Any, path: str) -> Iterator[dict[str, Any]]:
    """Yield every row of a list, page by page."""
    while path:
        page = visitor.api("get", path).json()
        yield from page["results"]
        path = (page["next"] or "").partition(ROOT)[2]


def test_api_reference_data_requires_sign_in(world):
    for path in sorted(REFERENCE):
        assert {
            world.visitors[who].api("get", f"{path}/").status_code for who in people_to_ask(EVERYONE)
        } == {200}
        assert world.stranger.api("get", f"{path}/").status_code == 401


def test_api_answers_require_sign_in_and_show_inquiries_of_own_city_only(world):
    question = "untapped/?here=CA&there=CN"
    papers = (
        "required-documents/?origin=CN&destination=CA&product=MASK_SURG&use=medical&acquisition_type=purchase"
    )
    assert {one.partition("/")[0] for one in (question, papers)} == ANSWERS
    assert world.stranger.api("get", papers).status_code == 401
    assert {world.visitors[who].api("get", papers).status_code for who in people_to_ask(EVERYONE)} == {200}
    assert world.stranger.api("get", question).status_code == 401
    wrong = Differences()
    for who in one_of_each_relation():
        answer = world.visitors[who].api("get", question)
        if answer.status_code != 200:
            wrong.add(who, answer.status_code)
            continue
        known = {
            agreement["here"] for agreement in answer.json()["agreements"] if agreement["asked"] is not None
        }
        if ("burnaby" in known) != (who in SEES["unsent inquiry"]):
            wrong.add(who, sorted(known))
    assert wrong == []


def test_public_api_pages_contain_no_private_data(world):
    for name in ("api", "api-docs", "api-schema"):
        answer = Client().get(reverse(name))
        assert answer.status_code in (200, 302)
        told = world.marks.found_in(answer.content.decode())  # the references in its examples may exist
        assert not [found for found, _thing in told if "-20" not in found]
    assert world.stranger.api("get", "nowhere/").status_code == 401
    assert world.visitors["own officer"].api("get", "nowhere/").status_code == 404


def test_creation_by_api_follows_permission_table_and_refusal_changes_nothing(world):
    wrong = Differences()
    for path, row in CREATIONS.items():
        before, people = stored_counts(path), people_to_ask(row.may, sees_all(row))
        for who in (who for who in people if who not in row.may):
            status = post_creation(world, world.visitors[who].program, path, row)
            if status != refusal(row, who):
                wrong.add(path, who, status, refusal(row, who))
        if world.stranger.api("post", f"{path}/").status_code != 401:
            wrong.add(path, "anonymous")
        if stored_counts(path) != before:
            wrong.add(path, "a no wrote something")
        for who in row.may.intersection(people):
            with rolled_back():
                status = post_creation(world, world.visitors[who].program, path, row)
            if status not in (201, 409, 422):
                wrong.add(path, who, status, "may")
    assert wrong == []


def stored_counts(path: str) -> tuple[int, int, int]:
    """Return the numbers of objects, journal entries and messages, which a POST would increase."""
    model = BY_NAME[path].model
    return model._base_manager.count(), Entry.objects.count(), Message.objects.count()


def refusal(row: Creation, who: str) -> int:
    """Return 403 for a person who sees all objects in the body, else 422.

    For the others, an object in the body does not exist.
    """
    return 403 if who in sees_all(row) else 422


def sees_all(row: Creation) -> frozenset[str]:
    """Return the people who see all objects in the body of a POST."""
    names = {name for name in SEES if f"{{{name}}}" in str(row.body)} - {
        "arrived allocation"
    }  # belongs to the shipment
    return EVERYONE.intersection(*(SEES[name] for name in names))


def post_creation(world: World, program: Program, path: str, row: Creation) -> int:
    body = with_identifiers(world, row.body)
    if path == "files":
        photo = world.photo()
        answer = program.client.post(f"{ROOT}{path}/", {**body, "file": photo}, headers=program.headers)
        return int(answer.status_code)
    return int(program.ask("post", f"{path}/", body).status_code)


MERGE_FIELD = " need "  # of a letter template, whose texts have words in braces of their own


def with_identifiers(world: World, value: Any) -> Any:
    """Return a body with the identifiers of Burnaby's objects filled in."""
    if isinstance(value, dict):
        return {key: with_identifiers(world, one) for key, one in value.items()}
    if isinstance(value, list):
        return [with_identifiers(world, one) for one in value]
    if not isinstance(value, str) or "{" not in value:
        return value
    name = value.partition("{")[2].partition("}")[0]
    if name == MERGE_FIELD:
        return value
    told = world.things["certificate"].kind.code if name == "kind" else identifier_of(world.things[name])
    return int(told) if told.isdecimal() else value.replace(f"{{{name}}}", told)


def test_api_token_is_limited_to_its_scopes(world):
    """One token may only read, the other only write."""
    user = world.users["own officer"]
    reads, writes_only = Program(user, scopes=("read",)), Program(user, scopes=("write",))
    wrong = Differences()
    for name, pattern in operations():
        if name in PUBLIC | {UNKNOWN_ADDRESS}:
            continue
        path, _slash, rest = pattern.partition("/")
        thing = (COLLECTIONS.get(path) or ("city",))[0]
        key = identifier_of(world.things[thing]) if path in COLLECTIONS else "nothing"
        url = f"{path}/{rest[: rest.find('<')]}{key}/{rest.partition('>/')[2]}" if "<" in rest else pattern
        before = count_written_rows()
        if reads.ask("post", url).status_code not in (403, 405) or count_written_rows() != before:
            wrong.add("read", url)
        if writes_only.ask("get", url).status_code not in (403, 405):
            wrong.add("write", url)
    assert wrong == []


def test_malformed_or_unknown_api_token_is_401(world):
    for value in ("Bearer tl_nothing1_" + "x" * 43, "Bearer", "Bearer x", "Basic eDp5"):
        answer = world.stranger.browser.get(f"{ROOT}orders/", headers={"authorization": value})
        assert answer.status_code == 401
        assert answer["WWW-Authenticate"] == 'Bearer realm="api"'


def test_api_filter_by_invisible_record_finds_same_as_by_unknown_record(world):
    wrong = Differences()
    for built in all_collections.COLLECTIONS:
        for name in built.filterset_class.base_filters if built.filterset_class else ():
            thing = OBJECT_FILTERS.get(name)
            if thing is None:
                continue
            row = world.things[thing]
            real, nothing = ("XX", "XX") if thing == "city" else (identifier_of(row), unknown_identifier(row))
            if name == "about":
                real, nothing = f"supplier-leads/{real}", f"supplier-leads/{nothing}"
            for who in ("foreign officer", "shared officer", "own idle broker"):
                if who in SEES[thing]:
                    continue
                answers = [
                    world.visitors[who].api("get", f"{built.path}/?{name}={value}")
                    for value in (real, nothing)
                ]
                one, other = (
                    (a.status_code, REQUEST_ID.sub(b"", a.content).replace(real.encode(), b"-"))
                    for a in answers
                )
                if (other[0], other[1].replace(nothing.encode(), b"-")) != one:
                    wrong.add(built.path, name, who)
    assert wrong == []


def unknown_identifier(row: Any) -> str:
    """Return an identifier of the same form that no object has."""
    name = identifier_of(row)
    return f"{name[:3]}2020-9999" if name[2:3] == "-" else "999999999"


@pytest.mark.every_way  # the next test searches each collection for its own object
def test_api_search_order_and_paging_reveal_no_hidden_records(world):
    words = [word for word, (_thing, city) in world.marks.things.items() if city == "burnaby"]
    for who in ("foreign officer", "shared officer", "own idle broker"):
        visitor = world.visitors[who]
        for built in all_collections.COLLECTIONS:
            if built.filterset_class and "search" in built.filterset_class.base_filters:
                for word in words:
                    visitor.api("get", f"{built.path}/?search={word}")
            for order in built.ordering_fields:
                assert visitor.api("get", f"{built.path}/?ordering=-{order}&page_size=2").status_code == 200


def test_api_search_finds_record_only_for_user_who_may_see_it(world):
    wrong = Differences()
    for path, (thing, told) in SEARCHES.items():
        row = world.things[thing]
        text = searched_for(world, told)
        for who in people_to_ask(SEES[thing]):
            found = all_rows(world.visitors[who], f"{path}/?page_size=100&search={text}")
            key = (
                COLLECTION_BY_PATH[path].lookup_field
                if path in COLLECTION_BY_PATH
                else ("key" if path == "files" else "id")
            )
            if (identifier_of(row) in {str(one[key]) for one in found}) != (who in SEES[thing]):
                wrong.add(path, thing, who)
    assert wrong == []


def searched_for(world: World, told: str) -> str:
    """Return the search text of the table, with the mark or reference of Burnaby's object filled in."""
    sort, _of, name = told.partition(" of ")
    if sort == "word" and name:
        return world.marks.word(name, "burnaby")
    return str(world.things[name].reference) if sort == "number" and name else told


def test_no_search_finds_bank_account_by_number(world):
    """No person may read a whole account number, so no part of a number finds anything."""
    number = ACCOUNTS["burnaby"].replace(" ", "")
    for text in (number, number[-4:], number[:6], ACCOUNTS["burnaby"]):
        found = world.visitors["own officer"].api("get", f"bank-accounts/?search={text}").json()
        assert found["results"] == []


def test_api_body_naming_invisible_record_is_refused_like_unknown_record(world):
    """Try each reference in each body of a POST."""
    wrong = Differences()
    for path, row in CREATIONS.items():
        for name in (name for name in SEES if f"{{{name}}}" in str(row.body)):
            if "foreign officer" in SEES[name] or path == "files":
                continue
            program, body = world.visitors["foreign officer"].program, with_identifiers(world, row.body)
            real, nothing = identifier_of(world.things[name]), unknown_identifier(world.things[name])
            answers = [
                program.ask("post", f"{path}/", told).json() | {"request_id": ""}
                for told in (body, with_replaced_identifier(body, real, nothing))
            ]
            if without_identifier(str(answers[0]), real) != without_identifier(str(answers[1]), nothing):
                wrong.add(path, name, answers)
    assert wrong == []


def with_replaced_identifier(value: Any, old: str, new: str) -> Any:
    """Return a body with one identifier replaced by another."""
    if isinstance(value, dict):
        return {key: with_replaced_identifier(one, old, new) for key, one in value.items()}
    if isinstance(value, list):
        return [with_replaced_identifier(one, old, new) for one in value]
    if isinstance(value, int):
        return int(new) if str(value) == old else value
    return new if value == old else value if old.isdecimal() else value.replace(old, new)


def test_idempotency_key_does_not_replay_answer_to_other_user(world):
    """The same key and request from another person count as that person's own request."""
    path, key = (
        f"supply-requests/{identifier_of(world.things['need'])}/reconfirm/",
        {"Idempotency-Key": "the same"},
    )
    body = {"until": "2020-05-01"}
    with rolled_back():
        first = world.visitors["own officer"].api("post", path, body, **key)
        assert first.status_code == 200
        for who, expected in (("foreign officer", 404), ("shared officer", 404), ("own observer", 403)):
            again = world.visitors[who].api("post", path, body, **key)
            assert again.status_code == expected
            assert "Idempotency-Replayed" not in again
        assert world.visitors["own officer"].api("post", path, body, **key)["Idempotency-Replayed"] == "true"
