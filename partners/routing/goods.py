"""Goods in the ranking of contacts: what an inquiry asks for, and what a place is known for. No database access."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from workflow.errors import LazyText


@dataclass(frozen=True, kw_only=True)
class InquiryGoods:
    """Goods of one product family that an inquiry asks for.

    `label` is the name of the family in the middle of a sentence ("masks"), and `products` are the names of the products asked for.
    """

    family: str
    label: LazyText
    products: tuple[LazyText, ...] = ()


@dataclass(frozen=True, kw_only=True)
class LocalGoods:
    """Goods that a place is known for, by product family.

    `made_families` are those of its known makers, and `gift_years` maps each family that it gave to the year of the last gift.
    """

    made_families: frozenset[str] = frozenset()
    gift_years: Mapping[str, int] = field(default_factory=dict, hash=False)

    @cached_property
    def families(self) -> frozenset[str]:
        """All families that the place is known for."""
        return self.made_families | self.gift_years.keys()


NO_LOCAL_GOODS = LocalGoods()
