"""URLs of proposed corrections."""

from django.urls import path

from partners.corrections.views import (
    correction,
    correction_move,
    corrections,
    propose_agreement,
    propose_city,
    propose_exchange,
)

urlpatterns = [
    path("cities/<slug:slug>/propose/", propose_city, name="propose_city"),
    path("agreements/<int:pk>/propose/", propose_agreement, name="propose_agreement"),
    path("exchanges/<int:pk>/propose/", propose_exchange, name="propose_exchange"),
    path("corrections/", corrections, name="corrections"),
    path("corrections/<slug:reference>/", correction, name="correction"),
    path("corrections/<slug:reference>/<slug:verb>/", correction_move, name="correction_move"),
]
