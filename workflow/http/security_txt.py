"""`/.well-known/security.txt`: the contact for reports of vulnerabilities (RFC 9116)."""

from datetime import UTC, date, datetime, time

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotFound
from django.urls import reverse
from django.views.decorators.http import require_safe

from workflow.clock import real_now


@require_safe
def security_txt(_request: HttpRequest) -> HttpResponse:
    """Return contact, last day, languages and own address; 404 without a contact or after its last day."""
    last = settings.SECURITY_EXPIRES
    if not settings.SECURITY_CONTACT or last is None or end_of_last_day(last) <= real_now():
        return HttpResponseNotFound("This site names no contact.\n", content_type="text/plain; charset=utf-8")
    lines = (
        f"Contact: {settings.SECURITY_CONTACT}",
        f"Expires: {end_of_last_day(last).isoformat()}",
        "Preferred-Languages: en, fr, zh",
        f"Canonical: {settings.BASE_URL}{reverse('security_txt')}",
    )
    return HttpResponse("".join(f"{line}\n" for line in lines), content_type="text/plain; charset=utf-8")


def end_of_last_day(last: date) -> datetime:
    """Return the end of the last day, in UTC."""
    return datetime.combine(last, time(23, 59, 59), UTC)
