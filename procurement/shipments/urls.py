"""URLs of shipments and of their board."""

from django.urls import path

from procurement.shipments.views.board import shipments
from procurement.shipments.views.moves import shipment_move
from procurement.shipments.views.planning import new_shipment, packing
from procurement.shipments.views.shipment import shipment

urlpatterns = [
    path("shipments/new/", new_shipment, name="plan_shipment"),
    path("shipments/<slug:reference>/", shipment, name="shipment"),
    path("shipments/", shipments, name="shipments"),
    path("shipments/<slug:reference>/pack/", packing, name="pack_shipment"),
    path("shipments/<slug:reference>/<slug:verb>/", shipment_move, name="shipment_move"),
]
