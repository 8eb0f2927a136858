"""Deciding on an order: handed in, sent back, overridden, approved, placed, confirmed; a gift accepted or declined."""

from datetime import date, datetime

from procurement.leads.actions.verifying import judge_by_the_day
from procurement.leads.anew import rescreen_date_dependent
from procurement.leads.models.offer import SupplierLead
from procurement.orders.actions.payments import fall_due, not_on_a_list
from procurement.orders.models.order import Order
from procurement.orders.models.payment import Payment
from procurement.orders.rules import gates, orders
from procurement.orders.rules.gates import leads_of
from procurement.orders.rules.holding import kept_out
from procurement.orders.rules.orders import may_order, stand_in
from workflow.actors import Actor
from workflow.moves import Move


def submit(order: Order, *, by: Actor, at: datetime) -> Order:
    """Hand the order to an approver. Refuses one that lacks a reason an auditor would ask for."""
    with orders.SUBMIT.on(order, by=by, at=at):
        pass
    return order


def send_back(order: Order, *, reason: str, by: Actor, at: datetime) -> Order:
    """Send the order back to its author, with a reason; or take it back oneself."""
    own = by.user_id == order.author_id
    with orders.RETURN.on(order, by=by, at=at, reason=reason, **({} if own else _told(by, order))):
        pass
    return order


def override(order: Order, *, reason: str, by: Actor, at: datetime) -> Order:
    """Decide to order in spite of what stands in the way now: a named person, a written reason. What comes up later is not covered: it
    takes another override, which covers that alone; the one before keeps its name and reason in its entry.

    Refuses the order's authors, whoever verified an offer in it, and where nothing stands in the way that is not overridden yet.
    """
    with orders.OVERRIDE.on(order, by=by, at=at, reason=reason, **_told(by, order)) as row:
        row.override_by_id = by.user_id
        row.override_under_id = _under(by, row)
        row.override_reason = reason
        row.override_covers = [*row.override_covers, *gates.overridable(row)]
    return order


def approve(order: Order, *, by: Actor, at: datetime) -> Order:
    """Approve a purchase: its author alone below the city's limit, else an approver who neither wrote it nor verified its offers.

    Refuses an order with an unverified offer or a standing blocking finding that nobody overrode, and a company kept out.
    """
    own = by.user_id == order.author_id
    _judge_offers(orders.APPROVE, order, by, at)
    with orders.APPROVE.on(order, by=by, at=at, **({} if own else _told(by, order))) as row:
        _agreed(row, by, at)
        row.approved_under_id = None if own else _under(by, row)
    return order


def place(order: Order, *, by: Actor, at: datetime) -> Order:
    """Send the approved order to the supplier. Refuses if something has come up since it was approved."""
    _judge_offers(orders.PLACE, order, by, at)
    with orders.PLACE.on(order, by=by, at=at) as row:
        _not_kept_out(row, at)
        not_on_a_list(row, at)
        row.placed_at = at
        row.contract_account = row.bank_account
        fall_due(row, at, Payment.Milestone.DEPOSIT)
    return order


def confirm(order: Order, *, by: Actor, at: datetime, promised_on: date | None = None) -> Order:
    """Note that the supplier confirmed, and for which day."""
    with orders.CONFIRM.on(order, by=by, at=at) as row:
        row.confirmed_at = at
        row.promised_on = promised_on or row.promised_on
    return order


def accept(order: Order, *, by: Actor, at: datetime) -> Order:
    """Accept a gift: an officer below the city's limit, an approver who had no hand in it above. Refuses what `approve` refuses."""
    officer = may_order(by, order)
    _judge_offers(orders.ACCEPT, order, by, at)
    with orders.ACCEPT.on(order, by=by, at=at, **({} if officer else _told(by, order))) as row:
        _agreed(row, by, at)
        row.approved_under_id = None if officer else _under(by, row)
    return order


def ready(order: Order, *, by: Actor, at: datetime) -> Order:
    """Note that the goods are ready to be packed. Refuses a gift whose true value is not given: customs asks for it."""
    with orders.READY.on(order, by=by, at=at):
        pass
    return order


def judge_waiting(at: datetime) -> int:
    """Judge anew the offers of orders still to be decided on, where a day has changed something. Returns how many. For the tick."""
    undecided = orders.APPROVE.source | orders.PLACE.source | orders.ACCEPT.source
    waiting = SupplierLead.objects.filter(allocations__order_line__order__status__in=undecided)
    return rescreen_date_dependent(waiting, at)


def _judge_offers(move: Move[Order], order: Order, by: Actor, at: datetime) -> None:
    """Judge the offers of an order by the day before it is decided on: the gates read what was found, and days pass by themselves.

    In transactions of their own, so that what is found stays where it is what refuses; where a door undoes a refused request whole, the
    tick finds it again. Nothing where somebody else is to decide.
    """
    order.refresh_from_db(fields=["status"])
    if order.status in move.source and move.allowed(by, order) is True:
        for lead in leads_of(order):
            judge_by_the_day(lead, at=at)


def _under(by: Actor, row: Order) -> int | None:
    """The delegation a decision is made under; None for an approver of the city."""
    stands = stand_in(by, row)
    return stands.delegation_id if stands else None


def _told(by: Actor, order: Order) -> dict[str, str]:
    """In whose place, and until when they are away: it stands in the entry of every decision."""
    stands = stand_in(by, order)
    return {"stands_in_for": stands.giver, "absent_until": stands.until.isoformat()} if stands else {}


def _agreed(row: Order, by: Actor, at: datetime) -> None:
    _not_kept_out(row, at)
    not_on_a_list(row, at)
    row.approved_by_id = by.user_id
    row.approved_at = at


def _not_kept_out(row: Order, at: datetime) -> None:
    refused = kept_out(row, row.city.day_at(at))
    if refused is not None:
        raise refused
