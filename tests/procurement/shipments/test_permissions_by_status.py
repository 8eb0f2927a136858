"""Tests of permissions for shipments, in each status."""

from typing import Any

import pytest

from procurement.logistics.actions.journey import (
    cancel_shipment,
    record_arrival,
    record_departure,
    write_off_shipment,
)
from procurement.logistics.actions.planning import assign_broker, pack_shipment
from procurement.logistics.actions.returns import record_return
from procurement.logistics.rules.shipments import SHIPMENT_MOVES
from procurement.shipments.models import Shipment
from procurement.tracking.actions.public_tracking import share_tracking
from tests.procurement.shipments.compared_permissions import (
    EDITS,
    Reach,
    Table,
    both,
    compare,
    given_to_broker,
    names_every_status,
)
from tests.worlds.need_to_order import AT
from tests.worlds.receipts import back, spoilt
from tests.worlds.shipments import DELIVERED_AT, DEPARTED_AT, Journey


def lost(story: Journey) -> Shipment:
    return write_off_shipment(
        story.departed(given_to_broker(story)),
        reason="It fell into the sea.",
        by=story.logistics.by,
        at=DEPARTED_AT,
    )


def cancelled(story: Journey) -> Shipment:
    return cancel_shipment(given_to_broker(story), reason="Another flight.", by=story.logistics.by, at=AT)


def sent_back(story: Journey) -> Shipment:
    """Return a return shipment that is given to the broker."""
    return assign_broker(
        back(story, spoilt(story)), story.broker.user, by=story.logistics.by, at=DELIVERED_AT
    )


def back_there(story: Journey) -> Shipment:
    made = pack_shipment(sent_back(story), by=story.logistics.by, at=DELIVERED_AT)
    story.hand_in_all(made, "depart")
    story.clear(made, "export")
    record_departure(made, by=story.logistics.by, at=DELIVERED_AT)
    return record_arrival(made, by=story.logistics.by, at=DELIVERED_AT)


def handed_back(story: Journey) -> Shipment:
    made = back_there(story)
    story.hand_in_all(made, "deliver")
    story.clear(made, "import")
    return record_return(made, by=story.logistics.by, at=DELIVERED_AT)


FOLLOWS = {"broker": "review_documents estimate record_event flag_event unflag_event"}
SHIPMENTS: Table = [
    (
        "planned",
        given_to_broker,
        both(
            f"{EDITS} schedule reroute split merge pack share estimate record_event flag_event "
            f"unflag_event cancel"
        )
        | FOLLOWS,
    ),
    # The documents are missing, so it cannot depart.
    (
        "packed",
        lambda story: story.packed(given_to_broker(story)),
        both(f"{EDITS} schedule reroute share estimate record_event flag_event unflag_event cancel")
        | FOLLOWS,
    ),
    (
        "in_transit",
        lambda story: story.departed(given_to_broker(story)),
        both(f"{EDITS} reroute arrive share estimate record_event flag_event unflag_event write_off")
        | FOLLOWS,
    ),
    (
        "arrived",
        lambda story: story.arrived(given_to_broker(story)),
        both(f"{EDITS} reroute share estimate record_event flag_event unflag_event write_off") | FOLLOWS,
    ),
    (
        "delivered",
        lambda story: story.delivered(given_to_broker(story)),
        both(
            "plan_return destroy share estimate record_event flag_event unflag_event record_carton "
            "undo_carton"
        )
        | {"broker": "estimate record_event flag_event unflag_event"},
    ),
    (
        "closed",
        lambda story: story.closed(given_to_broker(story)),
        both("plan_return destroy share record_event flag_event unflag_event")
        | {"broker": "record_event flag_event unflag_event"},
    ),
    (
        "returned",
        handed_back,
        both("share record_event flag_event unflag_event")
        | {"broker": "record_event flag_event unflag_event"},
    ),
    (
        "lost",
        lost,
        both("share record_event flag_event unflag_event")
        | {"broker": "record_event flag_event unflag_event"},
    ),
    ("cancelled", cancelled, both("")),
]


@pytest.mark.parametrize(("status", "reach", "expected"), SHIPMENTS)
def test_allowed_shipment_actions_by_status_and_role(
    story: Journey, status: str, reach: Reach, expected: dict[str, str]
) -> None:
    compare(story, SHIPMENT_MOVES, reach(story), status, expected)


def test_packed_shipment_with_documents_may_depart(story: Journey) -> None:
    shipment = story.packed()
    story.hand_in_all(shipment, "depart")
    story.clear(shipment, "export")
    verbs = f"{EDITS} schedule reroute depart share estimate record_event flag_event unflag_event cancel"
    compare(story, SHIPMENT_MOVES, shipment, "packed", both(verbs))


def test_arrived_shipment_with_documents_may_be_delivered(story: Journey) -> None:
    shipment = story.arrived()
    story.hand_in_all(shipment, "deliver")
    story.clear(shipment, "import")
    compare(
        story,
        SHIPMENT_MOVES,
        shipment,
        "arrived",
        both(f"{EDITS} reroute deliver share estimate record_event flag_event unflag_event write_off"),
    )


def test_delivered_and_inspected_shipment_may_be_closed(story: Journey) -> None:
    compare(
        story,
        SHIPMENT_MOVES,
        story.released(),
        "delivered",
        both(
            "plan_return destroy share estimate record_event flag_event unflag_event record_carton "
            "undo_carton close"
        ),
    )


def test_return_is_handed_back_instead_of_delivered(story: Journey) -> None:
    made = back_there(story)
    verbs = "share estimate record_event flag_event unflag_event write_off"
    compare(story, SHIPMENT_MOVES, made, "arrived", both(f"{EDITS} reroute {verbs}") | FOLLOWS)
    story.hand_in_all(made, "deliver")
    story.clear(made, "import")
    compare(story, SHIPMENT_MOVES, made, "arrived", both(f"{EDITS} reroute record_return {verbs}") | FOLLOWS)


def test_actions_on_planned_shipment_with_public_tracking_include_unsharing(story: Journey) -> None:
    shipment = share_tracking(story.plan(), by=story.logistics.by, at=AT)
    verbs = f"{EDITS} schedule reroute split merge pack unshare estimate record_event flag_event unflag_event cancel"
    compare(story, SHIPMENT_MOVES, shipment, "planned", both(verbs))


@pytest.mark.parametrize(("table", "model"), [(SHIPMENTS, Shipment)])
def test_shipment_permission_table_covers_every_status(table: Table, model: Any) -> None:
    names_every_status(table, model)
