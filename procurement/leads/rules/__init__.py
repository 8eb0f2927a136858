"""What an offer says, when it moves, and who answers what screening noticed. By noun."""

from procurement.leads.rules import facts, findings, leads, rates
from procurement.leads.rules.facts import supply
from procurement.leads.rules.findings import FINDING_MOVES
from procurement.leads.rules.leads import LEAD_MOVES
from procurement.leads.rules.rates import RATE_MOVES

__all__ = ["FINDING_MOVES", "LEAD_MOVES", "RATE_MOVES", "facts", "findings", "leads", "rates", "supply"]
