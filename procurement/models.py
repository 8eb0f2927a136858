"""The hub: imports each stage's models so that Django finds them; nothing else."""

from procurement.allocations.models import Allocation, Criteria
from procurement.catalogue.models import *  # noqa: F403  # the reference tables, listed in its __all__
from procurement.leads.models import EnteredRate, Finding, SupplierLead
from procurement.lists.models import ListedName, ListMatch, ScreenedName, WatchList
from procurement.orders.models import Bundle, Memo, MemoPrint, Order, OrderLine, Payment
from procurement.outreach.models import Inquiry, SentLetter
from procurement.requests.models import RequestLine, SupplyRequest
from procurement.shipments.models import (
    Carton,
    CustomsHold,
    CustomsLane,
    CustomsPaper,
    Declaration,
    Inspection,
    Lot,
    MadePaper,
    MadePrint,
    Milestone,
    Receipt,
    ReceiptLine,
    Shipment,
    ShipmentLine,
    TrackingEvent,
)
from procurement.suppliers.models import (
    BankAccount,
    Certificate,
    CompanyFact,
    Interest,
    IssuerCheck,
    LookUp,
    Standing,
    Supplier,
)
from procurement.verification.models import Report, Reuse, VerificationTask

__all__ = [
    "Allocation",
    "BankAccount",
    "Bundle",
    "Carton",
    "Certificate",
    "CompanyFact",
    "Criteria",
    "CustomsHold",
    "CustomsLane",
    "CustomsPaper",
    "Declaration",
    "EnteredRate",
    "Finding",
    "Inquiry",
    "Inspection",
    "Interest",
    "IssuerCheck",
    "ListMatch",
    "ListedName",
    "LookUp",
    "Lot",
    "MadePaper",
    "MadePrint",
    "Memo",
    "MemoPrint",
    "Milestone",
    "Order",
    "OrderLine",
    "Payment",
    "Receipt",
    "ReceiptLine",
    "Report",
    "RequestLine",
    "Reuse",
    "ScreenedName",
    "SentLetter",
    "Shipment",
    "ShipmentLine",
    "Standing",
    "Supplier",
    "SupplierLead",
    "SupplyRequest",
    "TrackingEvent",
    "VerificationTask",
    "WatchList",
]
