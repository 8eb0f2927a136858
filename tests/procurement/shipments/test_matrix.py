"""Who may do what with a shipment and what belongs to it, in each status: tables by hand, compared with the rules."""

from collections.abc import Callable
from typing import Any

import pytest

from procurement.shipments import actions
from procurement.shipments.models import (
    CustomsHold,
    CustomsLane,
    CustomsPaper,
    HandOut,
    Lot,
    Receipt,
    Shipment,
)
from procurement.shipments.rules import (
    HAND_OUT_MOVES,
    HOLD_MOVES,
    LANE_MOVES,
    LOT_MOVES,
    PAPER_MOVES,
    RECEIPT_MOVES,
    SHIPMENT_MOVES,
)
from tests.procurement.refusals import open_verbs
from tests.procurement.shipments.play import DOOR, SENT, Voyage
from tests.procurement.shipments.ways.play import back, spoilt
from tests.procurement.story import AT
from workflow.moves import Moves

PEOPLE = ("officer", "logistics", "broker", "approver", "verifier", "observer", "stranger")
EDITS = "edit assign_broker review_papers"

type Reach = Callable[[Voyage], Any]


def given_to_broker(story: Voyage) -> Shipment:
    shipment = story.plan()
    return actions.assign_broker(shipment, story.broker.user, by=story.logistics.by, at=AT)


def compare(story: Voyage, moves: Moves[Any], thing: Any, status: str, expected: dict[str, str]) -> None:
    thing.refresh_from_db()
    assert thing.status == status
    found = {name: open_verbs(moves, thing, getattr(story, name).by) for name in PEOPLE}
    assert found == {name: expected.get(name, "") for name in PEOPLE}


def both(verbs: str) -> dict[str, str]:
    """Officers and logistics alike."""
    return {"officer": verbs, "logistics": verbs}


def lost(story: Voyage) -> Shipment:
    return actions.lose(
        story.departed(given_to_broker(story)), reason="It fell into the sea.", by=story.logistics.by, at=SENT
    )


def cancelled(story: Voyage) -> Shipment:
    return actions.cancel(given_to_broker(story), reason="Another flight.", by=story.logistics.by, at=AT)


def sent_back(story: Voyage) -> Shipment:
    """A return, given to the broker."""
    return actions.assign_broker(
        back(story, spoilt(story)), story.broker.user, by=story.logistics.by, at=DOOR
    )


def back_there(story: Voyage) -> Shipment:
    made = actions.pack(sent_back(story), by=story.logistics.by, at=DOOR)
    story.hand_in_all(made, "depart")
    story.clear(made, "export")
    actions.depart(made, by=story.logistics.by, at=DOOR)
    return actions.arrive(made, by=story.logistics.by, at=DOOR)


def handed_back(story: Voyage) -> Shipment:
    made = back_there(story)
    story.hand_in_all(made, "deliver")
    story.clear(made, "import")
    return actions.hand_back(made, by=story.logistics.by, at=DOOR)


FOLLOWS = {"broker": "review_papers estimate hear call_wrong call_right"}
SHIPMENTS: list[tuple[str, Reach, dict[str, str]]] = [
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
        both("send_back destroy unshare estimate hear call_wrong call_right")
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
        both("send_back destroy unshare estimate hear call_wrong call_right close"),
    )


def test_a_return_is_handed_back_and_not_delivered(story: Voyage) -> None:
    made = back_there(story)
    verbs = "unshare estimate hear call_wrong call_right lose"
    compare(story, SHIPMENT_MOVES, made, "arrived", both(f"{EDITS} reroute {verbs}") | FOLLOWS)
    story.hand_in_all(made, "deliver")
    story.clear(made, "import")
    compare(story, SHIPMENT_MOVES, made, "arrived", both(f"{EDITS} reroute hand_back {verbs}") | FOLLOWS)


def test_a_page_that_was_shut_may_be_opened(story: Voyage) -> None:
    shipment = actions.unshare(story.plan(), by=story.logistics.by, at=AT)
    verbs = f"{EDITS} schedule reroute split merge pack share estimate hear call_wrong call_right cancel"
    compare(story, SHIPMENT_MOVES, shipment, "planned", both(verbs))


def lane(story: Voyage) -> CustomsLane:
    return given_to_broker(story).lanes.get(side="export")


def three(verbs: str) -> dict[str, str]:
    """Officers, logistics, and the broker the shipment was given to."""
    return both(verbs) | {"broker": verbs}


LANES: list[tuple[str, Reach, dict[str, str]]] = [
    ("open", lane, three("redirect file declare")),
    (
        "filed",
        lambda story: actions.file_lane(lane(story), by=story.broker.by, at=AT),
        three("declare release"),
    ),
    ("released", lambda story: story.clear(lane(story).shipment, "export"), three("declare")),
]


@pytest.mark.parametrize(("status", "reach", "expected"), LANES)
def test_a_lane_in_each_status_is_open_to_whom_the_table_says(
    story: Voyage, status: str, reach: Reach, expected: dict[str, str]
) -> None:
    compare(story, LANE_MOVES, reach(story), status, expected)


def held(story: Voyage) -> CustomsHold:
    return actions.hold(lane(story), reason="inspection", by=story.broker.by, at=AT)


HOLDS: list[tuple[str, Reach, dict[str, str]]] = [
    ("held", held, three("answer end")),
    ("ended", lambda story: actions.end_hold(held(story), by=story.broker.by, at=AT), {}),
]


@pytest.mark.parametrize(("status", "reach", "expected"), HOLDS)
def test_a_hold_in_each_status_is_open_to_whom_the_table_says(
    story: Voyage, status: str, reach: Reach, expected: dict[str, str]
) -> None:
    compare(story, HOLD_MOVES, reach(story), status, expected)


