"""What need lines accept: the rows that decide it, and the list of accepted goods. Reads only."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import NamedTuple

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, Prefetch, Q, prefetch_related_objects
from django.utils.translation import gettext

from procurement.catalogue.models.products import Product, ProductStandard
from procurement.catalogue.models.standards import Standard, StandardEquivalence
from procurement.catalogue.rules.families import families_serving
from procurement.catalogue.rules.standards import Verdict, has_ended
from procurement.requests.alternatives.models import COUNTED_LEVELS, GoodsMatchLevel, LineAlternative
from procurement.requests.alternatives.rules import AcceptedGoods
from procurement.requests.models import RequestLine, SupplyRequest

HAS_BETTER_ANNOTATION = {
    "has_better": Exists(StandardEquivalence.objects.filter(asked=OuterRef("pk"), verdict=Verdict.BETTER))
}
PRODUCTS_ANNOTATION = {
    "products_of_offered": ArraySubquery(
        ProductStandard.objects.filter(standard=OuterRef("offered")).order_by().values("product")
    )
}
OFFERED_LEVELS = (*COUNTED_LEVELS, GoodsMatchLevel.COMPARABLE)
# What lines accept, for `prefetch_related`: two queries.
ACCEPTED_GOODS = (
    Prefetch("standards", Standard.objects.annotate(**HAS_BETTER_ANNOTATION)),
    Prefetch("alternatives", LineAlternative.objects.select_related("product", "standard")),
)


def accepted_goods_of_lines(lines: Sequence[RequestLine], at: datetime) -> dict[int, AcceptedGoods]:
    """Return what each line accepts, by the id of the line, on the day in its city.

    One query for any number of lines, none if no line names a standard. At most five more for rows that are not
    loaded: product, need, city, and those of `ACCEPTED_GOODS`.
    """
    prefetch_related_objects(list(lines), *ACCEPTED_GOODS, "product", "supply_request__city")
    asked = {standard.pk for line in lines for standard in line.standards.all()}
    asked |= {one.standard_id for line in lines for one in line.alternatives.all() if one.standard_id}
    rows: dict[int, list[StandardEquivalence]] = defaultdict(list)
    ranked: dict[int, set[int]] = defaultdict(set)
    known = StandardEquivalence.objects.filter(asked__in=asked).select_related("ground", "asked", "offered")
    for row in known.annotate(**PRODUCTS_ANNOTATION) if asked else ():
        rows[row.offered_id].append(row)
        if row.verdict == Verdict.BETTER:
            ranked[row.offered_id] |= set(row.products_of_offered)
    return {
        line.pk: AcceptedGoods(
            line,
            tuple(line.standards.all()),
            tuple(line.alternatives.all()),
            rows,
            ranked,
            line.supply_request.city.day_at(at),
        )
        for line in lines
    }


def accepted_goods(line: RequestLine, at: datetime) -> AcceptedGoods:
    """Return what one line accepts on the day in its city. Queries as in `accepted_goods_of_lines`."""
    return accepted_goods_of_lines([line], at)[line.pk]


def lines_accepting(
    city_id: int, product: Product, standard: Standard | None, at: datetime
) -> list[RequestLine]:
    """Return the lines of open needs of a city for which goods may be offered. At most four queries."""
    lines = RequestLine.objects.filter(
        city=city_id,
        supply_request__status=SupplyRequest.Status.OPEN,
        product__family__in=families_serving(product.family),
        product__unit=product.unit,
    )
    rows = list(lines.select_related("product", "supply_request__city").prefetch_related(*ACCEPTED_GOODS))
    accepted = accepted_goods_of_lines(rows, at)
    return [
        line
        for line in rows
        if accepted[line.pk].match(product, standard).level is not GoodsMatchLevel.OTHER_PRODUCT
    ]


def accepted_standards_text(line: RequestLine) -> str:
    """Return the accepted standards of a line that was read with `ACCEPTED_GOODS`; "" if any standard is accepted.

    A standard of which the catalogue ranks a higher level says "or better".
    """
    return gettext(", ").join(
        gettext("%(standard)s or better") % {"standard": one} if one.has_better else str(one)
        for one in line.standards.all()
    )


class AcceptedChoice(NamedTuple):
    """Goods that a line accepts: a product with a standard, or with None if the standard is left open."""

    line: RequestLine
    product: Product
    standard: Standard | None


def accepted_choices(accepted: Iterable[AcceptedGoods]) -> list[AcceptedChoice]:
    """Return the goods that lines accept: those that count in full, the comparable ones, and each alternative without standard.

    One query for any number of lines.
    """
    lists = list(accepted)
    links = (
        ProductStandard.objects.filter(product__in={key for one in lists for key in _product_ids(one)})
        .select_related("product", "standard")
        .order_by("product__code", "standard__code")
    )
    named = [(link.product, link.standard) for link in links]
    found: dict[AcceptedChoice, None] = {}
    for one in lists:
        line, own = one.line, [(one.line.product, standard) for standard in one.standards]
        listed = [(other.product, other.standard) for other in one.alternatives if other.standard is not None]
        found |= {AcceptedChoice(line, other.product, None): None for other in one.alternatives}
        found |= {
            AcceptedChoice(line, product, standard): None
            for product, standard in [*own, *listed, *named]
            if one.match(product, standard).level in OFFERED_LEVELS
        }
    return list(found)


def _product_ids(accepted: AcceptedGoods) -> set[int]:
    """Return the ids of the products that a line may accept: its own, the listed and the better ones."""
    better = {key for keys in accepted.ranked_products.values() for key in keys}
    return {accepted.line.product_id, *(one.product_id for one in accepted.alternatives), *better}


def possible_alternatives(product: Product, on: date) -> list[tuple[Product, list[Standard]]]:
    """Return the products that may replace a product, one unit for one unit, each with its standards. Two queries.

    Editions of standards that have ended by the day are left out.
    """
    rows = Product.objects.filter(
        Q(family__in=families_serving(product.family)), unit=product.unit
    ).prefetch_related("standards")
    own_first = sorted(rows, key=lambda one: (one.pk != product.pk, one.family != product.family, one.code))
    return [
        (one, sorted({s for s in one.standards.all() if not has_ended(s, on)}, key=lambda s: s.code))
        for one in own_first
    ]
