"""What an inspection of goods looks at, and which sample is usual for them. Plain functions of rows already loaded."""

from collections.abc import Iterable
from decimal import Decimal

from procurement.catalogue.models.points import InspectionPoint
from procurement.catalogue.models.products import Product
from procurement.catalogue.models.standards import Standard

USUAL_AQL = Decimal("2.5")  # usual for protective equipment where no standard says otherwise


def checklist(
    points: Iterable[InspectionPoint], product: Product, standard: Standard | None
) -> list[InspectionPoint]:
    """The points of a product and of the standard its offer claims, in order.

    Where both set a limit to the same thing in the same unit, the stricter one counts: a weaker claim lowers nothing.
    """
    chosen: dict[tuple[str, str], InspectionPoint] = {}
    for point in points:
        if point.bound == InspectionPoint.Bound.AQL or not point.applies_to(product, standard):
            continue
        kept = chosen.get((point.key, point.unit))
        if kept is None or _stricter(point, kept):
            chosen[point.key, point.unit] = point
    return sorted(chosen.values(), key=lambda one: (one.position, one.code))


def usual_aql(points: Iterable[InspectionPoint], product: Product, standard: Standard | None) -> Decimal:
    """The acceptable quality level (defects per 100) the claimed standard names, else the one usual for the goods."""
    named = [
        one for one in points if one.bound == InspectionPoint.Bound.AQL and one.applies_to(product, standard)
    ]
    of_standard = [one for one in named if standard is not None and standard.code in one.standards]
    chosen = [one.limit for one in of_standard or named if one.limit is not None]
    return min(chosen, default=USUAL_AQL)


def _stricter(one: InspectionPoint, other: InspectionPoint) -> bool:
    """Whether a point asks more than another of the same thing. What is only seen asks the same everywhere: the firm row stays."""
    if one.limit is None or other.limit is None:
        return one.blocks and not other.blocks
    if one.limit == other.limit:
        return (one.blocks, one.strict) > (other.blocks, other.strict)
    return (one.limit > other.limit) == (one.bound == InspectionPoint.Bound.AT_LEAST)
