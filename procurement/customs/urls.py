"""URLs of clearances, customs holds and relief claims."""

from django.urls import path

from procurement.customs.duty_relief.views import relief_claim_detail, relief_claim_move, relief_claims
from procurement.customs.views import (
    add_hold,
    clearance_move,
    customs_hold_move,
    redirect_to_clearance,
    redirect_to_hold,
    reply_to_hold,
)

urlpatterns = [
    path("relief-claims/", relief_claims, name="relief_claims"),
    path("relief-claims/<slug:reference>/", relief_claim_detail, name="relief_claim"),
    path("relief-claims/<slug:reference>/<slug:verb>/", relief_claim_move, name="relief_claim_move"),
    path("customs-clearances/<slug:reference>/", redirect_to_clearance, name="clearance"),
    path("customs-clearances/<slug:reference>/hold/", add_hold, name="add_hold"),
    path("customs-clearances/<slug:reference>/<slug:verb>/", clearance_move, name="clearance_move"),
    path("customs-holds/<int:pk>/", redirect_to_hold, name="customs_hold"),
    path("customs-holds/<int:pk>/reply/", reply_to_hold, name="reply_to_hold"),
    path("customs-holds/<int:pk>/<slug:verb>/", customs_hold_move, name="customs_hold_move"),
]
