"""The calendar of one person, read by a program that holds its address and nothing else (docs/adr/0066)."""

from hashlib import sha256
from typing import TYPE_CHECKING, cast

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import path, reverse
from django.utils import translation
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts import above, tokens
from accounts.actions.calendars import note_read
from accounts.limits import LINKS
from accounts.web.limited import limited
from accounts.wishes import CalendarFeed
from procurement.exchange import calendar
from workflow import clock
from workflow.clock import real_now

if TYPE_CHECKING:
    from partners.rules.powers import Powers

KIND = "text/calendar; charset=utf-8"


@require_safe
@limited(LINKS)
def calendar_feed(request: HttpRequest, token: str) -> HttpResponse:
    """The calendar, with its ETag; 304 where the program has it already. An unknown address is told nothing: 404."""
    found = CalendarFeed.objects.select_related("user").filter(digest=tokens.digest(token)).first()
    at = real_now()
    if found is None:
        return _private(
            HttpResponse(
                _("There is no such calendar."), status=404, content_type="text/plain; charset=utf-8"
            )
        )
    if not found.usable(at):
        return _private(_over(found))
    note_read(found, at)
    by = cast("Powers", above.person(found.user, "link"))
    written = calendar.write(found, by, clock.now())
    etag = f'"{sha256(written).hexdigest()[:32]}"'
    answer = HttpResponse(written, content_type=KIND)
    answer.headers["Content-Disposition"] = 'inline; filename="twinlane.ics"'
    answer.headers["ETag"] = etag
    told: HttpResponseBase = get_conditional_response(request, etag=etag, response=answer) or answer
    return _private(cast("HttpResponse", told))


def _over(feed: CalendarFeed) -> HttpResponse:
    """What somebody reads who opens an address that has ended; a calendar program shows it, or that it failed."""
    with translation.override(feed.user.language):
        words = _("This calendar address has ended. Sign in to make a new one: %(page)s")
        text = words % {"page": settings.BASE_URL + reverse("calendar")}
    return HttpResponse(text, status=410, content_type="text/plain; charset=utf-8")


def _private(answer: HttpResponse) -> HttpResponse:
    """Kept by the program that asked, asked about each time, and found by no search engine."""
    answer.headers["Cache-Control"] = "private, no-cache"
    answer.headers["X-Robots-Tag"] = "noindex, nofollow"
    answer.headers["Referrer-Policy"] = "no-referrer"
    return answer


urlpatterns = [path("calendar/<str:token>.ics", calendar_feed, name="calendar_feed")]
