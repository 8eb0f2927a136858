"""What was heard of a shipment, what in it does not agree, how long things take, and what somebody should look at. Pure."""

from procurement.shipments.rules.tracking.conflicts import Word, told
from procurement.shipments.rules.tracking.durations import (
    ENOUGH,
    LEGS,
    Leg,
    Lengths,
    leg_of,
    lengths,
    nine_of_ten,
)
from procurement.shipments.rules.tracking.places import CODE, now_at
from procurement.shipments.rules.tracking.steps import (
    BY_MOVE,
    HAND_OVER_WITHIN,
    MADE_BY,
    actual_of,
    of_a_move,
    parcels_short,
    sayable,
    step_of,
)
from procurement.shipments.rules.tracking.warnings import (
    DWELL,
    LOOK_AGAIN,
    Signs,
    Warned,
    due_again,
    grave,
    standing,
    warnings_of,
)

__all__ = [
    "BY_MOVE",
    "CODE",
    "DWELL",
    "ENOUGH",
    "HAND_OVER_WITHIN",
    "LEGS",
    "LOOK_AGAIN",
    "MADE_BY",
    "Leg",
    "Lengths",
    "Signs",
    "Warned",
    "Word",
    "actual_of",
    "due_again",
    "grave",
    "leg_of",
    "lengths",
    "nine_of_ten",
    "now_at",
    "of_a_move",
    "parcels_short",
    "sayable",
    "standing",
    "step_of",
    "told",
    "warnings_of",
]
