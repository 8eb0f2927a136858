"""Findings from tracking: departures that no carrier confirms, and missing parcels."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _

from procurement.leads.screening import rationales, remedies, sources
from procurement.leads.screening.offer_data import WARN, FindingData
from procurement.leads.screening.rule_types import RuleNumber, ScreeningRule
from procurement.shipments.models import Shipment
from procurement.shipments.screening import ShipmentScreening, shipment_finding
from procurement.tracking.rules import PICKUP_CONFIRMATION_PERIOD, missing_parcels

PICKUP_CONFIRMATION_HOURS = RuleNumber(
    _("Hours without confirmed pickup"), PICKUP_CONFIRMATION_PERIOD // timedelta(hours=1)
)

PICKUP_NOT_CONFIRMED = ScreeningRule(
    code="no_hand_over",
    severities=(WARN,),
    description=_("Goods reported as departed but not picked up by any carrier"),
    message=_("%(shipment)s was reported as departed on %(departed)s, but no carrier has confirmed pickup."),
    rationale=rationales.MAY_BE_LEGITIMATE,
    remedy=remedies.PROOF_OF_ARRIVAL,
    numbers=(PICKUP_CONFIRMATION_HOURS,),
    sources=(sources.TANGO_PREPAYMENT, sources.PHAC_ADVANCE_LOSSES),
)
PARCELS_MISSING = ScreeningRule(
    code="parcels_short",
    severities=(WARN,),
    description=_("Parcels handed over compared with parcels that arrived"),
    message=_("%(parcels)s parcels of %(shipment)s were handed over to the carrier and have not arrived."),
    rationale=rationales.MAY_BE_LEGITIMATE,
    remedy=remedies.PROOF_OF_ARRIVAL,
    sources=(sources.RECORDED_ANSWER,),
)


def _tracking_findings(shipment: Shipment, at: datetime) -> Iterator[FindingData]:
    departed = shipment.departed_at
    silent = shipment.handed_over_at is None and shipment.arrived_at is None
    if silent and departed is not None and at - departed >= PICKUP_CONFIRMATION_PERIOD:
        day = shipment.city.day_at(departed).isoformat()
        yield shipment_finding(PICKUP_NOT_CONFIRMED, shipment, departed=day)
    parcels = missing_parcels(list(shipment.events.all()))
    if parcels:
        yield shipment_finding(PARCELS_MISSING, shipment, parcels=parcels)


TRACKING_SCREENING = ShipmentScreening((PICKUP_NOT_CONFIRMED, PARCELS_MISSING), _tracking_findings)
