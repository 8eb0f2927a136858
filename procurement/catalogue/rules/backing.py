"""What an answer of the catalogue rests on, and whether that may block anybody."""

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Self

from procurement.catalogue.models.facts import Fact, Holds

# Hosts of ministries, customs and other offices of the state: what stands there is an official text.
OFFICIAL = ("canada.ca", "gc.ca", "gov.cn", "europa.eu", "go.jp", "gov")
INDEPENDENT = 2  # sources that say the very thing, each at a host of its own
# An address, with its scheme or without: people copy both.
ADDRESS = re.compile(
    r"(?:[a-z][a-z0-9+.-]*://)?(?:[^/?#@\s]*@)?(?P<host>[\w-]+(?:\.[\w-]+)+)\.?(?::\d+)?(?:[/?#]\S*)?",
    re.IGNORECASE,
)


class Ground(StrEnum):
    """Why a row may be firm."""

    OFFICIAL = "official"
    INDEPENDENT = "independent"
    NONE = ""


def ground_of(row: Fact) -> Ground:
    """What the sources of a row are: an official text among them, several that are independent, or neither."""
    hosts = {_host(source) for source in row.source_urls}
    if any(host == end or host.endswith(f".{end}") for host in hosts for end in OFFICIAL):
        return Ground.OFFICIAL
    return Ground.INDEPENDENT if len(hosts) >= INDEPENDENT else Ground.NONE


def _host(source: str) -> str:
    """Where a source stands, as sources are compared: the bare host of an address, else the words that name a document."""
    address = ADDRESS.fullmatch(source.strip())
    return address["host"].casefold().removeprefix("www.") if address else " ".join(source.casefold().split())


@dataclass(frozen=True)
class Backing:
    """What an answer rests on: a row's code, its sources, and whether it may block."""

    code: str
    sources: tuple[str, ...]
    firm: bool

    @classmethod
    def of(cls, row: Fact, on: date | None, *columns: str) -> Self:
        """A row's backing on a day. Not firm where a column the answer needs is from memory, or the row may have ended."""
        surely = on is None or row.holds_on(on) is Holds.YES
        remembered = any(row.remembered(column) for column in ("valid_from", "valid_to", *columns))
        return cls(row.code, tuple(row.source_urls), row.is_firm and surely and not remembered)
