"""Reads of tracking: which reported events are stored already, and usual transit times."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from procurement.shipments.models import Milestone, Shipment
from procurement.shipments.reference_tables import PublishedTransit, published_transit
from procurement.tracking.models import TrackingEvent
from procurement.tracking.rules import (
    LEG_BY_STATUS,
    MAX_PAST_SHIPMENTS,
    Leg,
    LegDurations,
    Sender,
    Times,
    find_known_event,
    interpret_event,
    leg_durations,
    sender_event_ids,
    sender_of,
)


def split_known_events(received: Sequence[TrackingEvent]) -> tuple[list[TrackingEvent], Counter[int]]:
    """Return the new events, with their steps, and how often each stored event was repeated, by key.

    Repetitions of a new event are counted on its first occurrence. The events must have their
    shipments; none is saved yet.
    """
    ids = {one for event in received for one in sender_event_ids(event)}
    values: defaultdict[Sender, dict[str, TrackingEvent]] = defaultdict(dict)
    about = {event.shipment_id for event in received}
    for kept in TrackingEvent.objects.filter(shipment__in=about, external_id__in=ids).defer("search"):
        values[sender_of(kept)][kept.external_id] = kept
    fresh, again = list[TrackingEvent](), Counter[int]()
    for event in received:
        known = find_known_event(event, values[sender_of(event)])
        if known is None:
            interpret_event(event, event.shipment)
            values[sender_of(event)][event.external_id] = event
            fresh.append(event)
        elif known._state.adding:
            known.times, known.last_reported_at = known.times + 1, event.recorded_at
        else:
            again[known.pk] += 1
    return fresh, again


ARRIVED_STATUSES = (
    Shipment.Status.ARRIVED,
    Shipment.Status.DELIVERED,
    Shipment.Status.CLOSED,
    Shipment.Status.RETURNED,
)
DEPARTURE_TO_ARRIVAL_LEG = LEG_BY_STATUS[Shipment.Status.IN_TRANSIT]


@dataclass(frozen=True)
class TransitTime:
    """Usual time from departure to arrival.

    `own_durations`: of the city's past shipments, or None for fewer than five. `published_transit`: from the table of routes.
    """

    own_durations: LegDurations | None
    published_transit: PublishedTransit | None


def past_step_times(shipment: Shipment) -> list[Times]:
    """Return the step moments of the city's newest past shipments on the same route.

    Shipments of other cities are not used.
    """
    alike = Shipment.objects.filter(
        city=shipment.city_id,
        mode=shipment.mode,
        origin__startswith=shipment.origin[:2],
        destination__startswith=shipment.destination[:2],
        status__in=ARRIVED_STATUSES,
    ).exclude(pk=shipment.pk)
    newest = alike.order_by("-pk").values("pk")[:MAX_PAST_SHIPMENTS]
    known: defaultdict[int, dict[str, datetime | None]] = defaultdict(dict)
    happened = Milestone.objects.filter(shipment__in=newest, actual_at__isnull=False)
    for pk, step, actual_at in happened.values_list("shipment", "step", "actual_at"):
        known[pk][step] = actual_at
    return list(known.values())


def usual_durations(leg: Leg | None, past: list[Times]) -> LegDurations | None:
    """Return how long the leg took on these past shipments; None without a leg or with too few shipments."""
    return leg_durations(leg, past) if leg else None


def transit_time(shipment: Shipment, past: list[Times]) -> TransitTime:
    """Return the usual time from departure to arrival: of the city's own past shipments, and as published."""
    known = published_transit(shipment.mode, shipment.origin, shipment.destination)
    return TransitTime(leg_durations(DEPARTURE_TO_ARRIVAL_LEG, past), known)
