"""Sent, cleared, arrived, inspected: the rows of the last stage, by noun."""

from procurement.shipments.models.arrival import Inspection, Lot, Receipt, ReceiptLine, Verdict
from procurement.shipments.models.customs import CustomsHold, CustomsLane, CustomsPaper, Declaration
from procurement.shipments.models.handouts import HandOut
from procurement.shipments.models.made import MadePaper, MadePrint
from procurement.shipments.models.measured import MeasuredPoint
from procurement.shipments.models.reliefs import ReliefClaim
from procurement.shipments.models.shipment import Carton, Shipment, ShipmentLine, pages_of
from procurement.shipments.models.thanks import ThanksNote, ThanksPack
from procurement.shipments.models.tracking import Batch, BoardView, Milestone, Slip, Step, TrackingEvent

__all__ = [
    "Batch",
    "BoardView",
    "Carton",
    "CustomsHold",
    "CustomsLane",
    "CustomsPaper",
    "Declaration",
    "HandOut",
    "Inspection",
    "Lot",
    "MadePaper",
    "MadePrint",
    "MeasuredPoint",
    "Milestone",
    "Receipt",
    "ReceiptLine",
    "ReliefClaim",
    "Shipment",
    "ShipmentLine",
    "Slip",
    "Step",
    "ThanksNote",
    "ThanksPack",
    "TrackingEvent",
    "Verdict",
    "pages_of",
]
