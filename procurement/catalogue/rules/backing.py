"""What an answer of the catalogue rests on, and whether that may block anybody."""

from dataclasses import dataclass
from datetime import date
from typing import Self

from procurement.catalogue.models import Fact, Holds


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
