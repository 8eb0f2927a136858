"""The page of an invitation: single use, bound to the address it was sent to. Who is new chooses a name and a password here.

Who already has an account signs in and accepts. What the invitation gives is the business of the room above (accounts/above.py).
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

from accounts import above
from accounts.above import Invited
from accounts.actions import people
from accounts.actors import Oneself
from accounts.limits import LINKS
from accounts.models import Language, User
from accounts.web.forms import LONG_ENOUGH
from accounts.web.grants import private, speak_to
from accounts.web.limited import limited
from workflow import clock
from workflow.doors.http import attempt, show

TEMPLATE = "accounts/join.html"


class JoinForm(forms.Form):
    """Name, language and a password for somebody who had none."""

    name = forms.CharField(label=_("Your name"), max_length=150, help_text=_("As others here will see it."))
    language = forms.ChoiceField(label=_("Language"), choices=Language)
    password = forms.CharField(
        label=_("Password"),
        help_text=LONG_ENOUGH,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_password(self) -> str:
        """A password that is long enough, not common, and not like the name or the address."""
        password: str = self.cleaned_data["password"]
        validate_password(password, self.user)
        return password


@require_http_methods(["GET", "HEAD", "POST"])
@limited(LINKS)
def join(request: HttpRequest, token: str) -> HttpResponse:
    """What somebody is invited to, and by whom; looking changes nothing. A POST accepts."""
    invited = above.find_invitation(token, clock.real_now())
    if invited is None:
        return private(show(request, "accounts/join_closed.html", status=410))
    speak_to(request, invited.user)
    answer = _with_account if invited.user.has_usable_password() else _without_password
    return private(answer(request, token, invited))


def _without_password(request: HttpRequest, token: str, invited: Invited) -> HttpResponse:
    """Somebody new to us, or a contact who acted by link so far."""
    user = invited.user
    form = JoinForm(
        request.POST if request.method == "POST" else None,
        user=user,
        initial={"name": user.name, "language": user.language},
    )
    context = {"form": form, "invited": invited}
    if form.is_valid():
        at, real_at = clock.now(), clock.real_now()
        return attempt(
            request,
            lambda: people.welcome(user, token=token, at=at, real_at=real_at, **form.cleaned_data),
            done=lambda welcomed: perform_login(request, welcomed, redirect_url="/"),
            template=TEMPLATE,
            context=context,
        )
    return show(request, TEMPLATE, context, status=422 if form.is_bound else 200)


def _with_account(request: HttpRequest, token: str, invited: Invited) -> HttpResponse:
    """Somebody who can sign in: as the person invited, then they accept."""
    if request.user != invited.user:
        back = urlencode({"next": request.path})
        return show(request, TEMPLATE, {"invited": invited, "sign_in": f"{reverse('account_login')}?{back}"})
    if request.method == "POST":
        oneself, at, real_at = Oneself(invited.user), clock.now(), clock.real_now()
        return attempt(
            request,
            lambda: above.accept_invitation(token, by=oneself, at=at, real_at=real_at),
            done=lambda _none: _welcomed(request, invited),
            template=TEMPLATE,
            context={"invited": invited},
        )
    return show(request, TEMPLATE, {"invited": invited})


def _welcomed(request: HttpRequest, invited: Invited) -> str:
    messages.success(request, gettext("You are now part of %(place)s.") % {"place": invited.place})
    return "/"
