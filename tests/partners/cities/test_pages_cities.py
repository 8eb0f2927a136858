"""The list of cities: searched in any script, filtered, and closed to strangers like all its pages."""

import pytest
from django.test import Client

from partners.memberships.models import Membership
from tests.partners.page_helpers import count_queries, text
from tests.worlds import cities

pytestmark = pytest.mark.django_db
Role = Membership.Role


@pytest.mark.parametrize(
    "path",
    [
        "/cities/", "/cities/burnaby/", "/cities/burnaby/agreements/add/", "/cities/burnaby/exchanges/add/",
        "/register/files/", "/register/files/cities.csv",
    ],
)  # fmt: skip
def test_anonymous_reader_is_redirected_to_sign_in(practice, burnaby, path):
    response = Client().get(path)
    assert response.status_code == 302
    assert response["Location"].startswith("/accounts/login/")


def test_cities_are_listed_searched_in_any_script_and_filtered(signed_in, burnaby):
    cities.twinning("burnaby", "zhongshan")
    cities.city("wuhan")
    client = signed_in(Role.OBSERVER, burnaby)
    page = text(client.get("/cities/"))
    assert ">Zhongshan" in page
    assert ">Wuhan" not in page, "the reader's partner cities come first; the register is the second tab"
    page = text(client.get("/cities/?all=1"))
    assert page.index(">Burnaby") < page.index(">Wuhan") < page.index(">Zhongshan")
    assert "Your city’s page:" in page
    for query, found in (
        ("q=中山", "Zhongshan"),
        ("q=zhong", "Zhongshan"),
        ("country=CN&tied=mine", "Zhongshan"),
        ("country=CA", "Burnaby"),
    ):
        fragment = text(client.get(f"/cities/?{query}", headers={"HX-Request": "true"}))
        assert found in fragment
        assert "Wuhan" not in fragment
        assert "<html" not in fragment
    assert "No cities found." in text(client.get("/cities/?q=nowhere"))
    assert text(client.get("/cities/?country=XX")).count("<tr>") > 1  # an unknown filter is ignored


def test_city_list_query_count_does_not_grow_with_the_number_of_cities(signed_in, burnaby):
    client = signed_in(Role.OBSERVER, burnaby)
    client.get("/cities/")
    one = count_queries(client, "/cities/")
    for number in range(20):
        cities.city(f"place-{number}")
    assert count_queries(client, "/cities/") == one
    assert "Place-9" in text(client.get("/cities/"))
