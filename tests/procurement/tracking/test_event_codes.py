"""Tests of mapping carriers' codes to milestones, and of the event that sets the time of a milestone."""

from datetime import UTC, datetime
from itertools import permutations
from typing import Any

import pytest

from procurement.tracking.models import TrackingEvent
from procurement.tracking.rules import actual_time, missing_parcels, step_of_code
from tests.worlds.need_to_order import AT
from tests.worlds.tracking import GUARDED

ROUTE = {"origin": "CNCAN", "destination": "CAVAN"}


@pytest.mark.parametrize(
    ("system", "code", "place", "step"),
    [
        ("own", "departed", "", "departed"),
        ("own", "lunch", "", ""),
        ("iata", "RCS", "CNCAN", "picked_up"),
        ("iata", "FOH", "CNCAN", ""),
        ("iata", "DEP", "CNCAN", "departed"),
        ("iata", "DEP", "HKHKG", ""),
        ("iata", "ARR", "HKHKG", ""),
        ("iata", "RCF", "CAVAN", "arrived"),
        ("iata", "ARR", "", "arrived"),
        ("iata", "CCD", "", "import_cleared"),
        ("iata", "DLV", "CAVAN", "delivered"),
        ("iata", "TGC", "CAVAN", ""),
        ("dcsa", "GTIN", "CNNSA", "picked_up"),
        ("dcsa", "DEPA", "", "departed"),
        ("dcsa", "DISC", "CAVAN", "arrived"),
        ("dcsa", "CUSR", "CNCAN", "export_cleared"),
        ("dcsa", "RELS", "CAVAN", "import_cleared"),
        ("dcsa", "CUSR", "", ""),
        ("iftsta", "13", "", "picked_up"),
        ("iftsta", "21", "", "delivered"),
    ],
)
def test_carrier_code_is_mapped_to_a_milestone_by_its_place(
    system: str, code: str, place: str, step: str
) -> None:
    assert step_of_code(system, code, place=place, **ROUTE) == step


def event(
    step: str, hour: int, system: str = "iata", code: str = "X", pieces: int | None = None, **facts: Any
) -> TrackingEvent:
    """Return a tracking event with this step and hour. Events are recorded in the order of `pk`."""
    return TrackingEvent(
        step=step,
        code_system=system,
        code=code,
        occurred_at=datetime(2020, 4, 20, hour, tzinfo=UTC),
        recorded_at=AT,
        pieces=pieces,
        **facts,
    )


def test_pickup_time_is_the_earliest_event_in_any_order() -> None:
    for order in permutations([event("picked_up", 9), event("picked_up", 7), event("arrived", 6)]):
        found = actual_time("picked_up", order)
        assert found is not None
        assert found.hour == 7


def test_own_staffs_event_takes_precedence_over_the_carriers() -> None:
    for step in ("picked_up", "departed"):
        heard = [event(step, 7), event(step, 9, "own", pk=1), event(step, 8, "own", pk=2)]
        found = actual_time(step, heard)
        assert found is not None
        assert found.hour == 8


@pytest.mark.parametrize("step", GUARDED)
def test_carrier_event_does_not_set_a_milestone_that_has_its_own_action(step: str) -> None:
    assert actual_time(step, [event(step, 7), event(step, 9, "dcsa")]) is None


def test_milestone_without_an_event_has_no_actual_time() -> None:
    assert actual_time("delivered", [event("departed", 7)]) is None


@pytest.mark.parametrize(
    ("events", "short"),
    [
        ([], 0),
        ([event("picked_up", 7, pieces=120)], 0),
        ([event("arrived", 7, pieces=120)], 0),
        ([event("picked_up", 7, pieces=120), event("arrived", 9, code="RCF", pieces=118)], 2),
        (
            [
                event("picked_up", 7, pieces=120),
                event("arrived", 9, code="ARR", pieces=120),
                event("arrived", 9, code="RCF", pieces=60),
                event("arrived", 12, code="RCF", pieces=60),
            ],
            0,
        ),
        ([event("picked_up", 7, pieces=100), event("arrived", 9, pieces=120)], 0),
    ],
)
def test_missing_cartons_are_counted_by_code(events: list[TrackingEvent], short: int) -> None:
    assert missing_parcels(events) == short
