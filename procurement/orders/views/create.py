"""Page that writes an order from confirmed allocations of one supplier, or enters a donation."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpResponse
from django.utils.translation import gettext as _

from partners.authenticated_requests import AuthenticatedRequest, require_permission
from partners.powers import Power
from procurement.allocations.models import Allocation
from procurement.generated_documents.missing_data import missing_for_purchase_order
from procurement.leads.models.leads import SupplierLead
from procurement.leads.queries.landed_cost import LazyRates, MoneyContext, usual_mode
from procurement.leads.rules.landed_cost import CostBasis, CostElement, TransportMode
from procurement.orders.actions.approve import accept_donation, approve_order, place_order, submit_order
from procurement.orders.actions.create import create_donation, create_order
from procurement.orders.approval_texts import Decider
from procurement.orders.forms import NewOrderForm, unretired_accounts_of
from procurement.orders.models import Order
from procurement.orders.payments.rules.payments import CENT, DEFAULT_SHARES
from procurement.orders.queries import QuotesOnRecord, quotes_on_record
from procurement.orders.rules.blockers import (
    blocker_references,
    is_above_approval_limit,
    second_approver_findings,
)
from workflow import clock
from workflow.formatting import format_quantity
from workflow.http.pages import render_page, run_action

SHOW_TOTAL_PARAMETER = "count"  # the parameter that asks for the total of the figures in the address
QUOTED_COST_ELEMENTS = (CostElement.FREIGHT, CostElement.INSURANCE, CostElement.INSPECTION)
# What the buttons send besides "draft", which only writes the order.
DECIDE, SEND = "decide", "send"  # the author decides below the approval limit; an approver decides


class OrderTotal(NamedTuple):
    """Total of a new order in its currency and in the city's, and who decides on it."""

    amount: Decimal
    in_city_currency: Decimal | None
    decider_text: str
    needs_approver: bool
    approvers: str


@login_required
def new_order(request: AuthenticatedRequest) -> HttpResponse:
    """Write an order from allocations of one supplier, or enter a donation; filled in from the offers.

    A second button also sends the order for approval or, below the approval limit, places it. Without
    allocations in the address, the page lists the allocations that may go into one order. Requires the power
    ORDER.
    """
    require_permission(request, Power.ORDER)
    waiting = list(unordered_allocations(request))
    groups = group_allocations_for_orders(waiting)
    chosen = _allocations_with_ids(waiting, request.GET.getlist("allocation"))
    sent = _allocations_with_ids(waiting, request.POST.getlist("allocations"))
    first = (chosen or sent or (waiting if len(groups) == 1 else []))[:1]
    if not first:
        return render_page(request, "orders/choose_allocations.html", {"groups": groups})
    group = next(rows for rows in groups if first[0] in rows)
    ticked = _chosen_in_group(chosen, group) or group
    record = quotes_on_record(group[0].city_id, {one.line_id for one in group})
    data = request.POST or (request.GET if SHOW_TOTAL_PARAMETER in request.GET else None)
    rows = [*group, *(one for one in sent if one not in group)]
    form = NewOrderForm(
        data, rows, new_order_initial_values(ticked, record, group[0].city.day_at(clock.now()))
    )
    valid = form.is_valid()
    total = _order_total(request, form, ticked)
    context = {"form": form, "first": group[0], "total": total, "chosen": new_order_query(ticked)}
    if data is request.GET:
        return render_page(request, "orders/create.html#decides", context)
    if not valid:
        return render_page(request, "orders/create.html", context, status=422 if form.is_bound else 200)
    return run_action(
        request,
        lambda: _create_and_decide(request, form),
        done=lambda order: _created_message(request, order, total),
        template="orders/create.html",
        context=context,
    )


def group_allocations_for_orders(waiting: Sequence[Allocation]) -> list[list[Allocation]]:
    """Return the allocations in groups that may go into one order: same city, supplier, kind and currency."""
    groups: dict[Any, list[Allocation]] = {}
    for one in waiting:
        lead = one.lead
        key = (one.city_id, lead.supplier.current_row.pk, lead.kind, lead.currency or one.city.currency)
        groups.setdefault(key, []).append(one)
    return list(groups.values())


