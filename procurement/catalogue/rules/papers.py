"""Which papers and steps a consignment needs on a day, by the customs rules of its lane. Plain functions of rows already loaded.

The rules are data (data/customs_rules.csv). A rule blocks only if its row is firm and surely in force, and surely means the goods:
one for some customs codes or device classes only warns while the goods' code or class is not known, or is known from memory alone.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from procurement.catalogue.models.customs import CustomsRule
from procurement.catalogue.models.facts import Holds, market_of
from procurement.catalogue.models.products import Product, ProductMarket, TariffCode
from procurement.catalogue.rules.backing import Backing, Ground, ground_of

DEPENDS = ProductMarket.DeviceClass.DEPENDS


class Doubt(StrEnum):
    """Why a paper only warns."""

    NONE = ""
    WARNS = "warns"  # the rule itself asks for no more
    UNCONFIRMED = "unconfirmed"  # nobody saw it in force for two years
    MEMORY = "memory"  # it has no source
    DAYS = "days"  # its first or last day has none
    WEAK = "weak"
    GOODS = "goods"  # the goods' code or class is not known, or from memory
    RECEIVER = "receiver"  # nobody has said who will use the goods


@dataclass(frozen=True)
class Goods:
    """One line of a consignment as customs sees it: what it is, declared for what, bought or given, under which codes.

    `remembered` are those of its customs codes that have no source; `classes` is its device class by market, and whether that has one.
    `receiver` is the kind of place that will use it, "" where nobody has said; None: the consignee of the whole.
    """

    product: str
    family: str
    use: str
    dealing: str
    hs_numbers: frozenset[str] = frozenset()
    remembered: frozenset[str] = frozenset()
    classes: Mapping[str, tuple[str, bool]] = field(default_factory=dict)
    receiver: str | None = None


@dataclass(frozen=True)
class Consignment:
    """Goods that cross a border together. Countries by ISO 3166-1; `consignee`: a kind of receiver, "" where not known."""

    origin: str
    destination: str
    goods: tuple[Goods, ...]
    consignee: str
    mode: str


@dataclass(frozen=True)
class Requirement:
    """A paper, a step or a contradiction: by which rule, for which products, whether it blocks, and why it does not."""

    rule: CustomsRule
    products: tuple[str, ...]
    blocks: bool
    backing: Backing
    doubt: Doubt
    unconfirmed_since: int | None  # the year it was last seen in force

    @property
    def paper(self) -> str:
        """The code of the paper."""
        return self.rule.paper

    @property
    def conflict(self) -> bool:
        """Whether nothing can be brought for it: something has to be changed."""
        return self.rule.sort == CustomsRule.Sort.CONFLICT


def goods_of(
    product: Product,
    *,
    use: str,
    dealing: str,
    codes: Iterable[TariffCode],
    on: date,
    classes: Iterable[ProductMarket] = (),
    receiver: str | None = None,
) -> Goods:
    """A product as customs sees it: the codes it has for the declared use on a day, and what each market's law takes it for."""
    known = [code for code in codes if code.use in {"", use} and code.holds_on(on) is not Holds.NO]
    return Goods(
        product.code,
        product.family,
        use,
        dealing,
        frozenset(code.number for code in known),
        frozenset(code.number for code in known if code.remembered("number")),
        {row.market: (row.device_class, not row.remembered("device_class")) for row in classes},
        receiver,
    )


def papers_for(rules: Iterable[CustomsRule], consignment: Consignment, *, on: date) -> list[Requirement]:
    """Every paper and step the rules ask of a consignment on a day, each paper once, the blocking rule before the warning one.

    Contradictions come with them (`conflict`): nothing can be brought for those, something has to be changed.
    """
    wanted: dict[tuple[str, str], Requirement] = {}
    for rule in rules:
        found = _requirement(rule, consignment, on)
        key = (rule.side, rule.paper)
        if found is not None and (key not in wanted or (found.blocks and not wanted[key].blocks)):
            wanted[key] = found
    return sorted(wanted.values(), key=lambda one: (one.rule.side, one.rule.position, one.rule.code))


def ended_for(rules: Iterable[CustomsRule], consignment: Consignment, *, on: date) -> list[CustomsRule]:
    """The rules that meant this consignment once and ended before a day, the latest first: what is no longer asked for."""
    over = [
        (rule.valid_to, rule)
        for rule in rules
        if rule.valid_to and rule.valid_to < on and _means(rule, consignment)
    ]
    return [
        rule
        for _last, rule in sorted(over, key=lambda one: (-one[0].toordinal(), one[1].side, one[1].position))
    ]


