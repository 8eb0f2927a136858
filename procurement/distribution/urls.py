"""URLs of distributions. They precede the URLs of lots: distributing is not a move of a lot."""

from django.urls import path

from procurement.distribution.views import distribution, distribution_move, new_distribution

urlpatterns = [
    path("lots/<slug:reference>/distribute/", new_distribution, name="distribute_lot"),
    path("distributions/<int:pk>/", distribution, name="distribution"),
    path("distributions/<int:pk>/<slug:verb>/", distribution_move, name="distribution_move"),
]
