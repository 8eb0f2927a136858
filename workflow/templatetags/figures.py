"""Template filters for numbers, money, days and moments, in the reader's language."""

from datetime import date, datetime
from typing import Any

from django import template
from django.template import Context
from django.utils.html import format_html
from django.utils.safestring import SafeString

from workflow import clock
from workflow.dated_text import text_as_of
from workflow.days import reader_day
from workflow.formatting import (
    format_day,
    format_decimals,
    format_moment,
    format_money,
    format_percent,
    format_quantity,
    format_share,
    local_moment,
    relative_day,
)

register = template.Library()


@register.filter
def quantity(number: Any) -> str:
    """Return a count: `{{ line.quantity|quantity }}` gives 500,000 / 500 000 / 500,000."""
    return format_quantity(number)


@register.filter
def precise(number: Any) -> str:
    """Return a rate or share as exact as it was written, to eight places: `{{ rate.rate|precise }}`."""
    return format_decimals(number, most=8)


@register.filter
def money(amount: Any, currency: str = "") -> str:
    """Return an amount: `{{ lead.unit_price|money:lead.currency }}` gives CAD 1.92 / 1,92 CAD."""
    return format_money(amount, currency)


@register.filter
def percent(number: Any) -> str:
    """Return a percentage as exact as it was written: 4.5% / 4,5 %.

    Example: `{{ claim.duty_percent|percent }}`.
    """
    return format_percent(number)


@register.filter
def share(part: Any, whole: Any) -> str:
    """Return a part of a whole: `{{ done|share:all }}` gives 76% / 76 %."""
    return format_share(part, whole)


def _stamp(when: datetime | date) -> str:
    """Return a day or moment for machines.

    HTML takes at most three digits of a second's fraction, and no page needs one.
    """
    return when.isoformat(timespec="seconds") if isinstance(when, datetime) else when.isoformat()


@register.filter
def day(when: date | None, form: str = "") -> SafeString | str:
    """Return a day: `{{ need.needed_by|day }}` gives 30 April 2020, and `|day:"short"` gives 2020-04-30."""
    if when is None:
        return "–"
    return format_html('<time datetime="{}">{}</time>', _stamp(when), format_day(when, short=form == "short"))


@register.filter
def moment(at: datetime | None, zone: str | None = None) -> SafeString | str:
    """Return a moment in the reader's zone: `{{ entry.at|moment }}`.

    `|moment:city.timezone` gives it in the place's zone, with its offset.
    """
    if at is None:
        return "–"
    return format_html('<time datetime="{}">{}</time>', _stamp(at), format_moment(at, zone or None))


@register.filter
def moment_short(at: datetime | None, zone: str | None = None) -> SafeString | str:
    """Return a moment in ISO figures, for tables."""
    if at is None:
        return "–"
    return format_html(
        '<time datetime="{}">{}</time>', _stamp(at), format_moment(at, zone or None, short=True)
    )


@register.filter
def moment_text(at: datetime, zone: str = "") -> str:
    """Return a moment as plain text, for a translated sentence that names the place."""
    return format_moment(local_moment(at, zone or None), local_moment(at, zone or None).tzinfo).rpartition(
        " ("
    )[0]


@register.filter
def known(text: Any) -> str:
    """Return a text of the reference data without its parts about later days."""
    return text_as_of(str(text), reader_day(clock.now()))


@register.simple_tag(takes_context=True)
def relative(context: Context, when: datetime | date | None) -> SafeString | str:
    """Return the distance to a day or moment, in the site's time: "today, 17:00", "in 3 days".

    Example: `{% relative task.due_at %}`.
    """
    if when is None:
        return "–"
    text = relative_day(when, context["shell"].now)
    return format_html('<time datetime="{}">{}</time>', _stamp(when), text)
