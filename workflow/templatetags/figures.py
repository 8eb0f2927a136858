"""Template filters for numbers, money, days and moments, in the reader's language."""

from datetime import date, datetime
from typing import Any

from django import template
from django.template import Context
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from workflow import clock
from workflow.dated_text import text_as_of
from workflow.days import local_day, reader_day
from workflow.formatting import (
    MAX_RELATIVE_DAYS,
    format_day,
    format_decimals,
    format_in_zone,
    format_moment,
    format_money,
    format_month_day,
    format_percent,
    format_quantity,
    format_share,
    format_time,
    format_zone,
    is_same_local_time,
    local_moment,
    relative_day,
    utc_offset,
)

register = template.Library()


@register.filter
def unit_of(product: Any, number: int) -> str:
    """Return a product's unit after a number of it: `{{ line.product|unit_of:line.quantity }}`."""
    return str(product.unit_for_count(number))


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
    """Return a day: `{{ need.needed_by|day }}` gives 30 April 2020, and `|day:"short"` gives 30 Apr 2020."""
    if when is None:
        return "–"
    return format_html('<time datetime="{}">{}</time>', _stamp(when), format_day(when, short=form == "short"))


@register.filter
def moment(at: datetime | None, zone: str | None = None) -> SafeString | str:
    """Return a moment in the reader's zone: `{{ entry.at|moment }}`.

    `|moment:city.timezone` gives it in the place's zone, with its offset, and the reader's own time on hover and
    for screen readers.
    """
    return _shown(at, zone)


@register.filter
def moment_short(at: datetime | None, zone: str | None = None) -> SafeString | str:
    """Return a moment with the month abbreviated, for tables: 16 Apr 2020, 09:05. A zone works as in `moment`."""
    return _shown(at, zone, short=True)


def _shown(at: datetime | None, zone: str | None, short: bool = False) -> SafeString | str:
    if at is None:
        return "–"
    text = format_moment(at, zone or None, short=short)
    if not zone or is_same_local_time(at, zone):
        return format_html('<time datetime="{}">{}</time>', _stamp(at), text)
    reader_time = _("%(when)s your time") % {"when": format_moment(at, short=True)}
    return format_html(
        '<time datetime="{}" title="{}">{}<span class="visually-hidden">, {}</span></time>',
        *(_stamp(at), reader_time, text, reader_time),
    )


@register.simple_tag
def due_there(at: datetime | None, zone: str, place: str) -> SafeString | str:
    """Return a moment by the reader's clock, with that of the person who has to act beside it, smaller.

    Example: `{% due_there task.due_at contact.user.time_zone contact.city.name %}` gives 20 Apr 2020, 09:07 and 00:07
    on 21 Apr in Guangzhou. Without a difference, only the first.
    """
    if at is None or not zone or is_same_local_time(at, zone):
        return moment_short(at)
    local_time = format_in_zone(at, zone, place)
    in_brackets = _("(%(words)s)") % {"words": local_time}
    return format_html('{} <span class="small quiet">{}</span>', moment_short(at), in_brackets)


@register.simple_tag
def moment_at(at: datetime | None, zone: str, place: str, brief: bool = False) -> SafeString | str:
    """Return a moment by the reader's clock, with that of its place on hover and for screen readers.

    Example: `{% moment_at step.actual step.zone step.place %}` gives 16 Apr 2020, 08:40 and, on hover, 23:40 on 16 Apr
    in Guangzhou. Without a difference, or for a place without a known zone, only the first. `brief` leaves out the
    present year.
    """
    if at is None:
        return "–"
    local = local_moment(at)
    text = format_moment(at, short=True)
    if brief and local.year == local_moment(clock.now()).year:
        text = f"{format_month_day(local_day(local))}\xa0{format_time(local)}"
    if not zone or is_same_local_time(at, zone):
        return format_html('<time datetime="{}">{}</time>', _stamp(at), text)
    local_time = format_in_zone(at, zone, place)
    return format_html(
        '<time datetime="{}" title="{}">{}<span class="visually-hidden"> ({})</span></time>',
        *(_stamp(at), local_time, text, local_time),
    )


@register.simple_tag
def reader_zone() -> SafeString:
    """Return the reader's time zone, with its present offset on hover and for screen readers.

    Example: `{% reader_zone as zone %}` gives Vancouver time and, on hover, UTC−7.
    """
    name, offset = format_zone(timezone.get_current_timezone()), utc_offset(local_moment(clock.now()))
    if name == offset:
        return format_html("{}", name)
    return format_html(
        '<span title="{}">{}<span class="visually-hidden"> ({})</span></span>', offset, name, offset
    )


@register.filter
def moment_text(at: datetime, zone: str = "") -> str:
    """Return a moment as plain text, for a translated sentence that names the place."""
    return format_moment(local_moment(at, zone or None), local_moment(at, zone or None).tzinfo).rpartition(
        " ("
    )[0]


@register.filter
def text_known_today(text: Any) -> str:
    """Return a text of the reference data without its parts about days after the reader's today."""
    return text_as_of(str(text), reader_day(clock.now()))


@register.simple_tag(takes_context=True)
def relative_time(context: Context, when: datetime | date | None) -> SafeString | str:
    """Return the distance to a day or moment, in the site's time, with the day: "today, 17:00", "in 3 days, 19 Apr".

    Example: `{% relative task.due_at %}`.
    """
    if when is None:
        return "–"
    local = local_moment(when) if isinstance(when, datetime) else when
    day = reader_day(local) if isinstance(local, datetime) else local
    away = abs((day - reader_day(context["shell"].now)).days)
    text = relative_day(when, context["shell"].now)
    if 0 < away <= MAX_RELATIVE_DAYS:
        text = _("%(distance)s, %(day)s") % {"distance": text, "day": format_month_day(day)}
    return format_html('<time datetime="{}">{}</time>', _stamp(when), text)
