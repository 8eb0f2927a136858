"""Which papers a shipment needs: the customs rules of its lane on a day, asked for paper by paper; and how many are missing.

What a supplier owes is asked for of each company whose goods travel along, for those goods alone: one maker's registration is
not another's.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from procurement.catalogue.models.customs import CustomsRule
from procurement.catalogue.rules.papers import Doubt, Requirement
from procurement.shipments.gathering import old_papers
from procurement.shipments.models.customs import CustomsLane, CustomsPaper
from procurement.shipments.models.shipment import Shipment, ShipmentLine
from procurement.shipments.rules import asked, customs
from procurement.shipments.rules.asked import lines_of, requirements_of
from procurement.shipments.rules.gates import missing_papers
from procurement.suppliers.models.certificate import Certificate
from procurement.suppliers.models.company import Supplier
from workflow.actors import Actor

CONFLICT = CustomsRule.Sort.CONFLICT
Owner = CustomsRule.Owner


@dataclass(frozen=True)
class Wanted:
    """A paper that rules ask for; `supplier` is the company that owes it, of what a supplier owes."""

    requirement: Requirement
    supplier: Supplier | None

    @property
    def of(self) -> tuple[str, str, int | None]:
        """Which paper of a shipment it is: side, code, company."""
        rule = self.requirement.rule
        return rule.side, self.requirement.paper, self.supplier.pk if self.supplier is not None else None


def ask(shipment: Shipment, *, on: date, by: Actor, at: datetime) -> list[CustomsPaper]:
    """Ask for every paper the rules of a day want and nobody asked for yet. Returns the new ones.

    A paper that is a certificate the supplier has, confirmed by its issuer, is ready at once. Refuses a firm contradiction; a
    doubtful one is noted. Called under the shipment's lock, with the row that will be saved.
    """
    lanes = {lane.side: lane for lane in shipment.lanes.order_by("pk")}
    asked = {_of(paper): paper for paper in shipment.papers.select_related("lane").order_by("pk")}
    new, doubts = [], []
    for wanted in _wanted(shipment, on):
        rule = wanted.requirement.rule
        lane = lanes.get(rule.side)
        if rule.sort == CONFLICT:
            _refuse_contradiction(wanted.requirement)
            if wanted.requirement.doubt is not Doubt.RECEIVER:  # the offer's own finding asks who
                doubts.append(rule.code)
        elif lane is not None:
            paper = asked.get(wanted.of)
            if paper is None:
                new.append(_ask_for(wanted, lane, shipment, on=on, by=by, at=at))
            elif paper.status == CustomsPaper.Status.NO_LONGER:
                with customs.ASK_AGAIN.on(paper, by=by, at=at) as row:
                    _by_rule(row, wanted.requirement, on)
    shipment.contradictions = doubts
    shipment.save(update_fields=["contradictions"])
    count_missing(shipment)
    return new


def ask_anew(shipment: Shipment, *, on: date, reason: str, by: Actor, at: datetime) -> None:
    """After a shipment was sent to another country: what its lanes do not ask for any more is marked so, and what another rule asks for
    now stands by that rule. What was handed in stays as it is. Then as `ask`, under the same lock. A lane that is released is over.
    """
    over = CustomsLane.Status.RELEASED
    wanted = {
        one.of: one.requirement for one in _wanted(shipment, on) if one.requirement.rule.sort != CONFLICT
    }
    for paper in shipment.papers.exclude(lane__status=over).select_related("lane").order_by("pk"):
        if paper.status not in customs.BEFORE_FILED:
            continue
        now = wanted.get(_of(paper))
        if now is None:
            with customs.NO_LONGER.on(paper, by=by, at=at, reason=reason):
                pass
        elif now.rule.code != paper.rule:
            with customs.RESTATE.on(paper, by=by, at=at) as row:
                _by_rule(row, now, on)
    ask(shipment, on=on, by=by, at=at)


def count_missing(shipment: Shipment) -> None:
    """Store how many blocking papers are not in hand. Called under the shipment's lock, with the row that will be saved."""
    shipment.papers_missing = len(missing_papers(shipment.papers.all()))
    Shipment.objects.filter(pk=shipment.pk).update(papers_missing=shipment.papers_missing)


