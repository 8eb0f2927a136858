"""URLs of the network page, of the page on unused potential, and of reciprocity."""

from django.urls import path

from procurement.network.views.network import network_page
from procurement.network.views.reciprocity import reciprocity_page
from procurement.network.views.untapped_potential import untapped_potential_page

urlpatterns = [
    path("network/untapped/", untapped_potential_page, name="untapped"),
    path("cities/<slug:slug>/with/<slug:other>/", reciprocity_page, name="reciprocity"),
    path("network/", network_page, name="network"),
]
