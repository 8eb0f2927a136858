"""Cartons one by one: what somebody may say of one, and what those that were seen add up to."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import parse_qs, urlsplit

from django.utils.translation import gettext_lazy as _

from procurement.shipments.models.dock import CartonSeen
from procurement.shipments.models.shipment import Carton, ShipmentLine
from procurement.shipments.rules.receipts import Count
from workflow.errors import Refused, Words
from workflow.tongues import Figure

State = CartonSeen.State
MOST_INSIDE = 1_000_000  # pieces of one carton: more is a slip of the finger
_REFERENCE = re.compile(r"CT-[0-9]{4}-[0-9]{4,9}")
_PALLET = re.compile(r"SH-[0-9]{4}-[0-9]{4,9}-P[0-9]{1,6}")


@dataclass(frozen=True, kw_only=True)
class Seen:
    """What somebody saw of one carton: how it is, the pieces inside, how many of those cannot be used, lot and expiry."""

    state: str
    pieces: int = 0
    unusable: int = 0
    lot_number: str = ""
    expires_on: date | None = None
    remark: str = ""


@dataclass(frozen=True)
class Tally:
    """How many cartons came, of how many; and the numbers of those that nobody has seen, or that are missing."""

    seen: int
    damaged: int
    missing: Sequence[Carton]
    unseen: Sequence[Carton]
    total: int

    @property
    def here(self) -> int:
        """Cartons that came, whole or damaged."""
        return self.seen - len(self.missing)


@dataclass(frozen=True)
class Label:
    """What the QR of a label says: the code of the paper it was printed with, and the number of its box."""

    code: str
    box: str

    @property
    def is_pallet(self) -> bool:
        """Whether it is stuck on a pallet."""
        return _PALLET.fullmatch(self.box) is not None


def label_of(text: str) -> Label | None:
    """What a QR says, if it is one of our labels: an address such as https://…/made/<code>/?box=CT-2020-0007. None for all else.

    Of the address only the code and the box count: the code is random, so whoever has it has the label, whatever the host is called.
    """
    try:
        address = urlsplit(text.strip())
    except ValueError:
        return None
    parts = [part for part in address.path.split("/") if part]
    box = parse_qs(address.query).get("box", [""])[0]
    known = _REFERENCE.fullmatch(box) or _PALLET.fullmatch(box)
    if len(parts) < 2 or parts[-2] != "made" or not known:
        return None
    return Label(parts[-1], box)


def honest(seen: Seen) -> Refused | None:
    """Why this cannot be what somebody saw; None where it can."""
    if seen.state not in State:
        return Refused("bad_state", _("Say whether it is whole, damaged or missing."), field="state")
    if not 0 <= seen.pieces <= MOST_INSIDE or seen.unusable < 0:
        return Refused("bad_quantity", _("Say how many pieces are inside."), field="pieces")
    return _as_it_is(seen) or _with_lot(seen)


def _as_it_is(seen: Seen) -> Refused | None:
    """A carton that did not come holds nothing; one that is whole holds nothing broken; no carton more of that than there is."""
    if seen.state == State.MISSING and (seen.pieces or seen.unusable):
        return Refused("missing_is_empty", _("A carton that is missing holds no pieces."), field="pieces")
    if seen.state == State.WHOLE and seen.unusable:
        words = _("Pieces that cannot be used make it a damaged carton. Choose “Damaged”.")
        return Refused("whole_is_usable", words, field="state")
    if seen.unusable > seen.pieces:
        words = _("%(inside)s pieces are inside: no more than these can be unusable.")
        return Refused("bad_quantity", words % {"inside": Figure(seen.pieces)}, field="unusable")
    return None


def _with_lot(seen: Seen) -> Refused | None:
    """What is used is inspected and recalled by its lot."""
    if seen.pieces == seen.unusable or seen.lot_number.strip():
        return None
    words = _("Write down the lot printed on the boxes: it is inspected and can be recalled by it.")
    return Refused("lot_missing", words, field="lot_number")


def same(row: CartonSeen, seen: Seen) -> bool:
    """Whether somebody says once more what is known of a carton."""
    return seen == Seen(
        state=row.state,
        pieces=row.pieces,
        unusable=row.unusable,
        lot_number=row.lot_number,
        expires_on=row.expires_on,
        remark=row.remark,
    )


def tally(cartons: Iterable[Carton], seen: Iterable[CartonSeen]) -> Tally:
    """How many of the cartons came. `seen` are rows that stand, in any order."""
    boxes = sorted(cartons, key=lambda box: box.number)
    states = {row.carton_id: row.state for row in seen}
    return Tally(
        seen=len(states),
        damaged=sum(state == State.DAMAGED for state in states.values()),
        missing=[box for box in boxes if states.get(box.pk) == State.MISSING],
        unseen=[box for box in boxes if box.pk not in states],
        total=len(boxes),
    )


@dataclass
class _Sum:
    accepted: int = 0
    rejected: int = 0
    missing: int = 0
    surplus: int = 0


def counted(
    seen: Iterable[tuple[Carton, CartonSeen | None]],
    lines: dict[int, ShipmentLine],
    reasons: dict[int, str],
) -> list[Count]:
    """What these cartons make of each line, by lot and expiry, with the reason that was given for the line. None: nobody saw it.

    Of a carton packed with L pieces in which P are found, U of them unusable: missing L - P or surplus P - L, rejected min(U, L),
    accepted what is left of L.
    """
    sums: dict[tuple[int, str, date | None], _Sum] = {}
    for carton, row in seen:
        inside = row.pieces if row is not None else 0
        unusable = row.unusable if row is not None else 0
        usable = inside > unusable
        key = (
            carton.line_id,
            row.lot_number.strip() if row is not None and usable else "",
            row.expires_on if row is not None and usable else None,
        )
        part = sums.setdefault(key, _Sum())
        missing, rejected = max(0, carton.pieces - inside), min(unusable, carton.pieces)
        part.missing += missing
        part.rejected += rejected
        part.surplus += max(0, inside - carton.pieces)
        part.accepted += carton.pieces - missing - rejected
    return [
        Count(
            line=lines[line],
            accepted=part.accepted,
            rejected=part.rejected,
            missing=part.missing,
            surplus=part.surplus,
            lot_number=lot if part.accepted else "",
            expires_on=expires if part.accepted else None,
            reason=reasons.get(line, "").strip() if part.rejected or part.missing or part.surplus else "",
        )
        for (line, lot, expires), part in sums.items()
    ]


def already(row: CartonSeen) -> Words:
    """That a carton is counted, by whom and as what: said to whoever scans it once more."""
    words = _("%(carton)s is counted already: %(state)s, %(pieces)s pieces, by %(who)s. Nothing was changed.")
    return words % {
        "carton": row.carton.reference,
        "state": row.get_state_display(),
        "pieces": Figure(row.pieces),
        "who": row.by,
    }
