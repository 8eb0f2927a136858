"""Totals of goods that a city gave and received. Amounts in different units are never added. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from partners.exchanges.active_pairs import DONATION

# Kinds that transfer goods or money, in the order of the page; letters, visits and undelivered offers do not.
KINDS_WITH_GOODS = (DONATION, "ppe_purchase", "gift", "fundraising")


class CountedExchange(Protocol):
    """Values of an exchange that count here. Any object with these attributes will do."""

    @property
    def from_city_id(self) -> int: ...

    @property
    def kind(self) -> str: ...

    @property
    def items(self) -> str: ...

    @property
    def quantity(self) -> int | None: ...

    @property
    def unit(self) -> str: ...


@dataclass
class DirectionAmount:
    """Amount in one direction: quantity by unit, and number of exchanges.

    `unknown` counts the exchanges without a recorded quantity.
    """

    by_unit: dict[str, int] = field(default_factory=dict)
    times: int = 0
    unknown: int = 0

    def add(self, quantity: int | None, unit: str) -> None:
        """Add one exchange."""
        self.times += 1
        if quantity is None:
            self.unknown += 1
        else:
            self.by_unit[unit] = self.by_unit.get(unit, 0) + quantity


@dataclass
class GoodsTotal:
    """Goods as their sources name them, with the amounts in both directions."""

    kind: str
    items: str
    given: DirectionAmount = field(default_factory=DirectionAmount)
    received: DirectionAmount = field(default_factory=DirectionAmount)


def totals(exchanges: Iterable[CountedExchange], city: int) -> Sequence[GoodsTotal]:
    """Return the goods that a city gave and received, by kind in the order of GOODS, then by name.

    Goods and units are the same if their names differ only in case and spaces. "Masks" and "surgical masks"
    stay separate, because the less exact source must not be given a meaning it does not have.
    """
    found: dict[tuple[str, str], GoodsTotal] = {}
    for one in exchanges:
        if one.kind not in KINDS_WITH_GOODS:
            continue
        total = found.setdefault(
            (one.kind, normalize_goods(one.items)), GoodsTotal(one.kind, one.items.strip())
        )
        way = total.given if one.from_city_id == city else total.received
        way.add(one.quantity, normalize_goods(one.unit))
    return [found[key] for key in sorted(found, key=lambda key: (KINDS_WITH_GOODS.index(key[0]), key[1]))]


def normalize_goods(text: str) -> str:
    """Return a text for comparison, without differences of case and spaces.

    Currency codes keep their case.
    """
    text = " ".join(text.split())
    return text if text.isupper() and len(text) == 3 else text.casefold()
