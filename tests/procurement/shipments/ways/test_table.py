"""Who may do what with a note that goods were destroyed, in each status: a table by hand, compared with the rules."""

import pytest

from procurement.shipments.actions.ways.destroying import confirm_destroyed, drop_destroyed
from procurement.shipments.models.ways import Destruction
from procurement.shipments.rules.ways import DESTRUCTION_MOVES
from tests.procurement.shipments.matrix.comparing import Reach, compare
from tests.procurement.shipments.play import DOOR, Voyage
from tests.procurement.shipments.ways.play import destroyed, spoilt


def destruction(story: Voyage) -> Destruction:
    return destroyed(story, spoilt(story), 10)


DESTRUCTIONS: list[tuple[str, Reach, dict[str, str]]] = [
    ("noted", destruction, {"officer": "confirm drop", "logistics": "drop"}),
    (
        "destroyed",
        lambda story: confirm_destroyed(destruction(story), by=story.officer.by, at=DOOR),
        {},
    ),
    (
        "dropped",
        lambda story: drop_destroyed(destruction(story), reason="No.", by=story.officer.by, at=DOOR),
        {},
    ),
]


@pytest.mark.parametrize(("status", "reach", "expected"), DESTRUCTIONS)
def test_what_was_destroyed_is_open_in_each_status_to_whom_the_table_says(
    story: Voyage, status: str, reach: Reach, expected: dict[str, str]
) -> None:
    compare(story, DESTRUCTION_MOVES, reach(story), status, expected)


def test_the_table_names_every_status() -> None:
    assert {status for status, *_rest in DESTRUCTIONS} == set(Destruction.Status.values)
