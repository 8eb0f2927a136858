"""A person's own account: name, language, clock, where they are signed in, and the language and colours of the pages."""

from functools import cache
from typing import Any
from zoneinfo import available_timezones

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

from accounts import second_factor
from accounts.actions import people, sessions
from accounts.actors import Oneself
from accounts.models import Language, User
from workflow import clock
from workflow.doors.editing import Edit, editing
from workflow.doors.http import attempt, show

THEMES = ("light", "dark")
A_YEAR = 366 * 24 * 3600


@cache  # reads six hundred files
def time_zones() -> list[tuple[str, list[tuple[str, str]]]]:
    """The world's clocks by region, as a person looks for theirs: "America", "Vancouver"."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for zone in sorted(available_timezones()):
        region, _slash, place = zone.partition("/")
        if place and region not in (
            "Etc",
            "SystemV",
            "US",
            "Brazil",
            "Canada",
            "Chile",
            "Mexico",
            "posix",
            "right",
        ):
            groups.setdefault(region, []).append((zone, place.replace("_", " ")))
    return [("UTC", [("UTC", "UTC")]), *groups.items()]


class ProfileForm(Edit):
    """What others see of a person, and how pages and messages speak to them."""

    name = forms.CharField(
        label=pgettext_lazy("of a person", "Name"),
        max_length=150,
        help_text=_("As others here see it, in your own order."),
    )
    language = forms.ChoiceField(
        label=_("Language"), choices=Language, help_text=_("Of the pages, and of mail to you.")
    )
    time_zone = forms.ChoiceField(
        label=_("Time zone"), choices=time_zones, help_text=_("Times on the pages are shown by this clock.")
    )


@login_required
def account(request: HttpRequest) -> HttpResponse:
    """The account page; a POST saves name, language and time zone."""
    user = _user(request)
    with editing(request, user):
        return _account(request, user)


def _account(request: HttpRequest, user: User) -> HttpResponse:
    now = {"name": user.name, "language": user.language, "time_zone": user.time_zone}
    form = ProfileForm(request.POST if request.method == "POST" else None, initial=now)
    form.thing = user
    context = {
        "form": form,
        "factor_missing": second_factor.missing(request),
        "token_count": user.api_tokens.count(),
    }
    if form.is_valid():
        return attempt(
            request,
            lambda: people.edit(user, by=Oneself(user), at=clock.now(), **form.cleaned_data),
            done=lambda saved: _saved(request, saved),
            template="accounts/account.html",
            context=context,
        )
    return show(request, "accounts/account.html", context, status=422 if form.is_bound else 200)


def _saved(request: HttpRequest, user: User) -> str:
    with translation.override(user.language):
        messages.success(request, gettext("Your settings are saved."))
    return reverse("account")


@login_required
@require_POST
def end_session(request: HttpRequest, session_id: int) -> HttpResponse:
    """Sign out in one other place."""
    user = _user(request)
    if sessions.end(user, session_id, by=Oneself(user), at=clock.now()):
        messages.success(request, gettext("That session is ended."))
    return HttpResponseRedirect(reverse("usersessions_list"), status=303)


@csrf_exempt  # a page reached by link sends no origin (no-referrer); the session cookie, being Lax, never comes from elsewhere
@require_POST
def set_language(request: HttpRequest) -> HttpResponse:
    """Switch the language: kept in a cookie, and on the person when somebody is signed in."""
    language = request.POST.get("language", "")
    response = _back(request)
    if language in Language.values:
        if isinstance(request.user, User):
            people.edit(request.user, by=Oneself(request.user), at=clock.now(), language=language)
        _keep(response, settings.LANGUAGE_COOKIE_NAME, language)
    return response


@csrf_exempt  # as above; it sets a colour
@require_POST
def theme(request: HttpRequest) -> HttpResponse:
    """Switch between light and dark: kept in a cookie; without one the reader's system decides."""
    chosen = request.POST.get("theme", "")
    response = _back(request)
    if chosen in THEMES:
        _keep(response, settings.THEME_COOKIE_NAME, chosen)
    return response


def _back(request: HttpRequest) -> HttpResponse:
    to = request.POST.get("next", "")
    ours = url_has_allowed_host_and_scheme(to, {request.get_host()}, require_https=request.is_secure())
    return HttpResponseRedirect(to if ours else "/", status=303)


def _keep(response: HttpResponse, name: str, value: str) -> None:
    response.set_cookie(name, value, max_age=A_YEAR, secure=settings.HTTPS, httponly=True, samesite="Lax")


def _user(request: HttpRequest) -> Any:
    return request.user
