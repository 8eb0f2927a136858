"""Warnings as the clock keeps them on a shipment: what they rest on is read from the record, and looked at again when it changed."""

from datetime import timedelta

from procurement.shipments.actions import planning
from procurement.shipments.actions.customs import file_lane, release_lane
from procurement.shipments.actions.tracking import planned
from procurement.shipments.actions.tracking.warned import warn
from procurement.shipments.gathering.signs import signs_of
from procurement.shipments.models.shipment import Shipment
from tests.procurement.shipments.play import DOOR, HERE, SENT, Voyage
from tests.procurement.shipments.tracking.hearing import hear
from tests.procurement.story import AT


def warned(shipment: Shipment) -> tuple[list[str], int]:
    shipment.refresh_from_db()
    return shipment.warnings, shipment.risk


def test_the_tick_writes_what_to_look_at_and_comes_again(story: Voyage) -> None:
    shipment = story.departed()
    assert warn(SENT) == 1
    assert warned(shipment) == ([], 0)
    assert shipment.look_at == SENT + timedelta(hours=24)
    assert warn(SENT + timedelta(hours=24)) == 1
    shipment.refresh_from_db()
    assert shipment.look_at == SENT + timedelta(hours=48)
    assert warn(SENT + timedelta(hours=47)) == 0
    assert warn(SENT + timedelta(hours=48)) == 1
    assert warned(shipment)[0][0] == "no_hand_over"


def test_what_is_heard_is_looked_at_by_the_next_tick(story: Voyage) -> None:
    shipment = story.departed()
    warn(SENT + timedelta(hours=48))
    assert "no_hand_over" in warned(shipment)[0]
    hear(story, shipment, "RCS", SENT + timedelta(hours=48))
    warn(SENT + timedelta(hours=48))
    assert "no_hand_over" not in warned(shipment)[0]


def test_what_is_over_is_looked_at_once_more_and_then_left_alone(story: Voyage) -> None:
    shipment = story.closed()
    assert warn(DOOR) == 1
    assert warned(shipment) == ([], 0)
    assert shipment.look_at is None
    assert warn(DOOR + timedelta(days=9)) == 0


def test_a_new_day_and_a_filing_are_looked_at(story: Voyage) -> None:
    shipment = story.plan()
    for change in (
        lambda: planning.edit(shipment, expected_on=DOOR.date(), by=story.logistics.by, at=SENT),
        lambda: planned.estimate(shipment, "delivered", DOOR, by=story.logistics.by, at=SENT),
        lambda: planned.schedule(shipment, {"arrived": HERE}, by=story.logistics.by, at=SENT),
        lambda: file_lane(story.lane(shipment, "export"), by=story.logistics.by, at=SENT),
    ):
        warn(SENT)
        change()
        shipment.refresh_from_db()
        assert shipment.look_at == SENT


def test_signs_are_read_from_the_record(story: Voyage) -> None:
    shipment = story.plan(planned={"arrived": HERE})
    need = shipment.lines.get().order_line.allocation.line.supply_request
    signs = signs_of(shipment)
    assert (signs.needed_by, signs.expected_on) == (need.needed_by, story.city.day_at(HERE))
    assert (signs.leg_since, signs.usual, signs.at_customs) == (None, None, [])
    planned.estimate(shipment, "delivered", DOOR, by=story.logistics.by, at=AT)
    assert signs_of(shipment).expected_on == story.city.day_at(DOOR)
    story.departed(shipment)
    signs = signs_of(shipment)
    assert (signs.departed_at, signs.leg_since) == (SENT, SENT)
    assert signs_of(story.plan(story.ready())).expected_on is None


def test_the_need_of_a_line_may_have_a_day_of_its_own(story: Voyage) -> None:
    shipment = story.plan()
    line = shipment.lines.get().order_line.allocation.line
    type(line).objects.filter(pk=line.pk).update(needed_by=AT.date())
    assert signs_of(shipment).needed_by == AT.date()


def test_customs_has_an_export_once_it_is_filed_and_an_import_once_the_goods_are_there(story: Voyage) -> None:
    shipment = story.packed()
    file_lane(story.lane(shipment, "export"), by=story.logistics.by, at=AT)
    assert signs_of(shipment).at_customs == [("export", AT)]
    release_lane(story.lane(shipment, "export"), by=story.logistics.by, at=AT)
    file_lane(story.lane(shipment, "import"), by=story.logistics.by, at=AT)
    assert signs_of(shipment).at_customs == []
    lanes = list(shipment.lanes.all())
    shipment.arrived_at = HERE
    assert signs_of(shipment, lanes=lanes).at_customs == [("import", HERE)]
