"""Findings from documents: outdated certificates on which a customs document relies."""

from collections.abc import Iterator
from datetime import datetime

from procurement.documents import queries
from procurement.documents.queries import outdated_documents
from procurement.leads.models.findings import Finding
from procurement.leads.screening.offer_data import FindingData
from procurement.shipments.models import Shipment
from procurement.shipments.screening import ShipmentScreen
from workflow.days import utc_day


def _find(shipment: Shipment, at: datetime) -> Iterator[FindingData]:
    for old in outdated_documents(shipment, utc_day(at)):
        kind = old.certificate.kind
        yield FindingData(
            code=queries.CODE,
            severity=Finding.Severity.WARN,
            subject=old.document.reference,
            figures={
                "shipment": shipment.reference,
                "what": {"en": kind.name_en, "fr": kind.name_fr, "zh": kind.name_zh},
                "certificate": old.certificate.reference,
                "old_for": old.why,
            },
        )


DOCUMENT_SCREEN = ShipmentScreen(frozenset({queries.CODE}), _find)
