"""What was heard of a shipment, in our own steps: the codes of carriers, and when a step really happened. Pure.

Codes of DCSA track and trace 2 and 3, IATA Cargo-IMP and UN/EDIFACT IFTSTA; one that means nothing here is kept as heard.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from procurement.shipments.models import Step, TrackingEvent

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

    What our own people said counts before what carriers say; of those, the first for steps that leave, the last for steps that
    arrive (goods come in parts). Of several own statements, the one recorded last.
    """
    heard = [event for event in events if event.step == step]
    own = [event for event in heard if event.code_system == OWN]
    if own:
        return max(own, key=lambda event: (event.recorded_at, event.pk)).occurred_at
    moments = [event.occurred_at for event in heard]
    if not moments:
        return None
    return min(moments) if step in _LEAVING else max(moments)


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
