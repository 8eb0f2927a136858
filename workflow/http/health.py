"""Health addresses for machines: `/healthz`, `/readyz` and `/metrics`.

They show figures only, never a name, an address or a reference.
"""

import hmac
from collections.abc import Callable
from ipaddress import ip_address

import redis
from django.conf import settings
from django.db import Error, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from workflow import clock
from workflow.http.middleware import RETRY_AFTER_SECONDS
from workflow.outbox import metrics

PROXY_HEADERS = ("Forwarded", "Via", "X-Forwarded-For", "X-Forwarded-Proto", "X-Real-IP")  # what proxies add


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
def metrics_page(request: HttpRequest) -> HttpResponse:
    """Return the metrics of the mail queue and the periodic job, in the text format of Prometheus.

    If METRICS_TOKEN is set, only requests with this bearer token may read them; otherwise only this machine.
    """
    if not (_has_metrics_token(request) if settings.METRICS_TOKEN else _is_local_request(request)):
        return HttpResponse(status=401, headers={"WWW-Authenticate": "Bearer"})
    lines = [f"twinlane_{name} {value:g}" for name, value in metrics.metrics(clock.now()).items()]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; version=0.0.4")


def _has_metrics_token(request: HttpRequest) -> bool:
    expected = f"Bearer {settings.METRICS_TOKEN}"
    return hmac.compare_digest(expected.encode(), request.headers.get("Authorization", "").encode())


def _is_local_request(request: HttpRequest) -> bool:
    """Return True if a program of this machine asks, and not a proxy on it that passes a request on."""
    if any(name in request.headers for name in PROXY_HEADERS):
        return False
    try:
        return ip_address(request.META["REMOTE_ADDR"]).is_loopback
    except ValueError:  # a socket has no address
        return False


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
    """Middleware that answers two health addresses before any session is read from PostgreSQL."""

    VIEWS_BY_PATH = {"/healthz": healthz, "/readyz": readyz}

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.VIEWS_BY_PATH.get(request.path_info, self.get_response)(request)
