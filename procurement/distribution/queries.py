"""Distributions of the goods of a relief claim, and the pieces that meet its condition."""

from collections.abc import Iterable

from procurement.customs.duty_relief.models import ReliefClaim
from procurement.distribution.models import Distribution


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
