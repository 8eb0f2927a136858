"""Figures, money, moments and names as the reader's language writes them.

Plain functions, for tags, charts, messages and documents. They read the language and time zone that Django
has active, never the current time (a "now" is an argument).
"""

import re
from datetime import date, datetime, time, tzinfo
from decimal import Decimal
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from babel.core import get_global
from babel.dates import get_timezone_location
from django.utils import formats, timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from workflow.days import local_day, reader_day

type Number = int | float | Decimal
type Zone = str | tzinfo

HAN_PATTERN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]")
MAX_RELATIVE_DAYS = 60  # days after which a date is clearer than a count of days


def reader_language() -> str:
    """Return the reader's language in two letters: en, fr or zh."""
    return (get_language() or "en")[:2]


def quote_typed(typed: str) -> str:
    """Return typed text in the quotation marks of the reader's language."""
    return _("“%(words)s”") % {"words": typed.strip()}


def format_quantity(number: Number | None) -> str:
    """Return a count with the language's separators; a dash for None."""
    if number is None:
        return "–"
    return formats.number_format(number, decimal_pos=0, use_l10n=True, force_grouping=True)


def format_decimals(number: Number | None, least: int = 2, most: int = 4) -> str:
    """Return a figure with at least `least` decimals, and up to `most` if they are not zero; a dash for None."""
    if number is None:
        return "–"
    exact = Decimal(str(number)).quantize(Decimal(1).scaleb(-most)).normalize()
    exponent = exact.as_tuple().exponent
    places = max(least, -exponent) if isinstance(exponent, int) else least
    return formats.number_format(exact, decimal_pos=places, use_l10n=True, force_grouping=True)


def format_money(amount: Number | None, currency: str) -> str:
    """Return an amount with its ISO currency code: `CAD 1.92`, `1,92 CAD`.

    The code shows which country's dollar is meant.
    """
    if amount is None:
        return "–"
    figure = format_decimals(amount)
    if not currency:
        return figure
    return f"{figure}\xa0{currency}" if reader_language() == "fr" else f"{currency}\xa0{figure}"


def format_percent(number: Number | None) -> str:
    """Return a rate as exact as it was written, without added zeros: `4.5%`, `4,5 %`."""
    if number is None:
        return "–"
    figure = format_decimals(number, least=0, most=8)
    return f"{figure}\xa0%" if reader_language() == "fr" else f"{figure}%"


def format_share(part: Number, whole: Number) -> str:
    """Return a part of a whole in whole per cent.

    A part that is neither nothing nor all is never written as 0 or 100.
    """
    ratio = 100 * float(part) / float(whole) if whole else 0.0
    figure = round(ratio)
    if 0 < ratio < 1:
        figure = 1
    if 99 < ratio < 100:
        figure = 99
    return format_percent(figure)


def format_day(when: date | None, short: bool = False) -> str:
    """Return a day: 30 April 2020, or 30 Apr 2020 where space is short. Files have ISO figures (`iso_day`)."""
    if when is None:
        return "–"
    text = formats.date_format(when, "SHORT_DATE_FORMAT" if short else "DATE_FORMAT")
    if reader_language() == "fr" and when.day == 1:
        return "1er" + text.removeprefix("1")
    return text


def format_month_day(when: date) -> str:
    """Return a day without its year, for charts and beside a relative time: 30 Apr; 4月30日."""
    return formats.date_format(when, {"zh": "n月j日", "fr": "j N"}.get(reader_language(), "j M"))


def iso_day(when: date | None) -> str:
    """Return a day in ISO figures, as documents and files have it; a dash for None."""
    return when.isoformat() if when is not None else "–"


def format_moment(at: datetime | None, zone: Zone | None = None, short: bool = False) -> str:
    """Return a moment in the reader's zone, or in a given zone with its offset from UTC; `short` abbreviates the month."""
    if at is None:
        return "–"
    local = local_moment(at, zone)
    joint = " " if reader_language() == "zh" else ", "
    text = f"{format_day(local_day(local), short=short)}{joint}{format_time(local)}"
    return f"{text} ({utc_offset(local)})" if zone is not None else text


def format_moment_with_offset(at: datetime) -> str:
    """Return a moment by the reader's clock with its offset, for sentences: 16 Apr 2020, 09:00 UTC−7."""
    return f"{format_moment(at, short=True)} {utc_offset(local_moment(at))}"


def format_in_zone(at: datetime, zone: Zone, place: str) -> str:
    """Return a moment by the clock of a place, to print beside the reader's: 00:07 on 21 Apr in Guangzhou."""
    local = local_moment(at, zone)
    return _("%(time)s on %(day)s in %(place)s") % {
        "time": format_time(local),
        "day": format_month_day(local_day(local)),
        "place": place,
    }


