"""Actions that decide on an order: submit, send back, override, approve, place, confirm, accept.

A donation is accepted here; `close.py` declines it.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from procurement.leads.actions.leads import ensure_screened_today
from procurement.leads.actions.rescreening import rescreen_date_dependent_offers
from procurement.leads.models.leads import SupplierLead
from procurement.orders.acknowledgements.actions.requests import close_acknowledgement
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
from workflow.edits import UNSET, Edit, Unset
from workflow.errors import Refused
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
    """Place the approved order with the supplier. Refuses if something has blocked it since the approval.

    The periodic job then generates its purchase order (`generate_due_purchase_orders`).
    """
    _rescreen_offers(orders.PLACE_ORDER, order, by, at)
    with orders.PLACE_ORDER.apply_to(order, by=by, at=at) as row:
        _require_permitted_supplier(row, at)
        require_payee_not_on_watchlist(row, at)
        row.placed_at = row.purchase_order_due_at = at
        row.contract_account = row.bank_account
        mark_due(row, at, Payment.Milestone.DEPOSIT)
        plan_reminders(row, Order.Status.PLACED, at)
    return order


@register_action(orders.RECORD_CONFIRMATION)
def record_confirmation(
    order: Order,
    *,
    by: Actor,
    at: datetime,
    promised_on: date | None = None,
    supplier_reference: str = "",
    confirmation_method: str = "",
    confirmed_by_name: str = "",
    ready: bool = False,
) -> Order:
    """Record the supplier's confirmation: the promised day, their own order number, who confirmed and how.

    What the city does not know stays empty. `ready`: the goods are ready to be packed already, which is then
    recorded as well (`mark_ready`). Refuses the method "by link": only the supplier itself confirms so.
    """
    _require_recordable_method(order, confirmation_method)
    with transaction.atomic():
        confirm_order(
            order,
            promised_on=promised_on,
            supplier_reference=supplier_reference,
            confirmation_method=confirmation_method,
            confirmed_by_name=confirmed_by_name,
            by=by,
            at=at,
        )
        return mark_ready(order, by=by, at=at) if ready else order


def confirm_order(
    order: Order,
    *,
    promised_on: date | None,
    supplier_reference: str,
    confirmation_method: str,
    confirmed_by_name: str,
    by: Actor,
    at: datetime,
) -> None:
    """Confirm the order with the facts of the confirmation, and close the supplier's link.

    Called by the officer's record of a confirmation, and by the supplier's own answer by link.
    """
    with orders.RECORD_CONFIRMATION.apply_to(order, by=by, at=at) as row:
        row.confirmed_at = at
        row.promised_on = promised_on or row.promised_on
        row.supplier_reference = supplier_reference.strip()
        row.confirmation_method = confirmation_method
        row.confirmed_by_name = confirmed_by_name.strip()
        plan_reminders(row, Order.Status.CONFIRMED, at)
        close_acknowledgement(row, at=at)


def _require_recordable_method(order: Order, method: str) -> None:
    """Refuse "by link" as the officer's own record, unless the supplier did confirm by link."""
    link = Order.ConfirmationMethod.LINK
    if method == link and order.confirmation_method != link:
        words = _("Only the supplier confirms by link. Choose by phone or in writing.")
        raise Refused("not_by_link", words, field="confirmation_method")


def _require_kept_answer(order: Order, changes: dict[str, Any]) -> None:
    """Refuse another method or person for a confirmation by link: the supplier gave both."""
    if order.confirmation_method != Order.ConfirmationMethod.LINK:
        return
    for field in ("confirmation_method", "confirmed_by_name"):
        if changes.get(field, getattr(order, field)) != getattr(order, field):
            words = _(
                "The supplier confirmed by link. The method and the person stay as the supplier gave them."
            )
            raise Refused("given_by_link", words, field=field)


@dataclass(frozen=True, kw_only=True)
class ConfirmationEdit(Edit):
    """Facts of the supplier's confirmation to change."""

    promised_on: date | Unset | None = UNSET
    supplier_reference: str | Unset = UNSET
    confirmation_method: str | Unset = UNSET
    confirmed_by_name: str | Unset = UNSET


@register_action(orders.CORRECT_CONFIRMATION)
def correct_confirmation(order: Order, edit: ConfirmationEdit, *, by: Actor, at: datetime) -> Order:
    """Complete or correct what was recorded of the supplier's confirmation.

    A number often arrives after the phone call. Purchase orders that were generated before stay as they are. Refuses
    the method "by link" for a confirmation that came otherwise, and another method or person for one by link.
    """
    with orders.CORRECT_CONFIRMATION.apply_to(order, by=by, at=at) as row:
        promised_on = row.promised_on
        changes = edit.changes()
        _require_recordable_method(row, changes.get("confirmation_method", ""))
        _require_kept_answer(row, changes)
        edit.apply_to(row)
        row.supplier_reference = row.supplier_reference.strip()
        row.confirmed_by_name = row.confirmed_by_name.strip()
        if row.promised_on != promised_on:
            plan_reminders(row, row.status, at)
    return order


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
