"""At the door: what a counting must add up to, and when it may be taken back."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext_lazy as _

from partners.roles import Power
from procurement.shipments.models.arrival import Lot, Receipt
from procurement.shipments.models.cases import DifferenceCase
from procurement.shipments.models.shipment import Shipment, ShipmentLine
from procurement.shipments.models.ways import BackLine, Destruction
from procurement.shipments.rules.gates import orders_ready
from workflow.actors import Actor
from workflow.errors import Refused
from workflow.moves import Move, Moves, not_ready, one_of
from workflow.tongues import Figure


@dataclass(frozen=True, kw_only=True)
class Count:
    """What somebody counted of one line, of one lot."""

    line: ShipmentLine
    accepted: int = 0
    rejected: int = 0
    missing: int = 0
    surplus: int = 0
    lot_number: str = ""
    expires_on: date | None = None
    reason: str = ""

    @property
    def expected(self) -> int:
        """The pieces of the shipped ones that this counting accounts for."""
        return self.accepted + self.rejected + self.missing

    @property
    def failed(self) -> int:
        """What will not be used."""
        return self.rejected + self.missing


def adds_up(
    counts: Iterable[Count], lines: Mapping[int, ShipmentLine], *, more_to_come: bool
) -> Refused | None:
    """Accepted, rejected and missing together are what was shipped and not counted before, line by line; each difference has
    a reason; what was accepted has a lot. Surplus stands apart. Where more is to come, a part may be counted.
    """
    told: dict[int, int] = {}
    for count in counts:
        if count.line.pk not in lines:
            return Refused("another_line", _("That line is not in this shipment."), field="line")
        refused = _honest(count)
        if refused is not None:
            return refused
        told[count.line.pk] = told.get(count.line.pk, 0) + count.expected
    if not told:
        return Refused("nothing_counted", _("Count at least one line."), field="lines")
    for key, counted in told.items():
        expected = lines[key].uncounted
        if counted > expected or (counted < expected and not more_to_come):
            words = _(
                "Accepted, rejected and missing: %(counted)s. Shipped and not counted yet: %(expected)s."
            )
            figures = {"counted": Figure(counted), "expected": Figure(expected)}
            return Refused("does_not_add_up", words % figures, **figures, line=key, field="lines")
    return None


def _honest(count: Count) -> Refused | None:
    line = count.line.pk
    if min(count.accepted, count.rejected, count.missing, count.surplus) < 0:
        return Refused("bad_quantity", _("A count is never below zero."), line=line, field="lines")
    if (count.failed or count.surplus) and not count.reason.strip():
        words = _("Say why pieces were rejected, missing or too many.")
        return Refused("reason_missing", words, line=line, field="reason")
    if count.accepted and not count.lot_number.strip():
        words = _("Write down the lot printed on the boxes: it is inspected and can be recalled by it.")
        return Refused("lot_missing", words, line=line, field="lot_number")
    return None


def may_receive(by: Actor, receipt: Receipt) -> bool:
    """Whoever receives for the city."""
    return by.may(Power.RECEIVE, receipt)


def can_be_counted(receipt: Receipt) -> Refused | None:
    """Goods are counted once they are at the door, and until the shipment is closed."""
    if receipt.shipment.status == Shipment.Status.DELIVERED:
        return None
    words = _("Goods are counted when they have been delivered; %(shipment)s is at “%(status)s”.")
    told = {"shipment": receipt.shipment, "status": receipt.shipment.get_status_display()}
    return not_ready(words % told, status=receipt.shipment.status)


def can_be_taken_back(receipt: Receipt) -> Refused | None:
    """A counting is taken back while nothing rests on it: no lot of it inspected, released or refused, no case of it settled,
    shipment and order open.
    """
    refused = can_be_counted(receipt) or orders_ready(receipt.shipment)
    if refused is not None:
        return refused
    lots = Lot.objects.filter(receipt_lines__receipt=receipt).exclude(
        status=Lot.Status.QUARANTINED, verdict=""
    )
    settled = receipt.cases.filter(status=DifferenceCase.Status.SETTLED)
    found = [one.reference for one in (*lots.distinct().order_by("pk"), *settled.order_by("pk"))]
    if not found:
        return _still_here(receipt)
    words = _("Decisions rest on this counting: %(lots)s.")
    return not_ready(words % {"lots": ", ".join(found)}, lots=found)


def _still_here(receipt: Receipt) -> Refused | None:
    """What was rejected and went back, or was destroyed, is not counted anew."""
    lines = [row.line_id for row in receipt.lines.all() if row.rejected]
    back = BackLine.objects.filter(line__in=lines, lot=None).exclude(
        shipment__status=Shipment.Status.CANCELLED
    )
    gone = Destruction.objects.standing().filter(line__in=lines, lot=None)
    if not back.exists() and not gone.exists():
        return None
    return not_ready(_("What was rejected in this counting has gone back, or was destroyed."))


RECORD = Move[Receipt](
    verb="record",
    label=_("Count what came"),
    past=_("counted what came"),
    target=Receipt.Status.RECORDED,
    allowed=may_receive,
    ready=can_be_counted,
)
TAKE_BACK = Move[Receipt](
    verb="take_back",
    label=_("Take the counting back"),
    past=_("took the counting back"),
    source=one_of(Receipt.Status.RECORDED),
    target=Receipt.Status.TAKEN_BACK,
    allowed=may_receive,
    ready=can_be_taken_back,
    reason=True,
)
RECEIPT_MOVES = Moves(
    Receipt,
    RECORD,
    TAKE_BACK,
    ends={
        Receipt.Status.RECORDED: "what was counted",
        Receipt.Status.TAKEN_BACK: "counted anew in another receipt",
    },
)
