"""Cartons at the dock: seen one by one, undone, and made into a counting when the person is done."""

from collections.abc import Mapping
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from procurement.shipments.actions.arrivals import receive
from procurement.shipments.models.arrival import Receipt
from procurement.shipments.models.dock import CartonSeen
from procurement.shipments.models.shipment import Carton, Shipment, ShipmentLine
from procurement.shipments.rules import shipments
from procurement.shipments.rules.dock import cartons
from procurement.shipments.rules.dock.cartons import Seen
from workflow.actors import Actor
from workflow.errors import Refused
from workflow.moves import locked


def see_carton(
    shipment: Shipment,
    carton: Carton,
    *,
    state: str,
    seen_by: User,
    by: Actor,
    at: datetime,
    pieces: int = 0,
    unusable: int = 0,
    lot_number: str = "",
    expires_on: date | None = None,
    remark: str = "",
) -> CartonSeen:
    """Note how one carton came: whole, damaged or missing, what is inside, its lot and expiry.

    Refuses a carton of another shipment, one that was seen already (nothing is changed, and it says as what and by whom), and what
    cannot be: more unusable pieces than are inside, usable ones without a lot.
    """
    seen = Seen(
        state=state,
        pieces=pieces,
        unusable=unusable,
        lot_number=lot_number.strip(),
        expires_on=expires_on,
        remark=remark.strip(),
    )
    about = shipments.SEE_CARTON.on(
        shipment, by=by, at=at, carton=carton.reference, state=state, pieces=pieces, unusable=unusable
    )
    with about as row:
        refused = _elsewhere(row, carton) or cartons.honest(seen)
        if refused is not None:
            raise refused
        known = CartonSeen.objects.standing().filter(carton=carton).select_related("carton", "by").first()
        if known is not None:
            raise Refused(
                "carton_seen", cartons.already(known), carton=carton.reference, same=cartons.same(known, seen)
            )
        return CartonSeen.objects.create(
            carton=carton, shipment=row, by=seen_by, at=at, **{name: getattr(seen, name) for name in _FACTS}
        )


_FACTS = ("state", "pieces", "unusable", "lot_number", "expires_on", "remark")


def forget_carton(shipment: Shipment, carton: Carton, *, undone_by: User, by: Actor, at: datetime) -> Carton:
    """Undo what was said of a carton, so that it is seen anew. Refuses one nobody has seen, and one that a counting rests on."""
    with shipments.FORGET_CARTON.on(shipment, by=by, at=at, carton=carton.reference) as row:
        known = CartonSeen.objects.standing().filter(carton=carton, shipment=row).first()
        if known is None:
            raise Refused("carton_not_seen", _("Nobody has counted %(carton)s.") % {"carton": carton})
        if known.receipt_id is not None:
            words = _("%(carton)s is part of a counting. Take the counting back first.")
            raise Refused("carton_counted", words % {"carton": carton})
        known.undone_at = at
        known.undone_by = undone_by
        known.save(update_fields=["undone_at", "undone_by"])
    return carton


def finish(
    shipment: Shipment,
    *,
    received_by: User,
    by: Actor,
    at: datetime,
    reasons: Mapping[int, str],
    more_to_come: bool = False,
    remark: str = "",
) -> Receipt:
    """Make a counting of the cartons that were seen since the last one. `reasons` holds, by line, why it differs.

    Where no more is to come, the cartons that nobody saw are missing. Refuses where nobody saw any and more is to come, and what a
    counting refuses: a difference without a reason, cartons that do not add up to what was shipped.
    """
    with transaction.atomic():
        row = locked(shipment)
        loose = list(CartonSeen.objects.loose().filter(shipment=row).select_related("carton").order_by("pk"))
        lines = {line.pk: line for line in row.lines.order_by("pk")}
        boxes: list[tuple[Carton, CartonSeen | None]] = [(one.carton, one) for one in loose]
        if not more_to_come:
            boxes += [(box, None) for box in unseen(row, lines)]
        if not boxes:
            raise Refused("nothing_counted", _("Scan a carton first, or type its number."))
        receipt = receive(
            row,
            cartons.counted(boxes, lines, dict(reasons)),
            received_by=received_by,
            by=by,
            at=at,
            cartons=sum(one.state != CartonSeen.State.MISSING for one in loose),
            remark=remark,
            more_to_come=more_to_come,
        )
        CartonSeen.objects.filter(pk__in=[one.pk for one in loose]).update(receipt=receipt)
    return receipt


def unseen(row: Shipment, lines: Mapping[int, ShipmentLine]) -> list[Carton]:
    """The cartons that nobody has seen, of lines that are not wholly counted yet, in their order."""
    waiting = [line.pk for line in lines.values() if line.uncounted]
    seen = CartonSeen.objects.standing().filter(shipment=row)
    rows = Carton.objects.filter(shipment=row, line__in=waiting).exclude(pk__in=seen.values("carton"))
    return list(rows.order_by("number"))


def _elsewhere(row: Shipment, carton: Carton) -> Refused | None:
    if carton.shipment_id == row.pk:
        return None
    words = _("%(carton)s is no carton of %(shipment)s.")
    return Refused(
        "another_shipment", words % {"carton": carton.reference, "shipment": row.reference}, field="carton"
    )
