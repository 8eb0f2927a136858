"""The clock of practice instances and of real ones."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction

from tests.workflow.conftest import AT
from workflow import clock
from workflow.clock import (
    advance_clock,
    cache_clock_offset,
    create_instance,
    is_practice,
    next_morning,
    real_now,
    record_tick,
    stop_times_until,
)
from workflow.errors import Refused
from workflow.installation_models import Instance

PRACTICE, REAL = Instance.Kind.PRACTICE, Instance.Kind.REAL
pytestmark = pytest.mark.django_db


def close(a, b):
    return abs(a - b) < timedelta(seconds=5)


def test_clock_is_real_before_an_instance_is_created():
    assert not is_practice()
    assert close(clock.now(), real_now())


def test_practice_instance_starts_at_its_given_time_and_runs_at_normal_speed():
    create_instance(PRACTICE, AT)
    assert is_practice()
    assert close(clock.now(), AT)
    assert close(real_now(), datetime.now(UTC))


def test_practice_site_created_without_date_starts_at_current_time():
    create_instance(PRACTICE)
    assert close(clock.now(), real_now())


def test_real_instance_keeps_real_time():
    create_instance(REAL, AT)
    assert close(clock.now(), real_now())


def test_kind_of_an_instance_never_changes():
    made = create_instance(PRACTICE, AT)
    assert create_instance(PRACTICE, AT + timedelta(days=9)) == made
    assert close(clock.now(), AT)
    with pytest.raises(Refused) as refused:
        create_instance(REAL)
    assert refused.value.code == "instance_fixed"


def test_database_allows_one_instance_and_no_offset_for_a_real_one():
    create_instance(REAL)
    with pytest.raises(IntegrityError), transaction.atomic():
        Instance.objects.create(kind=PRACTICE)
    with pytest.raises(IntegrityError), transaction.atomic():
        Instance.objects.update(offset=timedelta(1))


def test_practice_clock_can_only_be_moved_forwards():
    with pytest.raises(Refused) as refused:
        advance_clock(AT)
    assert refused.value.code == "not_practice"
    create_instance(PRACTICE, AT)
    assert advance_clock(AT + timedelta(days=1)) == AT + timedelta(days=1)
    assert close(clock.now(), AT + timedelta(days=1))
    with pytest.raises(Refused) as refused:
        advance_clock(AT)
    assert refused.value.code == "clock_backwards"


def test_clock_of_a_real_instance_cannot_be_moved():
    create_instance(REAL)
    with pytest.raises(Refused):
        advance_clock(AT)


def test_open_instance_command_creates_a_real_instance_once_and_refuses_a_practice_one():
    for _ in range(2):
        call_command("open_instance")
    assert Instance.objects.get().kind == REAL
    Instance.objects.update(kind=PRACTICE)
    with pytest.raises(CommandError, match="set up as another type"):
        call_command("open_instance")


@pytest.mark.parametrize(("hour", "day"), [(5, 16), (9, 17), (22, 17)])
def test_next_morning_is_nine_oclock_in_vancouver(hour, day):
    create_instance(PRACTICE, datetime(2020, 4, 16, hour, 30, tzinfo=clock.PRACTICE_TIME_ZONE))
    assert next_morning() == datetime(2020, 4, day, 9, tzinfo=clock.PRACTICE_TIME_ZONE)


def test_next_morning_is_nine_oclock_when_daylight_saving_begins():
    create_instance(PRACTICE, datetime(2020, 3, 7, 12, tzinfo=clock.PRACTICE_TIME_ZONE))
    assert next_morning().utcoffset() == timedelta(hours=-7)


def test_stops_until_a_time_are_full_hours_ending_with_it():
    create_instance(PRACTICE, datetime(2020, 4, 16, 6, 30, tzinfo=UTC))
    stops = list(stop_times_until(datetime(2020, 4, 16, 13, 15, tzinfo=UTC)))
    assert [(stop.hour, stop.minute) for stop in stops] == [(9, 0), (12, 0), (13, 15)]
    assert len(list(stop_times_until(clock.now()))) == 1


def test_time_of_periodic_job_is_recorded_by_database_clock():
    record_tick()
    create_instance(PRACTICE, AT)
    record_tick()
    assert close(Instance.objects.get().ticked_at, real_now())


def test_practice_clock_is_read_once_per_request_and_can_still_be_moved(django_assert_num_queries):
    create_instance(PRACTICE, AT)
    is_practice()
    with cache_clock_offset(), django_assert_num_queries(1):
        assert close(clock.now(), AT)
        assert close(clock.now(), AT)
    with cache_clock_offset():
        clock.now()
        advance_clock(AT + timedelta(days=2))
        assert close(clock.now(), AT + timedelta(days=2))
    advance_clock(AT + timedelta(days=3))
    with cache_clock_offset():
        assert close(clock.now(), AT + timedelta(days=3)), "the next request reads it again"
