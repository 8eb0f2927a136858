"""Moves of tracking, the meaning of events, conflicts between them, and usual times of each leg."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from itertools import groupby, permutations
from math import ceil
from statistics import median

from django.utils.translation import gettext_lazy as _

from procurement.shipments.models import Shipment, Step
from procurement.shipments.reference_tables import CLEARED_CODE, country_of, find_code, locode_of
from procurement.shipments.rules import (
    CLOCK_TOLERANCE,
    NOT_CANCELLED_STATUSES,
    UNDER_WAY_STATUSES,
    may_report_tracking,
    may_ship,
)
from procurement.tracking.models import TrackingEvent
from workflow.errors import LazyText, Refused
from workflow.formatting import format_moment_with_offset
from workflow.moves import Move, not_ready_refusal, one_of


def tracking_not_shared_refusal(shipment: Shipment) -> Refused | None:
    """Return a refusal if the public tracking page is already closed."""
    return None if shipment.shared else not_ready_refusal(_("The public tracking page is already off."))


def already_shared_refusal(shipment: Shipment) -> Refused | None:
    """Return a refusal if the public tracking page is already open."""
    return not_ready_refusal(_("The public tracking page is already on.")) if shipment.shared else None


SCHEDULE = Move[Shipment](
    verb="schedule",
    label=_("Set planned dates"),
    past_tense=_("set the planned dates"),
    source=one_of(Shipment.Status.PLANNED, Shipment.Status.PACKED),
    allowed=may_ship,
)
SHARE = Move[Shipment](
    verb="share",
    label=_("Turn on public tracking page"),
    past_tense=_("turned on the public tracking page"),
    source=NOT_CANCELLED_STATUSES,
    allowed=may_ship,
    ready=already_shared_refusal,
)
UNSHARE = Move[Shipment](
    verb="unshare",
    label=_("Turn off public tracking page"),
    past_tense=_("turned off the public tracking page"),
    source=NOT_CANCELLED_STATUSES | one_of(Shipment.Status.CANCELLED),
    allowed=may_ship,
    ready=tracking_not_shared_refusal,
)
ESTIMATE = Move[Shipment](
    verb="estimate",
    label=_("Update estimated date"),
    past_tense=_("updated an estimated date"),
    source=UNDER_WAY_STATUSES | one_of(Shipment.Status.DELIVERED),
    allowed=may_report_tracking,
)
RECORD_EVENT = Move[Shipment](
    verb="record_event",
    label=_("Add tracking update"),
    past_tense=_("added a tracking update"),
    source=NOT_CANCELLED_STATUSES,
    allowed=may_report_tracking,
)
FLAG_EVENT = Move[Shipment](
    verb="flag_event",
    label=_("Mark tracking update as incorrect"),
    past_tense=_("marked a tracking update as incorrect"),
    source=NOT_CANCELLED_STATUSES,
    allowed=may_report_tracking,
    requires_reason=True,
)
UNFLAG_EVENT = Move[Shipment](
    verb="unflag_event",
    label=_("Restore tracking update"),
    past_tense=_("restored a tracking update"),
    source=NOT_CANCELLED_STATUSES,
    allowed=may_report_tracking,
    requires_reason=True,
)

OWN_CODE_SYSTEM = TrackingEvent.CodeSystem.OWN
PICKUP_CONFIRMATION_PERIOD = timedelta(hours=48)  # a carrier confirms within two days that it took the goods

# The verb and button of the move that alone makes a step happen: it checks the documents, customs or counting behind the step. Later
# packages define these moves: logistics, customs and quality.
STEP_MOVES: dict[str, tuple[str, LazyText]] = {
    Step.READY: ("pack", _("Record packing")),
    Step.EXPORT_CLEARED: ("release", _("Record customs clearance")),
    Step.DEPARTED: ("depart", _("Record departure")),
    Step.ARRIVED: ("arrive", _("Record arrival in destination country")),
    Step.IMPORT_CLEARED: ("release", _("Record customs clearance")),
    Step.DELIVERED: ("deliver", _("Record delivery")),
    Step.INSPECTED: ("release", _("Release lot")),
}
MOVE_ID_PREFIX = "move:"  # prefix of the ids of events that moves leave


def is_from_move(event: TrackingEvent) -> bool:
    """Return True if a move created the event. It then records what people of this site did."""
    return event.code_system == OWN_CODE_SYSTEM and event.external_id.startswith(MOVE_ID_PREFIX)


def move_only_code_refusal(event: TrackingEvent) -> Refused | None:
    """Return a refusal for an event, in this site's own code system, that only a move may record.

    A move checks the requirements of its step, and a reported event would bypass them. The planned or
    expected moment of such a step may be reported. Ids that begin with "move:" are refused as well.
    """
    code = event.code
    if event.code_system != OWN_CODE_SYSTEM:
        return None
    if code in STEP_MOVES and event.is_actual:
        words = _(
            "Record “%(step)s” with “%(move)s”, which checks the requirements. You cannot record "
            "it as a tracking update."
        )
        verb, label = STEP_MOVES[code]
        params = {"step": Step(code).label, "move": label}
        return Refused("step_has_a_move", words % params, move=verb, field="code")
    if event.external_id.startswith(MOVE_ID_PREFIX):
        words = _("IDs that begin with “move:” are reserved. Choose another.")
        return Refused("id_reserved", words, field="external_id")
    return None


def step_of_code(system: str, code: str, *, place: str, origin: str, destination: str) -> str:
    """Return the step that a code means for this shipment; "" if none.

    A stop on the way is neither departure nor arrival. Places are UN/LOCODEs or airports.
    """
    if system == OWN_CODE_SYSTEM:
        return code if code in Step.values else ""
    known = find_code(system, code)
    if known is None:
        return ""
    country = country_of(place)
    at_origin, at_destination = country == origin[:2], country == destination[:2]
    if known.step == CLEARED_CODE:
        return Step.EXPORT_CLEARED if at_origin else Step.IMPORT_CLEARED if at_destination else ""
    here = {"origin": at_origin, "destination": at_destination}.get(known.place_role, True)
    return known.step if here or not place else ""


def external_id_of(event: TrackingEvent) -> str:
    """Return an id made from the event's facts, for a sender who gave none.

    The same event received again gets the same id.
    """
    said = f"{event.code}@{event.occurred_at.astimezone(UTC).isoformat()}@{event.place}"
    return said[:100] if event.is_actual else f"{event.classifier}:{said}"[:100]


def corrected_event_id(external_id: str, facts: str) -> str:
    """Return the id for an event whose sender used the same id before for other facts.

    A mark made from the facts is appended to the id.
    """
    return f"{external_id[:100]}#{sha256(facts.encode()).hexdigest()[:12]}"


def event_identity_key(event: TrackingEvent) -> str:
    """Return the facts in which two events of one sender must agree to be the same."""
    moment = event.occurred_at.astimezone(UTC).isoformat()
    said = f"{event.code}|{moment}|{event.place}|{event.pieces}"
    return said if event.is_actual else f"{said}|{event.classifier}"


def actual_time(step: str, events: Iterable[TrackingEvent]) -> datetime | None:
    """Return when a step happened, regardless of the order in which events arrived.

    A step that a move makes has the moment of that move; carriers' events do not change it. For the
    other steps, events in this site's own code system count before carriers' events, and of these the
    latest recorded one. Of carriers' events, the earliest moment counts. Events marked as wrong are ignored.
    """
    valid = [event for event in events if event.step == step and event.wrong_at is None]
    own = [event for event in valid if event.code_system == OWN_CODE_SYSTEM]
    if own:
        return max(own, key=lambda event: (event.recorded_at, event.pk)).occurred_at
    return None if step in STEP_MOVES else min((event.occurred_at for event in valid), default=None)


def missing_parcels(events: Sequence[TrackingEvent]) -> int:
    """Return how many parcels the carrier picked up and did not deliver.

    It is 0 unless both were counted. Partial arrivals add up per code. Events marked as wrong are
    ignored.
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


