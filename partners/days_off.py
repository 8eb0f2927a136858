"""Public holidays by country or subdivision, China's moved working days included: one calendar for routing and for mail. Pure."""

from datetime import date

from workflow.outbox.courtesy import calendar_of


def is_day_off(where: str, on: date) -> bool:
    """Whether a day is a public holiday at a place: a country (CN) or a subdivision (CA-BC). Where no calendar is known: no."""
    calendar = calendar_of(where)
    return calendar is not None and on in calendar
