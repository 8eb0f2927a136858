"""Queries for the customs requirements of goods on a route.

They read the goods' customs codes and device classes, and the rules and reliefs of a day.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from procurement.catalogue.models.customs import CustomsRule, DutyRelief
from procurement.catalogue.models.products import Product, ProductClassification, TariffCode
from procurement.catalogue.rules.customs_documents import (
    Consignment,
    Requirement,
    declared_goods,
    ended_rules,
    requirements_of_rules,
)
from procurement.catalogue.rules.duty_reliefs import applicable_reliefs
from workflow.days import utc_day


def applicable_rules_day(at: datetime) -> date:
    """Return the day, in UTC, whose rules apply to a plan made at a moment.

    UTC is used because a route joins the calendars of two countries.
    """
    return utc_day(at)


class ConsignmentLine(NamedTuple):
    """Product to be sent, with its declared use, and whether it is a purchase or a donation.

    `end_user_type` is the kind of place that will use the product, as in `DeclaredGoods`.
    """

    product: Product
    use: str
    acquisition_type: str
    end_user_type: str | None = None


@dataclass(frozen=True)
class RouteRequirements:
    """Customs requirements of a consignment on a day.

    `documents` also holds the steps, `conflicts` are contradictions in the declaration, `ended_rules` are rules that
    no longer apply, and `reliefs` are duties or taxes that need not be paid.
    """

    consignment: Consignment
    as_of_date: date
    documents: tuple[Requirement, ...]
    conflicts: tuple[Requirement, ...]
    ended_rules: tuple[CustomsRule, ...]
    reliefs: tuple[DutyRelief, ...]


def build_consignment(
    lines: Sequence[ConsignmentLine], *, origin: str, destination: str, consignee: str, mode: str, on: date
) -> Consignment:
    """Build the consignment of goods that travel together, as customs sees it on a day. Two queries."""
    products = {line.product.pk for line in lines}
    codes: dict[int, list[TariffCode]] = defaultdict(list)
    for code in TariffCode.objects.filter(product__in=products):
        codes[code.product_id].append(code)
    classes: dict[int, list[ProductClassification]] = defaultdict(list)
    for row in ProductClassification.objects.filter(product__in=products):
        classes[row.product_id].append(row)
    goods = tuple(
        declared_goods(
            line.product,
            use=line.use,
            acquisition_type=line.acquisition_type,
            codes=codes[line.product.pk],
            classes=classes[line.product.pk],
            on=on,
            end_user_type=line.end_user_type,
        )
        for line in lines
    )
    return Consignment(origin, destination, goods, consignee, mode)


def consignment_requirements(consignment: Consignment, *, on: date) -> list[Requirement]:
    """Return all documents, steps and contradictions of a consignment on a day. One query."""
    rules = CustomsRule.objects.possibly_in_force(on).for_route(consignment.origin, consignment.destination)
    return requirements_of_rules(rules, consignment, on=on)


def end_user_contradictions(consignment: Consignment, *, on: date) -> list[Requirement]:
    """Return the contradictions of a consignment that depend on who will use the goods. One query."""
    return [
        one for one in consignment_requirements(consignment, on=on) if one.is_conflict and one.rule.consignees
    ]


def route_requirements(consignment: Consignment, *, on: date) -> RouteRequirements:
    """Return the customs requirements of a consignment on a day. Two queries.

    Includes the rules that have ended and the reliefs that may apply.
    """
    rules = list(CustomsRule.objects.for_route(consignment.origin, consignment.destination))
    found = requirements_of_rules(rules, consignment, on=on)
    required = {(one.rule.side, one.document_code) for one in found}
    over: dict[tuple[str, str], CustomsRule] = {}
    for rule in ended_rules(rules, consignment, on=on):
        if (rule.side, rule.document_code) not in required:
            over.setdefault((rule.side, rule.document_code), rule)
    return RouteRequirements(
        consignment,
        on,
        tuple(one for one in found if not one.is_conflict),
        tuple(one for one in found if one.is_conflict),
        tuple(over.values()),
        tuple(_reliefs(consignment, on)),
    )


def _reliefs(consignment: Consignment, on: date) -> list[DutyRelief]:
    """Return the reliefs that may apply to any of the goods, each once."""
    rows = list(DutyRelief.objects.possibly_in_force(on).order_by("code"))
    found: dict[str, DutyRelief] = {}
    for goods in consignment.goods:
        for row in applicable_reliefs(
            rows,
            destination=consignment.destination,
            acquisition_type=goods.acquisition_type,
            importers=[consignment.consignee],
            numbers=goods.hs_numbers,
            on=on,
        ):
            found.setdefault(row.code, row)
    return list(found.values())
