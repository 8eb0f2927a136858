"""Last contact between two places and the median answer time, from visible inquiries and exchanges.

Only those who asked, who were asked, or who oversee them see these figures. No list is sorted by
these figures, because they must not become a public ranking.
"""

from collections import defaultdict
from collections.abc import Collection
from datetime import UTC, date, datetime, time, timedelta
from statistics import median
from typing import NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from partners.exchanges.active_pairs import Pair
from partners.partial_dates import PartialDate, Precision
from partners.permissions.permissions import Permissions
from procurement.outreach.models.inquiries import Inquiry
from workflow.days import reader_day
from workflow.errors import LazyText
from workflow.formatting import format_quantity

MAX_PAIRS_IN_QUERY = (
    200  # up to this many pairs, the query names the cities; for more, it reads every visible inquiry
)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


class InquirySummary(NamedTuple):
    """Summary of the visible inquiries between two places.

    `last_contact_at`: the last inquiry or answer. `median_answer_time`: the median time until an answer.
    `answer_count`: the number of answers.
    """

    last_contact_at: datetime
    median_answer_time: timedelta | None
    answer_count: int


class LastContact(NamedTuple):
    """Last contact between two places, and its type."""

    contact_date: PartialDate
    kind: LazyText


def inquiry_summaries(by: Permissions, pairs: Collection[Pair], on: date) -> dict[Pair, InquirySummary]:
    """Return a summary of the visible inquiries for each pair of places, up to the end of a day (UTC).

    One query. Pairs without inquiries are missing. With more than `MAX_PAIRS_IN_QUERY` pairs, all visible inquiries are
    read.
    """
    until = datetime.combine(on, time.max, UTC)
    rows = Inquiry.objects.visible_to(by).filter(sent_at__lte=until)
    if len(pairs) <= MAX_PAIRS_IN_QUERY:
        cities = {city for pair in pairs for city in pair}
        rows = rows.filter(city__in=cities, contact__city__in=cities)
    found: defaultdict[Pair, list[tuple[datetime, datetime | None]]] = defaultdict(list)
    for city, there, sent, answered in rows.values_list("city", "contact__city", "sent_at", "answered_at"):
        if sent is not None:
            answer = answered if answered is not None and answered <= until else None
            found[frozenset((city, there))].append((sent, answer))
    return {pair: _summarize_inquiries(times) for pair, times in found.items()}


def _summarize_inquiries(times: Collection[tuple[datetime, datetime | None]]) -> InquirySummary:
    waits = [answered - sent for sent, answered in times if answered is not None]
    last = max(answered or sent for sent, answered in times)
    seconds = median(wait.total_seconds() for wait in waits) if waits else None
    return InquirySummary(last, None if seconds is None else timedelta(seconds=seconds), len(waits))


def last_contact(passed: PartialDate, of: InquirySummary | None) -> LastContact | None:
    """Return the later of the last exchange and the last inquiry or answer, or None without either."""
    question = PartialDate(reader_day(of.last_contact_at), Precision.DAY) if of else PartialDate()
    if question.first_day is None and passed.first_day is None:
        return None
    if passed.first_day is None or (
        question.first_day is not None and question.first_day >= passed.first_day
    ):
        return LastContact(question, _("an inquiry"))
    return LastContact(passed, _("an exchange"))


def format_wait(wait: timedelta | None) -> str:
    """Return a wait as text: whole hours, or days from two days on. Empty for None."""
    if wait is None:
        return ""
    if wait < 2 * DAY:
        hours = max(1, round(wait / HOUR))
        return ngettext("%(n)s hour", "%(n)s hours", hours) % {"n": format_quantity(hours)}
    days = round(wait / DAY)
    return ngettext("%(n)s day", "%(n)s days", days) % {"n": format_quantity(days)}
