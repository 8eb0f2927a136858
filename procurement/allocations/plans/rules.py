"""Rules of allocation plans: the goods that a need line accepts, and the weight of its priority."""

from collections.abc import Iterable
from datetime import date

from procurement.catalogue.models.reference_rows import Use
from procurement.catalogue.models.standards import Acceptance, Standard
from procurement.catalogue.rules.families import families_serving
from procurement.catalogue.rules.standards import match_any_standard
from procurement.leads.models.leads import SupplierLead
from procurement.requests.models import RequestLine

RULES_OF = date(2020, 4, 1)  # the day from which these rules apply; shown with every plan
FACTORS = {
    RequestLine.Priority.CRITICAL: 2.0,
    RequestLine.Priority.HIGH: 1.5,
    RequestLine.Priority.NORMAL: 1.0,
}
ASSUMED_DAYS = 30  # days for which a line's quantity lasts where its use a day is not stated


def goods_fit(
    lead: SupplierLead,
    line: RequestLine,
    standards: Iterable[Standard],
    *,
    market: str,
    rows: Iterable[Acceptance],
    on: date,
) -> bool:
    """Return True if the offered goods may serve the line, by product, declared use and standard.

    The same product must meet one of the standards, or be comparable to it where the line takes alternatives. Another
    product needs a line that takes alternatives and names a standard, the same unit, and a family that may replace
    the line's. Goods declared for non-medical use never serve a medical need.
    """
    need_use = line.supply_request.declared_use
    if need_use == Use.MEDICAL and lead.declared_use == Use.NON_MEDICAL:
        return False
    accepted = list(standards)
    match = match_any_standard(accepted, lead.standard, market=market, use=need_use, rows=rows, on=on)
    comparable = match.verdict is Acceptance.Verdict.NEIGHBOUR and line.alternatives_allowed
    meets = match.verdict is Acceptance.Verdict.EQUAL or comparable
    if lead.product_id == line.product_id:
        return meets
    related = lead.product.family in families_serving(line.product.family)
    same_unit = lead.product.unit == line.product.unit
    return line.alternatives_allowed and related and same_unit and bool(accepted) and meets
