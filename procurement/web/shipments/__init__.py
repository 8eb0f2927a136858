"""Shipments: the board, a shipment's page and the moves on it, its two customs, and the door where it arrives."""

from procurement.web.shipments import (
    arrival,
    board,
    customs,
    genuine,
    lots,
    made,
    moves,
    planning,
    shipment,
)
from procurement.web.shipments.handing import calls, versions
from procurement.web.shipments.tracking import files

urlpatterns = [
    *planning.urlpatterns,
    *calls.urlpatterns,
    *versions.urlpatterns,
    *made.urlpatterns,
    *genuine.urlpatterns,
    *lots.urlpatterns,
    *arrival.urlpatterns,
    *board.urlpatterns,
    *files.urlpatterns,
    *shipment.urlpatterns,
    *moves.urlpatterns,
    *customs.urlpatterns,
]
