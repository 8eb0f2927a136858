"""Reading what a declared line with a relief is about: which goods, which rates it would pay, and where its pieces went."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from procurement.catalogue.models.facts import Holds
from procurement.catalogue.models.prices import DutyRate
from procurement.shipments.models.handouts import HandOut
from procurement.shipments.models.reliefs import ReliefClaim
from procurement.shipments.models.shipment import Shipment, ShipmentLine

ALIKE = 6  # digits of a customs code that every country writes alike (the Harmonized System)
LONGEST_SOURCE = 600


@dataclass(frozen=True)
class Asked:
    """What would be asked of goods without a relief, in per cent, and the row that says so; None where nobody has said."""

    percent: Decimal | None = None
    source: str = ""


def goods_of(shipment: Shipment, hs_code: str) -> ShipmentLine | None:
    """The line of a shipment that a declared code means: the only one of that code, or the only one there is."""
    lines = list(
        shipment.lines.select_related("order_line__allocation__lead__product")
        .prefetch_related("order_line__allocation__lead__product__tariff_codes")
        .order_by("pk")
    )
    meant = [
        line
        for line in lines
        if any(
            code.number[:ALIKE] == hs_code[:ALIKE]
            for code in line.order_line.allocation.lead.product.tariff_codes.all()
        )
    ]
    for found in (meant, lines):
        if len(found) == 1:
            return found[0]
    return None


def duty_of(line: ShipmentLine | None, country: str, on: date) -> Asked:
    """The duty a country asks of these goods on a day, as for prices landed: by a row that surely holds, else unknown."""
    if line is None:
        return Asked()
    product = line.order_line.allocation.lead.product
    for row in DutyRate.objects.into(country, product, on):
        if row.holds_on(on) is Holds.YES:
            return Asked(row.percent, f"{row.code}: {' '.join(row.source_urls)}"[:LONGEST_SOURCE])
    return Asked()


def handed_out(claim: ReliefClaim) -> list[HandOut]:
    """What of its goods stands handed out, in order: of every lot of its line; without one, of the whole shipment."""
    outs = HandOut.objects.standing().filter(lot__shipment=claim.shipment_id)
    if claim.line_id is not None:
        outs = outs.filter(lot__line=claim.line_id)
    return list(outs.select_related("lot", "organisation__city").order_by("handed_on", "pk"))
