"""Action that screens the offers in a shipment again, with the screens of all packages."""

from datetime import datetime

from procurement.customs.screening import CUSTOMS_SCREENING
from procurement.documents.outdated_certificates import DOCUMENT_SCREENING, outdated_document_shipments
from procurement.receiving.screening import RECEIVING_SCREENING
from procurement.shipments.actions import rescreen_shipments
from procurement.shipments.models import Shipment
from procurement.tracking.rules import PICKUP_CONFIRMATION_PERIOD
from procurement.tracking.screening import TRACKING_SCREENING
from workflow.days import utc_day
from workflow.due_rows import process_due

SHIPMENT_SCREENS = (TRACKING_SCREENING, CUSTOMS_SCREENING, DOCUMENT_SCREENING, RECEIVING_SCREENING)


def rescreen_shipment(shipment: Shipment, at: datetime) -> None:
    """Screen the offers in a shipment with all screens, and record the findings. Call under its lock."""
    rescreen_shipments([shipment], at, *SHIPMENT_SCREENS)


def rescreen_unconfirmed_departures(at: datetime) -> int:
    """Screen departed shipments that no carrier confirms, and those with an outdated certificate.

    A departure is screened from two days after it. Return how many shipments were screened. Run by the periodic
    job.
    """
    silent = Shipment.objects.not_handed_over(at - PICKUP_CONFIRMATION_PERIOD).order_by("pk")

    def rescreen(shipment: Shipment) -> None:
        rescreen_shipment(shipment, at)
        Shipment.objects.filter(pk=shipment.pk).update(missing_pickup_noted_at=at)

    stale = outdated_document_shipments(utc_day(at))
    return process_due(silent, rescreen) + process_due(
        stale, lambda shipment: rescreen_shipment(shipment, at)
    )