type Sender = tuple[int, str, str]  # shipment, code system and source


def future_event_refusal(event: TrackingEvent, at: datetime) -> Refused | None:
    """Return a refusal for an event that happened in the future.

    Such an event is planned, estimated or requested.
    """
    if not event.is_actual or event.occurred_at <= at + CLOCK_TOLERANCE:
        return None
    return Refused("not_yet", _("This has not happened yet. Record it as estimated."), field="occurred_at")


def sender_event_ids(event: TrackingEvent) -> tuple[str, str]:
    """Return the ids under which the event may be stored: its own, and the id of a corrected version.

    An event without an id gets one made from its facts.
    """
    event.external_id = event.external_id or external_id_of(event)
    return event.external_id, corrected_event_id(event.external_id, event_identity_key(event))


def find_known_event(event: TrackingEvent, values: Mapping[str, TrackingEvent]) -> TrackingEvent | None:
    """Return the stored event that is the same as this one, else None.

    `values` holds the sender's stored events by id. If the sender used the id before for other facts, the
    event is given another id (`corrected_event_id`).
    """
    known = values.get(event.external_id)
    if known is None or event_identity_key(known) == event_identity_key(event):
        return known
    event.external_id = corrected_event_id(event.external_id, event_identity_key(event))
    return values.get(event.external_id)


