"""Queries for the offers that can be allocated to the lines of a need."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import F, Q

from partners.permissions.permissions import Permissions
from procurement.allocations.rules import OfferForLine, could_serve
from procurement.catalogue.rules.families import families_serving
from procurement.leads.models.leads import SupplierLead
from procurement.leads.rules.leads import expired_offer_refusal
from procurement.requests.models import RequestLine


def offers_for_lines(by: Permissions, lines: Sequence[RequestLine], at: datetime) -> list[OfferForLine]:
    """Return the pairs of a need line and a verified, not fully allocated offer that could serve it. One query.

    The offers are those of the line's city that the reader may see, made for this need or for any other.
    An offer serves its own line and every line of its product. Where a line allows alternatives, it also
    serves lines whose goods have the same purpose. Offers past their last day are left out.
    """
    verified = SupplierLead.objects.visible_to(by).filter(status=SupplierLead.Status.VERIFIED)
    families = {
        one for line in lines if line.alternatives_allowed for one in families_serving(line.product.family)
    }
    could = (
        Q(line__in=lines)
        | Q(product__in=[line.product_id for line in lines])
        | Q(product__family__in=families)
    )
    rows = verified.filter(could, allocated__lt=F("supply"), city__in={line.city_id for line in lines})
    named = ("supplier", "standard", "city", "product", "line__supply_request")
    leads = [lead for lead in rows.select_related(*named) if expired_offer_refusal(lead, at) is None]
    # Sorted here: for an order in the statement, Django compares it with each of the 195 columns.
    leads.sort(key=lambda lead: lead.pk, reverse=True)
    return [OfferForLine(line, lead) for line in lines for lead in leads if could_serve(lead, line)]
