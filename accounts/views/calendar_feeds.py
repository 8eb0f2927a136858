"""Pages where a person creates, replaces and withdraws the address of their calendar.

The address is shown once. procurement/exports/views.py serves the calendar itself.
"""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from accounts.actions.calendar_feeds import CreatedFeed, create_feed, withdraw_feed
from accounts.actors import SelfActor
from workflow import clock
from workflow.clock import real_now
from workflow.http.pages import render_page, run_action

TEMPLATE = "accounts/calendar.html"


@never_cache
@login_required
def calendar_feed_page(request: HttpRequest) -> HttpResponse:
    """Show the calendar page and the state of its address. A POST creates an address and shows it once."""
    user: Any = request.user
    at = real_now()
    feed = user.calendar_feeds.filter(withdrawn_at=None).first()
    context = {"feed": feed, "over": feed is not None and not feed.is_usable(at)}
    if request.method != "POST":
        return render_page(request, TEMPLATE, context)
    return run_action(
        request,
        lambda: create_feed(user, by=SelfActor(user), at=clock.now(), real_at=at),
        done=lambda created: _shown_once(request, created),
        template=TEMPLATE,
        context=context,
    )


def _shown_once(request: HttpRequest, created: CreatedFeed) -> HttpResponse:
    return render_page(request, "accounts/calendar_created.html", {"feed": created.feed, "url": created.url})


@login_required
@require_POST
def withdraw_calendar(request: HttpRequest) -> HttpResponse:
    """Withdraw the address of the person's calendar."""
    user: Any = request.user
    if withdraw_feed(user, by=SelfActor(user), at=clock.now(), real_at=real_now()):
        messages.success(request, gettext("The link has been cancelled. Calendar apps can no longer use it."))
    return HttpResponseRedirect(reverse("calendar"), status=303)
