"""URLs of disputes and of the claims of sources."""

from django.urls import path

from partners.disputes.views.disputes import dispute_detail, dispute_move
from partners.disputes.views.source_claims import add_agreement_claim, add_city_claim, add_exchange_claim

urlpatterns = [
    path("agreements/<int:pk>/sources/", add_agreement_claim, name="claim_agreement"),
    path("cities/<slug:slug>/sources/", add_city_claim, name="claim_city"),
    path("exchanges/<int:pk>/sources/", add_exchange_claim, name="claim_exchange"),
    path("disagreements/<int:pk>/", dispute_detail, name="dispute"),
    path("disagreements/<int:pk>/<slug:verb>/", dispute_move, name="dispute_move"),
]
