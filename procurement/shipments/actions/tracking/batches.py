"""Many events in one go, of many shipments: from a program or a file. All of them or, where one is refused, none."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from procurement.shipments.actions.tracking.hearing import reckon_hand_overs, repeat, settle
from procurement.shipments.actions.tracking.named import name_days
from procurement.shipments.gathering.heard import sort_out
from procurement.shipments.models.shipment import Shipment
from procurement.shipments.models.tracking import Batch, Classifier, Step, TrackingEvent
from procurement.shipments.rules import shipments
from procurement.shipments.rules.tracking.identity import not_yet
from procurement.shipments.rules.tracking.steps import sayable
from workflow.actors import Actor
from workflow.errors import Refused
from workflow.journal import entries
from workflow.journal.entries import Snapshot, record_many

AT_ONCE = 1_000  # rows in one statement


@dataclass(frozen=True, kw_only=True)
class Heard:
    """Something heard, as it came: of which shipment, in whose code, and when. Without an `external_id` its facts tell it apart."""

    shipment: Shipment
    code: str
    occurred_at: datetime
    code_system: str = TrackingEvent.CodeSystem.OWN
    source: str = ""
    external_id: str = ""
    place: str = ""
    pieces: int | None = None
    remark: str = ""
    classifier: str = Classifier.ACTUAL

    def event(self, by: Actor, at: datetime) -> TrackingEvent:
        """As it would be kept."""
        return TrackingEvent(recorded_at=at, by_id=by.user_id, **vars(self))


def hear_many(
    events: Sequence[Heard], *, by: Actor, at: datetime, source: str = "", file_name: str = ""
) -> Batch:
    """Keep many events, as `hear` keeps one: what came before is counted, and changes nothing twice.

    `source` is who sent them, where an event says nothing else. One journal entry for each shipment with news. Refuses, with the
    number of the event (from 1) as `row`, what `hear` refuses; then none is kept.
    """
    came = [one.event(by, at) for one in events]
    for event in came:
        event.source = event.source or source
    with transaction.atomic():
        rows = _locked({event.shipment_id for event in came})
        for number, event in enumerate(came, start=1):
            event.shipment = rows[event.shipment_id]
            _refuse(number, event, by, at)
        fresh, again = sort_out(came)
        repeat(again, at)
        before = {event.shipment_id: entries.snapshot(event.shipment) for event in fresh}
        TrackingEvent.objects.bulk_create(fresh, batch_size=AT_ONCE)
        handed = {event.shipment_id for event in fresh if event.step == Step.PICKED_UP}
        reckon_hand_overs([rows[pk] for pk in sorted(handed)])
        name_days(fresh, by)
        _record(fresh, before, by=by, at=at)
        settle(fresh, at)
        return Batch.objects.create(
            source=source,
            file_name=file_name,
            by_id=by.user_id,
            recorded_at=at,
            events=len(came),
            fresh=len(fresh),
            repeated=len(came) - len(fresh),
            unknown=sum(not event.known for event in fresh),
        )


def _locked(pks: set[int]) -> dict[int, Shipment]:
    """The shipments under their locks, taken in one order so that two batches never wait for each other."""
    rows = Shipment.objects.filter(pk__in=pks).order_by("pk").select_for_update(of=("self",))
    return {row.pk: row for row in rows}


def _refuse(number: int, event: TrackingEvent, by: Actor, at: datetime) -> None:
    refused = not_yet(event, at) or shipments.HEAR.refusal(by, event.shipment, at) or sayable(event)
    if refused is not None:
        raise Refused(refused.code, refused.message, **{**refused.details, "row": number, "field": "events"})


def _record(fresh: Sequence[TrackingEvent], before: dict[int, Snapshot], *, by: Actor, at: datetime) -> None:
    """One entry for each shipment with news: how many events."""
    news = Counter(event.shipment_id for event in fresh)
    rows = {event.shipment_id: event.shipment for event in fresh}
    for number in sorted(set(news.values())):
        told = [
            (rows[pk], before[pk], entries.snapshot(rows[pk])) for pk in sorted(news) if news[pk] == number
        ]
        record_many(told, shipments.HEAR.verb, by=by, at=at, events=number)
