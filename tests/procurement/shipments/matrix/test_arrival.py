"""Countings, cases, lots and what was handed out, in each status."""

from typing import Any

import pytest

from procurement.shipments.actions.arrivals import take_back
from procurement.shipments.actions.dock.cases import answer_case, drop_case, settle_case
from procurement.shipments.actions.handouts import hand_out, take_hand_out_back
from procurement.shipments.actions.lots import condition_lot, recall_lot, refuse_lot
from procurement.shipments.models.arrival import Lot, Receipt
from procurement.shipments.models.cases import DifferenceCase
from procurement.shipments.models.handouts import HandOut
from procurement.shipments.rules.dock.cases import CASE_MOVES
from procurement.shipments.rules.handouts import HAND_OUT_MOVES
from procurement.shipments.rules.lots import LOT_MOVES
from procurement.shipments.rules.receipts import RECEIPT_MOVES
from tests.procurement.shipments.matrix.comparing import Reach, Table, both, compare, names_every_status
from tests.procurement.shipments.play import DOOR, Voyage


def taken_back(story: Voyage) -> Receipt:
    receipt = story.receive(story.delivered())
    return take_back(receipt, reason="Counted the wrong pallet.", by=story.logistics.by, at=DOOR)


RECEIPTS: Table = [
    ("recorded", lambda story: story.receive(story.delivered()), both("take_back")),
    ("taken_back", taken_back, {}),
]


@pytest.mark.parametrize(("status", "reach", "expected"), RECEIPTS)
def test_a_counting_in_each_status_is_open_to_whom_the_table_says(
    story: Voyage, status: str, reach: Reach, expected: dict[str, str]
) -> None:
    compare(story, RECEIPT_MOVES, reach(story), status, expected)


def conditional(story: Voyage) -> Lot:
    return condition_lot(
        story.pass_lot(story.lot(), "conditional"),
        condition="Not for surgery.",
        by=story.logistics.by,
        at=DOOR,
    )


def refused_lot(story: Voyage) -> Lot:
    return refuse_lot(story.lot(), reason="They tear.", by=story.logistics.by, at=DOOR)


def released(story: Voyage) -> Lot:
    return story.released().lots.get()


LOTS: Table = [
    ("quarantined", lambda story: story.lot(), both("add inspect refuse") | {"approver": "override"}),
    ("released", released, both("recall")),
    ("conditional", conditional, both("inspect refuse recall") | {"approver": "override"}),
    ("refused", refused_lot, {}),
    (
        "recalled",
        lambda story: recall_lot(released(story), reason="They tear.", by=story.logistics.by, at=DOOR),
        {},
    ),
]


@pytest.mark.parametrize(("status", "reach", "expected"), LOTS)
def test_a_lot_in_each_status_is_open_to_whom_the_table_says(
    story: Voyage, status: str, reach: Reach, expected: dict[str, str]
) -> None:
    compare(story, LOT_MOVES, reach(story), status, expected)


def handed_out(story: Voyage) -> HandOut:
    (lot,) = story.released().lots.all()
    facts = {"place": "Ward 3", "handed_on": DOOR.date(), "author": story.logistics.user}
    return hand_out(lot, 10, **facts, by=story.logistics.by, at=DOOR)


def out_no_more(story: Voyage) -> HandOut:
    return take_hand_out_back(handed_out(story), reason="The wrong ward.", by=story.logistics.by, at=DOOR)


def case_of(story: Voyage) -> DifferenceCase:
    shipment = story.delivered()
    counted = story.count(shipment.lines.get(), missing=1_000, reason="A carton is not there.")
    return story.receive(shipment, counted).cases.get()


def answered(story: Voyage) -> DifferenceCase:
    return answer_case(case_of(story), answer="It follows.", by=story.officer.by, at=DOOR)


def settled(story: Voyage) -> DifferenceCase:
    return settle_case(case_of(story), outcome="replaced", by=story.officer.by, at=DOOR)


def dropped(story: Voyage) -> DifferenceCase:
    return drop_case(case_of(story), reason="It was there.", by=story.officer.by, at=DOOR)


UNSETTLED = {"officer": "answer settle drop take_back", "logistics": "answer take_back"}
CASES: Table = [
    ("open", case_of, UNSETTLED),
    ("answered", answered, UNSETTLED),
    ("settled", settled, {}),
    ("dropped", dropped, {}),
]


@pytest.mark.parametrize(("status", "reach", "expected"), CASES)
def test_a_case_is_open_in_each_status_to_whom_the_table_says(
    story: Voyage, status: str, reach: Reach, expected: dict[str, str]
) -> None:
    compare(story, CASE_MOVES, reach(story), status, expected)


HAND_OUTS: Table = [
    ("handed_out", handed_out, both("take_back")),
    ("taken_back", out_no_more, {}),
]


@pytest.mark.parametrize(("status", "reach", "expected"), HAND_OUTS)
def test_what_was_handed_out_is_open_in_each_status_to_whom_the_table_says(
    story: Voyage, status: str, reach: Reach, expected: dict[str, str]
) -> None:
    compare(story, HAND_OUT_MOVES, reach(story), status, expected)


@pytest.mark.parametrize(("table", "model"), [(RECEIPTS, Receipt), (LOTS, Lot), (CASES, DifferenceCase)])
def test_each_table_names_every_status(table: Table, model: Any) -> None:
    names_every_status(table, model)
