"""Tests of lists: pages by position, filters, search, orders, and the number of queries."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from partners.memberships.actions import end_role
from procurement.requests.actions.requests import draft_request, withdraw_request
from procurement.requests.models import SupplyRequest
from procurement.shared_api.all_collections import COLLECTIONS
from tests.procurement.api.program import Program, problem
from tests.worlds import cities
from tests.worlds.need_to_order import AT
from tests.worlds.shipments import Journey
from workflow.api.sql_cache import clear_cache
from workflow.api.viewsets import CollectionViewSet
from workflow.http.keyset import Cursor

pytestmark = pytest.mark.django_db


def needs(story: Journey, many: int, **facts: Any) -> list[str]:
    """Create `many` needs and return their references.

    Each need is needed a day later than the one before; every third has no date yet.
    """
    made = []
    for number in range(many):
        day = None if number % 3 == 2 else date(2020, 5, 1) + timedelta(days=number)
        need = draft_request(
            story.city,
            title=f"Need {number} 口罩" if number % 2 else f"Need {number}",
            needed_by=day,
            author=story.officer.user,
            by=story.officer.by,
            at=AT,
            **facts,
        )
        made.append(need.reference)
    return made


def references(rows: Any) -> list[str]:
    return [row["reference"] for row in rows]


def test_list_pages_contain_every_row_once_with_the_newest_first(story: Journey, officer: Program) -> None:
    made = needs(story, 7)
    assert references(officer.all("supply-requests/?page_size=3")) == made[::-1]
    assert references(officer.all("supply-requests/?page_size=3&ordering=id")) == made
    assert officer.get("supply-requests/?page_size=100")["next"] is None


def test_list_page_links_back_to_the_previous_one(story: Journey, officer: Program) -> None:
    needs(story, 7)
    for ordering in ("-id", "id", "needed_by", "-needed_by"):
        first = officer.get(f"supply-requests/?page_size=3&ordering={ordering}")
        second = officer.get(first["next"])
        third = officer.get(second["next"])
        assert first["previous"] is None
        assert third["next"] is None
        assert officer.get(third["previous"])["results"] == second["results"]
        again = officer.get(second["previous"])
        assert again["results"] == first["results"]
        assert again["previous"] is None
        assert again["next"] is not None


def test_rows_without_a_date_are_sorted_last_and_not_lost(story: Journey, officer: Program) -> None:
    made = needs(story, 6)
    expected = [made[number] for number in (0, 1, 3, 4, 2, 5)]
    assert references(officer.all("supply-requests/?ordering=needed_by&page_size=2")) == expected
    assert references(officer.all("supply-requests/?ordering=-needed_by&page_size=2")) == expected[::-1]


def test_row_added_during_paging_neither_repeats_nor_hides_another(story: Journey, officer: Program) -> None:
    made = needs(story, 4)
    first = officer.get("supply-requests/?page_size=2")
    needs(story, 1)
    assert references(first["results"] + officer.get(first["next"])["results"]) == made[::-1]


def test_filters_and_search_narrow_a_list(story: Journey, officer: Program) -> None:
    made = needs(story, 4)
    withdraw_request(SupplyRequest.objects.get(reference=made[0]), reason="x", by=story.officer.by, at=AT)
    assert references(officer.all("supply-requests/?status=withdrawn")) == [made[0]]
    assert references(officer.all("supply-requests/?search=口罩")) == [made[3], made[1]]
    assert references(officer.all(f"supply-requests/?search={made[2]}")) == [made[2]]
    assert references(officer.all("supply-requests/?needed_before=2020-05-02&ordering=id")) == made[:2]
    assert officer.get("supply-requests/?city=markham")["results"] == []


@pytest.mark.parametrize(
    ("query", "code", "parameter"),
    [
        ("stauts=open", "unknown_parameter", "stauts"),
        ("status=opened", "invalid", "status"),
        ("ordering=title", "bad_order", "ordering"),
        ("ordering=--id", "bad_order", "ordering"),
        ("page_size=0", "bad_page_size", "page_size"),
        ("page_size=101", "bad_page_size", "page_size"),
        ("page_size=२५", "bad_page_size", "page_size"),
        ("cursor=nonsense", "bad_cursor", "cursor"),
        ("cursor=WyJpZCIsbnVsbCwxLGZhbHNlXQ", "bad_cursor", "cursor"),
        ("needed_before=yesterday", "invalid", "needed_before"),
        ("stopped=maybe", "invalid", "stopped"),
        ("status=open&status=draft", "given_twice", "status"),
    ],
)
def test_invalid_list_parameter_is_named(officer: Program, query: str, code: str, parameter: str) -> None:
    refusal = problem(officer.ask("get", f"supply-requests/?{query}"))
    assert (refusal["status"], refusal["code"]) == (422, code)
    assert [one["parameter"] for one in refusal["errors"]] == [parameter]


def test_invalid_number_in_a_filter_is_refused(officer: Program) -> None:
    for value in ("1.5", "-1", "three", "٣", "9" * 19):
        refusal = problem(officer.ask("get", f"inquiries/?contact={value}"))
        assert (refusal["code"], refusal["errors"][0]["parameter"]) == ("invalid", "contact")


def test_objects_are_found_by_the_beginning_of_their_reference(story: Journey, officer: Program) -> None:
    cities.twinning("burnaby", "zhongshan")
    shipment = story.closed()
    order = shipment.lines.get().order_line.order
    assert references(officer.all(f"orders/?search={order.reference[:7].lower()}")) == [order.reference]
    assert officer.get("orders/?search=DN-")["results"] == []
    contact = officer.get("contacts/")["results"][0]
    assert [one["id"] for one in officer.all(f"contacts/?search={contact['name'][:4]}")] == [contact["id"]]
    office = officer.get(f"organizations/{contact['organization']}/")
    found = officer.all(f"organizations/?search={office['name_en'][:8]}")
    assert office["id"] in [one["id"] for one in found]


def test_cursor_of_another_ordering_or_forged_cursor_is_refused(story: Journey, officer: Program) -> None:
    needs(story, 3)
    following = officer.get("supply-requests/?page_size=1&ordering=needed_by")["next"]
    swapped = problem(officer.ask("get", following.replace("ordering=needed_by", "ordering=-needed_by")))
    assert swapped["code"] == "bad_cursor"
    for value in ("soon", None):
        forged = Cursor("needed_by", value, 1, False).encode()
        refusal = problem(officer.ask("get", f"supply-requests/?ordering=needed_by&cursor={forged}"))
        assert refusal["code"] == "bad_cursor"


def test_cached_sql_statement_returns_the_same_rows_as_a_new_one(
    story: Journey, officer: Program, stranger: Program
) -> None:
    needs(story, 9)
    paths = [
        "supply-requests/?page_size=2",
        "supply-requests/?page_size=2&ordering=-needed_by",
        "supply-requests/?page_size=2&status=draft&search=need",
        "entries/?page_size=2",
    ]
    for path in paths:
        for program in (officer, stranger):
            kept = list(program.all(path))
            anew = []
            following = path
            while following:
                clear_cache()
                page = program.get(following)
                anew += page["results"]
                following = page["next"]
            assert kept == anew


def test_ended_role_closes_a_list_at_once(story: Journey, officer: Program) -> None:
    needs(story, 2)
    assert len(officer.get("supply-requests/")["results"]) == 2
    role = story.officer.user.memberships.get()
    end_role(role, by=story.person("administrator").by, at=AT)
    assert officer.get("supply-requests/")["results"] == []


@pytest.mark.parametrize("collection", COLLECTIONS, ids=lambda collection: collection.path)
def test_every_list_can_be_read_in_every_ordering(
    story: Journey, officer: Program, collection: type[CollectionViewSet]
) -> None:
    nobody = Program(cities.user("Nobody in particular"))
    for program in (officer, nobody):
        for name in ("id", *collection.ordering_fields):
            for sign in ("", "-"):
                program.get(f"{collection.path}/?ordering={sign}{name}")


def count_queries(program: Program, path: str) -> int:
    """Return the number of SQL statements of a request after a first one filled the caches."""
    program.get(path)
    with CaptureQueriesContext(connection) as asked:
        program.get(path)
    return len(asked)


def test_list_query_count_is_the_same_for_one_row_and_twenty(story: Journey, officer: Program) -> None:
    """The first count has one row of each kind; then more rows are added to every collection."""
    story.closed()
    shipment = story.departed()
    shipment_at = f"shipments/{shipment.reference}"
    officer.post("comments/", {"thing": shipment_at, "text": "One"})
    before = {one.path: count_queries(officer, f"{one.path}/?page_size=1") for one in COLLECTIONS}
    for number in range(20):
        officer.post("comments/", {"thing": shipment_at, "text": f"More {number}"})
    after = {
        one.path: count_queries(officer, f"{one.path}/?page_size=50")
        for one in COLLECTIONS
        if one.path != "entries"
    }
    assert after == {path: before[path] for path in after}
    # The journal looks up the addresses of objects once for each kind among its rows.
    kinds = len({row["kind"] for row in officer.get("entries/?page_size=50")["results"]})
    assert count_queries(officer, "entries/?page_size=50") <= before["entries"] + kinds
    assert max(after.values()) <= 5


def test_detail_query_count_stays_within_its_budget(story: Journey, officer: Program) -> None:
    shipment = story.closed()
    order = shipment.lines.get().order_line.order
    lead = order.lines.get().allocation.lead
    budget = {
        f"supply-requests/{lead.line.supply_request.reference}": 9,
        f"supplier-leads/{lead.reference}": 9,  # with the certificates that its contact can be asked for
        f"orders/{order.reference}": 12,  # with the orders that count with it against the approval limit
        f"shipments/{shipment.reference}": 9,
        f"verification-tasks/{lead.checks.first().reference}": 7,
        f"lots/{shipment.lots.get().reference}": 8,
    }
    taken = {path: count_queries(officer, f"{path}/") for path in budget}
    assert {path: taken[path] for path, most in budget.items() if taken[path] > most} == {}
