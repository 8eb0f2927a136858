"""Actions on the destruction of refused goods: one person records it and another confirms it."""

from datetime import date, datetime

from django.utils.translation import gettext_lazy as _

from accounts.models import ActingUser
from procurement.quality.models import Lot
from procurement.receiving.models import Destruction
from procurement.receiving.queries import remaining_rejected_of
from procurement.receiving.rules import rejected
from procurement.receiving.rules.rejected import Portion, refuse_above_remaining
from procurement.shipments.models import Shipment, ShipmentLine
from workflow.actors import Actor
from workflow.errors import Refused
from workflow.moves import makes


@makes(rejected.DESTROY, rejected.NOTE)
def record_destruction(
    shipment: Shipment,
    line: ShipmentLine,
    quantity: int,
    *,
    reason: str,
    destroyed_on: date,
    author: ActingUser,
    by: Actor,
    at: datetime,
    lot: Lot | None = None,
) -> Destruction:
    """Record that refused pieces were destroyed: how, where and why (`reason`).

    A second person confirms it. Refuses, under the shipment's lock, more pieces than were refused and
    are still here; also a day in the future.
    """
    part = Portion(line, quantity, lot)
    with rejected.DESTROY.on(
        shipment, by=by, at=at, reason=reason, quantity=quantity, lot=str(lot or "")
    ) as row:
        if destroyed_on > row.city.day_at(at):
            raise Refused("in_the_future", _("Enter a date that is not in the future."), field="destroyed_on")
        refused = refuse_above_remaining([part], remaining_rejected_of(row))
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
        rejected.NOTE.start(gone, by=by, at=at)
    return gone


@makes(rejected.CONFIRM)
def confirm_destruction(gone: Destruction, *, by: Actor, at: datetime) -> Destruction:
    """Confirm a destruction as a second person. Refuses the person who recorded it."""
    with rejected.CONFIRM.on(gone, by=by, at=at) as row:
        row.confirmed_by_id = by.user_id
        row.confirmed_at = at
    return gone


@makes(rejected.DISCARD)
def discard_destruction(gone: Destruction, *, reason: str, by: Actor, at: datetime) -> Destruction:
    """Discard the record of a destruction that did not take place.

    Refuses a missing reason, and a confirmed destruction.
    """
    with rejected.DISCARD.on(gone, by=by, at=at, reason=reason):
        pass
    return gone
