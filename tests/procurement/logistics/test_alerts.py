"""Tests of shipment alerts as the periodic job keeps them: their inputs, updates and next checks."""

from datetime import timedelta

from procurement.customs.actions import record_clearance_filing, record_customs_release
from procurement.customs.rules import travelling_lines
from procurement.logistics.actions.alerts import update_alerts
from procurement.logistics.actions.planning import ShipmentEdit, edit_shipment
from procurement.logistics.queries.alerts import alert_inputs
from procurement.shipments.models import Shipment
from procurement.tracking.actions.schedule import estimate_step, schedule_steps
from tests.worlds.need_to_order import AT
from tests.worlds.shipments import ARRIVED_AT, DELIVERED_AT, DEPARTED_AT, Journey
from tests.worlds.tracking import record_update


def reloaded_alerts(shipment: Shipment) -> tuple[list[str], int]:
    shipment.refresh_from_db()
    return shipment.alerts, shipment.risk


def test_periodic_job_updates_alerts_and_schedules_the_next_check(story: Journey) -> None:
    shipment = story.departed()
    assert update_alerts(DEPARTED_AT) == 1
    assert reloaded_alerts(shipment) == ([], 0)
    assert shipment.next_check_at == DEPARTED_AT + timedelta(hours=24)
    assert update_alerts(DEPARTED_AT + timedelta(hours=24)) == 1
    shipment.refresh_from_db()
    assert shipment.next_check_at == DEPARTED_AT + timedelta(hours=48)
    assert update_alerts(DEPARTED_AT + timedelta(hours=47)) == 0
    assert update_alerts(DEPARTED_AT + timedelta(hours=48)) == 1
    assert reloaded_alerts(shipment)[0][0] == "no_hand_over"


def test_new_tracking_event_updates_the_alerts_at_the_next_run(story: Journey) -> None:
    shipment = story.departed()
    update_alerts(DEPARTED_AT + timedelta(hours=48))
    assert "no_hand_over" in reloaded_alerts(shipment)[0]
    record_update(story, shipment, "RCS", DEPARTED_AT + timedelta(hours=48))
    update_alerts(DEPARTED_AT + timedelta(hours=48))
    assert "no_hand_over" not in reloaded_alerts(shipment)[0]


def test_closed_shipment_is_checked_for_alerts_once_more(story: Journey) -> None:
    shipment = story.closed()
    assert update_alerts(DELIVERED_AT) == 1
    assert reloaded_alerts(shipment) == ([], 0)
    assert shipment.next_check_at is None
    assert update_alerts(DELIVERED_AT + timedelta(days=9)) == 0


def test_new_date_or_filing_schedules_an_alert_check(story: Journey) -> None:
    shipment = story.plan()
    for change in (
        lambda: edit_shipment(
            shipment, ShipmentEdit(expected_on=DELIVERED_AT.date()), by=story.logistics.by, at=DEPARTED_AT
        ),
        lambda: estimate_step(shipment, "delivered", DELIVERED_AT, by=story.logistics.by, at=DEPARTED_AT),
        lambda: schedule_steps(shipment, {"arrived": ARRIVED_AT}, by=story.logistics.by, at=DEPARTED_AT),
        lambda: record_clearance_filing(
            story.clearance(shipment, "export"), by=story.logistics.by, at=DEPARTED_AT
        ),
    ):
        update_alerts(DEPARTED_AT)
        change()
        shipment.refresh_from_db()
        assert shipment.next_check_at == DEPARTED_AT


def test_alert_inputs_follow_planned_estimated_and_actual_times_of_the_shipment(story: Journey) -> None:
    shipment = story.plan(planned={"arrived": ARRIVED_AT})
    need = shipment.lines.get().order_line.allocation.line.supply_request
    signs = alert_inputs(shipment)
    assert (signs.needed_by, signs.expected_on) == (need.needed_by, story.city.day_at(ARRIVED_AT))
    assert alert_inputs(shipment, lines=travelling_lines(shipment)) == signs
    assert (signs.leg_started_at, signs.usual_leg_durations, signs.customs_waiting_since) == (None, None, [])
    estimate_step(shipment, "delivered", DELIVERED_AT, by=story.logistics.by, at=AT)
    assert alert_inputs(shipment).expected_on == story.city.day_at(DELIVERED_AT)
    story.departed(shipment)
    signs = alert_inputs(shipment)
    assert (signs.departed_at, signs.leg_started_at) == (DEPARTED_AT, DEPARTED_AT)
    assert alert_inputs(story.plan(story.ready())).expected_on is None


def test_alert_inputs_use_the_earliest_line_date(story: Journey) -> None:
    shipment = story.plan()
    line = shipment.lines.get().order_line.allocation.line
    type(line).objects.filter(pk=line.pk).update(needed_by=AT.date())
    assert alert_inputs(shipment).needed_by == AT.date()
    assert alert_inputs(shipment, lines=travelling_lines(shipment)).needed_by == AT.date()


def test_customs_time_counts_from_filing_for_export_and_arrival_for_import(
    story: Journey,
) -> None:
    shipment = story.packed()
    record_clearance_filing(story.clearance(shipment, "export"), by=story.logistics.by, at=AT)
    assert alert_inputs(shipment).customs_waiting_since == [("export", AT)]
    record_customs_release(story.clearance(shipment, "export"), by=story.logistics.by, at=AT)
    record_clearance_filing(story.clearance(shipment, "import"), by=story.logistics.by, at=AT)
    assert alert_inputs(shipment).customs_waiting_since == []
    clearances = list(shipment.clearances.all())
    shipment.arrived_at = ARRIVED_AT
    assert alert_inputs(shipment, clearances=clearances).customs_waiting_since == [("import", ARRIVED_AT)]
