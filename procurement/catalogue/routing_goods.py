"""Products as the goods of an inquiry for which contacts are ranked."""

from collections import defaultdict
from collections.abc import Iterable

from partners.routing.goods import InquiryGoods
from procurement.catalogue.lazy_texts import lazy_translated_text
from procurement.catalogue.models.products import Product
from workflow.i18n import lowercase_first


def goods_by_family(products: Iterable[Product]) -> tuple[InquiryGoods, ...]:
    """Return the products by family, each product once, in the given order."""
    found: defaultdict[str, dict[int, Product]] = defaultdict(dict)
    for product in products:
        found[product.family].setdefault(product.pk, product)
    return tuple(
        InquiryGoods(
            family=family,
            label=lowercase_first(Product.Family(family).label),
            products=tuple(lazy_translated_text(one, "name") for one in named.values()),
        )
        for family, named in found.items()
    )
