"""Reading what customs asks of goods on a lane: their customs codes, their device classes, the rules and the reliefs of a day."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from procurement.catalogue.models.customs import CustomsRule, DutyRelief
from procurement.catalogue.models.products import Product, ProductMarket, TariffCode
from procurement.catalogue.rules.papers import Consignment, Requirement, ended_for, goods_of, papers_for
from procurement.catalogue.rules.reliefs import reliefs_for
from workflow.days import utc_day


def rules_day(at: datetime) -> date:
    """Return the day whose rules apply to a plan made at a moment: in UTC, because a lane joins two countries' calendars."""
    return utc_day(at)


class Line(NamedTuple):
    """Goods as they are sent: declared for what, bought or given. `receiver` as in `Goods`."""

    product: Product
    use: str
    dealing: str
    receiver: str | None = None


@dataclass(frozen=True)
class Answer:
    """What a lane asks for on a day: papers and steps, contradictions, what has ended before, and which duties fall away."""

    consignment: Consignment
    on: date
    papers: tuple[Requirement, ...]
    conflicts: tuple[Requirement, ...]
    ended: tuple[CustomsRule, ...]
    reliefs: tuple[DutyRelief, ...]


def consignment_of(
    lines: Sequence[Line], *, origin: str, destination: str, consignee: str, mode: str, on: date
) -> Consignment:
    """Goods that travel together as customs sees them on a day. Two queries."""
    products = {line.product.pk for line in lines}
    codes: dict[int, list[TariffCode]] = defaultdict(list)
    for code in TariffCode.objects.filter(product__in=products):
        codes[code.product_id].append(code)
    classes: dict[int, list[ProductMarket]] = defaultdict(list)
    for row in ProductMarket.objects.filter(product__in=products):
        classes[row.product_id].append(row)
    goods = tuple(
        goods_of(
            line.product,
            use=line.use,
            dealing=line.dealing,
            codes=codes[line.product.pk],
            classes=classes[line.product.pk],
            on=on,
            receiver=line.receiver,
        )
        for line in lines
    )
    return Consignment(origin, destination, goods, consignee, mode)


def requirements(consignment: Consignment, *, on: date) -> list[Requirement]:
    """Every paper, step and contradiction of a consignment on a day. One query."""
    rules = CustomsRule.objects.possible_on(on).on_lane(consignment.origin, consignment.destination)
    return papers_for(rules, consignment, on=on)


def of_receivers(consignment: Consignment, *, on: date) -> list[Requirement]:
    """The contradictions of a consignment that turn on who will use the goods. One query."""
    return [one for one in requirements(consignment, on=on) if one.conflict and one.rule.consignees]


def answer(consignment: Consignment, *, on: date) -> Answer:
    """All that is known of a consignment on a day, with what has ended and which duties fall away. Two queries."""
    rules = list(CustomsRule.objects.on_lane(consignment.origin, consignment.destination))
    found = papers_for(rules, consignment, on=on)
    asked = {(one.rule.side, one.paper) for one in found}
    over: dict[tuple[str, str], CustomsRule] = {}
    for rule in ended_for(rules, consignment, on=on):
        if (rule.side, rule.paper) not in asked:
            over.setdefault((rule.side, rule.paper), rule)
    return Answer(
        consignment,
        on,
        tuple(one for one in found if not one.conflict),
        tuple(one for one in found if one.conflict),
        tuple(over.values()),
        tuple(_reliefs(consignment, on)),
    )


def _reliefs(consignment: Consignment, on: date) -> list[DutyRelief]:
    """The reliefs for any of the goods, each once."""
    rows = list(DutyRelief.objects.possible_on(on).order_by("code"))
    found: dict[str, DutyRelief] = {}
    for goods in consignment.goods:
        for row in reliefs_for(
            rows,
            destination=consignment.destination,
            dealing=goods.dealing,
            importers=[consignment.consignee],
            numbers=goods.hs_numbers,
            on=on,
        ):
            found.setdefault(row.code, row)
    return list(found.values())
