"""Tests of the network page: the agreements shown on a date, their filters, map, groups and files."""

import csv
import io

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from procurement.network.filters import MonthSpan
from tests.worlds import cities
from tests.worlds.cities import NOW, Role
from workflow.clock import clear_instance_cache, create_instance

pytestmark = pytest.mark.django_db
PLACES = {
    "burnaby": ("49.26636", "-122.95263"),
    "markham": ("43.86682", "-79.26630"),
    "zhongshan": ("22.52306", "113.37912"),
    "foshan": ("23.02677", "113.13148"),
    "wuhan": ("30.58333", "114.26667"),
}


@pytest.fixture
def agreements():
    create_instance("practice", NOW)
    for key, (latitude, longitude) in PLACES.items():
        cities.city(key, latitude=latitude, longitude=longitude)
    made = [
        cities.twinning("burnaby", "zhongshan", signed="2011", expires="2019-12-31"),
        cities.twinning("wuhan", "markham", "friendship", signed="2006-09-12"),
        cities.twinning("burnaby", "foshan", signed=""),
        cities.twinning("burnaby", "shanghai", signed="2012", certain=False),
    ]
    cities.exchange("wuhan", "markham", "2016-05-01")
    yield made
    clear_instance_cache()


def client_with_role(role=Role.COORDINATOR, place=None):
    client = Client()
    client.force_login(cities.member(role, cities.city(place) if place else None))
    return client


def open_network(query="", who=None):
    response = (who or client_with_role()).get(f"/network/{query}")
    assert response.status_code == 200
    return response


def sides_of_rows(response):
    return {(row.own_city.slug, row.partner_city.slug): row.status_badge for row in response.context["page"]}


def test_network_page_shows_own_agreements_first_and_can_show_all(agreements):
    burnaby, markham = client_with_role(Role.OBSERVER, "burnaby"), client_with_role(Role.OBSERVER, "markham")
    assert {here for here, _there in sides_of_rows(open_network(who=burnaby))} == {"burnaby"}
    assert sides_of_rows(open_network(who=markham)) == {("markham", "wuhan"): "in_force"}
    assert len(sides_of_rows(open_network("?of=all", who=markham))) == len(sides_of_rows(open_network())) == 4


@pytest.mark.parametrize(
    ("query", "there"),
    [
        ("", {"zhongshan", "foshan", "shanghai", "wuhan"}),
        ("?country=CN", {"burnaby", "markham"}),
        ("?country=CA&subdivision=CA-ON", {"wuhan"}),
        ("?country=JP", set()),
        ("?country=CA&subdivision=CA-QC", set()),
        ("?country=XX", {"zhongshan", "foshan", "shanghai", "wuhan"}),  # not a choice: no filter applies
        ("?kind=friendship", {"markham"}),
        ("?state=expired", {"zhongshan"}),
        ("?state=unknown", {"shanghai"}),
        ("?state=in_force", {"foshan", "markham"}),
        ("?state=holds", {"foshan", "markham", "shanghai"}),
        ("?state=undated", {"foshan"}),
        ("?activity=active", {"markham"}),
        ("?activity=none", {"zhongshan", "foshan", "shanghai"}),
        ("?on=2006-09-11", {"foshan"}),
        ("?on=2006-09-12", {"foshan", "markham"}),
        ("?on=2019-12-31&state=in_force", {"zhongshan", "foshan", "markham"}),
    ],
)
def test_network_is_filtered_by_place_kind_status_activity_and_date(agreements, query, there):
    expected = there if query not in ("", "?country=XX") else {"zhongshan", "foshan", "shanghai", "markham"}
    assert {row.partner_city.slug for row in open_network(query).context["page"]} == expected


