"""Type of the screening by which a package finds faults of a shipment's offers, and its findings."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from procurement.leads.models.findings import Finding
from procurement.leads.screening.offer_data import FindingData
from procurement.shipments.models import Shipment


@dataclass(frozen=True)
class ShipmentScreen:
    """The codes of one package's findings, and the function that derives them from a shipment at a time."""

    codes: frozenset[str]
    find: Callable[[Shipment, datetime], Iterable[FindingData]]


def shipment_warning(shipment: Shipment, code: str, **figures: Any) -> FindingData:
    """Return a warning about the whole shipment."""
    return FindingData(
        code=code,
        severity=Finding.Severity.WARN,
        subject=shipment.reference,
        figures=figures | {"shipment": shipment.reference},
    )
