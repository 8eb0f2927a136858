"""Tracking on a shipment's page: alerts with advice, usual transit time, and every tracking event."""

from collections import defaultdict
from datetime import datetime
from typing import Any

from partners.permissions.permissions import Permissions
from procurement.customs.models import CustomsClearance
from procurement.logistics.queries.alerts import alert_inputs
from procurement.logistics.rules.alerts import active_alerts, alerts_of, days_rounded_up
from procurement.shipments.models import Milestone, MilestoneChange, Shipment, ShipmentLine, Step
from procurement.shipments.reference_tables import place_name
from procurement.shipments.rules import may_report_tracking
from procurement.tracking.models import TrackingEvent
from procurement.tracking.queries import past_step_times, transit_time
from procurement.tracking.rules import MOVE_ID_PREFIX, annotate_events, is_from_move, leg_of
from procurement.tracking.views.journey_map import journey_map
from workflow.formatting import format_moment
from workflow.query_expressions import may_have_related

MAX_EVENTS_SHOWN = 200  # limit of events on the page; the API returns all
STEPS_AT_RECEIVING_CITY = (Step.DELIVERED, Step.INSPECTED)
STATUSES_BEFORE_ARRIVAL = (Shipment.Status.PLANNED, Shipment.Status.PACKED, Shipment.Status.IN_TRANSIT)


def tracking_context(
    by: Permissions,
    thing: Shipment,
    clearances: list[CustomsClearance],
    steps: list[Milestone],
    lines: list[ShipmentLine],
    at: datetime,
) -> dict[str, Any]:
    """Return the template context of the tracking.

    Alerts and the city's own past journeys are only for people who follow the shipment or see its city.
    """
    newest = thing.events.select_related("by", "wrong_by").order_by("-occurred_at", "-pk")[:MAX_EVENTS_SHOWN]
    events = list(newest) if may_have_related(thing, "events") else []
    updates = [(word, not is_from_move(word.event)) for word in annotate_events(events)]
    context: dict[str, Any] = {
        "updates": updates,
        "may_mark": may_report_tracking(by, thing),
        "journey_map": journey_map(thing, events),
    }
    if not (may_report_tracking(by, thing) or thing.city_id in by.visible_cities):
        return context
    past = past_step_times(thing) if thing.status in STATUSES_BEFORE_ARRIVAL or leg_of(thing.status) else []
    inputs = alert_inputs(thing, events=events, clearances=clearances, steps=steps, past=past, lines=lines)
    warned = alerts_of(inputs)
    return context | {"warned": active_alerts(warned, at), "transit": _transit_time_context(thing, past)}


def _transit_time_context(thing: Shipment, past: list[Any]) -> dict[str, Any]:
    """Return the usual duration of the journey in days: from own journeys, else as published.

    Empty once the goods have arrived, or if nothing is known.
    """
    if thing.status not in STATUSES_BEFORE_ARRIVAL:
        return {}
    found = transit_time(thing, past)
    if found.own_durations is not None:
        return {
            "half": days_rounded_up(found.own_durations.median),
            "most": days_rounded_up(found.own_durations.percentile_90),
            "number": found.own_durations.shipment_count,
        }
    if found.published_transit is None:
        return {}
    known = found.published_transit
    return {
        "low": known.min_days,
        "high": known.max_days,
        "firm": known.source_is_reliable,
        "source": known.source_url,
        "past": len(past),
    }


def date_changes_of(thing: Shipment) -> dict[int, list[MilestoneChange]]:
    """Return the dates estimated for each milestone over time, oldest first, by its id."""
    found: defaultdict[int, list[MilestoneChange]] = defaultdict(list)
    rows = MilestoneChange.objects.filter(milestone__shipment=thing).select_related("event")
    for change in rows.order_by("pk"):
        found[change.milestone_id].append(change)
    return found


def milestone_place_name(thing: Shipment, step: Milestone) -> str:
    """Return the name of a milestone's place: the receiving city for the last ones, else the port."""
    at_the_city = step.step in STEPS_AT_RECEIVING_CITY and not thing.is_return
    return thing.city.name if at_the_city else place_name(step.place)


def event_choices(thing: Shipment, *, wrong: bool) -> list[tuple[int, str]]:
    """Return the tracking events of a shipment as form choices.

    With `wrong`, those marked as wrong, whose mark may be removed; else those that may be marked.
    """
    rows: list[TrackingEvent] = list(
        thing.events.filter(wrong_at__isnull=not wrong)
        .exclude(code_system=TrackingEvent.CodeSystem.OWN, external_id__startswith=MOVE_ID_PREFIX)
        .order_by("-occurred_at", "-pk")[:MAX_EVENTS_SHOWN]
    )
    return [
        (one.pk, f"{format_moment(one.occurred_at, short=True)} · {one.heading} {one.place}".strip())
        for one in rows
    ]
