"""Refused goods destroyed where they are: written down by one person, confirmed by another."""

from datetime import date, datetime

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from procurement.shipments.gathering.leftovers import leftovers_of
from procurement.shipments.models.arrival import Lot
from procurement.shipments.models.shipment import Shipment, ShipmentLine
from procurement.shipments.models.ways import Destruction
from procurement.shipments.rules import shipments, ways
from procurement.shipments.rules.ways import Part
from workflow.actors import Actor
from workflow.errors import Refused


def destroy(
    shipment: Shipment,
    line: ShipmentLine,
    quantity: int,
    *,
    reason: str,
    destroyed_on: date,
    author: User,
    by: Actor,
    at: datetime,
    lot: Lot | None = None,
) -> Destruction:
    """Write down that refused pieces were destroyed: how, where and why (`reason`). A second person confirms it.

    Refuses more than was refused and is still here, under the lock of the shipment; and a day to come.
    """
    part = Part(line, quantity, lot)
    with shipments.DESTROY.on(
        shipment, by=by, at=at, reason=reason, quantity=quantity, lot=str(lot or "")
    ) as row:
        if destroyed_on > row.city.day_at(at):
            raise Refused("in_the_future", _("That is a day to come."), field="destroyed_on")
        refused = ways.fits([part], leftovers_of(row))
        if refused is not None:
            raise refused
        gone = Destruction(
            shipment=row,
            city_id=row.city_id,
            line=line,
            lot=lot,
            quantity=quantity,
            destroyed_on=destroyed_on,
            words=reason.strip(),
            author=author,
        )
        ways.NOTE.start(gone, by=by, at=at)
    return gone


def confirm_destroyed(gone: Destruction, *, by: Actor, at: datetime) -> Destruction:
    """A second person says that it is so. Refuses whoever wrote it down."""
    with ways.CONFIRM.on(gone, by=by, at=at) as row:
        row.confirmed_by_id = by.user_id
        row.confirmed_at = at
    return gone


def drop_destroyed(gone: Destruction, *, reason: str, by: Actor, at: datetime) -> Destruction:
    """It is not so: the goods are still here. Refuses without a reason, and what was confirmed."""
    with ways.DROP.on(gone, by=by, at=at, reason=reason):
        pass
    return gone
