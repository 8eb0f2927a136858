"""Checks on a lead, who makes each, what they saw, and which city lets another use its own. A contact records; the city judges."""

from procurement.verification.models.checks import Check, VerificationTask
from procurement.verification.models.reports import Report
from procurement.verification.models.sharing import Reuse

__all__ = ["Check", "Report", "Reuse", "VerificationTask"]
