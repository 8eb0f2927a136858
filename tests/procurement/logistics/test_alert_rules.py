"""Tests of the rules for shipment alerts: no alert just below a limit, an alert with its advice just above it."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from procurement.logistics.rules.alerts import (
    CHECK_INTERVAL,
    MAX_CUSTOMS_TIME,
    AlertInputs,
    active_alerts,
    alerts_of,
    next_check_time,
    total_severity,
)
from procurement.tracking.rules import PICKUP_CONFIRMATION_PERIOD, LegDurations

DEPARTED_AT = datetime(2020, 4, 20, 8, tzinfo=UTC)
MOMENT = timedelta(seconds=1)


def alert_codes_at(moment: datetime, **facts: object) -> list[str]:
    """Return the codes of the alerts that hold at a moment."""
    signs = AlertInputs(
        **{"status": "in_transit", "departed_at": DEPARTED_AT, "handed_over_at": DEPARTED_AT, **facts}
    )  # type: ignore[arg-type]  # of a test
    found = active_alerts(alerts_of(signs), moment)
    assert all(str(one.name) and str(one.text) and str(one.advice) for one in found)
    return [one.code for one in found]


def test_missing_pickup_confirmation_is_an_alert_after_two_days() -> None:
    over = DEPARTED_AT + PICKUP_CONFIRMATION_PERIOD
    assert alert_codes_at(over - MOMENT, handed_over_at=None) == []
    assert alert_codes_at(over, handed_over_at=None) == ["no_hand_over"]
    assert alert_codes_at(over, handed_over_at=DEPARTED_AT) == []
    assert alert_codes_at(over, handed_over_at=None, status="arrived") == []


def test_missing_cartons_are_an_alert_stating_their_number() -> None:
    assert alert_codes_at(DEPARTED_AT, missing_parcel_count=0) == []
    assert alert_codes_at(DEPARTED_AT, missing_parcel_count=1) == ["parcels_short"]
    for number, word in ((1, "1 parcel is missing"), (1200, "1,200 parcels are missing")):
        (one,) = alerts_of(AlertInputs(status="arrived", missing_parcel_count=number))
        assert word in str(one.text)


def test_expected_date_after_the_need_date_is_an_alert() -> None:
    day = date(2020, 4, 30)
    assert alert_codes_at(DEPARTED_AT, needed_by=day, expected_on=day) == []
    assert alert_codes_at(DEPARTED_AT, needed_by=day, expected_on=day + timedelta(days=1)) == [
        "late_for_need"
    ]
    assert (
        alert_codes_at(DEPARTED_AT, needed_by=day, expected_on=day + timedelta(days=1), status="delivered")
        == []
    )
    assert alert_codes_at(DEPARTED_AT, needed_by=None, expected_on=day) == []


def test_shipment_not_delivered_on_the_local_need_date_is_an_alert() -> None:
    facts = {"needed_by": date(2020, 4, 30), "zone": ZoneInfo("America/Vancouver")}
    over = datetime(2020, 5, 1, 7, tzinfo=UTC)  # midnight in Vancouver
    assert alert_codes_at(over - MOMENT, **facts) == []
    assert alert_codes_at(over, **facts) == ["late_for_need"]
    assert alert_codes_at(over, **facts, expected_on=date(2020, 4, 30)) == ["late_for_need"]


@pytest.mark.parametrize("side", ["export", "import"])
def test_three_days_at_customs_are_an_alert(side: str) -> None:
    facts = {
        "customs_waiting_since": [(side, DEPARTED_AT), ("import", DEPARTED_AT + timedelta(days=9))],
        "status": "arrived",
    }
    assert alert_codes_at(DEPARTED_AT + MAX_CUSTOMS_TIME - MOMENT, **facts) == []
    assert alert_codes_at(DEPARTED_AT + MAX_CUSTOMS_TIME, **facts) == ["customs_dwell"]
    (one,) = alerts_of(AlertInputs(status="arrived", customs_waiting_since=[(side, DEPARTED_AT)]))
    assert side.title() in str(one.text)


def test_leg_longer_than_nine_of_ten_earlier_ones_is_an_alert() -> None:
    usual = LegDurations(timedelta(days=3), timedelta(days=5), 12)
    over = DEPARTED_AT + timedelta(days=5)
    assert alert_codes_at(over, leg_started_at=DEPARTED_AT, usual_leg_durations=usual) == []
    assert alert_codes_at(over + MOMENT, leg_started_at=DEPARTED_AT, usual_leg_durations=usual) == [
        "slow_step"
    ]
    assert alert_codes_at(over + MOMENT, leg_started_at=None, usual_leg_durations=usual) == []
    assert alert_codes_at(over + MOMENT, leg_started_at=DEPARTED_AT, usual_leg_durations=None) == []
    (one,) = alerts_of(AlertInputs(status="arrived", leg_started_at=DEPARTED_AT, usual_leg_durations=usual))
    assert "5 days" in str(one.text)
    assert "12" in str(one.text)


@pytest.mark.parametrize("status", ["closed", "lost", "cancelled"])
def test_closed_lost_or_cancelled_shipment_has_no_alerts(status: str) -> None:
    assert alerts_of(AlertInputs(status=status, missing_parcel_count=4)) == []


def test_alerts_are_ordered_by_severity_and_state_the_next_check_time() -> None:
    facts = {
        "customs_waiting_since": [("export", DEPARTED_AT)],
        "missing_parcel_count": 2,
        "handed_over_at": None,
    }
    signs = AlertInputs(status="in_transit", departed_at=DEPARTED_AT, **facts)  # type: ignore[arg-type]  # of a test
    found = alerts_of(signs)
    assert [one.code for one in found] == ["no_hand_over", "parcels_short", "customs_dwell"]
    assert next_check_time(found, DEPARTED_AT) == DEPARTED_AT + CHECK_INTERVAL
    assert (
        next_check_time(found, DEPARTED_AT + timedelta(hours=47)) == DEPARTED_AT + PICKUP_CONFIRMATION_PERIOD
    )
    assert (
        next_check_time(found, DEPARTED_AT + timedelta(days=9))
        == DEPARTED_AT + timedelta(days=9) + CHECK_INTERVAL
    )
    assert total_severity(one.code for one in found) == 10
    assert total_severity([]) == 0