def test_month_slider_starts_at_the_earliest_agreement_and_overrides_the_date(agreements):
    response = open_network()
    field = response.context["form"].fields["month"]
    span = MonthSpan(agreements[1].signed_on, NOW.date())
    assert (field.widget.attrs["min"], field.widget.attrs["max"]) == (0, span.last_month_number)
    assert span.last_month_number == (2020 - 2006) * 12 + 4 - 9
    still = open_network(f"?on=2019-05-07&month={span.last_month_number}&was={span.last_month_number}")
    assert still.context["on"].isoformat() == "2019-05-07"
    moved = open_network(f"?on=2019-05-07&month=0&was={span.last_month_number}")
    assert moved.context["on"].isoformat() == "2006-09-30"
    assert [span.last_day_of_month(month).isoformat() for month in (-5, 5, span.last_month_number, 9999)] == [
        "2006-09-30", "2007-02-28", "2020-04-16", "2020-04-16",
    ]  # fmt: skip
    assert open_network("?on=some-day").context["on"] == NOW.date()
    assert 'type="range"' in response.content.decode()


def test_agreements_signed_on_an_unknown_date_are_listed_apart(agreements):
    response = open_network()
    assert [row.is_undated for row in response.context["page"]] == [False, False, False, True]
    assert "undated" in response.context["map"].drawn_line_kinds
    assert "Date of signature unknown" in response.content.decode()
    assert "In force, start date unknown" in response.content.decode()


def test_nearby_cities_share_a_map_mark_that_can_be_opened(agreements):
    response = open_network("?country=CA&subdivision=CA-BC")
    mark = next(mark for mark in response.context["map"].labels if mark.place_count == 2)
    assert {place.key for place in mark.places} == {"zhongshan", "foshan"}
    opened = open_network(f"?country=CA&subdivision=CA-BC&at={mark.place.key}")
    assert opened.context["opened"].places == mark.places
    assert "/cities/zhongshan/" in opened.content.decode().partition('id="opened"')[2]
    assert open_network("?at=nowhere").context["opened"] is None


def test_cities_without_coordinates_are_listed_but_not_on_the_map(agreements):
    response = open_network()
    assert ("burnaby", "shanghai") in sides_of_rows(response)
    assert "Shanghai" not in {place.name for mark in response.context["map"].labels for place in mark.places}
    assert "with no recorded position" in response.content.decode()


def test_network_map_is_omitted_without_a_complete_pair_of_positions(agreements):
    cities.city("montreal", latitude="45.50884", longitude="-73.58781")
    cities.twinning("montreal", "shanghai", signed="1985")
    html = open_network(who=client_with_role(Role.OBSERVER, "montreal")).content.decode()
    assert "with no recorded position" in html
    assert 'class="chart map"' not in html


def test_network_table_is_paged_and_its_csv_complete(agreements):
    for number in range(30):
        cities.twinning("burnaby", cities.city(f"town{number}", country="CN"))
    first = open_network()
    assert (len(first.context["page"]), first.context["page"].next_cursor) == (25, "25")
    assert len(open_network("?cursor=25").context["page"]) == 9
    answer = open_network("?as=csv&state=expired")
    rows = list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))
    assert rows[1][:10] == [
        "Burnaby",
        "CA",
        "Zhongshan",
        "CN",
        "Sister cities",
        "2011",
        "2019-12-31",
        "",
        "Expired",
        "No",
    ]


def test_city_without_agreements_is_led_to_the_register(agreements):
    assert (
        "Your city has no agreements yet."
        in open_network(who=client_with_role(Role.OBSERVER, "montreal")).content.decode()
    )
    assert "No agreements found." in open_network("?state=suspended").content.decode()


def test_network_page_without_signed_agreements_starts_today(agreements):
    for agreement in agreements:
        type(agreement).objects.filter(pk=agreement.pk).delete()
    assert open_network().context["first"] == NOW.date()


def test_network_query_count_does_not_grow_with_agreements(agreements):
    client = client_with_role()

    def count_queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            client.get("/network/")
        return len(asked)

    count_queries()
    few = count_queries()
    for number in range(30):
        cities.twinning("markham", cities.city(f"town{number}", country="CN"))
        cities.exchange("markham", f"town{number}", "2016-05-01")
    assert count_queries() == few <= 14


def test_invalid_network_date_is_shown_with_its_error(agreements):
    answer = open_network("?on=30/04/2020")
    html = answer.content.decode()
    assert "Enter the date as year-month-day" in html
    assert 'value="30/04/2020"' in html
    assert answer.context["on"] == NOW.date()
    moved = open_network("?on=30/04/2020&was=1&month=0")
    assert "Enter the date as year-month-day" not in moved.content.decode()
