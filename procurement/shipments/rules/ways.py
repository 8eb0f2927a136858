"""What may be done with goods that were refused: how many are left to send back or to destroy, and who confirms that they were."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from partners.roles import Power
from procurement.shipments.models.arrival import Lot
from procurement.shipments.models.shipment import ShipmentLine
from procurement.shipments.models.ways import Destruction
from workflow.actors import Actor
from workflow.errors import NOT_ALLOWED, Refused
from workflow.moves import Move, Moves, one_of
from workflow.tongues import Figure

REFUSED = (Lot.Status.REFUSED, Lot.Status.RECALLED)

type Key = tuple[int, int | None]  # a line, and one of its lots; None for what was rejected at the door


@dataclass(frozen=True)
class Leftover:
    """Refused pieces of a line that nobody has sent back or destroyed yet: of a lot, or rejected at the door (`lot` None)."""

    line: ShipmentLine
    lot: Lot | None
    pieces: int

    @property
    def key(self) -> Key:
        """Which they are."""
        return self.line.pk, self.lot.pk if self.lot else None


@dataclass(frozen=True)
class Part:
    """So many of them."""

    line: ShipmentLine
    quantity: int
    lot: Lot | None = None

    @property
    def key(self) -> Key:
        """Of which."""
        return self.line.pk, self.lot.pk if self.lot else None


def leftovers(lines: Iterable[ShipmentLine], lots: Iterable[Lot], gone: Mapping[Key, int]) -> list[Leftover]:
    """What was rejected or refused and is still here, line by line; `gone` are the pieces sent back or destroyed."""
    by_line: dict[int, list[Lot]] = {}
    for lot in lots:
        if lot.status in REFUSED:
            by_line.setdefault(lot.line_id, []).append(lot)
    found = []
    for line in lines:
        found.append(Leftover(line, None, line.rejected - gone.get((line.pk, None), 0)))
        found += [
            Leftover(line, lot, lot.quantity - gone.get((line.pk, lot.pk), 0))
            for lot in by_line.get(line.pk, ())
        ]
    return [one for one in found if one.pieces > 0]


def fits(parts: Iterable[Part], left: Iterable[Leftover]) -> Refused | None:
    """Never more than is left: nothing goes back, or is destroyed, twice."""
    told = list(parts)
    if not told or len({part.key for part in told}) != len(told):
        words = _("Say how many pieces of which refused goods, each once.")
        return Refused("nothing_chosen", words, field="parts")
    here = {one.key: one.pieces for one in left}
    for part in told:
        most = here.get(part.key, 0)
        if not 0 < part.quantity <= most:
            words = _("Refused and still here: %(left)s. That cannot be %(quantity)s.")
            figures = {"left": Figure(most), "quantity": Figure(part.quantity)}
            return Refused("more_than_refused", words % figures, **figures, line=part.line.pk, field="parts")
    return None


def may_note(by: Actor, gone: Destruction) -> bool:
    """Whoever receives for the city."""
    return by.may(Power.RECEIVE, gone)


def may_confirm(by: Actor, gone: Destruction) -> bool | Refused:
    """Whoever receives for the city, and did not write it down."""
    if not may_note(by, gone):
        return False
    if by.user_id != gone.author_id:
        return True
    return Refused(NOT_ALLOWED, _("You wrote this down, so a second person confirms it."), show=True)


NOTE = Move[Destruction](
    verb="note",
    label=_("Note goods as destroyed"),
    past=_("noted goods as destroyed"),
    target=Destruction.Status.NOTED,
    allowed=may_note,
)
CONFIRM = Move[Destruction](
    verb="confirm",
    label=_("I saw it: they were destroyed"),
    past=_("confirmed that the goods were destroyed"),
    source=one_of(Destruction.Status.NOTED),
    target=Destruction.Status.DESTROYED,
    allowed=may_confirm,
)
DROP = Move[Destruction](
    verb="drop",
    label=_("Drop this note"),
    past=_("dropped the note"),
    source=one_of(Destruction.Status.NOTED),
    target=Destruction.Status.DROPPED,
    allowed=may_note,
    reason=True,
)
DESTRUCTION_MOVES = Moves(
    Destruction,
    NOTE,
    CONFIRM,
    DROP,
    ends={
        Destruction.Status.DESTROYED: "confirmed by a second person",
        Destruction.Status.DROPPED: "the goods are still here",
    },
)
