"""Tests of the map of shipments: marks grouped by place with the most severe state, and the filters of the board.

Places without a position are listed beside it.
"""

from datetime import date

import pytest
import time_machine

from procurement.customs.actions import record_clearance_filing, record_hold
from procurement.shipments.models import Shipment
from procurement.tracking.actions.events import flag_event, record_event
from procurement.tracking.rules import current_place
from procurement.tracking.views.shipment_map import FINE, HELD, LATE, MappedShipment, draw_map
from tests.browsing import Browser
from tests.worlds.need_to_order import AT
from tests.worlds.shipments import ARRIVED_AT, DEPARTED_AT, Journey

pytestmark = pytest.mark.django_db
ROUTE = ("CNCAN", "CAVAN")


@pytest.mark.parametrize(
    ("status", "heard", "where"),
    [
        ("planned", "HKG", "CNCAN"),
        ("packed", "", "CNCAN"),
        ("in_transit", "", "CNCAN"),
        ("in_transit", "hkg", "HKHKG"),
        ("in_transit", "JPYOK", "JPYOK"),
        ("in_transit", "XXABC", "XXABC"),
        ("arrived", "JPYOK", "CAVAN"),
        ("arrived", "YYZ", "CATOR"),
        ("arrived", "", "CAVAN"),
        ("delivered", "CATOR", "CAVAN"),
        ("returned", "CATOR", "CAVAN"),
        ("lost", "JPYOK", "JPYOK"),
    ],
)
def test_current_place_of_a_shipment_follows_its_latest_event(status, heard, where):
    assert current_place(status, *ROUTE, heard) == where


def mapped_shipment(number: int, at: str, state: str = FINE, way: tuple[str, ...] = ROUTE) -> MappedShipment:
    return MappedShipment(f"SH-{number}", state, way, at)


def test_map_marker_counts_shipments_at_a_place_with_the_most_severe_state():
    seen = draw_map(
        [
            mapped_shipment(1, "CAVAN"),
            mapped_shipment(2, "CAVAN", LATE),
            mapped_shipment(3, "CAVAN", HELD),
            mapped_shipment(4, "CNCAN", LATE),
        ]
    )
    assert [(mark.key, mark.state, len(mark.shipments)) for mark in seen.marks_with_shipments] == [
        ("CAVAN", "held", 3),
        ("CNCAN", "late", 1),
    ]
    assert seen.marks_with_shipments[0].label == "Vancouver: 3 shipments, held: 1, late: 1"
    assert [(at.name, at.held_count, at.late_count) for at in seen.table_rows] == [
        ("Vancouver", 1, 1),
        ("Guangzhou", 0, 1),
    ]
    assert (seen.shipment_count, seen.unmapped_count, len(seen.leg_paths)) == (4, 0, 1)
    assert seen.ports == []


def test_passed_ports_are_drawn_on_the_map_with_their_routes():
    seen = draw_map([mapped_shipment(1, "CNCAN", way=("CNCAN", "JPYOK", "CAVAN"))])
    assert {mark.key for mark in seen.ports} == {"JPYOK", "CAVAN"}
    assert all(mark.state == "" for mark in seen.ports)
    assert len(seen.leg_paths) == 2


def test_place_without_coordinates_is_listed_beside_the_map():
    seen = draw_map(
        [
            mapped_shipment(1, "CNYTN", way=("CNYTN", "CAVAN")),
            mapped_shipment(2, "XXABC"),
            mapped_shipment(3, "CNCAN"),
        ]
    )
    assert {at.code for at in seen.unmapped_places} == {"CNYTN", "XXABC"}
    assert seen.unmapped_count == 2
    assert len(seen.table_rows) == 3


def test_map_without_shipments_is_empty():
    seen = draw_map([])
    assert (seen.marks, seen.leg_paths, seen.shipment_count) == ([], [], 0)


@pytest.fixture(scope="module")
def story(once):
    with once():
        story = Journey()
        assert story.officer and story.logistics
        story.gone = story.departed(story.plan(expected_on=date(2020, 6, 1)))
        story.held = story.plan(story.ready(), mode="sea")
        clearance = record_clearance_filing(
            story.clearance(story.held, "export"), by=story.logistics.by, at=AT
        )
        record_hold(clearance, reason="A look.", by=story.logistics.by, at=AT)
        yield story


def test_shipment_map_respects_the_filters_of_the_list(story):
    browser = Browser(story.logistics.user)
    plain = browser.open("/shipments/?view=under_way")
    assert "Where shipments are" not in plain
    page = plain.follow("Show map")
    assert "Where shipments are" in page
    assert "Guangzhou: 2 shipments, held: 1" in page.answer.content.decode()
    only = browser.open("/shipments/?map=1&mode=sea")
    assert "Guangzhou: 1 shipment, held: 1" in only.answer.content.decode()
    assert f'href="{story.held.get_absolute_url()}"' in only.answer.content.decode()
    opened = browser.open("/shipments/?map=1&at=CNCAN")
    assert f"{story.held.reference} · Held" in opened
    assert browser.open("/shipments/?map=1&at=NOWHERE").status == 200
    assert "Where shipments are" not in page.follow("Hide map")


def test_shipment_map_moves_with_new_events(story):
    record_event(
        story.gone,
        "DEP",
        code_system="iata",
        occurred_at=DEPARTED_AT,
        place="KIX",
        by=story.logistics.by,
        at=DEPARTED_AT,
    )
    wrong = record_event(
        story.gone,
        "ARR",
        code_system="iata",
        occurred_at=ARRIVED_AT,
        place="YYZ",
        by=story.logistics.by,
        at=ARRIVED_AT,
    )
    board = "/shipments/?map=1&view=under_way"
    assert "Toronto: 1 shipment" in Browser(story.logistics.user).open(board).answer.content.decode()
    flag_event(story.gone, wrong.pk, reason="Another flight.", by=story.logistics.by, at=ARRIVED_AT)
    assert "Osaka: 1 shipment" in Browser(story.logistics.user).open(board).answer.content.decode()


def test_overdue_shipment_is_shown_as_late_on_the_map(story):
    Shipment.objects.filter(pk=story.gone.pk).update(expected_on=date(2020, 1, 1))
    board = Browser(story.logistics.user).open("/shipments/?map=1").answer.content.decode()
    assert "held: 1, late: 1" in board


def test_shipments_beyond_the_map_limit_are_counted(story, monkeypatch):
    monkeypatch.setattr("procurement.tracking.views.shipment_map.MAX_SHIPMENTS", 1)
    assert "1 more shipment is in the list but not on the map" in Browser(story.logistics.user).open(
        "/shipments/?map=1"
    )


def test_shipment_map_without_results_says_no_matching_shipments(story):
    with time_machine.travel(AT):
        page = Browser(story.logistics.user).open("/shipments/?map=1&q=no-such-thing")
    assert "No matching shipments are under way." in page


def test_saved_view_keeps_the_map(story):
    browser = Browser(story.logistics.user)
    form = browser.open("/shipments/?map=1&mode=sea").follow("Save this view")
    form.press("Save view", name="By sea, on the map")
    assert "Where shipments are" in browser.open("/shipments/").follow("By sea, on the map")
