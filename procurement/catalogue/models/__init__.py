"""The reference tables: products, standards, certificates, questions, customs rules, prices. Read from data/*.csv by every stage."""

from procurement.catalogue.models.certificates import CertificateKind, CertificateStanding, NotifiedBody
from procurement.catalogue.models.customs import CustomsRule, DutyRelief, Unmet
from procurement.catalogue.models.facts import (
    Confidence,
    Dealing,
    Fact,
    Holds,
    Kept,
    Market,
    Receiver,
    ReferenceLoad,
    Use,
    market_of,
)
from procurement.catalogue.models.points import BOUNDS, InspectionPoint
from procurement.catalogue.models.prices import DutyRate, FreightAnchor, PriceBand
from procurement.catalogue.models.products import Product, ProductMarket, ProductStandard, TariffCode
from procurement.catalogue.models.questions import CheckQuestion
from procurement.catalogue.models.standards import Acceptance, Ground, Standard

__all__ = [
    "BOUNDS",
    "Acceptance",
    "CertificateKind",
    "CertificateStanding",
    "CheckQuestion",
    "Confidence",
    "CustomsRule",
    "Dealing",
    "DutyRate",
    "DutyRelief",
    "Fact",
    "FreightAnchor",
    "Ground",
    "Holds",
    "InspectionPoint",
    "Kept",
    "Market",
    "NotifiedBody",
    "PriceBand",
    "Product",
    "ProductMarket",
    "ProductStandard",
    "Receiver",
    "ReferenceLoad",
    "Standard",
    "TariffCode",
    "Unmet",
    "Use",
    "market_of",
]
