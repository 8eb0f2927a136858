"""One POST to a receiving system: a fixed address, one time limit for the whole attempt, no redirects.

Of the answer only the status and the headers are read; its body is never read, however long it is.
"""

import socket
import ssl
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from functools import cache
from http.client import HTTPConnection, HTTPException

from procurement.webhooks.addresses import AddressError, LookupTimedOut, Target, parse_target, resolve
from procurement.webhooks.models import WebhookDelivery

ATTEMPT_SECONDS = 15  # the time-out that the specification recommends: 15 to 30 seconds
MAX_RETRY_AFTER = timedelta(hours=24)
GONE = 410
Result = WebhookDelivery.Result


@dataclass(frozen=True)
class AttemptResult:
    """Result of one attempt.

    `status` is the HTTP status, or None without an answer. `milliseconds` is the duration. `retry_after` is the pause
    that the receiving system asks for, at most a day; None for none.
    """

    result: str
    status: int | None = None
    milliseconds: int = 0
    retry_after: timedelta | None = None

    @property
    def is_delivered(self) -> bool:
        """True if the receiving system accepted the event (2xx)."""
        return self.result == Result.OK

    @property
    def is_gone(self) -> bool:
        """True if the receiving system takes no more events (410)."""
        return self.status == GONE


def post(
    url: str,
    body: bytes,
    headers: Mapping[str, str],
    real_at: datetime,
    seconds: float = ATTEMPT_SECONDS,
    *,
    only_listed: bool,
) -> AttemptResult:
    """Send one event and return the result. Never raises for anything that the receiving system does.

    `seconds` limits the whole attempt, from the look-up of the host name on. With `only_listed`, only what
    WEBHOOK_INTERNAL_HOSTS names is reached, as on a practice site.
    """
    began = time.monotonic()
    result, status, retry_after = _try(url, body, headers, real_at, began + seconds, only_listed)
    return AttemptResult(result, status, round((time.monotonic() - began) * 1000), retry_after)


def _try(
    url: str, body: bytes, headers: Mapping[str, str], real_at: datetime, deadline: float, only_listed: bool
) -> tuple[str, int | None, timedelta | None]:
    try:
        target = parse_target(url)
        addresses = resolve(target, seconds=deadline - time.monotonic(), only_listed=only_listed)
    except LookupTimedOut:
        return Result.TIMED_OUT, None, None
    except AddressError as error:
        return Result.NOT_REACHED if error.code == "unknown_host" else Result.ADDRESS_REFUSED, None, None
    connection = _FixedConnection(target, addresses, deadline)
    try:
        with connection.limited():
            connection.request("POST", target.path, body, dict(headers))
            answer = connection.getresponse()
    except ssl.SSLError as error:
        is_late = connection.is_late or isinstance(error, TimeoutError)
        return Result.TIMED_OUT if is_late else Result.TLS_FAILED, None, None
    except (OSError, HTTPException) as error:
        is_late = connection.is_late or isinstance(error, TimeoutError)
        return Result.TIMED_OUT if is_late else Result.NOT_REACHED, None, None
    finally:
        connection.close()
    if connection.is_late:  # the headers that arrived before the deadline read like complete ones
        return Result.TIMED_OUT, None, None
    return (
        _result_of(answer.status),
        answer.status,
        parse_retry_after(answer.getheader("Retry-After"), real_at),
    )


def _result_of(status: int) -> str:
    if 200 <= status < 300:
        return Result.OK
    return Result.REDIRECTED if 300 <= status < 400 else Result.REFUSED


def parse_retry_after(value: str | None, real_at: datetime) -> timedelta | None:
    """Return the pause that a `Retry-After` header asks for (seconds or a date), at most a day; None for none."""
    if not value:
        return None
    try:
        if value.strip().isdecimal():
            return timedelta(seconds=min(int(value), MAX_RETRY_AFTER.total_seconds())) or None
        pause = _pause_until(value, real_at)
    except (ValueError, OverflowError):
        return None
    return min(pause, MAX_RETRY_AFTER) if pause > timedelta() else None


def _pause_until(value: str, real_at: datetime) -> timedelta:
    moment = parsedate_to_datetime(value)
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)) - real_at


@cache
def tls_context() -> ssl.SSLContext:
    """Return the TLS context: certificates are verified against the authorities of the system."""
    return ssl.create_default_context()


class _FixedConnection(HTTPConnection):
    """Connection to IP addresses that were checked. Host header and server name are those of the target.

    A receiving system that sends one byte at a time never lets a socket time out. Therefore a timer shuts the socket
    down at the deadline (`time.monotonic`).
    """

    def __init__(self, target: Target, addresses: Sequence[str], deadline: float) -> None:
        self.default_port = 443 if target.is_https else 80
        super().__init__(target.host, target.port)
        self._target, self._addresses, self._deadline = target, addresses, deadline
        self.is_late = False

    @contextmanager
    def limited(self) -> Iterator[None]:
        """Shut the connection down at the deadline, unless the body of the `with` ends before."""
        timer = threading.Timer(self._seconds_left(), self._shut_down)
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()

    def connect(self) -> None:
        """Connect to the first of the checked addresses that answers."""
        for position, address in enumerate(self._addresses):
            try:
                self.sock = socket.create_connection((address, self._target.port), self._seconds_left())
                break
            except OSError:
                if position == len(self._addresses) - 1:
                    raise
        self.sock.settimeout(self._seconds_left())
        if self._target.is_https:
            # The handshake comes after the assignment, so that the timer can end it.
            self.sock = tls_context().wrap_socket(
                self.sock, server_hostname=self._target.host, do_handshake_on_connect=False
            )
            self.sock.do_handshake()

    def _seconds_left(self) -> float:
        left = self._deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError
        return left

    def _shut_down(self) -> None:
        self.is_late = True
        sock = self.sock
        if sock is not None:
            with suppress(OSError):
                socket.socket.shutdown(
                    sock, socket.SHUT_RDWR
                )  # that of an SSLSocket also takes its TLS state away
