"""Goods that come to the door, by which maker and at which price: the figures of a case, and of its variants. Nobody here exists."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from procurement.catalogue.models.products import Product
from procurement.catalogue.models.standards import Standard
from procurement.leads.models.offer import SupplierLead
from procurement.orders.actions import deciding
from procurement.orders.models.order import Order
from procurement.shipments.actions import inspections
from procurement.shipments.actions.lots import release_lot
from procurement.shipments.models.arrival import Inspection, Lot
from procurement.shipments.rules.inspections import Reading
from tests.procurement.shipments.play import DOOR, SENT, Voyage, measured

ENOUGH = "999999999"  # no second person is needed for the order: these cases are about what comes
LARGEST = 1_250  # the largest sample of level II; a smaller lot's plan draws no more


@dataclass(frozen=True)
class Deal:
    """Who made it, for how much a piece, and how many came."""

    maker: str
    currency: str
    price: str
    pieces: int


def order_of(deal: Deal, *, gift: bool = False) -> tuple[Voyage, Order]:
    """Bought, or given, and ready to be sent."""
    voyage = Voyage()
    voyage.limit(ENOUGH)
    promised = voyage.promise(
        deal.pieces,
        supplier=voyage.company(f"{deal.maker} DEMO"),
        currency=deal.currency,
        price=deal.price,
        kind="donation" if gift else "sale",
    )
    if gift:
        return voyage, deciding.ready(voyage.accepted(promised), by=voyage.officer.by, at=SENT)
    return voyage, voyage.ready(promised)


def arrived(deal: Deal, *, gift: bool = False, kn95: bool = False) -> tuple[Voyage, Lot]:
    """Counted at the door, all of it there, in one lot: surgical masks of ASTM F2100 level 2, or KN95."""
    voyage, order = order_of(deal, gift=gift)
    lot = voyage.lot(voyage.plan(order))
    if kn95:
        claim_kn95(lot)
    return voyage, lot


def claim_kn95(lot: Lot) -> None:
    """What came was offered as KN95."""
    lead = SupplierLead.objects.filter(pk=lot.line.order_line.allocation.lead_id)
    kn95 = Standard.objects.get(code="GB2626-2006-KN95")
    lead.update(product=Product.objects.get(code="RESP_KN95"), standard=kn95)
    lot.line.order_line.allocation.lead.refresh_from_db()


def filters(percent: str) -> Reading:
    """What the laboratory measured of the filter, in per cent."""
    return Reading(key="filtration", value=Decimal(percent))


def inspect(voyage: Voyage, lot: Lot, verdict: str, *readings: Reading, **facts: Any) -> Inspection:
    """By whoever receives for the city, on as large a sample as the largest plan draws."""
    given: dict[str, Any] = {"sampled": min(LARGEST, lot.quantity), "defects": 0, **facts}
    return inspections.inspect(
        lot,
        verdict=verdict,
        readings=measured(lot, *readings),
        inspector=voyage.logistics.user,
        by=voyage.logistics.by,
        at=DOOR,
        **given,
    )


def release(voyage: Voyage, lot: Lot) -> Lot:
    return release_lot(lot, by=voyage.logistics.by, at=DOOR)
