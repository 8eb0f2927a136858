"""Actions that decide on an order: submit, send back, override, approve, place, confirm, accept.

A donation is accepted here; `close.py` declines it.
"""

from datetime import date, datetime

from django.db import transaction

from procurement.leads.actions.leads import ensure_screened_today
from procurement.leads.actions.rescreening import rescreen_date_dependent_offers
from procurement.leads.models.leads import SupplierLead
from procurement.orders.actions.reminders import plan_reminders
from procurement.orders.models import Order
from procurement.orders.payments.actions import mark_due, require_payee_not_on_watchlist
from procurement.orders.payments.models import Payment
from procurement.orders.payments.rules.blocks import barred_supplier_refusal
from procurement.orders.rules import blockers, orders
from procurement.orders.rules.blockers import companies_of, leads_of
from procurement.orders.rules.orders import delegation_for_decision, may_order
from procurement.suppliers.models.suppliers import Supplier
from workflow.actors import Actor
from workflow.moves import Move, register_action


@register_action(orders.SUBMIT_ORDER)
def submit_order(order: Order, *, by: Actor, at: datetime) -> Order:
    """Submit the order to an approver. Refuses an order that lacks a reason an auditor would ask for."""
    with orders.SUBMIT_ORDER.apply_to(order, by=by, at=at) as row:
        plan_reminders(row, Order.Status.AWAITING_APPROVAL, at)
    return order


@register_action(orders.RETURN_TO_AUTHOR)
def return_to_author(order: Order, *, reason: str, by: Actor, at: datetime) -> Order:
    """Return the order to its author, with a reason. Its author may also take it back."""
    own = by.user_id == order.author_id
    with orders.RETURN_TO_AUTHOR.apply_to(
        order, by=by, at=at, reason=reason, **({} if own else _delegation_facts(by, order))
    ):
        pass
    return order


@register_action(orders.OVERRIDE_BLOCKERS)
def override_blockers(order: Order, *, reason: str, by: Actor, at: datetime) -> Order:
    """Override what currently blocks an order, with a written reason by a named person.

    Later obstacles are not covered: they need another override, which covers only those. Each override
    keeps its name and reason in its journal entry. Refuses the order's authors, people who verified an
    offer in it, and an order without open obstacles.
    """
    with orders.OVERRIDE_BLOCKERS.apply_to(
        order, by=by, at=at, reason=reason, **_delegation_facts(by, order)
    ) as row:
        row.override_by_id = by.user_id
        row.override_under_id = _delegation_id(by, row)
        row.override_reason = reason
        row.override_covers = [*row.override_covers, *blockers.overridable_references(row)]
    return order


@register_action(orders.APPROVE_ORDER)
def approve_order(order: Order, *, by: Actor, at: datetime) -> Order:
    """Approve a purchase.

    Below the city's approval limit its author may approve alone. Otherwise an approver decides who neither
    wrote the order nor verified its offers. Refuses an order with an unverified offer or a blocking finding
    without an override, and a company that the city excludes.
    """
    own = by.user_id == order.author_id
    _rescreen_offers(orders.APPROVE_ORDER, order, by, at)
    with transaction.atomic():
        _lock_companies(order)
        with orders.APPROVE_ORDER.apply_to(
            order, by=by, at=at, **({} if own else _delegation_facts(by, order))
        ) as row:
            _record_approval(row, by, at)
            row.approved_under_id = None if own else _delegation_id(by, row)
    return order


@register_action(orders.PLACE_ORDER)
def place_order(order: Order, *, by: Actor, at: datetime) -> Order:
    """Place the approved order with the supplier. Refuses if something has blocked it since the approval."""
    _rescreen_offers(orders.PLACE_ORDER, order, by, at)
    with orders.PLACE_ORDER.apply_to(order, by=by, at=at) as row:
        _require_permitted_supplier(row, at)
        require_payee_not_on_watchlist(row, at)
        row.placed_at = at
        row.contract_account = row.bank_account
        mark_due(row, at, Payment.Milestone.DEPOSIT)
        plan_reminders(row, Order.Status.PLACED, at)
    return order


