"""Which word is the same as one that was heard before, and what a new one means on its shipment's way. Pure."""

from collections.abc import Mapping
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from procurement.shipments.models.shipment import Shipment
from procurement.shipments.models.tracking import TrackingEvent
from procurement.shipments.rules import times
from procurement.shipments.rules.tracking.steps import corrected_id_of, external_id_of, facts_of, step_of
from workflow.errors import Refused

type Sender = tuple[int, str, str]  # of which shipment, in which code system, by whom


def not_yet(event: TrackingEvent, at: datetime) -> Refused | None:
    """What is still to come did not happen: it is planned, expected or asked for."""
    if not event.happened or event.occurred_at <= at + times.AHEAD:
        return None
    return Refused("not_yet", _("That has not happened yet. Keep it as an estimate."), field="occurred_at")


def ids_of(event: TrackingEvent) -> tuple[str, str]:
    """The ids under which its sender's word may be kept already: as it is now, or where it was something else before."""
    event.external_id = event.external_id or external_id_of(event)
    return event.external_id, corrected_id_of(event.external_id, facts_of(event))


def known_as(event: TrackingEvent, told: Mapping[str, TrackingEvent]) -> TrackingEvent | None:
    """The same event as it is kept already, of what its sender told before, by id.

    One whose facts are others than under its id before gets an id of its own.
    """
    known = told.get(event.external_id)
    if known is None or facts_of(known) == facts_of(event):
        return known
    event.external_id = corrected_id_of(event.external_id, facts_of(event))
    return told.get(event.external_id)


def read(event: TrackingEvent, row: Shipment) -> None:
    """What its code means on this shipment's way: the step that happened, or the one whose moment is only named."""
    way = {"place": event.place, "origin": row.origin, "destination": row.destination}
    step = step_of(event.code_system, event.code, **way)
    event.step, event.about = (step, "") if event.happened else ("", step)


def sender_of(event: TrackingEvent) -> Sender:
    """Whose ids an event's id is one of."""
    return event.shipment_id, event.code_system, event.source
