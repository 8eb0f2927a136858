"""What was heard of a shipment, in our own steps: the codes of carriers, and when a step really happened. Pure.

What codes mean stands in data/tracking_codes.csv; one that means nothing here, or that nobody knows, is kept as heard.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

from django.utils.translation import gettext_lazy as _

from procurement.shipments.models.tracking import Step, TrackingEvent
from procurement.shipments.rules import customs, lots, shipments
from procurement.shipments.words import CLEARED, code_of, country_of
from workflow.errors import Refused
from workflow.moves import Move

OWN = TrackingEvent.CodeSystem.OWN
HAND_OVER_WITHIN = timedelta(hours=48)  # a carrier that took the goods says so within two days

# What only a move of ours makes happen: each sees to the papers, the customs or the counting that the step stands for.
MADE_BY: dict[str, Move[Any]] = {
    Step.READY: shipments.PACK,
    Step.EXPORT_CLEARED: customs.RELEASE,
    Step.DEPARTED: shipments.DEPART,
    Step.ARRIVED: shipments.ARRIVE,
    Step.IMPORT_CLEARED: customs.RELEASE,
    Step.DELIVERED: shipments.DELIVER,
    Step.INSPECTED: lots.RELEASE,
}
BY_MOVE = "move:"  # what the ids begin with of the events that moves leave


def of_a_move(event: TrackingEvent) -> bool:
    """Whether a move left it: then it says what was done, and was not merely heard."""
    return event.code_system == OWN and event.external_id.startswith(BY_MOVE)


def sayable(event: TrackingEvent) -> Refused | None:
    """Of our own steps, those that a move makes are not said beside it: that would pass by what the move asks for. When they are
    planned or expected may be said.
    """
    code = event.code
    if event.code_system != OWN:
        return None
    if code in MADE_BY and event.happened:
        words = _(
            "“%(step)s” is noted with “%(move)s”, which sees to what must be in hand. It is not merely heard."
        )
        told = {"step": Step(code).label, "move": MADE_BY[code].label}
        return Refused("step_has_a_move", words % told, move=MADE_BY[code].verb, field="code")
    if event.external_id.startswith(BY_MOVE):
        words = _("Ids that begin with “move:” are given by moves. Choose another.")
        return Refused("id_reserved", words, field="external_id")
    return None


def step_of(system: str, code: str, *, place: str, origin: str, destination: str) -> str:
    """What a code means here, or "". A stop on the way is neither departure nor arrival; places are UN/LOCODEs or airports."""
    if system == OWN:
        return code if code in Step.values else ""
    known = code_of(system, code)
    if known is None:
        return ""
    country = country_of(place)
    at_origin, at_destination = country == origin[:2], country == destination[:2]
    if known.step == CLEARED:
        return Step.EXPORT_CLEARED if at_origin else Step.IMPORT_CLEARED if at_destination else ""
    here = {"origin": at_origin, "destination": at_destination}.get(known.at, True)
    return known.step if here or not place else ""


def external_id_of(event: TrackingEvent) -> str:
    """The id of an event whose sender gave none: made of its facts, so that the same one heard again is known."""
    said = f"{event.code}@{event.occurred_at.astimezone(UTC).isoformat()}@{event.place}"
    return said[:100] if event.happened else f"{event.classifier}:{said}"[:100]


def corrected_id_of(external_id: str, facts: str) -> str:
    """The id under which something else is kept that its sender tells under an id it used before: with a mark made of its facts."""
    return f"{external_id[:100]}#{sha256(facts.encode()).hexdigest()[:12]}"


def facts_of(event: TrackingEvent) -> str:
    """What two words of one sender must agree in to be the same."""
    moment = event.occurred_at.astimezone(UTC).isoformat()
    said = f"{event.code}|{moment}|{event.place}|{event.pieces}"
    return said if event.happened else f"{said}|{event.classifier}"


def actual_of(step: str, events: Iterable[TrackingEvent]) -> datetime | None:
    """When a step happened, whatever the order in which it was heard.

    A step that a move makes happened when our own people made it; what carriers say of it stays heard. For the others our own
    people's word counts before the carriers', of whom the first to speak of it is right. Of several own statements, the one
    recorded last. What was marked as wrong counts for nothing.
    """
    heard = [event for event in events if event.step == step and event.wrong_at is None]
    own = [event for event in heard if event.code_system == OWN]
    if own:
        return max(own, key=lambda event: (event.recorded_at, event.pk)).occurred_at
    return None if step in MADE_BY else min((event.occurred_at for event in heard), default=None)


def parcels_short(events: Sequence[TrackingEvent]) -> int:
    """Parcels handed over to the carrier and not arrived, as far as both were counted. Arrivals in parts add up per code; what was
    marked as wrong counts for nothing.
    """
    events = [event for event in events if event.wrong_at is None]
    given = [event.pieces for event in events if event.step == Step.PICKED_UP and event.pieces]
    arrived: dict[tuple[str, str], int] = {}
    for event in events:
        if event.step == Step.ARRIVED and event.pieces:
            key = (event.code_system, event.code)
            arrived[key] = arrived.get(key, 0) + event.pieces
    if not given or not arrived:
        return 0
    return max(0, max(given) - max(arrived.values()))