def _of(paper: CustomsPaper) -> tuple[str, str, int | None]:
    return paper.lane.side, paper.code, paper.supplier_id


def _wanted(shipment: Shipment, on: date) -> list[Wanted]:
    """What the rules want of the whole shipment, and of each company what suppliers owe; contradictions first seen in the whole."""
    lines = lines_of(shipment)
    whole = requirements_of(shipment, lines, on)
    found = [Wanted(one, None) for one in whole if one.conflict or one.rule.owner != Owner.SUPPLIER]
    companies = _by_company(lines)
    for supplier, theirs in companies:
        asked = whole if len(companies) == 1 else requirements_of(shipment, theirs, on)
        found += [
            Wanted(one, supplier) for one in asked if one.rule.owner == Owner.SUPPLIER and not one.conflict
        ]
    return sorted(found, key=lambda one: _in_order(one.requirement.rule))


def _in_order(rule: CustomsRule) -> tuple[str, int, str]:
    return rule.side, rule.position, rule.code


def _by_company(lines: Sequence[ShipmentLine]) -> list[tuple[Supplier, list[ShipmentLine]]]:
    ordered = sorted(lines, key=lambda line: line.order_line.order.supplier_id)
    grouped = groupby(ordered, key=lambda line: line.order_line.order.supplier)
    return [(supplier, list(theirs)) for supplier, theirs in grouped]


def _refuse_contradiction(wanted: Requirement) -> None:
    """A firm contradiction stops the plan: the importer would sign something that is not true."""
    if wanted.blocks:
        raise asked.contradiction(wanted)


def _ask_for(
    wanted: Wanted, lane: CustomsLane, shipment: Shipment, *, on: date, by: Actor, at: datetime
) -> CustomsPaper:
    paper = CustomsPaper(
        lane=lane,
        shipment=shipment,
        city_id=shipment.city_id,
        broker_id=shipment.broker_id,
        supplier=wanted.supplier,
        code=wanted.requirement.paper,
    )
    _by_rule(paper, wanted.requirement, on)
    customs.ASK.start(paper, by=by, at=at)
    certificate = _certificate_for(paper, on)
    if certificate is not None:
        with customs.DRAFT.on(paper, by=by, at=at, certificate=certificate.reference) as row:
            row.number = certificate.number
            row.remark = certificate.reference
        with customs.READY.on(paper, by=by, at=at):
            pass
    return paper


def _by_rule(paper: CustomsPaper, wanted: Requirement, on: date) -> None:
    """What a paper says of the rule that asks for it."""
    rule = wanted.rule
    paper.sort, paper.rule, paper.asked_on = rule.sort, rule.code, on
    paper.name_en, paper.name_fr, paper.name_zh = rule.name_en, rule.name_fr, rule.name_zh
    paper.owner, paper.due_before, paper.blocks = rule.owner, rule.due_before, wanted.blocks
    paper.satisfied_by = rule.satisfied_by
    paper.source_url = next(iter(wanted.backing.sources), "")


def _certificate_for(paper: CustomsPaper, on: date) -> Certificate | None:
    """A certificate that is this paper: confirmed not long ago, valid on the day; of the company that owes it, else of the seller.

    Of a company, its certificates under any row that was merged with it count.
    """
    if not paper.satisfied_by:
        return None
    sellers = (
        paper.supplier.rows
        if paper.supplier is not None
        else list(paper.shipment.lines.values_list("order_line__order__supplier", flat=True))
    )
    held = Certificate.objects.filter(supplier__in=sellers, kind__code__in=paper.satisfied_by)
    return held.filter(old_papers.fresh(on)).order_by("pk").first()