def new_order_query(rows: Sequence[Allocation]) -> str:
    """Return the query of the page that writes an order from these allocations."""
    return urlencode({"allocation": [one.pk for one in rows]}, doseq=True)


def new_order_initial_values(
    rows: Sequence[Allocation], record: QuotesOnRecord, today: date
) -> dict[str, Any]:
    """Return the values with which the form of a new order is filled in.

    They come from its offers, and from the quotes on record (`record`).
    """
    lead = rows[0].lead
    accounts = list(unretired_accounts_of(lead.supplier)[:2]) if lead.kind == SupplierLead.Kind.SALE else []
    contact = next((one.lead.contact for one in rows if one.lead.contact_id), None)
    message = _("According to the record, inquiries sent: %(asked)s; offers received: %(came)s.")
    return {
        "allocations": [one.pk for one in rows],
        "currency": lead.currency or rows[0].city.currency,
        "extra_costs": quoted_costs(rows) or None,
        "incoterm": lead.incoterm,
        "incoterm_place": lead.incoterm_place,
        "promised_on": expected_delivery([one.lead for one in rows], today),
        "offers_sought": record.quotes_sought,
        "on_record": message
        % {"asked": format_quantity(record.inquiries_sent), "came": format_quantity(record.offers_received)}
        + " "
        + _("Required if fewer than three quotes were sought."),
        "donor_city": contact.city if contact is not None else lead.supplier.current_row.place,
        "bank_account": accounts[0] if len(accounts) == 1 else None,
        **{share.milestone: share.percent for share in DEFAULT_SHARES},
    }


def quoted_costs(rows: Sequence[Allocation]) -> Decimal:
    """Return freight, insurance and inspection that the offers themselves state, in the offers' currency.

    Published or assumed rates are left out, because no supplier has quoted them. Uses the stored landed cost, which
    is per piece and in the city's currency, at the exchange rate of the offer's price.
    """
    total = Decimal(0)
    for one in rows:
        lead = one.lead
        if lead.unit_price and lead.price_in_city_currency:
            parts = lead.landed.get("by", {}).get(lead.landed.get("mode"), {}).get("parts", ())
            stated = [
                Decimal(part["amount"])
                for part in parts
                if part["name"] in QUOTED_COST_ELEMENTS
                and part["basis"] == CostBasis.OFFERED
                and part["amount"]
            ]
            total += sum(stated, Decimal(0)) * one.quantity * lead.unit_price / lead.price_in_city_currency
    return total.quantize(CENT)


def expected_delivery(leads: Sequence[SupplierLead], today: date) -> date | None:
    """Return the day by which all goods can arrive according to their offers, or None if one is unknown.

    It is the day on which the goods are ready, plus production and transit days.
    """
    days = []
    for lead in leads:
        transit = lead.sea_days if usual_mode(lead) is TransportMode.SEA else lead.air_days
        if transit is None:
            return None
        ready = max(today, lead.ready_on or today)
        days.append(ready + timedelta(days=(lead.lead_days or 0) + transit))
    return max(days)


def _allocations_with_ids(waiting: Sequence[Allocation], keys: Sequence[str]) -> list[Allocation]:
    return [one for one in waiting if str(one.pk) in keys]


def _chosen_in_group(chosen: Sequence[Allocation], group: Sequence[Allocation]) -> list[Allocation]:
    return [one for one in chosen if one in group]


