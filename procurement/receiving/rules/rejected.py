"""Moves of a destruction, and the rejected pieces that are neither returned nor destroyed."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from partners.powers import Power
from procurement.quality.models import Lot
from procurement.receiving.models import Destruction, ReturnLine
from procurement.shipments.models import Shipment, ShipmentLine
from procurement.shipments.rules import may_receive
from workflow.actors import Actor
from workflow.errors import NOT_ALLOWED, Refused
from workflow.i18n import LocalizedCount
from workflow.moves import Move, Moves, one_of

DESTROY = Move[Shipment](
    verb="destroy",
    label=_("Record destruction of goods"),
    past=_("recorded the destruction of goods"),
    source=one_of(Shipment.Status.DELIVERED, Shipment.Status.CLOSED),
    allowed=may_receive,
    reason=True,
)

type LineLot = tuple[int, int | None]  # a line and one of its lots; None for pieces rejected at receiving


@dataclass(frozen=True)
class RejectedRemainder:
    """Refused pieces of a line that were not sent back or destroyed yet.

    They belong to a refused lot, or were rejected at receiving (`lot` is None).
    """

    line: ShipmentLine
    lot: Lot | None
    pieces: int

    @property
    def key(self) -> LineLot:
        """Line and lot of the pieces."""
        return self.line.pk, self.lot.pk if self.lot else None


@dataclass(frozen=True)
class Portion:
    """Number of refused pieces to send back or destroy."""

    line: ShipmentLine
    quantity: int
    lot: Lot | None = None

    @property
    def key(self) -> LineLot:
        """Line and lot of the pieces."""
        return self.line.pk, self.lot.pk if self.lot else None


def gone_pieces(rows: Iterable[ReturnLine | Destruction]) -> Counter[LineLot]:
    """Return the pieces sent back or destroyed, by line and lot."""
    gone = Counter[LineLot]()
    for row in rows:
        gone[row.line_id, row.lot_id] += row.quantity
    return gone


def remaining_rejected(
    lines: Iterable[ShipmentLine], lots: Iterable[Lot], gone: Mapping[LineLot, int]
) -> list[RejectedRemainder]:
    """Return the rejected and refused pieces that are still here, line by line.

    `gone` are the pieces sent back or destroyed.
    """
    by_line: dict[int, list[Lot]] = {}
    for lot in lots:
        if lot.status in Lot.Status.void:
            by_line.setdefault(lot.line_id, []).append(lot)
    found = []
    for line in lines:
        found.append(RejectedRemainder(line, None, line.rejected - gone.get((line.pk, None), 0)))
        found += [
            RejectedRemainder(line, lot, lot.quantity - gone.get((line.pk, lot.pk), 0))
            for lot in by_line.get(line.pk, ())
        ]
    return [one for one in found if one.pieces > 0]


def refuse_above_remaining(parts: Iterable[Portion], left: Iterable[RejectedRemainder]) -> Refused | None:
    """Return a refusal for more pieces than are left, or for a line and lot given twice."""
    values = list(parts)
    if not values or len({part.key for part in values}) != len(values):
        words = _("Enter the quantity of each rejected item, each item once.")
        return Refused("nothing_chosen", words, field="parts")
    here = {one.key: one.pieces for one in left}
    for part in values:
        most = here.get(part.key, 0)
        if not 0 < part.quantity <= most:
            words = _("Only %(left)s rejected units are still here. You cannot enter %(quantity)s.")
            figures = {"left": LocalizedCount(most), "quantity": LocalizedCount(part.quantity)}
            return Refused("more_than_refused", words % figures, **figures, line=part.line.pk, field="parts")
    return None


def may_note_destruction(by: Actor, gone: Destruction) -> bool:
    """Return True if the actor may receive for the city."""
    return by.may(Power.RECEIVE, gone)


def may_confirm(by: Actor, gone: Destruction) -> bool | Refused:
    """Return True if the actor may receive for the city and did not record the destruction."""
    if not may_note_destruction(by, gone):
        return False
    if by.user_id != gone.author_id:
        return True
    return Refused(NOT_ALLOWED, _("You recorded this, so someone else must confirm it."), show=True)


NOTE = Move[Destruction](
    verb="note",
    label=_("Record destruction of goods"),
    past=_("recorded the destruction of goods"),
    target=Destruction.Status.REPORTED,
    allowed=may_note_destruction,
)
CONFIRM = Move[Destruction](
    verb="confirm",
    label=_("Confirm destruction"),
    past=_("confirmed the destruction of the goods"),
    source=one_of(Destruction.Status.REPORTED),
    target=Destruction.Status.CONFIRMED,
    allowed=may_confirm,
)
DISCARD = Move[Destruction](
    verb="discard",
    label=_("Discard this record"),
    past=_("discarded the destruction record"),
    source=one_of(Destruction.Status.REPORTED),
    target=Destruction.Status.DISCARDED,
    allowed=may_note_destruction,
    reason=True,
)
DESTRUCTION_MOVES = Moves(
    Destruction,
    NOTE,
    CONFIRM,
    DISCARD,
    ends={
        Destruction.Status.CONFIRMED: "confirmed by a second person",
        Destruction.Status.DISCARDED: "the goods are still here",
    },
)