def is_same_local_time(at: datetime, zone: Zone) -> bool:
    """Return True if the reader's clock and that of a time zone show the same at a moment."""
    return local_moment(at).utcoffset() == local_moment(at, zone).utcoffset()


def format_time(at: datetime | time) -> str:
    """Return the time of day."""
    return formats.time_format(at.time() if isinstance(at, datetime) else at, "TIME_FORMAT")


def local_moment(at: datetime, zone: Zone | None = None) -> datetime:
    """Return the moment in a time zone, by default the reader's."""
    place = ZoneInfo(zone) if isinstance(zone, str) else zone
    return timezone.localtime(at, place)


def utc_offset(local: datetime) -> str:
    """Return `UTC+8`, `UTC−7` or `UTC+5:30`, which are unambiguous, unlike CST or PST."""
    minutes = int((local.utcoffset() or (local - local)).total_seconds()) // 60
    if not minutes:
        return "UTC"
    hours, rest = divmod(abs(minutes), 60)
    return f"UTC{'+' if minutes > 0 else '−'}{hours}" + (f":{rest:02d}" if rest else "")


def format_zone(zone: Zone) -> str:
    """Return a time zone as people name it, by its town: Vancouver time, heure locale à Vancouver, 温哥华时间."""
    if str(zone) == "UTC":
        return "UTC"
    locale = {"fr": "fr_CA", "zh": "zh_Hans"}.get(reader_language(), "en")
    return _("%(city)s time") % {"city": get_timezone_location(zone, locale=locale, return_city=True)}


def relative_day(when: datetime | date, now: datetime) -> str:
    """Return the distance to a day: "today, 17:00", "tomorrow", "in 3 days", "2 days ago".

    Beyond sixty days, return the date.
    """
    local = local_moment(when) if isinstance(when, datetime) else when
    then = reader_day(local) if isinstance(local, datetime) else local
    days = (then - reader_day(now)).days
    if abs(days) > MAX_RELATIVE_DAYS:
        return format_day(then)
    if days == 0 and isinstance(local, datetime):
        return _("today, %(time)s") % {"time": format_time(local)}
    return _relative_words(days)


def _relative_words(days: int) -> str:
    named = {0: _("today"), 1: _("tomorrow"), -1: _("yesterday")}
    if days in named:
        return named[days]
    text = (
        ngettext("in %(n)s day", "in %(n)s days", days)
        if days > 0
        else ngettext("%(n)s day ago", "%(n)s days ago", -days)
    )
    return text % {"n": format_quantity(abs(days))}


class BilingualName(NamedTuple):
    """Name to show, with the local name beside it.

    `language` is set only if it is not the reader's. The local name has its own language.
    """

    text: str
    language: str = ""
    local_name: str = ""
    local_language: str = ""


def bilingual_name(thing: Any) -> BilingualName:
    """Return the name of a city, product, company or office in the reader's language, with its local name.

    A missing name falls back to English, then to the local name, marked with its language.
    """
    language = reader_language()
    local, local_language = _local_name(thing)
    names = {"en": _text(thing, "name_en"), "fr": _text(thing, "name_fr"), "zh": _text(thing, "name_zh")}
    if local_language.startswith("zh") and not names["zh"]:
        names["zh"] = local
    text, shown = next(((names[key], key) for key in (language, "en") if names[key]), (local, local_language))
    other = "" if shown[:2] == language else shown
    if local == text or local_language[:2] == language:
        local, local_language = "", ""  # the name is already in the reader's own language
    return BilingualName(text or str(thing), other, local, local_language)


def _text(thing: Any, attribute: str) -> str:
    return str(getattr(thing, attribute, "") or "")


def _local_name(thing: Any) -> tuple[str, str]:
    """Return the local name and its language, as the object states it or as its place implies."""
    local = _text(thing, "name_local") or _text(thing, "legal_name_local")
    if not local:
        return "", ""
    place = thing if hasattr(thing, "country") else getattr(thing, "city", None)
    stated = _text(thing, "local_language") or language_of_place(
        _text(place, "country"), _text(place, "subdivision")
    )
    return local, language_as_written(local, stated)


def language_as_written(text: str, language: str) -> str:
    """Return the language of a text, or "" for a text marked as Chinese that has no Chinese character.

    Chinese contacts also write company names in Latin letters, which a Chinese font would set badly.
    """
    return "" if language.startswith("zh") and not HAN_PATTERN.search(text) else language


def language_of_place(country: str, subdivision: str = "") -> str:
    """Return the language most written in a place, for the HTML attribute "lang".

    The source is CLDR's likely subtag, and French for Quebec.
    """
    if subdivision == "CA-QC":
        return "fr"
    likely: str = get_global("likely_subtags").get(f"und_{country}", "")
    language_code, _separator, rest = likely.partition("_")
    return f"zh-{rest[:4]}" if language_code == "zh" else language_code