def _order_total(
    request: AuthenticatedRequest, form: NewOrderForm, ticked: Sequence[Allocation]
) -> OrderTotal:
    """Return the total of the form's figures, or of the filled-in ones, and who decides on it."""
    typed = form.cleaned_data if form.is_bound else {}
    rows = list(typed.get("allocations", ticked))
    city, lead = ticked[0].city, ticked[0].lead
    currency = lead.currency or city.currency
    prices = form.unit_values if form.is_bound and form.gift else {}
    goods = sum((one.quantity * prices.get(one.pk, one.lead.unit_price or 0) for one in rows), Decimal(0))
    costs = [
        typed[name] if form.is_bound and name in typed else form[name].initial or 0
        for name in ("extra_costs", "taxes")
    ]
    amount = goods + sum(map(Decimal, costs))
    day = city.day_at(clock.now())
    converted = (
        MoneyContext(city.currency, day, LazyRates(city)).convert(amount, currency) if amount else None
    )
    converted = converted.quantize(CENT) if converted is not None else None
    decider = Decider(city, request.user.pk)
    leads = [one.lead for one in rows]
    blocked = any(one.status != SupplierLead.Status.VERIFIED or one.blocking_findings for one in leads)
    others = decider.orders_counted_with(leads, clock.now())
    needed = blocked or decider.is_needed(converted, others)
    return OrderTotal(
        amount,
        converted,
        decider.decider_sentence(converted, others),
        needed,
        decider.approver_names if needed else "",
    )


def _create_and_decide(request: AuthenticatedRequest, form: NewOrderForm) -> Order:
    """Create the order and, unless only a draft is wanted, approve or submit it.

    Each step is an action of its own.

    It never does more than the button said: an order that turns out to be above the limit is sent to an approver.
    """
    allocations = list(form.cleaned_data["allocations"])
    city = allocations[0].city
    who: dict[str, Any] = {"by": request.by, "at": clock.now()}
    then = request.POST.get("then")
    with transaction.atomic():
        if form.gift:
            facts = {**form.terms, "donor_city": form.cleaned_data["donor_city"]}
            order = create_donation(
                city, allocations, author=request.user, unit_values=form.unit_values, **facts, **who
            )
            return (
                accept_donation(order, **who)
                if then == DECIDE and not is_above_approval_limit(order)
                else order
            )
        order = create_order(
            city,
            allocations,
            author=request.user,
            shares=form.payment_shares,
            deposit_reason=form.cleaned_data["deposit_reason"],
            bank_account=form.cleaned_data["bank_account"],
            **form.terms,
            **who,
        )
        if then not in (DECIDE, SEND):
            return order
        if (
            then == SEND
            or is_above_approval_limit(order)
            or second_approver_findings(order)
            or blocker_references(order)
        ):
            return submit_order(order, **who)
        return place_order(approve_order(order, **who), **who)


def _created_message(request: AuthenticatedRequest, order: Order, total: OrderTotal) -> str:
    """Tell the reader the new status of the order and the next step, and return its address."""
    lacking = missing_for_purchase_order(order, clock.now()) if order.status == Order.Status.PLACED else []
    message = {
        Order.Status.DRAFT: _("%(order)s has been saved as a draft."),
        Order.Status.AWAITING_APPROVAL: _("%(order)s has been sent to %(who)s for approval."),
        Order.Status.PLACED: _(
            "%(order)s has been placed. Its purchase order is being generated and sent to the supplier."
        )
        if not lacking
        else _("%(order)s has been placed, but its purchase order cannot be generated: %(reason)s"),
        Order.Status.OFFERED: _("%(order)s has been entered. Next: decide whether to accept the donation."),
        Order.Status.ACCEPTED: _("%(order)s has been accepted. Next: mark the goods as ready."),
    }[Order.Status(order.status)]
    who = total.approvers or Decider(order.city, request.user.pk).approver_names
    reason = lacking[0].description if lacking else ""
    messages.success(request, message % {"order": order.reference, "who": who, "reason": reason})
    return order.get_absolute_url()


def unordered_allocations(request: AuthenticatedRequest) -> Any:
    """Return the confirmed allocations the reader may see that are not in an order yet."""
    rows = Allocation.objects.visible_to(request.by).filter(status=Allocation.Status.CONFIRMED)
    named = ("lead__supplier__place", "lead__contact__city", "lead__product", "line__supply_request", "city")
    return rows.select_related(*named).order_by("pk")
