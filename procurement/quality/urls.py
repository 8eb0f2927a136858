"""URLs of lots."""

from django.urls import path

from procurement.quality.views.lots import lot, lot_move, lots

urlpatterns = [
    path("lots/", lots, name="lots"),
    path("lots/<slug:reference>/", lot, name="lot"),
    path("lots/<slug:reference>/<slug:verb>/", lot_move, name="lot_move"),
]
