"""Pages of the bank accounts of suppliers: enter one, confirm it by a phone call, retire it."""

from collections.abc import Callable

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext_lazy as _

from partners.http import AuthenticatedRequest
from procurement.suppliers.actions.bank_accounts import (
    call_again,
    confirm_account,
    propose_account,
    retire_account,
)
from procurement.suppliers.forms.bank_accounts import AccountForm, CallBackForm
from procurement.suppliers.models.bank_accounts import BankAccount
from procurement.suppliers.views.changes import propose_step
from procurement.suppliers.views.suppliers import find_supplier, show_or_record
from workflow import clock
from workflow.actors import Actor
from workflow.http.transition_views import TransitionView, reason_form, run_transition


@login_required
def add_account(request: AuthenticatedRequest, reference: str) -> HttpResponse:
    """Enter a bank account of a supplier."""
    thing, form = find_supplier(request, reference), AccountForm(request.POST or None)
    return show_or_record(
        request,
        thing,
        form,
        _("Enter an account"),
        lambda facts: propose_account(
            thing, proposed_by=request.user, by=request.by, at=clock.now(), **facts
        ),
    )


@login_required
def account(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Redirect to the supplier of a bank account."""
    return redirect(get_object_or_404(BankAccount.objects.visible_to(request.by), pk=pk).supplier)


@login_required
def account_move(request: AuthenticatedRequest, pk: int, verb: str) -> HttpResponse:
    """Confirm or retire a bank account."""
    return run_transition(
        request,
        get_object_or_404(BankAccount.objects.visible_to(request.by), pk=pk),
        verb,
        account_steps(request.by),
    )


CALLED = _("The company was called back on %(number)s.")


def _calling(action: Callable[..., BankAccount], verb: str, by: Actor) -> TransitionView:
    return TransitionView(
        lambda request, thing, called_back_on: action(
            thing, called_back_on=called_back_on, confirmed_by=request.user, by=request.by, at=clock.now()
        ),
        form=lambda data, thing: CallBackForm(data, thing, by),
        hint=_(
            "Ask the company for its account; do not read it to them. Payments wait two days after the call."
        ),
        template="suppliers/call_back.html",
        propose=lambda request, thing, called_back_on: propose_step(verb)(
            request, thing, reason=str(CALLED) % {"number": called_back_on}, called_back_on=called_back_on
        ),
    )


def account_steps(by: Actor) -> dict[str, TransitionView]:
    """Return the steps of a bank account for an actor, whose cities decide which numbers they may call."""
    return {
        "confirm": _calling(confirm_account, "confirm", by),
        "call_again": _calling(call_again, "call_again", by),
        "retire": TransitionView(
            lambda request, thing, reason: retire_account(
                thing, reason=reason, by=request.by, at=clock.now()
            ),
            form=reason_form,
            propose=propose_step("retire"),
        ),
    }
