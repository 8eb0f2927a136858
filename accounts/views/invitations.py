"""Page on which an invited person accepts an invitation.

An invitation can be used once, and only by the person to whose address it was sent. A new person chooses a name
and a password, or signs in by the identity provider of the city; a person with a password signs in first.
`partners` decides which role the invitation gives, through the hooks of accounts/hooks.py.
"""

from typing import Any

from allauth.account.utils import perform_login
from django import forms
from django.contrib import messages
from django.contrib.auth.password_validation import validate_password
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from accounts import hooks
from accounts.actions.people import register_invited
from accounts.actors import SelfActor
from accounts.forms import PASSWORD_HINT
from accounts.hooks import InvitationInfo, find_invitation
from accounts.identity_providers.queries import identity_providers, provider_choices
from accounts.identity_providers.rules import PersonCities, required_provider
from accounts.link_sessions import activate_locale, add_no_store_headers
from accounts.models import Language, User
from accounts.throttling import LINK_PAGE_LIMIT, throttle
from workflow import clock
from workflow.clock import is_practice, real_now
from workflow.http.pages import Context, render_page, run_action

TEMPLATE = "accounts/join.html"


class JoinForm(forms.Form):
    """Form for the name, language and password of a person without a password."""

    name = forms.CharField(
        label=_("Your name"), max_length=150, help_text=_("As others will see it on this site.")
    )
    language = forms.ChoiceField(label=_("Language"), choices=Language)
    password = forms.CharField(
        label=_("Password"),
        help_text=PASSWORD_HINT,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_password(self) -> str:
        """Refuse a password that is too short, common, or similar to the name or the address."""
        password: str = self.cleaned_data["password"]
        validate_password(password, self.user)
        return password


@require_http_methods(["GET", "HEAD", "POST"])
@throttle(LINK_PAGE_LIMIT)
def accept_invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Show the role of an invitation and who sent it. A POST accepts it."""
    invitation = find_invitation(token, real_now())
    if invitation is None:
        return add_no_store_headers(render_page(request, "accounts/join_closed.html", status=410))
    activate_locale(request, invitation.user)
    has_account = invitation.user.has_usable_password() or request.user == invitation.user
    respond = _accept_after_sign_in if has_account else _accept_without_password
    return add_no_store_headers(respond(request, token, invitation))


def _accept_without_password(request: HttpRequest, token: str, invitation: InvitationInfo) -> HttpResponse:
    """Show or handle the form of a person who is new, or who has only acted by link."""
    user = invitation.user
    providers = [provider for provider in identity_providers() if provider.city == invitation.city]
    context: Context = {"invited": invitation, "choices": provider_choices(providers, request.path)}
    joined = PersonCities(frozenset({invitation.city}))
    if required_provider(providers, user.email, joined, used="") and not is_practice():
        return render_page(request, TEMPLATE, context, status=403 if request.method == "POST" else 200)
    form = JoinForm(
        request.POST if request.method == "POST" else None,
        user=user,
        initial={"name": user.name, "language": user.language},
    )
    context["form"] = form
    if form.is_valid():
        at, real_at = clock.now(), real_now()
        return run_action(
            request,
            lambda: register_invited(user, token=token, at=at, real_at=real_at, **form.cleaned_data),
            done=lambda user: perform_login(request, user, redirect_url="/"),
            template=TEMPLATE,
            context=context,
        )
    return render_page(request, TEMPLATE, context, status=422 if form.is_bound else 200)


def _accept_after_sign_in(request: HttpRequest, token: str, invitation: InvitationInfo) -> HttpResponse:
    """Ask a person with an account to sign in as the invited person, then to accept."""
    if request.user != invitation.user:
        query = urlencode({"next": request.path})
        return render_page(
            request, TEMPLATE, {"invited": invitation, "sign_in": f"{reverse('account_login')}?{query}"}
        )
    if request.method == "POST":
        self_actor, at, real_at = SelfActor(invitation.user), clock.now(), real_now()
        return run_action(
            request,
            lambda: hooks.accept_invitation(token, by=self_actor, at=at, real_at=real_at),
            done=lambda _result: _confirm_access(request, invitation),
            template=TEMPLATE,
            context={"invited": invitation},
        )
    return render_page(request, TEMPLATE, {"invited": invitation})


def _confirm_access(request: HttpRequest, invitation: InvitationInfo) -> str:
    messages.success(request, gettext("You have joined %(place)s.") % {"place": invitation.city_label})
    return "/"
