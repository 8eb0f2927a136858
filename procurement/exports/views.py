"""View of the calendar feed of one person (iCalendar).

The calendar program that reads it knows only its address (docs/rules/messages.md).
"""

from hashlib import sha256
from typing import TYPE_CHECKING, cast

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import translation
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.actions.calendar_feeds import record_feed_read
from accounts.hooks import actor_of_person
from accounts.models import CalendarFeed
from accounts.throttling import LINK_PAGE_LIMIT, throttle
from accounts.tokens import token_digest
from procurement.exports.calendar_file import write_calendar
from workflow import clock
from workflow.clock import real_now

if TYPE_CHECKING:
    from partners.permissions.permissions import Permissions

ICALENDAR_CONTENT_TYPE = "text/calendar; charset=utf-8"


@require_safe
@throttle(LINK_PAGE_LIMIT)
def calendar_feed(request: HttpRequest, token: str) -> HttpResponse:
    """Return the calendar as iCalendar with an ETag, or 304 if the program already has this version.

    An unknown address returns 404 without further detail. An address that has ended returns 410.
    """
    found = CalendarFeed.objects.select_related("user").filter(digest=token_digest(token)).first()
    at = real_now()
    if found is None:
        return _with_private_headers(
            HttpResponse(
                _("This calendar does not exist."), status=404, content_type="text/plain; charset=utf-8"
            )
        )
    if not found.is_usable(at):
        return _with_private_headers(_gone_response(found))
    record_feed_read(found, at)
    by = cast("Permissions", actor_of_person(found.user, via="link"))
    written = write_calendar(found, by, clock.now())
    etag = f'"{sha256(written).hexdigest()[:32]}"'
    answer = HttpResponse(written, content_type=ICALENDAR_CONTENT_TYPE)
    answer.headers["Content-Disposition"] = 'inline; filename="twinlane.ics"'
    answer.headers["ETag"] = etag
    response: HttpResponseBase = get_conditional_response(request, etag=etag, response=answer) or answer
    return _with_private_headers(cast("HttpResponse", response))


def _gone_response(feed: CalendarFeed) -> HttpResponse:
    """Return the 410 response for a calendar address that has ended, with the page for a new one."""
    with translation.override(feed.user.language):
        words = _("This calendar link has expired. Sign in to create a new one: %(page)s")
        text = words % {"page": settings.BASE_URL + reverse("calendar")}
    return HttpResponse(text, status=410, content_type="text/plain; charset=utf-8")


def _with_private_headers(answer: HttpResponse) -> HttpResponse:
    """Add headers so that caches revalidate the answer each time and search engines do not index it."""
    answer.headers["Cache-Control"] = "private, no-cache"
    answer.headers["X-Robots-Tag"] = "noindex, nofollow"
    answer.headers["Referrer-Policy"] = "no-referrer"
    return answer
