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

RECORD_SHIPMENT_DESTRUCTION = Move[Shipment](
    verb="destroy",
    label=_("Record destruction of goods"),
    past_tense=_("recorded the destruction of goods"),
    source=one_of(Shipment.Status.DELIVERED, Shipment.Status.CLOSED),
    allowed=may_receive,
    requires_reason=True,
)

type LineLot = tuple[int, int | None]  # a line and one of its lots; None for pieces rejected at receiving


@dataclass(frozen=True)
class RejectedGoods:
    """Rejected pieces of a line that were not sent back or destroyed yet.

    They belong to a rejected lot, or were rejected at receiving (`lot` is None).
    """

    line: ShipmentLine
    lot: Lot | None
    pieces: int

    @property
    def line_and_lot_ids(self) -> LineLot:
        """Line and lot of the pieces."""
        return self.line.pk, self.lot.pk if self.lot else None


@dataclass(frozen=True)
class RejectedPortion:
    """Number of rejected pieces of a line and lot to send back or destroy."""

    line: ShipmentLine
    quantity: int
    lot: Lot | None = None

    @property
    def line_and_lot_ids(self) -> LineLot:
        """Line and lot of the pieces."""
        return self.line.pk, self.lot.pk if self.lot else None


def returned_or_destroyed(rows: Iterable[ReturnLine | Destruction]) -> Counter[LineLot]:
    """Return the pieces sent back or destroyed, by line and lot."""
    destroyed_goods = Counter[LineLot]()
    for row in rows:
        destroyed_goods[row.line_id, row.lot_id] += row.quantity
    return destroyed_goods


def remaining_rejected_goods(
    lines: Iterable[ShipmentLine], lots: Iterable[Lot], destroyed_goods: Mapping[LineLot, int]
) -> list[RejectedGoods]:
    """Return the rejected pieces that are still on site, line by line.

    `destroyed_goods` are the pieces sent back or destroyed.
    """
    by_line: dict[int, list[Lot]] = {}
    for lot in lots:
        if lot.status in Lot.Status.void:
            by_line.setdefault(lot.line_id, []).append(lot)
    found = []
    for line in lines:
        found.append(RejectedGoods(line, None, line.rejected - destroyed_goods.get((line.pk, None), 0)))
        found += [
            RejectedGoods(line, lot, lot.quantity - destroyed_goods.get((line.pk, lot.pk), 0))
            for lot in by_line.get(line.pk, ())
        ]
    return [one for one in found if one.pieces > 0]


def above_remaining_refusal(
    parts: Iterable[RejectedPortion], remaining: Iterable[RejectedGoods]
) -> Refused | None:
    """Return a refusal for more pieces than remain, or for a line and lot given twice."""
    values = list(parts)
    if not values or len({part.line_and_lot_ids for part in values}) != len(values):
        words = _("Enter the quantity of each rejected item. List each item only once.")
        return Refused("nothing_chosen", words, field="parts")
    here = {one.line_and_lot_ids: one.pieces for one in remaining}
    for part in values:
        most = here.get(part.line_and_lot_ids, 0)
        if not 0 < part.quantity <= most:
            words = _("Only %(left)s rejected units are left. You cannot enter %(quantity)s.")
            figures = {"left": LocalizedCount(most), "quantity": LocalizedCount(part.quantity)}
            return Refused("more_than_refused", words % figures, **figures, line=part.line.pk, field="parts")
    return None


def may_record_destruction(by: Actor, destroyed_goods: Destruction) -> bool:
    """Return True if the actor may receive for the city."""
    return by.may(Power.RECEIVE, destroyed_goods)


def may_confirm_destruction(by: Actor, destroyed_goods: Destruction) -> bool | Refused:
    """Return True if the actor may receive for the city and did not record the destruction."""
    if not may_record_destruction(by, destroyed_goods):
        return False
    if by.user_id != destroyed_goods.author_id:
        return True
    return Refused(
        NOT_ALLOWED, _("You recorded this destruction, so someone else must confirm it."), show=True
    )


RECORD_DESTRUCTION = Move[Destruction](
    verb="note",
    label=_("Record destruction of goods"),
    past_tense=_("recorded the destruction of goods"),
    target=Destruction.Status.REPORTED,
    allowed=may_record_destruction,
)
CONFIRM_DESTRUCTION = Move[Destruction](
    verb="confirm",
    label=_("Confirm destruction"),
    past_tense=_("confirmed the destruction of the goods"),
    source=one_of(Destruction.Status.REPORTED),
    target=Destruction.Status.CONFIRMED,
    allowed=may_confirm_destruction,
)
DISCARD_DESTRUCTION = Move[Destruction](
    verb="discard",
    label=_("Discard this record"),
    past_tense=_("discarded the destruction record"),
    source=one_of(Destruction.Status.REPORTED),
    target=Destruction.Status.DISCARDED,
    allowed=may_record_destruction,
    requires_reason=True,
)
DESTRUCTION_MOVES = Moves(
    Destruction,
    RECORD_DESTRUCTION,
    CONFIRM_DESTRUCTION,
    DISCARD_DESTRUCTION,
    ends={
        Destruction.Status.CONFIRMED: "confirmed by a second person",
        Destruction.Status.DISCARDED: "the goods are still here",
    },
)
