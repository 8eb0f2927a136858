"""The network page: whose ties are shown, what each is called, what could be tried, and the figures."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from procurement.outreach import actions as outreach
from procurement.outreach.models import Inquiry
from procurement.web import network
from tests import world
from tests.procurement.story import Story
from tests.world import NOW, Role
from workflow import clock

pytestmark = pytest.mark.django_db
PLACES = {
    "burnaby": ("49.26636", "-122.95263"),
    "markham": ("43.86682", "-79.26630"),
    "zhongshan": ("22.52306", "113.37912"),
    "wuhan": ("30.58333", "114.26667"),
}


@pytest.fixture
def ties():
    clock.create_instance("practice", NOW)
    for key, (latitude, longitude) in PLACES.items():
        world.city(key, latitude=latitude, longitude=longitude)
    made = [
        world.twinning("burnaby", "zhongshan"),
        world.twinning("wuhan", "markham"),
        world.twinning("burnaby", "foshan"),
    ]
    yield made
    clock.forget()


def page(role, place=None, query=""):
    client = Client()
    client.force_login(world.member(role, world.city(place) if place else None))
    response = client.get(f"/network/{query}")
    assert response.status_code == 200
    return response


def kinds(response):
    return {(row.here.slug, row.there.slug): row.kind for row in response.context["rows"]}


def test_a_city_sees_its_own_ties_and_who_coordinates_sees_all(ties):
    assert kinds(page(Role.OBSERVER, "burnaby")) == {
        ("burnaby", "zhongshan"): "never",
        ("burnaby", "foshan"): "never",
    }
    assert kinds(page(Role.OBSERVER, "markham")) == {("markham", "wuhan"): "never"}
    assert set(kinds(page(Role.COORDINATOR))) == {("burnaby", "zhongshan"), ("burnaby", "foshan")}
    assert set(kinds(page(Role.COORDINATOR, query="?there=CA"))) == {("wuhan", "markham")}
    assert set(kinds(page(Role.COORDINATOR, "ontario"))) == {("markham", "wuhan")}


def test_of_very_many_ties_those_that_carry_most_are_drawn_and_all_stand_in_the_table(ties, monkeypatch):
    monkeypatch.setattr(network, "MAPPED", 1)
    world.exchange("zhongshan", "burnaby", "2020-04-12", kind="ppe_donation")
    shown = page(Role.OBSERVER, "burnaby")
    assert len(shown.context["rows"]) == 2
    assert {place.name for place in shown.context["map"].places} == {"Burnaby", "Zhongshan"}
    assert "All ties in a table" in shown.content.decode()


def test_a_city_without_ties_is_led_to_the_register(ties):
    assert "No tie of your city is recorded." in page(Role.OBSERVER, "montreal").content.decode()


def test_places_without_coordinates_are_in_the_table_and_not_on_the_map(ties):
    drawn = page(Role.OBSERVER, "burnaby").context["map"]
    assert {place.name for place in drawn.places} == {"Burnaby", "Zhongshan"}


def test_a_tie_helps_while_somebody_is_asked_and_is_quiet_after_ninety_days(ties):
    story = Story()
    need = story.line().supply_request
    inquiry = outreach.propose(
        need, story.contact, subject="Masks", body="您好", author=story.officer.user,
        by=story.officer.by, at=NOW,
    )  # fmt: skip
    assert kinds(page(Role.OBSERVER, "burnaby"))["burnaby", "zhongshan"] == "never"
    outreach.send(inquiry, by=story.officer.by, at=NOW)
    assert kinds(page(Role.OBSERVER, "burnaby"))["burnaby", "zhongshan"] == "helping"
    Inquiry.objects.update(sent_at=NOW - timedelta(days=91))
    assert kinds(page(Role.OBSERVER, "burnaby"))["burnaby", "zhongshan"] == "quiet"
    world.exchange("zhongshan", "burnaby", "2020-04-01", kind="ppe_donation")
    assert kinds(page(Role.OBSERVER, "burnaby"))["burnaby", "zhongshan"] == "helping"
    assert kinds(page(Role.OBSERVER, "markham"))["markham", "wuhan"] == "never"


def test_what_could_be_tried_is_told_with_its_reasons(ties):
    world.exchange("zhongshan", "burnaby", "2020-02-03")
    world.exchange("zhongshan", "markham", "2020-04-12", kind="ppe_donation")
    world.exchange("foshan", "burnaby", "2019-01-01")
    untapped = page(Role.OBSERVER, "burnaby").context["untapped"]
    assert [(row.there.slug, len(reasons)) for row, reasons in untapped] == [("zhongshan", 2), ("foshan", 1)]
    assert "and nothing here" in page(Role.OBSERVER, "burnaby").content.decode()


def test_the_figures_are_those_of_the_country_with_most_ties_or_the_one_asked_for(ties):
    world.twinning("burnaby", "markham")
    world.exchange("zhongshan", "burnaby", "2020-04-12", kind="ppe_donation")
    shown = page(Role.OBSERVER, "burnaby").context["figures"]
    assert (shown.agreements, shown.cities_there, shown.active, shown.donors_here) == (2, 2, 1, 1)
    assert kinds(page(Role.OBSERVER, "burnaby", "?there=CA")) == {("burnaby", "markham"): "never"}
    assert page(Role.OBSERVER, "burnaby", "?there=CA").context["figures"].agreements == 1
    assert page(Role.OBSERVER, "burnaby", "?there=XX").context["figures"].agreements == 2


def test_the_page_takes_as_many_queries_for_three_ties_as_for_one(ties):
    client = Client()
    client.force_login(world.member(Role.OBSERVER, world.city("markham")))

    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            client.get("/network/")
        return len(asked)

    queries()
    one = queries()
    for key in ("shanghai", "zhongshan"):
        world.twinning("markham", key)
    assert queries() == one <= 20
