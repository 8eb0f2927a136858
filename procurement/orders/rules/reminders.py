"""Days on which people are reminded of a waiting order.

An order waits for a decision, for the supplier's confirmation, or for the goods.
"""

from datetime import date

from procurement.orders.models import Order
from workflow.reminders import DAY, reminder_days_after

DELIVERY_REMINDER_DAYS = (-3, 1, 5)  # from the promised day; our own choice


def reminder_days(order: Order, status: str) -> list[date]:
    """Return the days of the city on which people are reminded, the first one first.

    For a decision and for the supplier's confirmation they are the first, second and fourth working day after
    `waiting_since`; for goods that were promised, three days before the promised day, the day after it and four
    days later. None for a status in which nothing is waited for, or without a promised day.
    """
    if status in Order.AWAITING_ANSWER_STATUSES and order.waiting_since is not None:
        city = order.city
        return reminder_days_after(city.day_at(order.waiting_since), city.subdivision or city.country)
    if status in Order.AWAITING_GOODS_STATUSES and order.promised_on is not None:
        return [order.promised_on + days * DAY for days in DELIVERY_REMINDER_DAYS]
    return []


def due_reminder_count(order: Order, today: date) -> int:
    """Return how many of the order's reminders are due by a day."""
    return sum(day <= today for day in reminder_days(order, order.status))


def next_reminder_on(order: Order, status: str) -> date | None:
    """Return the day of the next reminder, or None after the last one."""
    days = reminder_days(order, status)
    return days[order.reminders] if order.reminders < len(days) else None
