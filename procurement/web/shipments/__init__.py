"""Shipments: the board, a shipment's page and the moves on it, its two customs, and the door where it arrives."""

from procurement.web.shipments import arrival, board, customs, lots, moves, planning, shipment

urlpatterns = [
    *planning.urlpatterns,
    *lots.urlpatterns,
    *arrival.urlpatterns,
    *board.urlpatterns,
    *shipment.urlpatterns,
    *moves.urlpatterns,
    *customs.urlpatterns,
]
