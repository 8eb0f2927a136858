"""The page of a city: agreements, sources and local time, and its people for those who may see them."""

from html import escape

import pytest

from accounts.actors import CONSOLE_ACTOR
from partners.agreements.actions import end_agreement
from partners.cities.models import City
from partners.memberships.models import Membership
from partners.partial_dates import parse_partial_date
from partners.register_import.shipped_register import load_register
from tests.partners.page_helpers import URL, count_queries, text
from tests.worlds import cities
from tests.worlds.cities import NOW

pytestmark = pytest.mark.django_db
Role = Membership.Role


def test_city_page_shows_agreements_exchanges_sources_and_conflicts(signed_in, burnaby):
    cities.twinning(
        burnaby,
        "zhongshan",
        signed="2011-06",
        source_url="https://www.press.example/a",
        note="Friendship in one source",
    )
    cities.twinning(burnaby, "wuhan", signed="", certain=False)
    ended = cities.twinning(burnaby, "foshan", "friendship")
    end_agreement(
        ended, why="terminated", by=CONSOLE_ACTOR, at=NOW, reason="vote", on=parse_partial_date("2019")
    )
    cities.exchange(
        "zhongshan",
        burnaby,
        "2020-04",
        kind="ppe_donation",
        items="masks",
        quantity=12000,
        unit="piece",
        source_url=URL,
    )
    cities.organization(
        burnaby, kind="health_authority", name_en="Health Authority", address="1 Main Street", phone="604"
    )
    page = text(signed_in(Role.OBSERVER, burnaby).get("/cities/burnaby/"))
    for words in (
        "June 2011", "In force", "Not known", "Terminated", "press.example", "Friendship in one source",
        "12,000 pieces", "masks", "Health Authority", "British Columbia", "added this entry",
    ):  # fmt: skip
        assert words in page, words
    assert "Add an agreement" not in page
    assert "People and roles" in page


def test_empty_city_page_explains_itself_and_shows_local_time(signed_in):
    cities.city("wuhan")
    page = text(signed_in(Role.COORDINATOR).get("/cities/wuhan/"))
    for words in (
        "No agreements yet.",
        "No exchanges yet.",
        "No offices yet.",
        "UTC+8",
        "Add an agreement",
    ):
        assert words in page
    assert "People and roles" not in page


def test_contacts_on_a_city_page_are_shown_only_to_partner_cities(signed_in, burnaby):
    cities.contact("zhongshan", "Li Wei")
    assert "Li Wei" not in text(signed_in(Role.OFFICER, burnaby).get("/cities/zhongshan/"))
    cities.twinning(burnaby, "zhongshan")
    assert "Li Wei" in text(signed_in(Role.OFFICER, burnaby).get("/cities/zhongshan/"))


def test_city_page_query_count_does_not_grow_with_the_number_of_agreements(signed_in, burnaby):
    client = signed_in(Role.OBSERVER, burnaby)
    cities.twinning(burnaby, "zhongshan")
    cities.exchange("zhongshan", burnaby)
    cities.organization(burnaby)
    client.get("/cities/burnaby/")
    one = count_queries(client, "/cities/burnaby/")
    for key in ("wuhan", "foshan", "shanghai"):
        cities.twinning(burnaby, key)
        cities.exchange(key, burnaby)
        cities.organization(burnaby, name_en=key)
    assert count_queries(client, "/cities/burnaby/") == one <= 20


def test_unknown_city_page_gets_404(signed_in, burnaby):
    assert signed_in(Role.OBSERVER, burnaby).get("/cities/atlantis/").status_code == 404


@pytest.mark.parametrize("language", ["en", "fr-ca", "zh-hans"])
def test_every_shipped_city_has_a_page_in_three_languages(signed_in, language):
    load_register(by=CONSOLE_ACTOR, at=NOW)
    person = cities.member(Role.COORDINATOR)
    person.language = language
    person.save()
    client = signed_in(person)
    for city in City.objects.order_by("?")[:25]:
        assert escape(city.name_en) in text(client.get(f"/cities/{city.slug}/")) or language != "en"
    prague = text(client.get("/cities/prague-cz/"))
    assert ("October 2019" in prague) is (language == "en")
