"""Moves on an order's page: its terms, its bank account, its approval, and its end."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _

from partners.http import AuthenticatedRequest
from procurement.orders.actions.approve import (
    accept_donation,
    approve_order,
    mark_ready,
    override_blockers,
    place_order,
    record_confirmation,
    return_to_author,
    submit_order,
)
from procurement.orders.actions.close import (
    cancel_order,
    complete_order,
    decline_donation,
    thank_donor,
    write_off_order,
)
from procurement.orders.actions.create import choose_account, edit_order
from procurement.orders.forms import ChooseAccountForm, OrderFactsForm, PromisedDateForm, SharesForm
from procurement.orders.payments.actions import divide_payments
from procurement.orders.views.orders import find_order
from workflow import clock
from workflow.http.transition_views import TransitionView, reason_form, run_transition


@login_required
def order_move(request: AuthenticatedRequest, reference: str, verb: str) -> HttpResponse:
    """Show the form of a move on an order, or make the move."""
    return run_transition(request, find_order(request, reference), verb, STEPS)


def _plain(action: Any, hint: Any = "") -> TransitionView:
    return TransitionView(lambda request, thing: action(thing, by=request.by, at=clock.now()), hint=hint)


def _reason(action: Any, hint: Any = "") -> TransitionView:
    return TransitionView(
        lambda request, thing, reason: action(thing, reason=reason, by=request.by, at=clock.now()),
        form=reason_form,
        hint=hint,
    )


def _with(action: Any, form: Any) -> TransitionView:
    return TransitionView(
        lambda request, thing, **facts: action(thing, by=request.by, at=clock.now(), **facts), form=form
    )


STEPS = {
    "edit": _with(edit_order, OrderFactsForm),
    "share": _with(divide_payments, SharesForm),
    "use_account": _with(choose_account, ChooseAccountForm),
    "submit": _plain(submit_order),
    "return": _reason(return_to_author),
    "override": _reason(
        override_blockers, _("Your name and your reason stand in the record, and in the decision memo.")
    ),
    "approve": _plain(approve_order),
    "place": _plain(place_order),
    "confirm": _with(record_confirmation, lambda data, thing: PromisedDateForm(data)),
    "accept": _plain(accept_donation),
    "decline": _reason(decline_donation),
    "ready": _plain(mark_ready),
    "complete": _plain(complete_order),
    "thank": _plain(thank_donor),
    "cancel": _reason(
        cancel_order, _("What was allocated is given back, and what is not paid is called off.")
    ),
    "lose": _reason(write_off_order),
}
