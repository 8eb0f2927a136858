"""Moves on an order's page: its terms, its bank account, its approval, and its end."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from partners.authenticated_requests import AuthenticatedRequest
from procurement.orders.forms import (
    ChooseAccountForm,
    ConfirmationEditForm,
    ConfirmationForm,
    HoldForm,
    OrderTermsEditForm,
    PaymentSharesForm,
)
from procurement.orders.models import Order
from procurement.orders.rules.orders import (
    ACCEPT_DONATION,
    APPROVE_ORDER,
    CANCEL_ORDER,
    CHOOSE_ACCOUNT,
    COMPLETE_ORDER,
    CORRECT_CONFIRMATION,
    DECLINE_DONATION,
    EDIT_ORDER,
    HOLD_ORDER,
    MARK_READY,
    OVERRIDE_BLOCKERS,
    PLACE_ORDER,
    RECORD_CONFIRMATION,
    RESUME_ORDER,
    RETURN_TO_AUTHOR,
    SET_PAYMENT_SHARES,
    SUBMIT_ORDER,
    THANK_DONOR,
    WRITE_OFF_ORDER,
)
from procurement.orders.views.orders import find_order
from workflow.http.move_views import MoveOption, move_options, run_move


@login_required
def make_order_move(request: AuthenticatedRequest, reference: str, verb: str) -> HttpResponse:
    """Show the form of a move on an order, or make the move."""
    return run_move(request, find_order(request, reference), verb, ORDER_MOVE_OPTIONS)


def page_after_confirmation(order: Order) -> str:
    """Return the page that plans the shipment if the goods are ready already, else the order's own page."""
    if order.status == Order.Status.READY_TO_SHIP:
        return f"{reverse('plan_shipment')}?order={order.reference}"
    return order.get_absolute_url()


HOLD_HINT = _(
    "Until the hold ends, the order cannot be approved, placed, accepted or paid, and its goods cannot be shipped."
)
ORDER_MOVE_OPTIONS = move_options(
    MoveOption(EDIT_ORDER, form=OrderTermsEditForm),
    MoveOption(SET_PAYMENT_SHARES, form=PaymentSharesForm),
    MoveOption(CHOOSE_ACCOUNT, form=ChooseAccountForm),
    SUBMIT_ORDER,
    RETURN_TO_AUTHOR,
    MoveOption(
        OVERRIDE_BLOCKERS, hint=_("Your name and reason are recorded and shown in the decision memo.")
    ),
    APPROVE_ORDER,
    PLACE_ORDER,
    MoveOption(RECORD_CONFIRMATION, form=ConfirmationForm, success_url=page_after_confirmation),
    MoveOption(CORRECT_CONFIRMATION, form=ConfirmationEditForm),
    ACCEPT_DONATION,
    DECLINE_DONATION,
    MARK_READY,
    COMPLETE_ORDER,
    THANK_DONOR,
    MoveOption(HOLD_ORDER, form=HoldForm, hint=HOLD_HINT),
    RESUME_ORDER,
    MoveOption(CANCEL_ORDER, hint=_("Allocations are undone, and unpaid amounts are cancelled.")),
    WRITE_OFF_ORDER,
)
