"""A person's API tokens: made, shown once, listed and ended."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from accounts import scopes
from accounts.actions import tokens
from accounts.actions.tokens import IssuedToken
from accounts.actors import Oneself
from accounts.models import ApiToken
from workflow import clock
from workflow.doors.http import attempt, show

TEMPLATE = "accounts/tokens.html"


class TokenForm(forms.Form):
    """What the program is, what it may do, and for how long."""

    name = forms.CharField(
        label=_("Name"), max_length=80, help_text=_("Which program it is for, so that you know it again.")
    )
    scopes = forms.MultipleChoiceField(
        label=_("It may"),
        choices=[(scopes.READ, _("Read what you may read")), (scopes.WRITE, _("Do what you may do"))],
        widget=forms.CheckboxSelectMultiple,
    )
    days = forms.TypedChoiceField(
        label=_("It lasts"), coerce=int, choices=[(30, _("30 days")), (90, _("90 days")), (365, _("A year"))]
    )


@never_cache
@login_required
def api_tokens(request: HttpRequest) -> HttpResponse:
    """The tokens of the person signed in; a POST makes one and shows its value this once."""
    user: Any = request.user
    form = TokenForm(
        request.POST if request.method == "POST" else None, initial={"scopes": [scopes.READ], "days": 90}
    )
    context = {"form": form, "tokens": user.api_tokens.order_by("-id"), "at": clock.real_now()}
    if form.is_valid():
        return attempt(
            request,
            lambda: tokens.issue(
                user, **form.cleaned_data, by=Oneself(user), at=clock.now(), real_at=clock.real_now()
            ),
            done=lambda issued: _shown_once(request, issued),
            template=TEMPLATE,
            context=context,
        )
    return show(request, TEMPLATE, context, status=422 if form.is_bound else 200)


def _shown_once(request: HttpRequest, issued: IssuedToken) -> HttpResponse:
    return show(request, "accounts/token_made.html", {"token": issued.token, "value": issued.value})


@login_required
@require_POST
def revoke_token(request: HttpRequest, prefix: str) -> HttpResponse:
    """End one of one's own tokens."""
    user: Any = request.user
    token = get_object_or_404(ApiToken, user=user, prefix=prefix)
    tokens.revoke(token, by=Oneself(user), at=clock.now(), real_at=clock.real_now())
    messages.success(request, gettext("The token is ended: programs that use it are refused from now on."))
    return HttpResponseRedirect(reverse("api_tokens"), status=303)