def paper(story: Voyage) -> CustomsPaper:
    return given_to_broker(story).papers.get(code="AWB")


def filed(story: Voyage) -> CustomsPaper:
    return story.hand_in(paper(story))


def written(story: Voyage) -> CustomsPaper:
    return actions.ready_paper(
        actions.begin_paper(paper(story), by=story.broker.by, at=AT), by=story.broker.by, at=AT
    )


def queried(story: Voyage) -> CustomsPaper:
    return actions.query_paper(filed(story), reason="Which flight?", by=story.broker.by, at=AT)


def refused_paper(story: Voyage) -> CustomsPaper:
    return actions.refuse_paper(filed(story), reason="No stamp.", by=story.broker.by, at=AT)


def asked_no_longer(story: Voyage) -> CustomsPaper:
    """A paper of a country that the goods do not go to any more."""
    shipment = given_to_broker(story)
    actions.reroute(shipment, "USSEA", reason="The port is shut.", by=story.logistics.by, at=AT)
    return shipment.papers.filter(status="no_longer").order_by("pk")[0]


PAPERS: list[tuple[str, Reach, dict[str, str]]] = [
    ("missing", paper, three("draft no_longer restate")),
    (
        "draft",
        lambda story: actions.begin_paper(paper(story), by=story.broker.by, at=AT),
        three("ready no_longer restate"),
    ),
    ("ready", written, three("file no_longer restate")),
    ("filed", filed, three("accept query refuse")),
    ("accepted", lambda story: actions.accept_paper(filed(story), by=story.broker.by, at=AT), {}),
    ("queried", queried, three("file no_longer restate")),
    ("refused", refused_paper, three("new_version no_longer restate")),
    ("no_longer", asked_no_longer, three("ask_again")),
]


@pytest.mark.parametrize(("status", "reach", "expected"), PAPERS)
def test_a_paper_in_each_status_is_open_to_whom_the_table_says(
    story: Voyage, status: str, reach: Reach, expected: dict[str, str]
) -> None:
    compare(story, PAPER_MOVES, reach(story), status, expected)


def taken_back(story: Voyage) -> Receipt:
    receipt = story.receive(story.delivered())
    return actions.take_back(receipt, reason="Counted the wrong pallet.", by=story.logistics.by, at=DOOR)


RECEIPTS: list[tuple[str, Reach, dict[str, str]]] = [
    ("recorded", lambda story: story.receive(story.delivered()), both("take_back")),
    ("taken_back", taken_back, {}),
]


@pytest.mark.parametrize(("status", "reach", "expected"), RECEIPTS)
def test_a_counting_in_each_status_is_open_to_whom_the_table_says(
    story: Voyage, status: str, reach: Reach, expected: dict[str, str]
) -> None:
    compare(story, RECEIPT_MOVES, reach(story), status, expected)


def conditional(story: Voyage) -> Lot:
    return actions.condition_lot(
        story.pass_lot(story.lot(), "conditional"),
        condition="Not for surgery.",
        by=story.logistics.by,
        at=DOOR,
    )


def refused_lot(story: Voyage) -> Lot:
    return actions.refuse_lot(story.lot(), reason="They tear.", by=story.logistics.by, at=DOOR)


def released(story: Voyage) -> Lot:
    return story.released().lots.get()


LOTS: list[tuple[str, Reach, dict[str, str]]] = [
    ("quarantined", lambda story: story.lot(), both("add inspect refuse") | {"approver": "override"}),
    ("released", released, both("recall")),
    ("conditional", conditional, both("inspect refuse recall") | {"approver": "override"}),
    ("refused", refused_lot, {}),
    (
        "recalled",
        lambda story: actions.recall_lot(
            released(story), reason="They tear.", by=story.logistics.by, at=DOOR
        ),
        {},
    ),
]


@pytest.mark.parametrize(("status", "reach", "expected"), LOTS)
def test_a_lot_in_each_status_is_open_to_whom_the_table_says(
    story: Voyage, status: str, reach: Reach, expected: dict[str, str]
) -> None:
    compare(story, LOT_MOVES, reach(story), status, expected)


@pytest.mark.parametrize(
    ("table", "model"),
    [
        (SHIPMENTS, Shipment),
        (LANES, CustomsLane),
        (HOLDS, CustomsHold),
        (PAPERS, CustomsPaper),
        (RECEIPTS, Receipt),
        (LOTS, Lot),
    ],
)
def test_each_table_names_every_status(table: list[tuple[str, Reach, dict[str, str]]], model: Any) -> None:
    assert {status for status, _reach, _expected in table} == set(model.Status.values)


def handed_out(story: Voyage) -> HandOut:
    (lot,) = story.released().lots.all()
    facts = {"place": "Ward 3", "handed_on": DOOR.date(), "author": story.logistics.user}
    return actions.hand_out(lot, 10, **facts, by=story.logistics.by, at=DOOR)


def out_no_more(story: Voyage) -> HandOut:
    return actions.take_hand_out_back(
        handed_out(story), reason="The wrong ward.", by=story.logistics.by, at=DOOR
    )


HAND_OUTS: list[tuple[str, Reach, dict[str, str]]] = [
    ("handed_out", handed_out, both("take_back")),
    ("taken_back", out_no_more, {}),
]


@pytest.mark.parametrize(("status", "reach", "expected"), HAND_OUTS)
def test_what_was_handed_out_is_open_in_each_status_to_whom_the_table_says(
    story: Voyage, status: str, reach: Reach, expected: dict[str, str]
) -> None:
    compare(story, HAND_OUT_MOVES, reach(story), status, expected)
