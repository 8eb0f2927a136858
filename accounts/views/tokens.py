"""Pages of a person's API tokens: list them, create one, show its value once, and revoke one."""

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

from accounts.actions import tokens
from accounts.actions.tokens import IssuedToken, issue_token
from accounts.actors import SelfActor
from accounts.models import ApiToken
from accounts.scopes import READ, WRITE
from workflow import clock
from workflow.clock import real_now
from workflow.http.pages import render_page, run_action

TEMPLATE = "accounts/tokens.html"


class TokenForm(forms.Form):
    """Form for a token's name, scopes and days of validity."""

    name = forms.CharField(
        label=_("Name"),
        max_length=80,
        help_text=_("The API client that will use the token, so that you can tell your tokens apart."),
    )
    scopes = forms.MultipleChoiceField(
        label=_("Permissions"),
        choices=[
            (READ, _("Read all data you have access to")),
            (WRITE, _("Make all changes you are allowed to make")),
        ],
        widget=forms.CheckboxSelectMultiple,
    )
    days = forms.TypedChoiceField(
        label=_("Valid for"),
        coerce=int,
        choices=[(30, _("30 days")), (90, _("90 days")), (365, _("One year"))],
    )


@never_cache
@login_required
def api_tokens(request: HttpRequest) -> HttpResponse:
    """Show the tokens of the signed-in person. A POST creates one and shows its value once."""
    user: Any = request.user
    form = TokenForm(
        request.POST if request.method == "POST" else None, initial={"scopes": [READ], "days": 90}
    )
    context = {"form": form, "tokens": user.api_tokens.order_by("-id"), "at": real_now()}
    if form.is_valid():
        return run_action(
            request,
            lambda: issue_token(
                user, **form.cleaned_data, by=SelfActor(user), at=clock.now(), real_at=real_now()
            ),
            done=lambda issued: _show_token_once(request, issued),
            template=TEMPLATE,
            context=context,
        )
    return render_page(request, TEMPLATE, context, status=422 if form.is_bound else 200)


def _show_token_once(request: HttpRequest, issued: IssuedToken) -> HttpResponse:
    return render_page(request, "accounts/token_created.html", {"token": issued.token, "value": issued.value})


@login_required
@require_POST
def revoke_token(request: HttpRequest, prefix: str) -> HttpResponse:
    """Revoke one of the person's own tokens."""
    user: Any = request.user
    token = get_object_or_404(ApiToken, user=user, prefix=prefix)
    tokens.revoke_token(token, by=SelfActor(user), at=clock.now(), real_at=real_now())
    messages.success(request, gettext("The token has been revoked. API clients can no longer use it."))
    return HttpResponseRedirect(reverse("api_tokens"), status=303)
