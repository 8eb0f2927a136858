"""Rows of the start page (“Today”) for objects that another decision left open, such as orders of a withdrawn need.

A person decides on them, never the periodic job.
"""

from datetime import datetime, time, timedelta
from typing import Any

from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from partners.permissions.permissions import Permissions
from partners.powers import Power
from procurement.dashboard.attached_names import attach_goods, attach_journeys
from procurement.dashboard.todo_items import TodoItem, TodoKind, cities_with_power
from procurement.orders.models import Order
from procurement.requests.models import RequestLine, SupplyRequest
from procurement.requests.rules import URGENT_SUPPLY_DAYS
from procurement.shipments.models import Shipment
from procurement.shipments.queries import next_arrival
from workflow.formatting import format_month_day, quote_typed

NEXT_ARRIVAL = {"next_arrival": next_arrival()}


def _orders_of_withdrawn_needs(by: Permissions) -> QuerySet[Any]:
    """Return placed orders and accepted donations for a need that was withdrawn."""
    return Order.objects.flagged_for_decision().filter(city__in=cities_with_power(by, Power.ORDER))


def _held_orders(by: Permissions) -> QuerySet[Any]:
    """Return orders on hold, for officers and approvers."""
    cities = cities_with_power(by, Power.ORDER) | cities_with_power(by, Power.APPROVE)
    return Order.objects.on_hold().filter(city__in=cities)


def _shipments_of_ended_orders(by: Permissions) -> QuerySet[Any]:
    """Return packed shipments of an order that was cancelled or given up."""
    return Shipment.objects.flagged_for_decision().filter(city__in=cities_with_power(by, Power.SHIP))


def _needs_with_recalled_goods(by: Permissions) -> QuerySet[Any]:
    """Return fulfilled needs with goods that have since been recalled."""
    short = RequestLine.objects.filter(
        released__lt=F("quantity"), city__in=cities_with_power(by, Power.POST_REQUEST)
    )
    return SupplyRequest.objects.filter(
        city__in=cities_with_power(by, Power.POST_REQUEST),
        status=SupplyRequest.Status.FULFILLED,
        pk__in=short.values("supply_request"),
    )


def _order_without_need_item(order: Order, at: datetime) -> TodoItem:
    return TodoItem(
        _("Decide what to do with %(goods)s from %(supplier)s: the need was withdrawn")
        % {"goods": vars(order)["goods"], "supplier": order.supplier.name},
        _("Review order"),
        order.get_absolute_url(),
        _("The order binds you and %(supplier)s, so it is not cancelled automatically.")
        % {"supplier": order.supplier.name},
        at,
        order.reference,
    )


def _end_of_hold_item(order: Order, at: datetime) -> TodoItem:
    since = order.held_since or at
    if order.held_until is not None:
        words = _(
            "The hold on %(goods)s from %(supplier)s ends on %(day)s: extend it, or let the order proceed"
        )
        day = order.held_until
        due = datetime.combine(order.held_until, time.max, order.city.zone)
        consequence = _("After that date, the order can be placed, paid and shipped again.")
    else:
        words = _(
            "The order of %(goods)s from %(supplier)s has been on hold since %(day)s: resume it, or set an end date"
        )
        day = order.city.day_at(since)
        due = at
        consequence = _("Until then, the order cannot be placed, paid or shipped.")
    params = {
        "goods": vars(order)["goods"],
        "supplier": order.supplier.name,
        "day": format_month_day(day),
    }
    return TodoItem(
        words % params, _("Open order"), order.get_absolute_url(), consequence, due, order.reference
    )


def _cancel_shipment_item(shipment: Shipment, at: datetime) -> TodoItem:
    return TodoItem(
        _("Cancel the shipment of %(goods)s: its order was cancelled or written off")
        % {"goods": vars(shipment)["journey"]},
        _("Open shipment"),
        shipment.get_absolute_url(),
        _("The goods are packed but will not be shipped."),
        at,
        shipment.reference,
    )


def _recalled_need_item(need: SupplyRequest, at: datetime) -> TodoItem:
    return TodoItem(
        _("Reopen the need %(title)s: goods were recalled") % {"title": quote_typed(need.title)},
        _("Open need"),
        need.get_absolute_url(),
        _("The need is shown as fulfilled, but it is not."),
        at,
        need.reference,
    )


