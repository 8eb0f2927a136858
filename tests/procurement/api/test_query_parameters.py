"""Tests of the query parameters of GET requests: each is understood or refused, and none causes a server error."""

from collections.abc import Iterator
from urllib.parse import quote

import pytest

from procurement.api_docs.views import openapi_document
from procurement.shared_api.all_collections import COLLECTIONS
from tests.lanes import FULL
from tests.procurement.api.program import ROOT, Program, problem
from tests.worlds.shipments import Journey

pytestmark = pytest.mark.django_db
STRANGE = [
    "0",
    "-0",
    "-1",
    "1.5",
    "1e400",
    "NaN",
    "Infinity",
    "9" * 30,
    "10000",
    "0000-00-00",
    "10000-01-01",
    "9999-12-31",
    "0001-01-01",
    "9999-12-31T23:59:59+14:00",
    "１２",
    "१",
    "true",
    "<b>",
    "'",
    "x" * 5000,
    "x/y",
    "%",
]
# As written in an address: NUL, a line end, half a character, bytes that are not UTF-8.
BYTES = ["%00", "a%00b", "%0A", "%0D%0A", "%ED%A0%80", "%FF%FE", "%C0%AF"]
STRANGE_VALUES = sorted({*map(quote, STRANGE), *BYTES})
# What each type of parameter must not trip over: NUL, bytes that are not UTF-8, a number too large for a column, and a day
# at the end of the calendar. One parameter of each type, and in `make test-all` every parameter, is tried with all values.
WORST = ["%00", "%FF%FE", "9" * 30, "9999-12-31"]


@pytest.fixture(scope="module")
def program(once) -> Iterator[Program]:
    with once():
        story = Journey()
        story.closed()
        yield Program(story.officer.user)


def query_parameters() -> list[tuple[str, str]]:
    """Return the path and name of every query parameter of the described GET operations."""
    return [
        (path, parameter["name"])
        for path, methods in openapi_document()["paths"].items()
        for parameter in methods.get("get", {}).get("parameters", ())
        if parameter["in"] == "query" and "{" not in path
    ]


PARAMETERS = query_parameters()
FILTERS = {
    (f"{ROOT}{collection.path}/", name): type(one)
    for collection in COLLECTIONS
    if collection.filterset_class
    for name, one in collection.filterset_class.base_filters.items()
}
UNKNOWN_PARAMETERS = ("as", "format", "limit", "Ordering", "page")  # beside those of the usual run
# The first parameter of each type; paging and the questions that are no collections count by their names.
FIRST_OF_TYPE = {FILTERS.get(one, one[1]): one for one in reversed(PARAMETERS)}.values()


def test_every_collection_accepts_paging_and_its_filters_only():
    for collection in COLLECTIONS:
        names = {name for path, name in PARAMETERS if path == f"{ROOT}{collection.path}/"}
        filters = collection.filterset_class.base_filters if collection.filterset_class else {}
        assert {"cursor", "page_size", "ordering", *filters} == names, collection.path


@pytest.mark.parametrize("path", sorted({path for path, _name in PARAMETERS}))
def test_unusual_parameter_value_is_accepted_or_refused_by_name(program, path):
    for name in [name for asked_path, name in PARAMETERS if asked_path == path]:
        for value in STRANGE_VALUES if FULL or (path, name) in FIRST_OF_TYPE else WORST:
            answer = program.client.get(f"{path}?{name}={value}", headers=program.headers)
            assert answer.status_code in (200, 422), (name, value, answer.content[:300])
            if answer.status_code == 422:
                (fault, *_others) = problem(answer)["errors"]
                assert fault.get("parameter"), (name, value, fault)


@pytest.mark.parametrize("path", sorted({path for path, _name in PARAMETERS}))
@pytest.mark.parametrize(
    "name",
    ["q", "%00", *(pytest.param(name, marks=pytest.mark.every_way) for name in UNKNOWN_PARAMETERS)],
)
def test_unknown_query_parameter_is_refused(program, path, name):
    if (path, name) in PARAMETERS:
        return
    refusal = problem(program.client.get(f"{path}?{name}=csv", headers=program.headers))
    assert (refusal["status"], refusal["code"]) == (422, "unknown_parameter")


@pytest.mark.parametrize("collection", COLLECTIONS, ids=lambda one: one.path)
def test_unusual_object_key_gets_404_as_a_problem_document(program, collection):
    for name in (*BYTES, "x" * 5000, "9" * 30, "-1", "1.5", "NaN", "%EF%BC%91", "%2F", "..%2F"):
        answer = program.client.get(f"{ROOT}{collection.path}/{name}/", headers=program.headers)
        assert (answer.status_code, problem(answer)["code"]) == (404, "not_found"), (collection.path, name)
