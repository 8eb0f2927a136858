"""Tests of the status changes of a destruction record that each role may make, in each status.

The table is written by hand and compared with the rules.
"""

import pytest

from procurement.receiving.actions.destruction import confirm_destruction, discard_destruction
from procurement.receiving.models import Destruction
from procurement.receiving.rules.rejected_goods import DESTRUCTION_MOVES
from tests.procurement.shipments.compared_permissions import Reach, compare_with_rules
from tests.worlds.rejected_goods import destroy_rejected_goods, receive_with_rejections
from tests.worlds.shipments import DELIVERED_AT, Journey


def destruction(story: Journey) -> Destruction:
    return destroy_rejected_goods(story, receive_with_rejections(story), 10)


DESTRUCTIONS: list[tuple[str, Reach, dict[str, str]]] = [
    ("reported", destruction, {"officer": "confirm discard", "logistics": "discard"}),
    (
        "confirmed",
        lambda story: confirm_destruction(destruction(story), by=story.officer.by, at=DELIVERED_AT),
        {},
    ),
    (
        "discarded",
        lambda story: discard_destruction(
            destruction(story), reason="No.", by=story.officer.by, at=DELIVERED_AT
        ),
        {},
    ),
]


@pytest.mark.parametrize(("status", "reach", "expected"), DESTRUCTIONS)
def test_allowed_destruction_actions_by_status_and_role(
    story: Journey, status: str, reach: Reach, expected: dict[str, str]
) -> None:
    compare_with_rules(story, DESTRUCTION_MOVES, reach(story), status, expected)


def test_destruction_permission_table_covers_every_status() -> None:
    assert {status for status, *_rest in DESTRUCTIONS} == set(Destruction.Status.values)
