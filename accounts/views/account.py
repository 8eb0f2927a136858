"""Page of a person's own account, and the addresses that end a session or switch language or colour theme."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from accounts.actions import sessions
from accounts.actions.people import PersonEdit, edit_person
from accounts.actors import SelfActor
from accounts.models import Language, User
from accounts.second_factor import is_missing
from accounts.time_zones import time_zones
from workflow import clock
from workflow.http.edit_forms import EditForm, locked_for_edit
from workflow.http.pages import render_page, run_action

THEMES = ("light", "dark")
COOKIE_MAX_AGE_SECONDS = 366 * 24 * 3600


class ProfileForm(EditForm):
    """Form for a person's name, language, time zone and keyboard shortcuts."""

    name = forms.CharField(
        label=pgettext_lazy("of a person", "Name"),
        max_length=150,
        help_text=_("As others see it on this site, in your usual name order."),
    )
    language = forms.ChoiceField(
        label=_("Language"), choices=Language, help_text=_("Used for pages and for emails to you.")
    )
    time_zone = forms.ChoiceField(
        label=_("Time zone"), choices=time_zones, help_text=_("Times on pages are shown in this time zone.")
    )
    single_keys = forms.BooleanField(
        label=_("Single-key shortcuts"),
        required=False,
        help_text=_(
            "Keys such as g n, j and k act as shortcuts on pages. Turn them off if you use speech or "
            "switch software that types letters."
        ),
    )


@login_required
def account(request: HttpRequest) -> HttpResponse:
    """Show the account page. A POST saves name, language, time zone and keyboard shortcuts."""
    user = _user(request)
    with locked_for_edit(request, user):
        return _account_page(request, user)


def _account_page(request: HttpRequest, user: User) -> HttpResponse:
    current = {name: getattr(user, name) for name in ProfileForm.base_fields}
    form = ProfileForm(request.POST if request.method == "POST" else None, initial=current)
    form.thing = user
    context = {
        "form": form,
        "factor_missing": is_missing(request),
        "token_count": user.api_tokens.count(),
    }
    if form.is_valid():
        return run_action(
            request,
            lambda: edit_person(user, PersonEdit(**form.cleaned_data), by=SelfActor(user), at=clock.now()),
            done=lambda user: _confirm_saved(request, user),
            template="accounts/account.html",
            context=context,
        )
    return render_page(request, "accounts/account.html", context, status=422 if form.is_bound else 200)


def _confirm_saved(request: HttpRequest, user: User) -> str:
    with translation.override(user.language):
        messages.success(request, gettext("Your settings have been saved."))
    return reverse("account")


@login_required
@require_POST
def end_session(request: HttpRequest, session_id: int) -> HttpResponse:
    """End one of the person's sessions."""
    user = _user(request)
    if sessions.end_session(user, session_id, by=SelfActor(user), at=clock.now()):
        messages.success(request, gettext("That session has been ended."))
    return HttpResponseRedirect(reverse("usersessions_list"), status=303)


@csrf_exempt  # pages reached by link send no Origin (no-referrer); the session cookie is Lax, so no other site can send it
@require_POST
def set_language(request: HttpRequest) -> HttpResponse:
    """Switch the language. It is stored in a cookie and, for a signed-in person, on the account."""
    language = request.POST.get("language", "")
    response = _redirect_back(request)
    if language in Language.values:
        if isinstance(request.user, User):
            edit = PersonEdit(language=language)
            edit_person(request.user, edit, by=SelfActor(request.user), at=clock.now())
        _set_cookie(response, settings.LANGUAGE_COOKIE_NAME, language)
    return response


@csrf_exempt  # as above; it sets a colour
@require_POST
def set_theme(request: HttpRequest) -> HttpResponse:
    """Switch between light and dark colours. Stored in a cookie; the default is the reader's system."""
    chosen = request.POST.get("theme", "")
    response = _redirect_back(request)
    if chosen in THEMES:
        _set_cookie(response, settings.THEME_COOKIE_NAME, chosen)
    return response


def _redirect_back(request: HttpRequest) -> HttpResponse:
    target = request.POST.get("next", "")
    is_own = url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure())
    return HttpResponseRedirect(target if is_own else "/", status=303)


def _set_cookie(response: HttpResponse, name: str, value: str) -> None:
    response.set_cookie(
        name, value, max_age=COOKIE_MAX_AGE_SECONDS, secure=settings.HTTPS, httponly=True, samesite="Lax"
    )


def _user(request: HttpRequest) -> Any:
    return request.user
