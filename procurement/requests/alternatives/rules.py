"""The rule that decides which goods a need line accepts, and how well offered goods match it.

Forms, links, the API, screening, allocations and plans all use it. Pure functions on loaded rows.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from django.utils.translation import gettext_lazy as _

from procurement.catalogue.models.products import Product
from procurement.catalogue.models.reference_rows import market_of_country
from procurement.catalogue.models.standards import Standard, StandardEquivalence
from procurement.catalogue.rules.families import families_serving
from procurement.catalogue.rules.standards import MEETING_VERDICTS, StandardMatch, Verdict, match_any_standard
from procurement.requests.alternatives.models import COUNTED_LEVELS, GoodsMatchLevel, LineAlternative
from procurement.requests.models import RequestLine
from workflow.errors import Refused
from workflow.moves import first_refusal

MAX_ALTERNATIVES = 20
EVIDENCE_MISSING = _(
    "These goods are not known to meet the standards of the need line. Enter the evidence that you have seen. Your name "
    "and this text are recorded."
)
LEVELS_BY_VERDICT = {
    Verdict.EQUAL: GoodsMatchLevel.EQUAL,
    Verdict.BETTER: GoodsMatchLevel.BETTER,
    Verdict.COMPARABLE: GoodsMatchLevel.COMPARABLE,
    Verdict.UNKNOWN: GoodsMatchLevel.UNKNOWN,
    Verdict.NOT_EQUIVALENT: GoodsMatchLevel.BELOW_STANDARD,
}
LEVELS_BEST_FIRST = (
    *COUNTED_LEVELS,
    GoodsMatchLevel.COMPARABLE,
    GoodsMatchLevel.UNKNOWN,
    GoodsMatchLevel.BELOW_STANDARD,
    GoodsMatchLevel.OTHER_PRODUCT,
)


class Alternative(NamedTuple):
    """Product that a line accepts in place of its own, with the standard that it must claim, if any."""

    product: Product
    standard: Standard | None = None


class GoodsMatch(NamedTuple):
    """How well goods match a need line, and why.

    `standards` are those with which the goods were compared; empty if any standard will do. `preference` is 0 for the
    goods that the line asks for and for better ones, else the position of the alternative.
    """

    level: GoodsMatchLevel
    standard_match: StandardMatch
    standards: tuple[Standard, ...] = ()
    preference: int = 0

    @property
    def counts_in_full(self) -> bool:
        """True if the goods count toward the quantity of the line."""
        return self.level in COUNTED_LEVELS

    @property
    def needs_evidence(self) -> bool:
        """True if a person must record the evidence before these goods can be allocated."""
        return self.level in (GoodsMatchLevel.COMPARABLE, GoodsMatchLevel.UNKNOWN)

    @property
    def may_be_allocated(self) -> bool:
        """True if the goods may be allocated to the line, at least with a record of the evidence."""
        return self.counts_in_full or self.needs_evidence

    @property
    def is_substitution(self) -> bool:
        """True if the goods are not what the line asks for first."""
        return self.level is not GoodsMatchLevel.EQUAL


@dataclass(frozen=True)
class AcceptedGoods:
    """What a need line accepts on a day, with the reference rows that decide it.

    `rows` are the known equivalences by the id of the offered standard. `ranked_products` holds the ids of the
    products for which the catalogue lists a better standard, by the id of the standard.
    """

    line: RequestLine
    standards: tuple[Standard, ...]
    alternatives: tuple[LineAlternative, ...]
    rows: Mapping[int, Sequence[StandardEquivalence]]
    ranked_products: Mapping[int, Collection[int]]
    on: date
    _matches: dict[tuple[int, int | None], GoodsMatch] = field(
        default_factory=dict, compare=False, repr=False
    )

    def match(self, product: Product, standard: Standard | None) -> GoodsMatch:
        """Return how well goods of a product that claim a standard match the line: the best of these.

        - The line's own product is judged by the line's standards.
        - Each place of the product among the alternatives: by the standard listed there, else by the line's standards.
        - A product of the line's family and unit is better if its standard is better, and the catalogue lists that
          standard for the product.

        Everything else is a different product.
        """
        key = product.pk, standard.pk if standard is not None else None
        if key not in self._matches:
            self._matches[key] = self._compare(product, standard)
        return self._matches[key]

    def standards_for(self, product: Product) -> tuple[Standard, ...]:
        """Return the standards with which goods of a product are compared; empty if any standard will do."""
        listed = [one.standard for one in self.alternatives if one.product_id == product.pk]
        by_line = not listed or None in listed or product.pk == self.line.product_id
        if by_line and not self.standards:
            return ()
        named = [one for one in listed if one is not None]
        return tuple(dict.fromkeys([*(self.standards if by_line else ()), *named]))

    def _compare(self, product: Product, standard: Standard | None) -> GoodsMatch:
        own = self._match_standard(self.standards, standard)
        is_ranked = own.verdict is Verdict.BETTER and self._is_ranked(product, standard)
        asked = self.standards_for(product)
        if is_ranked:
            asked = tuple(dict.fromkeys([*self.standards, *asked]))
        found = [
            self._compare_with_alternative(one, standard, asked)
            for one in self.alternatives
            if one.product_id == product.pk
        ]
        if product.pk == self.line.product_id:
            found.append(GoodsMatch(LEVELS_BY_VERDICT[own.verdict], own, asked))
        if is_ranked:
            found.append(GoodsMatch(GoodsMatchLevel.BETTER, own, asked))
        if not found:
            words = _("This product is not the one requested on the need line.")
            found.append(
                GoodsMatch(GoodsMatchLevel.OTHER_PRODUCT, StandardMatch(Verdict.UNKNOWN, words), asked)
            )
        return min(found, key=lambda one: (LEVELS_BEST_FIRST.index(one.level), one.preference))

    def _compare_with_alternative(
        self, listed: LineAlternative, standard: Standard | None, asked: tuple[Standard, ...]
    ) -> GoodsMatch:
        """Return the match of goods with one place on the list of alternatives."""
        meeting = self._match_standard(
            self.standards if listed.standard is None else (listed.standard,), standard
        )
        if meeting.verdict is Verdict.BETTER and listed.standard is None:
            return GoodsMatch(GoodsMatchLevel.BETTER, meeting, asked)
        level = LEVELS_BY_VERDICT[meeting.verdict]
        if meeting.verdict in MEETING_VERDICTS:
            level = GoodsMatchLevel.ALTERNATIVE
        return GoodsMatch(level, meeting, asked, listed.position)

    def _is_ranked(self, product: Product, standard: Standard | None) -> bool:
        """Return True if the catalogue lists the better standard for this product of the line's family and unit."""
        own = self.line.product
        same_kind = (product.family, product.unit) == (own.family, own.unit)
        return same_kind and standard is not None and product.pk in self.ranked_products.get(standard.pk, ())

    def _match_standard(self, wanted: Sequence[Standard], standard: Standard | None) -> StandardMatch:
        need = self.line.supply_request
        return match_any_standard(
            wanted,
            standard,
            market=market_of_country(need.city.country),
            use=need.declared_use,
            rows=self.rows.get(standard.pk, ()) if standard is not None else (),
            on=self.on,
        )


