"""Refused goods go back: a shipment of its own in the other direction, of no more than was refused, handed back at its end."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from procurement.catalogue.gathering import rules_day
from procurement.shipments.actions import asking, planning
from procurement.shipments.actions.moments import moment
from procurement.shipments.actions.planning import open_lanes
from procurement.shipments.actions.tracking import hearing
from procurement.shipments.actions.tracking.warned import look_soon
from procurement.shipments.gathering.leftovers import leftovers_of
from procurement.shipments.models.shipment import Shipment
from procurement.shipments.models.tracking import Milestone, Step
from procurement.shipments.models.ways import BackLine
from procurement.shipments.rules import numbers, shipments, times, ways
from procurement.shipments.rules.ways import Part
from procurement.shipments.words import zone_of
from workflow.actors import Actor
from workflow.errors import Refused

LAST = Step.INSPECTED  # which a return has not


def send_back(
    shipment: Shipment,
    parts: Sequence[Part],
    *,
    reason: str,
    mode: str,
    author: User,
    by: Actor,
    at: datetime,
    origin: str = "",
    destination: str = "",
    cartons: int = 0,
    planned: Mapping[str, datetime | None] | None = None,
    as_of: date | None = None,
    **facts: Any,
) -> Shipment:
    """Plan a return of refused or rejected goods, in the other direction unless places are given. Returns the new shipment.

    Its steps, lanes and papers are its own, by the rules of the day for that direction as far as they are known. No need, order or
    offer moves: they were given the pieces back before. Refuses more than was refused and is still here, and what was mistyped.
    """
    if mode not in Shipment.Mode:
        raise Refused("mode_missing", _("Say how it travels."), field="mode")
    told = [{"line": part.line.pk, "lot": str(part.lot or ""), "quantity": part.quantity} for part in parts]
    with shipments.SEND_BACK.on(shipment, by=by, at=at, reason=reason, parts=told) as row:
        refused = ways.fits(parts, leftovers_of(row)) or times.plannable(planned or {})
        if refused is not None:
            raise refused
        back = Shipment(
            city_id=row.city_id,
            back_from=row,
            mode=mode,
            origin=numbers.locode(origin, "origin") or row.destination,
            destination=numbers.locode(destination, "destination") or row.origin,
            author=author,
            cartons_count=cartons,
            **planning.known(facts),
        )
        planning.begin(back, by=by, at=at, of=row.reference, lines=told)
        _load(back, parts)
        _lay_out_steps(back, planned or {})
        open_lanes(back, by=by, at=at)
        asking.ask(back, on=as_of or rules_day(at), by=by, at=at)
        look_soon([back.pk], at)
    return back


def _load(back: Shipment, parts: Sequence[Part]) -> None:
    BackLine.objects.bulk_create(
        BackLine(shipment=back, line=part.line, lot=part.lot, quantity=part.quantity) for part in parts
    )


def _lay_out_steps(back: Shipment, planned: Mapping[str, datetime | None]) -> None:
    """From the city's door to whoever takes the goods back."""
    leaving = (Step.READY, Step.PICKED_UP, Step.EXPORT_CLEARED, Step.DEPARTED)
    Milestone.objects.bulk_create(
        Milestone(
            shipment=back,
            step=step,
            position=position,
            place=back.origin if step in leaving else back.destination,
            timezone=back.city.timezone if step in leaving else zone_of(back.destination),
            planned_at=planned.get(step),
        )
        for position, step in enumerate(Step, start=1)
        if step != LAST
    )


def hand_back(
    shipment: Shipment, *, by: Actor, at: datetime, delivered_at: datetime | None = None
) -> Shipment:
    """Note that a return is with whoever takes the goods back: its end. Refuses while a blocking paper is missing or customs has not
    released the import there; a time to come, and one before the arrival.
    """
    with shipments.HAND_BACK.on(shipment, by=by, at=at) as row:
        row.delivered_at = moment(
            Shipment, "delivered_at", delivered_at, at, before=Step.ARRIVED.label, earlier=row.arrived_at
        )
        hearing.happened(row, Step.DELIVERED, row.delivered_at, by=by, at=at)
    return shipment
