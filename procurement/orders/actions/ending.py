"""How an order ends: completed, thanked for, shortened, cancelled, lost. What it promised is fulfilled or given back."""

from collections.abc import Iterable
from datetime import datetime

from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from procurement.allocations import actions
from procurement.allocations.actions import give_back
from procurement.allocations.models import Allocation
from procurement.orders.actions import accounts, making
from procurement.orders.actions.payments import cancel_all
from procurement.orders.actions.pieces import lock_promises, locked_lines
from procurement.orders.models.order import Order, OrderLine
from procurement.orders.rules import orders
from workflow.actors import CLOCK, Actor
from workflow.due import work_off
from workflow.errors import Refused
from workflow.outbox import ledger
from workflow.tongues import Figure


def shorten(order: Order, line: OrderLine, by_pieces: int, *, reason: str, by: Actor, at: datetime) -> Order:
    """Order fewer pieces of a line, down to what is in shipments: the rest goes back to the offer and the need; totals follow.

    Refuses more than is still to be shipped.
    """
    told = {"line": line.pk, "pieces": by_pieces}
    with orders.SHORTEN.on(order, by=by, at=at, reason=reason, **told) as row:
        here = locked_lines([line.pk]).get(line.pk)
        if here is None or here.order_id != row.pk or not 1 <= by_pieces <= here.to_ship:
            left = here.to_ship if here is not None else 0
            words = _("Only what is in no shipment can be taken off: %(left)s.") % {"left": Figure(left)}
            raise Refused("bad_quantity", words, left=left, field="quantity")
        _give_back([(here, by_pieces)], reason=reason, by=by, at=at)
        here.quantity -= by_pieces
        here.save(update_fields=["quantity"])
        making.retotal(row, by=by, at=at)
    return order


def complete(order: Order, *, by: Actor, at: datetime) -> Order:
    """Everything is here, inspected and released, or known to have failed. Refuses while a piece is open."""
    with orders.COMPLETE.on(order, by=by, at=at) as row:
        row.completed_at = at
        _fulfil(row, by=by, at=at)
    return order


def thank(order: Order, *, by: Actor, at: datetime) -> Order:
    """Thank the giver. Refuses a purchase, and a gift that is not complete."""
    with orders.THANK.on(order, by=by, at=at) as row:
        row.thanked_at = at
    return order


def cancel(order: Order, *, reason: str, by: Actor, at: datetime) -> Order:
    """Cancel before the goods are ready: payments are called off, every promise goes back to its offer and its need."""
    with orders.CANCEL.on(order, by=by, at=at, reason=reason) as row:
        _close(row, reason=reason, by=by, at=at)
        give_everything_back(row, reason=reason, by=by, at=at)
    return order


def lose(order: Order, *, reason: str, by: Actor, at: datetime) -> Order:
    """Give up what never came: it goes back to the offers and the needs. What was released here stays counted.

    Refuses while goods are on the way or wait for inspection.
    """
    with orders.LOSE.on(order, by=by, at=at, reason=reason) as row:
        _close(row, reason=reason, by=by, at=at)
        give_everything_back(row, reason=reason, by=by, at=at)
        _fulfil(row, by=by, at=at)
    return order


def give_everything_back(row: Order, *, reason: str, by: Actor, at: datetime) -> None:
    """Give back what has neither been released here nor failed (which was given back when it failed)."""
    lines = locked_lines(row.lines.values_list("pk", flat=True)).values()
    _give_back([(line, line.open) for line in lines if line.open], reason=reason, by=by, at=at)


def settle(at: datetime) -> int:
    """Cancel what binds nobody yet and is for needs that were withdrawn; mark placed orders and accepted gifts for their officer,
    until they end or hold nothing for such a need. Returns how many were cancelled, marked and no longer marked.
    """
    reason = gettext_noop("The need was withdrawn.")

    def end(order: Order) -> object:
        close = decline if order.status == Order.Status.OFFERED else cancel
        return close(order, reason=reason, by=CLOCK, at=at)

    def mark(order: Order, since: datetime | None) -> None:
        Order.objects.filter(pk=order.pk).update(adrift_since=since)

    ended = work_off(Order.objects.moot().order_by("pk"), end)
    marked = work_off(Order.objects.drifting().order_by("pk"), lambda order: mark(order, at))
    return ended + marked + work_off(Order.objects.decided().order_by("pk"), lambda order: mark(order, None))


def decline(order: Order, *, reason: str, by: Actor, at: datetime) -> Order:
    """Decline a gift with thanks. What was set aside for it goes back to the offer and the need."""
    with orders.DECLINE.on(order, by=by, at=at, reason=reason) as row:
        give_everything_back(row, reason=reason, by=by, at=at)
    return order


def _close(row: Order, *, reason: str, by: Actor, at: datetime) -> None:
    ledger.cancel(row)
    cancel_all(row, reason=reason, by=by, at=at)
    accounts.judge(row, at)  # nothing is left to pay: what was found about accounts goes


def _fulfil(row: Order, *, by: Actor, at: datetime) -> None:
    kept = Allocation.objects.filter(order_line__order=row, status=Allocation.Status.ORDERED)
    for allocation in kept.order_by("pk"):
        actions.fulfil(allocation, by=by, at=at)


def _give_back(lines: Iterable[tuple[OrderLine, int]], *, reason: str, by: Actor, at: datetime) -> None:
    """Give so many pieces of each line back, taking every lock below in one order first."""
    lines = sorted(lines, key=lambda pair: pair[0].allocation_id)
    lock_promises(line.allocation_id for line, _count in lines)
    for line, count in lines:
        give_back(line.allocation, count, reason=reason, by=by, at=at)
