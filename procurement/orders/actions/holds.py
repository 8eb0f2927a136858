"""Actions that put orders on hold and resume them: one order, all orders to a company, and those whose hold has ended."""

from datetime import date, datetime
from typing import NamedTuple

from django.db.models import Q
from django.utils.translation import gettext_noop

from procurement.orders.models import Order, OrderQuerySet
from procurement.orders.payments.models import Payment
from procurement.orders.rules import orders
from procurement.orders.rules.holds import (
    already_on_hold_refusal,
    city_ids_where_may_hold,
    has_open_payments,
    hold_check_day,
    hold_has_ended,
    past_last_hold_day_refusal,
)
from procurement.suppliers.models.suppliers import Supplier
from workflow.actors import SYSTEM, Actor
from workflow.days import latest_day
from workflow.due_rows import process_due
from workflow.errors import Refused
from workflow.moves import first_refusal, register_action


class HoldResult(NamedTuple):
    """Result for one order: it is on hold now (`refusal` is None), or the refusal."""

    order: Order
    refusal: Refused | None


@register_action(orders.HOLD_ORDER)
def hold_order(
    order: Order,
    *,
    reason: str,
    held_until: date | None = None,
    tell_contact: bool = False,
    by: Actor,
    at: datetime,
) -> Order:
    """Put the order on hold until the end of a day, or until it is resumed. Its status stays.

    An order on hold gets the new reason and day. `tell_contact`: the contact who found the supplier gets a mail,
    without the reason. Refuses a day that has passed.
    """
    with orders.HOLD_ORDER.apply_to(order, by=by, at=at, reason=reason, tell_contact=tell_contact) as row:
        _hold(row, reason, held_until, tell_contact, by, at)
    return order


def _hold(
    row: Order, reason: str, held_until: date | None, tell_contact: bool, by: Actor, at: datetime
) -> None:
    refused = past_last_hold_day_refusal(row, held_until, at)
    if refused is not None:
        raise refused
    row.held_since = row.held_since or at
    row.held_until, row.held_by_id, row.hold_reason = held_until, by.user_id, reason
    row.hold_check_on = hold_check_day(row, held_until, at)
    row.contact_told_of_hold = row.contact_told_of_hold or tell_contact


@register_action(orders.RESUME_ORDER)
def resume_order(order: Order, *, reason: str, by: Actor, at: datetime) -> Order:
    """End the hold of an order: it goes on from its status."""
    with orders.RESUME_ORDER.apply_to(order, by=by, at=at, reason=reason) as row:
        lift_hold(row)
    return order


def hold_orders_to_supplier(
    supplier: Supplier,
    *,
    reason: str,
    held_until: date | None = None,
    tell_contact: bool = False,
    by: Actor,
    at: datetime,
) -> list[HoldResult]:
    """Put all orders to a company on hold that the actor may hold, its merged rows included.

    A refusal of one order does not stop the others: each has its result. An order that is on hold already keeps
    its reason and day. Refuses a day that has passed in one of the cities; then no order is put on hold.
    """
    found = list(holdable_orders(supplier, by))
    if (
        no := first_refusal(past_last_hold_day_refusal(order, held_until, at) for order in found)
    ) is not None:
        raise no
    results = []
    for order in found:
        try:
            with orders.HOLD_ORDER.apply_to(
                order, by=by, at=at, reason=reason, tell_contact=tell_contact
            ) as row:
                if (no := already_on_hold_refusal(row)) is not None:
                    raise no
                _hold(row, reason, held_until, tell_contact, by, at)
            results.append(HoldResult(order, None))
        except Refused as refused:
            results.append(HoldResult(order, refused))
    return results


def holdable_orders(supplier: Supplier, by: Actor) -> OrderQuerySet:
    """Return the orders to a company, in cities where the actor may hold them, that still have something to deliver or to pay."""
    unpaid = Payment.objects.unpaid().values("order")
    left = Q(status__in=Order.Status.open) | Q(status=Order.Status.COMPLETED, pk__in=unpaid)
    rows = Order.objects.filter(left, supplier__in=supplier.row_ids, city__in=city_ids_where_may_hold(by))
    return rows.select_related("supplier", "city").order_by("pk")


def resume_expired_holds(at: datetime) -> int:
    """Resume orders whose hold had a last day that has passed. Run by the periodic job. Return their number."""
    reason = gettext_noop("The last day of the hold has passed.")
    near = Order.objects.on_hold().filter(held_until__lt=latest_day(at))
    over = [row.pk for row in near.select_related("city") if hold_has_ended(row, at)]
    due = near.filter(pk__in=over).order_by("pk")
    return process_due(due, lambda order: resume_order(order, reason=reason, by=SYSTEM, at=at))


def lift_hold(row: Order) -> None:
    """Remove the hold from an order, under its lock."""
    row.held_since = row.held_until = row.held_by = row.hold_check_on = None
    row.hold_reason, row.contact_told_of_hold = "", False


def lift_hold_of_settled_order(row: Order) -> None:
    """Remove the hold from an order that is completed and has nothing left to pay, under its lock."""
    if not has_open_payments(row):
        lift_hold(row)
