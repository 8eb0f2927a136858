"""URLs of distributions. They precede the URLs of lots: distributing is not a move of a lot."""

from django.urls import path

from procurement.distribution.views import distribution_move, new_distribution, redirect_to_distributed_lot

urlpatterns = [
    path("lots/<slug:reference>/distribute/", new_distribution, name="distribute_lot"),
    path("distributions/<int:pk>/", redirect_to_distributed_lot, name="distribution"),
    path("distributions/<int:pk>/<slug:verb>/", distribution_move, name="distribution_move"),
]
