"""Sent, cleared, arrived, inspected: the rows of the last stage, by noun."""

from procurement.shipments.models.arrival import Inspection, Lot, Receipt, ReceiptLine, Verdict
from procurement.shipments.models.cases import DifferenceCase
from procurement.shipments.models.customs import CustomsHold, CustomsLane, CustomsPaper, Declaration
from procurement.shipments.models.dock import CartonSeen
from procurement.shipments.models.handing import PaperCall, PaperVersion
from procurement.shipments.models.handouts import HandOut
from procurement.shipments.models.made import MadePaper, MadePrint
from procurement.shipments.models.measured import MeasuredPoint
from procurement.shipments.models.reliefs import ReliefClaim
from procurement.shipments.models.shipment import Carton, Shipment, ShipmentLine, pages_of
from procurement.shipments.models.thanks import ThanksNote, ThanksPack
from procurement.shipments.models.tracking import (
    Batch,
    BoardView,
    Classifier,
    Milestone,
    Slip,
    Step,
    TrackingEvent,
)
from procurement.shipments.models.ways import BackLine, Destruction

__all__ = [
    "BackLine",
    "Batch",
    "BoardView",
    "Carton",
    "CartonSeen",
    "Classifier",
    "CustomsHold",
    "CustomsLane",
    "CustomsPaper",
    "Declaration",
    "Destruction",
    "DifferenceCase",
    "HandOut",
    "Inspection",
    "Lot",
    "MadePaper",
    "MadePrint",
    "MeasuredPoint",
    "Milestone",
    "PaperCall",
    "PaperVersion",
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
