"""Delivery record of a supplier, year by year, for its page and for a warning on its next offer."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from django.utils.translation import gettext_lazy as _

from workflow.errors import LazyText
from workflow.i18n import LocalizedCount

WARNING_FAILURE_PERCENT = (
    5  # of a hundred counted pieces: from this share on, the company's next offer gets a warning
)


@dataclass(frozen=True, kw_only=True)
class DeliveredLine:
    """Delivered line of a shipment with its results, in pieces.

    `year` is the year of delivery on the city's calendar, `shipment_id` the key of the shipment. `open_discrepancies`
    and `settled_discrepancies` count its discrepancies.
    """

    year: int
    shipment_id: int
    shipped: int
    accepted: int = 0
    rejected: int = 0
    missing: int = 0
    lots_failed: int = 0
    open_discrepancies: int = 0
    settled_discrepancies: int = 0


@dataclass(frozen=True, kw_only=True)
class DeliveryYear:
    """Sum of a year's deliveries, in pieces, lots and discrepancies. `year` is 0 for the sum of all years."""

    year: int
    shipments: int = 0
    shipped: int = 0
    accepted: int = 0
    rejected: int = 0
    missing: int = 0
    lots_failed: int = 0
    open_discrepancies: int = 0
    settled_discrepancies: int = 0

    @property
    def counted(self) -> int:
        """Number of pieces that were counted at receiving."""
        return self.accepted + self.rejected + self.missing

    @property
    def failed_share(self) -> float | None:
        """Share of counted pieces that were rejected or missing, from 0 to 1; None if none was counted."""
        return (self.rejected + self.missing) / self.counted if self.counted else None


_SUMMED_FIELDS = (
    *("shipped", "accepted", "rejected", "missing"),
    *("lots_failed", "open_discrepancies", "settled_discrepancies"),
)


def yearly_deliveries(lines: Iterable[DeliveredLine]) -> list[DeliveryYear]:
    """Return the figures of each year, latest first. A shipment with several lines counts once."""
    years: dict[int, list[DeliveredLine]] = {}
    for line in lines:
        years.setdefault(line.year, []).append(line)
    return [_sum_of_year(year, years[year]) for year in sorted(years, reverse=True)]


def total_deliveries(years: Iterable[DeliveryYear]) -> DeliveryYear:
    """Return the sum of all years."""
    total = DeliveryYear(year=0)
    for one in years:
        sums = {name: getattr(total, name) + getattr(one, name) for name in ("shipments", *_SUMMED_FIELDS)}
        total = replace(total, **sums)
    return total


def delivery_warning(total: DeliveryYear) -> LazyText:
    """Return a warning for the next offer of the company; "" if there is no reason for one.

    There is a reason if a lot failed, if a discrepancy is open, or if at least five of a hundred
    counted pieces were rejected or missing. The warning blocks nothing.
    """
    share = total.failed_share or 0
    if not (total.lots_failed or total.open_discrepancies or share * 100 >= WARNING_FAILURE_PERCENT):
        return ""
    words = _(
        "Of %(counted)s units received from this supplier, %(failed)s were rejected or missing. Lots that failed "
        "inspection: %(lots)s. Open discrepancies: %(cases)s."
    )
    return words % {
        "counted": LocalizedCount(total.counted),
        "failed": LocalizedCount(total.rejected + total.missing),
        "lots": LocalizedCount(total.lots_failed),
        "cases": LocalizedCount(total.open_discrepancies),
    }


def _sum_of_year(year: int, lines: list[DeliveredLine]) -> DeliveryYear:
    sums = {name: sum(getattr(line, name) for line in lines) for name in _SUMMED_FIELDS}
    return DeliveryYear(year=year, shipments=len({line.shipment_id for line in lines}), **sums)