def _requirement(rule: CustomsRule, consignment: Consignment, on: date) -> Requirement | None:
    if rule.holds_on(on) is Holds.NO:
        return None
    meant = _means(rule, consignment)
    if not meant:
        return None
    backing = Backing.of(rule, on, "effect")
    since = rule.unconfirmed_since(on)
    doubt = _doubt(rule, backing, since, sure=any(meant.values()))
    if doubt is Doubt.GOODS and _receiver_unknown(rule, consignment, meant):
        doubt = Doubt.RECEIVER
    return Requirement(rule, tuple(meant), doubt is Doubt.NONE, backing, doubt, since)


def _doubt(rule: CustomsRule, backing: Backing, since: int | None, *, sure: bool) -> Doubt:
    """Why a rule only warns, the weightiest reason first."""
    if since is not None:
        return Doubt.UNCONFIRMED
    if rule.remembered("effect"):
        return Doubt.MEMORY
    if (
        not rule.is_firm or ground_of(rule) is Ground.NONE
    ):  # one that a city kept as firm before that was refused
        return Doubt.WEAK
    if not backing.firm:
        return Doubt.DAYS
    if rule.effect != CustomsRule.Effect.BLOCKS:
        return Doubt.WARNS
    return Doubt.NONE if sure else Doubt.GOODS


def _means(rule: CustomsRule, consignment: Consignment) -> dict[str, bool]:
    """The products of a consignment that a rule means, each with whether it surely does."""
    if not _on_this_lane(rule, consignment):
        return {}
    home = consignment.destination if rule.side == CustomsRule.Side.IMPORT else consignment.origin
    meant: dict[str, bool] = {}
    for goods in consignment.goods:
        sure = _speaks_of(rule, goods, market_of(home), _receiver(goods, consignment))
        if sure is not None:
            meant[goods.product] = sure or meant.get(goods.product, False)
    return meant


def _on_this_lane(rule: CustomsRule, consignment: Consignment) -> bool:
    origin, destination = market_of(consignment.origin), market_of(consignment.destination)
    within = origin == destination == "EU"  # no customs stand between its members
    return (
        not (within and "EU" in {rule.origin, rule.destination})
        and rule.origin in {"", consignment.origin, origin}
        and rule.destination in {"", consignment.destination, destination}
        and (not rule.modes or consignment.mode in rule.modes)
    )


def _receiver(goods: Goods, consignment: Consignment) -> str:
    return consignment.consignee if goods.receiver is None else goods.receiver


def _receiver_unknown(rule: CustomsRule, consignment: Consignment, meant: Iterable[str]) -> bool:
    """Whether a rule turns on who receives goods that it may mean, and it is not known who does."""
    named = [_receiver(goods, consignment) for goods in consignment.goods if goods.product in set(meant)]
    return bool(rule.consignees) and "" in named


def _speaks_of(rule: CustomsRule, goods: Goods, market: str, receiver: str) -> bool | None:
    """Whether a rule means these goods: surely, perhaps (False: their code, class or receiver is not known), or not (None)."""
    named = (
        not (rule.families or rule.products)
        or goods.family in rule.families
        or goods.product in rule.products
    )
    if not named or rule.use not in {"", goods.use} or rule.dealing not in {"", goods.dealing}:
        return None
    classed = _classed(rule, goods, market)
    if rule.device_classes and rule.sort == CustomsRule.Sort.CONFLICT and not _has_class(goods, market):
        return None  # a class that is not known contradicts nothing
    answers = (_coded(rule, goods), classed, _received(rule, receiver))
    return None if None in answers else all(answers)


def _received(rule: CustomsRule, receiver: str) -> bool | None:
    """By who will use them. An open field is no answer."""
    if not rule.consignees or receiver in rule.consignees:
        return True
    return None if receiver else False


def _coded(rule: CustomsRule, goods: Goods) -> bool | None:
    """By their customs codes. A code shorter than the rule's says nothing: the longer one is not known."""
    if not rule.hs_numbers:
        return True
    shortest = min(len(number) for number in rule.hs_numbers)
    known = {number for number in goods.hs_numbers if len(number) >= shortest}
    if not known:
        return False
    meant = {number for number in known if number.startswith(tuple(rule.hs_numbers))}
    return bool(meant - goods.remembered) if meant else None


def _has_class(goods: Goods, market: str) -> bool:
    return goods.classes.get(market, (DEPENDS, False))[0] != DEPENDS


def _classed(rule: CustomsRule, goods: Goods, market: str) -> bool | None:
    """By their device class where the rule's customs are. A class that depends on claims may be any."""
    if not rule.device_classes:
        return True
    known, sourced = goods.classes.get(market, (DEPENDS, False))
    if known == DEPENDS:
        return False
    return sourced if known in rule.device_classes else None
