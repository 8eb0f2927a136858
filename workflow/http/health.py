"""Health addresses for machines: `/healthz`, `/readyz` and `/healthz/background`.

They show figures only, never a name, an address or a reference.
"""

from collections.abc import Callable
from datetime import timedelta

import redis
from django.conf import settings
from django.db import Error, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from workflow.http.middleware import RETRY_AFTER_SECONDS
from workflow.outbox.metrics import tick_age

MAX_TICK_AGE = timedelta(minutes=5)  # the job runs every 30 seconds


@never_cache
@require_safe
def healthz(_request: HttpRequest) -> HttpResponse:
    """Answer that the process is alive, without asking any other service."""
    return HttpResponse("ok\n", content_type="text/plain")


@never_cache
@require_safe
def readyz(_request: HttpRequest) -> JsonResponse:
    """Answer 200 if PostgreSQL answers, so that pages can be served, else 503.

    Redis and the version are reported but not required: without Redis, mail is only slower.
    """
    database = _database_answers()
    state = {
        "version": settings.VERSION,
        "database": "ok" if database else "away",
        "redis": "ok" if _redis_answers() else "away",
    }
    later = {} if database else {"Retry-After": str(RETRY_AFTER_SECONDS)}
    return JsonResponse(state, status=200 if database else 503, headers=later)


@never_cache
@require_safe
def background_health(_request: HttpRequest) -> JsonResponse:
    """Answer 200 if the periodic job ended within the last five minutes, else 503.

    Pages are served without it, so `/readyz` does not ask; but no email is sent and nothing becomes due.
    """
    try:
        age = tick_age()
    except Error:
        return JsonResponse({"database": "away"}, status=503)
    alive = age is not None and age <= MAX_TICK_AGE
    seconds = None if age is None else round(age.total_seconds())
    return JsonResponse({"tick_age_seconds": seconds}, status=200 if alive else 503)


def _database_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Error:
        return False
    return True


def _redis_answers() -> bool:
    limits = {"socket_connect_timeout": 0.5, "socket_timeout": 0.5}  # seconds
    try:
        with redis.Redis.from_url(settings.REDIS_CLIENT_URL, **limits) as client:
            return bool(client.ping())
    except (redis.RedisError, ValueError):  # ValueError: the client does not know the address's scheme
        return False


class HealthMiddleware:
    """Middleware that answers the health addresses before any session is read from PostgreSQL."""

    VIEWS_BY_PATH = {"/healthz": healthz, "/readyz": readyz, "/healthz/background": background_health}

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.VIEWS_BY_PATH.get(request.path_info, self.get_response)(request)
