"""Goods in words: products with their quantities."""

from collections.abc import Mapping

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from procurement.catalogue.models.products import Product
from workflow.formatting import format_quantity


def goods_text(quantities: Mapping[Product, int]) -> str:
    """Return the first product with its quantity, and how many others: "Surgical mask, 600 pieces and 1 other product".

    "" if there are none.
    """
    if not quantities:
        return ""
    (product, pieces), *others = quantities.items()
    goods = _("%(product)s, %(quantity)s %(unit)s") % {
        "product": product.name,
        "quantity": format_quantity(pieces),
        "unit": product.unit_for_count(pieces),
    }
    return with_other_products(goods, len(others))


def with_other_products(goods: str, others: int) -> str:
    """Return the goods in words, and how many other products there are, if any."""
    if not others:
        return goods
    words = ngettext("%(goods)s and %(n)s other product", "%(goods)s and %(n)s other products", others)
    return words % {"goods": goods, "n": format_quantity(others)}
