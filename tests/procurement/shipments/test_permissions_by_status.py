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
    check_every_status_listed,
    compare_with_rules,
    officers_and_logistics,
    shipment_of_broker,
)
from tests.worlds.need_to_order import AT
from tests.worlds.rejected_goods import receive_with_rejections, return_rejected_goods
from tests.worlds.shipments import DELIVERED_AT, DEPARTED_AT, Journey


def lost_shipment(story: Journey) -> Shipment:
    return write_off_shipment(
        story.departed(shipment_of_broker(story)),
        reason="It fell into the sea.",
        by=story.logistics.by,
        at=DEPARTED_AT,
    )


def cancelled_shipment(story: Journey) -> Shipment:
    return cancel_shipment(shipment_of_broker(story), reason="Another flight.", by=story.logistics.by, at=AT)


def planned_return(story: Journey) -> Shipment:
    """Return a return shipment that is given to the broker."""
    return assign_broker(
        return_rejected_goods(story, receive_with_rejections(story)),
        story.broker.user,
        by=story.logistics.by,
        at=DELIVERED_AT,
    )


def arrived_return(story: Journey) -> Shipment:
    made = pack_shipment(planned_return(story), by=story.logistics.by, at=DELIVERED_AT)
    story.hand_in_all(made, "depart")
    story.clear(made, "export")
    record_departure(made, by=story.logistics.by, at=DELIVERED_AT)
    return record_arrival(made, by=story.logistics.by, at=DELIVERED_AT)


def completed_return(story: Journey) -> Shipment:
    made = arrived_return(story)
    story.hand_in_all(made, "deliver")
    story.clear(made, "import")
    return record_return(made, by=story.logistics.by, at=DELIVERED_AT)


TRACKING_VERBS = {"broker": "review_documents estimate record_event flag_event unflag_event"}
SHIPMENTS: Table = [
    (
        "planned",
        shipment_of_broker,
        officers_and_logistics(
            f"{EDITS} schedule reroute split merge pack share estimate record_event flag_event "
            f"unflag_event cancel"
        )
        | TRACKING_VERBS,
    ),
    # The documents are missing, so it cannot depart.
    (
        "packed",
        lambda story: story.packed(shipment_of_broker(story)),
        officers_and_logistics(
            f"{EDITS} schedule reroute share estimate record_event flag_event unflag_event cancel"
        )
        | TRACKING_VERBS,
    ),
    (
        "in_transit",
        lambda story: story.departed(shipment_of_broker(story)),
        officers_and_logistics(
            f"{EDITS} reroute arrive share estimate record_event flag_event unflag_event write_off"
        )
        | TRACKING_VERBS,
    ),
    (
        "arrived",
        lambda story: story.arrived(shipment_of_broker(story)),
        officers_and_logistics(
            f"{EDITS} reroute share estimate record_event flag_event unflag_event write_off"
        )
        | TRACKING_VERBS,
    ),
    (
        "delivered",
        lambda story: story.delivered(shipment_of_broker(story)),
        officers_and_logistics(
            "plan_return destroy share estimate record_event flag_event unflag_event record_carton "
            "undo_carton"
        )
        | {"broker": "estimate record_event flag_event unflag_event"},
    ),
    (
        "closed",
        lambda story: story.closed(shipment_of_broker(story)),
        officers_and_logistics("plan_return destroy share record_event flag_event unflag_event")
        | {"broker": "record_event flag_event unflag_event"},
    ),
    (
        "returned",
        completed_return,
        officers_and_logistics("share record_event flag_event unflag_event")
        | {"broker": "record_event flag_event unflag_event"},
    ),
    (
        "lost",
        lost_shipment,
        officers_and_logistics("share record_event flag_event unflag_event")
        | {"broker": "record_event flag_event unflag_event"},
    ),
    ("cancelled", cancelled_shipment, officers_and_logistics("")),
]


@pytest.mark.parametrize(("status", "reach", "expected"), SHIPMENTS)
def test_allowed_shipment_actions_by_status_and_role(
    story: Journey, status: str, reach: Reach, expected: dict[str, str]
) -> None:
    compare_with_rules(story, SHIPMENT_MOVES, reach(story), status, expected)


def test_packed_shipment_with_documents_may_depart(story: Journey) -> None:
    shipment = story.packed()
    story.hand_in_all(shipment, "depart")
    story.clear(shipment, "export")
    verbs = f"{EDITS} schedule reroute depart share estimate record_event flag_event unflag_event cancel"
    compare_with_rules(story, SHIPMENT_MOVES, shipment, "packed", officers_and_logistics(verbs))


def test_arrived_shipment_with_documents_may_be_delivered(story: Journey) -> None:
    shipment = story.arrived()
    story.hand_in_all(shipment, "deliver")
    story.clear(shipment, "import")
    compare_with_rules(
        story,
        SHIPMENT_MOVES,
        shipment,
        "arrived",
        officers_and_logistics(
            f"{EDITS} reroute deliver share estimate record_event flag_event unflag_event write_off"
        ),
    )


def test_delivered_and_inspected_shipment_may_be_closed(story: Journey) -> None:
    compare_with_rules(
        story,
        SHIPMENT_MOVES,
        story.released(),
        "delivered",
        officers_and_logistics(
            "plan_return destroy share estimate record_event flag_event unflag_event record_carton "
            "undo_carton close"
        ),
    )


def test_return_is_handed_back_instead_of_delivered(story: Journey) -> None:
    made = arrived_return(story)
    verbs = "share estimate record_event flag_event unflag_event write_off"
    compare_with_rules(
        story,
        SHIPMENT_MOVES,
        made,
        "arrived",
        officers_and_logistics(f"{EDITS} reroute {verbs}") | TRACKING_VERBS,
    )
    story.hand_in_all(made, "deliver")
    story.clear(made, "import")
    compare_with_rules(
        story,
        SHIPMENT_MOVES,
        made,
        "arrived",
        officers_and_logistics(f"{EDITS} reroute record_return {verbs}") | TRACKING_VERBS,
    )


def test_actions_on_planned_shipment_with_public_tracking_include_unsharing(story: Journey) -> None:
    shipment = share_tracking(story.plan(), by=story.logistics.by, at=AT)
    verbs = f"{EDITS} schedule reroute split merge pack unshare estimate record_event flag_event unflag_event cancel"
    compare_with_rules(story, SHIPMENT_MOVES, shipment, "planned", officers_and_logistics(verbs))


@pytest.mark.parametrize(("table", "model"), [(SHIPMENTS, Shipment)])
def test_shipment_permission_table_covers_every_status(table: Table, model: Any) -> None:
    check_every_status_listed(table, model)
