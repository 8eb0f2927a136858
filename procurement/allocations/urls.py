"""URLs of allocations and of the criteria of a need."""

from django.urls import path

from procurement.allocations.views import allocate_offers, allocation, allocation_move, allocations, criteria

urlpatterns = [
    path("needs/<slug:reference>/lines/<int:number>/criteria/", criteria, name="criteria"),
    path("needs/<slug:reference>/allocate/", allocate_offers, name="allocate"),
    path("allocations/", allocations, name="allocations"),
    path("allocations/<slug:reference>/", allocation, name="allocation"),
    path("allocations/<slug:reference>/<slug:verb>/", allocation_move, name="allocation_move"),
]
