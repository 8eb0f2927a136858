"""Inspection checklist and usual sample for goods. Pure functions on loaded rows."""

from collections.abc import Iterable
from decimal import Decimal

from procurement.catalogue.models.inspection_points import InspectionPoint
from procurement.catalogue.models.products import Product
from procurement.catalogue.models.standards import Standard

DEFAULT_AQL = Decimal("2.5")  # usual for protective equipment unless a standard sets another level


def inspection_checklist(
    points: Iterable[InspectionPoint], product: Product, standard: Standard | None
) -> list[InspectionPoint]:
    """Return the points for a product and the standard its offer claims, in order.

    If two points limit the same property in the same unit, the stricter one counts, so that claiming a weaker
    standard does not lower the limit.
    """
    chosen: dict[tuple[str, str], InspectionPoint] = {}
    for point in points:
        if point.bound == InspectionPoint.Bound.AQL or not point.applies_to(product, standard):
            continue
        kept = chosen.get((point.key, point.unit))
        if kept is None or _stricter(point, kept):
            chosen[point.key, point.unit] = point
    return sorted(chosen.values(), key=lambda one: (one.position, one.code))


def default_aql(points: Iterable[InspectionPoint], product: Product, standard: Standard | None) -> Decimal:
    """Return the acceptable quality level (defects per 100) of the claimed standard.

    Without one, return the level that is usual for the goods.
    """
    named = [
        one for one in points if one.bound == InspectionPoint.Bound.AQL and one.applies_to(product, standard)
    ]
    of_standard = [one for one in named if standard is not None and standard.code in one.standards]
    chosen = [one.limit for one in of_standard or named if one.limit is not None]
    return min(chosen, default=DEFAULT_AQL)


def _stricter(one: InspectionPoint, other: InspectionPoint) -> bool:
    """Return True if a point is stricter than another one for the same property.

    Two points without a limit are equally strict; the one from a firm row is preferred.
    """
    if one.limit is None or other.limit is None:
        return one.blocks and not other.blocks
    if one.limit == other.limit:
        return (one.blocks, one.strict) > (other.blocks, other.strict)
    return (one.limit > other.limit) == (one.bound == InspectionPoint.Bound.AT_LEAST)
