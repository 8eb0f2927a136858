"""URLs of shipments and of their board."""

from django.urls import path

from procurement.shipments.views.board import shipments
from procurement.shipments.views.moves import shipment_move
from procurement.shipments.views.planning import pack_shipment_page, plan_shipment_page
from procurement.shipments.views.shipment import shipment_detail

urlpatterns = [
    path("shipments/new/", plan_shipment_page, name="plan_shipment"),
    path("shipments/<slug:reference>/", shipment_detail, name="shipment"),
    path("shipments/", shipments, name="shipments"),
    path("shipments/<slug:reference>/pack/", pack_shipment_page, name="pack_shipment"),
    path("shipments/<slug:reference>/<slug:verb>/", shipment_move, name="shipment_move"),
]
