"""Forms of a supplier's bank accounts: enter one, and confirm it by a call back."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from partners.form_fields import CountryField
from procurement.suppliers.models.bank_accounts import BankAccount
from procurement.suppliers.models.facts import SupplierFact
from procurement.suppliers.rules.bank_accounts import no_confirmed_number_refusal, unconfirmed_number_refusal
from procurement.suppliers.rules.dependent_cities import actor_cities
from workflow.actors import Actor
from workflow.formatting import format_day


class BankAccountForm(forms.Form):
    """Form for the bank account that a supplier names."""

    holder = forms.CharField(label=_("Account holder"), max_length=200)
    number = forms.CharField(label=_("Account number"), max_length=60)
    bank = forms.CharField(label=_("Bank"), max_length=200)
    country = CountryField(label=_("Country or region"))


class CallBackForm(forms.Form):
    """Form for the phone number that was called to confirm an account.

    Offers only numbers that contacts confirmed and that count for the cities of the caller.
    """

    callback_number = forms.ChoiceField(label=_("Number called back"), widget=forms.RadioSelect)

    def __init__(self, data: Any, account: BankAccount, by: Actor) -> None:
        super().__init__(data)
        company = account.supplier.current_row
        phones = SupplierFact.objects.confirmed_phones(company, actor_cities(by)).order_by("pk")
        field = self.fields["callback_number"]
        assert isinstance(field, forms.ChoiceField)  # declared above
        field.choices = list({one.value: _phone_label(one) for one in phones}.items())
        field.help_text = _(
            "Only numbers confirmed by a contact are listed; the number in the letter is never used."
        )
        wrong = unconfirmed_number_refusal(str((data or {}).get("callback_number", "")), company)
        field.error_messages["invalid_choice"] = str(wrong.message).replace("%", "%%")  # Django formats it
        if not field.choices:
            none = no_confirmed_number_refusal(company)
            field.help_text = field.error_messages["required"] = str(none.message)


def _phone_label(phone: SupplierFact) -> str:
    return f"{phone.value} · {phone.get_how_display()} · {phone.stated_by}, {format_day(phone.stated_on)}"
