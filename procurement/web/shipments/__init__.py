"""Shipments: the board, a shipment's page and the moves on it, its two customs, and the door where it arrives."""

from procurement.web.shipments import (
    arrival,
    board,
    customs,
    dock,
    genuine,
    lots,
    made,
    moves,
    planning,
    shipment,
)
from procurement.web.shipments.handing import calls, versions
from procurement.web.shipments.tracking import files
from procurement.web.shipments.ways import destroyed, public

urlpatterns = [
    *planning.urlpatterns,
    *dock.urlpatterns,
    *calls.urlpatterns,
    *versions.urlpatterns,
    *made.urlpatterns,
    *genuine.urlpatterns,
    *public.urlpatterns,
    *destroyed.urlpatterns,
    *lots.urlpatterns,
    *arrival.urlpatterns,
    *board.urlpatterns,
    *files.urlpatterns,
    *shipment.urlpatterns,
    *moves.urlpatterns,
    *customs.urlpatterns,
]