def interpret_event(event: TrackingEvent, row: Shipment) -> None:
    """Set the step that the event's code means for its shipment (`row`).

    For an event that happened, this is `step`. For a planned, estimated or requested moment, it is
    `about`.
    """
    way = {"place": event.place, "origin": row.origin, "destination": row.destination}
    step = step_of_code(event.code_system, event.code, **way)
    event.step, event.about = (step, "") if event.is_actual else ("", step)


def sender_of(event: TrackingEvent) -> Sender:
    """Return the shipment, code system and source within which an event's id is unique."""
    return event.shipment_id, event.code_system, event.source


CONFLICT_TOLERANCE = timedelta(
    hours=24
)  # two senders may time the same step differently within a day; further apart, one is wrong

# Steps that follow each other. Customs clearance may come before or after a journey, so it is left out.
_STEP_ORDER = (Step.PICKED_UP, Step.DEPARTED, Step.ARRIVED, Step.DELIVERED)


@dataclass(frozen=True)
class AnnotatedEvent:
    """Tracking event for display: whether it came late, and what it contradicts.

    It came late if an event with a later moment was recorded before it.
    """

    event: TrackingEvent
    reported_late: bool
    contradictions: tuple[LazyText, ...]


def annotate_events(events: Iterable[TrackingEvent]) -> list[AnnotatedEvent]:
    """Return every event, the latest first.

    An event marked as wrong keeps its place and contradicts nothing.
    """
    latest_first = sorted(
        events, key=lambda event: (event.occurred_at, event.recorded_at, event.pk), reverse=True
    )
    late, disputes = _late_events(latest_first), _conflict_reasons(latest_first)
    return [
        AnnotatedEvent(event, event.pk in late, tuple(disputes.get(event.pk, ()))) for event in latest_first
    ]


def _late_events(events: Sequence[TrackingEvent]) -> frozenset[int]:
    """Return the keys of events recorded after an event that happened later.

    Events recorded together are not late relative to each other. An event that has not happened is
    never late.
    """
    latest = datetime.min.replace(tzinfo=UTC)
    found: set[int] = set()
    past = [event for event in events if event.is_actual]
    for _moment, together in groupby(sorted(past, key=_recorded_at), key=_recorded_at):
        came = list(together)
        found |= {event.pk for event in came if event.occurred_at < latest}
        latest = max(latest, *(event.occurred_at for event in came))
    return frozenset(found)


def _recorded_at(event: TrackingEvent) -> datetime:
    return event.recorded_at


def _conflict_reasons(events: Sequence[TrackingEvent]) -> dict[int, list[LazyText]]:
    """Return, by event, why it cannot be true together with another: one reason per kind of conflict."""
    held = [event for event in events if event.wrong_at is None and event.is_actual]
    firsts: dict[
        tuple[str, str, str], TrackingEvent
    ] = {}  # goods travel in parts, so each sender's first event for a step counts
    for event in reversed(held):
        firsts.setdefault((event.code_system, event.source, event.step), event)
    pairs = (
        *permutations(firsts.values(), 2),
        *((one, two) for one, two in permutations(_events_with_reused_id(held), 2) if _has_same_id(one, two)),
    )
    found: dict[int, dict[str, LazyText]] = {}
    for event, other in pairs:
        for about, words in _conflicts_between(event, other):
            found.setdefault(event.pk, {}).setdefault(about, words)
    return {pk: list(ways.values()) for pk, ways in found.items()}


def _events_with_reused_id(held: Sequence[TrackingEvent]) -> list[TrackingEvent]:
    """Return the events whose sender used an id twice, including the first event with that id."""
    twice = {_sender_id(event) for event in held if "#" in event.external_id}
    return [event for event in held if _sender_id(event) in twice]


def _sender_id(event: TrackingEvent) -> tuple[str, str, str]:
    return event.code_system, event.source, event.external_id.partition("#")[0]


def _has_same_id(event: TrackingEvent, other: TrackingEvent) -> bool:
    return _sender_id(event) == _sender_id(other)


