"""How mail of each kind reaches a person: chosen on a page of their account, or stopped from a mail without signing in."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.text import format_lazy
from django.utils.translation import gettext
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from accounts.above import NoticeKind, next_morning, notice_kinds
from accounts.actions import choices
from accounts.actions.choices import ways_of
from accounts.actors import Oneself
from accounts.limits import LINKS
from accounts.models import User
from accounts.tokens import kind_to_stop
from accounts.web.grants import private, speak_to
from accounts.web.limited import limited
from workflow import clock
from workflow.doors.editing import Edit, editing
from workflow.doors.http import attempt, show
from workflow.models.bell import Way

TEMPLATE = "accounts/notice_choices.html"
DAILY = "digest"  # the stop address of a daily mail: every kind that comes with it


class ChoicesForm(Edit):
    """For each kind of notice how its mail comes. Kinds that always come at once have no field; the page says why."""

    def __init__(self, data: Any, ways: dict[str, str]) -> None:
        super().__init__(data)
        for kind in notice_kinds():
            if len(kind.ways) > 1:
                about = format_lazy("{} {}", kind.about, kind.why) if kind.why else kind.about
                self.fields[kind.name] = forms.ChoiceField(
                    label=kind.label,  # type: ignore[arg-type]  # a Promise, as Django's own labels are
                    help_text=about,  # type: ignore[arg-type]  # as above
                    choices=[(way, Way(way).label) for way in kind.ways],
                    initial=ways[kind.name],
                    widget=forms.RadioSelect,
                )


@login_required
def notice_choices(request: HttpRequest) -> HttpResponse:
    """The kinds of notices, and how their mail comes; a POST saves it."""
    user: Any = request.user
    with editing(request, user):
        return _notice_choices(request, user)


def _notice_choices(request: HttpRequest, user: User) -> HttpResponse:
    form = ChoicesForm(request.POST if request.method == "POST" else None, ways_of(user))
    form.thing = user
    kinds = notice_kinds()
    context = {
        "form": form,
        "fixed": [kind for kind in kinds if len(kind.ways) == 1],
        "morning": next_morning(user, clock.now()),
    }
    if form.is_valid():
        return attempt(
            request,
            lambda: choices.choose(user, form.cleaned_data, by=Oneself(user), at=clock.now()),
            done=lambda changed: _saved(request, changed),
            template=TEMPLATE,
            context=context,
        )
    return show(request, TEMPLATE, context, status=422 if form.is_bound else 200)


def _saved(request: HttpRequest, changed: list[str]) -> str:
    words = gettext("Your choices are saved.") if changed else gettext("Nothing was changed.")
    messages.success(request, words)
    return reverse("notice_choices")


@csrf_exempt  # mail programs post here by themselves (RFC 8058: List-Unsubscribe-Post)
@limited(LINKS)
@require_http_methods(["GET", "HEAD", "POST"])
def stop_kind(request: HttpRequest, token: str) -> HttpResponse:
    """The button that stops mail of one kind, or the daily mail, and the undoing of the first; its address stands in each such mail."""
    told = kind_to_stop(token)
    user = User.objects.filter(pk=told[0]).first() if told else None
    kinds = {kind.name: kind for kind in notice_kinds() if Way.OFF in kind.ways}
    if told is None or user is None or told[1] not in (*kinds, DAILY):
        return private(show(request, "accounts/link_closed.html", status=404), referrer="no-referrer")
    speak_to(request, user)
    kind = kinds.get(told[1])
    if request.method == "POST":
        wanted = _stopped(user, told[1], kinds) if "resume" not in request.POST else {told[1]: Way.AT_ONCE}
        if kind is not None or "resume" not in request.POST:
            choices.choose(user, wanted, by=Oneself(user, "link"), at=clock.now())
    ways = ways_of(user)
    stopped = ways[kind.name] == Way.OFF if kind else Way.DIGEST not in [ways[name] for name in kinds]
    context = {"kind": kind, "stopped": stopped}
    return private(show(request, "accounts/stop_kind.html", context), referrer="no-referrer")


def _stopped(user: User, name: str, kinds: dict[str, NoticeKind]) -> dict[str, str]:
    """What is turned off: the one kind, or every kind that comes with the daily mail and may be off."""
    if name != DAILY:
        return {name: Way.OFF}
    return {kind: Way.OFF for kind, way in ways_of(user).items() if way == Way.DIGEST and kind in kinds}
