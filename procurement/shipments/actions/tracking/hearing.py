"""What was heard of a shipment. Events are kept as they came; repeated and late ones change nothing twice, a wrong one is marked."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from procurement.shipments.actions.findings import judge_all
from procurement.shipments.actions.tracking.named import name_anew, name_days
from procurement.shipments.actions.tracking.warned import look_soon
from procurement.shipments.models.shipment import Shipment
from procurement.shipments.models.tracking import Classifier, Milestone, Step, TrackingEvent
from procurement.shipments.rules import shipments
from procurement.shipments.rules.tracking.identity import ids_of, known_as, not_yet, read
from procurement.shipments.rules.tracking.steps import BY_MOVE, MADE_BY, actual_of, of_a_move, sayable
from workflow.actors import Actor
from workflow.errors import Refused
from workflow.moves import locked

COUNTED = frozenset({Step.PICKED_UP, Step.ARRIVED})  # steps at which parcels are counted


def hear(
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
    classifier: str = Classifier.ACTUAL,
) -> TrackingEvent:
    """Keep something heard, as it came. The same again (by its sender's id, else by its facts) is counted and changes nothing else.

    Something else under an id that its sender used before is kept beside the first: the page shows that they contradict. No event
    moves the shipment or gives a time to a step that a move makes. What is planned or estimated (`classifier`) names a day for its
    step, as `schedule` and `estimate` do; what is asked for is only kept. Refuses such a step in our own words, and a future that is
    said to have happened.
    """
    given = {"code": code, "occurred_at": occurred_at, "code_system": code_system, "source": source}
    told = {"external_id": external_id, "place": place, "pieces": pieces, "remark": remark}
    known = {"shipment": shipment, "recorded_at": at, "by_id": by.user_id, "classifier": classifier}
    return _keep(TrackingEvent(**known, **given, **told), by=by, at=at)


def _keep(event: TrackingEvent, *, by: Actor, at: datetime) -> TrackingEvent:
    """Keep one as `hear` says, or count that it was heard again."""
    shipment = event.shipment
    facts = {"code": event.code, "code_system": event.code_system, "place": event.place}
    refused = not_yet(event, at)
    if refused is not None:
        raise refused
    with transaction.atomic():
        row = locked(shipment)
        refused = shipments.HEAR.refusal(by, row, at) or sayable(event)
        if refused is not None:
            raise refused
        said = row.events.filter(code_system=event.code_system, source=event.source)
        sent = said.filter(external_id__in=ids_of(event))
        known = known_as(event, {one.external_id: one for one in sent})
        if known is not None:
            repeat({known.pk: 1}, at)
            known.refresh_from_db()
            return known
        with shipments.HEAR.on(shipment, by=by, at=at, **facts) as row:
            event.shipment = row
            read(event, row)
            event.save(force_insert=True)
            reckon(row, event.step)
            name_days([event], by)
        settle([event], at)
    return event


def call_wrong(shipment: Shipment, event: int, *, reason: str, by: Actor, at: datetime) -> Shipment:
    """Mark an event as wrong: it stays, with who said so and why, and what rested on it is reckoned anew.

    Refuses what a move noted: that is what was done, not what was heard; and one that is marked already.
    """
    with transaction.atomic():
        with shipments.CALL_WRONG.on(shipment, by=by, at=at, reason=reason, event=event) as row:
            heard = _event(row, event)
            if of_a_move(heard):
                words = _("This was noted with a move, when it was made. It is not something that was heard.")
                raise Refused("made_by_move", words, field="event")
            if heard.wrong_at is not None:
                raise Refused("wrong_already", _("It is marked as wrong already."), field="event")
            heard.wrong_at, heard.wrong_by_id, heard.wrong_why = at, by.user_id, reason
            _remark(row, heard)
        settle([heard], at)
    return shipment


def call_right(shipment: Shipment, event: int, *, reason: str, by: Actor, at: datetime) -> Shipment:
    """Take the mark of an event back: it counts again. Refuses one that is not marked."""
    with transaction.atomic():
        with shipments.CALL_RIGHT.on(shipment, by=by, at=at, reason=reason, event=event) as row:
            heard = _event(row, event)
            if heard.wrong_at is None:
                raise Refused("not_wrong", _("Nobody marked it as wrong."), field="event")
            heard.wrong_at, heard.wrong_by_id, heard.wrong_why = None, None, ""
            _remark(row, heard)
        settle([heard], at)
    return shipment


def _event(row: Shipment, pk: int) -> TrackingEvent:
    event = row.events.filter(pk=pk).first()
    if event is None:
        raise Refused("no_such_event", _("There is no such event of this shipment."), field="event")
    return event


def _remark(row: Shipment, heard: TrackingEvent) -> None:
    heard.save(update_fields=["wrong_at", "wrong_by", "wrong_why"])
    reckon(row, heard.step)
    name_anew(row, heard)


def repeat(counts: Mapping[int, int], at: datetime) -> None:
    """Count what was heard again, by event: how often."""
    for number in sorted(set(counts.values())):
        again = [pk for pk, count in counts.items() if count == number]
        TrackingEvent.objects.filter(pk__in=again).update(times=F("times") + number, last_heard_at=at)


def settle(events: Sequence[TrackingEvent], at: datetime) -> None:
    """What rests on events of locked shipments: findings on the offers, where they speak of parcels or of the hand-over; warnings."""
    telling = {
        event.shipment_id: event.shipment
        for event in events
        if event.step == Step.PICKED_UP or (event.pieces and event.step in COUNTED)
    }
    judge_all(list(telling.values()), at)
    look_soon({event.shipment_id for event in events}, at)


def happened(row: Shipment, step: str, occurred_at: datetime, *, by: Actor, at: datetime) -> None:
    """A step our own people noted with their move. Called under the shipment's lock, inside the move's transaction."""
    facts = {"code": step, "step": step, "occurred_at": occurred_at, "recorded_at": at, "by_id": by.user_id}
    TrackingEvent.objects.update_or_create(
        shipment=row,
        code_system=TrackingEvent.CodeSystem.OWN,
        source="",
        external_id=f"{BY_MOVE}{step}",
        defaults=facts,
    )
    reckon(row, step)
    look_soon([row.pk], at)


def reckon(row: Shipment, step: str) -> None:
    """Work out anew when a step happened, from everything heard of it and not marked as wrong."""
    actual = actual_of(step, row.events.filter(step=step)) if step else None
    if actual is None and (not step or step in MADE_BY):
        return
    Milestone.objects.filter(shipment=row, step=step).update(actual_at=actual)
    if step == Step.PICKED_UP:
        row.handed_over_at = actual


def reckon_hand_overs(rows: Sequence[Shipment]) -> None:
    """The same for many locked shipments at once: of what is heard, only the hand-over has a time that rests on it."""
    heard: dict[int, list[TrackingEvent]] = {row.pk: [] for row in rows}
    for event in TrackingEvent.objects.filter(shipment__in=rows, step=Step.PICKED_UP):
        heard[event.shipment_id].append(event)
    moved: list[Any] = []
    for row in rows:
        actual = actual_of(Step.PICKED_UP, heard[row.pk])
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