def _conflicts_between(event: TrackingEvent, other: TrackingEvent) -> Iterator[tuple[str, LazyText]]:
    if _has_same_id(event, other):
        words = _(
            "The same source sent different information under this number. Ask which is correct "
            "and mark the other as incorrect."
        )
        yield "number", words
    elif event.step and event.step == other.step:
        if abs(event.occurred_at - other.occurred_at) > CONFLICT_TOLERANCE:
            words = _("Another source gives %(when)s for “%(step)s”, a difference of more than a day.")
            yield "time", words % _event_words(other)
    elif event.step in _STEP_ORDER and other.step in _STEP_ORDER:
        further = _STEP_ORDER.index(Step(event.step)) > _STEP_ORDER.index(Step(other.step))
        if further and event.occurred_at < other.occurred_at:
            words = _("This cannot have happened before “%(step)s”, which was reported for %(when)s.")
            yield "order", words % _event_words(other)
        if not further and event.occurred_at > other.occurred_at:
            words = _("This cannot have happened after “%(step)s”, which was reported for %(when)s.")
            yield "order", words % _event_words(other)


def _event_words(event: TrackingEvent) -> dict[str, LazyText]:
    return {"step": event.get_step_display(), "when": format_moment_with_offset(event.occurred_at)}


MIN_PAST_SHIPMENTS = 5  # past shipments: fewer do not predict the next one
MAX_PAST_SHIPMENTS = 200  # only this many of the newest past shipments are used

type Times = Mapping[str, datetime | None]  # moment of each step, by step


@dataclass(frozen=True)
class Leg:
    """Part of a journey between two steps."""

    start_step: Step
    end_step: Step


# The current leg of a shipment, by status.
LEG_BY_STATUS: dict[str, Leg] = {
    Shipment.Status.PACKED: Leg(Step.READY, Step.DEPARTED),
    Shipment.Status.IN_TRANSIT: Leg(Step.DEPARTED, Step.ARRIVED),
    Shipment.Status.ARRIVED: Leg(Step.ARRIVED, Step.DELIVERED),
    Shipment.Status.DELIVERED: Leg(Step.DELIVERED, Step.INSPECTED),
}


@dataclass(frozen=True)
class LegDurations:
    """Past durations of a leg: the median, the 90th percentile and their number."""

    median: timedelta
    percentile_90: timedelta
    shipment_count: int


def leg_of(status: str) -> Leg | None:
    """Return the current leg of a shipment with this status; None before packing and after the end."""
    return LEG_BY_STATUS.get(status)


def leg_durations(leg: Leg, past: Iterable[Times]) -> LegDurations | None:
    """Return how long a leg took on past journeys with both ends known; None for fewer than five."""
    took = sorted(
        ended - began
        for times in past
        if (began := times.get(leg.start_step)) is not None
        and (ended := times.get(leg.end_step)) is not None
        and ended >= began
    )
    if len(took) < MIN_PAST_SHIPMENTS:
        return None
    middle = median(one.total_seconds() for one in took)
    return LegDurations(timedelta(seconds=middle), ninetieth_percentile(took), len(took))


def ninetieth_percentile(durations: Sequence[timedelta]) -> timedelta:
    """Return the shortest time that nine of ten did not exceed: of ten the ninth, of five the fifth.

    `durations` is sorted and not empty.
    """
    return durations[ceil(len(durations) * 9 / 10) - 1]


STATUSES_AT_ORIGIN = frozenset({Shipment.Status.PLANNED, Shipment.Status.PACKED})
# A UN/LOCODE or an airport's letters, for PostgreSQL and Python. Any other text is no place on a map.
PLACE_CODE_PATTERN = r"^[A-Za-z]{2}[A-Za-z2-9]{3}$|^[A-Za-z]{3}$"


def current_place(status: str, origin: str, destination: str, last_place: str = "") -> str:
    """Return the code of the place where the shipment is.

    The code is a UN/LOCODE, or the code as received if it is unknown. Before departure, the
    shipment is at its origin. Under way or lost, it is at the place of its last event, else at its
    origin. Once it has arrived in the country of destination, it is at the place of its last event if that
    place is known and in this country, else at its destination. Later, it is at its destination.
    """
    if status in STATUSES_AT_ORIGIN:
        return origin
    last = locode_of(last_place) or last_place.strip().upper()
    if status in (Shipment.Status.IN_TRANSIT, Shipment.Status.LOST):
        return last or origin
    if status == Shipment.Status.ARRIVED and last[:2] == destination[:2] and len(last) == len(destination):
        return last
    return destination
