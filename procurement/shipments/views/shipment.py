"""Page of a shipment: blockers, milestones, clearances, goods, lots and inspections."""

from collections.abc import Sequence
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import Count, OuterRef, Prefetch, prefetch_related_objects
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _

from partners.activity.context import activity_context
from partners.authenticated_requests import AuthenticatedRequest
from partners.powers import Power
from procurement.catalogue.models.customs import CustomsRule
from procurement.catalogue.views.required_documents import required_documents_url
from procurement.customs.models import CustomsClearance, CustomsHold, Declaration
from procurement.customs.rules import (
    cache_shipment_lines,
    declared_use,
    end_user_types_by_line,
    travelling_lines,
)
from procurement.documents.models.requests import DocumentRequest, DocumentSubmission
from procurement.documents.queries import unassigned_file_count
from procurement.orders.models import Order
from procurement.quality.models import Lot
from procurement.quality.rules import INSPECT_LOT
from procurement.receiving.models import Destruction, Discrepancy, GoodsReceipt
from procurement.receiving.views.destruction import rejected_goods_context
from procurement.shipments.forms import PackCartonsForm
from procurement.shipments.models import Milestone, Shipment, ShipmentLine, Step
from procurement.shipments.queries import shipment_title
from procurement.shipments.rules import steps_out_of_order
from procurement.shipments.views.customs import customs_context
from procurement.tracking.models import TrackingEvent
from procurement.tracking.views.tracking_panel import date_changes_of, milestone_place_name, tracking_context
from workflow import clock
from workflow.base_models import JournaledModel
from workflow.errors import LazyText
from workflow.http.pages import render_page
from workflow.query_expressions import exists_annotations, may_have_related

STEP_ICONS = {
    Step.READY: "package",
    Step.PICKED_UP: "package-check",
    Step.EXPORT_CLEARED: "file-check",
    Step.DEPARTED: "plane-takeoff",
    Step.ARRIVED: "plane-landing",
    Step.IMPORT_CLEARED: "stamp",
    Step.DELIVERED: "truck",
    Step.INSPECTED: "clipboard-check",
}
LINE_RELATIONS = (
    "order_line__order",
    "order_line__allocation__lead__product",
    "order_line__allocation__line__supply_request",
)
# Moves that are elsewhere on the page.
VERBS_SHOWN_ELSEWHERE = "flag_event unflag_event record_carton undo_carton plan_return destroy share unshare"
# Moves whose form asks for data first, so that the button is a link.
MOVES_WITH_FORM = "edit assign_broker schedule reroute split merge record_return estimate record_event"
# Moves that a journey rarely needs: the page folds them.
RARE_MOVES = "edit assign_broker schedule review_documents reroute split merge write_off cancel"
# Statuses whose next move is a button that records it now; a link asks for another time.
STATUSES_WITH_ONE_CLICK_MOVE = (Shipment.Status.PACKED, Shipment.Status.IN_TRANSIT, Shipment.Status.ARRIVED)
CLEARANCE_LABELS = {
    CustomsRule.Side.EXPORT: _("Export clearance"),
    CustomsRule.Side.IMPORT: _("Import clearance"),
}


@login_required
def shipment_detail(request: AuthenticatedRequest, reference: str) -> HttpResponse:
    """Show one shipment: blockers, milestones, clearances, documents, goods, receipts, lots and history."""
    thing = _find_with_presence(request, reference)
    declared = Prefetch("declarations", Declaration.objects.visible_to(request.by).order_by("pk"))
    rows = CustomsClearance.objects.visible_to(request.by).prefetch_related(declared).order_by("pk")
    prefetch_related_objects([thing], Prefetch("clearances", rows))
    clearances = list(thing.clearances.all())
    questions = CustomsHold.objects.visible_to(request.by).filter(clearance__in=clearances).order_by("pk")
    holds = list(questions) if may_have_related(thing, "holds") else []
    receipts = list(_visible_rows(GoodsReceipt, request, thing).select_related("by"))
    for receipt in receipts:
        receipt.shipment = thing  # avoids a query for each receipt
    goods = "line__order_line__allocation__lead__product"
    lots = list(_visible_rows(Lot, request, thing).select_related(goods))
    lines = _lines_with_offers(thing)
    steps = list(thing.milestones.annotate(dates=Count("changes")).order_by("position"))
    goods_ready = _packing_context(request, thing, lines)
    held = _orders_on_hold(request, thing, lines)
    customs, documents = customs_context(
        request, thing, clearances, holds, goods_ready["pack_waits"], held, thing.unassigned
    )
    context = {
        "shipment": thing,
        "powers": request.by,
        **goods_ready,
        **_reader_options(request, thing, bool(documents)),
        **customs,
        "lines": lines,
        "uncounted": any(line.uncounted_pieces for line in lines),
        "surplus_kept": any(line.surplus_kept for line in lines),
        "requirements_url": _required_documents_urls(thing, lines),
        "receipts": receipts,
        "lots": lots,
        "inspectable": {lot.pk for lot in lots if INSPECT_LOT.refusal(request.by, lot, clock.now()) is None},
        "discrepancies": _visible_rows(Discrepancy, request, thing).select_related(goods),
        **rejected_goods_context(request.by, thing, lines, lots),
        **tracking_context(request.by, thing, clearances, steps, lines, clock.now()),
        **_journey_context(
            thing, lines, milestone_steps(request, thing, steps, lots), packs=goods_ready["may_pack"]
        ),
    }
    parts = _parts_with_history(clearances, holds, receipts, lots)
    return render_page(request, "shipments/detail.html", context | activity_context(request, thing, parts))


