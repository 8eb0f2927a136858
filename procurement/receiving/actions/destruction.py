"""Actions on the destruction of rejected goods: one person records it and another confirms it."""

from datetime import date, datetime

from django.utils.translation import gettext_lazy as _

from accounts.models import ActingUser
from procurement.quality.models import Lot
from procurement.receiving.models import Destruction
from procurement.receiving.queries import rejected_goods_left
from procurement.receiving.rules import rejected_goods
from procurement.receiving.rules.rejected_goods import RejectedPortion, above_remaining_refusal
from procurement.shipments.models import Shipment, ShipmentLine
from workflow.actors import Actor
from workflow.errors import Refused
from workflow.moves import register_action


@register_action(rejected_goods.RECORD_SHIPMENT_DESTRUCTION, rejected_goods.RECORD_DESTRUCTION)
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
    """Record that rejected pieces were destroyed: how, where and why (`reason`).

    A second person confirms it. Refuses, under the shipment's lock, more pieces than were rejected and are
    still on site; also a day in the future.
    """
    part = RejectedPortion(line, quantity, lot)
    with rejected_goods.RECORD_SHIPMENT_DESTRUCTION.apply_to(
        shipment, by=by, at=at, reason=reason, quantity=quantity, lot=str(lot or "")
    ) as row:
        if destroyed_on > row.city.day_at(at):
            raise Refused("in_the_future", _("Enter a date that is not in the future."), field="destroyed_on")
        refused = above_remaining_refusal([part], rejected_goods_left(row))
        if refused is not None:
            raise refused
        destroyed_goods = Destruction(
            shipment=row,
            city_id=row.city_id,
            line=line,
            lot=lot,
            quantity=quantity,
            destroyed_on=destroyed_on,
            words=reason.strip(),
            author=author,
        )
        rejected_goods.RECORD_DESTRUCTION.create(destroyed_goods, by=by, at=at)
    return destroyed_goods


@register_action(rejected_goods.CONFIRM_DESTRUCTION)
def confirm_destruction(destroyed_goods: Destruction, *, by: Actor, at: datetime) -> Destruction:
    """Confirm a destruction as a second person. Refuses the person who recorded it."""
    with rejected_goods.CONFIRM_DESTRUCTION.apply_to(destroyed_goods, by=by, at=at) as row:
        row.confirmed_by_id = by.user_id
        row.confirmed_at = at
    return destroyed_goods


@register_action(rejected_goods.DISCARD_DESTRUCTION)
def discard_destruction(destroyed_goods: Destruction, *, reason: str, by: Actor, at: datetime) -> Destruction:
    """Discard the record of a destruction that did not take place.

    Refuses a missing reason, and a confirmed destruction.
    """
    with rejected_goods.DISCARD_DESTRUCTION.apply_to(destroyed_goods, by=by, at=at, reason=reason):
        pass
    return destroyed_goods
