"""The address of one's calendar: made, shown once, made anew, withdrawn. What it holds is written in procurement/web/calendar.py."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from accounts.actions import calendars
from accounts.actions.calendars import MadeFeed
from accounts.actors import Oneself
from workflow import clock
from workflow.doors.http import attempt, show

TEMPLATE = "accounts/calendar.html"


@never_cache
@login_required
def calendar(request: HttpRequest) -> HttpResponse:
    """What the calendar shows, and how its address stands; a POST makes an address and shows it this once."""
    user: Any = request.user
    at = clock.real_now()
    feed = user.calendar_feeds.filter(withdrawn_at=None).first()
    context = {"feed": feed, "over": feed is not None and not feed.usable(at)}
    if request.method != "POST":
        return show(request, TEMPLATE, context)
    return attempt(
        request,
        lambda: calendars.make(user, by=Oneself(user), at=clock.now(), real_at=at),
        done=lambda made: _shown_once(request, made),
        template=TEMPLATE,
        context=context,
    )


def _shown_once(request: HttpRequest, made: MadeFeed) -> HttpResponse:
    return show(request, "accounts/calendar_made.html", {"feed": made.feed, "url": made.url})


@login_required
@require_POST
def withdraw_calendar(request: HttpRequest) -> HttpResponse:
    """End the address."""
    user: Any = request.user
    if calendars.withdraw(user, by=Oneself(user), at=clock.now(), real_at=clock.real_now()):
        messages.success(request, gettext("The address is ended: calendar programs are refused from now on."))
    return HttpResponseRedirect(reverse("calendar"), status=303)
