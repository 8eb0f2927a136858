"""Sentences about goods offered for a need line that do not count toward it, with the reasons."""

from collections.abc import Sequence

from django.db.models import F, Sum
from django.utils.translation import gettext as _

from procurement.catalogue.models.products import Product
from procurement.leads.models.leads import SupplierLead
from procurement.requests.models import RequestLine
from workflow.formatting import format_quantity


def coverage_sentences(lines: Sequence[RequestLine]) -> list[tuple[RequestLine, list[str]]]:
    """Return each line with one sentence for each reason, the largest quantity first. One query.

    The list is empty for a line whose offers all count.
    """
    by_key = {line.pk: line for line in lines}
    found: dict[int, list[str]] = {key: [] for key in by_key}
    rows = SupplierLead.objects.live().filter(line__in=by_key).exclude(meets=SupplierLead.Meets.EQUAL)
    sums = rows.values_list("line", "meets", "product__unit").annotate(left=Sum(F("supply") - F("allocated")))
    for key, meets, unit, left in sums.filter(left__gt=0).order_by("-left", "meets", "product__unit"):
        amount = f"{format_quantity(left)} {Product.Unit(unit).label}"
        found[key].append(_reason(by_key[key], meets, unit) % {"amount": amount})
    return [(line, found[line.pk]) for line in lines]


def _reason(line: RequestLine, meets: str, unit: str) -> str:
    if meets == SupplierLead.Meets.NO:
        return _("Also offered, but not counted: %(amount)s below the requested standard.")
    if meets == SupplierLead.Meets.NEIGHBOUR:
        return _("Also offered, but not counted: %(amount)s of a comparable standard. Evidence is needed.")
    if meets == SupplierLead.Meets.UNKNOWN:
        return _("Also offered, but not counted: %(amount)s not known to meet the requested standard.")
    if unit != line.product.unit:
        return _("Also offered, but not counted: %(amount)s of other goods, measured in another unit.")
    if line.alternatives_allowed:
        return _(
            "Also offered, but not counted: %(amount)s of other goods. The line accepts "
            "alternatives, which count once allocated."
        )
    return _("Also offered, but not counted: %(amount)s of other goods. The line accepts only this product.")
