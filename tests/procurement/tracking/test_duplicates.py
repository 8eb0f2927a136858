"""Tests of repeated tracking events, which are counted and have no second effect.

Another event under the same number is kept beside the first.
"""

from datetime import timedelta

from procurement.tracking.actions.events import flag_event, record_event
from procurement.tracking.rules import annotate_events
from tests.worlds.shipments import DEPARTED_AT, Journey
from tests.worlds.tracking import record_update
from workflow.journal.models import Entry

EARLY = DEPARTED_AT - timedelta(hours=8)


def test_repeated_event_is_counted_with_its_last_report(story: Journey) -> None:
    shipment = story.departed()
    first = record_update(story, shipment, "RCS", EARLY, source="DEMO Air", external_id="77")
    assert (first.times, first.last_reported_at) == (1, None)
    told_so_far = Entry.objects.count()
    for hours in (1, 2):
        again = record_event(
            shipment,
            "RCS",
            code_system="iata",
            source="DEMO Air",
            external_id="77",
            occurred_at=EARLY,
            by=story.logistics.by,
            at=DEPARTED_AT + timedelta(hours=hours),
        )
    assert (again.pk, again.times, again.last_reported_at) == (first.pk, 3, DEPARTED_AT + timedelta(hours=2))
    assert Entry.objects.count() == told_so_far


def test_two_sources_may_use_the_same_external_id(story: Journey) -> None:
    shipment = story.departed()
    for source in ("DEMO Air", "DEMO Cargo"):
        record_update(story, shipment, "RCS", EARLY, source=source, external_id="77")
    assert shipment.events.filter(external_id="77").count() == 2


def test_other_facts_under_the_same_id_are_stored_and_disputed(story: Journey) -> None:
    shipment = story.departed()
    first = record_update(story, shipment, "RCS", EARLY, external_id="77")
    other = record_update(story, shipment, "RCS", EARLY + timedelta(hours=1), external_id="77")
    again = record_update(story, shipment, "RCS", EARLY + timedelta(hours=1), external_id="77")
    assert first.pk != other.pk == again.pk
    assert again.times == 2
    disputes = {
        word.event.pk: [str(why) for why in word.contradictions]
        for word in annotate_events(shipment.events.all())
    }
    assert disputes[first.pk] == disputes[other.pk]
    assert "under this number" in disputes[first.pk][0]
    flag_event(shipment, other.pk, reason="A slip.", by=story.logistics.by, at=DEPARTED_AT)
    assert not any(word.contradictions for word in annotate_events(shipment.events.all()))
