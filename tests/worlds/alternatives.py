"""Goods that a need line accepts in place of its own."""

from procurement.catalogue.models.products import Product
from procurement.catalogue.models.standards import Standard
from procurement.requests.alternatives.models import LineAlternative
from procurement.requests.models import RequestLine


def accept_alternative(line: RequestLine, product: str, standard: str = "") -> LineAlternative:
    """Let a line accept another product, by code, with a standard or by the standards of the line."""
    return LineAlternative.objects.create(
        line=line,
        position=line.alternatives.count() + 1,
        product=Product.objects.get(code=product),
        standard=Standard.objects.get(code=standard) if standard else None,
    )
