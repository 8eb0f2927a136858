"""Reader for a file of tracking events: its columns, errors by row and column, and a preview."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _

from partners.permissions.permissions import Permissions
from partners.register_import.errors import CellError, ImportFailed, RowError
from partners.register_import.formats.columns import Column, choice_reader, text_reader, whole_number_reader
from partners.register_import.formats.csv_and_xlsx import read_csv
from procurement.requests.models import MAX_QUANTITY
from procurement.shipments.models import EventTimeClassifier, Shipment
from procurement.shipments.reference_tables import locode_of_typed_place, time_zone_of
from procurement.tracking.actions.events import TrackingUpdate
from procurement.tracking.models import TrackingEvent
from procurement.tracking.queries import split_known_events
from procurement.tracking.rules import (
    RECORD_EVENT,
    annotate_events,
    future_event_refusal,
    interpret_event,
    move_only_code_refusal,
    step_of_code,
)
from workflow.errors import LazyText

MAX_ROWS = 2_000


def parse_moment(cell: str) -> datetime | None:
    """Return a moment written in ISO 8601; without an offset, it is still without a time zone."""
    if not cell:
        return None
    try:
        found = parse_datetime(cell)
    except ValueError:
        found = None
    if found is None:
        words = _(
            "Enter the time as 2020-04-16 23:40, in the local time of the place, or with its offset as "
            "2020-04-16T23:40:00-07:00."
        )
        raise CellError(words)
    return found


EVENT_COLUMNS = (
    Column("shipment", text_reader(20), required=True, label=_("Shipment")),
    Column("code", text_reader(20), required=True, label=_("Code")),
    Column("occurred_at", parse_moment, required=True, label=_("When")),
    Column("code_system", choice_reader(TrackingEvent.CodeSystem), label=_("Code system")),
    Column("classifier", choice_reader(EventTimeClassifier), label=_("Actual, planned or estimated")),
    Column("place", text_reader(100), label=_("Place")),
    Column("pieces", whole_number_reader(most=MAX_QUANTITY), label=_("Units")),
    Column("external_id", text_reader(100), label=_("Number given by the source")),
    Column("source", text_reader(60), label=_("Source")),
    Column("remark", text_reader(1000), label=_("Remark")),
)


@dataclass(frozen=True)
class EventPreviewRow:
    """Row of the file with its effect."""

    row_number: int
    event: TrackingEvent
    is_new: bool
    contradictions: tuple[LazyText, ...]


def read_event_file(
    content: bytes, source: str, by: Permissions, at: datetime
) -> list[tuple[int, TrackingUpdate]]:
    """Return the events of a file with their row numbers.

    Raises `ImportFailed` with all errors, including events that this person may not record.
    """
    rows = read_csv(content, EVENT_COLUMNS)
    if len(rows) > MAX_ROWS:
        words = _("The file has more than %(most)s rows. Upload it in parts or use the API.")
        raise ImportFailed([RowError(1, "", words % {"most": MAX_ROWS})])
    named = {row["shipment"] for _number, row in rows}
    shipments = Shipment.objects.visible_to(by).filter(reference__in=named).prefetch_related("milestones")
    known = {one.reference: one for one in shipments}
    faults: list[RowError] = []
    found: list[tuple[int, TrackingUpdate]] = []
    for number, row in rows:
        shipment = known.get(row.pop("shipment"))
        if shipment is None:
            words = _("This shipment does not exist, or you do not have access to it.")
            faults.append(RowError(number, "shipment", words))
            continue
        given = {name: value for name, value in row.items() if value not in ("", None)}
        if given["occurred_at"].tzinfo is None:
            zone = _time_zone_of_event(given, shipment)
            if not zone:
                words = _("The place is unknown, so add the offset to the time: 2020-04-16T23:40:00-07:00.")
                faults.append(RowError(number, "occurred_at", words))
                continue
            given["occurred_at"] = given["occurred_at"].replace(tzinfo=ZoneInfo(zone))
        update = TrackingUpdate(shipment=shipment, **{"source": source, **given})
        refused = _refusal_at_column(update, by, at)
        if refused is not None:
            faults.append(RowError(number, *refused))
        found.append((number, update))
    if faults:
        raise ImportFailed(faults)
    return found


def _time_zone_of_event(given: Mapping[str, Any], shipment: Shipment) -> str:
    """Return the time zone of an event, or "".

    It is that of its place, else that of the milestone which its code means.
    """
    named = time_zone_of(locode_of_typed_place(given.get("place", "")))
    if named:
        return named
    meant = step_of_code(
        given.get("code_system", TrackingEvent.CodeSystem.OWN),
        given["code"],
        place=given.get("place", ""),
        origin=shipment.origin,
        destination=shipment.destination,
    )
    return next((one.timezone for one in shipment.milestones.all() if one.step == meant), "")


def _refusal_at_column(update: TrackingUpdate, by: Permissions, at: datetime) -> tuple[str, LazyText] | None:
    """Return the column and the reason why an event may not be recorded, or None."""
    answers = (
        ("shipment", RECORD_EVENT.refusal(by, update.shipment, at)),
        ("occurred_at", future_event_refusal(update.build_event(by, at), at)),
        ("code", move_only_code_refusal(update.build_event(by, at))),
    )
    return next(((column, no.message) for column, no in answers if no is not None), None)


def preview_rows(
    rows: Sequence[tuple[int, TrackingUpdate]], by: Permissions, at: datetime
) -> list[EventPreviewRow]:
    """Return the effect of each row: a new event or a repeated one, and its conflicts with other events."""
    events = [update.build_event(by, at) for _number, update in rows]
    fresh, _again = split_known_events(events)
    new = {id(event) for event in fresh}
    for event in (one for one in events if id(one) not in new):  # identified like the first event
        interpret_event(event, event.shipment)
    for number, event in enumerate(fresh, start=1):
        event.pk = -number  # negative ids distinguish these events from stored ones; they are never saved
    about = {event.shipment_id for event in fresh}
    kept = TrackingEvent.objects.filter(shipment__in=about)
    disputes: dict[int, tuple[LazyText, ...]] = {}
    for pk in about:
        both = [one for one in (*kept, *fresh) if one.shipment_id == pk]
        disputes |= {word.event.pk: word.contradictions for word in annotate_events(both)}
    return [
        EventPreviewRow(
            number, event, id(event) in new, disputes.get(event.pk, ()) if id(event) in new else ()
        )
        for (number, _heard), event in zip(rows, events, strict=True)
    ]
