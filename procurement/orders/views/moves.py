"""Moves on an order's page: its terms, its bank account, its approval, and its end."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from partners.authenticated_requests import AuthenticatedRequest
from procurement.orders.forms import (
    ChooseAccountForm,
    ConfirmationForm,
    HoldForm,
    OrderFactsForm,
    SharesForm,
)
from procurement.orders.models import Order
from procurement.orders.rules.orders import (
    ACCEPT,
    APPROVE,
    CANCEL,
    CHOOSE_ACCOUNT,
    COMPLETE,
    CONFIRM,
    DECLINE,
    EDIT,
    HOLD,
    MARK_READY,
    OVERRIDE,
    PLACE,
    RESUME,
    RETURN,
    SET_PAYMENT_SHARES,
    SUBMIT,
    THANK,
    WRITE_OFF,
)
from procurement.orders.views.orders import find_order
from workflow.http.move_views import MoveOption, move_options, run_move


@login_required
def order_move(request: AuthenticatedRequest, reference: str, verb: str) -> HttpResponse:
    """Show the form of a move on an order, or make the move."""
    return run_move(request, find_order(request, reference), verb, ORDER_OPTIONS)


def after_confirmation(order: Order) -> str:
    """Return the page that plans the shipment if the goods are ready already, else the order's own page."""
    if order.status == Order.Status.READY_TO_SHIP:
        return f"{reverse('plan_shipment')}?order={order.reference}"
    return order.get_absolute_url()


HOLD_HINT = _(
    "Until the hold ends, the order cannot be approved, placed, accepted or paid, and its goods cannot be shipped."
)
ORDER_OPTIONS = move_options(
    MoveOption(EDIT, form=OrderFactsForm),
    MoveOption(SET_PAYMENT_SHARES, form=SharesForm),
    MoveOption(CHOOSE_ACCOUNT, form=ChooseAccountForm),
    SUBMIT,
    RETURN,
    MoveOption(OVERRIDE, hint=_("Your name and reason are recorded and shown in the decision memo.")),
    APPROVE,
    PLACE,
    MoveOption(CONFIRM, form=ConfirmationForm, after=after_confirmation),
    ACCEPT,
    DECLINE,
    MARK_READY,
    COMPLETE,
    THANK,
    MoveOption(HOLD, form=HoldForm, hint=HOLD_HINT),
    RESUME,
    MoveOption(CANCEL, hint=_("Allocations are undone, and unpaid amounts are cancelled.")),
    WRITE_OFF,
)
