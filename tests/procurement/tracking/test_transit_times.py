"""Tests of transit times: median and ninetieth percentile of at least five own shipments, or else a published figure."""

from datetime import UTC, datetime, timedelta

import pytest

from procurement.shipments.models import Milestone, Shipment
from procurement.tracking.queries import past_step_times, transit_time, usual_durations
from procurement.tracking.rules import LEG_BY_STATUS, Times, leg_durations, leg_of, ninetieth_percentile
from tests.worlds.shipments import DEPARTED_AT, Journey

DAY = datetime(2020, 4, 1, tzinfo=UTC)
LEG = LEG_BY_STATUS["in_transit"]


def journeys(*days: float | None) -> list[Times]:
    """Return journeys of these numbers of days; None means that the arrival is unknown."""
    return [
        {"departed": DAY, "arrived": None if took is None else DAY + timedelta(days=took)} for took in days
    ]


def test_own_transit_time_needs_five_completed_journeys() -> None:
    assert leg_durations(LEG, journeys(4, 2, 9, 3)) is None
    assert leg_durations(LEG, journeys(4, 2, 9, 3, None)) is None
    found = leg_durations(LEG, journeys(4, 2, 9, 3, 5, None))
    assert found is not None
    assert (found.median.days, found.percentile_90.days, found.shipment_count) == (4, 9, 5)


def test_journey_ending_before_it_began_is_left_out() -> None:
    assert leg_durations(LEG, journeys(4, 2, 9, 3, -5)) is None
    assert leg_durations(LEG, [*journeys(1, 2, 3, 4), {"arrived": DAY}]) is None


@pytest.mark.parametrize(("number", "place"), [(1, 1), (5, 5), (9, 9), (10, 9), (11, 10), (20, 18)])
def test_ninetieth_percentile_is_the_duration_nine_of_ten_did_not_exceed(number: int, place: int) -> None:
    assert ninetieth_percentile([timedelta(days=day) for day in range(1, number + 1)]) == timedelta(
        days=place
    )


@pytest.mark.parametrize("status", ["planned", "closed", "lost", "cancelled"])
def test_shipment_not_in_transit_has_no_current_leg(status: str) -> None:
    assert leg_of(status) is None
    assert usual_durations(leg_of(status), journeys(1, 2, 3, 4, 5)) is None


def past_shipment(shipment: Shipment, number: int, days: int, **facts: object) -> Shipment:
    """Return a past shipment on the same route that took this number of days.

    It is written without actions, because only its times matter here.
    """
    given = {
        "city": shipment.city,
        "author": shipment.author,
        "mode": shipment.mode,
        "origin": "CNPVG",
        "destination": "CATOR",
        "status": "arrived",
        "created_at": DEPARTED_AT,
        **facts,
    }
    row = Shipment.objects.create(
        reference=f"SH-2019-{number:04}",
        departed_at=DEPARTED_AT,
        arrived_at=DEPARTED_AT + timedelta(days=days),
        **given,
    )
    Milestone.objects.create(shipment=row, step="departed", position=4, actual_at=DEPARTED_AT)
    Milestone.objects.create(shipment=row, step="arrived", position=5, actual_at=row.arrived_at)
    return row


def test_own_shipments_between_the_same_countries_give_the_transit_time(story: Journey) -> None:
    shipment = story.departed()
    for number, days in enumerate((3, 4, 6, 8), start=1):
        past_shipment(shipment, number, days)
    past_shipment(shipment, 11, 90, mode="sea")
    past_shipment(shipment, 12, 90, origin="JPTYO")
    past_shipment(shipment, 13, 90, destination="USLAX")
    past_shipment(shipment, 14, 90, status="in_transit")
    found = transit_time(shipment, past_step_times(shipment))
    assert found.own_durations is None
    assert found.published_transit is not None
    assert (found.published_transit.min_days, found.published_transit.max_days) == (3, 5)
    past_shipment(shipment, 5, 5)
    found = transit_time(shipment, past_step_times(shipment))
    assert found.own_durations is not None
    assert (
        found.own_durations.median.days,
        found.own_durations.percentile_90.days,
        found.own_durations.shipment_count,
    ) == (5, 8, 5)
