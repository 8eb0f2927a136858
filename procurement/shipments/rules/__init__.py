"""When goods are packed, leave, are delivered, counted, released and recalled, and what blocks them today. By noun."""

from procurement.shipments.rules.after.packs import NOTE_MOVES, PACK_MOVES
from procurement.shipments.rules.after.reliefs import RELIEF_MOVES
from procurement.shipments.rules.counters import miscounted
from procurement.shipments.rules.customs import HOLD_MOVES, LANE_MOVES, PAPER_MOVES
from procurement.shipments.rules.dock import CASE_MOVES
from procurement.shipments.rules.gates import Obstacle, blocked_by, missing_papers, warned_papers
from procurement.shipments.rules.handing import CALL_MOVES, VERSION_MOVES
from procurement.shipments.rules.handouts import HAND_OUT_MOVES
from procurement.shipments.rules.inspections import Reading
from procurement.shipments.rules.lots import LOT_MOVES
from procurement.shipments.rules.made import MADE_MOVES
from procurement.shipments.rules.numbers import air_waybill, container, locode
from procurement.shipments.rules.receipts import RECEIPT_MOVES, Count
from procurement.shipments.rules.shipments import SHIPMENT_MOVES
from procurement.shipments.rules.tracking import HAND_OVER_WITHIN, actual_of, parcels_short, step_of
from procurement.shipments.rules.ways import DESTRUCTION_MOVES

__all__ = [
    "CALL_MOVES",
    "CASE_MOVES",
    "DESTRUCTION_MOVES",
    "HAND_OUT_MOVES",
    "HAND_OVER_WITHIN",
    "HOLD_MOVES",
    "LANE_MOVES",
    "LOT_MOVES",
    "MADE_MOVES",
    "NOTE_MOVES",
    "PACK_MOVES",
    "PAPER_MOVES",
    "RECEIPT_MOVES",
    "RELIEF_MOVES",
    "SHIPMENT_MOVES",
    "VERSION_MOVES",
    "Count",
    "Obstacle",
    "Reading",
    "actual_of",
    "air_waybill",
    "blocked_by",
    "container",
    "locode",
    "miscounted",
    "missing_papers",
    "parcels_short",
    "step_of",
    "warned_papers",
]
