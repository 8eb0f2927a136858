"""URLs of lots."""

from django.urls import path

from procurement.quality.views.lots import lot_detail, lot_list, make_lot_move

urlpatterns = [
    path("lots/", lot_list, name="lots"),
    path("lots/<slug:reference>/", lot_detail, name="lot"),
    path("lots/<slug:reference>/<slug:verb>/", make_lot_move, name="lot_move"),
]
