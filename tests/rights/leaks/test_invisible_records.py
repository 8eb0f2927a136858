"""An object that a person may not see answers exactly like one that does not exist.

Status, headers and text are the same, for every method on pages and API.
"""

import re

import pytest
from django.conf import settings
from django.urls import reverse

from procurement.shared_api.object_urls import COLLECTION_BY_LABEL
from tests.procurement.api.program import ROOT
from tests.rights.api_table import COLLECTIONS
from tests.rights.http_requests import (
    EVERY_PERSON,
    Differences,
    World,
    body_of,
    identifier_of,
    without_identifier,
)
from tests.rights.moves.moves_table import LABELS, MOVES
from tests.rights.pages_table import PAGES
from tests.rights.reading_rights_table import SEES
from tests.rights.test_api import unknown_identifier

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("rights")]
# Reading and writing. Most addresses refuse the other methods before they look for the object.
METHODS = ("get", "post", *(("head", "put", "patch", "delete", "options") if EVERY_PERSON else ()))
WHO = "foreign officer"
# Values that differ in every request.
_PASSING = re.compile(
    r'name="csrfmiddlewaretoken" value="[^"]*"|name="nonce" value="[^"]*"|"request_id": ?"[^"]*"'
)


def comparable(answer, *names: str):
    """Return all of an answer except the requested identifier and what differs in every request.

    The session cookie is left out: it is renewed once a minute, for any request.
    """
    headers = {
        name: value
        for name, value in answer.headers.items()
        if name not in ("X-Request-ID", "Content-Length")
    }
    cookies = sorted(set(answer.cookies) - {settings.SESSION_COOKIE_NAME})
    said = f"{answer.status_code} {headers} {cookies} {_PASSING.sub('', body_of(answer))}"
    for name in names:
        said = without_identifier(said, name)
    return said


def differing_methods(world: World, door: str, there: str, not_there: str, names: tuple[str, str]) -> list:
    """Return the methods that are answered differently for an invisible object and for a missing one.

    `there` and `not_there` are the two addresses, `names` the identifiers in them; `door` is "page" or "api".
    """
    wrong = Differences()
    for method in METHODS:
        ask = getattr(world.visitors[WHO], door)
        one, other = ask(method, there), ask(method, not_there)
        if comparable(one, *names) != comparable(other, *names):
            wrong.add(method, there, *difference(comparable(one, *names), comparable(other, *names)))
    return wrong


def difference(one: str, other: str) -> tuple[str, str]:
    """Return the text around the first difference between two texts."""
    at = next((n for n, pair in enumerate(zip(one, other, strict=False)) if pair[0] != pair[1]), 0)
    return one[max(0, at - 40) : at + 80], other[max(0, at - 40) : at + 80]


def test_invisible_record_page_answers_like_missing_record(world):
    wrong, done = Differences(), set()
    for name, page in PAGES:
        if WHO in SEES[page.thing] or name in done:
            continue
        done.add(name)
        row = world.things[page.thing]
        if name in ("add_comment", "add_file"):
            args = [[row._meta.model_name, key] for key in (row.pk, 999_999_999)]
        else:
            more = [str(world.things[part].pk) if part in world.things else part for part in page.more]
            args = [[key, *more] for key in (identifier_of(row), unknown_identifier(row))]
        there, not_there = (reverse(name, args=one) for one in args)
        wrong += differing_methods(
            world,
            "page",
            there,
            not_there,
            (str(args[0][-1 if name in ("add_comment", "add_file") else 0]), str(args[1][0])),
        )
    assert wrong == []


def test_action_page_of_invisible_record_answers_like_missing_record(world):
    wrong = Differences()
    for thing in (thing for thing in LABELS if WHO not in SEES[thing]):
        row = world.things[thing]
        verb = next(verb for verb, told in MOVES[thing].items() if told.page)
        there = f"{row.get_absolute_url()}{verb}/"
        wrong += differing_methods(
            world,
            "page",
            there,
            there.replace(identifier_of(row), unknown_identifier(row)),
            (identifier_of(row), unknown_identifier(row)),
        )
    assert wrong == []


def test_api_detail_of_invisible_record_answers_like_missing_record(world):
    wrong = Differences()
    for path, things in COLLECTIONS.items():
        for thing in things[:1]:
            if WHO in SEES[thing]:
                continue
            row = world.things[thing]
            wrong += differing_methods(
                world,
                "api",
                f"{path}/{identifier_of(row)}/",
                f"{path}/{unknown_identifier(row)}/",
                (identifier_of(row), unknown_identifier(row)),
            )
    assert wrong == []


def test_api_action_on_invisible_record_answers_like_missing_record(world):
    wrong = Differences()
    for thing in (thing for thing in LABELS if WHO not in SEES[thing]):
        row, path = world.things[thing], COLLECTION_BY_LABEL[LABELS[thing]].path
        for verb, offered in MOVES[thing].items():
            if offered.api:
                rest = f"{verb.replace('_', '-')}/"
                there, not_there = (
                    f"{path}/{key}/{rest}" for key in (identifier_of(row), unknown_identifier(row))
                )
                one, other = (world.visitors[WHO].api("post", url) for url in (there, not_there))
                if comparable(one, identifier_of(row)) != comparable(other, unknown_identifier(row)):
                    wrong.add(thing, verb)
    assert wrong == []


def test_unknown_api_address_is_404_problem_response(world):
    for path in ("orders/nothing/", "orders/PO-2020-0001/nothing/", "nothing/"):
        answer = world.visitors[WHO].api("get", path)
        assert (answer.status_code, answer["Content-Type"]) == (404, "application/problem+json")
    assert world.stranger.browser.get(f"{ROOT}nothing/").status_code == 401
