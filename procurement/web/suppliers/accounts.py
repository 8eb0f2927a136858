"""Where a company wants to be paid: entering an account, confirming it by a call back, retiring it."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path
from django.utils.translation import gettext_lazy as _

from partners.visit import Visit
from partners.web.fields import CountryField
from procurement.suppliers.actions.accounts import (
    call_again,
    confirm_account,
    propose_account,
    retire_account,
)
from procurement.suppliers.models.account import BankAccount
from procurement.suppliers.models.fact import CompanyFact
from procurement.suppliers.rules.accounts import no_number, not_confirmed
from procurement.suppliers.rules.relying import cities_of
from procurement.web.suppliers.changes import proposing
from procurement.web.suppliers.companies import find, record_on
from workflow import clock
from workflow.actors import Actor
from workflow.doors import words
from workflow.doors.moving import Step, make, reason_form


class Account(forms.Form):
    """Where a company wants to be paid."""

    holder = forms.CharField(label=_("Account holder"), max_length=200)
    number = forms.CharField(label=_("Account number"), max_length=60)
    bank = forms.CharField(label=_("Bank"), max_length=200)
    country = CountryField(label=_("Country or region"))


class CalledBack(forms.Form):
    """The number that was called back: one of those that contacts confirmed, and that counts for whoever calls."""

    called_back_on = forms.ChoiceField(label=_("Number called back"), widget=forms.RadioSelect)

    def __init__(self, data: Any, account: BankAccount, by: Actor) -> None:
        super().__init__(data)
        company = account.supplier.current
        phones = CompanyFact.objects.confirmed_phones(company, cities_of(by)).order_by("pk")
        field = self.fields["called_back_on"]
        assert isinstance(field, forms.ChoiceField)  # declared above
        field.choices = list({one.value: _shown(one) for one in phones}.items())
        field.help_text = _("Only numbers that a contact confirmed, never the one in the letter.")
        wrong = not_confirmed(str((data or {}).get("called_back_on", "")), company)
        field.error_messages["invalid_choice"] = str(wrong.message).replace("%", "%%")  # Django fills it in
        if not field.choices:
            none = no_number(company)
            field.help_text = field.error_messages["required"] = str(none.message)


def _shown(phone: CompanyFact) -> str:
    return f"{phone.value} · {phone.get_how_display()} · {phone.said_by}, {words.day(phone.said_on)}"


@login_required
def add_account(request: Visit, reference: str) -> HttpResponse:
    """Enter where the company wants to be paid."""
    thing, form = find(request, reference), Account(request.POST or None)
    return record_on(
        request,
        thing,
        form,
        _("Enter an account"),
        lambda facts: propose_account(
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
        request,
        get_object_or_404(BankAccount.objects.visible_to(request.by), pk=pk),
        verb,
        account_steps(request.by),
    )


CALLED = _("The company was called back on %(number)s.")


def _calling(action: Callable[..., BankAccount], verb: str, by: Actor) -> Step:
    return Step(
        lambda request, thing, called_back_on: action(
            thing, called_back_on=called_back_on, confirmed_by=request.user, by=request.by, at=clock.now()
        ),
        form=lambda data, thing: CalledBack(data, thing, by),
        hint=_(
            "Ask the company for its account; do not read it to them. Payments wait two days after the call."
        ),
        template="suppliers/call_back.html",
        propose=lambda request, thing, called_back_on: proposing(verb)(
            request, thing, reason=str(CALLED) % {"number": called_back_on}, called_back_on=called_back_on
        ),
    )


def account_steps(by: Actor) -> dict[str, Step]:
    """The moves of an account, for whoever makes them: which numbers they may call depends on their cities."""
    return {
        "confirm": _calling(confirm_account, "confirm", by),
        "call_again": _calling(call_again, "call_again", by),
        "retire": Step(
            lambda request, thing, reason: retire_account(
                thing, reason=reason, by=request.by, at=clock.now()
            ),
            form=reason_form,
            propose=proposing("retire"),
        ),
    }


urlpatterns = [
    path("suppliers/<slug:reference>/accounts/new/", add_account, name="add_account"),
    path("accounts-of-companies/<int:pk>/", account, name="bank_account"),
    path("accounts-of-companies/<int:pk>/<slug:verb>/", account_move, name="bank_account_move"),
]
