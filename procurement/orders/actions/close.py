"""Actions that reduce or end an order: reduce, complete, thank, cancel, write off, decline.

The allocations of an order that ends are fulfilled or undone.
"""

from collections.abc import Iterable
from datetime import datetime

from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from procurement.allocations.actions import fulfil_allocation, undo_ordered_quantity
from procurement.allocations.models import Allocation
from procurement.orders.acknowledgements.actions.requests import close_acknowledgement
from procurement.orders.actions.create import recalculate_totals
from procurement.orders.actions.holds import lift_hold, lift_hold_of_settled_order
from procurement.orders.actions.quantities import lock_allocations, lock_order_lines
from procurement.orders.actions.screening import rescreen_order
from procurement.orders.models import Order, OrderLine
from procurement.orders.payments.actions import cancel_payments
from procurement.orders.rules import orders
from workflow.actors import SYSTEM, Actor
from workflow.due_rows import process_due
from workflow.errors import Refused
from workflow.i18n import LocalizedCount
from workflow.moves import register_action
from workflow.outbox import queue


@register_action(orders.REDUCE_QUANTITY)
def reduce_quantity(
    order: Order, line: OrderLine, by_pieces: int, *, reason: str, by: Actor, at: datetime
) -> Order:
    """Reduce the quantity of an order line and recalculate the totals.

    The pieces become available again in the offer and open in the need.

    Refuses to take off pieces that are in shipments.
    """
    values = {"line": line.pk, "pieces": by_pieces}
    with orders.REDUCE_QUANTITY.apply_to(order, by=by, at=at, reason=reason, **values) as row:
        locked = lock_order_lines([line.pk]).get(line.pk)
        if locked is None or locked.order_id != row.pk or not 1 <= by_pieces <= locked.unshipped_quantity:
            left = locked.unshipped_quantity if locked is not None else 0
            words = _("Only goods that are not in a shipment can be removed: %(left)s.") % {
                "left": LocalizedCount(left)
            }
            raise Refused("bad_quantity", words, left=left, field="quantity")
        _return_pieces_to_offers([(locked, by_pieces)], reason=reason, by=by, at=at)
        locked.quantity -= by_pieces
        locked.save(update_fields=["quantity"])
        recalculate_totals(row, by=by, at=at)
    return order


@register_action(orders.COMPLETE_ORDER)
def complete_order(order: Order, *, by: Actor, at: datetime) -> Order:
    """Complete the order. Refuses while a piece is neither released nor recorded as failed."""
    with orders.COMPLETE_ORDER.apply_to(order, by=by, at=at) as row:
        row.completed_at = at
        lift_hold_of_settled_order(row)
        _fulfil_allocations(row, by=by, at=at)
    return order


@register_action(orders.THANK_DONOR)
def thank_donor(order: Order, *, by: Actor, at: datetime) -> Order:
    """Record the thanks to the donor. Refuses a purchase, and a donation that is not complete."""
    with orders.THANK_DONOR.apply_to(order, by=by, at=at) as row:
        row.thanked_at = at
    return order


@register_action(orders.CANCEL_ORDER)
def cancel_order(order: Order, *, reason: str, by: Actor, at: datetime) -> Order:
    """Cancel the order, with its payments and allocations.

    Refuses an order whose goods are ready if some of them are in a shipment.
    """
    with orders.CANCEL_ORDER.apply_to(order, by=by, at=at, reason=reason) as row:
        _cancel_payments_and_mail(row, reason=reason, by=by, at=at)
        return_unreleased_pieces(row, reason=reason, by=by, at=at)
    return order


@register_action(orders.WRITE_OFF_ORDER)
def write_off_order(order: Order, *, reason: str, by: Actor, at: datetime) -> Order:
    """Write off the pieces that never arrived, and open their quantity in the offers and needs again.

    Released pieces stay counted. Refuses while goods are in transit or await inspection.
    """
    with orders.WRITE_OFF_ORDER.apply_to(order, by=by, at=at, reason=reason) as row:
        _cancel_payments_and_mail(row, reason=reason, by=by, at=at)
        return_unreleased_pieces(row, reason=reason, by=by, at=at)
        _fulfil_allocations(row, by=by, at=at)
    return order


def return_unreleased_pieces(row: Order, *, reason: str, by: Actor, at: datetime) -> None:
    """Undo the allocation of all pieces that are neither released nor failed.

    Failed pieces were returned to their offer when they failed.
    """
    lines = lock_order_lines(row.lines.values_list("pk", flat=True)).values()
    _return_pieces_to_offers(
        [(line, line.open_quantity) for line in lines if line.open_quantity], reason=reason, by=by, at=at
    )


def close_moot_orders(at: datetime) -> int:
    """Cancel or flag orders whose need was withdrawn. Run by the periodic job.

    Orders that are not binding yet are cancelled. Placed orders and accepted donations are flagged for their
    officer, until they end or hold no piece for such a need. Returns the number of orders cancelled, flagged
    and unflagged.
    """
    reason = gettext_noop("The need was withdrawn.")

    def cancel_or_decline(order: Order) -> object:
        close = decline_donation if order.status == Order.Status.OFFERED else cancel_order
        return close(order, reason=reason, by=SYSTEM, at=at)

    def flag(order: Order, since: datetime | None) -> None:
        Order.objects.filter(pk=order.pk).update(decision_needed_since=since)

    ended = process_due(Order.objects.moot().order_by("pk"), cancel_or_decline)
    flagged = process_due(Order.objects.to_flag_for_decision().order_by("pk"), lambda order: flag(order, at))
    return (
        ended
        + flagged
        + process_due(Order.objects.to_unflag().order_by("pk"), lambda order: flag(order, None))
    )


@register_action(orders.DECLINE_DONATION)
def decline_donation(order: Order, *, reason: str, by: Actor, at: datetime) -> Order:
    """Decline a donation with thanks, and undo its allocations."""
    with orders.DECLINE_DONATION.apply_to(order, by=by, at=at, reason=reason) as row:
        lift_hold(row)
        return_unreleased_pieces(row, reason=reason, by=by, at=at)
    return order


def _cancel_payments_and_mail(row: Order, *, reason: str, by: Actor, at: datetime) -> None:
    queue.cancel_messages_about(row)
    close_acknowledgement(row, at=at)
    lift_hold(row)
    cancel_payments(row, reason=reason, by=by, at=at)
    rescreen_order(row, at)  # nothing is left to pay, so clear the findings on bank accounts


def _fulfil_allocations(row: Order, *, by: Actor, at: datetime) -> None:
    kept = Allocation.objects.filter(order_line__order=row, status=Allocation.Status.ORDERED)
    for allocation in kept.order_by("pk"):
        fulfil_allocation(allocation, by=by, at=at)


def _return_pieces_to_offers(
    lines: Iterable[tuple[OrderLine, int]], *, reason: str, by: Actor, at: datetime
) -> None:
    """Undo the allocation of some pieces of each line, after taking all locks in the fixed order."""
    lines = sorted(lines, key=lambda pair: pair[0].allocation_id)
    lock_allocations(line.allocation_id for line, _count in lines)
    for line, count in lines:
        undo_ordered_quantity(line.allocation, count, reason=reason, by=by, at=at)
