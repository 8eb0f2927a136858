"""Product families whose goods may replace each other."""

from procurement.catalogue.models.products import Product

# Goods of any other family replace only their own.
INTERCHANGEABLE_FAMILIES = (
    {Product.Family.MASK, Product.Family.RESPIRATOR},
    {Product.Family.GOWN, Product.Family.COVERALL},
)


def families_serving(family: str) -> set[str]:
    """Return the product families whose goods may be offered where `family` is needed."""
    return next((set(map(str, group)) for group in INTERCHANGEABLE_FAMILIES if family in group), {family})
