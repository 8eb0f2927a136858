"""Address `/metrics` in the format of Prometheus: requests of all processes, and figures of the queues.

Requests are counted as they are answered. Each worker process of the web server counts for itself, in a file of
the folder that `config.web` makes, and the address adds these up. Figures of the queues are read when the address
is asked for. Labels are methods, patterns of URLs and statuses: never a name, an address or a reference.
"""

import hmac
import os
from collections.abc import Callable, Iterator
from ipaddress import ip_address
from time import perf_counter
from typing import Any

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CollectorRegistry, Counter, Histogram, Summary
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4, generate_latest
from prometheus_client.metrics_core import Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from workflow import clock
from workflow.http.hooks import metric_sources
from workflow.http.middleware import GetResponse
from workflow.journal.metrics import journal_metrics
from workflow.outbox.metrics import outbox_metrics
from workflow.uploads.metrics import upload_metrics

PROXY_HEADERS = ("Forwarded", "Via", "X-Forwarded-For", "X-Forwarded-Proto", "X-Real-IP")  # what proxies add
METHODS = frozenset({"GET", "HEAD", "POST", "PATCH", "PUT", "DELETE", "OPTIONS"})
SECONDS = (0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)  # upper bounds of the histogram

_requests = CollectorRegistry()
REQUESTS = Summary(
    "twinlane_request_seconds",
    "Time until the response began.",
    ["method", "route", "status"],
    registry=_requests,
)
RESPONSE_TIMES = Histogram(
    "twinlane_response_seconds",
    "Time until the response began, for percentiles.",
    ["interface"],
    buckets=SECONDS,
    registry=_requests,
)
DATABASE_TIME = Counter(
    "twinlane_database_seconds", "Time of requests in PostgreSQL.", ["interface"], registry=_requests
)


class _DatabaseTimer:
    """Wrapper of statements (`connection.execute_wrapper`) that adds up their time in seconds."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self, execute: Callable[..., Any], *statement: Any) -> Any:
        began = perf_counter()
        try:
            return execute(*statement)
        finally:
            self.seconds += perf_counter() - began


class RequestCountMiddleware:
    """Middleware that counts each request: method, route, status, time until the response began, time in PostgreSQL."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        began, database = perf_counter(), _DatabaseTimer()
        with connection.execute_wrapper(database):
            response = self.get_response(request)
        seconds = perf_counter() - began
        method = request.method if request.method in METHODS else "other"
        route = f"/{request.resolver_match.route}" if request.resolver_match else "-"
        interface = "api" if route.startswith("/api/") else "page"
        REQUESTS.labels(method, route, response.status_code).observe(seconds)
        RESPONSE_TIMES.labels(interface).observe(seconds)
        DATABASE_TIME.labels(interface).inc(database.seconds)
        return response


class _QueueCollector(Collector):
    """Figures of all sources, read when they are asked for."""

    def collect(self) -> Iterator[Metric]:
        at, real_at = clock.now(), clock.real_now()
        for source in (outbox_metrics, journal_metrics, upload_metrics, *metric_sources.get().values()):
            yield from source(at, real_at)


@never_cache
@require_safe
def metrics_page(request: HttpRequest) -> HttpResponse:
    """Return the figures of requests and queues.

    If METRICS_TOKEN is set, only requests with this bearer token may read them; otherwise only this machine.
    """
    if not (_has_metrics_token(request) if settings.METRICS_TOKEN else _is_local_request(request)):
        return HttpResponse(status=401, headers={"WWW-Authenticate": "Bearer"})
    queues = CollectorRegistry()
    queues.register(_QueueCollector())
    text = generate_latest(_registry_of_requests()) + generate_latest(queues)
    return HttpResponse(text, content_type=CONTENT_TYPE_PLAIN_0_0_4)


def _registry_of_requests() -> CollectorRegistry:
    """Return the counts of all worker processes, or of this one if it has no others beside it."""
    if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
        return _requests
    shared = CollectorRegistry()
    MultiProcessCollector(shared)  # type: ignore[no-untyped-call]  # the library has no types here
    return shared


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
