"""An operation that is measured, and the HTTP requests that belong to it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

API, PAGES, BASELINE = "API", "page", "baseline"


@dataclass(frozen=True)
class PreparedRequest:
    """One request. Its headers identify the person who sends it."""

    path: str
    headers: Mapping[str, str]
    method: str = "GET"
    body: str = ""
    content_type: str = ""  # content type of the body

    def as_http_text(self, host: str) -> str:
        """Return the request as HTTP/1.1 text."""
        values = {"Host": host, **self.headers}
        if self.method != "GET":
            values |= {"Content-Type": self.content_type, "Content-Length": str(len(self.body.encode()))}
        lines = [
            f"{self.method} {self.path} HTTP/1.1",
            *(f"{name}: {value}" for name, value in values.items()),
        ]
        return "\r\n".join([*lines, "", self.body])


@dataclass(frozen=True)
class Operation:
    """An operation of people or programs (`activity`) through one interface: API, page or baseline.

    `expected_statuses` holds the HTTP statuses of a correct response. `is_each_request_sent_once`: each of its
    requests may be sent only once.
    """

    activity: str
    interface: str
    requests: list[PreparedRequest] = field(repr=False)
    expected_statuses: tuple[str, ...] = ("200",)
    is_each_request_sent_once: bool = False

    @property
    def name(self) -> str:
        """The operation's name for the load client."""
        return f"{self.activity}, {self.interface}"
