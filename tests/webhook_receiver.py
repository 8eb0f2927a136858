"""Receiving system of webhooks for tests, on loopback. It verifies each signature with code of its own.

`python -m tests.webhook_receiver PORT_FILE JOURNAL SECRET_FILE DELAY` runs it as a process that notes each genuine
event in a file before it answers.
"""

import base64
import hashlib
import hmac
import json
import ssl
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any, Self

TOLERANCE = 300  # seconds


def is_genuine(secret: str, headers: dict[str, str], body: bytes, now: float) -> bool:
    """Return True if one of the signatures is the HMAC-SHA256 of id, time and body, and the time is recent.

    Written from the text of the Standard Webhooks specification, without its library.
    """
    key = base64.b64decode(secret.removeprefix("whsec_"))
    number, seconds = headers["webhook-id"], headers["webhook-timestamp"]
    signed = f"{number}.{seconds}.".encode() + body
    expected = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    versions = [one.split(",", 1) for one in headers["webhook-signature"].split(" ")]
    matches = any(version == "v1" and hmac.compare_digest(given, expected) for version, given in versions)
    return matches and abs(now - int(seconds)) <= TOLERANCE


@dataclass
class Call:
    """One request as it arrived."""

    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def event(self) -> dict[str, Any]:
        """The event in the body."""
        found: dict[str, Any] = json.loads(self.body)
        return found

    @property
    def number(self) -> str:
        """Its `webhook-id`."""
        return self.headers["webhook-id"]


type Answer = Callable[["Handler"], None]


def answer_with(status: int, **headers: str) -> Answer:
    """Return an answer with a status and headers."""

    def answer(handler: "Handler") -> None:
        handler.send_response(status)
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.send_header("Content-Length", "0")
        handler.end_headers()

    return answer


def answer_after(seconds: float) -> Answer:
    """Return an answer that comes late."""

    def answer(handler: "Handler") -> None:
        time.sleep(seconds)
        answer_with(204)(handler)

    return answer


def drip(handler: "Handler") -> None:
    """Send a header, one letter each tenth of a second, without an end."""
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
    while True:
        handler.wfile.write(b"a")
        handler.wfile.flush()
        time.sleep(0.1)


def endless_body(handler: "Handler") -> None:
    """Send a body without an end."""
    handler.send_response(200)
    handler.end_headers()
    while True:
        handler.wfile.write(b"x" * 65536)


class Handler(BaseHTTPRequestHandler):
    """Handler that keeps each request, and answers as its receiver says."""

    def do_POST(self) -> None:
        """Keep the request and answer it."""
        receiver: Receiver = self.server.receiver  # type: ignore[attr-defined]  # set by Receiver
        body = self.rfile.read(int(self.headers["Content-Length"]))
        call = Call(self.path, {name.lower(): value for name, value in self.headers.items()}, body)
        receiver.calls.append(call)
        try:
            receiver.respond(call, self)
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True

    def log_message(self, *_args: object) -> None:
        """Log nothing."""


@dataclass
class Receiver:
    """HTTP server on a free port of loopback. `answers` are used up in turn, then `answer`."""

    answer: Answer = field(default_factory=lambda: answer_with(204))
    answers: list[Answer] = field(default_factory=list)
    calls: list[Call] = field(default_factory=list)
    tls: ssl.SSLContext | None = None

    def __enter__(self) -> Self:
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.server.block_on_close = False
        self.server.receiver = self  # type: ignore[attr-defined]  # for the handler
        self.server.handle_error = lambda *_args: None  # type: ignore[method-assign]  # a refused handshake is no fault
        if self.tls is not None:
            self.server.socket = self.tls.wrap_socket(self.server.socket, server_side=True)
        self.thread = Thread(target=self.server.serve_forever, args=(0.05,), daemon=True)
        self.thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.thread.join(5)

    @property
    def port(self) -> int:
        """Its port."""
        return int(self.server.server_address[1])

    @property
    def url(self) -> str:
        """Its address."""
        return f"{'https' if self.tls else 'http'}://127.0.0.1:{self.port}/hooks?from=twinlane"

    @property
    def types(self) -> list[str]:
        """The types of the events that arrived, in their order."""
        return [call.event["type"] for call in self.calls]

    def respond(self, _call: Call, handler: Handler) -> None:
        """Answer one request."""
        answer = self.answers.pop(0) if self.answers else self.answer
        answer(handler)


@dataclass
class JournalingReceiver(Receiver):
    """Receiver that notes the id, entry and object of each genuine event before it answers."""

    secret_file: Path = Path("secret")
    journal: Path = Path("journal")
    delay: float = 0

    def respond(self, call: Call, handler: Handler) -> None:
        """Note the event, and answer after a while; a forged one is refused."""
        if not is_genuine(self.secret_file.read_text(encoding="utf-8"), call.headers, call.body, time.time()):
            answer_with(401)(handler)
            return
        data = call.event["data"]
        with self.journal.open("a", encoding="utf-8") as file:
            file.write(f"{call.number} {data['entry']} {data['url']}\n")
        time.sleep(self.delay)
        answer_with(204)(handler)


def main(port_file: str, journal: str, secret_file: str, delay: str) -> None:
    """Run the receiver until the process is ended."""
    with JournalingReceiver(
        secret_file=Path(secret_file), journal=Path(journal), delay=float(delay)
    ) as receiver:
        Path(port_file).write_text(str(receiver.port), encoding="utf-8")
        receiver.thread.join()


if __name__ == "__main__":
    main(*sys.argv[1:])
