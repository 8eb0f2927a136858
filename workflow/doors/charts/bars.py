"""The coverage bar of a need: how much is released, arrived, on the way, allocated, verified, offered, and what is still to find."""

from dataclasses import dataclass
from typing import NamedTuple, Protocol

from django.utils.translation import gettext as _

from workflow.doors import words
from workflow.doors.charts.labels import percent


class Totals(Protocol):
    """What a line of a need counts; `released <= arrived <= shipped <= allocated <= quantity`, each part of the next."""

    quantity: int
    offered: int
    verified_free: int
    allocated: int
    shipped: int
    arrived: int
    released: int


class Part(NamedTuple):
    """One piece of the bar: its place as per cent of the width."""

    key: str
    label: str
    amount: int
    share: str
    x: str
    width: str


@dataclass(frozen=True)
class Coverage:
    """The bar: released | arrived | shipped | allocated | verified and free | offered, and where the need ends."""

    key: str
    parts: list[Part]
    need: int
    need_x: str
    secured: str
    to_find: int
    sentence: str


def coverage(totals: Totals) -> Coverage:
    """The bar of a line. Its length is the need, or more where more is on offer."""
    amounts = _parts(totals)
    need = totals.quantity
    length = max(need, sum(amount for _key, _label, amount in amounts), 1)
    parts, at = [], 0
    for key, label, amount in amounts:
        if amount > 0:
            parts.append(
                Part(
                    key,
                    label,
                    amount,
                    words.share(amount, need),
                    percent(at, length),
                    percent(amount, length),
                )
            )
            at += amount
    secured = totals.allocated + totals.verified_free
    sentence = ", ".join(f"{part.label} {words.quantity(part.amount)}" for part in parts) or _(
        "Nothing offered yet"
    )
    return Coverage(
        key=str(getattr(totals, "pk", "sum")),
        parts=parts,
        need=need,
        need_x=percent(need, length),
        secured=words.share(min(secured, need), need),
        to_find=max(0, need - secured),
        sentence=_("%(parts)s; needed %(need)s") % {"parts": sentence, "need": words.quantity(need)},
    )


def _parts(totals: Totals) -> list[tuple[str, str, int]]:
    return [
        ("released", _("Inspected and released"), totals.released),
        ("arrived", _("Arrived, not yet inspected"), totals.arrived - totals.released),
        ("shipped", _("On the way"), totals.shipped - totals.arrived),
        ("allocated", _("Allocated, not shipped"), totals.allocated - totals.shipped),
        ("verified", _("Verified and free"), totals.verified_free),
        ("offered", _("Offered, not verified"), totals.offered),
    ]


@dataclass(frozen=True)
class Sums:
    """The counters of a bar that is of no line."""

    quantity: int = 0
    offered: int = 0
    verified_free: int = 0
    allocated: int = 0
    shipped: int = 0
    arrived: int = 0
    released: int = 0
