"""Findings from receiving: goods that are missing or were rejected."""

from collections.abc import Iterator
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from procurement.leads.screening import rationales, remedies, sources
from procurement.leads.screening.offer_data import WARN, FindingData
from procurement.leads.screening.rule_types import ScreeningRule
from procurement.shipments.models import Shipment
from procurement.shipments.screening import ShipmentScreening, shipment_finding

GOODS_MISSING_OR_REJECTED = ScreeningRule(
    code="came_short",
    severities=(WARN,),
    description=_("Units shipped compared with units accepted on receipt"),
    message=_(
        "When %(shipment)s was received, %(missing)s units were missing and %(rejected)s were rejected."
    ),
    rationale=rationales.MAY_BE_LEGITIMATE,
    remedy=remedies.PROOF_OF_ARRIVAL,
    sources=(sources.RECORDED_ANSWER,),
)


def _receiving_findings(shipment: Shipment, _at: datetime) -> Iterator[FindingData]:
    lines = list(shipment.lines.all())
    missing, rejected = sum(line.missing for line in lines), sum(line.rejected for line in lines)
    if missing or rejected:
        yield shipment_finding(GOODS_MISSING_OR_REJECTED, shipment, missing=missing, rejected=rejected)


RECEIVING_SCREENING = ShipmentScreening((GOODS_MISSING_OR_REJECTED,), _receiving_findings)
