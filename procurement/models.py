"""Imports of all models of the procurement packages, so that Django finds them. Nothing else."""

from procurement.allocations.models import Allocation, AllocationCriteria
from procurement.allocations.plans.models import AllocationPlan, PlanLine, PlanRow
from procurement.audit_files.models import AuditFile
from procurement.catalogue.models.certificates import CertificateType, CertificateTypeStatus, NotifiedBody
from procurement.catalogue.models.check_questions import CheckQuestion
from procurement.catalogue.models.customs import CustomsRule, DutyRelief
from procurement.catalogue.models.inspection_points import InspectionPoint
from procurement.catalogue.models.prices import DutyRate, PriceBand, PublishedFreightRate
from procurement.catalogue.models.products import Product, ProductClassification, ProductStandard, TariffCode
from procurement.catalogue.models.reference_rows import ReferenceLoad
from procurement.catalogue.models.standards import EquivalenceReason, Standard, StandardEquivalence
from procurement.customs.duty_relief.models import ReliefClaim
from procurement.customs.models import CustomsClearance, CustomsHold, Declaration
from procurement.distribution.models import Distribution
from procurement.documents.models.customs_documents import CustomsDocument
from procurement.documents.models.generated_documents import GeneratedDocument, GeneratedDocumentFile
from procurement.documents.models.requests import DocumentRequest, DocumentSubmission
from procurement.leads.models.exchange_rates import ManualRate
from procurement.leads.models.findings import Finding
from procurement.leads.models.leads import SupplierLead
from procurement.orders.acknowledgements.models import OrderAcknowledgement
from procurement.orders.decision_memos.models import DecisionMemo, DecisionMemoFile
from procurement.orders.models import Order, OrderLine
from procurement.orders.payments.models import Payment
from procurement.outreach.letter_templates.models import LetterTemplate
from procurement.outreach.models.consents import IntroductionConsent
from procurement.outreach.models.inquiries import Inquiry
from procurement.outreach.models.letters import SentLetter
from procurement.quality.models import Inspection, Lot, MeasuredPoint
from procurement.receiving.models import (
    CartonReceipt,
    Destruction,
    Discrepancy,
    GoodsReceipt,
    GoodsReceiptLine,
    ReturnLine,
)
from procurement.requests.alternatives.models import LineAlternative
from procurement.requests.models import RequestLine, SupplyRequest
from procurement.requests.unwanted_goods.models import UnwantedGoods
from procurement.sanctions.models import ScreenedName, Watchlist, WatchlistEntry, WatchlistMatch
from procurement.shipments.models import Carton, Milestone, MilestoneChange, Shipment, ShipmentLine
from procurement.suppliers.models.bank_accounts import BankAccount
from procurement.suppliers.models.certificates import Certificate
from procurement.suppliers.models.changes import SupplierChange
from procurement.suppliers.models.facts import SupplierFact
from procurement.suppliers.models.issuer_checks import IssuerCheck
from procurement.suppliers.models.register_lookups import RegisterLookup
from procurement.suppliers.models.statuses import InterestDeclaration, SupplierStatus
from procurement.suppliers.models.suppliers import Supplier
from procurement.thanks.models import ThankYou, ThankYouMessage
from procurement.tracking.models import TrackingBatch, TrackingEvent
from procurement.verification.models import CheckReport, CheckReuse, VerificationTask
from procurement.webhooks.models import WebhookCursor, WebhookDelivery, WebhookEndpoint

__all__ = [
    "Allocation",
    "AllocationCriteria",
    "AllocationPlan",
    "AuditFile",
    "BankAccount",
    "Carton",
    "CartonReceipt",
    "Certificate",
    "CertificateType",
    "CertificateTypeStatus",
    "CheckQuestion",
    "CheckReport",
    "CheckReuse",
    "CustomsClearance",
    "CustomsDocument",
    "CustomsHold",
    "CustomsRule",
    "DecisionMemo",
    "DecisionMemoFile",
    "Declaration",
    "Destruction",
    "Discrepancy",
    "Distribution",
    "DocumentRequest",
    "DocumentSubmission",
    "DutyRate",
    "DutyRelief",
    "EquivalenceReason",
    "Finding",
    "GeneratedDocument",
    "GeneratedDocumentFile",
    "GoodsReceipt",
    "GoodsReceiptLine",
    "Inquiry",
    "Inspection",
    "InspectionPoint",
    "InterestDeclaration",
    "IntroductionConsent",
    "IssuerCheck",
    "LetterTemplate",
    "LineAlternative",
    "Lot",
    "ManualRate",
    "MeasuredPoint",
    "Milestone",
    "MilestoneChange",
    "NotifiedBody",
    "Order",
    "OrderAcknowledgement",
    "OrderLine",
    "Payment",
    "PlanLine",
    "PlanRow",
    "PriceBand",
    "Product",
    "ProductClassification",
    "ProductStandard",
    "PublishedFreightRate",
    "ReferenceLoad",
    "RegisterLookup",
    "ReliefClaim",
    "RequestLine",
    "ReturnLine",
    "ScreenedName",
    "SentLetter",
    "Shipment",
    "ShipmentLine",
    "Standard",
    "StandardEquivalence",
    "Supplier",
    "SupplierChange",
    "SupplierFact",
    "SupplierLead",
    "SupplierStatus",
    "SupplyRequest",
    "TariffCode",
    "ThankYou",
    "ThankYouMessage",
    "TrackingBatch",
    "TrackingEvent",
    "UnwantedGoods",
    "VerificationTask",
    "Watchlist",
    "WatchlistEntry",
    "WatchlistMatch",
    "WebhookCursor",
    "WebhookDelivery",
    "WebhookEndpoint",
]
