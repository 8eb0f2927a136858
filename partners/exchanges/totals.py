"""Totals of goods that a city gave and received. Amounts in different units are never added. No database access."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from partners.exchanges.active_pairs import PPE_DONATION_KIND

# Kinds that transfer goods or money, in the order of the page; letters, visits and undelivered offers do not.
KINDS_WITH_GOODS = (PPE_DONATION_KIND, "ppe_purchase", "gift", "fundraising")


class CountedExchange(Protocol):
    """Protocol of the values of an exchange that are counted in totals."""

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
    """Amount of goods in one direction.

    `quantity_by_unit` maps each unit to its quantity, `exchange_count` counts the exchanges, and
    `unknown_quantity_count` those of them without a recorded quantity.
    """

    quantity_by_unit: dict[str, int] = field(default_factory=dict)
    exchange_count: int = 0
    unknown_quantity_count: int = 0

    def add(self, quantity: int | None, unit: str) -> None:
        """Add one exchange."""
        self.exchange_count += 1
        if quantity is None:
            self.unknown_quantity_count += 1
        else:
            self.quantity_by_unit[unit] = self.quantity_by_unit.get(unit, 0) + quantity


@dataclass
class GoodsTotal:
    """Goods as their sources name them, with the amounts in both directions."""

    kind: str
    items: str
    given: DirectionAmount = field(default_factory=DirectionAmount)
    received: DirectionAmount = field(default_factory=DirectionAmount)


def goods_totals(exchanges: Iterable[CountedExchange], city: int) -> Sequence[GoodsTotal]:
    """Return the goods that a city gave and received, by kind in the order of `KINDS_WITH_GOODS`, then by name.

    Goods and units are the same if their names differ only in case and spaces. "Masks" and "surgical masks"
    stay separate, because the less exact source must not be given a meaning it does not have.
    """
    total_by_goods: dict[tuple[str, str], GoodsTotal] = {}
    for exchange in exchanges:
        if exchange.kind not in KINDS_WITH_GOODS:
            continue
        total = total_by_goods.setdefault(
            (exchange.kind, normalize_goods(exchange.items)),
            GoodsTotal(exchange.kind, exchange.items.strip()),
        )
        direction = total.given if exchange.from_city_id == city else total.received
        direction.add(exchange.quantity, normalize_goods(exchange.unit))
    return [
        total_by_goods[key]
        for key in sorted(total_by_goods, key=lambda key: (KINDS_WITH_GOODS.index(key[0]), key[1]))
    ]


def normalize_goods(text: str) -> str:
    """Return a text for comparison, without differences of case and spaces.

    Currency codes keep their case.
    """
    text = " ".join(text.split())
    return text if text.isupper() and len(text) == 3 else text.casefold()
