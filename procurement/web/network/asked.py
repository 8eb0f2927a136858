"""When two places were last in touch, and how soon answers come: of the questions the viewer may see, and of the register's exchanges.

Told to whoever asked or was asked, and to who oversees them; never ordered by, so that nobody is ranked in public.
"""

from collections import defaultdict
from collections.abc import Collection
from datetime import UTC, date, datetime, time, timedelta
from statistics import median
from typing import NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from partners.dates import Known, Precision
from partners.register.passed import Pair
from partners.rules.powers import Powers
from procurement.outreach.models import Inquiry
from workflow.days import reader_day
from workflow.doors.words import quantity
from workflow.errors import Words

FEW = 200  # pairs that are asked for by name; for a file of all of them, every question the viewer may see is read
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


class Asked(NamedTuple):
    """What the questions between two places say that the viewer may see: when the last was sent or answered, and the median wait."""

    last: datetime
    wait: timedelta | None
    answered: int


class Touch(NamedTuple):
    """The last time two places were in touch, and by what."""

    on: Known
    by: Words


def asked(by: Powers, pairs: Collection[Pair], on: date) -> dict[Pair, Asked]:
    """For each of these pairs of places between whom questions were sent by the end of a day (UTC), what these say. One query."""
    until = datetime.combine(on, time.max, UTC)
    rows = Inquiry.objects.visible_to(by).filter(sent_at__lte=until)
    if len(pairs) <= FEW:
        cities = {city for pair in pairs for city in pair}
        rows = rows.filter(city__in=cities, contact__city__in=cities)
    found: defaultdict[Pair, list[tuple[datetime, datetime | None]]] = defaultdict(list)
    for city, there, sent, answered in rows.values_list("city", "contact__city", "sent_at", "answered_at"):
        if sent is not None:
            answer = answered if answered is not None and answered <= until else None
            found[frozenset((city, there))].append((sent, answer))
    return {pair: _of(times) for pair, times in found.items()}


def _of(times: Collection[tuple[datetime, datetime | None]]) -> Asked:
    waits = [answered - sent for sent, answered in times if answered is not None]
    last = max(answered or sent for sent, answered in times)
    seconds = median(wait.total_seconds() for wait in waits) if waits else None
    return Asked(last, None if seconds is None else timedelta(seconds=seconds), len(waits))


def last_touch(passed: Known, of: Asked | None) -> Touch | None:
    """The later of the last exchange and the last question or answer."""
    question = Known(reader_day(of.last), Precision.DAY) if of else Known()
    if question.on is None and passed.on is None:
        return None
    if passed.on is None or (question.on is not None and question.on >= passed.on):
        return Touch(question, _("a question"))
    return Touch(passed, _("an exchange"))


def wait_words(wait: timedelta | None) -> str:
    """A wait in whole hours, or days from two on; nothing for none."""
    if wait is None:
        return ""
    if wait < 2 * DAY:
        hours = max(1, round(wait / HOUR))
        return ngettext("%(n)s hour", "%(n)s hours", hours) % {"n": quantity(hours)}
    days = round(wait / DAY)
    return ngettext("%(n)s day", "%(n)s days", days) % {"n": quantity(days)}
