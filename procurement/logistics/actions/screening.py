"""Action that screens the offers in a shipment again, with the screens of all packages."""

from datetime import datetime

from procurement.customs.screening import CUSTOMS_SCREEN
from procurement.documents.screening import DOCUMENT_SCREEN, shipments_with_outdated
from procurement.receiving.screening import RECEIVING_SCREEN
from procurement.shipments.actions import rescreen_shipments
from procurement.shipments.models import Shipment
from procurement.tracking.rules import PICKUP_CONFIRMED_WITHIN
from procurement.tracking.screening import TRACKING_SCREEN
from workflow.days import utc_day
from workflow.due_rows import process_due

SHIPMENT_SCREENS = (TRACKING_SCREEN, CUSTOMS_SCREEN, DOCUMENT_SCREEN, RECEIVING_SCREEN)


def rescreen_shipment(shipment: Shipment, at: datetime) -> None:
    """Screen the offers in a shipment with all screens, and record the findings. Call under its lock."""
    rescreen_shipments([shipment], at, *SHIPMENT_SCREENS)


def rescreen_unconfirmed_departures(at: datetime) -> int:
    """Screen departed shipments that no carrier confirms, and those with an outdated certificate.

    A departure is screened from two days after it. Return how many shipments were screened. Run by the periodic
    job.
    """
    silent = Shipment.objects.not_handed_over(at - PICKUP_CONFIRMED_WITHIN).order_by("pk")

    def rescreen(shipment: Shipment) -> None:
        rescreen_shipment(shipment, at)
        Shipment.objects.filter(pk=shipment.pk).update(missing_pickup_noted_at=at)

    stale = shipments_with_outdated(utc_day(at))
    return process_due(silent, rescreen) + process_due(
        stale, lambda shipment: rescreen_shipment(shipment, at)
    )
