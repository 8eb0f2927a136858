"""URLs of goods receipts, counted cartons, discrepancies and destructions."""

from django.urls import path

from procurement.receiving.portal import discrepancy_answer
from procurement.receiving.views.cartons import (
    add_damage_photo,
    carton_receiving_page,
    count_carton,
    recount_carton,
    scan_carton,
)
from procurement.receiving.views.destruction import destruction_move, destruction_redirect
from procurement.receiving.views.discrepancies import discrepancies, discrepancy_detail, discrepancy_move
from procurement.receiving.views.finish_count import finish_count
from procurement.receiving.views.receipts import goods_receipt_redirect, receipt_move, receive_shipment

urlpatterns = [
    path("destructions/<int:pk>/", destruction_redirect, name="destruction"),
    path("destructions/<int:pk>/<slug:verb>/", destruction_move, name="destruction_move"),
    path("shipments/<slug:reference>/dock/", carton_receiving_page, name="dock"),
    path("shipments/<slug:reference>/dock/scan/", scan_carton, name="scan_carton"),
    path("shipments/<slug:reference>/dock/finish/", finish_count, name="finish_count"),
    path("shipments/<slug:reference>/dock/<slug:carton_reference>/", count_carton, name="count_carton"),
    path(
        "shipments/<slug:reference>/dock/<slug:carton_reference>/undo/", recount_carton, name="recount_carton"
    ),
    path(
        "shipments/<slug:reference>/dock/<slug:carton_reference>/photo/",
        add_damage_photo,
        name="damage_photo",
    ),
    path("discrepancies/", discrepancies, name="discrepancies"),
    path("discrepancies/<slug:reference>/", discrepancy_detail, name="discrepancy"),
    path("discrepancies/<slug:reference>/<slug:verb>/", discrepancy_move, name="discrepancy_move"),
    path("shipments/<slug:reference>/receive/", receive_shipment, name="receive_shipment"),
    path("goods-receipts/<int:pk>/", goods_receipt_redirect, name="goods_receipt"),
    path("goods-receipts/<int:pk>/<slug:verb>/", receipt_move, name="goods_receipt_move"),
    path("d/<slug:reference>/", discrepancy_answer, name="portal_discrepancy"),
]
