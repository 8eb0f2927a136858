"""What a shipment's page tells of its way: what to look at and what to do, how long it usually takes, each thing heard."""

from collections import defaultdict
from datetime import datetime
from typing import Any

from partners.rules.powers import Powers
from procurement.shipments.gathering.signs import signs_of
from procurement.shipments.gathering.transit import past_of, transit_of
from procurement.shipments.models.customs import CustomsLane
from procurement.shipments.models.shipment import Shipment
from procurement.shipments.models.tracking import Milestone, Slip, Step, TrackingEvent
from procurement.shipments.rules.shipments import may_follow
from procurement.shipments.rules.tracking.conflicts import told
from procurement.shipments.rules.tracking.steps import BY_MOVE, of_a_move
from procurement.shipments.rules.tracking.warnings import days, standing, warnings_of
from procurement.shipments.words import place_name

MOST = 200  # events on the page; the API has them all
AT_THE_CITY = (Step.DELIVERED, Step.INSPECTED)
TRAVELLING = (Shipment.Status.PLANNED, Shipment.Status.PACKED, Shipment.Status.DEPARTED)


def followed(
    by: Powers, thing: Shipment, lanes: list[CustomsLane], steps: list[Milestone], at: datetime
) -> dict[str, Any]:
    """What the page shows beside its steps. Warnings and the city's own past are for whoever follows the shipment."""
    events = list(thing.events.select_related("by", "wrong_by").order_by("-occurred_at", "-pk")[:MOST])
    heard = [(word, not of_a_move(word.event)) for word in told(events)]
    context: dict[str, Any] = {"heard": heard, "may_mark": may_follow(by, thing)}
    if not (may_follow(by, thing) or thing.city_id in by.sees):
        return context
    past = past_of(thing)
    warned = warnings_of(signs_of(thing, events=events, lanes=lanes, steps=steps, past=past))
    return context | {"warned": standing(warned, at), "transit": _transit(thing, past)}


def _transit(thing: Shipment, past: list[Any]) -> dict[str, Any]:
    """How long the journey usually takes, in days; empty once it is over and where nobody knows."""
    if thing.status not in TRAVELLING:
        return {}
    found = transit_of(thing, past)
    if found.own is not None:
        return {
            "half": days(found.own.half),
            "most": days(found.own.most),
            "number": found.own.number,
        }
    if found.published is None:
        return {}
    known = found.published
    return {
        "low": known.low,
        "high": known.high,
        "firm": known.firm,
        "source": known.source_url,
        "past": len(past),
    }


def slips_of(thing: Shipment) -> dict[int, list[Slip]]:
    """The days that were named for each step, by the step: the first one first."""
    found: defaultdict[int, list[Slip]] = defaultdict(list)
    rows = Slip.objects.filter(milestone__shipment=thing).select_related("event")
    for slip in rows.order_by("pk"):
        found[slip.milestone_id].append(slip)
    return found


def where(thing: Shipment, step: Milestone) -> str:
    """The name of the place at which a step happens: the receiving city for the last ones, else the port."""
    at_the_city = step.step in AT_THE_CITY and not thing.is_return
    return thing.city.name if at_the_city else place_name(step.place)


def choices_of(thing: Shipment, *, wrong: bool) -> list[tuple[int, str]]:
    """The events that may be marked as wrong, or whose mark may be taken back: by their key, in words."""
    rows: list[TrackingEvent] = list(
        thing.events.filter(wrong_at__isnull=not wrong)
        .exclude(code_system=TrackingEvent.CodeSystem.OWN, external_id__startswith=BY_MOVE)
        .order_by("-occurred_at", "-pk")[:MOST]
    )
    return [
        (one.pk, f"{one.occurred_at:%Y-%m-%d %H:%M} UTC · {one.heading} {one.place}".strip()) for one in rows
    ]
