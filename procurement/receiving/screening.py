"""Findings from receiving: goods that are missing or were rejected."""

from collections.abc import Iterator
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from procurement.leads.screening import rationales, remedies, sources
from procurement.leads.screening.offer_data import WARN, FindingData
from procurement.leads.screening.rule_types import ScreeningRule
from procurement.shipments.models import Shipment
from procurement.shipments.screening import ShipmentScreen, shipment_warning

CAME_SHORT = ScreeningRule(
    code="came_short",
    severities=(WARN,),
    description=_("Units shipped compared with units accepted on receipt"),
    message=_(
        "When %(shipment)s was received, %(missing)s units were missing and %(rejected)s were rejected."
    ),
    rationale=rationales.MAY_BE_LEGITIMATE,
    remedy=remedies.GOODS_ARRIVE,
    sources=(sources.RECORDED_ANSWER,),
)


def _find(shipment: Shipment, _at: datetime) -> Iterator[FindingData]:
    lines = list(shipment.lines.all())
    missing, rejected = sum(line.missing for line in lines), sum(line.rejected for line in lines)
    if missing or rejected:
        yield shipment_warning(CAME_SHORT, shipment, missing=missing, rejected=rejected)


RECEIVING_SCREEN = ShipmentScreen((CAME_SHORT,), _find)
