"""Arrived lots with the manufacturer, price and figures of a fraud case or its variants.

All names are invented.
"""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from procurement.catalogue.models.products import Product
from procurement.catalogue.models.standards import Standard
from procurement.leads.models.leads import SupplierLead
from procurement.orders.actions.approve import mark_ready
from procurement.orders.models import Order
from procurement.quality.actions import record_inspection, release_lot
from procurement.quality.models import Inspection, Lot
from procurement.quality.rules import PointReading
from tests.worlds.shipments import DELIVERED_AT, DEPARTED_AT, Journey, passing_readings

HIGH_APPROVAL_LIMIT = (
    "999999999"  # so no order needs a second person: these cases are about the goods that arrive
)
LARGEST_SAMPLE = 1_250  # the largest sample of level II; the plan of a smaller lot needs no more


@dataclass(frozen=True)
class ArrivalCase:
    """Manufacturer, price per piece, and number of pieces delivered."""

    maker: str
    currency: str
    price: str
    pieces: int


def order_of(deal: ArrivalCase, *, gift: bool = False) -> tuple[Journey, Order]:
    """Return a purchase or a donation that is ready to ship, and the example purchase (`Journey`) it belongs to."""
    story = Journey()
    story.limit(HIGH_APPROVAL_LIMIT)
    promised = story.promise(
        deal.pieces,
        supplier=story.company(f"{deal.maker} DEMO"),
        currency=deal.currency,
        price=deal.price,
        kind="donation" if gift else "sale",
    )
    if gift:
        return story, mark_ready(story.accepted(promised), by=story.officer.by, at=DEPARTED_AT)
    return story, story.ready(promised)


def receive_lot(deal: ArrivalCase, *, gift: bool = False, kn95: bool = False) -> tuple[Journey, Lot]:
    """Return the lot of a shipment that was received in full, and the example purchase (`Journey`) it belongs to.

    The goods are surgical masks of ASTM F2100 level 2, or KN95.
    """
    story, order = order_of(deal, gift=gift)
    lot = story.lot(story.plan(order))
    if kn95:
        offer_as_kn95(lot)
    return story, lot


def offer_as_kn95(lot: Lot) -> None:
    """Change the offer of the lot, so that the goods were offered as KN95."""
    lead = SupplierLead.objects.filter(pk=lot.line.order_line.allocation.lead_id)
    kn95 = Standard.objects.get(code="GB2626-2006-KN95")
    lead.update(product=Product.objects.get(code="RESP_KN95"), standard=kn95)
    lot.line.order_line.allocation.lead.refresh_from_db()


def filtration_reading(percent: str) -> PointReading:
    """Return the laboratory's reading of the filtration, in per cent."""
    return PointReading(key="filtration", value=Decimal(percent))


def inspect_by_plan(
    story: Journey, lot: Lot, verdict: str, *readings: PointReading, **facts: Any
) -> Inspection:
    """Inspect the lot as the city's receiver, with the sample size of the largest sampling plan."""
    given: dict[str, Any] = {"sampled": min(LARGEST_SAMPLE, lot.quantity), "defects": 0, **facts}
    return record_inspection(
        lot,
        verdict=verdict,
        readings=passing_readings(lot, *readings),
        inspector=story.logistics.user,
        by=story.logistics.by,
        at=DELIVERED_AT,
        **given,
    )


def release_arrived_lot(story: Journey, lot: Lot) -> Lot:
    return release_lot(lot, by=story.logistics.by, at=DELIVERED_AT)
