"""Shipments, in each status."""

from typing import Any

import pytest

from procurement.shipments.actions import journey, planning
from procurement.shipments.actions.planning import assign_broker
from procurement.shipments.actions.ways import sharing
from procurement.shipments.actions.ways.returning import hand_back
from procurement.shipments.models.shipment import Shipment
from procurement.shipments.rules.shipments import SHIPMENT_MOVES
from tests.procurement.shipments.matrix.comparing import (
    EDITS,
    Reach,
    Table,
    both,
    compare,
    given_to_broker,
    names_every_status,
)
from tests.procurement.shipments.play import DOOR, SENT, Voyage
from tests.procurement.shipments.ways.play import back, spoilt
from tests.procurement.story import AT


def lost(story: Voyage) -> Shipment:
    return journey.lose(
        story.departed(given_to_broker(story)), reason="It fell into the sea.", by=story.logistics.by, at=SENT
    )


def cancelled(story: Voyage) -> Shipment:
    return journey.cancel(given_to_broker(story), reason="Another flight.", by=story.logistics.by, at=AT)


def sent_back(story: Voyage) -> Shipment:
    """A return, given to the broker."""
    return assign_broker(back(story, spoilt(story)), story.broker.user, by=story.logistics.by, at=DOOR)


def back_there(story: Voyage) -> Shipment:
    made = planning.pack(sent_back(story), by=story.logistics.by, at=DOOR)
    story.hand_in_all(made, "depart")
    story.clear(made, "export")
    journey.depart(made, by=story.logistics.by, at=DOOR)
    return journey.arrive(made, by=story.logistics.by, at=DOOR)


def handed_back(story: Voyage) -> Shipment:
    made = back_there(story)
    story.hand_in_all(made, "deliver")
    story.clear(made, "import")
    return hand_back(made, by=story.logistics.by, at=DOOR)


FOLLOWS = {"broker": "review_papers estimate hear call_wrong call_right"}
SHIPMENTS: Table = [
    (
        "planned",
        given_to_broker,
        both(f"{EDITS} schedule reroute split merge pack unshare estimate hear call_wrong call_right cancel")
        | FOLLOWS,
    ),
    # The papers are missing, so it cannot depart.
    (
        "packed",
        lambda story: story.packed(given_to_broker(story)),
        both(f"{EDITS} schedule reroute unshare estimate hear call_wrong call_right cancel") | FOLLOWS,
    ),
    (
        "departed",
        lambda story: story.departed(given_to_broker(story)),
        both(f"{EDITS} reroute arrive unshare estimate hear call_wrong call_right lose") | FOLLOWS,
    ),
    (
        "arrived",
        lambda story: story.arrived(given_to_broker(story)),
        both(f"{EDITS} reroute unshare estimate hear call_wrong call_right lose") | FOLLOWS,
    ),
    (
        "delivered",
        lambda story: story.delivered(given_to_broker(story)),
        both("send_back destroy unshare estimate hear call_wrong call_right see_carton forget_carton")
        | {"broker": "estimate hear call_wrong call_right"},
    ),
    (
        "closed",
        lambda story: story.closed(given_to_broker(story)),
        both("send_back destroy unshare hear call_wrong call_right")
        | {"broker": "hear call_wrong call_right"},
    ),
    (
        "handed_back",
        handed_back,
        both("unshare hear call_wrong call_right") | {"broker": "hear call_wrong call_right"},
    ),
    ("lost", lost, both("unshare hear call_wrong call_right") | {"broker": "hear call_wrong call_right"}),
    ("cancelled", cancelled, both("unshare")),
]


@pytest.mark.parametrize(("status", "reach", "expected"), SHIPMENTS)
def test_a_shipment_in_each_status_is_open_to_whom_the_table_says(
    story: Voyage, status: str, reach: Reach, expected: dict[str, str]
) -> None:
    compare(story, SHIPMENT_MOVES, reach(story), status, expected)


def test_a_packed_shipment_with_its_papers_may_depart(story: Voyage) -> None:
    shipment = story.packed()
    story.hand_in_all(shipment, "depart")
    story.clear(shipment, "export")
    verbs = f"{EDITS} schedule reroute depart unshare estimate hear call_wrong call_right cancel"
    compare(story, SHIPMENT_MOVES, shipment, "packed", both(verbs))


def test_an_arrived_shipment_with_its_papers_may_be_delivered(story: Voyage) -> None:
    shipment = story.arrived()
    story.hand_in_all(shipment, "deliver")
    story.clear(shipment, "import")
    compare(
        story,
        SHIPMENT_MOVES,
        shipment,
        "arrived",
        both(f"{EDITS} reroute deliver unshare estimate hear call_wrong call_right lose"),
    )


def test_a_delivered_shipment_that_is_seen_in_may_be_closed(story: Voyage) -> None:
    compare(
        story,
        SHIPMENT_MOVES,
        story.released(),
        "delivered",
        both("send_back destroy unshare estimate hear call_wrong call_right see_carton forget_carton close"),
    )


def test_a_return_is_handed_back_and_not_delivered(story: Voyage) -> None:
    made = back_there(story)
    verbs = "unshare estimate hear call_wrong call_right lose"
    compare(story, SHIPMENT_MOVES, made, "arrived", both(f"{EDITS} reroute {verbs}") | FOLLOWS)
    story.hand_in_all(made, "deliver")
    story.clear(made, "import")
    compare(story, SHIPMENT_MOVES, made, "arrived", both(f"{EDITS} reroute hand_back {verbs}") | FOLLOWS)


def test_a_page_that_was_shut_may_be_opened(story: Voyage) -> None:
    shipment = sharing.unshare(story.plan(), by=story.logistics.by, at=AT)
    verbs = f"{EDITS} schedule reroute split merge pack share estimate hear call_wrong call_right cancel"
    compare(story, SHIPMENT_MOVES, shipment, "planned", both(verbs))


@pytest.mark.parametrize(("table", "model"), [(SHIPMENTS, Shipment)])
def test_each_table_names_every_status(table: Table, model: Any) -> None:
    names_every_status(table, model)
