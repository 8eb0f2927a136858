"""Tests of permissions for receipts, discrepancies, lots and distributions, in each status."""

from typing import Any

import pytest

from procurement.distribution.actions import distribute_lot, recall_lot, undo_distribution
from procurement.distribution.models import Distribution
from procurement.distribution.rules import DISTRIBUTION_MOVES
from procurement.quality.actions import reject_lot, release_conditionally
from procurement.quality.models import Lot
from procurement.quality.rules import LOT_MOVES
from procurement.receiving.actions.discrepancies import (
    answer_discrepancy,
    discard_discrepancy,
    settle_discrepancy,
)
from procurement.receiving.actions.receipts import reverse_receipt
from procurement.receiving.models import Discrepancy, GoodsReceipt
from procurement.receiving.rules.discrepancies import DISCREPANCY_MOVES
from procurement.receiving.rules.receipts import RECEIPT_MOVES
from tests.procurement.shipments.compared_permissions import (
    Reach,
    Table,
    check_every_status_listed,
    compare_with_rules,
    officers_and_logistics,
)
from tests.worlds.shipments import DELIVERED_AT, Journey


def reversed_receipt(story: Journey) -> GoodsReceipt:
    receipt = story.receive(story.delivered())
    return reverse_receipt(
        receipt, reason="Counted the wrong pallet.", by=story.logistics.by, at=DELIVERED_AT
    )


RECEIPTS: Table = [
    ("recorded", lambda story: story.receive(story.delivered()), officers_and_logistics("reverse")),
    ("reversed", reversed_receipt, {}),
]


@pytest.mark.parametrize(("status", "reach", "expected"), RECEIPTS)
def test_allowed_goods_receipt_actions_by_status_and_role(
    story: Journey, status: str, reach: Reach, expected: dict[str, str]
) -> None:
    compare_with_rules(story, RECEIPT_MOVES, reach(story), status, expected)


def conditional_lot(story: Journey) -> Lot:
    return release_conditionally(
        story.pass_lot(story.lot(), "conditional"),
        condition="Not for surgery.",
        by=story.logistics.by,
        at=DELIVERED_AT,
    )


def rejected_lot(story: Journey) -> Lot:
    return reject_lot(story.lot(), reason="They tear.", by=story.logistics.by, at=DELIVERED_AT)


def released_lot(story: Journey) -> Lot:
    return story.released().lots.get()


LOTS: Table = [
    (
        "quarantined",
        lambda story: story.lot(),
        officers_and_logistics("add inspect refuse") | {"approver": "override"},
    ),
    ("released", released_lot, officers_and_logistics("recall")),
    (
        "released_conditionally",
        conditional_lot,
        officers_and_logistics("inspect refuse recall") | {"approver": "override"},
    ),
    ("rejected", rejected_lot, {}),
    (
        "recalled",
        lambda story: recall_lot(
            released_lot(story), reason="They tear.", by=story.logistics.by, at=DELIVERED_AT
        ),
        {},
    ),
]


@pytest.mark.parametrize(("status", "reach", "expected"), LOTS)
def test_allowed_lot_actions_by_status_and_role(
    story: Journey, status: str, reach: Reach, expected: dict[str, str]
) -> None:
    compare_with_rules(story, LOT_MOVES, reach(story), status, expected)


def distribution(story: Journey) -> Distribution:
    (lot,) = story.released().lots.all()
    facts = {"place": "Ward 3", "distributed_on": DELIVERED_AT.date(), "author": story.logistics.user}
    return distribute_lot(lot, 10, **facts, by=story.logistics.by, at=DELIVERED_AT)


def undone_distribution(story: Journey) -> Distribution:
    return undo_distribution(
        distribution(story), reason="The wrong ward.", by=story.logistics.by, at=DELIVERED_AT
    )


def open_discrepancy(story: Journey) -> Discrepancy:
    shipment = story.delivered()
    counted = story.count(shipment.lines.get(), missing=1_000, reason="A carton is not there.")
    return story.receive(shipment, counted).discrepancies.get()


def answered_discrepancy(story: Journey) -> Discrepancy:
    return answer_discrepancy(
        open_discrepancy(story), answer="It follows.", by=story.officer.by, at=DELIVERED_AT
    )


def settled_discrepancy(story: Journey) -> Discrepancy:
    return settle_discrepancy(
        open_discrepancy(story), outcome="replaced", by=story.officer.by, at=DELIVERED_AT
    )


def discarded_discrepancy(story: Journey) -> Discrepancy:
    return discard_discrepancy(
        open_discrepancy(story), reason="It was there.", by=story.officer.by, at=DELIVERED_AT
    )


UNSETTLED = {"officer": "answer settle discard reverse", "logistics": "answer reverse"}
DISCREPANCIES: Table = [
    ("open", open_discrepancy, UNSETTLED),
    ("answered", answered_discrepancy, UNSETTLED),
    ("settled", settled_discrepancy, {}),
    ("discarded", discarded_discrepancy, {}),
]


@pytest.mark.parametrize(("status", "reach", "expected"), DISCREPANCIES)
def test_allowed_discrepancy_actions_by_status_and_role(
    story: Journey, status: str, reach: Reach, expected: dict[str, str]
) -> None:
    compare_with_rules(story, DISCREPANCY_MOVES, reach(story), status, expected)


DISTRIBUTIONS: Table = [
    ("distributed", distribution, officers_and_logistics("undo")),
    ("undone", undone_distribution, {}),
]


@pytest.mark.parametrize(("status", "reach", "expected"), DISTRIBUTIONS)
def test_allowed_distribution_actions_by_status_and_role(
    story: Journey, status: str, reach: Reach, expected: dict[str, str]
) -> None:
    compare_with_rules(story, DISTRIBUTION_MOVES, reach(story), status, expected)


@pytest.mark.parametrize(
    ("table", "model"), [(RECEIPTS, GoodsReceipt), (LOTS, Lot), (DISCREPANCIES, Discrepancy)]
)
def test_receiving_permission_tables_cover_every_status(table: Table, model: Any) -> None:
    check_every_status_listed(table, model)
