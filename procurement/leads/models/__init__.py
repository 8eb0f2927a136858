"""An offer of goods to one city, what screening found about it, and the rates a city entered to read its price."""

from procurement.leads.models.finding import Finding, FindingQuerySet
from procurement.leads.models.offer import SupplierLead, SupplierLeadQuerySet
from procurement.leads.models.rate import EnteredRate

__all__ = ["EnteredRate", "Finding", "FindingQuerySet", "SupplierLead", "SupplierLeadQuerySet"]
