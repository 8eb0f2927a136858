"""Tests of alerts that the periodic job keeps on a shipment, read from the record and updated with it."""

from datetime import timedelta

from procurement.customs.actions import file_clearance, record_clearance
from procurement.customs.rules import travelling_lines
from procurement.logistics.actions.alerts import update_alerts
from procurement.logistics.actions.planning import ShipmentEdit, edit_shipment
from procurement.logistics.queries.alerts import alert_inputs
from procurement.shipments.models import Shipment
from procurement.tracking.actions.schedule import estimate_step, schedule_steps
from tests.worlds.need_to_order import AT
from tests.worlds.shipments import ARRIVED_AT, DELIVERED_AT, DEPARTED_AT, Journey
from tests.worlds.tracking import record_update


def warned(shipment: Shipment) -> tuple[list[str], int]:
    shipment.refresh_from_db()
    return shipment.alerts, shipment.risk


def test_the_tick_writes_what_to_look_at_and_comes_again(story: Journey) -> None:
    shipment = story.departed()
    assert update_alerts(DEPARTED_AT) == 1
    assert warned(shipment) == ([], 0)
    assert shipment.next_check_at == DEPARTED_AT + timedelta(hours=24)
    assert update_alerts(DEPARTED_AT + timedelta(hours=24)) == 1
    shipment.refresh_from_db()
    assert shipment.next_check_at == DEPARTED_AT + timedelta(hours=48)
    assert update_alerts(DEPARTED_AT + timedelta(hours=47)) == 0
    assert update_alerts(DEPARTED_AT + timedelta(hours=48)) == 1
    assert warned(shipment)[0][0] == "no_hand_over"


def test_what_is_heard_is_looked_at_by_the_next_tick(story: Journey) -> None:
    shipment = story.departed()
    update_alerts(DEPARTED_AT + timedelta(hours=48))
    assert "no_hand_over" in warned(shipment)[0]
    record_update(story, shipment, "RCS", DEPARTED_AT + timedelta(hours=48))
    update_alerts(DEPARTED_AT + timedelta(hours=48))
    assert "no_hand_over" not in warned(shipment)[0]


def test_what_is_over_is_looked_at_once_more_and_then_left_alone(story: Journey) -> None:
    shipment = story.closed()
    assert update_alerts(DELIVERED_AT) == 1
    assert warned(shipment) == ([], 0)
    assert shipment.next_check_at is None
    assert update_alerts(DELIVERED_AT + timedelta(days=9)) == 0


def test_a_new_day_and_a_filing_are_looked_at(story: Journey) -> None:
    shipment = story.plan()
    for change in (
        lambda: edit_shipment(
            shipment, ShipmentEdit(expected_on=DELIVERED_AT.date()), by=story.logistics.by, at=DEPARTED_AT
        ),
        lambda: estimate_step(shipment, "delivered", DELIVERED_AT, by=story.logistics.by, at=DEPARTED_AT),
        lambda: schedule_steps(shipment, {"arrived": ARRIVED_AT}, by=story.logistics.by, at=DEPARTED_AT),
        lambda: file_clearance(story.clearance(shipment, "export"), by=story.logistics.by, at=DEPARTED_AT),
    ):
        update_alerts(DEPARTED_AT)
        change()
        shipment.refresh_from_db()
        assert shipment.next_check_at == DEPARTED_AT


def test_signs_are_read_from_the_record(story: Journey) -> None:
    shipment = story.plan(planned={"arrived": ARRIVED_AT})
    need = shipment.lines.get().order_line.allocation.line.supply_request
    signs = alert_inputs(shipment)
    assert (signs.needed_by, signs.expected_on) == (need.needed_by, story.city.day_at(ARRIVED_AT))
    assert alert_inputs(shipment, lines=travelling_lines(shipment)) == signs
    assert (signs.leg_since, signs.usual, signs.at_customs) == (None, None, [])
    estimate_step(shipment, "delivered", DELIVERED_AT, by=story.logistics.by, at=AT)
    assert alert_inputs(shipment).expected_on == story.city.day_at(DELIVERED_AT)
    story.departed(shipment)
    signs = alert_inputs(shipment)
    assert (signs.departed_at, signs.leg_since) == (DEPARTED_AT, DEPARTED_AT)
    assert alert_inputs(story.plan(story.ready())).expected_on is None


def test_the_need_of_a_line_may_have_a_day_of_its_own(story: Journey) -> None:
    shipment = story.plan()
    line = shipment.lines.get().order_line.allocation.line
    type(line).objects.filter(pk=line.pk).update(needed_by=AT.date())
    assert alert_inputs(shipment).needed_by == AT.date()
    assert alert_inputs(shipment, lines=travelling_lines(shipment)).needed_by == AT.date()


def test_customs_has_an_export_once_it_is_filed_and_an_import_once_the_goods_are_there(
    story: Journey,
) -> None:
    shipment = story.packed()
    file_clearance(story.clearance(shipment, "export"), by=story.logistics.by, at=AT)
    assert alert_inputs(shipment).at_customs == [("export", AT)]
    record_clearance(story.clearance(shipment, "export"), by=story.logistics.by, at=AT)
    file_clearance(story.clearance(shipment, "import"), by=story.logistics.by, at=AT)
    assert alert_inputs(shipment).at_customs == []
    clearances = list(shipment.clearances.all())
    shipment.arrived_at = ARRIVED_AT
    assert alert_inputs(shipment, clearances=clearances).at_customs == [("import", ARRIVED_AT)]
