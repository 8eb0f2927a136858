"""Five weeks of runs of the periodic job across Spring Festival and both clock changes.

No mail goes out at night, is lost, or is sent twice.
"""

import dataclasses
import time
from datetime import UTC, date, datetime, timedelta

import pytest

from partners.contacts import working_hours
from tests.faults.figures import record_result
from tests.faults.month_of_reminders.mail_checks import check_mails
from tests.faults.month_of_reminders.month import Month, Span
from tests.lanes import FULL

pytestmark = [pytest.mark.fault, pytest.mark.django_db(transaction=True)]
# `make faults` plays 10,000 inquiries and checks, half in each span, and every tick; the usual run plays a short part.
THINGS, TICK = (5_000, timedelta(minutes=30)) if FULL else (15, timedelta(hours=1))


def span(begins: date, first: datetime, last: datetime) -> Span:
    return Span(begins, 35, TICK, (first, last), every_tick=FULL)


SPANS = {
    # China has holidays from 18 to 24 February; the machine is down on the first working day; Canada's clocks change on 8 March.
    "Spring Festival and March": span(
        date(2015, 2, 13), datetime(2015, 2, 24, 3, tzinfo=UTC), datetime(2015, 2, 25, 15, tzinfo=UTC)
    ),
    # Europe's clocks change on 25 October, Canada's on 1 November, the night in which the machine is down.
    "October and November": span(
        date(2015, 10, 16), datetime(2015, 10, 31, 22, tzinfo=UTC), datetime(2015, 11, 1, 23, tzinfo=UTC)
    ),
}


@pytest.fixture(autouse=True)
def mail_stays_here(settings):
    settings.MAILERS = {"default": {"BACKEND": "django.core.mail.backends.locmem.EmailBackend"}}
    settings.NUDGE = ""


@pytest.mark.parametrize(
    "name", [next(iter(SPANS)), *(pytest.param(name, marks=pytest.mark.every_way) for name in [*SPANS][1:])]
)
def test_reminders_over_five_weeks_arrive_once_each_within_working_hours(name):
    began = time.monotonic()
    month = Month(SPANS[name], THINGS)
    month.play()
    found = check_mails(month)
    record_result(
        f"{SPANS[name].days} days of ticks: {name}",
        f"{THINGS:,} questions and checks, {month.ticks:,} ticks, {len(month.sent):,} mails in "
        f"{time.monotonic() - began:.0f} s: {found}",
    )
    assert not any(vars(found).values()), str(found)
    assert len(month.sent) > 4 * THINGS


@pytest.mark.every_way
def test_month_check_detects_night_mail_and_missing_or_repeated_mail(monkeypatch):
    """Negative control: without working hours, mails come at night; a missing or repeated mail is found."""
    monkeypatch.setattr(working_hours, "next_allowed_time", lambda at, *_place: at)
    month = Month(dataclasses.replace(SPANS["Spring Festival and March"], days=12, every_tick=False), 12)
    month.play()
    assert check_mails(month).at_a_bad_hour
    reminder = next(one for one in month.sent if "reminder" in one.message.template)
    month.sent.remove(reminder)
    assert check_mails(month).lost
    month.sent += [reminder, reminder]
    assert check_mails(month).twice
