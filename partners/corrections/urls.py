"""URLs of proposed corrections."""

from django.urls import path

from partners.corrections.views import (
    correction_detail,
    correction_list,
    correction_move,
    propose_agreement_correction,
    propose_city_correction,
    propose_exchange_correction,
)

urlpatterns = [
    path("cities/<slug:slug>/propose/", propose_city_correction, name="propose_city"),
    path("agreements/<int:pk>/propose/", propose_agreement_correction, name="propose_agreement"),
    path("exchanges/<int:pk>/propose/", propose_exchange_correction, name="propose_exchange"),
    path("corrections/", correction_list, name="corrections"),
    path("corrections/<slug:reference>/", correction_detail, name="correction"),
    path("corrections/<slug:reference>/<slug:verb>/", correction_move, name="correction_move"),
]
