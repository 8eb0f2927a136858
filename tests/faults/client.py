"""An API client that posts needs while servers fail, and keeps a record of every acknowledged need."""

import threading
import time
from dataclasses import dataclass, field
from itertools import count

import requests

from tests.faults.installation import Installation


@dataclass
class Writer:
    """Client that posts needs one after another.

    Each need has its own idempotency key and is repeated until it is acknowledged.
    """

    installation: Installation
    token: str
    name: str
    acknowledged: dict[str, str] = field(default_factory=dict)  # title: reference
    unavailable: int = 0
    retry_after: set[str] = field(default_factory=set)
    other: list[int] = field(default_factory=list)
    times: list[float] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)

    def work(self) -> None:
        """Post needs until `over` is set; finish the one under way."""
        numbers = count(1)
        while not self.over.is_set():
            self.post(f"{self.name} {next(numbers)}")

    def post(self, title: str) -> None:
        """Post one need and repeat it with its key until it is acknowledged."""
        for _attempt in range(200):
            began = time.monotonic()
            try:
                answer = self._send(title)
            except requests.RequestException:
                time.sleep(0.05)  # the server closed the connection; the key makes repeating safe
                continue
            self.times.append(time.monotonic() - began)
            if answer.status_code == 201:
                self.acknowledged[title] = answer.json()["reference"]
                return
            if answer.status_code == 503:
                self.unavailable += 1
                self.retry_after.add(answer.headers.get("Retry-After", ""))
            elif answer.status_code != 409:  # 409: the same request is still in progress
                self.other.append(answer.status_code)
            time.sleep(0.05)
        raise AssertionError(f"{title} was never acknowledged")

    def take_response_times(self) -> list[float]:
        """Return the seconds of each response since the last call."""
        times, self.times = self.times, []
        return times

    def _send(self, title: str) -> requests.Response:
        return requests.post(
            f"http://127.0.0.1:{self.installation.port}/api/v1/supply-requests/",
            json={"city": "burnaby", "title": title},
            headers={"Authorization": f"Bearer {self.token}", "Idempotency-Key": title},
            timeout=10,
        )

    def count_missing(self) -> int:
        """Return the number of acknowledged needs that are not in the database exactly once."""
        rows = dict(
            self.installation.ask(
                "SELECT title, string_agg(reference, ' ') FROM procurement_supplyrequest GROUP BY title"
            )
        )
        return sum(rows.get(title) != reference for title, reference in self.acknowledged.items())
