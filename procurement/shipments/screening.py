"""Interface for packages that screen a shipment and raise findings on its offers."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from procurement.leads.screening.offer_data import FindingData
from procurement.leads.screening.rule_types import ScreeningRule, codes_of
from procurement.shipments.models import Shipment


@dataclass(frozen=True)
class ShipmentScreening:
    """Screening of shipments by one package: its rules, and the function that returns the findings."""

    rules: tuple[ScreeningRule, ...]
    findings_of_shipment: Callable[[Shipment, datetime], Iterable[FindingData]]

    @property
    def codes(self) -> frozenset[str]:
        """Codes of the findings."""
        return codes_of(self.rules)


def shipment_finding(rule: ScreeningRule, shipment: Shipment, **figures: Any) -> FindingData:
    """Return a finding of the rule about the whole shipment."""
    return rule.finding(subject=shipment.reference, shipment=shipment.reference, **figures)
