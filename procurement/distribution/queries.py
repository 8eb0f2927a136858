"""Distributions of the goods of a relief claim, the pieces that meet its condition, and goods still in the city's store."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from django.db.models import F, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce

from partners.permissions.permissions import Permissions
from procurement.allocations.plans.rules import is_use_suitable
from procurement.catalogue.rules.families import families_serving
from procurement.customs.duty_relief.models import ReliefClaim
from procurement.distribution.models import Distribution
from procurement.quality.models import Lot
from procurement.requests.alternatives.queries import accepted_goods_of_lines
from procurement.requests.models import RequestLine, SupplyRequest

MAX_LOTS_READ = 200  # lots in store, those that expire first
_ALLOCATION = "line__order_line__allocation"


class StoredLot(NamedTuple):
    """Released lot with pieces that are not distributed yet (`left`).

    `received_for` is the need that the goods came for, or None for surplus goods, which no need counts.
    """

    lot: Lot
    left: int
    received_for: SupplyRequest | None


def qualifying_pieces(claim: ReliefClaim, outs: Iterable[Distribution]) -> int:
    """Return how many distributed pieces are at places that meet the condition.

    A place whose kind of receiver is unknown meets the condition only if the condition names no kind.
    """
    return sum(out.quantity for out in outs if not claim.places or out.receiver in claim.places)


def claim_distributions(claim: ReliefClaim) -> list[Distribution]:
    """Return the distributions of a claim's goods, in order, without those taken back.

    They are of every lot of the claim's line or, without a line, of the whole shipment.
    """
    outs = Distribution.objects.in_effect().filter(lot__shipment=claim.shipment_id)
    if claim.line_id is not None:
        outs = outs.filter(lot__line=claim.line_id)
    return list(outs.select_related("lot", "organization__city").order_by("distributed_on", "pk"))


def stored_lots_for_lines(
    by: Permissions, need: SupplyRequest, lines: Sequence[RequestLine], at: datetime
) -> dict[int, list[StoredLot]]:
    """Return the released goods in the city's store that would serve each of these lines of a need, by the id of the line.

    Goods that came for the need itself are left out, because its lines count them already, and so are expired ones. Goods
    must count in full, and be declared for a use that suits the need. At most five queries.
    """
    families = {one for line in lines for one in families_serving(line.product.family)}
    distributed = Distribution.objects.in_effect().filter(lot=OuterRef("pk")).order_by().values("lot")
    gone = Coalesce(Subquery(distributed.annotate(pieces=Sum("quantity")).values("pieces")), 0)
    rows = (
        Lot.objects.visible_to(by)
        .filter(city=need.city_id, status__in=Lot.Status.done)
        .filter(**{f"{_ALLOCATION}__lead__product__family__in": families})
        .annotate(left=F("quantity") - gone)
        .filter(left__gt=0)
        .exclude(expires_on__lt=need.city.day_at(at))
        .exclude(Q(**{f"{_ALLOCATION}__line__supply_request": need}), surplus=False)
        .select_related(
            f"{_ALLOCATION}__lead__product",
            f"{_ALLOCATION}__lead__standard",
            f"{_ALLOCATION}__line__supply_request",
        )
    )
    lots = list(rows.order_by(F("expires_on").asc(nulls_last=True), "pk")[:MAX_LOTS_READ])
    accepted = accepted_goods_of_lines(lines, at) if lots else {}
    found: dict[int, list[StoredLot]] = defaultdict(list)
    for lot in lots:
        allocation = lot.line.order_line.allocation
        lead, received_for = allocation.lead, None if lot.surplus else allocation.line.supply_request
        for line in lines:
            match = accepted[line.pk].match(lead.product, lead.standard)
            if match.counts_in_full and is_use_suitable(lead, line):
                found[line.pk].append(StoredLot(lot, lot.left, received_for))
    return found
