"""A shipment's own page: what blocks it and who has it, its steps, its two customs, what is in it, lots and inspections."""

from collections.abc import Sequence
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import Prefetch
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from partners.roles import Power
from partners.visit import Visit
from partners.web import record
from procurement.catalogue.models.customs import CustomsRule
from procurement.orders.models.order import Order
from procurement.shipments.models.arrival import Lot, Receipt
from procurement.shipments.models.cases import DifferenceCase
from procurement.shipments.models.customs import CustomsHold, CustomsLane, CustomsPaper, Declaration
from procurement.shipments.models.handing import PaperCall
from procurement.shipments.models.shipment import Shipment, ShipmentLine
from procurement.shipments.models.tracking import Milestone, Step
from procurement.shipments.rules.asked import declared_use, receivers
from procurement.shipments.rules.gates import blocked_by, orders_ready
from procurement.shipments.rules.handing import OVER
from procurement.web.customs_rules.asked import address
from procurement.web.shipments.handing.versions import on_shipment
from procurement.web.shipments.tracking import telling
from procurement.web.shipments.tracking.telling import slips_of
from procurement.web.shipments.ways.destroyed import ways_of
from workflow import clock
from workflow.doors.charts.milestones import MilestoneMark
from workflow.doors.http import show
from workflow.doors.words import localised, offset
from workflow.errors import Words
from workflow.models.tracked import Tracked

ICONS = {
    Step.READY: "package",
    Step.PICKED_UP: "package-check",
    Step.EXPORT_CLEARED: "file-check",
    Step.DEPARTED: "plane-takeoff",
    Step.ARRIVED: "plane-landing",
    Step.IMPORT_CLEARED: "stamp",
    Step.DELIVERED: "truck",
    Step.INSPECTED: "clipboard-check",
}
OF_LINES = (
    "order_line__order",
    "order_line__allocation__lead__product",
    "order_line__allocation__line__supply_request",
)
# Moves that stand elsewhere on the page.
ELSEWHERE = "call_wrong call_right see_carton forget_carton send_back destroy share unshare"
KEPT_BACK = (Lot.Status.REFUSED, Lot.Status.RECALLED)
CUSTOMS = {CustomsRule.Side.EXPORT: _("Export customs"), CustomsRule.Side.IMPORT: _("Import customs")}


@login_required
def shipment(request: Visit, reference: str) -> HttpResponse:
    """One shipment: what blocks it and who has it, its steps, its two customs, what is in it, lots and inspections."""
    thing = find(request, reference)
    declared = Prefetch("declarations", Declaration.objects.visible_to(request.by).order_by("pk"))
    rows = CustomsLane.objects.visible_to(request.by).filter(shipment=thing).prefetch_related(declared)
    lanes = list(rows.order_by("pk"))
    for lane in lanes:
        lane.shipment = thing  # read once for the moves of all lanes
    papers = list(_of(CustomsPaper, request, thing).select_related("supplier"))
    holds = list(CustomsHold.objects.visible_to(request.by).filter(lane__in=lanes).order_by("pk"))
    receipts = list(_of(Receipt, request, thing).select_related("by"))
    goods = "line__order_line__allocation__lead__product"
    lots = list(_of(Lot, request, thing).select_related(goods))
    lines = list(thing.lines.select_related(*OF_LINES).order_by("pk"))
    steps = list(thing.milestones.order_by("position"))
    brought = on_shipment(request, thing) if papers else {}
    context = {
        "shipment": thing,
        "powers": request.by,
        **_open_to(request, thing, bool(papers)),
        "blocked": blocked_by(
            thing, lanes, papers, [held for held in holds if held.status == CustomsHold.Status.HELD]
        ),
        "lanes": [
            (lane, _papers_of(lane, papers, brought), [one for one in holds if one.lane_id == lane.pk])
            for lane in lanes
        ],
        "lines": lines,
        "uncounted": any(line.uncounted for line in lines),
        "surplus_kept": any(line.surplus_kept for line in lines),
        "asked_papers": _asked(thing, lines),
        "receipts": receipts,
        "lots": lots,
        "cases": _of(DifferenceCase, request, thing).select_related(goods),
        "calls": _of(PaperCall, request, thing).select_related("supplier"),
        **ways_of(request.by, thing),
        **telling.followed(request.by, thing, lanes, steps, clock.now()),
        **timeline(thing, steps, lots),
        "clock_words": _clock_words(),
    }
    parts = _parts(lanes, holds, receipts, lots)
    return show(request, "shipments/detail.html", context | record.of(request, thing, parts))


def _clock_words() -> str:
    """Whose clock the page is on: the reader's, by its zone and its difference from UTC today."""
    name, shift = timezone.get_current_timezone_name(), offset(localised(clock.now()))
    return name if name == shift else f"{name} ({shift})"


def _of(model: Any, request: Visit, thing: Shipment) -> Any:
    """What this reader sees of a shipment's rows, in the order in which they were made."""
    return model.objects.visible_to(request.by).filter(shipment=thing).order_by("pk")


