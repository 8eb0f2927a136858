"""Coverage bar of a need.

It shows how much is released, arrived, on the way, allocated, verified, offered, and still missing.
"""

from dataclasses import dataclass
from typing import NamedTuple, Protocol

from django.utils.translation import gettext as _

from workflow.charts.labels import svg_percent
from workflow.formatting import format_quantity, format_share


class LineTotals(Protocol):
    """Counters of a need line.

    `released <= arrived <= shipped <= allocated <= quantity`: each is a part of the next.
    """

    quantity: int
    offered: int
    verified_free: int
    allocated: int
    shipped: int
    arrived: int
    released: int


class CoveragePart(NamedTuple):
    """One piece of the bar, with its position in per cent of the width."""

    key: str
    label: str
    amount: int
    need: int
    x: str
    width: str

    @property
    def share(self) -> str:
        """The piece as a share of the need: 76%."""
        return format_share(self.amount, self.need)


@dataclass(frozen=True)
class Coverage:
    """Coverage bar of a need, with the end of the need marked.

    Its parts are released | arrived | shipped | allocated | verified and free | offered. `secured_share` is the share of the
    need that is allocated, or verified and free; `missing_amount` is the number of pieces that are still missing.
    """

    key: str
    parts: list[CoveragePart]
    need: int
    need_x: str
    secured_amount: int
    missing_amount: int
    sentence: str

    @property
    def secured_share(self) -> str:
        """The allocated and verified goods as a share of the need: 76%."""
        return format_share(self.secured_amount, self.need)


def coverage_bar(totals: LineTotals) -> Coverage:
    """Return the coverage bar of a need line.

    It is as long as the need, or longer if more is on offer.
    """
    amounts = _parts(totals)
    need = totals.quantity
    length = max(need, sum(amount for _key, _label, amount in amounts), 1)
    parts, at = [], 0
    for key, label, amount in amounts:
        if amount > 0:
            parts.append(
                CoveragePart(
                    key,
                    label,
                    amount,
                    need,
                    svg_percent(at, length),
                    svg_percent(amount, length),
                )
            )
            at += amount
    secured = totals.allocated + totals.verified_free
    sentence = ", ".join(f"{part.label} {format_quantity(part.amount)}" for part in parts) or _(
        "No offers yet"
    )
    return Coverage(
        key=str(getattr(totals, "pk", "sum")),
        parts=parts,
        need=need,
        need_x=svg_percent(need, length),
        secured_amount=min(secured, need),
        missing_amount=max(0, need - secured),
        sentence=_("%(parts)s; needed: %(need)s") % {"parts": sentence, "need": format_quantity(need)},
    )


def _parts(totals: LineTotals) -> list[tuple[str, str, int]]:
    return [
        ("released", _("Inspected and released"), totals.released),
        ("arrived", _("Arrived, not yet inspected"), totals.arrived - totals.released),
        ("shipped", _("In transit"), totals.shipped - totals.arrived),
        ("allocated", _("Allocated, not shipped"), totals.allocated - totals.shipped),
        ("verified", _("Verified and available"), totals.verified_free),
        ("offered", _("Offered, not verified"), totals.offered),
    ]


@dataclass(frozen=True)
class CoverageSums:
    """Counters of a bar that belongs to no single line."""

    quantity: int = 0
    offered: int = 0
    verified_free: int = 0
    allocated: int = 0
    shipped: int = 0
    arrived: int = 0
    released: int = 0
