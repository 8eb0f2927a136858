"""Load client: its own process that sends prepared requests over open connections and times them.

It reads one job a line from standard input and answers with one line. `{"learn": name, "requests":
[...], ...}` gives it the requests of an operation; `{"run": name, "connections": 8, "seconds": 0.5,
...}` sends them in turn. It imports nothing of the product. It is limited to `MAX_SECONDS` seconds a
job and `MAX_CONNECTIONS` connections.
"""

import json
import socket
import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import count
from typing import Any

MAX_SECONDS = 60.0
MAX_CONNECTIONS = 32
REQUEST_TIMEOUT_SECONDS = 20.0  # seconds without an answer after which a request has failed


@dataclass
class LoadedOperation:
    """Requests of an operation, their port and expected statuses, and the number already sent (`sent_count`).

    `is_each_request_sent_once`: each request may be sent only once.
    """

    port: int
    requests: list[bytes]
    expected_statuses: set[str]
    is_each_request_sent_once: (
        bool  # each request may be sent only once, because its change is possible only once
    )
    sent_count: int = 0


class Connection:
    """One open connection."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.socket: socket.socket | None = None

    def send_request(self, request: bytes) -> tuple[str, bytes]:
        """Send a request and return the status and the body of its answer."""
        if self.socket is None:
            self.socket = socket.create_connection(("127.0.0.1", self.port), timeout=REQUEST_TIMEOUT_SECONDS)
            self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.socket.sendall(request)
        head, found, body = b"", False, b""
        while not found:
            head += self._receive()
            head, found, body = _split_response(head)
        missing = _content_length(head) - len(body)
        parts = [body]
        while missing > 0:
            parts.append(self._receive())
            missing -= len(parts[-1])
        return head[9:12].decode(), b"".join(parts)

    def _receive(self) -> bytes:
        assert self.socket is not None
        received = self.socket.recv(262_144)
        if not received:
            self.close()
            raise ConnectionError("the server closed the connection")
        return received

    def close(self) -> None:
        """Close the connection."""
        if self.socket is not None:
            self.socket.close()
            self.socket = None


def _split_response(read: bytes) -> tuple[bytes, bool, bytes]:
    head, found, body = read.partition(b"\r\n\r\n")
    return (head, True, body) if found else (read, False, b"")


def _content_length(head: bytes) -> int:
    for line in head.split(b"\r\n")[1:]:
        name, _colon, value = line.partition(b":")
        if name.lower() == b"content-length":
            return int(value)
    raise ValueError("an answer without Content-Length")


@dataclass
class ConnectionResults:
    """Results of one connection: seconds to each response, number of responses by status, and unexpected responses."""

    response_seconds: list[float]
    status_counts: Counter[str]
    unexpected_responses: list[str]


def send_requests(known: LoadedOperation, connections: int, seconds: float, most: int) -> dict[str, Any]:
    """Send requests over this many connections until the time is over or `most` are answered."""
    began = time.perf_counter()
    until, first = began + min(seconds, MAX_SECONDS), known.sent_count
    last = min(first + most, len(known.requests)) if known.is_each_request_sent_once else first + most
    turns = count(first)

    def work() -> ConnectionResults:
        line, seen = Connection(known.port), ConnectionResults([], Counter(), [])
        while (turn := next(turns)) < last:
            _send_and_record(line, known, turn, seen)
            if time.perf_counter() > until:  # checked after the request, so that at least one is answered
                break
        line.close()
        return seen

    with ThreadPoolExecutor(min(connections, MAX_CONNECTIONS)) as pool:
        all_seen = [future.result() for future in [pool.submit(work) for _each in range(connections)]]
    statuses: Counter[str] = Counter()
    for seen in all_seen:
        statuses.update(seen.status_counts)
    times = [each for seen in all_seen for each in seen.response_seconds]
    known.sent_count = min(next(turns), last)
    took = time.perf_counter() - began
    wrong = [words for seen in all_seen for words in seen.unexpected_responses]
    return {"times": times, "took": took, "statuses": dict(statuses), "wrong": wrong[:3]}


def _send_and_record(line: Connection, known: LoadedOperation, turn: int, seen: ConnectionResults) -> None:
    request = known.requests[turn % len(known.requests)]
    sent_at = time.perf_counter()
    try:
        status, body = line.send_request(request)
    except (OSError, ValueError) as error:
        line.close()
        status, body = "none", repr(error).encode()
    seen.response_seconds.append(time.perf_counter() - sent_at)
    seen.status_counts[status] += 1
    if status not in known.expected_statuses:
        asked = request.partition(b"\r\n")[0].decode()
        seen.unexpected_responses.append(f"{asked}: {status} {body[:300].decode(errors='replace')}")


def main() -> None:
    """Process jobs until the input ends."""
    known: dict[str, LoadedOperation] = {}
    for line in sys.stdin:
        job = json.loads(line)
        if "learn" in job:
            requests = [text.encode() for text in job["requests"]]
            known[job["learn"]] = LoadedOperation(job["port"], requests, set(job["expects"]), job["once"])
            answer: dict[str, Any] = {}
        else:
            answer = send_requests(known[job["run"]], job["connections"], job["seconds"], job["most"])
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
