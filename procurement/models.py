"""The hub: imports each stage's models so that Django finds them; nothing else."""

from procurement.allocations.models import Allocation, Criteria
from procurement.catalogue.models.certificates import CertificateKind, CertificateStanding, NotifiedBody
from procurement.catalogue.models.customs import CustomsRule, DutyRelief
from procurement.catalogue.models.facts import ReferenceLoad
from procurement.catalogue.models.points import InspectionPoint
from procurement.catalogue.models.prices import DutyRate, FreightAnchor, PriceBand
from procurement.catalogue.models.products import Product, ProductMarket, ProductStandard, TariffCode
from procurement.catalogue.models.questions import CheckQuestion
from procurement.catalogue.models.standards import Acceptance, Ground, Standard
from procurement.leads.models.finding import Finding
from procurement.leads.models.offer import SupplierLead
from procurement.leads.models.rate import EnteredRate
from procurement.lists.models.match import ListMatch, ScreenedName
from procurement.lists.models.watch_list import ListedName, WatchList
from procurement.orders.models.bundle import Bundle
from procurement.orders.models.memo import Memo, MemoPrint
from procurement.orders.models.order import Order, OrderLine
from procurement.orders.models.payment import Payment
from procurement.outreach.models import Inquiry, SentLetter
from procurement.requests.models import RequestLine, SupplyRequest
from procurement.shipments.models.arrival import Inspection, Lot, Receipt, ReceiptLine
from procurement.shipments.models.cases import DifferenceCase
from procurement.shipments.models.customs import CustomsHold, CustomsLane, CustomsPaper, Declaration
from procurement.shipments.models.dock import CartonSeen
from procurement.shipments.models.handing import PaperCall, PaperVersion
from procurement.shipments.models.handouts import HandOut
from procurement.shipments.models.made import MadePaper, MadePrint
from procurement.shipments.models.measured import MeasuredPoint
from procurement.shipments.models.reliefs import ReliefClaim
from procurement.shipments.models.shipment import Carton, Shipment, ShipmentLine
from procurement.shipments.models.thanks import ThanksNote, ThanksPack
from procurement.shipments.models.tracking import Batch, BoardView, Milestone, Slip, TrackingEvent
from procurement.shipments.models.ways import BackLine, Destruction
from procurement.suppliers.models.account import BankAccount
from procurement.suppliers.models.certificate import Certificate
from procurement.suppliers.models.change import CompanyChange
from procurement.suppliers.models.company import Supplier
from procurement.suppliers.models.fact import CompanyFact
from procurement.suppliers.models.issuer_check import IssuerCheck
from procurement.suppliers.models.judgement import Interest, Standing
from procurement.suppliers.models.lookup import LookUp
from procurement.verification.models.checks import VerificationTask
from procurement.verification.models.reports import Report
from procurement.verification.models.sharing import Reuse

__all__ = [
    "Acceptance",
    "Allocation",
    "BackLine",
    "BankAccount",
    "Batch",
    "BoardView",
    "Bundle",
    "Carton",
    "CartonSeen",
    "Certificate",
    "CertificateKind",
    "CertificateStanding",
    "CheckQuestion",
    "CompanyChange",
    "CompanyFact",
    "Criteria",
    "CustomsHold",
    "CustomsLane",
    "CustomsPaper",
    "CustomsRule",
    "Declaration",
    "Destruction",
    "DifferenceCase",
    "DutyRate",
    "DutyRelief",
    "EnteredRate",
    "Finding",
    "FreightAnchor",
    "Ground",
    "HandOut",
    "Inquiry",
    "Inspection",
    "InspectionPoint",
    "Interest",
    "IssuerCheck",
    "ListMatch",
    "ListedName",
    "LookUp",
    "Lot",
    "MadePaper",
    "MadePrint",
    "MeasuredPoint",
    "Memo",
    "MemoPrint",
    "Milestone",
    "NotifiedBody",
    "Order",
    "OrderLine",
    "PaperCall",
    "PaperVersion",
    "Payment",
    "PriceBand",
    "Product",
    "ProductMarket",
    "ProductStandard",
    "Receipt",
    "ReceiptLine",
    "ReferenceLoad",
    "ReliefClaim",
    "Report",
    "RequestLine",
    "Reuse",
    "ScreenedName",
    "SentLetter",
    "Shipment",
    "ShipmentLine",
    "Slip",
    "Standard",
    "Standing",
    "Supplier",
    "SupplierLead",
    "SupplyRequest",
    "TariffCode",
    "ThanksNote",
    "ThanksPack",
    "TrackingEvent",
    "VerificationTask",
    "WatchList",
]
