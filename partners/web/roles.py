"""The people of a city, or of the network, on pages: who holds which role, who is invited, and both changed."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_POST

from partners.actions import roles
from partners.actions.roles import invite_member, renew_invitation
from partners.models.cities import City
from partners.models.people import Invitation, Membership
from partners.roles import ROLES
from partners.rules.people import may_end, may_give
from partners.visit import Visit
from partners.web import cities
from workflow import clock
from workflow.clock import real_now
from workflow.doors.http import attempt, show


class Invite(forms.Form):
    """Who is invited, and as what. Only the roles that the reader may give are offered."""

    name = forms.CharField(label=pgettext_lazy("of a person", "Name"), max_length=150)
    email = forms.EmailField(label=_("E-mail"))
    role = forms.ChoiceField(label=_("Role"), widget=forms.RadioSelect)
    language = forms.ChoiceField(
        label=_("Write to them in"),
        required=False,
        choices=[("", _("The language of the place")), *settings.LANGUAGES],
    )

    def __init__(self, data: Any, roles: list[str]) -> None:
        super().__init__(data)
        field = self.fields["role"]
        assert isinstance(field, forms.ChoiceField)  # declared above
        field.choices = [(role, f"{Membership.Role(role).label}: {ROLES[role].about}") for role in roles]


def roles_to_give(request: Visit, city: City | None) -> list[str]:
    """The roles that the reader may give in a city, or in the network."""
    given = [
        Membership(city=city, role=role)
        for role in Membership.Role
        if city is not None or role == "coordinator"
    ]
    return [membership.role for membership in given if may_give(request.by, membership) is True]


def _place(request: Visit, slug: str) -> City | None:
    """The city, for those who see its people or may give roles there; the network for its coordinators. Else 404."""
    city = cities.find(request, slug) if slug else None
    sees = city is not None and (city.pk in request.by.sees or city.pk in request.by.manages)
    if not sees and not roles_to_give(request, city):
        raise Http404
    return city


def _address(city: City | None) -> str:
    return reverse("people", args=[city.slug]) if city else reverse("network_people")


@login_required
def people(request: Visit, slug: str = "") -> HttpResponse:
    """Who works here and as what, and who is invited."""
    city = _place(request, slug)
    return show(request, "partners/people.html", _people(request, city))


def _people(request: Visit, city: City | None) -> dict[str, Any]:
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
            (one, may_give(request.by, one) is True) for one in sent.select_related("user").order_by("pk")
        ],
        "verbs": [("renew", _("Send again")), ("revoke", _("Take back"))],
        "now": real_now(),
        "may_invite": bool(roles_to_give(request, city)),
        "invite_url": f"{_address(city)}invite/",
    }


@login_required
def invite(request: Visit, slug: str = "") -> HttpResponse:
    """Invite somebody by e-mail."""
    city = _place(request, slug)
    roles = roles_to_give(request, city)
    if not roles:
        raise PermissionDenied
    form = Invite(request.POST or None, roles)
    context = {"city": city, "form": form, "back": _address(city)}
    if not form.is_valid():
        return show(request, "partners/invite.html", context, status=422 if form.is_bound else 200)
    return attempt(
        request,
        lambda: invite_member(
            city=city, by=request.by, at=clock.now(), real_at=real_now(), **form.cleaned_data
        ),
        done=_address(city),
        template="partners/invite.html",
        context=context,
    )


@login_required
@require_POST
def end_role(request: Visit, pk: int) -> HttpResponse:
    """End somebody's role, or one's own."""
    rows = Membership.objects.visible_to(request.by).select_related("city", "user")
    membership = get_object_or_404(rows, pk=pk)
    return attempt(
        request,
        lambda: roles.end_role(membership, by=request.by, at=clock.now()),
        done="/" if membership.user_id == request.user.pk else _address(membership.city),
        template="partners/people.html",
        context=lambda: _people(request, membership.city),
    )


@login_required
@require_POST
def change_invitation(request: Visit, pk: int, verb: str) -> HttpResponse:
    """Send an invitation again, or take it back."""
    rows = Invitation.objects.visible_to(request.by).select_related("city", "user")
    invitation = get_object_or_404(rows, pk=pk)
    at = clock.now()
    act = {
        "renew": lambda: renew_invitation(invitation, by=request.by, at=at, real_at=real_now()),
        "revoke": lambda: roles.revoke(invitation, by=request.by, at=at),
    }.get(verb)
    if act is None:
        raise Http404
    return attempt(
        request,
        act,
        done=_address(invitation.city),
        template="partners/people.html",
        context=lambda: _people(request, invitation.city),
    )


urlpatterns = [
    path("cities/<slug:slug>/people/", people, name="people"),
    path("cities/<slug:slug>/people/invite/", invite, name="invite"),
    path("network/people/", people, name="network_people"),
    path("network/people/invite/", invite, name="network_invite"),
    path("roles/<int:pk>/end/", end_role, name="end_role"),
    path("invitations/<int:pk>/<slug:verb>/", change_invitation, name="change_invitation"),
]
