"""URLs of clearances, customs holds and relief claims."""

from django.urls import path

from procurement.customs.duty_relief.views import relief_claim, relief_claims, relief_move
from procurement.customs.views import add_hold, clearance, clearance_move, hold, hold_move, reply_to_hold

urlpatterns = [
    path("relief-claims/", relief_claims, name="relief_claims"),
    path("relief-claims/<slug:reference>/", relief_claim, name="relief_claim"),
    path("relief-claims/<slug:reference>/<slug:verb>/", relief_move, name="relief_claim_move"),
    path("customs-clearances/<slug:reference>/", clearance, name="clearance"),
    path("customs-clearances/<slug:reference>/hold/", add_hold, name="add_hold"),
    path("customs-clearances/<slug:reference>/<slug:verb>/", clearance_move, name="clearance_move"),
    path("customs-holds/<int:pk>/", hold, name="customs_hold"),
    path("customs-holds/<int:pk>/reply/", reply_to_hold, name="reply_to_hold"),
    path("customs-holds/<int:pk>/<slug:verb>/", hold_move, name="customs_hold_move"),
]
