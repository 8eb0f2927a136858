"""Which papers and steps a consignment needs on a day, by the customs rules of its lane. Plain functions of rows already loaded.

The rules are data (data/customs_rules.csv). A rule blocks only if its row is firm and surely in force; a rule for some customs
codes only warns while the goods' code is not known.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from procurement.catalogue.models import CustomsRule, Holds, Product, TariffCode
from procurement.catalogue.rules.backing import Backing


@dataclass(frozen=True)
class Goods:
    """One line of a consignment as customs sees it: what it is, declared for what, bought or given, under which codes."""

    product: str
    family: str
    use: str
    dealing: str
    hs_numbers: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Consignment:
    """Goods that cross a border together. Countries by ISO 3166-1; `consignee`: a kind of organisation; `mode`: of transport."""

    origin: str
    destination: str
    goods: tuple[Goods, ...]
    consignee: str
    mode: str


@dataclass(frozen=True)
class Requirement:
    """A paper, a step or a contradiction: by which rule, for which products, and whether it blocks."""

    rule: CustomsRule
    products: tuple[str, ...]
    blocks: bool
    backing: Backing

    @property
    def paper(self) -> str:
        """The code of the paper."""
        return self.rule.paper


def goods_of(product: Product, *, use: str, dealing: str, codes: Iterable[TariffCode], on: date) -> Goods:
    """A product as customs sees it: the codes it has for the declared use on a day."""
    numbers = frozenset(
        code.number for code in codes if code.use in {"", use} and code.holds_on(on) is not Holds.NO
    )
    return Goods(product.code, product.family, use, dealing, numbers)


def papers_for(rules: Iterable[CustomsRule], consignment: Consignment, *, on: date) -> list[Requirement]:
    """Every paper and step the rules ask of a consignment on a day, each paper once, the blocking rule before the warning one.

    Contradictions come with them (`rule.sort`): nothing can be brought for those, something has to be changed.
    """
    wanted: dict[tuple[str, str], Requirement] = {}
    for rule in rules:
        found = _requirement(rule, consignment, on)
        key = (rule.side, rule.paper)
        if found is not None and (key not in wanted or (found.blocks and not wanted[key].blocks)):
            wanted[key] = found
    return sorted(wanted.values(), key=lambda one: (one.rule.side, one.rule.position, one.rule.code))


def _requirement(rule: CustomsRule, consignment: Consignment, on: date) -> Requirement | None:
    if rule.holds_on(on) is Holds.NO or not _on_this_lane(rule, consignment):
        return None
    meant = [goods for goods in consignment.goods if _speaks_of(rule, goods)]
    if not meant:
        return None
    backing = Backing.of(rule, on, "effect")
    code_known = not rule.hs_numbers or any(goods.hs_numbers for goods in meant)
    blocks = rule.effect == CustomsRule.Effect.BLOCKS and backing.firm and code_known
    return Requirement(rule, tuple(goods.product for goods in meant), blocks, backing)


def _on_this_lane(rule: CustomsRule, consignment: Consignment) -> bool:
    return (
        rule.origin in {"", consignment.origin}
        and rule.destination in {"", consignment.destination}
        and (not rule.modes or consignment.mode in rule.modes)
        and (not rule.consignees or consignment.consignee in rule.consignees)
    )


def _speaks_of(rule: CustomsRule, goods: Goods) -> bool:
    """Whether a rule means these goods. A rule with codes means goods whose code is not known, too: it then only warns."""
    named = (
        not (rule.families or rule.products)
        or goods.family in rule.families
        or goods.product in rule.products
    )
    coded = not (rule.hs_numbers and goods.hs_numbers) or any(
        number.startswith(tuple(rule.hs_numbers)) for number in goods.hs_numbers
    )
    return named and coded and rule.use in {"", goods.use} and rule.dealing in {"", goods.dealing}
