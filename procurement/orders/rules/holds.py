"""Rules for orders on hold: what a hold stops, who may put an order on hold or resume it, and when it ends."""

from datetime import date, datetime, timedelta

from django.utils.translation import gettext_lazy as _

from partners.powers import Power
from procurement.catalogue.models.reference_rows import AcquisitionType
from procurement.orders.models import Order
from workflow.actors import Actor
from workflow.errors import LazyText, Refused
from workflow.formatting import format_day
from workflow.moves import not_ready_refusal
from workflow.outbox.quiet_hours import is_working_day

DAY = timedelta(days=1)
CHECK_WORKING_DAYS_BEFORE_END = 2  # working days before the last day; our own choice
CHECK_PERIOD_WITHOUT_END = timedelta(days=7)  # our own choice
HOLDING_POWERS = (Power.ORDER, Power.APPROVE, Power.SHIP)


def may_hold(by: Actor, order: Order) -> bool:
    """Return True for people who write, approve, pay or ship orders of the city.

    An interest in the company is no obstacle: a hold commits the city to nothing.
    """
    return any(by.may(power, order) for power in HOLDING_POWERS)


def city_ids_where_may_hold(by: Actor) -> frozenset[int]:
    """Return the ids of the cities whose orders the actor may put on hold."""
    return frozenset[int]().union(*(by.cities_with(power) for power in HOLDING_POWERS))


def may_decide_on_hold(by: Actor, order: Order) -> bool:
    """Return True for officers and approvers of the city."""
    return by.may(Power.ORDER, order) or by.may(Power.APPROVE, order)


def order_on_hold_text(order: Order) -> LazyText:
    """Return the sentence that an order is on hold, until when and why."""
    params = {"order": order.reference, "reason": order.hold_reason}
    if order.held_until is None:
        return _("%(order)s is on hold: %(reason)s") % params
    words = _("%(order)s is on hold until the end of %(day)s: %(reason)s")
    return words % {**params, "day": format_day(order.held_until)}


def order_on_hold_refusal(order: Order) -> Refused | None:
    """Return a refusal while the order is on hold, else None.

    It is not approved, placed, accepted or paid, and its goods are neither planned into a shipment nor sent.
    """
    if order.held_since is None:
        return None
    until = order.held_until.isoformat() if order.held_until else None
    return Refused("on_hold", order_on_hold_text(order), order=order.reference, until=until)


def nothing_to_hold_refusal(order: Order) -> Refused | None:
    """Return a refusal for a completed order of which nothing is left to pay, else None."""
    if order.status != Order.Status.COMPLETED or has_open_payments(order):
        return None
    return not_ready_refusal(_("All goods have arrived, and nothing is left to pay."))


def has_open_payments(order: Order) -> bool:
    """Return True if a payment of a purchase is planned or proposed."""
    return order.kind == AcquisitionType.PURCHASE and order.payments.unpaid().exists()


def order_not_on_hold_refusal(order: Order) -> Refused | None:
    """Return a refusal if the order is not on hold, else None."""
    return None if order.held_since else not_ready_refusal(_("The order is not on hold."))


def already_on_hold_refusal(order: Order) -> Refused | None:
    """Return a refusal if the order is on hold already, else None. Used when many orders are put on hold at once."""
    return None if order.held_since is None else Refused("held_already", order_on_hold_text(order))


def past_last_hold_day_refusal(order: Order, held_until: date | None, at: datetime) -> Refused | None:
    """Return a refusal for a last day that has passed in the city, else None."""
    if held_until is None or held_until >= order.city.day_at(at):
        return None
    return Refused("day_past", _("Enter today or a later date, or leave it blank."), field="held_until")


def hold_check_day(order: Order, held_until: date | None, at: datetime) -> date:
    """Return the day from which the start page (“Today”) asks what to do about a hold.

    It is the second working day of the city before the last day, or a week after `at` for a hold without one.
    """
    today = order.city.day_at(at)
    if held_until is None:
        return today + CHECK_PERIOD_WITHOUT_END
    day, left, calendar = (
        held_until,
        CHECK_WORKING_DAYS_BEFORE_END,
        order.city.subdivision or order.city.country,
    )
    while left and day > today:
        day -= DAY
        left -= is_working_day(day, calendar)
    return day


def hold_has_ended(order: Order, at: datetime) -> bool:
    """Return True if the last day of the hold has passed in the city."""
    return order.held_until is not None and order.held_until < order.city.day_at(at)
