"""Findings from customs: contradictions with customs rules, and declared codes that match no goods."""

from collections.abc import Iterator
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from procurement.catalogue.models.customs import CustomsRule
from procurement.catalogue.models.products import TariffCode
from procurement.customs.models import Declaration
from procurement.leads.models.leads import SupplierLead
from procurement.leads.screening import rationales, remedies, sources
from procurement.leads.screening.offer_data import WARN, FindingData
from procurement.leads.screening.rule_types import ScreeningRule
from procurement.shipments.models import Shipment
from procurement.shipments.screening import ShipmentScreening, shipment_finding

HARMONIZED_DIGITS = 6  # of a customs code: the same in every country (Harmonized System)

CUSTOMS_CONFLICT_RULE = ScreeningRule(
    code="customs_doubt",
    severities=(WARN,),
    description=_("Conflicts between a shipment’s documents and customs rules that have no reliable source"),
    message=_("Customs may stop %(shipment)s: %(what)s. %(why)s"),
    rationale=rationales.CUSTOMS_MAY_REFUSE,
    remedy=remedies.PROOF_OF_ARRIVAL,
    sources=(sources.REFERENCE_ROW,),
)
DECLARED_CODE_MISMATCH_RULE = ScreeningRule(
    code="declared_otherwise",
    severities=(WARN,),
    description=_("The customs codes declared, compared with those of the goods (first six digits)"),
    message=_(
        "%(shipment)s is declared to customs under %(codes)s, but none of the goods offered has such a code."
    ),
    rationale=rationales.MAY_BE_LEGITIMATE,
    remedy=remedies.WRITTEN_RESPONSE,
    sources=(sources.FINLAND_DECLARATION,),
)


def _customs_findings(shipment: Shipment, _at: datetime) -> Iterator[FindingData]:
    for rule in CustomsRule.objects.filter(code__in=shipment.contradictions).order_by("code"):
        what = {"en": rule.name_en, "fr": rule.name_fr, "zh": rule.name_zh}
        why = {"en": rule.why_en, "fr": rule.why_fr, "zh": rule.why_zh}
        yield CUSTOMS_CONFLICT_RULE.finding(
            subject=f"{shipment.reference} {rule.code}"[:60],
            source=" ".join(rule.source_urls)[:600],
            shipment=shipment.reference,
            what=what,
            why=why,
        )
    if codes := _unmatched_codes(shipment):
        yield shipment_finding(DECLARED_CODE_MISMATCH_RULE, shipment, codes=codes)


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
    known = {code[:HARMONIZED_DIGITS] for code in codes}
    return sorted(code for code in declared if known and code[:HARMONIZED_DIGITS] not in known)


CUSTOMS_SCREENING = ShipmentScreening((CUSTOMS_CONFLICT_RULE, DECLARED_CODE_MISMATCH_RULE), _customs_findings)
