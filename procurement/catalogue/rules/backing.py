"""What an answer of the catalogue rests on, and whether that may block anybody."""

from dataclasses import dataclass
from datetime import date
from typing import Self

from procurement.catalogue.models import Fact, Holds

EU_COUNTRIES = frozenset({
    "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU",
    "IE", "IT", "LT", "LU", "LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK",
})  # fmt: skip
OWN_MARKETS = frozenset({"CA", "US", "CN", "JP", "KR"})


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


def market_of(country: str) -> str:
    """The market a country's rules belong to, or "" where we have none."""
    return "EU" if country in EU_COUNTRIES else country if country in OWN_MARKETS else ""
