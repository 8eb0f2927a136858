"""What was heard of a shipment, in our own steps: the codes of carriers, and when a step really happened. Pure.

Codes of DCSA track and trace 2 and 3, IATA Cargo-IMP and UN/EDIFACT IFTSTA; one that means nothing here is kept as heard.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from procurement.shipments.models import Step, TrackingEvent
from procurement.shipments.rules import customs, lots, shipments
from workflow.errors import Refused
from workflow.moves import Move

OWN, DCSA, IATA, IFTSTA = TrackingEvent.CodeSystem
HAND_OVER_WITHIN = timedelta(hours=48)  # a carrier that took the goods says so within two days

# RCS, not FOH: freight on hand may still be refused, "received from shipper" is the first real proof that the goods moved.
_CODES: dict[tuple[str, str], Step] = {
    (DCSA, "GTIN"): Step.PICKED_UP,
    (DCSA, "PICK"): Step.PICKED_UP,
    (DCSA, "STUF"): Step.PICKED_UP,
    (DCSA, "DEPA"): Step.DEPARTED,
    (DCSA, "ARRI"): Step.ARRIVED,
    (DCSA, "DISC"): Step.ARRIVED,
    (DCSA, "GTOT"): Step.DELIVERED,
    (DCSA, "DROP"): Step.DELIVERED,
    (DCSA, "STRP"): Step.DELIVERED,
    (IATA, "RCS"): Step.PICKED_UP,
    (IATA, "DEP"): Step.DEPARTED,
    (IATA, "ARR"): Step.ARRIVED,
    (IATA, "RCF"): Step.ARRIVED,
    (IATA, "CCD"): Step.IMPORT_CLEARED,
    (IATA, "DLV"): Step.DELIVERED,
    (IATA, "DDL"): Step.DELIVERED,
    (IFTSTA, "13"): Step.PICKED_UP,
    (IFTSTA, "31"): Step.DEPARTED,
    (IFTSTA, "1"): Step.ARRIVED,
    (IFTSTA, "21"): Step.DELIVERED,
}
_CLEARED = frozenset({(DCSA, "CUSR"), (DCSA, "RELS")})  # whose customs, only the place says
_LEAVING = frozenset({Step.READY, Step.PICKED_UP, Step.EXPORT_CLEARED, Step.DEPARTED})

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


def sayable(system: str, code: str, external_id: str) -> Refused | None:
    """Of our own steps, those that a move makes are not said beside it: that would pass by what the move asks for."""
    if system != OWN:
        return None
    if code in MADE_BY:
        words = _(
            "“%(step)s” is noted with “%(move)s”, which sees to what must be in hand. It is not merely heard."
        )
        told = {"step": Step(code).label, "move": MADE_BY[code].label}
        return Refused("step_has_a_move", words % told, move=MADE_BY[code].verb, field="code")
    if external_id.startswith(BY_MOVE):
        words = _("Ids that begin with “move:” are given by moves. Choose another.")
        return Refused("id_reserved", words, field="external_id")
    return None


def step_of(system: str, code: str, *, place: str, origin: str, destination: str) -> str:
    """What a code means here, or "". A stop on the way is neither departure nor arrival; places are UN/LOCODEs."""
    if system == OWN:
        return code if code in Step.values else ""
    at_origin, at_destination = place[:2] == origin[:2], place[:2] == destination[:2]
    if (system, code) in _CLEARED:
        return Step.EXPORT_CLEARED if at_origin else Step.IMPORT_CLEARED if at_destination else ""
    step = _CODES.get((system, code), "")
    elsewhere = (step in _LEAVING and not at_origin) or (step and step not in _LEAVING and not at_destination)
    return "" if place and elsewhere else step


def external_id_of(code: str, occurred_at: datetime, place: str) -> str:
    """The id of an event whose sender gave none: made of its facts, so that the same one heard again is known."""
    return f"{code}@{occurred_at.isoformat()}@{place}"[:100]


def actual_of(step: str, events: Iterable[TrackingEvent]) -> datetime | None:
    """When a step happened, whatever the order in which it was heard.

    A step that a move makes happened when our own people made it; what carriers say of it stays heard. For the others our own
    people's word counts before the carriers', of whom the first to speak of it is right. Of several own statements, the one
    recorded last.
    """
    heard = [event for event in events if event.step == step]
    own = [event for event in heard if event.code_system == OWN]
    if own:
        return max(own, key=lambda event: (event.recorded_at, event.pk)).occurred_at
    return None if step in MADE_BY else min((event.occurred_at for event in heard), default=None)


def parcels_short(events: Sequence[TrackingEvent]) -> int:
    """Parcels handed over to the carrier and not arrived, as far as both were counted. Arrivals in parts add up per code."""
    given = [event.pieces for event in events if event.step == Step.PICKED_UP and event.pieces]
    arrived: dict[tuple[str, str], int] = {}
    for event in events:
        if event.step == Step.ARRIVED and event.pieces:
            key = (event.code_system, event.code)
            arrived[key] = arrived.get(key, 0) + event.pieces
    if not given or not arrived:
        return 0
    return max(0, max(given) - max(arrived.values()))
