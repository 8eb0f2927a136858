"""Tests of rerouting within a country, splitting and merging shipments, without losing or repeating a piece."""

from datetime import date

import pytest

from procurement.logistics.actions.reroute import reroute_shipment
from procurement.logistics.actions.split_and_merge import SplitPart, merge_shipments, split_shipment
from procurement.shipments.models import Shipment
from tests.procurement.refusals import assert_refused
from tests.worlds.need_to_order import AT
from tests.worlds.shipments import ARRIVED_AT, DEPARTED_AT, Journey
from workflow.journal.models import Entry


def shipped_quantity(shipment: Shipment) -> int:
    line = shipment.lines.order_by("pk")[0].order_line
    line.refresh_from_db()
    return line.shipped


def split_off(story: Journey, shipment: Shipment, many: int) -> Shipment:
    parts = [SplitPart(shipment.lines.order_by("pk")[0], many)]
    return split_shipment(shipment, parts, author=story.logistics.user, by=story.logistics.by, at=AT)


def test_shipment_is_rerouted_within_the_country_with_a_reason(story: Journey) -> None:
    shipment = story.departed(story.plan(planned={"arrived": ARRIVED_AT}))
    reroute_shipment(shipment, "ca tor", reason="Fog in Vancouver.", by=story.logistics.by, at=DEPARTED_AT)
    assert shipment.destination == "CATOR"
    step = shipment.milestones.get(step="arrived")
    assert (step.place, step.timezone, step.planned_at) == ("CATOR", "America/Toronto", ARRIVED_AT)
    delivered = shipment.milestones.get(step="delivered")
    assert (delivered.place, delivered.timezone) == ("CATOR", "America/Vancouver"), "the city is where it was"
    assert Entry.objects.get(verb="reroute").reason == "Fog in Vancouver."
    reroute_shipment(shipment, "CAZZZ", reason="A small place.", by=story.logistics.by, at=DEPARTED_AT)
    assert shipment.milestones.get(step="arrived").timezone == "America/Vancouver"


@pytest.mark.parametrize(("place", "code"), [("CAVAN", "same_place"), ("CNSHA", "other_country")])
def test_reroute_to_the_same_place_or_the_origin_country_is_refused(
    story: Journey, place: str, code: str
) -> None:
    shipment = story.plan()
    with assert_refused(code, shipment) as caught:
        reroute_shipment(shipment, place, reason="No.", by=story.logistics.by, at=AT)
    assert caught.value.details["field"] == "destination"


def test_part_of_a_shipment_is_split_into_its_own_shipment(story: Journey) -> None:
    shipment = story.plan(
        carrier="DEMO Air", expected_on=date(2020, 4, 25), planned={"departed": DEPARTED_AT}
    )
    before, pieces = shipped_quantity(shipment), shipment.lines.get().quantity
    made = split_off(story, shipment, 4_000)
    assert (shipment.lines.get().quantity, made.lines.get().quantity) == (pieces - 4_000, 4_000)
    assert shipped_quantity(shipment) == before
    assert (made.origin, made.destination, made.mode, made.carrier) == ("CNCAN", "CAVAN", "air", "DEMO Air")
    assert (made.expected_on, made.consignee) == (shipment.expected_on, shipment.consignee)
    assert made.milestones.get(step="departed").planned_at == DEPARTED_AT
    assert made.clearances.count() == 2
    assert Entry.objects.get(verb="split").facts == {"pieces": 4_000}


def test_whole_line_can_be_split_off(story: Journey) -> None:
    shipment = story.plan(story.ready(), story.ready())
    first, second = shipment.lines.order_by("pk")
    parts = [SplitPart(first, first.quantity)]
    made = split_shipment(shipment, parts, author=story.logistics.user, by=story.logistics.by, at=AT)
    assert shipment.lines.get() == second
    assert made.lines.get().order_line == first.order_line


@pytest.mark.parametrize(
    ("many", "code"), [(0, "bad_quantity"), (99_999, "bad_quantity"), (10_000, "all_of_it")]
)
def test_invalid_split_is_refused(story: Journey, many: int, code: str) -> None:
    shipment = story.plan()
    assert shipment.lines.get().quantity == 10_000
    with assert_refused(code, shipment):
        split_off(story, shipment, many)
    with assert_refused("bad_quantity", shipment):
        split_shipment(shipment, [], author=story.logistics.user, by=story.logistics.by, at=AT)
    story.packed(shipment)
    with assert_refused("wrong_status", shipment):
        split_off(story, shipment, 1_000)


def test_two_planned_shipments_are_merged(story: Journey) -> None:
    order = story.ready()
    first, second = story.plan(order, part=5_000), story.plan(order)
    third = story.plan(story.ready())
    before = shipped_quantity(first)
    merge_shipments(first, second, by=story.logistics.by, at=AT)
    assert first.lines.get().quantity == 10_000
    assert shipped_quantity(first) == before
    second.refresh_from_db()
    assert second.status == "cancelled"
    cancelled = Entry.objects.get(verb="cancel")
    assert first.reference in cancelled.reason
    merge_shipments(first, third, by=story.logistics.by, at=AT)
    assert first.lines.count() == 2
    assert Entry.objects.filter(verb="merge").count() == 2


def test_only_planned_shipments_on_the_same_route_can_be_merged(story: Journey) -> None:
    shipment = story.plan()
    with assert_refused("same_shipment", shipment):
        merge_shipments(shipment, shipment, by=story.logistics.by, at=AT)
    other = story.plan(story.ready(), mode="sea")
    with assert_refused("travels_otherwise", shipment, other):
        merge_shipments(shipment, other, by=story.logistics.by, at=AT)
    packed = story.packed(story.plan(story.ready()))
    with assert_refused("not_planned", shipment, packed):
        merge_shipments(shipment, packed, by=story.logistics.by, at=AT)
