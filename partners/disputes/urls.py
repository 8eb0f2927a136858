"""URLs of disputes and of the claims of sources."""

from django.urls import path

from partners.disputes.views.disputes import dispute, dispute_move
from partners.disputes.views.source_claims import claim_agreement, claim_city, claim_exchange

urlpatterns = [
    path("agreements/<int:pk>/sources/", claim_agreement, name="claim_agreement"),
    path("cities/<slug:slug>/sources/", claim_city, name="claim_city"),
    path("exchanges/<int:pk>/sources/", claim_exchange, name="claim_exchange"),
    path("disagreements/<int:pk>/", dispute, name="dispute"),
    path("disagreements/<int:pk>/<slug:verb>/", dispute_move, name="dispute_move"),
]
