"""Tests of values that the API refuses.

Examples are a year outside the calendar, a parameter without a value, and an address that is not a website.
"""

import pytest

from procurement.api_docs.views import openapi_document
from procurement.shared_api.all_collections import COLLECTIONS
from tests.procurement.api.program import ROOT, Program

pytestmark = pytest.mark.django_db


@pytest.fixture
def program(story):
    return Program(story.officer.user)


@pytest.mark.parametrize("year", ["0", "10000", "-1", "99999999", "", "2020.5", "２０２０"])
def test_year_outside_the_calendar_is_refused(program, year):
    answer = program.ask("get", f"relief-claims/?year={year}")
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["parameter"] == "year"


@pytest.mark.parametrize("year", ["1", "2020", "9999"])
def test_year_of_the_calendar_is_accepted(program, year):
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
def test_query_parameter_without_a_value_is_refused(program, path, name):
    answer = program.ask("get", f"{path}/?{name}=")
    assert answer.status_code == 422, answer.content
    assert answer["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize(
    "rest", ["cities/x%0A/", "x%0Ay/", "supply-requests/SR-2020-0001%0A/", "%0D/", "cities/%00/"]
)
def test_unrouted_api_address_gets_a_404_problem_document(program, rest):
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
def test_supplier_website_must_be_a_web_address(program, site, taken):
    answer = program.ask(
        "post", "suppliers/", {"legal_name_local": "口罩厂", "country": "CN", "website": site}
    )
    assert (answer.status_code == 201) == taken, answer.content
    if not taken:
        assert answer.status_code == 422
        assert answer.json()["errors"][0]["pointer"] == "#/website"


def test_description_names_the_session_cookie_in_use(program, settings):
    scheme = openapi_document()["components"]["securitySchemes"]["session"]
    assert scheme["name"] == settings.SESSION_COOKIE_NAME
