"""Shipments: the board, a shipment's page, its two customs, and the door where it arrives."""

from procurement.web.shipments import arrival, board, customs, planning

urlpatterns = [*planning.urlpatterns, *arrival.urlpatterns, *board.urlpatterns, *customs.urlpatterns]