def unaccepted_product_refusal(match: GoodsMatch, line: RequestLine, field: str) -> Refused | None:
    """Refuse goods that a need line does not accept, else return None. `field` holds the goods."""
    if match.level is not GoodsMatchLevel.OTHER_PRODUCT:
        return None
    words = _(
        "The need line is for %(asked)s; it does not accept these goods. Choose other goods, or state their standard if "
        "it is missing."
    )
    return Refused("another_product", words % {"asked": line.product}, field=field)


def unsuitable_goods_refusal(match: GoodsMatch, line: RequestLine, evidence: str) -> Refused | None:
    """Refuse to allocate goods that the line does not accept, or comparable ones without a record of the evidence."""
    return first_refusal(
        (
            unaccepted_product_refusal(match, line, "lead"),
            _below_standard_refusal(match),
            _missing_evidence_refusal(match, evidence),
        )
    )


def _below_standard_refusal(match: GoodsMatch) -> Refused | None:
    if match.level is not GoodsMatchLevel.BELOW_STANDARD:
        return None
    words = _("The goods do not meet the standards of the need line: %(why)s")
    return Refused("below_standard", words % {"why": match.standard_match.reason}, field="lead")


def _missing_evidence_refusal(match: GoodsMatch, evidence: str) -> Refused | None:
    if not match.needs_evidence or evidence.strip():
        return None
    return Refused("evidence_missing", EVIDENCE_MISSING, field="evidence")


def invalid_alternatives_refusal(
    product: Product, alternatives: Sequence[Alternative], within: str
) -> Refused | None:
    """Refuse too many or repeated alternatives, the line's own product, and goods that cannot replace it.

    One unit replaces one unit, so both are counted in the same unit. `within` is the line's path in a body.
    """
    field = f"{within}alternatives"
    if len(alternatives) > MAX_ALTERNATIVES:
        return Refused("too_many", _("Enter at most 20 alternatives."), field=field)
    if len(set(alternatives)) < len(alternatives):
        return Refused("repeated", _("Enter each alternative only once."), field=field)
    for one in alternatives:
        names = {"product": product.name, "other": one.product.name}
        if one.product == product and one.standard is None:
            words = _(
                "%(product)s is the product of the need line. Name a standard, or choose another product."
            )
            return Refused("bad_alternative", words % names, field=field)
        if one.product.family not in families_serving(product.family):
            words = _("%(other)s cannot replace %(product)s: their purposes differ.")
            return Refused("bad_alternative", words % names, field=field)
        if one.product.unit != product.unit:
            words = _("%(other)s cannot replace %(product)s: their units differ.")
            return Refused("bad_alternative", words % names, field=field)
    return None


def unlisted_standard_refusal(
    alternatives: Iterable[Alternative], possible: Iterable[tuple[Product, Sequence[Standard]]], within: str
) -> Refused | None:
    """Refuse a standard that the catalogue does not list for its product, or whose edition has ended.

    `possible` are the products with their standards (`possible_alternatives`). `within` is the line's path in a body.
    """
    listed = {(product, standard) for product, standards in possible for standard in standards}
    for one in alternatives:
        if one.standard is not None and (one.product, one.standard) not in listed:
            words = _("The catalogue lists no edition of %(standard)s in force for %(product)s.")
            names = {"standard": one.standard.label, "product": one.product.name}
            return Refused("bad_alternative", words % names, field=f"{within}alternatives")
    return None
