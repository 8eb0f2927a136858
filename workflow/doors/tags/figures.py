"""Figures, money, days and moments as the reader's language writes them."""

from datetime import date, datetime
from typing import Any

from django import template
from django.template import Context
from django.utils.html import format_html
from django.utils.safestring import SafeString

from workflow import clock
from workflow.days import reader_day
from workflow.doors import words
from workflow.known import as_known

register = template.Library()


@register.filter
def quantity(number: Any) -> str:
    """`{{ line.quantity|quantity }}`: 500,000 / 500 000 / 500,000."""
    return words.quantity(number)


@register.filter
def precise(number: Any) -> str:
    """`{{ rate.rate|precise }}`: a rate or a share, as exact as it was written, to eight places."""
    return words.decimals(number, most=8)


@register.filter
def money(amount: Any, currency: str = "") -> str:
    """`{{ lead.unit_price|money:lead.currency }}`: CAD 1.92 / 1,92 CAD."""
    return words.money(amount, currency)


@register.filter
def percent(number: Any) -> str:
    """`{{ claim.duty_percent|percent }}`: 4.5% / 4,5 %, as exact as it was written."""
    return words.percent(number)


@register.filter
def share(part: Any, whole: Any) -> str:
    """`{{ done|share:all }}`: 76% / 76 %."""
    return words.share(part, whole)


def _stamp(when: datetime | date) -> str:
    """A day or moment for machines. HTML takes three digits of a second at most, and no page needs one."""
    return when.isoformat(timespec="seconds") if isinstance(when, datetime) else when.isoformat()


@register.filter
def day(when: date | None, form: str = "") -> SafeString | str:
    """`{{ need.needed_by|day }}`: 30 April 2020; `|day:"short"`: 2020-04-30."""
    if when is None:
        return "–"
    return format_html('<time datetime="{}">{}</time>', _stamp(when), words.day(when, short=form == "short"))


@register.filter
def moment(at: datetime | None, zone: str | None = None) -> SafeString | str:
    """`{{ entry.at|moment }}` in the reader's zone; `|moment:city.timezone` in the place's, with its offset."""
    if at is None:
        return "–"
    return format_html('<time datetime="{}">{}</time>', _stamp(at), words.moment(at, zone or None))


@register.filter
def moment_short(at: datetime | None, zone: str | None = None) -> SafeString | str:
    """The same in ISO figures, for tables."""
    if at is None:
        return "–"
    return format_html(
        '<time datetime="{}">{}</time>', _stamp(at), words.moment(at, zone or None, short=True)
    )


@register.filter
def moment_text(at: datetime, zone: str = "") -> str:
    """The moment as bare words, to stand inside a translated sentence that names the place."""
    return words.moment(
        words.localised(at, zone or None), words.localised(at, zone or None).tzinfo
    ).rpartition(" (")[0]


@register.filter
def known(text: Any) -> str:
    """A text of the reference data without what it tells of days to come."""
    return as_known(str(text), reader_day(clock.now()))


@register.simple_tag(takes_context=True)
def relative(context: Context, when: datetime | date | None) -> SafeString | str:
    """`{% relative task.due_at %}`: "today, 17:00", "in 3 days", "2 days ago", by the story's clock."""
    if when is None:
        return "–"
    text = words.relative(when, context["shell"].now)
    return format_html('<time datetime="{}">{}</time>', _stamp(when), text)
