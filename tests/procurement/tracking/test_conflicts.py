"""Tests of late and contradicting tracking events: each is listed in its place with a note."""

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


def disputes_by_event(events: list[TrackingEvent]) -> dict[int, list[str]]:
    return {
        word.event.pk: [str(one) for one in word.contradictions]
        for word in annotate_events(events)
        if word.contradictions
    }


def test_events_are_listed_by_time_of_occurrence_with_late_reports_marked() -> None:
    late, early, last = event("picked_up", 1, 9), event("departed", 4), event("arrived", 8, 8)
    words = annotate_events([last, late, early])
    assert [word.event.pk for word in words] == [last.pk, early.pk, late.pk]
    assert [word.reported_late for word in words] == [False, False, True]


def test_events_reported_together_are_not_late() -> None:
    assert not any(
        word.reported_late for word in annotate_events([event("departed", 4, 9), event("picked_up", 1, 9)])
    )


@pytest.mark.parametrize(("apart", "disputed"), [(24, False), (24.01, True)])
def test_sources_more_than_a_day_apart_about_a_milestone_are_in_conflict(
    apart: float, disputed: bool
) -> None:
    one, two = event("arrived", 0, source="A"), event("arrived", apart, source="B")
    found = disputes_by_event([one, two])
    assert (set(found) == {one.pk, two.pk}) is disputed
    if disputed:
        assert "20 Apr 2020, 00:00" in found[two.pk][0]


def test_repeated_milestone_from_one_source_is_no_conflict() -> None:
    assert (
        disputes_by_event(
            [event("arrived", 0), event("departed", -9), event("arrived", 60), event("departed", 30)]
        )
        == {}
    )


@pytest.mark.parametrize(("hour", "disputed"), [(4, False), (3.99, True)])
def test_event_before_the_preceding_milestone_is_a_conflict(hour: float, disputed: bool) -> None:
    left, here = event("departed", 4), event("arrived", hour, source="B")
    found = disputes_by_event([left, here])
    assert bool(found) is disputed
    if disputed:
        assert "before “Departed”" in found[here.pk][0]
        assert "after “Arrived in destination country”" in found[left.pk][0]


def test_customs_and_unmapped_events_are_in_no_order() -> None:
    assert (
        disputes_by_event(
            [event("import_cleared", 0), event("arrived", 4), event("", 1), event("", 99, source="B")]
        )
        == {}
    )


def test_event_marked_as_wrong_is_in_no_conflict() -> None:
    wrong = event("arrived", 1, wrong_at=DAY)
    words = annotate_events([event("departed", 4), wrong])
    assert len(words) == 2
    assert not any(word.contradictions for word in words)


def test_conflict_of_the_same_kind_is_reported_once() -> None:
    left = event("departed", 4)
    found = disputes_by_event([left, event("arrived", 1, source="B"), event("delivered", 2, source="B")])
    assert len(found[left.pk]) == 1
