"""A request as it is sent, and the operation it is one of."""

from collections.abc import Mapping
from dataclasses import dataclass, field

API, PAGES, FLOOR = "API", "page", "floor"


@dataclass(frozen=True)
class Ask:
    """One request: whose it is stands in its headers."""

    path: str
    headers: Mapping[str, str]
    method: str = "GET"
    body: str = ""
    kind: str = ""  # the body's content type

    def written(self, host: str) -> str:
        """As it goes over the wire."""
        told = {"Host": host, **self.headers}
        if self.method != "GET":
            told |= {"Content-Type": self.kind, "Content-Length": str(len(self.body.encode()))}
        lines = [f"{self.method} {self.path} HTTP/1.1", *(f"{name}: {value}" for name, value in told.items())]
        return "\r\n".join([*lines, "", self.body])


@dataclass(frozen=True)
class Operation:
    """Something people or programs do, through one door. `once`: no request of it may be sent a second time."""

    what: str
    door: str
    asks: list[Ask] = field(repr=False)
    expects: tuple[str, ...] = ("200",)
    once: bool = False

    @property
    def name(self) -> str:
        """Its name for the load client."""
        return f"{self.what}, {self.door}"
