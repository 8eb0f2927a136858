"""Exchanges on a city's page: by year, with totals, filters, downloads, and links to their shipments."""

import csv
import io
from datetime import date

import pytest

from accounts.actors import CONSOLE_ACTOR
from partners.exchanges.actions import record_delivery
from partners.exchanges.models import Exchange
from partners.hooks import shipment_urls
from partners.memberships.models import Membership
from tests.hooks import replaced_hook
from tests.partners.page_helpers import URL, count_queries, text
from tests.worlds import cities
from tests.worlds.cities import NOW

pytestmark = pytest.mark.django_db
Role = Membership.Role


def record_donation(giver, receiver, when, items="masks", quantity=None, unit="piece", kind="ppe_donation"):
    return cities.exchange(
        giver, receiver, when, kind=kind, items=items, quantity=quantity, unit=unit, source_url=URL
    )


@pytest.fixture
def town(burnaby):
    cities.twinning(burnaby, "zhongshan", signed="2011", expires="2021")
    record_donation("zhongshan", burnaby, "2020-04-12", quantity=12000)
    record_donation("zhongshan", burnaby, "2020-03", items="Masks", quantity=3000)
    record_donation("wuhan", burnaby, "2020", items="gowns")
    record_donation(burnaby, "zhongshan", "2019-01-31", items="masks", quantity=500)
    record_donation(
        burnaby, "wuhan", "2019-02", items="money", quantity=20000, unit="CAD", kind="fundraising"
    )
    cities.exchange("wuhan", burnaby, "2018-05-02", kind="delegation_visit", items="six people")
    return burnaby


def page_and_context(signed_in, town, query=""):
    response = signed_in(Role.OBSERVER, town).get(f"/cities/{town.slug}/{query}")
    return text(response), response.context


def csv_rows(response):
    return list(csv.reader(io.StringIO(b"".join(response.streaming_content).decode("utf-8-sig"))))


def test_exchanges_are_listed_by_year_with_undated_ones_apart(signed_in, town):
    body, context = page_and_context(signed_in, town)
    told = [(year.year, len(year.dated), len(year.known_only_to_year)) for year in context["years"]]
    assert told == [(2020, 2, 1), (2019, 2, 0), (2018, 1, 0)]
    assert (
        body.index("12 April 2020") < body.index("March 2020") < body.index("That year, exact date unknown")
    )
    assert "register.example" in body, "each with its source"


def test_exchange_totals_are_added_only_within_goods_and_unit(signed_in, town):
    body, context = page_and_context(signed_in, town)
    found = {
        (row.kind, row.items): [
            (way.amounts, way.exchange_count, way.unknown_quantity_count) for way in row.given_and_received
        ]
        for row in context["totals"]
    }
    assert found == {
        ("Donation of protective equipment", "gowns"): [([], 0, 0), ([], 1, 1)],
        ("Donation of protective equipment", "masks"): [([(500, "piece")], 1, 0), ([(15000, "piece")], 2, 0)],
        ("Fundraising", "money"): [([(20000, "CAD")], 1, 0), ([], 0, 0)],
    }
    assert "15,000 pieces" in body
    assert "20,000 CAD" in body
    assert "once, quantity not recorded" in body


def test_each_exchange_total_links_to_its_exchanges(signed_in, town):
    _body, context = page_and_context(signed_in, town)
    for row in context["totals"]:
        for way in row.given_and_received:
            if way.exchange_count:
                body, narrowed = page_and_context(signed_in, town, way.url.partition("#")[0])
                assert narrowed["fit"] == way.exchange_count
                assert "Show all exchanges" in body
    body, narrowed = page_and_context(signed_in, town, "?way=received&kind=letter")
    assert "No exchanges found." in body
    assert page_and_context(signed_in, town, "?way=sideways&kind=nothing")[1]["fit"] == 6, (
        "what is no filter is none"
    )


def test_agreements_and_exchanges_of_a_city_download_as_csv(signed_in, town):
    client = signed_in(Role.OBSERVER, town)
    agreements = csv_rows(client.get("/cities/burnaby/?as=csv"))
    assert agreements[1][:6] == ["Zhongshan", "CN", "Sister cities", "2011", "2021", "In force"]
    exchanges = csv_rows(client.get("/cities/burnaby/?as=csv&of=exchanges"))
    assert len(exchanges) == 7
    assert exchanges[1][:8] == [
        "2020-04-12", "exact date", "Zhongshan", "Burnaby", "Donation of protective equipment", "masks", "12000", "piece",
    ]  # fmt: skip
    narrowed = csv_rows(client.get("/cities/burnaby/?way=given&as=csv&of=exchanges"))
    assert [row[3] for row in narrowed[1:]] == ["Wuhan", "Zhongshan"]


def test_long_exchange_list_states_how_many_are_only_in_the_file(signed_in, town, monkeypatch):
    monkeypatch.setattr("partners.exchanges.views.MAX_EXCHANGES_SHOWN", 4)
    body, context = page_and_context(signed_in, town)
    assert context["left_out"] == 2
    assert "2 older exchanges are in the file" in body
    assert sum(way.exchange_count for row in context["totals"] for way in row.given_and_received) == 5, (
        "totals are of all"
    )


def test_exchange_links_to_its_shipment_for_readers_who_may_see_it(signed_in, town):
    asked = []

    def pages_of(references, by):
        """Return the address of each shipment, as the app above does; this reader sees all of these."""
        asked.append(set(references))
        return {reference: f"/shipments/{reference}/" for reference in references}

    record_delivery(
        "SH-2020-0001", from_city=cities.city("zhongshan"), to_city=town, on=date(2020, 4, 20),
        kind=Exchange.Kind.PPE_DONATION, items="masks", quantity=1, unit="piece", by=CONSOLE_ACTOR, at=NOW,
    )  # fmt: skip
    with replaced_hook(shipment_urls, pages_of):
        body, _context = page_and_context(signed_in, town)
    assert '<a href="/shipments/SH-2020-0001/">SH-2020-0001</a>' in body
    assert asked == [{"SH-2020-0001"}]


def test_exchange_list_query_count_does_not_grow(signed_in, town):
    client = signed_in(Role.OBSERVER, town)
    client.get("/cities/burnaby/")
    few = count_queries(client, "/cities/burnaby/")
    for number in range(20):
        record_donation("zhongshan", town, "2017-01", items=f"kind {number}", quantity=number)
    assert count_queries(client, "/cities/burnaby/") == few <= 20


def test_agreement_page_lists_the_exchanges_of_its_two_cities_by_year(signed_in, town):
    agreement = town.agreements_a.get()
    body = text(signed_in(Role.OBSERVER, town).get(agreement.get_absolute_url()))
    assert body.index('<h3 class="rows-title">2020</h3>') < body.index('<h3 class="rows-title">2019</h3>')
    assert "Wuhan" not in body.partition("History")[0]
