"""Pages of the people of a city or of the network: roles and invitations."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_POST

from partners.authenticated_requests import AuthenticatedRequest
from partners.cities.models import City
from partners.cities.views.cities import get_city_or_404
from partners.memberships import actions
from partners.memberships.actions import invite_member, renew_invitation, revoke_invitation
from partners.memberships.models import Invitation, Membership
from partners.memberships.roles import ROLE_DEFINITIONS
from partners.memberships.rules import may_end, may_grant
from workflow import clock
from workflow.clock import real_now
from workflow.http.pages import render_page, run_action


class InviteForm(forms.Form):
    """Form to invite a person. It offers only the roles that the reader may give."""

    name = forms.CharField(label=pgettext_lazy("of a person", "Name"), max_length=150)
    email = forms.EmailField(label=_("Email"))
    role = forms.ChoiceField(label=_("Role"), widget=forms.RadioSelect)
    language = forms.ChoiceField(
        label=_("Language for messages"),
        required=False,
        choices=[("", _("Local language")), *settings.LANGUAGES],
    )

    def __init__(self, data: Any, roles: list[str]) -> None:
        super().__init__(data)
        field = self.fields["role"]
        assert isinstance(field, forms.ChoiceField)  # declared above
        field.choices = [
            (role, f"{Membership.Role(role).label}: {ROLE_DEFINITIONS[role].description}") for role in roles
        ]


def grantable_roles(request: AuthenticatedRequest, city: City | None) -> list[str]:
    """Return the roles that the reader may give in a city, or in the network."""
    grantable = [
        Membership(city=city, role=role)
        for role in Membership.Role
        if city is not None or role == "coordinator"
    ]
    return [membership.role for membership in grantable if may_grant(request.by, membership) is True]


def _get_city_or_network_or_404(request: AuthenticatedRequest, slug: str) -> City | None:
    """Return the city, or None for the network.

    404 if the reader may neither see its people nor give roles there.
    """
    city = get_city_or_404(request, slug) if slug else None
    sees = city is not None and (
        city.pk in request.by.visible_cities or city.pk in request.by.managed_city_ids
    )
    if not sees and not grantable_roles(request, city):
        raise Http404
    return city


def _people_url(city: City | None) -> str:
    return reverse("people", args=[city.slug]) if city else reverse("network_people")


@login_required
def member_list(request: AuthenticatedRequest, slug: str = "") -> HttpResponse:
    """Show the people with their roles, and the open invitations."""
    city = _get_city_or_network_or_404(request, slug)
    return render_page(request, "memberships/members.html", _people_context(request, city))


def _people_context(request: AuthenticatedRequest, city: City | None) -> dict[str, Any]:
    members = (
        Membership.objects.active()
        .filter(city=city)
        .select_related("user")
        .order_by("role", "user__name", "pk")
    )
    sent = Invitation.objects.visible_to(request.by).filter(city=city, status=Invitation.Status.SENT)
    return {
        "city": city,
        "members": [(one, may_end(request.by, one) is True) for one in members],
        "invitations": [
            (one, may_grant(request.by, one) is True) for one in sent.select_related("user").order_by("pk")
        ],
        "verbs": [("renew", _("Resend invitation")), ("revoke", _("Withdraw invitation"))],
        "now": real_now(),
        "may_invite": bool(grantable_roles(request, city)),
        "invite_url": f"{_people_url(city)}invite/",
    }


@login_required
def invite_person(request: AuthenticatedRequest, slug: str = "") -> HttpResponse:
    """Invite a person by e-mail."""
    city = _get_city_or_network_or_404(request, slug)
    roles = grantable_roles(request, city)
    if not roles:
        raise PermissionDenied
    form = InviteForm(request.POST or None, roles)
    context = {"city": city, "form": form, "back": _people_url(city)}
    if not form.is_valid():
        return render_page(request, "memberships/invite.html", context, status=422 if form.is_bound else 200)
    return run_action(
        request,
        lambda: invite_member(
            city=city, by=request.by, at=clock.now(), real_at=real_now(), **form.cleaned_data
        ),
        done=_people_url(city),
        template="memberships/invite.html",
        context=context,
    )


@login_required
@require_POST
def end_role(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """End a role of another person, or one's own."""
    rows = Membership.objects.visible_to(request.by).select_related("city", "user")
    membership = get_object_or_404(rows, pk=pk)
    return run_action(
        request,
        lambda: actions.end_role(membership, by=request.by, at=clock.now()),
        done="/" if membership.user_id == request.user.pk else _people_url(membership.city),
        template="memberships/members.html",
        context=lambda: _people_context(request, membership.city),
    )


@login_required
@require_POST
def renew_or_revoke_invitation(request: AuthenticatedRequest, pk: int, verb: str) -> HttpResponse:
    """Send an invitation again, or revoke it."""
    rows = Invitation.objects.visible_to(request.by).select_related("city", "user")
    invitation = get_object_or_404(rows, pk=pk)
    at = clock.now()
    act = {
        "renew": lambda: renew_invitation(invitation, by=request.by, at=at, real_at=real_now()),
        "revoke": lambda: revoke_invitation(invitation, by=request.by, at=at),
    }.get(verb)
    if act is None:
        raise Http404
    return run_action(
        request,
        act,
        done=_people_url(invitation.city),
        template="memberships/members.html",
        context=lambda: _people_context(request, invitation.city),
    )
