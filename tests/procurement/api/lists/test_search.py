"""Tests of search and order in every collection.

They cover the fields searched, any script, and pages that hold every row once in each order.
"""

from collections.abc import Iterator
from typing import Any

import pytest
from django.urls import reverse

from procurement.customs.actions import add_declaration, record_clearance_filing, record_hold
from procurement.orders.models import Order
from procurement.shared_api.all_collections import COLLECTIONS
from tests.browsing import Browser
from tests.procurement.api.program import Program, problem
from tests.worlds import cities
from tests.worlds.need_to_order import AT
from tests.worlds.shipments import Journey
from workflow.clock import clear_instance_cache, create_instance
from workflow.comments_and_files.actions import add_comment
from workflow.journal.hash_chain import seal_entries

pytestmark = pytest.mark.django_db


def search_values(officer: Program, path: str, text: str, key: str = "id") -> list[Any]:
    return [row[key] for row in officer.all(f"{path}/?search={text}&ordering=id")]


def test_agreements_and_exchanges_are_found_by_place_names_in_any_script(
    story: Journey, officer: Program
) -> None:
    one = cities.twinning("burnaby", "zhongshan")
    other = cities.twinning("markham", "foshan")
    gift = cities.exchange(cities.city("zhongshan"), story.city, items="Surgical masks")
    for text in ("burnaby", "Zhongshan", "zhongshan burnaby", one.city_b.name_zh, one.city_a.name_zh):
        assert search_values(officer, "agreements", text) == [one.pk], text
        assert search_values(officer, "exchanges", text) == [gift.pk], text
    assert search_values(officer, "agreements", "burnaby foshan") == []
    assert search_values(officer, "agreements", "foshan") == [other.pk]
    assert search_values(officer, "exchanges", "surgical zhongshan") == [gift.pk]
    assert search_values(officer, "exchanges", "gowns") == []


@pytest.mark.parametrize("text", ["康护", "zhongshan kanghu", "ZHONGSHAN"])
def test_orders_checks_and_certificates_are_found_by_company(
    story: Journey, officer: Program, text: str
) -> None:
    officer.post(f"suppliers/{story.supplier.reference}/correct/", {"name_en": "Zhongshan Kanghu DEMO"})
    order = story.placed()
    lead = order.lines.get().allocation.lead
    paper = officer.post(
        "certificates/",
        {"supplier": story.supplier.reference, "kind": _kind(officer), "number": "A 1"},
    )
    assert search_values(officer, "orders", text, "reference") == [order.reference]
    assert (
        search_values(officer, "verification-tasks", text, "lead") == [lead.reference] * lead.checks.count()
    )
    assert search_values(officer, "certificates", text, "reference") == [paper["reference"]]
    for path in ("orders", "verification-tasks", "certificates"):
        assert search_values(officer, path, "佛山") == search_values(officer, path, "Foshan Other") == []


def _kind(officer: Program) -> str:
    code: str = officer.get("certificate-types/")["results"][0]["code"]
    return code


def test_reference_search_is_not_matched_by_company_names(story: Journey, officer: Program) -> None:
    order = story.placed()
    task = order.lines.get().allocation.lead.checks.order_by("pk").first()
    assert task is not None
    for text in ("po", "PO-", "po-2020", "ＰＯ－2020", order.reference):
        assert search_values(officer, "orders", text, "reference") == [order.reference], text
    assert search_values(officer, "orders", "PO-1999", "reference") == []
    assert search_values(officer, "verification-tasks", task.reference, "reference") == [task.reference]


@pytest.fixture
def practice(db: None) -> Iterator[None]:
    """Set up a practice site, where people sign in without a second factor."""
    clear_instance_cache()
    create_instance("practice", AT)
    yield
    clear_instance_cache()


def test_page_lists_and_api_search_find_the_same_objects(practice: None, story: Journey) -> None:
    order = story.placed()
    task = order.lines.get().allocation.lead.checks.first()
    assert task is not None
    browser = Browser(story.officer.user)
    for name, thing in (("orders", order), ("checks", task)):
        for text, there in (
            ("康护", True),
            (thing.reference.lower(), True),
            ("佛山", False),
            ("ZZ-1", False),
        ):
            ways = [where for _how, where in browser.open(f"{reverse(name)}?q={text}").ways]
            assert (thing.get_absolute_url() in ways) is there, (name, text)


def test_parts_of_a_shipment_are_found_by_its_reference(story: Journey, officer: Program) -> None:
    shipment, other = story.closed(), story.plan(story.ready())
    order = shipment.lines.get().order_line.order
    for path in ("milestones", "tracking-events", "goods-receipts"):
        rows = list(officer.all(f"{path}/?search={shipment.reference}"))
        assert rows, path
        assert {row["shipment"] for row in rows} == {shipment.reference}
        assert rows == list(officer.all(f"{path}/?shipment={shipment.reference}"))
    lot = shipment.lots.get()
    assert {row["lot"] for row in officer.all(f"inspections/?search={shipment.reference}")} == {lot.reference}
    assert {row["lot"] for row in officer.all(f"inspections/?search={lot.reference}")} == {lot.reference}
    assert search_values(officer, "inspections", other.reference) == []
    assert {row["order"] for row in officer.all(f"payments/?search={order.reference}")} == {order.reference}
    assert search_values(officer, "payments", "PO-1999") == []


