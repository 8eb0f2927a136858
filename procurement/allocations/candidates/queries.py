"""Candidates: the offers that fit the lines of a need, and the need lines that an offer fits. Reads only."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import F

from partners.permissions.permissions import Permissions
from procurement.allocations.candidates.rules import Candidate, best_first, judge
from procurement.allocations.plans.pair_facts import line_facts, offer_facts
from procurement.allocations.rules import OfferForLine
from procurement.catalogue.rules.families import families_serving
from procurement.leads.models.leads import SupplierLead
from procurement.requests.alternatives.queries import ACCEPTED_GOODS, accepted_goods_of_lines
from procurement.requests.models import RequestLine, SupplyRequest

MAX_ROWS_READ = 1_000  # offers for a need, or need lines for an offer, the newest first
OFFER_RELATIONS = (
    *("supplier__place", "supplier__merged_into", "maker__place", "maker__merged_into"),
    *("standard", "city", "product", "contact", "line__supply_request"),
)


def offers_fitting_lines(
    by: Permissions, lines: Sequence[RequestLine], at: datetime
) -> dict[int, list[Candidate]]:
    """Return the offers that fit or nearly fit each of these lines of one need, best first, by the id of the line.

    They are live offers to the need's own city with free goods that the reader may see, made for this need, for another one
    or for none. Lines that need nothing more are left out, and so are goods that a line never accepts. At most five
    queries, if product and need of the lines, with its city, are loaded.
    """
    wanted = [line for line in lines if line.unallocated_quantity]
    if not wanted:
        return {}
    families = {one for line in wanted for one in families_serving(line.product.family)}
    rows = (
        SupplierLead.objects.visible_to(by)
        .live()
        .filter(city__in={line.city_id for line in wanted}, product__family__in=families)
        .filter(allocated__lt=F("supply"))
        .select_related(*OFFER_RELATIONS)
    )
    leads = [lead for lead in rows.order_by("-pk")[:MAX_ROWS_READ] if not lead.is_without_city]
    found = _candidates(leads, wanted, at) if leads else []
    return {line.pk: best_first(one for one in found if one.pair.line.pk == line.pk) for line in wanted}


def is_available(lead: SupplierLead) -> bool:
    """Return True for a live offer with free goods that a city can use."""
    return lead.is_live and lead.free_quantity > 0 and not lead.is_without_city


def needs_fitting_offer(by: Permissions, lead: SupplierLead, at: datetime) -> list[Candidate]:
    """Return the need lines that an offer fits or nearly fits, best first.

    They are the lines of open needs of the offer's city that still need goods and that the reader may see. Empty for an
    offer without free goods or that no city can use any more. At most five queries, if supplier, manufacturer, their
    places, city, product, standard, contact and need of the offer are loaded.
    """
    if not is_available(lead):
        return []
    rows = (
        RequestLine.objects.visible_to(by)
        .filter(city=lead.city_id, supply_request__status=SupplyRequest.Status.OPEN)
        .filter(product__family__in=families_serving(lead.product.family), allocated__lt=F("quantity"))
        .select_related("supply_request__city", "product")
        .prefetch_related(*ACCEPTED_GOODS)
    )
    lines = list(rows.order_by("-pk")[:MAX_ROWS_READ])
    return best_first(_candidates([lead], lines, at))


def _candidates(leads: Sequence[SupplierLead], lines: Sequence[RequestLine], at: datetime) -> list[Candidate]:
    """Return every pair of these offers and lines whose goods may be allocated, at least with evidence."""
    accepted = accepted_goods_of_lines(lines, at)
    offered = [(lead, offer_facts(lead, at)) for lead in leads]
    found = []
    for line in lines:
        wanted = line_facts(line, at)
        for lead, facts in offered:
            match = accepted[line.pk].match(lead.product, lead.standard)
            if match.may_be_allocated:
                found.append(judge(OfferForLine(line, lead, match), facts, wanted, at))
    return found
