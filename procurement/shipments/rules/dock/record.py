"""What a company's deliveries to one city came to, year by year: for its page, and as a word beside its next offer."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from django.utils.translation import gettext_lazy as _

from workflow.errors import Words
from workflow.tongues import Figure

OFTEN = 5  # of a hundred pieces counted: from here on the next offer of the company carries a word


@dataclass(frozen=True, kw_only=True)
class Delivered:
    """One line of a shipment that was delivered, with what became of it, in pieces.

    `year` is that of the delivery on the city's calendar.
    """

    year: int
    shipment: int
    shipped: int
    accepted: int = 0
    rejected: int = 0
    missing: int = 0
    lots_failed: int = 0
    cases_open: int = 0
    cases_settled: int = 0


@dataclass(frozen=True, kw_only=True)
class Year:
    """A year's deliveries added up. `year` is 0 for all of them together."""

    year: int
    shipments: int = 0
    shipped: int = 0
    accepted: int = 0
    rejected: int = 0
    missing: int = 0
    lots_failed: int = 0
    cases_open: int = 0
    cases_settled: int = 0

    @property
    def counted(self) -> int:
        """Pieces that somebody counted at the door."""
        return self.accepted + self.rejected + self.missing

    @property
    def failed_share(self) -> float | None:
        """The share of the counted pieces that were rejected or missing, 0 to 1; None where nothing was counted."""
        return (self.rejected + self.missing) / self.counted if self.counted else None


_ADDED = (
    *("shipped", "accepted", "rejected", "missing"),
    *("lots_failed", "cases_open", "cases_settled"),
)


def record(lines: Iterable[Delivered]) -> list[Year]:
    """The figures of each year, the latest first. A shipment of several lines counts once."""
    years: dict[int, list[Delivered]] = {}
    for line in lines:
        years.setdefault(line.year, []).append(line)
    return [_added(year, years[year]) for year in sorted(years, reverse=True)]


def altogether(years: Iterable[Year]) -> Year:
    """All years as one."""
    whole = Year(year=0)
    for one in years:
        sums = {name: getattr(whole, name) + getattr(one, name) for name in ("shipments", *_ADDED)}
        whole = replace(whole, **sums)
    return whole


def word_of(whole: Year) -> Words:
    """What to know before the next offer of the company is taken; "" where nothing speaks against it. It warns, it blocks nothing.

    It is said where a lot failed, where a case is open, and where five of a hundred counted pieces or more were rejected or missing.
    """
    share = whole.failed_share or 0
    if not (whole.lots_failed or whole.cases_open or share * 100 >= OFTEN):
        return ""
    words = _(
        "Of %(counted)s pieces of this company that were counted at your door, %(failed)s were rejected or missing. "
        "Lots that failed inspection: %(lots)s. Open cases: %(cases)s."
    )
    return words % {
        "counted": Figure(whole.counted),
        "failed": Figure(whole.rejected + whole.missing),
        "lots": Figure(whole.lots_failed),
        "cases": Figure(whole.cases_open),
    }


def _added(year: int, lines: list[Delivered]) -> Year:
    sums = {name: sum(getattr(line, name) for line in lines) for name in _ADDED}
    return Year(year=year, shipments=len({line.shipment for line in lines}), **sums)
