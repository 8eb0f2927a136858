"""Deciding on an order: handed in, sent back, overridden, approved, placed, confirmed; a gift accepted or declined."""

from datetime import date, datetime

from django.utils.translation import gettext_lazy as _

from procurement.lists import actions as lists
from procurement.orders.models import Order
from procurement.orders.rules import gates
from procurement.orders.rules import orders as rules
from procurement.suppliers.models import Standing
from workflow.actors import Actor
from workflow.errors import Refused

KEPT_OUT = (Standing.Status.SUSPENDED, Standing.Status.BANNED)


def submit(order: Order, *, by: Actor, at: datetime) -> Order:
    """Hand the order to an approver. Refuses one that lacks a reason an auditor would ask for."""
    with rules.SUBMIT.on(order, by=by, at=at):
        pass
    return order


def send_back(order: Order, *, reason: str, by: Actor, at: datetime) -> Order:
    """Send the order back to its author, with a reason; or take it back oneself."""
    own = by.user_id == order.author_id
    with rules.RETURN.on(order, by=by, at=at, reason=reason, **({} if own else _told(by, order))):
        pass
    return order


def override(order: Order, *, reason: str, by: Actor, at: datetime) -> Order:
    """Decide to order in spite of what stands in the way now: a named person, a written reason. What comes up later is not covered.

    Refuses the order's author, whoever verified an offer in it, and where nothing stands in the way.
    """
    with rules.OVERRIDE.on(order, by=by, at=at, reason=reason, **_told(by, order)) as row:
        row.override_by_id = by.user_id
        row.override_under_id = _under(by, row)
        row.override_reason = reason
        row.override_covers = gates.overridable(row)
    return order


def approve(order: Order, *, by: Actor, at: datetime) -> Order:
    """Approve a purchase: its author alone below the city's limit, else an approver who neither wrote it nor verified its offers.

    Refuses an order with an unverified offer or a standing blocking finding that nobody overrode, and a company kept out.
    """
    own = by.user_id == order.author_id
    with rules.APPROVE.on(order, by=by, at=at, **({} if own else _told(by, order))) as row:
        _agreed(row, by, at)
        row.approved_under_id = None if own else _under(by, row)
    return order


def place(order: Order, *, by: Actor, at: datetime) -> Order:
    """Send the approved order to the supplier. Refuses if something has come up since it was approved."""
    with rules.PLACE.on(order, by=by, at=at) as row:
        _not_kept_out(row, at)
        _not_on_a_list(row, at)
        row.placed_at = at
    return order


def confirm(order: Order, *, by: Actor, at: datetime, promised_on: date | None = None) -> Order:
    """Note that the supplier confirmed, and for which day."""
    with rules.CONFIRM.on(order, by=by, at=at) as row:
        row.confirmed_at = at
        row.promised_on = promised_on or row.promised_on
    return order


def accept(order: Order, *, by: Actor, at: datetime) -> Order:
    """Accept a gift: an officer below the city's limit, an approver who had no hand in it above. Refuses what `approve` refuses."""
    officer = rules.may_order(by, order)
    with rules.ACCEPT.on(order, by=by, at=at, **({} if officer else _told(by, order))) as row:
        _agreed(row, by, at)
        row.approved_under_id = None if officer else _under(by, row)
    return order


def ready(order: Order, *, by: Actor, at: datetime) -> Order:
    """Note that the goods are ready to be packed. Refuses a gift whose true value is not given: customs asks for it."""
    with rules.READY.on(order, by=by, at=at):
        pass
    return order


def _under(by: Actor, row: Order) -> int | None:
    """The delegation a decision is made under; None for an approver of the city."""
    stands = rules.stand_in(by, row)
    return stands.delegation_id if stands else None


def _told(by: Actor, order: Order) -> dict[str, str]:
    """In whose place, and until when they are away: it stands in the entry of every decision."""
    stands = rules.stand_in(by, order)
    return {"stands_in_for": stands.giver, "absent_until": stands.until.isoformat()} if stands else {}


def _agreed(row: Order, by: Actor, at: datetime) -> None:
    _not_kept_out(row, at)
    _not_on_a_list(row, at)
    row.approved_by_id = by.user_id
    row.approved_at = at


def _not_on_a_list(row: Order, at: datetime) -> None:
    """Names that changed, or were entered, since the lists were last looked at are compared now: the tick may not have come by yet."""
    found = [lists.screen(company, at=at) for company in gates.companies_of(row)]
    if any(found):
        refused = gates.clear_of_lists(row)
        if refused is not None:  # what was noted goes with this transaction; the tick notes it for good
            raise refused


def _not_kept_out(row: Order, at: datetime) -> None:
    """Nothing is ordered from, or accepted of, a company this city has suspended or banned on the day, under whichever row."""
    standing = Standing.objects.of(row.supplier, row.city, at.date())
    if standing is not None and standing.status in KEPT_OUT:
        words = _("%(supplier)s is at “%(status)s” with your city: %(reason)s")
        told = {"supplier": row.supplier, "status": standing.get_status_display(), "reason": standing.reason}
        raise Refused("kept_out", words % told, status=standing.status)
