"""Moves of a goods receipt: the totals it must match, and when it may be reversed."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext_lazy as _

from partners.powers import Power
from procurement.quality.models import Lot
from procurement.receiving.models import Destruction, Discrepancy, GoodsReceipt, ReturnLine
from procurement.shipments.models import Shipment, ShipmentLine
from procurement.shipments.rules import unready_orders_refusal
from workflow.actors import Actor
from workflow.errors import Refused
from workflow.i18n import LocalizedCount
from workflow.moves import Move, Moves, not_ready_refusal, one_of


@dataclass(frozen=True, kw_only=True)
class LotCount:
    """Count of one lot of a line."""

    line: ShipmentLine
    accepted: int = 0
    rejected: int = 0
    missing: int = 0
    surplus: int = 0
    lot_number: str = ""
    expires_on: date | None = None
    reason: str = ""

    @property
    def shipped_pieces(self) -> int:
        """Number of shipped pieces that this count accounts for."""
        return self.accepted + self.rejected + self.missing

    @property
    def unusable_pieces(self) -> int:
        """Number of pieces that will not be used."""
        return self.rejected + self.missing


def unequal_totals_refusal(
    counts: Iterable[LotCount], lines: Mapping[int, ShipmentLine], *, more_to_come: bool
) -> Refused | None:
    """Return a refusal if the counts do not match the shipment.

    For each line, accepted, rejected and missing pieces together must equal the shipped pieces not
    counted before; with `more_to_come`, they may be fewer. Each difference needs a reason, and accepted
    pieces need a lot. Surplus is counted separately.
    """
    values: dict[int, int] = {}
    for count in counts:
        if count.line.pk not in lines:
            return Refused("another_line", _("This line is not in this shipment."), field="line")
        refused = _refuse_invalid_count(count)
        if refused is not None:
            return refused
        values[count.line.pk] = values.get(count.line.pk, 0) + count.shipped_pieces
    if not values:
        return Refused("nothing_counted", _("Count at least one line."), field="lines")
    for key, counted in values.items():
        expected = lines[key].uncounted_pieces
        if counted > expected or (counted < expected and not more_to_come):
            words = _(
                "Accepted, rejected and missing: %(counted)s units. Shipped and not counted yet: %(expected)s units."
            )
            figures = {"counted": LocalizedCount(counted), "expected": LocalizedCount(expected)}
            return Refused("does_not_add_up", words % figures, **figures, line=key, field="lines")
    return None


def _refuse_invalid_count(count: LotCount) -> Refused | None:
    line = count.line.pk
    if min(count.accepted, count.rejected, count.missing, count.surplus) < 0:
        return Refused("bad_quantity", _("Enter a quantity of zero or more."), line=line, field="lines")
    if (count.unusable_pieces or count.surplus) and not count.reason.strip():
        words = _("Explain why units were rejected, missing or surplus.")
        return Refused("reason_missing", words, line=line, field="reason")
    if count.accepted and not count.lot_number.strip():
        words = _("Enter the lot number printed on the cartons. It is needed for inspection and recalls.")
        return Refused("lot_missing", words, line=line, field="lot_number")
    return None


def may_receive(by: Actor, receipt: GoodsReceipt) -> bool:
    """Return True if the actor may receive for the city."""
    return by.may(Power.RECEIVE, receipt)


def shipment_not_countable_refusal(receipt: GoodsReceipt) -> Refused | None:
    """Return a refusal unless the shipment is delivered and not yet closed."""
    if receipt.shipment.status == Shipment.Status.DELIVERED:
        return None
    words = _("Goods can be received once they are delivered. %(shipment)s has the status “%(status)s”.")
    params = {"shipment": receipt.shipment, "status": receipt.shipment.get_status_display()}
    return not_ready_refusal(words % params, status=receipt.shipment.status)


def reversal_refusal(receipt: GoodsReceipt) -> Refused | None:
    """Return a refusal to reverse a goods receipt on which a later decision is based.

    No lot of the receipt may be inspected, released or rejected, and no discrepancy may be settled. The
    shipment must be open and its orders ready.
    """
    refused = shipment_not_countable_refusal(receipt) or unready_orders_refusal(receipt.shipment)
    if refused is not None:
        return refused
    lots = Lot.objects.filter(receipt_lines__receipt=receipt).exclude(
        status=Lot.Status.QUARANTINED, verdict=""
    )
    settled = receipt.discrepancies.filter(status=Discrepancy.Status.SETTLED)
    found = [one.reference for one in (*lots.distinct().order_by("pk"), *settled.order_by("pk"))]
    if not found:
        return _refuse_goods_gone(receipt)
    words = _("Decisions have already been made on these lots: %(lots)s.")
    return not_ready_refusal(words % {"lots": ", ".join(found)}, lots=found)


def _refuse_goods_gone(receipt: GoodsReceipt) -> Refused | None:
    """Return a refusal if rejected pieces of the receipt were sent back or destroyed."""
    lines = [row.line_id for row in receipt.lines.all() if row.rejected]
    back = ReturnLine.objects.filter(line__in=lines, lot=None).exclude(
        shipment__status=Shipment.Status.CANCELLED
    )
    destroyed_goods = Destruction.objects.not_discarded().filter(line__in=lines, lot=None)
    if not back.exists() and not destroyed_goods.exists():
        return None
    return not_ready_refusal(_("Goods rejected in this receipt have already been returned or destroyed."))


RECORD_GOODS_RECEIPT = Move[GoodsReceipt](
    verb="record",
    label=_("Receive goods"),
    past_tense=_("received the goods"),
    target=GoodsReceipt.Status.RECORDED,
    allowed=may_receive,
    ready=shipment_not_countable_refusal,
)
REVERSE = Move[GoodsReceipt](
    verb="reverse",
    label=_("Undo goods receipt"),
    past_tense=_("undid the goods receipt"),
    source=one_of(GoodsReceipt.Status.RECORDED),
    target=GoodsReceipt.Status.REVERSED,
    allowed=may_receive,
    ready=reversal_refusal,
    requires_reason=True,
)
RECEIPT_MOVES = Moves(
    GoodsReceipt,
    RECORD_GOODS_RECEIPT,
    REVERSE,
    ends={
        GoodsReceipt.Status.RECORDED: "the count is recorded",
        GoodsReceipt.Status.REVERSED: "counted again in another receipt",
    },
)
