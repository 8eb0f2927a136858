"""The list of orders and gifts, and the page of one: what, from whom, who approved it, what is paid and shipped."""

from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.db.models import Prefetch, QuerySet, prefetch_related_objects
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils.translation import gettext_lazy as _

from partners.roles import Power
from partners.visit import Visit
from partners.web import record
from procurement.allocations.models import Criteria
from procurement.catalogue.models.facts import Dealing
from procurement.exchange.sheets import ORDERS
from procurement.leads.models.offer import SupplierLead
from procurement.lists import gathering
from procurement.orders.gathering.overrides import overrides_of
from procurement.orders.models.order import Order, OrderLine
from procurement.orders.models.payment import Payment
from procurement.orders.rules.gates import companies_of
from procurement.orders.rules.holding import PAYABLE, held, held_on
from procurement.orders.rules.light import Reason
from procurement.orders.rules.payments import overpaid
from procurement.shipments.actions.planning import SHIPPABLE
from procurement.shipments.models.cases import DifferenceCase
from procurement.shipments.models.thanks import ThanksPack
from procurement.web import light
from procurement.web.asking.letters import thanks_about
from procurement.web.light import Shown, of_order
from procurement.web.orders import decision
from procurement.web.orders.decision import five_of, is_theirs, lines_without
from procurement.web.orders.writing import waiting
from procurement.web.sheets import sheet, wanted
from workflow import clock
from workflow.doors.http import show
from workflow.doors.lists import page
from workflow.journal.entries import history_of

WITH_NAMES = (
    "supplier",
    "city",
    "author",
    "approved_by",
    "donor_city",
    "bank_account__phone",
    "approved_under__giver",
)


UNPAID = (Payment.Status.PLANNED, Payment.Status.PROPOSED)


class Filters(forms.Form):
    """What a reader may narrow the list by."""

    q = forms.CharField(label=_("Number or supplier"), required=False, max_length=200)
    status = forms.ChoiceField(
        label=_("Status"), required=False, choices=[("", _("Any")), *Order.Status.choices]
    )


@login_required
def orders(request: Visit) -> HttpResponseBase:
    """Every order and gift the reader may see, newest first, and what waits to be ordered."""
    rows = Order.objects.visible_to(request.by).select_related(*WITH_NAMES)
    form = Filters(request.GET)
    if form.is_valid():
        if form.cleaned_data["q"]:
            rows = rows.search(form.cleaned_data["q"])
        if form.cleaned_data["status"]:
            rows = rows.filter(status=form.cleaned_data["status"])
    if wanted(request):
        return sheet(request, "orders", ORDERS, rows)
    may_write = bool(request.by.cities.get(Power.ORDER))
    context = {
        "page": page(request, rows),
        "filters": form,
        "may_write": may_write,
        "waiting": waiting(request).count(),
    }
    return show(request, "orders/list.html", context)


@login_required
def order(request: Visit, reference: str) -> HttpResponse:
    """One order: what, from whom, at what price, who approved it, what is paid, what is shipped."""
    thing = find(request, reference)
    prefetch_related_objects([thing], Prefetch("lines", light.WITH_GOODS))  # every move asks for them
    lines = list(thing.lines.all())
    # by way of the order, which they then need not read again
    rows = thing.payments.visible_to(request.by).select_related("proposed_by", "paid_by")
    payments = list(rows.order_by("pk"))
    over = thing.status in (Order.Status.CANCELLED, Order.Status.LOST)
    theirs = is_theirs(request.by, thing)
    told = history_of(thing).filter(verb="override").order_by("pk") if thing.override_by_id else ()
    overrides = overrides_of(told)
    five = five_of(thing, lines, payments, overrides, clock.now())
    shown = of_order(request.by, thing)
    context: dict[str, Any] = {
        "order": thing,
        "theirs": theirs,
        "five": five,
        "overrides": overrides,
        "counted": decision.counted(five.answers),
        "sought": decision.sought(thing, lines) if thing.kind == Dealing.PURCHASE else None,
        "criteria": Criteria.objects.visible_to(request.by).of(line.allocation.line_id for line in lines),
        "without": lines_without(request.by, thing, lines),
        "shown": shown,
        "against": _against(shown, theirs),
        "leave_out": f"shorten {shown.verb if shown else ''}",
        "lines": lines,
        "payments": [one for one in payments if one.status != Payment.Status.CANCELLED or over],
        "held": [*held(thing), *held_on(thing, clock.now())] if _to_pay(thing, payments) else [],
        "not_offered": f"reckon cancel fall_due{'' if thing.status in PAYABLE else ' set_due urge'}",
        "overpaid": overpaid(thing, payments),
        "unpaid": _received_unpaid(thing, payments),
        "powers": request.by,
        "matches": gathering.against(companies_of(thing, leads_of(lines)), thing.city_id),
        "cases": _cases(request, thing),
        **_shipping(request, thing, lines),
    }
    if thing.status == Order.Status.THANKED:
        context["thanks"] = thanks_about(thing)
    if any(line.departed for line in lines):
        context["pack"] = ThanksPack.objects.filter(order=thing).first()
    parts = [(payment, payment.get_milestone_display()) for payment in payments]
    template = "orders/decide.html" if theirs else "orders/detail.html"
    return show(request, template, context | record.of(request, thing, parts))


def leads_of(lines: list[OrderLine]) -> list[SupplierLead]:
    """The offers that the lines are ordered from."""
    return [line.allocation.lead for line in lines]


def _shipping(request: Visit, thing: Order, lines: list[OrderLine]) -> dict[str, bool]:
    """Whether the reader plans its shipments, and whether one can be planned by now."""
    may = request.by.may(Power.SHIP, thing) and any(line.to_ship for line in lines)
    return {"may_ship": may, "ships_now": thing.status in SHIPPABLE}


def _received_unpaid(thing: Order, payments: list[Payment]) -> bool:
    """Whether everything was received and not everything is paid, as `Order.objects.received_unpaid` finds it."""
    live = [one for one in payments if one.status != Payment.Status.CANCELLED]
    over = thing.kind == Dealing.PURCHASE and thing.status == Order.Status.COMPLETED
    return over and (not live or any(one.status in UNPAID for one in live))


def _against(shown: Shown | None, deciding: bool) -> list[Reason]:
    """What is still against the order; its wait for the approver who reads the page is no reason against it."""
    reasons = shown.light.reasons if shown is not None else ()
    return [one for one in reasons if not (deciding and one.power == Power.APPROVE)]


def _cases(request: Visit, thing: Order) -> QuerySet[DifferenceCase]:
    """What came otherwise than it was sent, and nobody has settled."""
    rows = DifferenceCase.objects.visible_to(request.by).unsettled()
    found = rows.filter(line__order_line__order=thing)
    return found.select_related("shipment", "line__order_line__allocation__lead__product").order_by("pk")


def _to_pay(order: Order, payments: list[Payment]) -> bool:
    """Whether money may go out for it by now: what holds it is told before somebody tries."""
    return order.status in PAYABLE and any(one.status in UNPAID for one in payments)


def find(request: Visit, reference: str) -> Order:
    """The order, as far as the reader may see it."""
    return get_object_or_404(
        Order.objects.visible_to(request.by).select_related(*WITH_NAMES), reference=reference
    )


urlpatterns = [
    path("orders/", orders, name="orders"),
    path("orders/<slug:reference>/", order, name="order"),
]
