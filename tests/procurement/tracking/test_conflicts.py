"""Tests of the list of tracking events.

Late events are listed in their place. Contradicting events are both shown, with a sentence.
"""

from datetime import UTC, datetime, timedelta
from itertools import count

import pytest

from procurement.tracking.models import TrackingEvent
from procurement.tracking.rules import annotate_events

DAY = datetime(2020, 4, 20, tzinfo=UTC)
_numbers = count(1)


def event(
    step: str, hour: float, heard: float | None = None, *, source: str = "A", **facts: object
) -> TrackingEvent:
    pk = next(_numbers)
    return TrackingEvent(
        pk=pk,
        shipment_id=1,
        code_system="iata",
        code=step[:3],
        step=step,
        source=source,
        occurred_at=DAY + timedelta(hours=hour),
        recorded_at=DAY + timedelta(hours=hour if heard is None else heard),
        **{"external_id": str(pk), **facts},
    )


def why(events: list[TrackingEvent]) -> dict[int, list[str]]:
    return {
        word.event.pk: [str(one) for one in word.disputes]
        for word in annotate_events(events)
        if word.disputes
    }


def test_what_was_heard_stands_by_the_time_it_happened_the_last_first() -> None:
    late, early, last = event("picked_up", 1, 9), event("departed", 4), event("arrived", 8, 8)
    words = annotate_events([last, late, early])
    assert [word.event.pk for word in words] == [last.pk, early.pk, late.pk]
    assert [word.late for word in words] == [False, False, True]


def test_what_came_together_is_not_late_by_each_other() -> None:
    assert not any(word.late for word in annotate_events([event("departed", 4, 9), event("picked_up", 1, 9)]))


@pytest.mark.parametrize(("apart", "disputed"), [(24, False), (24.01, True)])
def test_two_senders_may_be_a_day_apart_about_a_step_and_no_more(apart: float, disputed: bool) -> None:
    one, two = event("arrived", 0, source="A"), event("arrived", apart, source="B")
    found = why([one, two])
    assert (set(found) == {one.pk, two.pk}) is disputed
    if disputed:
        assert "20 Apr 2020, 00:00" in found[two.pk][0]


def test_goods_travel_in_parts_so_one_sender_may_tell_of_a_step_again() -> None:
    assert (
        why([event("arrived", 0), event("departed", -9), event("arrived", 60), event("departed", 30)]) == {}
    )


@pytest.mark.parametrize(("hour", "disputed"), [(4, False), (3.99, True)])
def test_nothing_happens_before_the_step_it_follows(hour: float, disputed: bool) -> None:
    left, here = event("departed", 4), event("arrived", hour, source="B")
    found = why([left, here])
    assert bool(found) is disputed
    if disputed:
        assert "before “Departed”" in found[here.pk][0]
        assert "after “Arrived in destination country”" in found[left.pk][0]


def test_clearing_and_what_means_nothing_stand_in_no_order() -> None:
    assert (
        why([event("import_cleared", 0), event("arrived", 4), event("", 1), event("", 99, source="B")]) == {}
    )


def test_what_is_marked_as_wrong_contradicts_nothing() -> None:
    wrong = event("arrived", 1, wrong_at=DAY)
    words = annotate_events([event("departed", 4), wrong])
    assert len(words) == 2
    assert not any(word.disputes for word in words)


def test_each_way_of_disagreeing_is_told_once() -> None:
    left = event("departed", 4)
    found = why([left, event("arrived", 1, source="B"), event("delivered", 2, source="B")])
    assert len(found[left.pk]) == 1
