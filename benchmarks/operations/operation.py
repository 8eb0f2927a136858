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
    kind: str = ""  # content type of the body

    def written(self, host: str) -> str:
        """Return the request as HTTP/1.1 text."""
        values = {"Host": host, **self.headers}
        if self.method != "GET":
            values |= {"Content-Type": self.kind, "Content-Length": str(len(self.body.encode()))}
        lines = [
            f"{self.method} {self.path} HTTP/1.1",
            *(f"{name}: {value}" for name, value in values.items()),
        ]
        return "\r\n".join([*lines, "", self.body])


@dataclass(frozen=True)
class Operation:
    """An operation of people or programs (`what`) through one interface: API, page or baseline.

    `expects` holds the HTTP statuses of a correct response. `once`: each of its requests may be sent only once.
    """

    what: str
    interface: str
    requests: list[PreparedRequest] = field(repr=False)
    expects: tuple[str, ...] = ("200",)
    once: bool = False

    @property
    def name(self) -> str:
        """The operation's name for the load client."""
        return f"{self.what}, {self.interface}"
