"""Tests of a batch of tracking events: new ones are stored, repeated ones counted, all or none.

Late, repeated and disordered events change nothing twice.
"""

import random
from datetime import timedelta

import pytest

from procurement.shipments.models import Shipment
from procurement.tracking.actions.events import TrackingUpdate, record_event_batch
from procurement.tracking.models import TrackingBatch, TrackingEvent
from tests.procurement.refusals import assert_refused
from tests.procurement.tracking.test_findings import finding
from tests.worlds.shipments import ARRIVED_AT, DEPARTED_AT, Journey
from tests.worlds.tracking import record_update
from workflow.journal.models import Entry


def pickup_event(shipment: Shipment, hours: int, **facts: object) -> TrackingUpdate:
    given: dict[str, object] = {"code_system": "iata", "code": "RCS", **facts}
    return TrackingUpdate(shipment=shipment, occurred_at=DEPARTED_AT - timedelta(hours=hours), **given)  # type: ignore[arg-type]  # of a test


def send_batch(story: Journey, *events: TrackingUpdate, **facts: object) -> TrackingBatch:
    return record_event_batch(events, by=story.logistics.by, at=ARRIVED_AT, **facts)  # type: ignore[arg-type]  # of a test


def test_batch_stores_events_of_several_shipments_with_one_entry_each(story: Journey) -> None:
    order = story.ready()
    first, second = story.departed(story.plan(order, part=5_000)), story.departed(story.plan(order))
    batch = send_batch(
        story,
        pickup_event(first, 9, external_id="1", pieces=10),
        pickup_event(second, 8, external_id="1"),
        pickup_event(first, 9, external_id="1", pieces=10),
        pickup_event(first, 7, external_id="2"),
        pickup_event(second, 6, code="QQQ"),
        source="DEMO Air",
        file_name="events.csv",
    )
    assert (batch.events, batch.fresh, batch.repeated, batch.unknown) == (5, 4, 1, 1)
    assert str(batch) == f"DEMO Air {ARRIVED_AT:%Y-%m-%d %H:%M}"
    assert str(TrackingBatch(recorded_at=ARRIVED_AT)).startswith("– ")
    for shipment, hours in ((first, 9), (second, 8)):
        shipment.refresh_from_db()
        assert shipment.handed_over_at == DEPARTED_AT - timedelta(hours=hours)
        assert shipment.milestones.get(step="picked_up").actual_at == shipment.handed_over_at
    assert first.events.get(external_id="1").times == 2
    assert first.events.get(external_id="1").source == "DEMO Air"
    send_batch(story, pickup_event(first, 1, external_id="3"))
    assert first.milestones.get(step="picked_up").actual_at == first.handed_over_at, (
        "a later word moves nothing"
    )
    entries = Entry.objects.filter(verb="record_event").order_by("pk")[:2]
    assert {entry.reference: entry.facts["events"] for entry in entries} == {
        first.reference: 2,
        second.reference: 2,
    }
    assert "handed_over_at" in entries[0].after


def test_repeated_batch_in_any_order_changes_nothing_but_the_count(story: Journey) -> None:
    shipment = story.departed()
    events = [pickup_event(shipment, hours, external_id=str(hours)) for hours in range(1, 9)]
    send_batch(story, *events)
    rows = list(TrackingEvent.objects.values("pk", "step", "occurred_at").order_by("pk"))
    written = Entry.objects.count()
    random.Random(5).shuffle(events)
    again = send_batch(story, *events, *events[:3])
    assert (again.fresh, again.repeated) == (0, 11)
    assert list(TrackingEvent.objects.values("pk", "step", "occurred_at").order_by("pk")) == rows
    assert Entry.objects.count() == written
    assert max(shipment.events.exclude(code="departed").values_list("times", flat=True)) == 3


def test_events_in_one_batch_and_one_by_one_have_the_same_effect(story: Journey) -> None:
    order = story.ready()
    one, many = story.departed(story.plan(order, part=5_000)), story.departed(story.plan(order))
    facts = [(hours, {"external_id": str(hours % 4), "pieces": hours % 2 + 1}) for hours in (5, 9, 2, 5, 1)]
    for hours, told in facts:
        record_update(story, one, "RCS", DEPARTED_AT - timedelta(hours=hours), **told)
    send_batch(story, *(pickup_event(many, hours, **told) for hours, told in facts))
    kept = [
        list(
            shipment.events.order_by("pk").values_list("code", "external_id", "occurred_at", "times", "step")
        )
        for shipment in (one, many)
    ]
    heard = [[row for row in rows if row[0] == "RCS"] for rows in kept]
    assert heard[0] == heard[1]


def test_batch_of_events_creates_findings(story: Journey) -> None:
    shipment = story.departed()
    send_batch(story, pickup_event(shipment, 4, pieces=10), pickup_event(shipment, 1, code="RCF", pieces=7))
    assert finding(shipment, "parcels_short").figures["parcels"] == 3


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({"code_system": "own", "code": "departed"}, "step_has_a_move"),
        ({"code_system": "own", "code": "other", "external_id": "move:x"}, "id_reserved"),
        ({"hours": -400}, "not_yet"),
    ],
)
def test_one_invalid_event_rejects_the_whole_batch_naming_its_row(
    story: Journey, facts: dict[str, object], code: str
) -> None:
    shipment = story.departed()
    before = shipment.events.count()
    wrong = pickup_event(shipment, int(str(facts.pop("hours", 1))), **facts)
    with assert_refused(code, shipment) as caught:
        send_batch(story, pickup_event(shipment, 3), wrong)
    assert (caught.value.details["row"], caught.value.details["field"]) == (2, "events")
    assert shipment.events.count() == before
    assert not TrackingBatch.objects.exists()


def test_person_of_another_city_cannot_record_tracking_events(story: Journey) -> None:
    shipment = story.departed()
    with assert_refused("not_allowed", shipment):
        record_event_batch([pickup_event(shipment, 3)], by=story.stranger.by, at=ARRIVED_AT)


def test_batch_is_visible_to_its_sender_only(story: Journey) -> None:
    batch = send_batch(story, pickup_event(story.departed(), 3), source="DEMO Air")
    assert list(TrackingBatch.objects.visible_to(story.logistics.by).search("demo")) == [batch]
    assert not TrackingBatch.objects.visible_to(story.officer.by).exists()