def _needs_to_reconfirm(by: Permissions) -> QuerySet[Any]:
    """Return needs whose reconfirmation date is near or past."""
    return SupplyRequest.objects.awaiting_reconfirmation().filter(
        city__in=cities_with_power(by, Power.POST_REQUEST)
    )


def _lines_running_out(by: Permissions) -> QuerySet[Any]:
    """Return lines that wait for goods and whose own supply runs out before their next planned arrival."""
    lines = RequestLine.objects.annotate(**NEXT_ARRIVAL).filter(
        Q(next_arrival__isnull=True) | Q(next_arrival__gt=F("runs_out_on")),
        supply_request__status=SupplyRequest.Status.OPEN,
        runs_out_on__isnull=False,
        arrived__lt=F("quantity"),
    )
    return lines.filter(city__in=cities_with_power(by, Power.POST_REQUEST))


def _running_out_item(line: Any, at: datetime) -> TodoItem:
    day, arrival = line.runs_out_on or line.city.day_at(at), line.next_arrival
    over = day < line.city.day_at(at)
    if arrival:
        words = (
            _("%(product)s: your supply ran out on %(day)s, next arrival %(arrival)s")
            if over
            else _("%(product)s: your supply runs out on %(day)s, next arrival %(arrival)s")
        )
    else:
        words = (
            _("%(product)s: your supply ran out on %(day)s, and no arrival is planned")
            if over
            else _("%(product)s: your supply runs out on %(day)s, and no arrival is planned")
        )
    names = {"product": line.product.name, "day": format_month_day(day)}
    need = line.supply_request
    return TodoItem(
        words % (names | {"arrival": format_month_day(arrival)} if arrival else names),
        _("Open need"),
        need.get_absolute_url(),
        _("For the need %(title)s") % {"title": quote_typed(need.title)},
        datetime.combine(day, time.max, line.city.zone),
        need.reference,
    )


def _reconfirm_need_item(need: SupplyRequest, at: datetime) -> TodoItem:
    day = need.reconfirm_by or need.city.day_at(at)
    return TodoItem(
        _("Confirm whether this is still needed: %(title)s") % {"title": need.title},
        _("It is still needed"),
        f"{need.get_absolute_url()}reconfirm/",
        _(
            "After that date, contacts get no more reminders. If you do not confirm the need, new offers are paused."
        ),
        datetime.combine(day, time.max, need.city.zone),
        need.reference,
        other_answers=(
            (_("It has changed"), f"{need.get_absolute_url()}edit/"),
            (_("It is no longer needed"), f"{need.get_absolute_url()}withdraw/"),
        ),
    )


FOLLOW_UP_TODO_KINDS = (
    TodoKind(
        "runs_out",
        _("Supplies that run out within a week"),
        _lines_running_out,
        _running_out_item,
        ("product", "city", "supply_request"),
        annotations=NEXT_ARRIVAL,
        waiting_since_field="",
        waiting_on_day_condition=lambda today: Q(runs_out_on__lt=today + timedelta(days=URGENT_SUPPLY_DAYS)),
    ),
    TodoKind(
        "reconfirm",
        _("Needs awaiting confirmation"),
        _needs_to_reconfirm,
        _reconfirm_need_item,
        ("city",),
        waiting_since_field="",
    ),
    TodoKind(
        "orders_adrift",
        _("Orders to decide on"),
        _orders_of_withdrawn_needs,
        _order_without_need_item,
        ("supplier",),
        attach_related=attach_goods,
        waiting_since_field="decision_needed_since",
    ),
    TodoKind(
        "held_orders",
        _("Orders on hold"),
        _held_orders,
        _end_of_hold_item,
        ("city", "supplier"),
        attach_related=attach_goods,
        order=("hold_check_on", "pk"),
        waiting_since_field="held_since",
        waiting_on_day_condition=lambda today: Q(hold_check_on__lte=today),
    ),
    TodoKind(
        "shipments_adrift",
        _("Shipments to cancel"),
        _shipments_of_ended_orders,
        _cancel_shipment_item,
        attach_related=attach_journeys,
        waiting_since_field="decision_needed_since",
    ),
    TodoKind(
        "reopen",
        _("Needs to reopen"),
        _needs_with_recalled_goods,
        _recalled_need_item,
        waiting_since_field="",
    ),
)