def _lines_with_offers(thing: Shipment) -> list[ShipmentLine]:
    """Return the lines of a shipment with their offers and needs.

    They are set on the shipment, so that moves need not read them again.
    """
    if thing.is_return:
        return list(thing.lines.select_related(*LINE_RELATIONS).order_by("pk"))
    lines = travelling_lines(thing)
    cache_shipment_lines(thing, lines)
    return lines


def _visible_rows(model: Any, request: AuthenticatedRequest, thing: Shipment) -> Any:
    """Return the shipment's rows of a model that the reader may see, oldest first."""
    rows = model.objects.visible_to(request.by).filter(shipment=thing).order_by("pk")
    return rows if may_have_related(thing, model._meta.model_name) else rows.none()


def _reader_options(request: AuthenticatedRequest, thing: Shipment, documents: bool) -> dict[str, Any]:
    """Return the template context with the reader's options on this page, beside the moves."""
    ships = request.by.may(Power.SHIP, thing)
    return {
        "sees_orders": request.by.may(Power.SEE, thing),
        "may_hold": request.by.may(Power.CLEAR_CUSTOMS, thing),
        "sees_documents": request.by.may(Power.SEE, thing) or request.by.may(Power.CLEAR_CUSTOMS, thing),
        "timed": ships and thing.status in STATUSES_WITH_ONE_CLICK_MOVE and not thing.is_return,
        "may_share": ships and thing.status != Shipment.Status.CANCELLED,
        "may_pack_back": ships,
        "may_request": ships and documents and thing.status not in Shipment.Status.settled,
        "with_form": MOVES_WITH_FORM,
        "rare": RARE_MOVES,
        "leave_out": VERBS_SHOWN_ELSEWHERE if thing.is_return else f"pack {VERBS_SHOWN_ELSEWHERE}",
    }


def _packing_context(
    request: AuthenticatedRequest, thing: Shipment, lines: Sequence[ShipmentLine]
) -> dict[str, Any]:
    """Return whether the reader can pack now, and the orders whose goods are not ready."""
    ships = request.by.may(Power.SHIP, thing)
    packs = ships and thing.status == Shipment.Status.PLANNED and not thing.is_return
    orders = [line.order_line.order for line in lines] if packs else []
    waiting = {order.pk for order in orders if order.status != Order.Status.READY_TO_SHIP}
    if not waiting:
        return {"may_pack": packs, "pack_waits": []}
    waits = Order.objects.visible_to(request.by).filter(pk__in=waiting)
    return {"may_pack": False, "pack_waits": list(waits.select_related("author").order_by("pk"))}


def _orders_on_hold(
    request: AuthenticatedRequest, thing: Shipment, lines: Sequence[ShipmentLine]
) -> list[Order]:
    """Return the orders on hold whose goods have not left, for readers who see orders."""
    waits = thing.status in (Shipment.Status.PLANNED, Shipment.Status.PACKED) and not thing.is_return
    if not waits or not request.by.may(Power.SEE, thing):
        return []
    held = {line.order_line.order_id for line in lines if line.order_line.order.held_since}
    rows = Order.objects.filter(pk__in=held).select_related("held_by").order_by("pk")
    return list(rows) if held else []


def _parts_with_history(
    clearances: list[CustomsClearance],
    holds: list[CustomsHold],
    receipts: list[GoodsReceipt],
    lots: list[Lot],
) -> list[tuple[JournaledModel, LazyText]]:
    """Return the objects on this page whose journal entries belong to its history, with their labels."""
    names = {clearance.pk: CLEARANCE_LABELS[CustomsRule.Side(clearance.side)] for clearance in clearances}
    return [
        *((clearance, names[clearance.pk]) for clearance in clearances),
        *((hold, names[hold.clearance_id]) for hold in holds),
        *((receipt, _("Goods receipt")) for receipt in receipts),
        *((lot, _("Lot %(number)s") % {"number": lot.number}) for lot in lots),
    ]


