"""Rate limits: one atomic counter in PostgreSQL, and the decorator that applies it to views."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import wraps
from ipaddress import ip_address, ip_network
from typing import Any

from allauth.account.adapter import get_adapter
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from accounts.models import RateLimitCounter
from workflow.clock import real_now
from workflow.errors import LazyText, Refused

TOO_MANY_ATTEMPTS = _("Too many attempts. Wait a moment and try again.")


@dataclass(frozen=True)
class RateLimit:
    """Rate limit: `max_uses` uses within the period `period`, which starts with the first use."""

    name: str
    max_uses: int
    period: timedelta
    message: LazyText = TOO_MANY_ATTEMPTS


SIGN_IN_LIMIT = RateLimit(
    "sign-in", 30, timedelta(minutes=1)
)  # per network address, which a whole office may share
SIGN_IN_PER_ACCOUNT_LIMIT = RateLimit(
    "sign-in-as", 15, timedelta(minutes=5)
)  # per account, from all addresses together
EMAIL_CODE_LIMIT = RateLimit("codes", 10, timedelta(minutes=10))
LINK_PAGE_LIMIT = RateLimit("links", 30, timedelta(minutes=1))
PRACTICE_SIGN_IN_LIMIT = RateLimit(
    "practice", 200, timedelta(minutes=1)
)  # a demo prints about twenty links, opened one after the other
FORM_SUBMIT_LIMIT = RateLimit("submits", 10, timedelta(hours=1))  # completed forms of one link
PHOTO_LIMIT = RateLimit("photos", 60, timedelta(hours=1))  # one request each
CARTON_SCAN_LIMIT = RateLimit(
    "scans", 600, timedelta(hours=1)
)  # of one receiving person: a carton every six seconds
PUBLIC_API_LIMIT = RateLimit("public-api", 60, timedelta(minutes=1))
EXPORT_LIMIT = RateLimit("exports", 10, timedelta(hours=1))

# A single statement starts a period, counts in it, or starts the next, so simultaneous calls lose no count.
_UPSERT = """
    INSERT INTO accounts_ratelimitcounter AS tally (key, count, ends_at) VALUES (%(key)s, 1, %(ends)s)
    ON CONFLICT (key) DO UPDATE SET
        count = CASE WHEN tally.ends_at <= %(at)s THEN 1 ELSE tally.count + 1 END,
        ends_at = CASE WHEN tally.ends_at <= %(at)s THEN EXCLUDED.ends_at ELSE tally.ends_at END
    RETURNING count, ends_at
"""


def count_use(limit: RateLimit, subject: str, at: datetime) -> None:
    """Count one more use at the real time `at`.

    `subject` names the counted person, link, device or network address. Refuses after the limit is passed,
    with `retry_after` in seconds.
    """
    key = salted_hmac("accounts.throttling", f"{limit.name}:{subject}", algorithm="sha256").hexdigest()
    with connection.cursor() as cursor:
        cursor.execute(_UPSERT, {"key": key, "at": at, "ends": at + limit.period})
        uses, ends_at = cursor.fetchone()
    if uses > limit.max_uses:
        seconds = max(1, round((ends_at - at).total_seconds()))
        raise Refused("too_many", limit.message, retry_after=seconds)


def delete_expired(at: datetime) -> int:
    """Delete the counters whose period is over and return how many.

    Safe at any time. Run by the periodic job.
    """
    deleted, _per_model = RateLimitCounter.objects.filter(ends_at__lte=at).delete()
    return deleted


def client_key(request: HttpRequest) -> str:
    """Return the key under which a request is counted: its link, the signed-in person, or the network address."""
    link, user = getattr(request, "link", None), request.user
    if link is not None:
        return f"link:{link.pk}"
    return f"user:{user.pk}" if user.is_authenticated else f"address:{client_network(request)}"


def client_network(request: HttpRequest) -> str:
    """Return the network address of a request, behind as many proxies as the settings trust.

    For IPv6 it is the /64 network, which belongs to one customer.
    """
    address = get_adapter().get_client_ip(request)
    return str(ip_network(f"{address}/64", strict=False)) if ip_address(address).version == 6 else address


def throttled_response(request: HttpRequest, refused: Refused) -> HttpResponse:
    """Return the 429 page, with the time of the next allowed try."""
    response = render(request, "accounts/too_many.html", {"refused": refused}, status=429)
    response.headers["Retry-After"] = str(refused.details["retry_after"])
    return response


def throttle[R: HttpResponseBase](
    limit: RateLimit, *methods: str
) -> Callable[[Callable[..., R]], Callable[..., R | HttpResponse]]:
    """Decorate a view so that each visitor may request it only so often.

    With `methods`, only requests with these HTTP methods are counted and refused.
    """

    def decorate(view: Callable[..., R]) -> Callable[..., R | HttpResponse]:
        @wraps(view)
        def throttled_view(request: HttpRequest, *args: Any, **kwargs: Any) -> R | HttpResponse:
            if not methods or request.method in methods:
                try:
                    count_use(limit, client_key(request), real_now())
                except Refused as refused:
                    return throttled_response(request, refused)
            return view(request, *args, **kwargs)

        return throttled_view

    return decorate
