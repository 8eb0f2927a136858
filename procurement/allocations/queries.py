"""Queries for the offers that can be allocated to the lines of a need."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db.models import F, OuterRef, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from partners.permissions.permissions import Permissions
from procurement.allocations.models import Allocation
from procurement.allocations.rules import OfferForLine
from procurement.catalogue.rules.families import families_serving
from procurement.leads.models.leads import SupplierLead
from procurement.leads.rules.leads import expired_offer_refusal
from procurement.requests.alternatives.queries import accepted_goods_of_lines
from procurement.requests.alternatives.rules import GoodsMatch, unsuitable_goods_refusal
from procurement.requests.models import RequestLine, SupplyRequest, goods_code
from workflow.errors import Refused

# An order has no field for the evidence.
EVIDENCE_NEEDED_NOW = _("The goods are no longer known to meet the standards of the need line.")


def allocated_goods_matches(allocations: Sequence[Allocation], at: datetime) -> dict[int, GoodsMatch]:
    """Return how well the goods of each allocation, by its id, match its need line now.

    Queries as in `accepted_goods_of_lines`, if products and standards of the offers are loaded.
    """
    lines = {one.line_id: one.line for one in allocations}
    accepted = accepted_goods_of_lines(list(lines.values()), at)
    return {one.pk: accepted[one.line_id].match(one.lead.product, one.lead.standard) for one in allocations}


def unorderable_goods_refusal(
    allocations: Sequence[Allocation], matches: Mapping[int, GoodsMatch]
) -> Refused | None:
    """Refuse to order goods that their need line no longer accepts, or that are another substitution than was confirmed.

    The offer or the need may have changed since the goods were allocated. Names the allocation. `matches` are those of
    `allocated_goods_matches`.
    """
    for one in allocations:
        match = matches[one.pk]
        refused = unsuitable_goods_refusal(match, one.line, one.evidence)
        refused = refused or _changed_substitution_refusal(one, match)
        if refused is not None:
            words = _("%(allocation)s: %(why)s The goods must be allocated again before they can be ordered.")
            why = EVIDENCE_NEEDED_NOW if refused.code == "evidence_missing" else refused.message
            figures = {"allocation": one.reference, "why": why}
            return Refused(refused.code, words % figures, field="allocations")
    return None


def _changed_substitution_refusal(allocation: Allocation, match: GoodsMatch) -> Refused | None:
    """Refuse a substitution that differs from the one that was confirmed: in its goods, or in how they match.

    Of allocations older than this comparison it is not known what was compared.
    """
    lead = allocation.lead
    if not match.is_substitution or not allocation.compared_goods:
        return None
    if (allocation.goods_match, allocation.compared_goods) == (
        match.level,
        goods_code(lead.product, lead.standard),
    ):
        return None
    words = _(
        "The goods or the requirements of the need line have changed since the substitution was confirmed."
    )
    return Refused("substitution_changed", words)


def offers_for_lines(by: Permissions, lines: Sequence[RequestLine], at: datetime) -> list[OfferForLine]:
    """Return the pairs of a need line and a verified, not fully allocated offer that could serve it.

    The offers are those of the line's city that the reader may see, made for this need or for any other.
    What a line accepts decides which offers could serve it (`AcceptedGoods`). Offers past their last day are left out.
    """
    verified = SupplierLead.objects.visible_to(by).filter(status=SupplierLead.Status.VERIFIED)
    families = {one for line in lines for one in families_serving(line.product.family)}
    rows = verified.filter(
        product__family__in=families, allocated__lt=F("supply"), city__in={line.city_id for line in lines}
    )
    named = ("supplier", "standard", "city", "product", "line__supply_request")
    leads = [lead for lead in rows.select_related(*named) if expired_offer_refusal(lead, at) is None]
    # Sorted here: for an order in the statement, Django compares it with each of the 195 columns.
    leads.sort(key=lambda lead: lead.pk, reverse=True)
    if not leads:
        return []
    accepted = accepted_goods_of_lines(lines, at)
    pairs = (
        OfferForLine(line, lead, accepted[line.pk].match(lead.product, lead.standard))
        for line in lines
        for lead in leads
    )
    return [pair for pair in pairs if pair.match.may_be_allocated]


def quantity_allocated_to_other_needs(need: SupplyRequest) -> Coalesce:
    """Return a subquery for the pieces of an offer that are allocated to other needs than this one."""
    others = Allocation.objects.counted_against_offer().filter(lead=OuterRef("pk"))
    sums = (
        others.exclude(line__supply_request=need).order_by().values("lead").annotate(pieces=Sum("quantity"))
    )
    return Coalesce(Subquery(sums.values("pieces")), 0)
