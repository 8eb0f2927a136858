"""Moving the counters of shipped pieces, from the shipment's line to the order's, the offer's promise and the need's bar.

Called under the shipment's lock. Takes every lock below in the story's order: orders, their lines, allocations, offers, needs.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from procurement.allocations.actions import give_back, promise_again
from procurement.orders.actions import pieces
from procurement.orders.actions.payments import goods_moved
from procurement.orders.actions.pieces import Delta, lock_promises
from procurement.orders.models.order import OrderLine
from procurement.requests.actions import counters
from procurement.shipments.models.shipment import ShipmentLine
from workflow.actors import Actor


@dataclass(frozen=True, kw_only=True)
class Moved:
    """What happens to pieces of one shipment line.

    `left`, `accepted`, `released` count forward (and back, when taken back). `failed` will never be used: it is given back to the
    offer and the need.
    """

    left: int = 0
    accepted: int = 0
    released: int = 0
    failed: int = 0


def move(
    moved: Mapping[int, Moved], lines: Sequence[ShipmentLine], *, reason: str, by: Actor, at: datetime
) -> None:
    """Move the counters of the orders and the needs of these shipment lines (by id); what failed is given back, with the reason."""
    chosen = [line for line in lines if line.pk in moved]
    deltas = {line.order_line_id: _delta(moved[line.pk]) for line in chosen}
    order_lines = pieces.move(deltas)
    lock_promises(order_line.allocation_id for order_line in order_lines.values())
    for line in sorted(chosen, key=lambda line: line.order_line_id):
        _pass_on(order_lines[line.order_line_id], moved[line.pk], reason=reason, by=by, at=at)
    goods_moved({order_line.order_id for order_line in order_lines.values()}, at)


def _delta(moved: Moved) -> Delta:
    return Delta(
        departed=moved.left,
        released=moved.released,
        failed=moved.failed,
    )


def _pass_on(order_line: OrderLine, moved: Moved, *, reason: str, by: Actor, at: datetime) -> None:
    """To the promise and the line of the need. A need's bar never shows more shipped than promised, at no moment in between."""
    allocation = order_line.allocation
    if moved.failed < 0:
        promise_again(allocation, -moved.failed, reason=reason, by=by, at=at)
    counters.progress(
        allocation.line,
        shipped=moved.left - moved.failed,
        arrived=moved.accepted,
        released=moved.released,
    )
    if moved.failed > 0:
        give_back(allocation, moved.failed, reason=reason, by=by, at=at)
