"""URLs of people, invitations, approval limits and delegations."""

from django.urls import path

from partners.memberships.views.approvals import (
    approval_limits,
    delegate_approvals,
    end_delegation,
    need_approval,
    offer_validity,
    purchase_details,
)
from partners.memberships.views.members import (
    end_role,
    invite_person,
    member_list,
    renew_or_revoke_invitation,
)

urlpatterns = [
    path("cities/<slug:slug>/people/", member_list, name="people"),
    path("cities/<slug:slug>/people/invite/", invite_person, name="invite"),
    path("network/people/", member_list, name="network_people"),
    path("network/people/invite/", invite_person, name="network_invite"),
    path("roles/<int:pk>/end/", end_role, name="end_role"),
    path("invitations/<int:pk>/<slug:verb>/", renew_or_revoke_invitation, name="change_invitation"),
    path("cities/<slug:slug>/limits/", approval_limits, name="approval_limits"),
    path("cities/<slug:slug>/limits/needs/", need_approval, name="need_approval"),
    path("cities/<slug:slug>/limits/offers/", offer_validity, name="offer_validity"),
    path("cities/<slug:slug>/limits/orders/", purchase_details, name="purchase_details"),
    path("cities/<slug:slug>/limits/away/", delegate_approvals, name="delegate"),
    path("delegations/<int:pk>/end/", end_delegation, name="end_delegation"),
]
