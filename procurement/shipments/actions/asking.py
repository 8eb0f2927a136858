"""Which papers a shipment needs: the customs rules of its lane on a day, asked for paper by paper; and how many are missing."""

from datetime import date, datetime

from django.utils.translation import gettext_lazy as _

from procurement.catalogue import gathering
from procurement.catalogue import rules as catalogue
from procurement.catalogue.models import CustomsRule
from procurement.orders.models import OrderLine
from procurement.shipments.models import CustomsLane, CustomsPaper, Shipment, ShipmentLine
from procurement.shipments.rules import customs, gates
from procurement.suppliers.models import Certificate
from workflow.actors import Actor
from workflow.errors import Refused


def ask(shipment: Shipment, *, on: date, by: Actor, at: datetime) -> list[CustomsPaper]:
    """Ask for every paper the rules of a day want and nobody asked for yet. Returns the new ones.

    A paper that is a certificate the supplier has, confirmed by its issuer, is ready at once. Refuses a firm contradiction; a
    doubtful one is noted. Called under the shipment's lock, with the row that will be saved.
    """
    lanes = {lane.side: lane for lane in shipment.lanes.order_by("pk")}
    asked = {(paper.lane_id, paper.code): paper for paper in shipment.papers.order_by("pk")}
    new, doubts = [], []
    for wanted in _requirements(shipment, on):
        lane = lanes.get(wanted.rule.side)
        if wanted.rule.sort == CustomsRule.Sort.CONFLICT:
            _refuse_contradiction(wanted)
            doubts.append(wanted.rule.code)
        elif lane is not None:
            paper = asked.get((lane.pk, wanted.paper))
            if paper is None:
                new.append(_ask_for(wanted, lane, shipment, on=on, by=by, at=at))
            elif paper.status == CustomsPaper.Status.NO_LONGER:
                with customs.ASK_AGAIN.on(paper, by=by, at=at) as row:
                    _by_rule(row, wanted, on)
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
        (one.rule.side, one.paper): one
        for one in _requirements(shipment, on)
        if one.rule.sort != CustomsRule.Sort.CONFLICT
    }
    for paper in shipment.papers.exclude(lane__status=over).select_related("lane").order_by("pk"):
        if paper.status not in customs.BEFORE_FILED:
            continue
        now = wanted.get((paper.lane.side, paper.code))
        if now is None:
            with customs.NO_LONGER.on(paper, by=by, at=at, reason=reason):
                pass
        elif now.rule.code != paper.rule:
            with customs.RESTATE.on(paper, by=by, at=at) as row:
                _by_rule(row, now, on)
    ask(shipment, on=on, by=by, at=at)


def count_missing(shipment: Shipment) -> None:
    """Store how many blocking papers are not in hand. Called under the shipment's lock, with the row that will be saved."""
    shipment.papers_missing = len(gates.missing_papers(shipment.papers.all()))
    Shipment.objects.filter(pk=shipment.pk).update(papers_missing=shipment.papers_missing)


def consignee_of(line: OrderLine) -> str:
    """Who receives the goods, as customs rules name it: the first kind of facility the need is for, else the municipality."""
    return gathering.receiver_of(line.allocation.line.supply_request.facility_kinds)


def _requirements(shipment: Shipment, on: date) -> list[catalogue.Requirement]:
    consignment = gathering.consignment_of(
        [_goods(line) for line in _lines(shipment)],
        origin=shipment.origin[:2],
        destination=shipment.destination[:2],
        consignee=shipment.consignee,
        mode=shipment.mode,
        on=on,
    )
    return gathering.requirements(consignment, on=on)


def _lines(shipment: Shipment) -> list[ShipmentLine]:
    mine = shipment.lines.all()
    if shipment.is_return:
        mine = ShipmentLine.objects.filter(pk__in=shipment.back_lines.values("line"))
    lines = mine.select_related(
        "order_line__order",
        "order_line__allocation__lead__product",
        "order_line__allocation__line__supply_request",
    )
    return list(lines.order_by("pk"))


def _goods(line: ShipmentLine) -> gathering.Line:
    """A line as customs sees it: the offer's product, declared for what the exporter declares, else for what the need says."""
    product = line.order_line.allocation.lead.product
    return gathering.Line(product, customs.declared_use(line), line.order_line.order.kind)


def _refuse_contradiction(wanted: catalogue.Requirement) -> None:
    """A firm contradiction stops the plan: the importer would sign something that is not true."""
    if wanted.blocks:
        words = _("%(what)s: %(why)s")
        told = {"what": wanted.rule.name, "why": wanted.rule.why}
        raise Refused("contradiction", words % told, rule=wanted.rule.code, products=list(wanted.products))


def _ask_for(
    wanted: catalogue.Requirement, lane: CustomsLane, shipment: Shipment, *, on: date, by: Actor, at: datetime
) -> CustomsPaper:
    paper = CustomsPaper(
        lane=lane,
        shipment=shipment,
        city_id=shipment.city_id,
        broker_id=shipment.broker_id,
        code=wanted.paper,
    )
    _by_rule(paper, wanted, on)
    customs.ASK.start(paper, by=by, at=at)
    certificate = _certificate_for(paper, on)
    if certificate is not None:
        with customs.DRAFT.on(paper, by=by, at=at, certificate=certificate.reference) as row:
            row.number = certificate.number
            row.remark = certificate.reference
        with customs.READY.on(paper, by=by, at=at):
            pass
    return paper


def _by_rule(paper: CustomsPaper, wanted: catalogue.Requirement, on: date) -> None:
    """What a paper says of the rule that asks for it."""
    rule = wanted.rule
    paper.sort, paper.rule, paper.asked_on = rule.sort, rule.code, on
    paper.name_en, paper.name_fr, paper.name_zh = rule.name_en, rule.name_fr, rule.name_zh
    paper.owner, paper.due_before, paper.blocks = rule.owner, rule.due_before, wanted.blocks
    paper.satisfied_by = rule.satisfied_by
    paper.source_url = next(iter(wanted.backing.sources), "")


def _certificate_for(paper: CustomsPaper, on: date) -> Certificate | None:
    """A certificate of the goods' suppliers that is this paper: confirmed by its issuer, and valid on the day."""
    suppliers = paper.shipment.lines.values("order_line__order__supplier")
    held = Certificate.objects.filter(
        supplier__in=suppliers, kind__code__in=paper.satisfied_by, status=Certificate.Status.CONFIRMED
    ).exclude(valid_until__lt=on)
    return held.order_by("pk").first()
