"""URLs of people, invitations, approval limits and delegations."""

from django.urls import path

from partners.memberships.views.approvals import approval_limits, delegate, end_delegation, offer_validity
from partners.memberships.views.members import change_invitation, end_role, invite, people

urlpatterns = [
    path("cities/<slug:slug>/people/", people, name="people"),
    path("cities/<slug:slug>/people/invite/", invite, name="invite"),
    path("network/people/", people, name="network_people"),
    path("network/people/invite/", invite, name="network_invite"),
    path("roles/<int:pk>/end/", end_role, name="end_role"),
    path("invitations/<int:pk>/<slug:verb>/", change_invitation, name="change_invitation"),
    path("cities/<slug:slug>/limits/", approval_limits, name="approval_limits"),
    path("cities/<slug:slug>/limits/offers/", offer_validity, name="offer_validity"),
    path("cities/<slug:slug>/limits/away/", delegate, name="delegate"),
    path("delegations/<int:pk>/end/", end_delegation, name="end_delegation"),
]
