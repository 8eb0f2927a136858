"""What stands between a shipment and its next step, and who has it: papers, customs, holds, uncounted and uninspected goods."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from procurement.catalogue.models.customs import CustomsRule
from procurement.orders.models.order import Order
from procurement.orders.rules import gates
from procurement.shipments.models.arrival import Lot
from procurement.shipments.models.customs import CustomsHold, CustomsLane, CustomsPaper
from procurement.shipments.models.shipment import Shipment
from workflow.errors import Refused, Words
from workflow.models.tracked import Tracked
from workflow.moves import first_refusal, not_ready
from workflow.tongues import Figure

Due = CustomsRule.Due
Side = CustomsRule.Side
ENDED = frozenset({Order.Status.CANCELLED, Order.Status.LOST})
NEXT = {
    Shipment.Status.PLANNED: Due.DEPART,
    Shipment.Status.PACKED: Due.DEPART,
    Shipment.Status.DEPARTED: Due.DELIVER,
    Shipment.Status.ARRIVED: Due.DELIVER,
}
LEFT_OF_PAPER: dict[str, Words] = {
    CustomsPaper.Status.MISSING: _("bring it, then hand it in"),
    CustomsPaper.Status.DRAFT: _("bring it, then hand it in"),
    CustomsPaper.Status.READY: _("it is here: hand it in"),
    CustomsPaper.Status.QUERIED: _("answer what was asked, then hand it in again"),
    CustomsPaper.Status.REFUSED: _("bring a new version, then hand it in"),
}
SIDE_OF = {Due.DEPART: Side.EXPORT, Due.DELIVER: Side.IMPORT}


@dataclass(frozen=True)
class Obstacle:
    """One thing in the way: what it is, who has it, what is left to do, where (`thing`), and since when where that is known."""

    code: str
    what: Words
    who: Words
    left: Words
    thing: Tracked
    since: datetime | None = None

    @property
    def line(self) -> str:
        """In one line: what blocks, and who has it."""
        return _with(self.what, self.who)


def missing_papers(papers: Iterable[CustomsPaper], due: str | None = None) -> list[CustomsPaper]:
    """The blocking papers that are not handed in, before a step (`depart`, `deliver`) or before any."""
    return [
        paper
        for paper in papers
        if paper.blocks and paper.status not in CustomsPaper.SETTLED and due in {None, paper.due_before}
    ]


def warned_papers(papers: Iterable[CustomsPaper]) -> list[CustomsPaper]:
    """The papers somebody should bring, though no firm rule says that they block."""
    return [paper for paper in papers if not paper.blocks and paper.status not in CustomsPaper.SETTLED]


def blocked_by(
    shipment: Shipment,
    lanes: Sequence[CustomsLane],
    papers: Iterable[CustomsPaper],
    holds: Iterable[CustomsHold],
) -> list[Obstacle]:
    """What blocks the next step today, and who has it; the first is the one to settle first. Empty: nothing does.

    Order: what customs asks, papers, customs itself. The rows are those of this shipment.
    """
    due = NEXT.get(Shipment.Status(shipment.status))
    if due is None:
        return []
    side = SIDE_OF[due]
    lane = next((lane for lane in lanes if lane.side == side), None)
    asked = [
        hold for hold in holds if lane and hold.lane_id == lane.pk and hold.status == CustomsHold.Status.HELD
    ]
    found = [
        Obstacle(
            "hold",
            hold.question or hold.reason,
            _broker_or_city(shipment),
            _left_of_hold(hold),
            hold,
            hold.started_at,
        )
        for hold in asked
    ]
    found += [
        Obstacle(
            "paper",
            paper.name,
            paper.owed_by,
            LEFT_OF_PAPER[CustomsPaper.Status(paper.status)],
            paper,
            paper.created_at,
        )
        for paper in missing_papers(papers, due)
    ]
    if lane is not None and lane.status != CustomsLane.Status.RELEASED:
        found.append(_at_customs(shipment, lane))
    return found


def _at_customs(shipment: Shipment, lane: CustomsLane) -> Obstacle:
    filed = lane.status == CustomsLane.Status.FILED
    what = {
        (Side.EXPORT, False): _("Export is not declared yet"),
        (Side.EXPORT, True): _("Export is not released yet"),
        (Side.IMPORT, False): _("Import is not declared yet"),
        (Side.IMPORT, True): _("Import is not released yet"),
    }[Side(lane.side), filed]
    left = _("note the release by customs") if filed else _("file it with customs")
    if filed and shipment.status == Shipment.Status.PLANNED:
        left = _("pack the goods, then note the release by customs")
    who = _("customs") if filed else _broker_or_city(shipment)
    return Obstacle("lane", what, who, left, lane, lane.filed_at)


def _left_of_hold(hold: CustomsHold) -> Words:
    return _("note the end of the hold") if hold.answer else _("answer customs")


def _broker_or_city(shipment: Shipment) -> Words:
    return _("customs broker") if shipment.broker_id else _("city")


def _listed(papers: Sequence[CustomsPaper]) -> str:
    return str(_("; ")).join(_with(paper.name, paper.owed_by) for paper in papers)


def _with(what: Words, who: Words) -> str:
    return str(_("%(what)s (%(part)s)") % {"what": what, "part": who})


# The list of papers in the language of whoever reads the refusal.
listed = lazy(_listed, str)


def papers_in_hand(shipment: Shipment, due: str) -> Refused | None:
    """A step with a blocking paper missing is refused, with the list."""
    missing = missing_papers(shipment.papers.select_related("supplier").order_by("pk"), due)
    if not missing:
        return None
    words = _("Papers are missing %(before)s: %(papers)s.")
    told = {"before": Due(due).label, "papers": listed(missing)}
    return not_ready(words % told, papers=[paper.reference for paper in missing])


def lane_released(shipment: Shipment, side: str) -> Refused | None:
    """Nothing leaves without its export released, nothing is delivered without its import released."""
    lane = shipment.lanes.filter(side=side).first()
    if lane is None or lane.status == CustomsLane.Status.RELEASED:
        return None
    words = {
        Side.EXPORT: _("Customs has not released the export yet (%(lane)s)."),
        Side.IMPORT: _("Customs has not released the import yet (%(lane)s)."),
    }[Side(side)]
    return not_ready(words % {"lane": lane.reference}, lane=lane.reference, held=lane.holds_open > 0)


def may_leave(shipment: Shipment) -> Refused | None:
    """Its orders still stand, nobody they deal with may be on a list, the blocking papers are handed in and the export is released."""
    return (
        orders_ready(shipment)
        or clear_of_lists(shipment)
        or papers_in_hand(shipment, Due.DEPART)
        or lane_released(shipment, Side.EXPORT)
    )


def clear_of_lists(shipment: Shipment) -> Refused | None:
    """Goods stay where they are while a company behind them may be on a list, though it was found after the order was placed."""
    orders = Order.objects.filter(lines__shipment_lines__shipment=shipment).distinct().order_by("pk")
    return first_refusal(gates.clear_of_lists(order) for order in orders)


def may_be_delivered(shipment: Shipment) -> Refused | None:
    """The blocking papers are handed in and the import is released."""
    return first_refusal((papers_in_hand(shipment, Due.DELIVER), lane_released(shipment, Side.IMPORT)))


def orders_ready(shipment: Shipment) -> Refused | None:
    """Goods are packed when their orders say that they are ready, and leave while those orders have not ended."""
    waiting = Order.objects.filter(lines__shipment_lines__shipment=shipment).exclude(
        status=Order.Status.READY
    )
    found = dict(waiting.order_by("reference").values_list("reference", "status"))
    if not found:
        return None
    ended = [reference for reference, status in found.items() if status in ENDED]
    words = (
        _("%(orders)s was given up, so its goods stay where they are. Cancel the shipment.")
        if ended
        else _("The goods of %(orders)s are not ready.")
    )
    return not_ready(words % {"orders": ", ".join(ended or found)}, orders=list(found))


def seen_in(shipment: Shipment) -> Refused | None:
    """A shipment is closed when every piece has been counted and every lot inspected and decided on."""
    pieces = sum(line.uncounted for line in shipment.lines.all())
    if pieces:
        words = ngettext_lazy(
            "%(pieces)s piece is not counted yet.", "%(pieces)s pieces are not counted yet.", pieces
        )
        return not_ready(words % {"pieces": Figure(pieces)}, pieces=pieces)
    waiting = list(shipment.lots.filter(status=Lot.Status.QUARANTINED, quantity__gt=0).order_by("pk"))
    if not waiting:
        return None
    lots = [lot.reference for lot in waiting]
    return not_ready(_("Still in quarantine: %(lots)s.") % {"lots": ", ".join(lots)}, lots=lots)
