"""Findings from customs: contradictions with customs rules, and declared codes that match no goods."""

from collections.abc import Iterator
from datetime import datetime

from procurement.catalogue.models.customs import CustomsRule
from procurement.catalogue.models.products import TariffCode
from procurement.customs.models import Declaration
from procurement.leads.models.findings import Finding
from procurement.leads.models.leads import SupplierLead
from procurement.leads.screening.offer_data import FindingData
from procurement.shipments.models import Shipment
from procurement.shipments.screening import ShipmentScreen, shipment_warning

SHARED_DIGITS = 6  # of a customs code: the same in every country (Harmonized System)


def _find(shipment: Shipment, _at: datetime) -> Iterator[FindingData]:
    for rule in CustomsRule.objects.filter(code__in=shipment.contradictions).order_by("code"):
        what = {"en": rule.name_en, "fr": rule.name_fr, "zh": rule.name_zh}
        why = {"en": rule.why_en, "fr": rule.why_fr, "zh": rule.why_zh}
        yield FindingData(
            code="customs_doubt",
            severity=Finding.Severity.WARN,
            subject=f"{shipment.reference} {rule.code}"[:60],
            figures={"shipment": shipment.reference, "what": what, "why": why},
            source=" ".join(rule.source_urls)[:600],
        )
    if codes := _unmatched_codes(shipment):
        yield shipment_warning(shipment, "declared_otherwise", codes=codes)


def _unmatched_codes(shipment: Shipment) -> list[str]:
    """Return the declared customs codes that match no goods of the shipment.

    Only the digits that all countries share are compared. Empty if no code of the goods is known.
    """
    lines = Declaration.objects.filter(clearance__shipment=shipment).values_list("lines", flat=True)
    declared = {line["hs_code"] for one in lines for line in one}
    if not declared:
        return []
    offers = SupplierLead.objects.filter(allocations__order_line__shipment_lines__shipment=shipment)
    codes = TariffCode.objects.filter(product__in=offers.values("product")).values_list("number", flat=True)
    known = {code[:SHARED_DIGITS] for code in codes}
    return sorted(code for code in declared if known and code[:SHARED_DIGITS] not in known)


CUSTOMS_SCREEN = ShipmentScreen(frozenset({"customs_doubt", "declared_otherwise"}), _find)
