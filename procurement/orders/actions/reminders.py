"""Actions that plan and send reminders about an order that waits for a decision, confirmation or goods."""

from datetime import datetime

from django.db.models import Exists, F, OuterRef, QuerySet

from procurement.orders.models import Order, OrderLine
from procurement.orders.rules import orders
from procurement.orders.rules.reminders import due_reminder_count, next_reminder_on, reminder_days
from workflow.actors import SYSTEM
from workflow.days import latest_day
from workflow.due_rows import process_due


def plan_reminders(row: Order, status: str, at: datetime) -> None:
    """Plan the reminders for the status that an order is about to have: of a decision, a confirmation or the goods.

    Days that have passed are left out: goods promised for tomorrow need no reminder of today.
    """
    row.waiting_since = at if status in Order.AWAITING_ANSWER_STATUSES else None
    row.reminders = sum(day <= row.city.day_at(at) for day in reminder_days(row, status))
    row.next_reminder_on = next_reminder_on(row, status)


def send_order_reminders(at: datetime) -> int:
    """Remind people of decisions, confirmations and goods that are due. Returns how many orders.

    Run by the periodic job. An order is reminded of once a day at most, however many days were missed.
    """
    near = _still_waiting(Order.objects.filter(next_reminder_on__lte=latest_day(at)))
    rows = near.select_related("city")
    today = [row.pk for row in rows if row.next_reminder_on and row.next_reminder_on <= row.city.day_at(at)]
    return process_due(near.filter(pk__in=today).order_by("pk"), lambda order: _send_reminder(order, at))


def _still_waiting(rows: QuerySet[Order]) -> QuerySet[Order]:
    """Return the rows that still wait: for an answer, or for goods of which some have not left.

    An order on hold brings no reminder.
    """
    rows = rows.filter(held_since=None)
    waits = OrderLine.objects.filter(order=OuterRef("pk"), quantity__gt=F("departed"))
    return rows.filter(status__in=Order.AWAITING_ANSWER_STATUSES) | rows.filter(
        Exists(waits), status__in=Order.AWAITING_GOODS_STATUSES
    )


def _send_reminder(order: Order, at: datetime) -> None:
    with orders.SEND_ORDER_REMINDER.apply_to(order, by=SYSTEM, at=at) as row:
        row.reminders = due_reminder_count(row, row.city.day_at(at))
        row.next_reminder_on = next_reminder_on(row, row.status)
