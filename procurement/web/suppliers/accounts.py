"""Where a company wants to be paid: entering an account, confirming it by a call back, retiring it."""

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path
from django.utils.translation import gettext_lazy as _

from partners.visit import Visit
from partners.web.fields import CountryField
from procurement.suppliers import actions
from procurement.suppliers.models import BankAccount
from procurement.web.suppliers.companies import find, record_on
from workflow import clock
from workflow.doors.moving import Step, make, reason_form


class Account(forms.Form):
    """Where a company wants to be paid."""

    holder = forms.CharField(label=_("Account holder"), max_length=200)
    number = forms.CharField(label=_("Account number"), max_length=60)
    bank = forms.CharField(label=_("Bank"), max_length=200)
    country = CountryField(label=_("Country or region"))


class CalledBack(forms.Form):
    """The number that was called back."""

    called_back_on = forms.CharField(
        label=_("Number called back"),
        max_length=60,
        help_text=_("One that a contact confirmed, never the one in the letter."),
    )


@login_required
def add_account(request: Visit, reference: str) -> HttpResponse:
    """Enter where the company wants to be paid."""
    thing, form = find(request, reference), Account(request.POST or None)
    return record_on(
        request,
        thing,
        form,
        _("Enter an account"),
        lambda facts: actions.propose_account(
            thing, proposed_by=request.user, by=request.by, at=clock.now(), **facts
        ),
    )


@login_required
def account(request: Visit, pk: int) -> HttpResponse:
    """An account stands on its company's page."""
    return redirect(get_object_or_404(BankAccount.objects.visible_to(request.by), pk=pk).supplier)


@login_required
def account_move(request: Visit, pk: int, verb: str) -> HttpResponse:
    """Confirm or retire an account."""
    return make(
        request, get_object_or_404(BankAccount.objects.visible_to(request.by), pk=pk), verb, ACCOUNT_STEPS
    )


ACCOUNT_STEPS = {
    "confirm": Step(
        lambda request, thing, called_back_on: actions.confirm_account(
            thing, called_back_on=called_back_on, confirmed_by=request.user, by=request.by, at=clock.now()
        ),
        form=lambda data, thing: CalledBack(data),
    ),
    "retire": Step(
        lambda request, thing, reason: actions.retire_account(
            thing, reason=reason, by=request.by, at=clock.now()
        ),
        form=reason_form,
    ),
}


urlpatterns = [
    path("suppliers/<slug:reference>/accounts/new/", add_account, name="add_account"),
    path("accounts-of-companies/<int:pk>/", account, name="bank_account"),
    path("accounts-of-companies/<int:pk>/<slug:verb>/", account_move, name="bank_account_move"),
]