@register_action(orders.RECORD_CONFIRMATION)
def record_confirmation(
    order: Order, *, by: Actor, at: datetime, promised_on: date | None = None, ready: bool = False
) -> Order:
    """Record the supplier's confirmation and the promised day.

    `ready`: the goods are ready to be packed already, which is then recorded as well (`mark_ready`).
    """
    with transaction.atomic():
        with orders.RECORD_CONFIRMATION.apply_to(order, by=by, at=at) as row:
            row.confirmed_at = at
            row.promised_on = promised_on or row.promised_on
            plan_reminders(row, Order.Status.CONFIRMED, at)
        return mark_ready(order, by=by, at=at) if ready else order


@register_action(orders.ACCEPT_DONATION)
def accept_donation(order: Order, *, by: Actor, at: datetime) -> Order:
    """Accept a donation. Refuses what `approve_order` refuses.

    Below the approval limit an officer accepts; above it, an approver who had no part in the order.
    """
    officer = may_order(by, order)
    _rescreen_offers(orders.ACCEPT_DONATION, order, by, at)
    with transaction.atomic():
        _lock_companies(order)
        with orders.ACCEPT_DONATION.apply_to(
            order, by=by, at=at, **({} if officer else _delegation_facts(by, order))
        ) as row:
            _record_approval(row, by, at)
            row.approved_under_id = None if officer else _delegation_id(by, row)
            plan_reminders(row, Order.Status.ACCEPTED, at)
    return order


@register_action(orders.MARK_READY)
def mark_ready(order: Order, *, by: Actor, at: datetime) -> Order:
    """Record that the goods are ready to be packed.

    Refuses a donation without its true value, which customs needs.
    """
    with orders.MARK_READY.apply_to(order, by=by, at=at):
        pass
    return order


def rescreen_undecided_orders(at: datetime) -> int:
    """Screen the offers of undecided orders whose result may have changed with the date.

    Run by the periodic job. Returns their number.
    """
    undecided = orders.APPROVE_ORDER.source | orders.PLACE_ORDER.source | orders.ACCEPT_DONATION.source
    waiting = SupplierLead.objects.filter(allocations__order_line__order__status__in=undecided)
    return rescreen_date_dependent_offers(waiting, at)


def _rescreen_offers(move: Move[Order], order: Order, by: Actor, at: datetime) -> None:
    """Screen the offers of an order before a decision, since dates may have passed.

    Runs in transactions of its own, so that new findings stay even if they cause a refusal. If the calling
    page rolls back a refused request, the periodic job finds them again. Does nothing if the actor may not
    decide.
    """
    order.refresh_from_db(fields=["status"])
    if order.status in move.source and move.allowed(by, order) is True:
        for lead in leads_of(order):
            ensure_screened_today(lead, at=at)


def _lock_companies(order: Order) -> None:
    """Lock the companies of an order, by primary key.

    Orders to one company count together against the approval limit, so they are decided one after the other.
    """
    companies = [company.pk for company in companies_of(order)]
    list(Supplier.objects.filter(pk__in=companies).order_by("pk").select_for_update(no_key=True).values("pk"))


def _delegation_id(by: Actor, row: Order) -> int | None:
    """Return the delegation under which the actor decides, or None for an approver of the city."""
    covered = delegation_for_decision(by, row)
    return covered.delegation_id if covered else None


def _delegation_facts(by: Actor, order: Order) -> dict[str, str]:
    """Return the absent approver and the end of the absence, for the journal entry of the decision."""
    covered = delegation_for_decision(by, order)
    return (
        {"on_behalf_of": covered.delegator_name, "absent_until": covered.last_day.isoformat()}
        if covered
        else {}
    )


def _record_approval(row: Order, by: Actor, at: datetime) -> None:
    _require_permitted_supplier(row, at)
    require_payee_not_on_watchlist(row, at)
    row.approved_by_id = by.user_id
    row.approved_at = at


def _require_permitted_supplier(row: Order, at: datetime) -> None:
    refused = barred_supplier_refusal(row, row.city.day_at(at))
    if refused is not None:
        raise refused
