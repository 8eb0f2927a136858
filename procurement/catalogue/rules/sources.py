"""Sources behind an answer of the catalogue, and whether the answer may block."""

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Self

from procurement.catalogue.models.reference_rows import Holds, ReferenceRow

# Hosts of ministries, customs and other public authorities: texts there count as official.
OFFICIAL_DOMAINS = ("canada.ca", "gc.ca", "gov.cn", "europa.eu", "go.jp", "gov")
MIN_INDEPENDENT_SOURCES = 2  # number of sources for the same fact, each on its own host
# An address with or without its scheme, because people copy both.
ADDRESS = re.compile(
    r"(?:[a-z][a-z0-9+.-]*://)?(?:[^/?#@\s]*@)?(?P<host>[\w-]+(?:\.[\w-]+)+)\.?(?::\d+)?(?:[/?#]\S*)?",
    re.IGNORECASE,
)


class FirmReason(StrEnum):
    """Reason why a row may be firm."""

    OFFICIAL = "official"
    INDEPENDENT = "independent"
    NONE = ""


def firm_reason_of(row: ReferenceRow) -> FirmReason:
    """Return the quality of a row's sources: official, several independent ones, or none."""
    hosts = {_host(source) for source in row.source_urls}
    if any(host == end or host.endswith(f".{end}") for host in hosts for end in OFFICIAL_DOMAINS):
        return FirmReason.OFFICIAL
    return FirmReason.INDEPENDENT if len(hosts) >= MIN_INDEPENDENT_SOURCES else FirmReason.NONE


def _host(source: str) -> str:
    """Return the host of an address, or the folded name of a document, for comparing sources."""
    address = ADDRESS.fullmatch(source.strip())
    return address["host"].casefold().removeprefix("www.") if address else " ".join(source.casefold().split())


@dataclass(frozen=True)
class SourceConfidence:
    """Row behind an answer: its code, its sources, and True in `firm` if it may block."""

    code: str
    sources: tuple[str, ...]
    firm: bool

    @classmethod
    def of(cls, row: ReferenceRow, on: date | None, *columns: str) -> Self:
        """Return the backing of a row on a day.

        Not firm if a column that the answer needs is from memory, or if the row may have ended.
        """
        surely = on is None or row.holds_on(on) is Holds.YES
        remembered = any(row.remembered(column) for column in ("valid_from", "valid_to", *columns))
        return cls(row.code, tuple(row.source_urls), row.is_firm and surely and not remembered)
