"""Actions on tracking events: stored as received, and marked as wrong.

Repeated and late events change nothing twice.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from procurement.shipments.actions import rescreen_shipments, schedule_alert_check
from procurement.shipments.models import EventTimeClassifier, Milestone, Shipment, Step
from procurement.tracking import rules
from procurement.tracking.actions.schedule import recalculate_step_date, set_dates_from_events
from procurement.tracking.models import TrackingBatch, TrackingEvent
from procurement.tracking.queries import split_known_events
from procurement.tracking.rules import (
    MOVE_ID_PREFIX,
    STEP_MOVES,
    actual_time,
    find_known_event,
    future_event_refusal,
    interpret_event,
    is_from_move,
    move_only_code_refusal,
    sender_event_ids,
)
from procurement.tracking.screening import TRACKING_SCREENING
from workflow.actors import Actor
from workflow.errors import Refused
from workflow.journal import entries
from workflow.journal.entries import Snapshot, record_many
from workflow.moves import register_action, select_locked

STEPS_WITH_PARCEL_COUNT = frozenset({Step.PICKED_UP, Step.ARRIVED})  # steps at which parcels are counted


@register_action(rules.RECORD_EVENT)
def record_event(
    shipment: Shipment,
    code: str,
    *,
    occurred_at: datetime,
    by: Actor,
    at: datetime,
    code_system: str = TrackingEvent.CodeSystem.OWN,
    source: str = "",
    external_id: str = "",
    place: str = "",
    pieces: int | None = None,
    remark: str = "",
    classifier: str = EventTimeClassifier.ACTUAL,
) -> TrackingEvent:
    """Store a tracking event as received. A repeated event is counted and changes nothing else.

    An event with an id from its sender is a repetition if that id is stored with the same facts; one without
    an id, if its facts are stored. Other facts under a stored id are stored beside the first event, and the
    page shows the contradiction. No event moves the shipment, or sets the moment of a step that a move makes.
    A planned or estimated event (`classifier`) names a day for its step, as the moves `SCHEDULE` and
    `ESTIMATE` do; a requested one is only stored. Refuses, in our own code, a step that a move makes, and any
    moment in the future that is reported as a fact.
    """
    given = {"code": code, "occurred_at": occurred_at, "code_system": code_system, "source": source}
    values = {"external_id": external_id, "place": place, "pieces": pieces, "remark": remark}
    known = {"shipment": shipment, "recorded_at": at, "by_id": by.user_id, "classifier": classifier}
    return _store_event(TrackingEvent(**known, **given, **values), by=by, at=at)


def _store_event(event: TrackingEvent, *, by: Actor, at: datetime) -> TrackingEvent:
    """Store one event as described in `record_event`, or count it as repeated."""
    shipment = event.shipment
    facts = {"code": event.code, "code_system": event.code_system, "place": event.place}
    refused = future_event_refusal(event, at)
    if refused is not None:
        raise refused
    with transaction.atomic():
        row = select_locked(shipment)
        refused = rules.RECORD_EVENT.refusal(by, row, at) or move_only_code_refusal(event)
        if refused is not None:
            raise refused
        said = row.events.filter(code_system=event.code_system, source=event.source)
        sent = said.filter(external_id__in=sender_event_ids(event))
        known = find_known_event(event, {one.external_id: one for one in sent})
        if known is not None:
            count_repeated_events({known.pk: 1}, at)
            known.refresh_from_db()
            return known
        with rules.RECORD_EVENT.apply_to(shipment, by=by, at=at, **facts) as row:
            event.shipment = row
            interpret_event(event, row)
            event.save(force_insert=True)
            recalculate_actual_time(row, event.step)
            set_dates_from_events([event], by)
        update_alerts_and_findings([event], at)
    return event


@register_action(rules.FLAG_EVENT)
def flag_event(shipment: Shipment, event: int, *, reason: str, by: Actor, at: datetime) -> Shipment:
    """Mark an event as wrong, with the author and the reason, and recalculate what depends on it.

    The event stays stored. Refuses an event that a move created, because it records what was done, and an
    event that is marked already.
    """
    with transaction.atomic():
        with rules.FLAG_EVENT.apply_to(shipment, by=by, at=at, reason=reason, event=event) as row:
            found = _find_event(row, event)
            if is_from_move(found):
                words = _("This entry was recorded when the step was completed. It is not a tracking update.")
                raise Refused("made_by_move", words, field="event")
            if found.wrong_at is not None:
                raise Refused(
                    "wrong_already", _("This tracking update is already marked as incorrect."), field="event"
                )
            found.wrong_at, found.wrong_by_id, found.wrong_why = at, by.user_id, reason
            _save_flag(row, found)
        update_alerts_and_findings([found], at)
    return shipment


@register_action(rules.UNFLAG_EVENT)
def unflag_event(shipment: Shipment, event: int, *, reason: str, by: Actor, at: datetime) -> Shipment:
    """Remove the mark from an event, so that it counts again. Refuses an event that is not marked."""
    with transaction.atomic():
        with rules.UNFLAG_EVENT.apply_to(shipment, by=by, at=at, reason=reason, event=event) as row:
            found = _find_event(row, event)
            if found.wrong_at is None:
                raise Refused(
                    "not_wrong", _("This tracking update is not marked as incorrect."), field="event"
                )
            found.wrong_at, found.wrong_by_id, found.wrong_why = None, None, ""
            _save_flag(row, found)
        update_alerts_and_findings([found], at)
    return shipment


def _find_event(row: Shipment, pk: int) -> TrackingEvent:
    event = row.events.filter(pk=pk).first()
    if event is None:
        raise Refused(
            "no_such_event", _("This tracking update does not exist in this shipment."), field="event"
        )
    return event


def _save_flag(row: Shipment, found: TrackingEvent) -> None:
    found.save(update_fields=["wrong_at", "wrong_by", "wrong_why"])
    recalculate_actual_time(row, found.step)
    recalculate_step_date(row, found)


def count_repeated_events(counts: Mapping[int, int], at: datetime) -> None:
    """Count repeated events: by event, how often each was received again."""
    for number in sorted(set(counts.values())):
        again = [pk for pk, count in counts.items() if count == number]
        TrackingEvent.objects.filter(pk__in=again).update(times=F("times") + number, last_reported_at=at)


def update_alerts_and_findings(events: Sequence[TrackingEvent], at: datetime) -> None:
    """Update what depends on new events of locked shipments: alerts, and findings on the offers.

    Findings change only through events about parcels or the hand-over.
    """
    telling = {
        event.shipment_id: event.shipment
        for event in events
        if event.step == Step.PICKED_UP or (event.pieces and event.step in STEPS_WITH_PARCEL_COUNT)
    }
    rescreen_shipments(list(telling.values()), at, TRACKING_SCREENING)
    schedule_alert_check({event.shipment_id for event in events}, at)


def record_step_of_move(row: Shipment, step: str, occurred_at: datetime, *, by: Actor, at: datetime) -> None:
    """Record a step that people of this site made with a move.

    Called under the shipment's lock, inside the move's transaction.
    """
    facts = {"code": step, "step": step, "occurred_at": occurred_at, "recorded_at": at, "by_id": by.user_id}
    TrackingEvent.objects.update_or_create(
        shipment=row,
        code_system=TrackingEvent.CodeSystem.OWN,
        source="",
        external_id=f"{MOVE_ID_PREFIX}{step}",
        defaults=facts,
    )
    recalculate_actual_time(row, step)
    schedule_alert_check([row.pk], at)


def recalculate_actual_time(row: Shipment, step: str) -> None:
    """Recalculate the moment of a step from its events, without those marked as wrong."""
    actual = actual_time(step, row.events.filter(step=step)) if step else None
    if actual is None and (not step or step in STEP_MOVES):
        return
    Milestone.objects.filter(shipment=row, step=step).update(actual_at=actual)
    if step == Step.PICKED_UP:
        row.handed_over_at = actual


def recalculate_handovers(rows: Sequence[Shipment]) -> None:
    """Recalculate the hand-over of many locked shipments at once.

    No other moment depends on events received in a batch.
    """
    by_shipment: dict[int, list[TrackingEvent]] = {row.pk: [] for row in rows}
    for event in TrackingEvent.objects.filter(shipment__in=rows, step=Step.PICKED_UP):
        by_shipment[event.shipment_id].append(event)
    moved: list[Any] = []
    for row in rows:
        actual = actual_time(Step.PICKED_UP, by_shipment[row.pk])
        if actual != row.handed_over_at:
            row.handed_over_at = actual
            moved.append(row)
    Shipment.objects.bulk_update(moved, ["handed_over_at"], batch_size=500)
    steps = Milestone.objects.filter(shipment__in=moved, step=Step.PICKED_UP)
    times_of = {row.pk: row.handed_over_at for row in moved}
    changed = list(steps)
    for milestone in changed:
        milestone.actual_at = times_of[milestone.shipment_id]
    Milestone.objects.bulk_update(changed, ["actual_at"], batch_size=500)


SQL_BATCH_SIZE = 1_000  # rows in one SQL statement


@dataclass(frozen=True, kw_only=True)
class TrackingUpdate:
    """Tracking event as received, with its shipment, code and moment.

    Without an `external_id`, the event is recognized by its facts.
    """

    shipment: Shipment
    code: str
    occurred_at: datetime
    code_system: str = TrackingEvent.CodeSystem.OWN
    source: str = ""
    external_id: str = ""
    place: str = ""
    pieces: int | None = None
    remark: str = ""
    classifier: str = EventTimeClassifier.ACTUAL

    def build_event(self, by: Actor, at: datetime) -> TrackingEvent:
        """Return the event as a row that is not saved yet."""
        return TrackingEvent(recorded_at=at, by_id=by.user_id, **vars(self))


def record_event_batch(
    events: Sequence[TrackingUpdate], *, by: Actor, at: datetime, source: str = "", file_name: str = ""
) -> TrackingBatch:
    """Store a batch of tracking events as `record_event` stores one. Repeated events are counted only.

    `source` is the sender of events that name none. Each shipment with new events gets one journal
    entry. Refuses what `record_event` refuses, with the number of the event (from 1) as `row`; then no event is
    stored.
    """
    came = [one.build_event(by, at) for one in events]
    for event in came:
        event.source = event.source or source
    with transaction.atomic():
        rows = _lock_shipments({event.shipment_id for event in came})
        for number, event in enumerate(came, start=1):
            event.shipment = rows[event.shipment_id]
            _require_recordable(number, event, by, at)
        fresh, again = split_known_events(came)
        count_repeated_events(again, at)
        before = {event.shipment_id: entries.snapshot(event.shipment) for event in fresh}
        TrackingEvent.objects.bulk_create(fresh, batch_size=SQL_BATCH_SIZE)
        handed = {event.shipment_id for event in fresh if event.step == Step.PICKED_UP}
        recalculate_handovers([rows[pk] for pk in sorted(handed)])
        set_dates_from_events(fresh, by)
        _write_journal_entries(fresh, before, by=by, at=at)
        update_alerts_and_findings(fresh, at)
        return TrackingBatch.objects.create(
            source=source,
            file_name=file_name,
            by_id=by.user_id,
            recorded_at=at,
            events=len(came),
            fresh=len(fresh),
            repeated=len(came) - len(fresh),
            unknown=sum(not event.has_known_code for event in fresh),
        )


def _lock_shipments(pks: set[int]) -> dict[int, Shipment]:
    """Lock the shipments in one order, so that two batches never wait for each other."""
    rows = Shipment.objects.filter(pk__in=pks).order_by("pk").select_for_update(of=("self",))
    return {row.pk: row for row in rows}


def _require_recordable(number: int, event: TrackingEvent, by: Actor, at: datetime) -> None:
    refused = (
        future_event_refusal(event, at)
        or rules.RECORD_EVENT.refusal(by, event.shipment, at)
        or move_only_code_refusal(event)
    )
    if refused is not None:
        raise Refused(refused.code, refused.message, **{**refused.details, "row": number, "field": "events"})


def _write_journal_entries(
    fresh: Sequence[TrackingEvent], before: dict[int, Snapshot], *, by: Actor, at: datetime
) -> None:
    """Write one journal entry for each shipment with new events, with their number."""
    news = Counter(event.shipment_id for event in fresh)
    rows = {event.shipment_id: event.shipment for event in fresh}
    for number in sorted(set(news.values())):
        values = [
            (rows[pk], before[pk], entries.snapshot(rows[pk])) for pk in sorted(news) if news[pk] == number
        ]
        record_many(values, rules.RECORD_EVENT.verb, by=by, at=at, events=number)
