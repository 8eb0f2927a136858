"""What a place gave and received, added up by what it was: figures of unlike units are never one figure. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from partners.register.passed import DONATION

# What hands something over, in the order a page tells it; letters, visits and what never came do not.
GOODS = (DONATION, "ppe_purchase", "gift", "fundraising")


class Carried(Protocol):
    """The facts of an exchange that count here: an Exchange, or anything with the same values."""

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
class Amount:
    """What went one way: how much in each unit, and in how many exchanges; of `unknown` of them nobody recorded a quantity."""

    by_unit: dict[str, int] = field(default_factory=dict)
    times: int = 0
    unknown: int = 0

    def add(self, quantity: int | None, unit: str) -> None:
        """One exchange more."""
        self.times += 1
        if quantity is None:
            self.unknown += 1
        else:
            self.by_unit[unit] = self.by_unit.get(unit, 0) + quantity


@dataclass
class Total:
    """One kind of goods, as its sources name it, both ways."""

    kind: str
    items: str
    given: Amount = field(default_factory=Amount)
    received: Amount = field(default_factory=Amount)


def totals(exchanges: Iterable[Carried], city: int) -> Sequence[Total]:
    """What a place gave and received, by kind and goods, in the order of GOODS and then by name.

    Goods are the same where their sources name them alike but for capitals and blanks; units likewise. "Masks" and "surgical masks"
    stay two: a source that says less is not made to say more.
    """
    found: dict[tuple[str, str], Total] = {}
    for one in exchanges:
        if one.kind not in GOODS:
            continue
        total = found.setdefault((one.kind, same(one.items)), Total(one.kind, one.items.strip()))
        way = total.given if one.from_city_id == city else total.received
        way.add(one.quantity, same(one.unit))
    return [found[key] for key in sorted(found, key=lambda key: (GOODS.index(key[0]), key[1]))]


def same(text: str) -> str:
    """A text but for its capitals and blanks. A currency keeps its capitals: it is a code."""
    text = " ".join(text.split())
    return text if text.isupper() and len(text) == 3 else text.casefold()
