"""Quiet hours: a message waits for the working days and hours of its reader."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from workflow.outbox.quiet_hours import is_working_day, next_allowed_time

CHINA = ZoneInfo("Asia/Shanghai")


def in_china(day, hour, minute=0):
    return datetime(2020, 4, day, hour, minute, tzinfo=CHINA)


@pytest.mark.parametrize(
    ("asked", "polite"),
    [
        (in_china(16, 10), in_china(16, 10)),  # Thursday by day
        (in_china(16, 8), in_china(16, 8)),
        (in_china(16, 5), in_china(16, 8)),  # before opening
        (in_china(16, 20), in_china(17, 8)),  # at closing
        (in_china(17, 23), in_china(20, 8)),  # Friday night: Monday
        (in_china(18, 12), in_china(20, 8)),  # Saturday
        (in_china(4, 9), in_china(7, 8)),  # Tomb-Sweeping Day on a Saturday, with the Monday off instead
        (in_china(26, 9), in_china(26, 9)),  # a Sunday worked in China in exchange for a holiday in May
    ],
)
def test_contacts_in_china_are_mailed_in_the_daytime_of_working_days(asked, polite):
    assert next_allowed_time(asked, "Asia/Shanghai", "CN") == polite


def test_own_working_hours_decide_and_the_result_is_in_utc():
    asked = datetime(2020, 4, 16, 5, tzinfo=UTC)  # 01:00 in Toronto
    moment = next_allowed_time(asked, "America/Toronto", "CA", opens=time(10), closes=time(15))
    assert moment == datetime(2020, 4, 16, 14, tzinfo=UTC)
    assert moment.tzinfo is UTC


@pytest.mark.parametrize(
    ("asked", "polite"),
    [
        (in_china(16, 23), in_china(16, 23)),  # Thursday night, in the middle of the shift
        (in_china(17, 3), in_china(17, 3)),  # past midnight
        (in_china(17, 6), in_china(17, 22)),  # the shift has ended: the next one
        (in_china(16, 21, 59), in_china(16, 22)),
        (in_china(18, 3), in_china(18, 3)),  # early Saturday belongs to Friday's shift
        (in_china(18, 23), in_china(20, 22)),  # Saturday night: Monday's shift
        (in_china(20, 3), in_china(20, 22)),  # early Monday would belong to Sunday's shift
    ],
)
def test_working_hours_may_extend_past_midnight(asked, polite):
    assert next_allowed_time(asked, "Asia/Shanghai", "CN", time(22), time(6)) == polite


def test_country_without_a_calendar_works_monday_to_friday():
    assert is_working_day(date(2020, 4, 17), "")
    assert not is_working_day(date(2020, 4, 18), "XX")


@pytest.mark.parametrize("zone", ["Nowhere/Land", "", "../etc/passwd"])
def test_unknown_time_zone_counts_as_utc(zone):
    asked = datetime(2020, 4, 16, 5, tzinfo=UTC)
    assert next_allowed_time(asked, zone) == datetime(2020, 4, 16, 8, tzinfo=UTC)


def test_empty_working_hours_delay_nothing():
    asked = datetime(2020, 4, 16, 5, tzinfo=UTC)
    assert next_allowed_time(asked, "UTC", opens=time(8), closes=time(8)) == asked
