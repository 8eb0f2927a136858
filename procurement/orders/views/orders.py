"""Pages of orders and donations: the list, and the page of one."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import Prefetch, QuerySet, prefetch_related_objects
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404

from partners.activity.context import activity_context
from partners.http import AuthenticatedRequest
from partners.powers import Power
from procurement.allocations.models import AllocationCriteria
from procurement.catalogue.models.reference_rows import Dealing
from procurement.exports.csv_download import csv_requested, csv_response
from procurement.exports.spreadsheets import ORDERS
from procurement.leads.models.leads import SupplierLead
from procurement.logistics.actions.planning import SHIPPABLE
from procurement.orders.forms import OrderFilterForm
from procurement.orders.models import Order, OrderLine
from procurement.orders.payments.models import Payment
from procurement.orders.payments.rules.blocks import PAYABLE, payment_blocks, payment_blocks_on
from procurement.orders.payments.rules.payments import overpaid_amount
from procurement.orders.queries import overrides_of
from procurement.orders.rules.blockers import companies_of
from procurement.orders.rules.readiness import ReadinessReason
from procurement.orders.views import readiness_panel
from procurement.orders.views.create import unordered_allocations
from procurement.orders.views.decision_facts import (
    decision_lines,
    findings_summary,
    is_asked_to_decide,
    lines_without_criteria,
    offers_sought,
)
from procurement.orders.views.readiness_panel import ReadinessPanel, order_readiness
from procurement.outreach.views.letters import thank_you_letters_about
from procurement.receiving.models import Discrepancy
from procurement.sanctions.queries import blocking_matches
from procurement.thanks.models import ThankYou
from workflow import clock
from workflow.http.pages import render_page
from workflow.http.pagination import paginate
from workflow.journal.entries import history_of

WITH_NAMES = (
    "supplier",
    "city",
    "author",
    "approved_by",
    "donor_city",
    "bank_account__phone",
    "approved_under__delegator",
)


@login_required
def orders(request: AuthenticatedRequest) -> HttpResponseBase:
    """List every order and donation the reader may see, newest first, as a page or as CSV.

    The page also counts the allocations that wait to be ordered.
    """
    rows = Order.objects.visible_to(request.by).select_related(*WITH_NAMES)
    form = OrderFilterForm(request.GET)
    if form.is_valid():
        if form.cleaned_data["q"]:
            rows = rows.search(form.cleaned_data["q"])
        if form.cleaned_data["status"]:
            rows = rows.filter(status=form.cleaned_data["status"])
    if csv_requested(request):
        return csv_response(request, "orders", ORDERS, rows)
    may_write = bool(request.by.cities.get(Power.ORDER))
    context = {
        "page": paginate(request, rows),
        "filters": form,
        "may_write": may_write,
        "waiting": unordered_allocations(request).count(),
    }
    return render_page(request, "orders/list.html", context)


@login_required
def order(request: AuthenticatedRequest, reference: str) -> HttpResponse:
    """Show one order: goods, supplier, prices, approval, payments, shipments and history.

    A person who is asked to decide on the order now sees the decision page instead.
    """
    thing = find_order(request, reference)
    prefetch_related_objects([thing], Prefetch("lines", readiness_panel.WITH_GOODS))  # every move needs them
    lines = list(thing.lines.all())
    # read through the order, so that the payments need not load it again
    rows = thing.payments.visible_to(request.by).select_related("proposed_by", "paid_by")
    payments = list(rows.order_by("pk"))
    theirs = is_asked_to_decide(request.by, thing)
    values = history_of(thing).filter(verb="override").order_by("pk") if thing.override_by_id else ()
    overrides = overrides_of(values)
    five = decision_lines(thing, lines, payments, overrides, clock.now())
    shown = order_readiness(request.by, thing)
    context: dict[str, Any] = {
        "order": thing,
        "theirs": theirs,
        "five": five,
        "overrides": overrides,
        "counted": findings_summary(five.answers),
        "sought": offers_sought(thing, lines) if thing.kind == Dealing.PURCHASE else None,
        "criteria": AllocationCriteria.objects.visible_to(request.by).of(
            line.allocation.line_id for line in lines
        ),
        "without": lines_without_criteria(request.by, thing, lines),
        "shown": shown,
        "against": _against(shown, theirs),
        "leave_out": f"reduce_quantity {shown.verb if shown else ''}",
        "lines": lines,
        **_payments(thing, payments),
        "powers": request.by,
        "matches": blocking_matches(companies_of(thing, leads_of_lines(lines)), thing.city_id),
        "discrepancies": _cases(request, thing),
        **_shipping(request, thing, lines),
    }
    if thing.status == Order.Status.THANKED:
        context["thanks"] = thank_you_letters_about(thing)
    if any(line.departed for line in lines):
        context["thank_you"] = ThankYou.objects.filter(order=thing).first()
    parts = [(payment, payment.get_milestone_display()) for payment in payments]
    template = "orders/decide.html" if theirs else "orders/detail.html"
    return render_page(request, template, context | activity_context(request, thing, parts))


def leads_of_lines(lines: list[OrderLine]) -> list[SupplierLead]:
    """Return the offers behind the order lines."""
    return [line.allocation.lead for line in lines]


def _payments(thing: Order, payments: list[Payment]) -> dict[str, Any]:
    """Return what the page shows about the payments: the rows, what holds the money, and wrong totals.

    Cancelled payments appear only if the order is cancelled or lost. `not_offered` names the moves that a
    payment's row leaves out.
    """
    over = thing.status in Order.Status.void
    return {
        "payments": [one for one in payments if one.status != Payment.Status.CANCELLED or over],
        "held": [*payment_blocks(thing), *payment_blocks_on(thing, clock.now())]
        if _to_pay(thing, payments)
        else [],
        "not_offered": f"recalculate cancel fall_due{'' if thing.status in PAYABLE else ' set_due record_early_request'}",
        "overpaid": overpaid_amount(thing, payments),
        "unpaid": _received_unpaid(thing, payments),
    }


def _shipping(request: AuthenticatedRequest, thing: Order, lines: list[OrderLine]) -> dict[str, bool]:
    """Return whether the reader may plan shipments of this order, and whether its status allows one now."""
    may = request.by.may(Power.SHIP, thing) and any(line.to_ship for line in lines)
    return {"may_ship": may, "ships_now": thing.status in SHIPPABLE}


def _received_unpaid(thing: Order, payments: list[Payment]) -> bool:
    """Return True if a purchase is completed but not fully paid, as in `Order.objects.received_unpaid`."""
    live = [one for one in payments if one.status != Payment.Status.CANCELLED]
    over = thing.kind == Dealing.PURCHASE and thing.status == Order.Status.COMPLETED
    return over and (not live or any(one.status in Payment.Status.open for one in live))


def _against(shown: ReadinessPanel | None, deciding: bool) -> list[ReadinessReason]:
    """Return the reasons that still speak against the order.

    On the approver's own page, the missing approval is left out.
    """
    reasons = shown.light.reasons if shown is not None else ()
    return [one for one in reasons if not (deciding and one.power == Power.APPROVE)]


def _cases(request: AuthenticatedRequest, thing: Order) -> QuerySet[Discrepancy]:
    """Return the unsettled discrepancies of this order's goods."""
    rows = Discrepancy.objects.visible_to(request.by).unsettled()
    found = rows.filter(line__order_line__order=thing)
    return found.select_related("shipment", "line__order_line__allocation__lead__product").order_by("pk")


def _to_pay(order: Order, payments: list[Payment]) -> bool:
    """Return True if a payment may be made now and one is unpaid.

    The page then shows what holds the money.
    """
    return order.status in PAYABLE and any(one.status in Payment.Status.open for one in payments)


def find_order(request: AuthenticatedRequest, reference: str) -> Order:
    """Return the order, or raise 404 if the reader may not see it."""
    return get_object_or_404(
        Order.objects.visible_to(request.by).select_related(*WITH_NAMES), reference=reference
    )
