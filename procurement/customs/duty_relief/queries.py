"""Queries for relief claims: the goods of a declared line, and their duty rate without a relief."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from procurement.catalogue.models.prices import DutyRate
from procurement.catalogue.models.reference_rows import Validity
from procurement.shipments.models import Shipment, ShipmentLine

HARMONIZED_DIGITS = 6  # digits of a customs code that are the same in every country (Harmonized System)
MAX_SOURCE_LENGTH = 600


@dataclass(frozen=True)
class DutyWithoutRelief:
    """Rate due without a relief, in per cent, and its source. None if unknown."""

    percent: Decimal | None = None
    source: str = ""


def shipment_line_of_hs_code(shipment: Shipment, hs_code: str) -> ShipmentLine | None:
    """Return the shipment line of a declared code: the only one with that code, else the only line.

    None if there are several.
    """
    lines = list(
        shipment.lines.select_related("order_line__allocation__lead__product")
        .prefetch_related("order_line__allocation__lead__product__tariff_codes")
        .order_by("pk")
    )
    meant = [
        line
        for line in lines
        if any(
            code.number[:HARMONIZED_DIGITS] == hs_code[:HARMONIZED_DIGITS]
            for code in line.order_line.allocation.lead.product.tariff_codes.all()
        )
    ]
    for found in (meant, lines):
        if len(found) == 1:
            return found[0]
    return None


def duty_without_relief(line: ShipmentLine | None, country: str, on: date) -> DutyWithoutRelief:
    """Return the duty of a country on these goods on a day: unknown unless a rate is certainly in force.

    It is the same rate as in the landed cost.
    """
    if line is None:
        return DutyWithoutRelief()
    product = line.order_line.allocation.lead.product
    for row in DutyRate.objects.for_import(country, product, on):
        if row.validity_on(on) is Validity.YES:
            return DutyWithoutRelief(
                row.percent, f"{row.code}: {' '.join(row.source_urls)}"[:MAX_SOURCE_LENGTH]
            )
    return DutyWithoutRelief()
