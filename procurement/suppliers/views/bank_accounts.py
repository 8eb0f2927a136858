"""Pages of the bank accounts of suppliers: enter one, confirm it by a phone call, retire it."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext_lazy as _

from partners.authenticated_requests import AuthenticatedRequest
from procurement.suppliers.actions.bank_accounts import propose_account
from procurement.suppliers.forms.bank_accounts import BankAccountForm, CallBackForm
from procurement.suppliers.models.bank_accounts import BankAccount
from procurement.suppliers.rules.bank_accounts import CONFIRM_ACCOUNT, RECORD_CALLBACK, RETIRE_ACCOUNT
from procurement.suppliers.views.changes import propose_move
from procurement.suppliers.views.suppliers import find_supplier, show_form_or_run_action
from workflow import clock
from workflow.actors import Actor
from workflow.base_models import JournaledModel
from workflow.http.move_views import MoveOption, move_options, run_move
from workflow.moves import Move


@login_required
def add_account(request: AuthenticatedRequest, reference: str) -> HttpResponse:
    """Enter a bank account of a supplier."""
    thing, form = find_supplier(request, reference), BankAccountForm(request.POST or None)
    return show_form_or_run_action(
        request,
        thing,
        form,
        _("Enter an account"),
        lambda facts: propose_account(
            thing, proposed_by=request.user, by=request.by, at=clock.now(), **facts
        ),
    )


@login_required
def bank_account_redirect(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Redirect to the supplier of a bank account."""
    return redirect(get_object_or_404(BankAccount.objects.visible_to(request.by), pk=pk).supplier)


@login_required
def account_move(request: AuthenticatedRequest, pk: int, verb: str) -> HttpResponse:
    """Confirm or retire a bank account."""
    return run_move(
        request,
        get_object_or_404(BankAccount.objects.visible_to(request.by), pk=pk),
        verb,
        bank_account_move_options(request.by),
    )


CALLED_BACK_MESSAGE = _("The supplier was called back on %(number)s.")


def _propose_callback(
    request: AuthenticatedRequest, thing: BankAccount, verb: str, callback_number: str
) -> JournaledModel:
    reason = str(CALLED_BACK_MESSAGE) % {"number": callback_number}
    return propose_move(request, thing, verb, reason=reason, callback_number=callback_number)


def _callback_option(move: Move[BankAccount], by: Actor) -> MoveOption:
    return MoveOption(
        move,
        form=lambda data, thing: CallBackForm(data, thing, by),
        hint=_(
            "Ask the supplier to give its account number; do not read the number out. Payments are held for two days "
            "after the call."
        ),
        template="suppliers/callback_form.html",
        propose=_propose_callback,
    )


def bank_account_move_options(by: Actor) -> dict[str, MoveOption]:
    """Return the moves of a bank account with their forms; the actor's cities decide which numbers may be called."""
    return move_options(
        _callback_option(CONFIRM_ACCOUNT, by),
        _callback_option(RECORD_CALLBACK, by),
        MoveOption(RETIRE_ACCOUNT, propose=propose_move),
    )
