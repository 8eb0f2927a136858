"""Tests of values that a program may not send.

Examples are a year outside the calendar, a parameter without a value, and an address that is not a website.
"""

import pytest

from procurement.api_docs.views import openapi_document
from procurement.records.api.all_collections import COLLECTIONS
from tests.procurement.api.program import ROOT, Program

pytestmark = pytest.mark.django_db


@pytest.fixture
def program(story):
    return Program(story.officer.user)


@pytest.mark.parametrize("year", ["0", "10000", "-1", "99999999", "", "2020.5", "２０２０"])
def test_a_year_that_no_calendar_has_is_refused(program, year):
    answer = program.ask("get", f"relief-claims/?year={year}")
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["parameter"] == "year"


@pytest.mark.parametrize("year", ["1", "2020", "9999"])
def test_a_year_of_the_calendar_is_taken(program, year):
    assert program.ask("get", f"relief-claims/?year={year}").status_code == 200


def named_without_a_value() -> list[tuple[str, str]]:
    """Return each parameter, with its collection, whose values the schema lists."""
    found = []
    for collection in COLLECTIONS:
        filters = collection.filterset_class.base_filters if collection.filterset_class else {}
        closed = [name for name, one in filters.items() if type(one).__name__ != "CharFilter"]
        found += [(collection.path, name) for name in ("ordering", *closed)]
    return found


@pytest.mark.parametrize(("path", "name"), named_without_a_value())
def test_a_parameter_without_a_value_is_refused(program, path, name):
    answer = program.ask("get", f"{path}/?{name}=")
    assert answer.status_code == 422, answer.content
    assert answer["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize(
    "rest", ["cities/x%0A/", "x%0Ay/", "supply-requests/SR-2020-0001%0A/", "%0D/", "cities/%00/"]
)
def test_an_address_that_no_route_has_is_told_as_a_problem(program, rest):
    answer = program.client.get(f"{ROOT}{rest}", headers=program.headers)
    assert answer.status_code == 404
    assert answer["Content-Type"] == "application/problem+json"


SITES = [
    "www.maskfabrik.cn",
    "https://maskfabrik.cn/en",
    "http://maskfabrik.cn:8080",
    "maskfabrik.cn:8080/a",
    "口罩.cn",
]
NO_SITES = ["javascript:alert(1)", "JaVaScRiPt:alert(1)", "data:text/html,x", "ftp://maskfabrik.cn", "mailto:a@maskfabrik.cn",
            "file:///etc/passwd", "see the brochure", "vbscript:x", "tel:+1604"]  # fmt: skip


@pytest.mark.parametrize(
    ("site", "taken"), [*((one, True) for one in SITES), *((one, False) for one in NO_SITES)]
)
def test_a_companys_website_is_an_address_of_the_web(program, site, taken):
    answer = program.ask(
        "post", "suppliers/", {"legal_name_local": "口罩厂", "country": "CN", "website": site}
    )
    assert (answer.status_code == 201) == taken, answer.content
    if not taken:
        assert answer.status_code == 422
        assert answer.json()["errors"][0]["pointer"] == "#/website"


def test_the_schema_names_the_cookie_that_is_set(program, settings):
    scheme = openapi_document()["components"]["securitySchemes"]["session"]
    assert scheme["name"] == settings.SESSION_COOKIE_NAME
