"""Companies and what is claimed about them. Facts are shared between cities; a city's judgement of a company is its own."""

from procurement.suppliers.models.account import BankAccount, mask
from procurement.suppliers.models.certificate import Certificate
from procurement.suppliers.models.change import CompanyChange
from procurement.suppliers.models.company import Brought, Supplier
from procurement.suppliers.models.fact import CompanyFact
from procurement.suppliers.models.issuer_check import IssuerCheck
from procurement.suppliers.models.judgement import Interest, Standing
from procurement.suppliers.models.lookup import LookUp
from procurement.suppliers.models.shared import Shared

__all__ = [
    "BankAccount",
    "Brought",
    "Certificate",
    "CompanyChange",
    "CompanyFact",
    "Interest",
    "IssuerCheck",
    "LookUp",
    "Shared",
    "Standing",
    "Supplier",
    "mask",
]