def _required_documents_urls(thing: Shipment, lines: list[ShipmentLine]) -> dict[str, str]:
    """Return, by product, the address of the page with the documents required on this route.

    Empty if the shipment crosses no border.
    """
    origin, destination = thing.origin[:2], thing.destination[:2]
    if origin == destination:
        return {}
    clearance = {"origin": origin, "destination": destination, "mode": thing.mode}
    named = end_user_types_by_line(thing, lines)
    return {
        line.order_line.allocation.lead.product.name: required_documents_url(
            **clearance,
            product=line.order_line.allocation.lead.product.code,
            receiver=named[line.pk],
            use=declared_use(line),
            acquisition_type=line.order_line.order.kind,
        )
        for line in lines
    }


def _journey_context(
    thing: Shipment, lines: list[ShipmentLine], steps: list[dict[str, Any]], *, packs: bool
) -> dict[str, Any]:
    """Return the template context of what travels where, with the form that records the packing."""
    return {
        "steps": steps,
        "title": shipment_title(thing, lines),
        "pack_form": PackCartonsForm(None, lines) if packs else None,
    }


def milestone_steps(
    request: AuthenticatedRequest, thing: Shipment, milestones: Sequence[Any], lots: Sequence[Lot]
) -> list[dict[str, Any]]:
    """Return the milestones as steps of one row, each with its actual, expected and planned moment.

    Each has the number of dates that were planned or estimated for it (`dates`); the dates themselves are
    read when the reader opens them (`?dates`). If a lot was rejected or recalled, the last milestone does not
    appear as fully released.
    """
    last = max((number for number, one in enumerate(milestones) if one.actual_at), default=-1)
    following = next((one.pk for one in milestones[last + 1 :]), None)
    before = steps_out_of_order(milestones)
    changes = date_changes_of(thing) if "dates" in request.GET else {}
    rows = [
        {
            "icon": STEP_ICONS[Step(one.step)],
            "label": one.get_step_display(),
            "place": milestone_place_name(thing, one),
            "zone": one.timezone,
            "state": _step_state(one, following, held=thing.held, passed=number < last),
            "actual": one.actual_at,
            "expected": one.estimated_at,
            "planned": one.planned_at,
            "note": _order_warning(before.get(one.step)),
            "by": _estimator(one),
            "step": one.step,
            "dates": one.dates,
            "changes": changes.get(one.pk, []),
        }
        for number, one in enumerate(milestones)
    ]
    kept_back = any(lot.status in Lot.Status.void for lot in lots)
    if kept_back and milestones and milestones[-1].step == Step.INSPECTED and milestones[-1].actual_at:
        rows[-1]["label"] = _("Inspected, partly released")
    return rows


def _step_state(one: Milestone, following: int | None, *, held: bool, passed: bool) -> str:
    """Return the state of a step.

    `passed` means that a later milestone has happened, so this one has too, even if it was not reported:
    such a step is never the current one. `following` is the id of the next milestone.
    """
    if one.actual_at is not None:
        return "done"
    if passed:
        return "passed"
    if one.pk != following:
        return "ahead"
    return "held" if held and one.step in (Step.EXPORT_CLEARED, Step.IMPORT_CLEARED) else "now"


def _order_warning(before: Step | None) -> LazyText:
    """Return what is unusual about the moments of a step: an impossible order."""
    if before is not None:
        return _("earlier than “%(step)s”: check the times") % {"step": before.label}
    return ""


def _estimator(one: Milestone) -> LazyText:
    """Return who estimated the moment of a step that has not happened yet."""
    if one.actual_at is None and one.estimated_at is not None and one.estimated_by:
        return _("estimated by %(who)s") % {"who": one.estimated_by}
    return ""


def find_shipment(request: AuthenticatedRequest, reference: str) -> Shipment:
    """Return the shipment, or raise 404 if the reader may not see it."""
    found: Shipment = get_object_or_404(_with_related_names(request), reference=reference)
    return found


def _with_related_names(request: AuthenticatedRequest) -> Any:
    return Shipment.objects.visible_to(request.by).select_related(
        "city", "author", "broker", "received_by", "contact__user", "returned_from"
    )


def _find_with_presence(request: AuthenticatedRequest, reference: str) -> Any:
    """Return the same shipment, with the kinds of related rows that it has: most have few of them.

    `unassigned` is the number of files that wait for a document.
    """
    here = OuterRef("pk")
    there = exists_annotations(
        holds=CustomsHold.objects.filter(clearance__shipment=here),
        goodsreceipt=GoodsReceipt.objects.filter(shipment=here),
        lot=Lot.objects.filter(shipment=here),
        discrepancy=Discrepancy.objects.filter(shipment=here),
        submissions=DocumentSubmission.objects.filter(document__shipment=here),
        document_requests=DocumentRequest.objects.filter(shipment=here),
        returns=Shipment.objects.filter(returned_from=here),
        destructions=Destruction.objects.filter(shipment=here),
        events=TrackingEvent.objects.filter(shipment=here),
    )
    rows = _with_related_names(request).annotate(unassigned=unassigned_file_count(request.by), **there)
    found: Any = get_object_or_404(rows, reference=reference)
    return found