def _open_to(request: Visit, thing: Shipment, papers: bool) -> dict[str, Any]:
    """What the reader may do from here, beside the moves."""
    ships = request.by.may(Power.SHIP, thing)
    packs = ships and thing.status == Shipment.Status.PLANNED and not thing.is_return
    closed = orders_ready(thing) if packs else None
    waits = Order.objects.filter(reference__in=closed.details["orders"]) if closed is not None else ()
    return {
        "sees_orders": request.by.may(Power.SEE, thing),
        "may_hold": request.by.may(Power.CLEAR, thing),
        "sees_papers": request.by.may(Power.SEE, thing) or request.by.may(Power.CLEAR, thing),
        "may_pack": packs and closed is None,
        "pack_closed": closed,
        "pack_waits": waits and waits.visible_to(request.by).select_related("author").order_by("pk"),
        "may_share": ships and thing.status != Shipment.Status.CANCELLED,
        "may_pack_back": ships,
        "may_call": ships and papers and thing.status not in OVER,
        "leave_out": ELSEWHERE if thing.is_return else f"pack {ELSEWHERE}",
    }


def _parts(
    lanes: list[CustomsLane], holds: list[CustomsHold], receipts: list[Receipt], lots: list[Lot]
) -> list[tuple[Tracked, Words]]:
    """What the shipment's history tells with its own: things that stand on its page, by the names they have there."""
    names = {lane.pk: CUSTOMS[CustomsRule.Side(lane.side)] for lane in lanes}
    return [
        *((lane, names[lane.pk]) for lane in lanes),
        *((hold, names[hold.lane_id]) for hold in holds),
        *((receipt, _("Counting")) for receipt in receipts),
        *((lot, _("Lot %(number)s") % {"number": lot.number}) for lot in lots),
    ]


def _asked(thing: Shipment, lines: list[ShipmentLine]) -> dict[str, str]:
    """For each kind of goods, the page of what customs asks for them on this lane; none where they cross no border."""
    origin, destination = thing.origin[:2], thing.destination[:2]
    if origin == destination:
        return {}
    lane = {"origin": origin, "destination": destination, "mode": thing.mode}
    named = receivers(thing, lines)
    return {
        line.order_line.allocation.lead.product.name: address(
            **lane,
            product=line.order_line.allocation.lead.product.code,
            receiver=named[line.pk],
            use=declared_use(line),
            dealing=line.order_line.order.kind,
        )
        for line in lines
    }


def _papers_of(
    lane: CustomsLane, papers: list[CustomsPaper], brought: dict[int, dict[str, Any]]
) -> list[dict[str, Any]]:
    """A lane's papers as the checklist shows them, with the file of each; those that are asked for no longer come last."""
    own = [paper for paper in papers if paper.lane_id == lane.pk]
    return [
        {
            "name": paper.name,
            "url": paper.get_absolute_url(),
            "owner": _owed(paper),
            "thing": paper,
            "reason": paper.remark,
            "quiet": paper.status == CustomsPaper.Status.ACCEPTED,
            "brought": brought.get(paper.pk),
        }
        for paper in sorted(own, key=lambda paper: paper.status == CustomsPaper.Status.NO_LONGER)
    ]


def _owed(paper: CustomsPaper) -> str:
    """Who owes a paper, and before which step; of one that only warns, that it does."""
    parts = [paper.owed_by, paper.get_due_before_display(), "" if paper.blocks else str(_("only warns"))]
    return " · ".join(part for part in parts if part)


def timeline(thing: Shipment, milestones: list[Milestone], lots: Sequence[Lot]) -> dict[str, Any]:
    """The steps of the journey twice: as a list, and for the line of days. What was refused or recalled is not shown as released."""
    kept_back = any(lot.status in KEPT_BACK for lot in lots)
    last = max((number for number, one in enumerate(milestones) if one.actual_at), default=-1)
    following = next((one.pk for one in milestones[last + 1 :]), None)
    slips = slips_of(thing)
    rows = [
        _as_row(one, following, held=thing.held, passed=number < last)
        | {"place": telling.where(thing, one), "slips": slips.get(one.pk, [])}
        for number, one in enumerate(milestones)
    ]
    if kept_back and milestones and milestones[-1].step == Step.INSPECTED and milestones[-1].actual_at:
        rows[-1]["label"] = _("Inspected, not all of it released")
    steps = [MilestoneMark(row["label"], row["when"], row["state"], row["kind"]) for row in rows]
    return {"steps": rows, "line": steps}


def _as_row(one: Milestone, following: int | None, *, held: bool, passed: bool) -> dict[str, Any]:
    """A step as the list shows it; `passed`: a later one has happened, so this one has, recorded or not."""
    if passed and one.actual_at is None:
        return {
            "icon": ICONS[Step(one.step)],
            "label": one.get_step_display(),
            "when": None,
            "state": "done",
            "kind": "actual",
            "note": _("passed, not recorded"),
        }
    clearing = one.step in (Step.EXPORT_CLEARED, Step.IMPORT_CLEARED)
    state = "done" if one.actual_at else "ahead"
    if one.pk == following:
        state = "held" if held and clearing else "now"
    known = (("actual", one.actual_at), ("estimated", one.estimated_at), ("planned", one.planned_at))
    kind, when = next(((kind, when) for kind, when in known if when is not None), ("planned", None))
    return {
        "icon": ICONS[Step(one.step)],
        "label": one.get_step_display(),
        "when": when,
        "state": state,
        "kind": kind,
        "note": _("says %(who)s") % {"who": one.estimated_by}
        if kind == "estimated" and one.estimated_by
        else "",
    }


def find(request: Visit, reference: str) -> Shipment:
    """The shipment, as far as the reader may see it."""
    rows = Shipment.objects.visible_to(request.by).select_related(
        "city", "author", "broker", "received_by", "contact__user", "back_from"
    )
    return get_object_or_404(rows, reference=reference)


urlpatterns = [path("shipments/<slug:reference>/", shipment, name="shipment")]