def test_milestones_are_found_by_the_beginning_of_their_code(story: Journey, officer: Program) -> None:
    story.plan(story.ready())
    assert {row["step"] for row in officer.all("milestones/?search=export")} == {"export_cleared"}
    assert {row["step"] for row in officer.all("milestones/?search=Import Cleared")} == {"import_cleared"}
    assert search_values(officer, "milestones", "nothing") == []


def test_customs_holds_and_declarations_are_found_by_their_text(story: Journey, officer: Program) -> None:
    clearance = story.clearance(story.departed(), "import")
    who = {"by": story.logistics.by, "at": AT}
    record_clearance_filing(clearance, office="Vancouver", **who)
    filed = add_declaration(clearance, number="17032-0042", broker_reference="BR/77", **who)
    held = record_hold(clearance, reason="Licence missing", question="请说明用途", **who)
    for text in ("17032", "0042", "br/77", clearance.reference):
        assert search_values(officer, "declarations", text) == [filed.pk], text
    for text in ("licence", "用途", "Licence 说明", clearance.reference):
        assert search_values(officer, "customs-holds", text) == [held.pk], text
    assert (
        search_values(officer, "declarations", "99999")
        == search_values(officer, "customs-holds", "origin")
        == []
    )


def test_long_texts_are_found_by_their_exact_words(story: Journey, officer: Program) -> None:
    """The first text contains every pair of letters of “nested”, but not the word."""
    shipment = story.plan(story.ready())
    who = {"by": story.officer.by, "at": AT, "language": "en"}
    add_comment(shipment, "stem, net, ted, new, sten", **who)
    other = add_comment(shipment, "A nested box was dented. 箱子破损", **who)
    assert search_values(officer, "comments", "nested") == [other.pk]
    assert search_values(officer, "comments", "破损 DENTED") == [other.pk]
    assert search_values(officer, "comments", "nested net") == []


def test_journal_is_found_by_whole_reference_or_verb(story: Journey, officer: Program) -> None:
    order, other = story.placed(), story.draft()
    assert {row["reference"] for row in officer.all(f"entries/?search={order.reference.lower()}")} == {
        order.reference
    }
    assert search_values(officer, "entries", other.reference[:-1]) == []
    assert {row["verb"] for row in officer.all("entries/?search=appro")} == {"approve"}
    assert {row["reference"] for row in officer.all("entries/?search=place")} == {order.reference}
    assert search_values(officer, "entries", "explode") == []


@pytest.mark.every_way
def test_empty_search_finds_everything_and_an_overlong_one_is_refused(
    story: Journey, officer: Program
) -> None:
    story.placed()
    for one in COLLECTIONS:
        if "search" not in getattr(one.filterset_class, "base_filters", ()):
            continue
        assert officer.get(f"{one.path}/?search=%20")["results"] == officer.get(f"{one.path}/")["results"]
        for text in ("x" * 201, "a%00b"):
            refusal = problem(officer.ask("get", f"{one.path}/?search={text}"))
            assert (refusal["status"], refusal["errors"][0]["parameter"]) == (422, "search"), one.path
        for text in ("%25", "_", "'", '"', "\\", "()", "PO-(", "[", "💉"):
            officer.get(f"{one.path}/?search={text}")


@pytest.mark.every_way
def test_every_ordering_returns_every_row_once_over_several_pages(story: Journey, officer: Program) -> None:
    cities.twinning("burnaby", "zhongshan")
    story.closed()
    shipment = story.departed()
    story.draft(story.promise(5), story.promise(7))
    for number in range(4):
        officer.post("comments/", {"thing": f"shipments/{shipment.reference}", "text": f"{number % 2} words"})
    assert Order.objects.count() == 3
    while seal_entries():  # an entry has its place in the feed only when it is sealed
        pass
    for one in COLLECTIONS:
        everything = {row[one.lookup_field] for row in officer.all(f"{one.path}/?page_size=100")}
        for name in one.ordering_fields:
            up = [row[one.lookup_field] for row in officer.all(f"{one.path}/?page_size=3&ordering={name}")]
            down = [row[one.lookup_field] for row in officer.all(f"{one.path}/?page_size=3&ordering=-{name}")]
            assert up == down[::-1], (one.path, name)
            assert len(up) == len(everything) and set(up) == everything, (one.path, name)


def test_only_notifications_plans_webhooks_and_journal_have_no_other_ordering() -> None:
    """Notices, plans and webhooks have no other order than that of events; the journal has only its feed."""
    assert {one.path for one in COLLECTIONS if not one.ordering_fields} == {
        "notifications",
        "allocation-plans",
        "webhook-endpoints",
        "webhook-deliveries",
    }
    assert {one.path for one in COLLECTIONS if set(one.ordering_fields) == {"feed"}} == {"entries"}
