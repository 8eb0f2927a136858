"""URLs of agreements."""

from django.urls import path

from partners.agreements.views.agreements import add_agreement, agreement_detail, agreement_move

urlpatterns = [
    path("cities/<slug:slug>/agreements/add/", add_agreement, name="add_agreement"),
    path("agreements/<int:pk>/", agreement_detail, name="agreement"),
    path("agreements/<int:pk>/<slug:verb>/", agreement_move, name="agreement_move"),
]
